"""What a reader may mean by a place: a record's number, a line, a JSON Pointer, or a part of a file's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from teleloupe.model import Document
from teleloupe.safe import safe
from teleloupe_tui.cells import number

MOST_FILES = 300  # of a list; typing more brings up the others
FORMS = (
    "120             the record of that number",
    ":57             the line of that number, in the text",
    "/records/3/seed the place of that JSON Pointer",
    "compo exp       files by parts of the name, or by its letters",
)
_NUMBER = re.compile(r"\d{1,15}")
_LINE = re.compile(r":(\d{1,15})")


class Target(Struct, frozen=True):
    """Where to go: to a record or line (from 0), to a place, or to a file; and how the list calls it."""

    kind: Literal["record", "line", "place", "file"]
    path: str
    text: str
    number: int = 0
    at: str = ""


def targets(wanted: str, document: Document | None, paths: Iterable[str]) -> list[Target]:
    """What fits, the likeliest first; numbers, lines and pointers are those of the selected document."""
    wanted = wanted.strip()
    found = list(_inside(wanted, document)) if document else []
    ranked = sorted((rank, path) for path in paths if (rank := closeness(wanted, path)) is not None)
    return found + [Target("file", path, safe(path)) for _, path in ranked[:MOST_FILES]]


def closeness(wanted: str, path: str) -> tuple[int, int, int] | None:
    """How well a part of a name fits a path, the smaller the better; None when it does not.

    Every word has to be in the path: at the start of the name, in the name, in the path, or as letters of the name.
    """
    ranks = [_closeness(word, path.lower()) for word in wanted.lower().split()]
    if not ranks or None in ranks:
        return None
    worst, far = max(rank for rank in ranks if rank is not None)
    return worst, far, len(path)


def _closeness(word: str, path: str) -> tuple[int, int] | None:
    name = path.rpartition("/")[2]
    if (at := name.find(word)) >= 0:
        return (0 if at == 0 else 1), at
    if (at := path.find(word)) >= 0:
        return 2, at
    spread = _spread(word, name)
    return None if spread is None else (3, spread)


def _spread(word: str, text: str) -> int | None:
    """Over how many characters the letters of a word are spread in a text, in their order."""
    at = first = text.find(word[0])
    for letter in word[1:]:
        at = text.find(letter, at + 1) if at >= 0 else -1
    return at - first if at >= 0 else None


def _inside(wanted: str, document: Document) -> Iterator[Target]:
    name = safe(document.name)
    if _NUMBER.fullmatch(wanted):
        row, count = int(wanted) - 1, len(document.records)
        if 0 <= row < count:
            yield Target("record", document.path, f"record {number(row + 1)} of {number(count)} in {name}", row)
    elif line := _LINE.fullmatch(wanted):
        row = max(int(line[1]) - 1, 0)
        yield Target("line", document.path, f"line {number(row + 1)} of {name}", row)
    elif wanted.startswith("/"):
        yield Target("place", document.path, f"{safe(wanted)} in {name}", at=wanted)
