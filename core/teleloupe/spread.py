"""Numbers in order: ranks, bins with round edges."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from operator import mul
from typing import Any

from msgspec import Struct

from teleloupe.ordering import in_order

WANTED_BINS = 20

Number = int | float


class Bin(Struct, frozen=True):
    """How many values lie from `low` up to but not at `high`; the last bin of a row holds its upper edge too."""

    low: Number
    high: Number
    count: int


class Ranked:
    """Values in order, each as often as it occurs; at least one. With `counts` the values are different ones."""

    def __init__(self, values: Sequence[Any], counts: Callable[[Any], int] | None = None) -> None:
        self.values = in_order(values)
        self.counts = list(map(counts, self.values)) if counts else []
        self.ends: Sequence[int] = list(accumulate(self.counts)) or range(1, len(values) + 1)
        self.total = self.ends[-1]

    def at(self, rank: int) -> Any:
        """The value of a rank from 0."""
        return self.values[bisect_right(self.ends, rank)]

    def nearest(self, percent: int) -> Any:
        """The smallest value that at least so many percent do not exceed."""
        return self.at(max(-(-percent * self.total // 100), 1) - 1)

    def below(self, edge: Number) -> int:
        """How many values are smaller."""
        index = bisect_left(self.values, edge)
        return self.ends[index - 1] if index else 0

    def median(self) -> Number:
        """The middle number, or halfway between the middle two; exact where both are whole and so is the outcome.

        The lower one of two where what lies halfway is beyond what a float can hold.
        """
        low: Number = self.at((self.total - 1) // 2)
        high: Number = self.at(self.total // 2)
        if isinstance(low, int) and isinstance(high, int) and (low + high) % 2 == 0:
            return (low + high) // 2
        try:
            return low / 2 + high / 2
        except OverflowError:
            return low

    def mean(self) -> float | None:
        """The arithmetic mean; None beyond what a float can hold."""
        weighed = map(mul, self.values, self.counts) if self.counts else self.values
        try:
            return math.fsum(weighed) / self.total
        except OverflowError:
            return None


def bins(ranked: Ranked) -> tuple[Bin, ...]:
    """About twenty bins with round edges over all values; none where they are all alike or beyond measure."""
    edges = list(_edges(ranked.values[0], ranked.values[-1]))
    if len(edges) < 2:
        return ()
    below = [ranked.below(edge) for edge in edges[:-1]] + [ranked.total]
    pairs = zip(edges, edges[1:], below, below[1:], strict=False)
    return tuple(Bin(low, high, more - less) for low, high, less, more in pairs)


def _edges(low: Number, high: Number) -> Iterator[Number]:
    """Round numbers at equal distances, the first not above `low`, the last not below `high`."""
    step = _step(low, high)
    if low == high or not step or low + step in (low, math.inf):
        return
    first = low // step
    for number in range(3 * WANTED_BINS):
        edge = (first + number) * step
        yield edge
        if edge > high or (edge == high and number and isinstance(step, float)):
            return


def _step(low: Number, high: Number) -> Number:
    """A round number that goes about twenty times into a range, whole where its ends are; 0 where there is none."""
    wanted: Number
    base: Number
    if isinstance(low, int) and isinstance(high, int):
        wanted = -((low - high) // WANTED_BINS)
        base = 10 ** (len(str(wanted)) - 1) if wanted < 10**300 else wanted
    else:
        wanted = _float(high) / WANTED_BINS - _float(low) / WANTED_BINS
        if not (wanted > 0 and math.isfinite(wanted)):
            return 0
        base = 10.0 ** math.floor(math.log10(wanted))
    return next(base * factor for factor in (1, 2, 5, 10) if base * factor >= wanted or factor == 10)


def is_finite(value: Any) -> bool:
    """Whether a number is neither infinite nor none."""
    return type(value) is int or math.isfinite(value)


def _float(value: Number) -> float:
    """A number as a float; 0 where it is whole and too large for one, which is finite all the same."""
    try:
        return float(value)
    except OverflowError:
        return 0.0
