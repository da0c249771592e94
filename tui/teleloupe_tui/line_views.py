"""Two texts line by line, the line ends made visible."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from teleloupe.diff.lines import Block, compare
from teleloupe.model import Column
from teleloupe.text import decode
from teleloupe_tui import cells
from teleloupe_tui.runs import Run, Runs

CONTEXT = 3  # equal lines shown around a change
_GLYPHS = {"\r\n": "←↓", "\n": "↓", "\r": "←", "": "∅"}  # arrows, for few fonts have ␍ and ␊
_ENDS = re.compile(r"(\r\n|\r|\n)")


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


def line_set(old: bytes, new: bytes) -> LineSet:
    """Both versions cut and compared."""
    before, after = _cut(old), _cut(new)
    return LineSet(before, after, tuple(compare(before[0], after[0])))


def line_rows(lines: LineSet, *, has_all: bool) -> Runs:
    """The lines that changed, with those around them, or all."""
    return Runs(list(_line_runs(lines, has_all=has_all)))


def line_counts(lines: LineSet) -> list[tuple[str, int]]:
    """How many lines went, came, and are the same."""
    found = dict.fromkeys(("-", "+", "="), 0)
    for block in lines.blocks:
        if block.kind == "same":
            found["="] += block.before_end - block.before_start
        else:
            found["-"] += block.before_end - block.before_start
            found["+"] += block.after_end - block.after_start
    return [(sign, count) for sign, count in found.items() if count]


def visible_lines(data: bytes) -> list[str]:
    """The lines of a file with their ends made visible."""
    lines, ends = _cut(data)
    return [f"{line}{_GLYPHS[end]}" for line, end in zip(lines, ends, strict=True)]


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
        glyphs = ends[0] if len(set(ends)) == 1 else " -> ".join(ends)
        own = sign if sign != "≈" or len(set(ends)) > 1 else "="
        return LineRow(own, None if a is None else a + 1, None if b is None else b + 1, text + glyphs)

    return make


def _gap(text: str) -> Callable[[int], LineRow]:
    return lambda _step: LineRow("⋯", None, None, text)


LINES = (
    Column("kind", lambda row: row.sign, doc="- removed, + added, = equal, ≈ only the line end differs"),
    Column("before_line", lambda row: row.before, doc="the number of the line in the earlier version", type="integer"),
    Column("after_line", lambda row: row.after, doc="the number of the line in the later version", type="integer"),
    Column("text", lambda row: row.text, doc="the line, its end made visible"),
)
