"""A comparison as tables: record by record, line by line with visible line ends, byte by byte side by side."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, overload

from msgspec import Struct, structs

from teleloupe.detail import FIELDS, Field
from teleloupe.diff.comparison import Comparison
from teleloupe.diff.lines import Block, compare
from teleloupe.diff.records import ABSENT, FieldChange, RecordChange, builtins
from teleloupe.model import Column, Document, Place, Table, Verdict
from teleloupe.safe import cell, safe
from teleloupe.text import decode
from teleloupe_tui import cells

SIGNS = {"changed": "~", "removed": "-", "added": "+", "moved": ">"}
CONTEXT = 3  # equal lines shown around a change
CONTEXT_BYTES = 32
SHOWN_LINES = 400  # of one value, pretty-printed
WIDTHS = ((148, 16), (108, 12), (0, 8))  # room in cells, bytes in a row
_GLYPHS = {"\r\n": "␍␊", "\n": "␊", "\r": "␍", "": "∅"}
_ENDS = re.compile(r"(\r\n|\r|\n)")
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


class LineSet(Struct, frozen=True, eq=False):
    """Both versions cut into lines, their ends apart, and the blocks that lead from one to the other."""

    before: tuple[list[str], list[str]]
    after: tuple[list[str], list[str]]
    blocks: tuple[Block, ...]

    @property
    def is_changed(self) -> bool:
        """Whether some line differs in more than its end."""
        return any(block.kind != "same" for block in self.blocks)


class LineRow(Struct, frozen=True):
    """A line with its numbers (from 1, None where it is not), or the lines that a gap leaves out."""

    sign: str
    before: int | None
    after: int | None
    text: str


class Span(Struct, frozen=True):
    """A stretch of bytes on each side; `is_same` when they are equal."""

    before: int
    before_size: int
    after: int
    after_size: int
    is_same: bool


class ByteRow(Struct, frozen=True):
    """Some bytes of each side with their offsets (None where there are none), or how many a gap leaves out."""

    sign: str
    before: int | None
    after: int | None
    before_bytes: bytes
    after_bytes: bytes
    left_out: int = 0


class Run(Struct, frozen=True):
    """Rows that are made alike: how many, and how the nth is made."""

    count: int
    make: Callable[[int], Any]
    sign: str


class Runs(Sequence[Any]):
    """Rows made when they are asked for; `next_change` finds changes without making them."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = [run for run in runs if run.count]
        self.starts = [0, *accumulate(run.count for run in self.runs)]

    def __len__(self) -> int:
        return self.starts[-1]

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        at = bisect_right(self.starts, index) - 1
        return self.runs[at].make(index - self.starts[at])


COUNTS = (("changed", "~"), ("removed", "-"), ("added", "+"), ("moved", ">"), ("same", "="))
EMPTY = Table("", (), (), lambda _index: Place(""))


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
        return _table(diff, LINES, Runs(list(_line_runs(diff.lines, has_all=has_all))))
    if view == "bytes":
        return _table(diff, BYTES, byte_rows(diff, 8, has_all=has_all))
    rows = list(_record_rows(diff.comparison, has_all=has_all))
    return structs.replace(_table(diff, RECORDS, rows), locate=lambda index: Place(diff.path or "", rows[index].place))


def width_for(room: int) -> int:
    """How many bytes of each side a row has room for."""
    return next(width for least, width in WIDTHS if room >= least)


def byte_rows(diff: Diff, width: int, *, has_all: bool) -> Runs:
    """Both sides in rows of so many bytes."""
    return Runs(list(_byte_runs(diff, width, has_all=has_all)))


def counts(comparison: Comparison) -> list[tuple[str, int]]:
    """How many header fields and records were changed, removed, added, moved and are the same, by sign."""
    found = comparison.changes.counts()
    for change in comparison.changes.header:
        found[change.kind] += 1
    found["same"] += len(list(_equal_fields(comparison.changes.header, comparison.later))) if comparison.later else 0
    return [(sign, found[kind]) for kind, sign in COUNTS if found[kind]]


def line_counts(diff: Diff) -> list[tuple[str, int]]:
    """How many lines went, came, and are the same."""
    found = dict.fromkeys(("-", "+", "="), 0)
    for block in diff.lines.blocks:
        if block.kind == "same":
            found["="] += block.before_end - block.before_start
        else:
            found["-"] += block.before_end - block.before_start
            found["+"] += block.after_end - block.after_start
    return [(sign, count) for sign, count in found.items() if count]


def order(form: str) -> str:
    """The views with the present one in brackets, and how much of it is shown."""
    view = form.removesuffix("+")
    names = " ".join(f"[{name}]" if name == view else name for name in ("record", "lines", "bytes"))
    return f"{names} · {'all' if form.endswith('+') else 'only changes'}"


def visible_lines(data: bytes) -> list[str]:
    """The lines of a file with their ends made visible."""
    lines, ends = _cut(data)
    return [f"{line}{_GLYPHS[end]}" for line, end in zip(lines, ends, strict=True)]


