"""Rows made when they are looked at, in runs of a kind, so that changes are found without making the rows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from msgspec import Struct

from teleloupe.lazy import Lazy

EQUAL = frozenset({"=", " ", "⋯"})  # signs of rows that are no changes


class Run(Struct, frozen=True):
    """Rows that are made alike: how many, and how the nth is made."""

    count: int
    make: Callable[[int], Any]
    sign: str


class Runs(Lazy[Any]):
    """Rows made when they are asked for; `change_from` finds changes without making them."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = [run for run in runs if run.count]
        self.starts = [0, *accumulate(run.count for run in self.runs)]

    def __len__(self) -> int:
        return self.starts[-1]

    def made(self, index: int) -> Any:
        """The row, made by its run."""
        at = bisect_right(self.starts, index) - 1
        return self.runs[at].make(index - self.starts[at])


def is_change(row: Any) -> bool:
    """Whether n stops at a row."""
    return row.sign not in EQUAL


def change_from(rows: Sequence[Any], row: int, step: int) -> int | None:
    """The first row of the next change after a row, or of the one before it; around the end."""
    if isinstance(rows, Runs):
        starts = [start for start, run in zip(rows.starts, rows.runs, strict=False) if run.sign not in EQUAL]
    else:
        starts = [index for index, found in enumerate(rows) if is_change(found)]
    if not starts:
        return None
    if step > 0:
        return next((start for start in starts if start > row), starts[0])
    return next((start for start in reversed(starts) if start < row), starts[-1])
