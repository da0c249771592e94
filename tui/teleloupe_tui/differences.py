"""A comparison as tables: record by record, line by line, byte by byte; and one row of them in full."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct, structs

from teleloupe.detail import FIELDS, Field
from teleloupe.diff.comparison import Comparison
from teleloupe.diff.records import ABSENT, FieldChange, RecordChange, builtins
from teleloupe.model import Column, Document, Place, Table, Verdict
from teleloupe.safe import cell, safe
from teleloupe_tui import byte_views, cells, line_views
from teleloupe_tui.byte_views import Span, hexed, letters
from teleloupe_tui.keys import spelt
from teleloupe_tui.line_views import LineRow, LineSet
from teleloupe_tui.runs import Runs

SIGNS = {"changed": "~", "removed": "-", "added": "+", "moved": ">"}
COUNTS = (("changed", "~"), ("removed", "-"), ("added", "+"), ("moved", ">"), ("same", "="))
SHOWN_LINES = 400  # of one value, pretty-printed
_ARROW = " -> "


class Diff(Struct, frozen=True, eq=False):
    """What the screen of differences shows: two versions, what each is called, and the claim that led here."""

    comparison: Comparison
    name: str
    sides: tuple[str, str]
    path: str | None = None
    sha256: str = ""
    verdict: Verdict | None = None

    @property
    def lines(self) -> LineSet:
        """Both versions line by line; made when first asked for, which takes a while where there are many."""
        return _line_set(self)

    @property
    def size(self) -> int:
        """How many bytes were compared."""
        return len(self.comparison.before_data) + len(self.comparison.after_data)

    @property
    def before(self) -> bytes:
        """The earlier bytes."""
        return self.comparison.before_data


class RecordRow(Struct, frozen=True):
    """A field that differs, a record that came, went or moved, or how the encoding changed (≈); = is equal."""

    sign: str
    key: str
    field: str
    before: Any
    after: Any
    place: str = ""


def made(comparison: Comparison, name: str, sides: tuple[str, str], **about: Any) -> Diff:
    """The comparison for the screen; where no records are known, its lines are aligned at once."""
    found = Diff(comparison, name, sides, **about)
    if not comparison.is_understood:
        _line_set(found)
    return found


@lru_cache(maxsize=6)
def table(diff: Diff, form: str) -> Table:
    """The rows of a view: `record`, `lines` or `bytes`; a `+` behind it keeps what is equal."""
    view, has_all = form.removesuffix("+"), form.endswith("+")
    if view == "lines":
        return _table(diff, line_views.LINES, line_views.line_rows(diff.lines, has_all=has_all))
    if view == "bytes":
        return _table(diff, byte_views.BYTES, byte_rows(diff, 8, has_all=has_all))
    rows = list(_record_rows(diff.comparison, has_all=has_all))
    return structs.replace(_table(diff, RECORDS, rows), locate=lambda index: Place(diff.path or "", rows[index].place))


def byte_rows(diff: Diff, width: int, *, has_all: bool) -> Runs:
    """Both sides in rows of so many bytes."""
    sides = diff.comparison.before_data, diff.comparison.after_data
    return byte_views.byte_rows(sides, _spans(diff), width, has_all=has_all)


def counts(comparison: Comparison) -> list[tuple[str, int]]:
    """How many header fields and records were changed, removed, added, moved and are the same, by sign."""
    found = comparison.changes.counts()
    for change in comparison.changes.header:
        found[change.kind] += 1
    found["same"] += len(list(_equal_fields(comparison.changes.header, comparison.later))) if comparison.later else 0
    return [(sign, found[kind]) for kind, sign in COUNTS if found[kind]]


def order(form: str) -> str:
    """The views with the present one in brackets, and how much of it is shown."""
    view = form.removesuffix("+")
    names = " ".join(f"[{name}]" if name == view else name for name in ("record", "lines", "bytes"))
    return f"{names} · {'all' if form.endswith('+') else 'only changes'}"


def account(diff: Diff, row: Any) -> Table:
    """A row in full."""
    rows = list(_account(diff, row))
    return Table(diff.name, FIELDS, rows, lambda index: Place(diff.path or "", rows[index].at), len(rows))


def _table(diff: Diff, columns: tuple[Column, ...], rows: Sequence[Any]) -> Table:
    return Table(diff.name, columns, rows, lambda _index: Place(diff.path or ""), len(rows))


@lru_cache(maxsize=2)
def _line_set(diff: Diff) -> LineSet:
    return line_views.line_set(diff.comparison.before_data, diff.comparison.after_data)


@lru_cache(maxsize=2)
def _spans(diff: Diff) -> tuple[Span, ...]:
    return byte_views.spans(diff.comparison.before_data, diff.comparison.after_data, diff.lines)


# records


def _record_rows(comparison: Comparison, *, has_all: bool) -> Iterator[RecordRow]:
    """Encoding first, then header fields, then records."""
    for remark in comparison.encoding:
        what, _, said = remark.partition(": ")
        before, arrow, after = said.partition(_ARROW)
        yield RecordRow("≈", "", what, before if arrow else None, after if arrow else said)
    header, later = comparison.changes.header, comparison.later
    yield from (_field_row(change, "", change.at) for change in header)
    if has_all and later:
        yield from _equal_fields(header, later)
    for change in _with_equal(comparison, later) if has_all and later else comparison.changes.records:
        yield from [change] if isinstance(change, RecordRow) else _of_record(change, later)
    if not has_all and later:
        yield from _hidden(comparison, later)


def _of_record(change: RecordChange, later: Document | None) -> Iterator[RecordRow]:
    place = later.record_at(change.after) if later and change.after is not None else ""
    key = change.key or _ordinal(change)
    if change.is_moved or not change.fields:
        before = (
            change.value if change.kind == "removed" else _record_number(change.before) if change.is_moved else ABSENT
        )
        after = change.value if change.kind == "added" else _record_number(change.after) if change.is_moved else ABSENT
        yield RecordRow(">" if change.is_moved else SIGNS[change.kind], key, "", before, after, place)
    yield from (_field_row(field, key, f"{place}{field.at}") for field in change.fields)


def _field_row(change: FieldChange, key: str, place: str) -> RecordRow:
    return RecordRow(SIGNS[change.kind], key, change.at.removeprefix("/"), change.before, change.after, place)


def _equal_fields(header: Sequence[FieldChange], later: Document) -> Iterator[RecordRow]:
    touched = {change.at.split("/")[1] if change.at else "" for change in header}
    for name, value in later.header.items():
        if name.replace("~", "~0").replace("/", "~1") not in touched:
            yield RecordRow("=", "", name, builtins(value), builtins(value), f"/{name}")


def _with_equal(comparison: Comparison, later: Document) -> Iterator[RecordChange | RecordRow]:
    """The changes of records with the equal ones between them."""
    changed = {change.after for change in comparison.changes.records if change.after is not None}
    at = 0
    for change in comparison.changes.records:
        if change.after is not None:
            yield from _equal(later, at, change.after, changed)
            at = change.after + 1
        yield change
    yield from _equal(later, at, len(later.records), changed)


def _hidden(comparison: Comparison, later: Document) -> Iterator[RecordRow]:
    """What is equal and not shown, in a row."""
    fields = [row.field for row in _equal_fields(comparison.changes.header, later)]
    names = ", ".join(fields[:4]) + (f" and {len(fields) - 4} more" if len(fields) > 4 else "")
    said = [f"{cells.amount(len(fields), 'field')} ({names})"] if fields else []
    said += [cells.amount(comparison.changes.same, "record")] if comparison.changes.same else []
    if said:
        yield RecordRow("⋯", "", "equal", " and ".join(said), f"{spelt('equal')} shows them")


def _equal(later: Document, start: int, end: int, changed: set[int]) -> Iterator[RecordRow]:
    for index in range(start, end):
        if index not in changed:
            record = builtins(later.records[index])
            yield RecordRow("=", f"record {index + 1}", "", record, record, later.record_at(index))


def _ordinal(change: RecordChange) -> str:
    index = change.after if change.after is not None else change.before
    return f"record {(index or 0) + 1}"


def _record_number(index: int | None) -> str:
    return "" if index is None else f"record {index + 1}"


RECORDS = (
    Column("kind", lambda row: row.sign, doc="~ changed, - removed, + added, > moved, ≈ encoding, = equal"),
    Column("record", lambda row: row.key, doc="the record by its key, or the header"),
    Column("field", lambda row: row.field, doc="the field, nested ones by their path"),
    Column("before", lambda row: None if row.before is ABSENT else row.before, doc="the earlier value", type="json"),
    Column("after", lambda row: None if row.after is ABSENT else row.after, doc="the later value", type="json"),
)


# one row in full


def _account(diff: Diff, row: Any) -> Iterator[Field]:
    words = {sign: kind for kind, sign in COUNTS} | {"≈": "only the encoding differs", "⋯": "equal, left out"}
    yield _row("kind", words.get(row.sign, row.sign))
    if isinstance(row, RecordRow):
        if row.key:
            yield _row("record", row.key)
        if row.field:
            yield _row("encoding" if row.sign == "≈" else "field", row.field)
        if row.sign == "=":
            yield from _value("both", row.after)
            return
        yield from _value(diff.sides[0], row.before)
        yield from _value(diff.sides[1], row.after)
    elif isinstance(row, LineRow):
        numbers = [f"{side} line {at}" for side, at in zip(diff.sides, (row.before, row.after), strict=True) if at]
        yield _row("where", ", ".join(numbers) or "between")
        yield _row("text", row.text)
    else:
        for side, at, data in zip(
            diff.sides, (row.before, row.after), (row.before_bytes, row.after_bytes), strict=True
        ):
            yield _row(
                side, "(absent)" if at is None else f"offset {at} (hex {at:x}), {cells.amount(len(data), 'byte')}"
            )
            if data:
                yield _row("", f"{hexed(data)}  {letters(data)}")


def _value(name: str, value: Any) -> Iterator[Field]:
    if value is ABSENT or value is None:
        yield _row(name, "(absent)" if value is ABSENT else "null")
        return
    if not isinstance(value, dict | list):
        yield _row(name, cell(value))
        return
    lines = json.dumps(value, indent=2, ensure_ascii=False, default=str).split("\n")
    for number, line in enumerate(lines[:SHOWN_LINES]):
        yield _row("" if number else name, safe(line))


def _row(name: str, value: str) -> Field:
    return Field(name, value, "", "", None, "")