def is_change(row: Any) -> bool:
    """Whether n stops at a row."""
    return row.sign not in ("=", " ", "⋯")


def change_from(rows: Sequence[Any], row: int, step: int) -> int | None:
    """The first row of the next change after a row, or of the one before it; around the end."""
    if isinstance(rows, Runs):
        starts = [start for start, run in zip(rows.starts, rows.runs, strict=False) if run.sign not in ("=", " ", "⋯")]
    else:
        starts = [index for index, found in enumerate(rows) if is_change(found)]
    if not starts:
        return None
    if step > 0:
        return next((start for start in starts if start > row), starts[0])
    return next((start for start in reversed(starts) if start < row), starts[-1])


def account(diff: Diff, row: Any) -> Table:
    """A row in full."""
    rows = list(_account(diff, row))
    return Table(diff.name, FIELDS, rows, lambda index: Place(diff.path or "", rows[index].at), len(rows))


def _table(diff: Diff, columns: tuple[Column, ...], rows: Sequence[Any]) -> Table:
    return Table(diff.name, columns, rows, lambda _index: Place(diff.path or ""), len(rows))


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
        yield RecordRow("⋯", "", "equal", " and ".join(said), "o shows them")


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


# lines


@lru_cache(maxsize=2)
def _line_set(diff: Diff) -> LineSet:
    before, after = _cut(diff.comparison.before_data), _cut(diff.comparison.after_data)
    return LineSet(before, after, tuple(compare(before[0], after[0])))


def _cut(data: bytes) -> tuple[list[str], list[str]]:
    """Lines, and their ends; the last has none where the file does not end with one."""
    pieces = _ENDS.split(decode(data).text)
    lines, ends = pieces[::2], pieces[1::2]
    if lines[-1]:
        ends.append("")
    else:
        lines.pop()
    return lines, ends


def _line_runs(lines: LineSet, *, has_all: bool) -> Iterator[Run]:
    has_all = has_all or not lines.is_changed  # ends alone differ: then they are the changes
    last = len(lines.blocks) - 1
    for number, block in enumerate(lines.blocks):
        if block.kind != "same":
            yield Run(block.before_end - block.before_start, _line(lines, "-", block.before_start, None), "-")
            yield Run(block.after_end - block.after_start, _line(lines, "+", None, block.after_start), "+")
            continue
        size = block.before_end - block.before_start
        head, tail = (0 if number == 0 else CONTEXT), (0 if number == last else CONTEXT)
        if has_all or size <= head + tail + 1:
            yield from _same_lines(lines, block, 0, size)
            continue
        yield from _same_lines(lines, block, 0, head)
        yield Run(1, _gap(f"{cells.amount(size - head - tail, 'equal line')}"), "⋯")
        yield from _same_lines(lines, block, size - tail, size)


def _same_lines(lines: LineSet, block: Block, start: int, end: int) -> Iterator[Run]:
    """Equal lines; where only ends differ and nothing else does, they are changes of their own."""
    a, b = block.before_start + start, block.after_start + start
    sign = "=" if lines.is_changed or lines.before[1] == lines.after[1] else "≈"
    yield Run(end - start, _line(lines, sign, a, b), sign)


def _line(lines: LineSet, sign: str, before: int | None, after: int | None) -> Callable[[int], LineRow]:
    def make(step: int) -> LineRow:
        a = None if before is None else before + step
        b = None if after is None else after + step
        ends = [_GLYPHS[side[1][at]] for side, at in ((lines.before, a), (lines.after, b)) if at is not None]
        text = lines.after[0][b] if b is not None else lines.before[0][a or 0]
        glyphs = ends[0] if len(set(ends)) == 1 else _ARROW.strip().join(ends)
        own = sign if sign != "≈" or len(set(ends)) > 1 else "="
        return LineRow(own, None if a is None else a + 1, None if b is None else b + 1, text + glyphs)

    return make


def _gap(text: str) -> Callable[[int], LineRow]:
    return lambda _step: LineRow("⋯", None, None, text)


# bytes


@lru_cache(maxsize=2)
def _spans(diff: Diff) -> tuple[Span, ...]:
    """Stretches that are equal and stretches that differ, aligned by lines, in order and without a gap."""
    left = diff.comparison.before_data.splitlines(keepends=True)
    right = diff.comparison.after_data.splitlines(keepends=True)
    lines = diff.lines
    if (len(left), len(right)) != (len(lines.before[0]), len(lines.after[0])):  # UTF-16: its bytes have other lines
        blocks = compare([line.rstrip(b"\r\n") for line in left], [line.rstrip(b"\r\n") for line in right])
        return tuple(_joined(left, right, blocks))
    return tuple(_joined(left, right, lines.blocks))


