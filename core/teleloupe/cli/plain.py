"""Tables as aligned plain text, for terminals, pipes and screen readers."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from teleloupe.model import Table
from teleloupe.safe import cell

MAX_CELL = 120  # wider cells are cut with an ellipsis: a line stays a line


def width(text: str) -> int:
    """Terminal cells that a text takes: wide East Asian characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def fitted(text: str, cells: int) -> str:
    """The text in at most so many cells, the last of them an ellipsis where something was cut."""
    if width(text) <= cells:
        return text
    kept, used = [], 0
    for character in text:
        used += _character_width(character)
        if used > cells - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def lines(table: Table) -> list[str]:
    """A header line and one line a row; numbers to the right, the last column as long as it is."""
    columns = table.columns
    cells = [[cell(column.get(row)) for column in columns] for row in table.rows]
    cells = [[fitted(text, MAX_CELL) for text in row[:-1]] + row[-1:] for row in cells]
    widths = [max((width(row[at]) for row in cells), default=0) for at in range(len(columns))]
    widths = [max(found, len(column.name)) for found, column in zip(widths, columns, strict=True)]
    rights = [column.is_numeric for column in columns]
    return [_line([column.name for column in columns], widths, rights), *(_line(row, widths, rights) for row in cells)]


def _line(cells: Sequence[str], widths: Sequence[int], rights: Sequence[bool]) -> str:
    padded = [
        " " * (size - width(text)) + text if is_right else text + " " * (size - width(text))
        for text, size, is_right in zip(cells, widths, rights, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
