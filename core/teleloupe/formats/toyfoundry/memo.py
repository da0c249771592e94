"""Remembers what was found among documents that are still the same objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from teleloupe.model import Document

LIMIT = 4096  # findings that are remembered; beyond, all are forgotten and found again

Involved = tuple[Document | None, ...]
Found = TypeVar("Found")


class Memo(Generic[Found]):
    """The last finding of each relation about each document, and the documents it was made of.

    Documents never change, so a finding holds as long as the very same ones are asked about.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[Involved, Found]] = {}

    def get(self, relation: str, find: Callable[..., Found], *involved: Document | None) -> Found:
        """What `find` gives for these documents; the first of them is the one that it is about."""
        subject = involved[0]
        key = (relation, subject.path if subject else "")
        known = self._found.get(key)
        if known and len(known[0]) == len(involved) and all(map(_is_same, known[0], involved)):
            return known[1]
        if len(self._found) >= LIMIT:
            self._found.clear()
        found = find(*involved)
        self._found[key] = (involved, found)
        return found


def _is_same(one: Document | None, other: Document | None) -> bool:
    return one is other
