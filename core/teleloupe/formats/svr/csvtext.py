"""CSV as the format has it: rows of events in fixed columns, written by hand, read leniently (section 10)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from teleloupe.formats.svr.amounts import is_number, text_of
from teleloupe.formats.svr.canonical import canonical_json
from teleloupe.formats.svr.vocabulary import FULL_COLUMNS, TIMELINE_COLUMNS

PROFILES = {"timeline": TIMELINE_COLUMNS, "full": FULL_COLUMNS}
_NEEDS_QUOTES = re.compile(r'[,"\r\n]')
_PLAIN_END = re.compile(r"[,\r\n]")
_QUOTED_CELL = re.compile(r'"((?:[^"]++|"")*+)"')  # possessive: a doubled quote never ends a cell


class CsvTable(Struct, frozen=True, eq=False):
    """What a CSV text holds: header cells, rows of cells, whether a quote stays open, whether a CR occurs."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_open: bool
    has_carriage_returns: bool


def cell(value: Any) -> str:
    """A value as the export writes it; null and absent are empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return text_of(value) if is_number(value) else canonical_json(value)


def event_row(element: Any, columns: Iterable[str]) -> tuple[str, ...]:
    """The cells of an array element; one that is no object has only empty ones."""
    fields: Mapping[str, Any] = element if isinstance(element, dict) else {}
    return tuple(cell(fields.get(column)) for column in columns)


def event_csv(elements: Iterable[Any], profile: str) -> bytes:
    """The timeline or full export: one row an array element, in file order."""
    columns = PROFILES[profile]
    return csv_bytes(columns, (event_row(element, columns) for element in elements))


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Header and rows in UTF-8, LF after every line; a cell is quoted only where it must be."""
    text = "".join(f"{','.join(map(_quoted, row))}\n" for row in (columns, *rows))
    return text.encode("utf-8", "surrogatepass")


def read_csv(text: str) -> CsvTable:
    """Take a CSV text apart; CR, LF and CRLF end lines, empty lines at the end are left out."""
    rows: list[tuple[str, ...]] = []
    is_open = False
    for row, row_is_open in _rows(text):
        rows.append(row)
        is_open = row_is_open
    while rows and rows[-1] == ("",):
        rows.pop()
    header = rows[0] if rows else ()
    return CsvTable(header, tuple(rows[1:]), is_open, "\r" in text)


def _quoted(text: str) -> str:
    if not _NEEDS_QUOTES.search(text):
        return text
    return f'"{text.replace(chr(34), chr(34) * 2)}"'


def _rows(text: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The rows of a text, each with whether it ends inside an open quote."""
    at, end, cells = 0, len(text), list[str]()
    while at < end or cells:
        content, at, is_open = _cell(text, at)
        cells.append(content)
        if is_open or at >= end:
            yield tuple(cells), is_open
            return
        if text[at] == ",":
            at += 1
            continue
        at += 2 if text.startswith("\r\n", at) else 1
        yield tuple(cells), False
        cells = []


def _cell(text: str, at: int) -> tuple[str, int, bool]:
    """The cell at an offset, the offset of what ends it, and whether its quote stays open."""
    parts: list[str] = []
    if text.startswith('"', at):
        match = _QUOTED_CELL.match(text, at)
        if match is None:
            return text[at + 1 :].replace('""', '"'), len(text), True
        parts.append(match[1].replace('""', '"'))
        at = match.end()
    stop = _PLAIN_END.search(text, at)
    after = stop.start() if stop else len(text)
    parts.append(text[at:after])
    return "".join(parts), after, False
