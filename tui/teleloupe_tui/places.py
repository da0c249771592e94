"""From the place of an issue to the record it lies in."""

from __future__ import annotations

import re

from teleloupe.model import Document

_NUMBER = re.compile(r"\d+")
_HEADER_LINES = 2  # a record's line is at most so far behind its number: counting from one, after a header


def record_of(document: Document, at: str) -> int | None:
    """The number of the record that a place lies in; None when it lies in none."""
    for match in _NUMBER.finditer(at):
        written = int(match[0])
        for index in range(max(0, written - _HEADER_LINES), min(written + 1, len(document.records))):
            place = document.record_at(index)
            if at == place or at.startswith((f"{place}/", f"{place} ")):
                return index
    return None
