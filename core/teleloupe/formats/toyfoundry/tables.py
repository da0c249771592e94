"""CSV exports of the three kinds, cell by cell (Toyfoundry specification, sections 2.6 and 8)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from teleloupe import text
from teleloupe.formats import document_of
from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.detection import kind_of_header
from teleloupe.formats.toyfoundry.fields import FieldFault, record_faults
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.legacy import COLUMNS, age_issue
from teleloupe.formats.toyfoundry.reading import encoding_issues, shown
from teleloupe.formats.toyfoundry.shapes import DURATION_LIMIT_MS, FIELDS, RECORD_COLUMNS, RITUALS, STATUSES, Record
from teleloupe.model import Blob, Detection, Document

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,4299}", re.ASCII)
_INTEGERS = ("units_processed", "duration_ms")


class Row(Struct, frozen=True):
    """A row of a table: its first and last line, from 1, and its cells; none for a blank line."""

    line: int
    last_line: int
    cells: list[str]


class TableBody(Struct, frozen=True):
    """What later checks need: the header as it is, and whether it is one of this kind's.

    `misfits` are the numbers, from 0, of records whose row has more or fewer cells than the header.
    """

    header: tuple[str, ...]
    is_comparable: bool
    misfits: frozenset[int]


def parse_table(blob: Blob, detection: Detection) -> Document:
    """The document of a CSV export, with every issue that it has on its own."""
    decoded = text.decode(blob.data)
    findings = Findings(encoding_issues(decoded) if decoded.mark != "utf-8" else ())
    lines = _LINE.findall(decoded.text)
    every_row = list(_rows(lines, findings))
    rows = [row for row in every_row if row.cells]
    kind = detection.kind
    if not rows:
        findings.add(rules.CSV_EMPTY.issue("", "the table has not even a header", expected=",".join(FIELDS)))
    elif kind == "export-csv":
        _judge_header(every_row[0], rows[0], decoded, findings)
    if kind != "export-csv":
        findings.add(age_issue(kind))
    _judge_line_ends(lines, every_row, findings)
    header = tuple(rows[0].cells) if rows else ()
    read = _exports if kind == "export-csv" and header == FIELDS else _mappings
    records = [read(row, header, findings) for row in rows[1:]]
    misfits = frozenset(number for number, row in enumerate(rows[1:]) if len(row.cells) != len(header))
    return document_of(
        blob,
        "toyfoundry",
        detection,
        records=records,
        columns=RECORD_COLUMNS if kind == "export-csv" else COLUMNS[kind],
        issues=findings.issues(),
        record_at=_places([row.line for row in rows[1:]]),
        body=TableBody(header, kind_of_header(list(header)) == kind, misfits),
        is_complete=not blob.fault,
    )


def _places(lines: list[int]) -> Any:
    def place(index: int) -> str:
        return f"line {lines[index]}"

    return place


def _rows(lines: list[str], findings: Findings) -> Iterator[Row]:
    """The rows, blank ones too; a row may run over several lines."""
    reader, line = csv.reader(lines), 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            findings.add(rules.CSV_CELL.issue(f"line {line}", f"the row cannot be read: {fault}"))
            cells = []
        yield Row(line, reader.line_num, cells)
        line = reader.line_num + 1


def _judge_header(first: Row, header: Row, decoded: text.Text, findings: Findings) -> None:
    """The header has to be the first row; what follows it is read under its names all the same."""
    expected, cells = ",".join(FIELDS), header.cells
    if decoded.mark == "utf-8":
        words = "a byte order mark stands before the header, which hides the name of the first column; save it without"
    elif not first.cells:
        words = "a blank line stands before the header, where the validator looks for it"
    elif tuple(cells) == FIELDS:
        return
    elif sorted(cells) == sorted(FIELDS):
        words = "the columns are in another order than the contract's"
    else:
        words = "the header is not that of an export"
    findings.add(rules.CSV_HEADER.issue(f"line {first.line}", words, expected=expected, actual=shown(",".join(cells))))


def _judge_line_ends(lines: list[str], rows: list[Row], findings: Findings) -> None:
    """The ends of rows; those inside a quoted cell belong to its value."""
    odd = [row.last_line for row in rows if lines[row.last_line - 1].endswith(("\n", "\r"))]
    odd = [number for number in odd if not lines[number - 1].endswith("\r\n")]
    if odd:
        told = "LF" if len(odd) == len(rows) else "mixed"
        words = f"line ends are {told}; the loom writes CRLF on every platform"
        findings.add(rules.CSV_EOL.issue(f"line {odd[0]}", words, expected="CRLF", actual=told, count=len(odd)))
    if len(rows) > 1 and not rows[-1].cells:
        findings.add(rules.CSV_TRAILING_BLANK.issue(f"line {rows[-1].line}", "a blank line ends the table"))


def _exports(row: Row, _header: tuple[str, ...], findings: Findings) -> Record | dict[str, Any]:
    """An export record where every cell is as it should be, else the cells as they are."""
    cells = row.cells
    if len(cells) == len(FIELDS) and (record := _record(cells)):
        return record
    found = _mappings(row, FIELDS, findings)
    if len(cells) == len(FIELDS):
        for fault in _cell_faults(found):
            at = f"line {row.line} /{fault.field}"
            findings.add(rules.CSV_CELL.issue(at, fault.message, expected=fault.expected, actual=fault.actual))
    return found


def _mappings(row: Row, header: tuple[str, ...], findings: Findings) -> dict[str, Any]:
    """The cells under the names of the header."""
    cells = row.cells
    if len(cells) != len(header):
        words = f"the row has {len(cells)} cells under a header of {len(header)}"
        at, counts = f"line {row.line}", (str(len(header)), str(len(cells)))
        findings.add(rules.CSV_ROW_WIDTH.issue(at, words, expected=counts[0], actual=counts[1]))
    return dict(zip(header, cells, strict=False))


def _record(cells: list[str]) -> Record | None:
    version, batch_id, ritual, units, status, duration = cells
    if version != "1.0" or ritual not in RITUALS or status not in STATUSES or not batch_id.strip():
        return None
    if not _INTEGER.fullmatch(units) or not _INTEGER.fullmatch(duration):
        return None
    units_processed, duration_ms = int(units), int(duration)
    if units_processed <= 0 or not 0 <= duration_ms <= DURATION_LIMIT_MS:
        return None
    return Record(batch_id, ritual, status, units_processed, duration_ms, version)  # type: ignore[arg-type]  # proven


def _cell_faults(cells: dict[str, Any]) -> Iterator[FieldFault]:
    """The faults of a row, its integers read as such where they are plain decimal text."""
    values = dict(cells)
    for field in _INTEGERS:
        if not _INTEGER.fullmatch(cells[field]):
            words = f"{field} is {shown(cells[field]) or 'empty'}, which is no plain decimal integer"
            yield FieldFault(rules.CSV_CELL, field, words, "integer", shown(cells[field]))
            values[field] = 1
        else:
            values[field] = int(cells[field])
    yield from record_faults(values)
