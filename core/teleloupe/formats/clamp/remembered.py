"""What is worked out of single documents, kept as long as their files do not change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from teleloupe.model import Document

LIMIT = 8192  # files that are remembered; beyond, all are forgotten and worked out again

Found = TypeVar("Found")


class Remembered(Generic[Found]):
    """A function of a document that asks again only when a path has another document than last time."""

    def __init__(self, find: Callable[[Document], Found]) -> None:
        self._find = find
        self._known: dict[str, tuple[Document, Found]] = {}

    def __call__(self, document: Document) -> Found:
        """What was found of this document, or is now."""
        known = self._known.get(document.path)
        if known is not None and known[0] is document:
            return known[1]
        if len(self._known) >= LIMIT:
            self._known.clear()
        found = self._find(document)
        self._known[document.path] = document, found
        return found
