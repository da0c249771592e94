"""Sorting at size: by runs and pieces, since one long sort in C lets no other thread in; rows by a column's values."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import lt, ne
from typing import Any, TypeVar

from teleloupe.safe import cell

PIECE = 10_000  # items sorted in one go
CHUNK = 4096  # items looked at between two questions whether to go on
PHASES = 3  # how often `rows_in_order` tells of each row
SPARSE = 4  # of so many rows, one in no order is looked up by itself; of fewer, all are, one after the other
_SAMPLES = 50  # of a run

T = TypeVar("T")
Step = Callable[[int], None]


def unwatched(_items: int) -> None:
    """A step that nobody counts."""


def chunks(rows: Iterable[Any], size: int) -> Iterator[tuple[int, list[Any]]]:
    """Rows in chunks, each with the number of its first."""
    taken, start = iter(rows), 0
    while chunk := list(islice(taken, size)):
        yield start, chunk
        start += len(chunk)


def in_order(items: Sequence[T], key: Callable[[T], Any] | None = None) -> list[T]:
    """The items sorted by their keys, equal ones as they came."""
    return list(chain.from_iterable(pieces_in_order(items, key)))


def pieces_in_order(
    items: Sequence[T],
    key: Callable[[T], Any] | None = None,
    step: Step = unwatched,
    pack: Callable[[list[T]], Sequence[T]] = lambda run: run,
) -> Iterator[list[T]]:
    """The items sorted by their keys, equal ones as they came, piece by piece.

    `step` is told twice of every item, when it is in a run and when it is in its place, and may raise to end the work.
    Runs are sorted, and kept as `pack` makes them, then cut at keys of a sample; what lies between two cuts is sorted
    as a piece. Items equal to a sampled key are in order already: a key that many have makes no long piece to sort.
    """
    runs = []
    for start in range(0, len(items), PIECE):
        runs.append(pack(_sorted(items[start : start + PIECE], key)))
        step(len(runs[-1]))
    for is_sorted, piece in _pieces(runs, key) if len(runs) > 1 else zip([True], map(list, runs), strict=False):
        yield piece if is_sorted else _sorted(piece, key)
        step(len(piece))


def rows_in_order(
    rows: Sequence[Any],
    order: Sequence[int],
    get: Callable[[Any], Any],
    *,
    is_descending: bool = False,
    step: Step = unwatched,
) -> array[int]:
    """Row numbers by the values of a column: numbers before texts before the rest, absent ones always last.

    Equal ones keep their order. `step` is told of every row `PHASES` times.
    """
    values, is_plain = _values(rows, order, get, step)
    *present, absent = [range(len(values)), (), (), ()] if is_plain else _grouped(values, step)
    found = array("q")
    for group in reversed(present) if is_descending else present:
        pieces = pieces_in_order(group[::-1] if is_descending else group, values.__getitem__, step, _packed)
        for piece in reversed([_packed(piece[::-1]) for piece in pieces]) if is_descending else pieces:
            _put(found, piece, order)
    step((PHASES - 1) * len(absent))
    _put(found, absent, order)
    _give_up(values)
    return found


def _give_up(values: list[Any]) -> None:
    """Let go of many values; all of them at once would take their time."""
    while values:
        del values[-CHUNK:]


def _packed(places: Sequence[int]) -> array[int]:
    """Numbers without their objects: a million of these, given up out of order, hold every other thread up."""
    return array("q", places)


def _sorted(items: Sequence[T], key: Callable[[T], Any] | None) -> list[T]:
    return sorted(items, key=key)  # type: ignore[type-var,arg-type]  # without a key the items are numbers or texts


def _pieces(runs: list[Sequence[T]], key: Callable[[T], Any] | None) -> Iterator[tuple[bool, list[T]]]:
    """The runs' items in order of pieces; whether a piece holds equal items only."""
    sampled = [item for run in runs for item in run[:: PIECE // _SAMPLES or 1]]
    keys = sorted(sampled if key is None else map(key, sampled))
    starts = [0] * len(runs)
    for pivot in dict.fromkeys(keys[::_SAMPLES]):
        for cut in (bisect_left, bisect_right):
            ends = [cut(run, pivot, key=key) for run in runs]
            yield cut is bisect_right, _joined(runs, starts, ends)
            starts = ends
    yield False, _joined(runs, starts, list(map(len, runs)))


def _joined(runs: list[Sequence[T]], starts: list[int], ends: list[int]) -> list[T]:
    return [item for run, start, end in zip(runs, starts, ends, strict=True) for item in run[start:end]]


def _values(rows: Sequence[Any], order: Sequence[int], get: Callable[[Any], Any], step: Step) -> tuple[list[Any], bool]:
    """A column's values in the order of the rows, and whether they all can be compared with each other."""
    if len(order) * SPARSE < len(rows) or isinstance(order, range) or _is_rising(order):
        return _read(rows if isinstance(order, range) else map(rows.__getitem__, order), get, step)
    by_row, is_plain = _read(rows, get, lambda _: step(0))
    found: list[Any] = []
    for start in range(0, len(order), CHUNK):
        found += map(by_row.__getitem__, order[start : start + CHUNK])
        step(len(found) - start)
    _give_up(by_row)
    return found, is_plain


def _is_rising(order: Sequence[int]) -> bool:
    return all(map(lt, order, order[1:]))


def _read(rows: Iterable[Any], get: Callable[[Any], Any], step: Step) -> tuple[list[Any], bool]:
    """A column's values, and whether they all can be compared with each other."""
    found: list[Any] = []
    kinds: set[type] = set()
    has_nan = False
    for _, chunk in chunks(rows, CHUNK):
        values = list(map(get, chunk))
        fresh = set(map(type, values))
        has_nan = has_nan or (float in fresh and any(map(ne, values, values)))
        kinds |= fresh
        found += values
        step(len(values))
    return found, not has_nan and (kinds <= {int, float, bool} or kinds == {str})


def _grouped(values: list[Any], step: Step) -> list[array[int]]:
    """Places of numbers, texts, other values, which are turned into text, and absent ones."""
    groups = [array("q") for _ in range(4)]
    for place, value in enumerate(values):
        if not place % CHUNK:
            step(0)
        if value is None or value != value:
            groups[3].append(place)
        elif isinstance(value, bool | int | float):
            groups[0].append(place)
        elif isinstance(value, str):
            groups[1].append(place)
        else:
            values[place] = cell(value)
            groups[2].append(place)
    return groups


def _put(found: array[int], places: Sequence[int], order: Sequence[int]) -> None:
    for start in range(0, len(places), PIECE):
        part = places[start : start + PIECE]
        found.extend(part if isinstance(order, range) else map(order.__getitem__, part))