def _joined(left: list[bytes], right: list[bytes], blocks: Sequence[Block]) -> Iterator[Span]:
    a = b = 0
    pending: Span | None = None
    for before, after in _pairs(left, right, blocks):
        for size_a, size_b, is_same in _parts(before, after):
            span = Span(a, size_a, b, size_b, is_same)
            a, b = a + size_a, b + size_b
            if pending and pending.is_same and is_same:
                pending = Span(
                    pending.before, pending.before_size + size_a, pending.after, pending.after_size + size_b, is_same
                )
                continue
            if pending:
                yield pending
            pending = span
    if pending:
        yield pending


def _pairs(left: list[bytes], right: list[bytes], blocks: Sequence[Block]) -> Iterator[tuple[bytes, bytes]]:
    for block in blocks:
        befores, afters = left[block.before_start : block.before_end], right[block.after_start : block.after_end]
        if befores == afters:
            whole = b"".join(befores)
            yield whole, whole
            continue
        common = min(len(befores), len(afters))
        yield from zip(befores[:common], afters[:common], strict=True)
        yield from ((line, b"") for line in befores[common:])
        yield from ((b"", line) for line in afters[common:])


def _parts(before: bytes, after: bytes) -> Iterator[tuple[int, int, bool]]:
    """A pair of lines as its equal beginning, what differs, and its equal end."""
    if before == after:
        yield len(before), len(after), True
        return
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    if head:
        yield head, head, True
    yield len(before) - head - tail, len(after) - head - tail, False
    if tail:
        yield tail, tail, True


def _common(one: bytes, other: bytes) -> int:
    """The length of the common beginning, found by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _byte_runs(diff: Diff, width: int, *, has_all: bool) -> Iterator[Run]:
    spans = _spans(diff)
    last = len(spans) - 1
    for number, span in enumerate(spans):
        rows = -(-max(span.before_size, span.after_size) // width)
        sign = "=" if span.is_same else "-" if not span.after_size else "+" if not span.before_size else "~"
        keep = -(-CONTEXT_BYTES // width)
        head, tail = (0 if number == 0 else keep), (0 if number == last else keep)
        if not span.is_same or has_all or rows <= head + tail + 1:
            yield Run(rows, _bytes(diff, span, width, sign), sign)
            continue
        yield Run(head, _bytes(diff, span, width, sign), sign)
        left_out = span.before_size - (head + tail) * width
        yield Run(1, _left_out(left_out), "⋯")
        start = span.before_size - tail * width
        rest = Span(span.before + start, tail * width, span.after + start, tail * width, span.is_same)
        yield Run(tail, _bytes(diff, rest, width, sign), sign)


def _bytes(diff: Diff, span: Span, width: int, sign: str) -> Callable[[int], ByteRow]:
    old, new = diff.comparison.before_data, diff.comparison.after_data

    def make(step: int) -> ByteRow:
        at = step * width
        before = old[span.before + at : span.before + min(at + width, span.before_size)]
        after = new[span.after + at : span.after + min(at + width, span.after_size)]
        offsets = (span.before + at if before else None, span.after + at if after else None)
        return ByteRow(sign, *offsets, before, after)

    return make


def _left_out(count: int) -> Callable[[int], ByteRow]:
    return lambda _step: ByteRow("⋯", None, None, b"", b"", count)


def _hex(data: bytes) -> str:
    return data.hex(" ")


def _letters(data: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in data)


def _offset(at: int | None) -> str:
    return "" if at is None else f"{at:06x}"


RECORDS = (
    Column("kind", lambda row: row.sign, doc="~ changed, - removed, + added, > moved, ≈ encoding, = equal"),
    Column("record", lambda row: row.key, doc="the record by its key, or the header"),
    Column("field", lambda row: row.field, doc="the field, nested ones by their path"),
    Column("before", lambda row: None if row.before is ABSENT else row.before, doc="the earlier value", type="json"),
    Column("after", lambda row: None if row.after is ABSENT else row.after, doc="the later value", type="json"),
)
LINES = (
    Column("kind", lambda row: row.sign, doc="- removed, + added, = equal, ≈ only the line end differs"),
    Column("before_line", lambda row: row.before, doc="the number of the line in the earlier version", type="integer"),
    Column("after_line", lambda row: row.after, doc="the number of the line in the later version", type="integer"),
    Column("text", lambda row: row.text, doc="the line, its end made visible"),
)
BYTES = (
    Column("kind", lambda row: row.sign, doc="~ changed, - removed, + added, = equal"),
    Column("offset", lambda row: _offset(row.before), doc="the offset in the earlier version, in hex"),
    Column(
        "before",
        lambda row: f"{cells.amount(row.left_out, 'equal byte')}" if row.left_out else _hex(row.before_bytes),
        doc="the earlier bytes",
    ),
    Column("before_text", lambda row: _letters(row.before_bytes), doc="the earlier bytes as text"),
    Column("after_offset", lambda row: _offset(row.after), doc="the offset in the later version, in hex"),
    Column("after", lambda row: _hex(row.after_bytes), doc="the later bytes"),
    Column("after_text", lambda row: _letters(row.after_bytes), doc="the later bytes as text"),
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
                yield _row("", f"{_hex(data)}  {_letters(data)}")


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
