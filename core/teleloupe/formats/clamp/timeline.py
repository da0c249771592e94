"""Anchors as intervals on a time axis, and how durations and scores are distributed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec import Struct

from teleloupe.columns import getter
from teleloupe.formats.clamp.moments import is_score
from teleloupe.formats.clamp.times import instant
from teleloupe.model import Document

_FIELDS = ("context", "thread_id", "seed", "acquired_at", "released_at", "duration_ms", "stability_score")
_getters = tuple(getter(name) for name in _FIELDS)


class Interval(Struct, frozen=True):
    """An anchor's life as printed: where its record stands, what it is called, from when to when in ns since 1970.

    `end_ns` is None while the anchor is held. Times are truncated to seconds; `duration_ms` is finer than their
    difference, and None where the file has no usable one.
    """

    path: str
    index: int
    context: str
    thread: str
    seed: int | None
    start_ns: int
    end_ns: int | None
    duration_ms: float | None
    score: float | None


class Bin(Struct, frozen=True):
    """A bar of a histogram: values from `low` up to `high`, the last bar including it."""

    low: float
    high: float
    count: int


def intervals(document: Document) -> list[Interval]:
    """Every record of a file with a usable acquisition time, by start."""
    return sorted(_of(document), key=lambda one: (one.start_ns, one.index))


def histogram(values: Sequence[float], bins: int = 20) -> tuple[Bin, ...]:
    """Counts of finite values in bars of equal width; none without values.

    One bar where all values are the same, or lie further apart than a double can say.
    """
    if not values:
        return ()
    low, high = min(values), max(values)
    width = (high - low) / bins
    if not 0 < width < math.inf:
        return (Bin(low, high, len(values)),)
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int((value - low) / width))] += 1
    edges = [low + width * place for place in range(bins)] + [high]
    return tuple(Bin(edges[place], edges[place + 1], count) for place, count in enumerate(counts))


def _of(document: Document) -> Iterator[Interval]:
    for index, record in enumerate(document.records):
        context, thread, seed, acquired, released, duration, score = (get(record) for get in _getters)
        start = instant(acquired) if isinstance(acquired, str) else None
        if start is None:
            continue
        end = instant(released) if isinstance(released, str) else None
        yield Interval(
            document.path,
            index,
            context if isinstance(context, str) else "",
            thread if isinstance(thread, str) else "",
            seed if type(seed) is int else None,
            start.ns,
            None if end is None else end.ns,
            float(duration) if is_score(duration) else None,
            float(score) if is_score(score) else None,
        )
