"""Remembers what was found among documents that are still the same objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from teleloupe.model import Document, Issue

LIMIT = 4096  # findings that are remembered; beyond, all are forgotten and found again

Involved = tuple[Document | None, ...]


class Memo:
    """The last finding of each relation about each document, and the documents it was made of.

    Documents never change, so a finding holds as long as the very same ones are asked about.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[Involved, Sequence[Issue]]] = {}

    def get(self, relation: str, find: Callable[..., Sequence[Issue]], *involved: Document | None) -> Sequence[Issue]:
        """The issues that `find` gives for these documents; the first of them is the one that is blamed."""
        blamed = involved[0]
        key = (relation, blamed.path if blamed else "")
        known = self._found.get(key)
        if known and len(known[0]) == len(involved) and all(map(_is_same, known[0], involved)):
            return known[1]
        if len(self._found) >= LIMIT:
            self._found.clear()
        issues = find(*involved)
        self._found[key] = (involved, issues)
        return issues


def _is_same(one: Document | None, other: Document | None) -> bool:
    return one is other
