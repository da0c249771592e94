"""Which documents a look at a directory is about."""

from __future__ import annotations

from teleloupe.model import Document


def prefix_of(directory: Document) -> str:
    """What the paths of all files in and below a directory begin with."""
    return "" if directory.path in ("", ".") else f"{directory.path}/"
