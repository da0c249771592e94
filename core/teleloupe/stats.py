"""What the columns of a table hold, in figures: how many, how different, how large, how spread."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal

from msgspec import Struct, structs

from teleloupe.model import Column, Table
from teleloupe.ordering import chunks
from teleloupe.safe import compact
from teleloupe.spread import Bin, Number, Ranked, bins, is_finite
from teleloupe.tables import column_named

CHUNK_ROWS = 16_384  # rows looked at between two questions whether to go on
MOST_DISTINCT = 20_000  # different values of a column that are counted one by one
TOP_VALUES = 10

Check = Callable[[int], None]
_SCALARS = {int, float, str, type(None)}
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


class Summary(Struct, frozen=True):
    """A column in figures.

    `scale` says what `median` to `bins` are of: its numbers, or instants, whose bins are in seconds since 1970; "" for
    columns that have neither. The median of an even count of numbers lies between the middle two; percentiles are
    values of the column (nearest rank). `distinct` is a lower bound unless `is_exact`; `top` then counts what was
    counted of the values that came first.
    """

    column: Column
    count: int
    nulls: int
    distinct: int
    is_exact: bool
    scale: Literal["", "number", "time"] = ""
    minimum: Any = None
    maximum: Any = None
    mean: float | None = None
    median: Any = None
    p90: Any = None
    p95: Any = None
    p99: Any = None
    top: tuple[tuple[Any, int], ...] = ()
    bins: tuple[Bin, ...] = ()


class Frequency(Struct, frozen=True):
    """How often a value occurs, and which share of the rows that is (percent).

    `is_rest` marks what was not told apart, the last of them if there is any.
    """

    value: Any
    count: int
    share: float
    is_rest: bool = False


def unchecked(_rows: int) -> None:
    """A check that never ends the work."""


def summaries(table: Table, names: Sequence[str] = (), check: Check = unchecked) -> tuple[Summary, ...]:
    """The columns of a table, or the named ones, in figures; `check` is told the rows done and may raise to end it.

    Raises UsageError for a column that the table does not have.
    """
    columns = [column_named(table, name) for name in names] or list(table.columns)
    return tuple(
        _summary(column, tally) for column, tally in zip(columns, _tallied(table, columns, check), strict=True)
    )


def frequencies(table: Table, name: str, check: Check = unchecked) -> tuple[Frequency, ...]:
    """The values of a column by how often they occur, absent ones as None; the most frequent first.

    Raises UsageError for a column that the table does not have.
    """
    (tally,) = _tallied(table, [column_named(table, name)], check)
    counts = tally.counts + Counter({None: tally.nulls})
    rest, rows = tally.rows - counts.total(), tally.rows
    found = [Frequency(value, count, 100 * count / rows) for value, count in counts.most_common()]
    return (*found, Frequency(None, rest, 100 * rest / rows, is_rest=True)) if rest else tuple(found)


class _Tally:
    """The values of a column, counted one by one while they are few enough; the rest is kept as it came."""

    def __init__(self, column: Column) -> None:
        self.get = column.get
        self.rows = self.nulls = 0
        self.counts: Counter[Any] = Counter()
        self.rest: list[Any] = []
        self.kinds: set[type] = set()

    @property
    def is_full(self) -> bool:
        """Whether there were more different values than are told apart."""
        return len(self.counts) > MOST_DISTINCT

    def add(self, rows: Sequence[Any]) -> None:
        values = list(map(self.get, rows))
        kinds = set(map(type, values))
        if not kinds <= _SCALARS or (float in kinds and any(value != value for value in values)):
            values = [scalar(value) for value in values]
            kinds = set(map(type, values))
        self.rows += len(values)
        self.kinds |= kinds
        if type(None) in kinds:
            present = [value for value in values if value is not None]
            self.nulls += len(values) - len(present)
            values = present
        if self.is_full:
            known = self.counts
            known.update(filter(known.__contains__, values))
            self.rest += [value for value in values if value not in known]
        else:
            self.counts.update(values)

    @property
    def weigher(self) -> Callable[[Any], int] | None:
        """How often a value occurs, where they all are told apart."""
        return None if self.is_full else self.counts.__getitem__

    def texts(self) -> list[str]:
        """The different texts; all of them as they came where they are not told apart."""
        return [value for value in self._values() if type(value) is str]

    def numbers(self) -> list[Number]:
        """The same of finite numbers."""
        if not self.kinds & {int, float}:
            return []
        found = self._values()
        if str in self.kinds:
            found = [value for value in found if type(value) is not str]
        return [value for value in found if is_finite(value)] if float in self.kinds else found

    def _values(self) -> list[Any]:
        return [*self.counts.elements(), *self.rest] if self.is_full else list(self.counts)


def _tallied(table: Table, columns: Sequence[Column], check: Check) -> list[_Tally]:
    tallies = [_Tally(column) for column in columns]
    for start, rows in chunks(table.rows, CHUNK_ROWS):
        for tally in tallies:
            check(start)
            tally.add(rows)
    check(len(table.rows))
    return tallies


def scalar(value: Any) -> Any:
    """What a value is counted as: truth values and whatever is no scalar as their JSON text."""
    if type(value) is float and value != value:
        return "NaN"
    return value if type(value) in _SCALARS else compact(value)


def _summary(column: Column, tally: _Tally) -> Summary:
    counts, present = tally.counts, tally.rows - tally.nulls
    told = Summary(
        column, present, tally.nulls, len(counts), is_exact=not tally.is_full, top=tuple(counts.most_common(TOP_VALUES))
    )
    numbers, texts = tally.numbers(), tally.texts()
    if numbers and len(numbers) >= len(texts):
        return structs.replace(told, **_of_numbers(Ranked(numbers, tally.weigher)))
    if instants := _instants(texts):
        return structs.replace(told, **_of_instants(texts, instants, tally))
    words = texts if column.type == "string" else []
    return structs.replace(told, minimum=min(words, default=None), maximum=max(words, default=None))


def _of_numbers(ranked: Ranked) -> dict[str, Any]:
    return {
        "scale": "number",
        "minimum": ranked.values[0],
        "maximum": ranked.values[-1],
        "mean": ranked.mean(),
        "median": ranked.median(),
        "p90": ranked.nearest(90),
        "p95": ranked.nearest(95),
        "p99": ranked.nearest(99),
        "bins": bins(ranked),
    }


def _of_instants(texts: list[str], instants: list[float], tally: _Tally) -> dict[str, Any]:
    spelt, weights, weigh = dict(zip(instants, texts, strict=True)), Counter(instants), tally.weigher
    if weigh:
        weights.clear()
        for seconds, text in zip(instants, texts, strict=True):
            weights[seconds] += weigh(text)
    ranked = Ranked(list(weights), weights.__getitem__)
    ranks = {"median": ranked.at((ranked.total - 1) // 2)}
    ranks |= {f"p{percent}": ranked.nearest(percent) for percent in (90, 95, 99)}
    return {
        "scale": "time",
        "minimum": spelt[ranked.values[0]],
        "maximum": spelt[ranked.values[-1]],
        **{name: spelt[seconds] for name, seconds in ranks.items()},
        "bins": bins(ranked),
    }


def _instants(texts: list[str]) -> list[float]:
    """Seconds since 1970 of texts that all are ISO 8601 instants; those without an offset are taken as UTC."""
    if not all(map(_TIME.match, islice(texts, 50))):
        return []
    try:
        return list(map(_seconds, texts))
    except (ValueError, OverflowError):
        return []


def _seconds(text: str) -> float:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
