"""Looking for a text in the cells of a table."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator

from teleloupe import query
from teleloupe.model import Table
from teleloupe.ordering import CHUNK, Step, unwatched


def search(table: Table, needle: str, start: int, step_by: int = 1) -> int | None:
    """The next row from `start`, around the end, with a cell that holds `needle` in any case; None when none does."""
    return next(
        (rows[0] if step_by > 0 else rows[-1] for rows in _by_slice(table, needle, start, step_by) if rows), None
    )


def hits(
    table: Table,
    needle: str,
    start: int,
    step_by: int = 1,
    step: Step = unwatched,
    found: Callable[[int, int], None] | None = None,
) -> array[int]:
    """All such rows, by number. `step` is told of the rows looked at, and may raise to end the work.

    `found` is told, slice by slice, which row comes next from `start`, and how many there are so far.
    """
    parts: list[array[int]] = []
    count = 0
    for rows in _by_slice(table, needle, start, step_by, step):
        if rows:
            parts.append(array("q", rows))
            count += len(rows)
        if count and found:
            found(parts[0][0] if step_by > 0 else parts[0][-1], count)
    whole = array("q")
    for part in sorted(parts, key=lambda part: part[0]):
        whole.extend(part)
    return whole


def _by_slice(table: Table, needle: str, start: int, step_by: int, step: Step = unwatched) -> Iterator[list[int]]:
    """The rows found in each slice, the slices in the order they come up from `start`, around the end."""
    if not needle:
        return
    has_needle, count = query.anywhere(needle, table.columns), len(table.rows)
    start %= count or 1
    ahead = [range(at, min(at + CHUNK, count)) for at in range(start, count, CHUNK)]
    behind = [range(at, min(at + CHUNK, start)) for at in range(0, start, CHUNK)]
    if step_by < 0:
        ahead = [range(at, min(at + CHUNK, start + 1)) for at in range(0, start + 1, CHUNK)][::-1]
        behind = [range(at, min(at + CHUNK, count)) for at in range(start + 1, count, CHUNK)][::-1]
    for part in ahead + behind:
        yield [part[place] for place in has_needle([table.rows[row] for row in part])]
        step(len(part))
