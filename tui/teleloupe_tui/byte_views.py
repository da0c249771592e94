"""Two versions byte by byte, side by side, aligned by their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from teleloupe.diff.lines import Block, compare
from teleloupe.model import Column
from teleloupe_tui import cells
from teleloupe_tui.line_views import LineSet
from teleloupe_tui.runs import Run, Runs

CONTEXT_BYTES = 32  # equal ones shown around a change
Sides = tuple[bytes, bytes]
WIDTHS = ((148, 16), (108, 12), (0, 8))  # room in cells, bytes in a row


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


def width_for(room: int) -> int:
    """How many bytes of each side a row has room for."""
    return next(width for least, width in WIDTHS if room >= least)


def spans(old: bytes, new: bytes, lines: LineSet) -> tuple[Span, ...]:
    """Stretches that are equal and stretches that differ, aligned by lines, in order and without a gap."""
    left, right = old.splitlines(keepends=True), new.splitlines(keepends=True)
    blocks: Sequence[Block] = lines.blocks
    if (len(left), len(right)) != (len(lines.before[0]), len(lines.after[0])):  # UTF-16: its bytes have other lines
        blocks = compare([line.rstrip(b"\r\n") for line in left], [line.rstrip(b"\r\n") for line in right])
    return tuple(_joined(left, right, blocks))


def byte_rows(sides: Sides, found: Sequence[Span], width: int, *, has_all: bool) -> Runs:
    """Both sides in rows of so many bytes: what changed with a little around it, or all."""
    return Runs(list(_byte_runs(sides, found, width, has_all=has_all)))


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


def _byte_runs(sides: Sides, found: Sequence[Span], width: int, *, has_all: bool) -> Iterator[Run]:
    last = len(found) - 1
    for number, span in enumerate(found):
        rows = -(-max(span.before_size, span.after_size) // width)
        sign = "=" if span.is_same else "-" if not span.after_size else "+" if not span.before_size else "~"
        keep = -(-CONTEXT_BYTES // width)
        head, tail = (0 if number == 0 else keep), (0 if number == last else keep)
        if not span.is_same or has_all or rows <= head + tail + 1:
            yield Run(rows, _bytes(sides, span, width, sign), sign)
            continue
        yield Run(head, _bytes(sides, span, width, sign), sign)
        left_out = span.before_size - (head + tail) * width
        yield Run(1, _left_out(left_out), "⋯")
        start = span.before_size - tail * width
        rest = Span(span.before + start, tail * width, span.after + start, tail * width, span.is_same)
        yield Run(tail, _bytes(sides, rest, width, sign), sign)


def _bytes(sides: Sides, span: Span, width: int, sign: str) -> Callable[[int], ByteRow]:
    old, new = sides

    def make(step: int) -> ByteRow:
        at = step * width
        before = old[span.before + at : span.before + min(at + width, span.before_size)]
        after = new[span.after + at : span.after + min(at + width, span.after_size)]
        offsets = (span.before + at if before else None, span.after + at if after else None)
        return ByteRow(sign, *offsets, before, after)

    return make


def _left_out(count: int) -> Callable[[int], ByteRow]:
    return lambda _step: ByteRow("⋯", None, None, b"", b"", count)


def hexed(data: bytes) -> str:
    """Bytes in hex, a blank between two."""
    return data.hex(" ")


def letters(data: bytes) -> str:
    """Bytes as text, a dot for what is no printable ASCII."""
    return "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in data)


def _offset(at: int | None) -> str:
    return "" if at is None else f"{at:06x}"


BYTES = (
    Column("kind", lambda row: row.sign, doc="~ changed, - removed, + added, = equal"),
    Column("offset", lambda row: _offset(row.before), doc="the offset in the earlier version, in hex"),
    Column(
        "before",
        lambda row: f"{cells.amount(row.left_out, 'equal byte')}" if row.left_out else hexed(row.before_bytes),
        doc="the earlier bytes",
    ),
    Column("before_text", lambda row: letters(row.before_bytes), doc="the earlier bytes as text"),
    Column("after_offset", lambda row: _offset(row.after), doc="the offset in the later version, in hex"),
    Column("after", lambda row: hexed(row.after_bytes), doc="the later bytes"),
    Column("after_text", lambda row: letters(row.after_bytes), doc="the later bytes as text"),
)
