"""The rows that a search has found."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from teleloupe_tui.cells import number


class Hits(Struct, frozen=True, eq=False):
    """How many of these rows were found, and, once all were looked at, which."""

    of: Sequence[Any]
    count: int
    rows: array[int] | None = None

    def next(self, start: int, step_by: int) -> int | None:
        """The row found from `start` on, or back, around the end."""
        if not self.rows:
            return None
        place = bisect_left(self.rows, start) if step_by > 0 else bisect_right(self.rows, start) - 1
        return self.rows[place % len(self.rows)]

    def told(self, cursor: int, share: str) -> str:
        """How many there are, in words, and which of them the cursor stands on."""
        if self.rows is None:
            return f"{number(self.count)} rows so far, {share}"
        place = bisect_left(self.rows, cursor)
        is_there = place < len(self.rows) and self.rows[place] == cursor
        if is_there:
            return f"{number(place + 1)} of {number(self.count)}"
        return f"{number(self.count)} {'row' if self.count == 1 else 'rows'}"
