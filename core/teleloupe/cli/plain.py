"""Tables as aligned plain text, for terminals, pipes and screen readers."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from teleloupe.cli.color import Tones, painted
from teleloupe.model import Table
from teleloupe.safe import cell, safe

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


def lines(table: Table, tones: Tones | None = None) -> list[str]:
    """A header line and one line a row; numbers to the right, the last column as long as it is.

    `tones` gives cells the colour of what their value stands for.
    """
    columns = table.columns
    titles = [safe(column.name) for column in columns]
    cells = [[cell(column.get(row)) for column in columns] for row in table.rows]
    cells = [[fitted(text, MAX_CELL) for text in row[:-1]] + row[-1:] for row in cells]
    widths = [max((width(row[at]) for row in cells), default=0) for at in range(len(columns))]
    widths = [max(found, width(title)) for found, title in zip(widths, titles, strict=True)]
    rights = [column.is_numeric for column in columns]
    head = _padded(titles, widths, rights)
    body = [_padded(row, widths, rights) for row in cells]
    if tones:
        body = [_toned(line, row, table, tones) for line, row in zip(body, table.rows, strict=True)]
    return ["  ".join(line).rstrip() for line in (head, *body)]


def _padded(cells: Sequence[str], widths: Sequence[int], rights: Sequence[bool]) -> list[str]:
    return [
        " " * (size - width(text)) + text if is_right else text + " " * (size - width(text))
        for text, size, is_right in zip(cells, widths, rights, strict=True)
    ]


def _toned(cells: Sequence[str], row: Any, table: Table, tones: Tones) -> list[str]:
    """A line's cells, the telling ones painted; the padding stays as it is."""
    toned = []
    for text, column in zip(cells, table.columns, strict=True):
        severity = tones[column.name](column.get(row)) if column.name in tones else None
        word = text.strip()
        toned.append(text.replace(word, painted(word, severity), 1) if severity and word else text)
    return toned


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
