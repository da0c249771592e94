"""Rows grouped by the values of a column: how many each has, and the numbers of the other columns in figures."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from teleloupe.figures import frequencies_table
from teleloupe.model import Column, Table
from teleloupe.ordering import chunks
from teleloupe.spread import Number, Ranked, is_finite
from teleloupe.stats import CHUNK_ROWS, MOST_DISTINCT, Check, Frequency, scalar, unchecked
from teleloupe.tables import column_named, placeless


class Figures(Struct, frozen=True):
    """The finite numbers of one column in one group; a sum beyond what can be told is None."""

    count: int
    sum: Number | None
    minimum: Number
    median: Number
    maximum: Number


class Group(Frequency, frozen=True):
    """The rows with one value; `figures` are those of each measured column, None where it has no numbers."""

    figures: tuple[Figures | None, ...] = ()


def measured(table: Table, name: str) -> tuple[Column, ...]:
    """The columns that groups by this one are measured in: those whose numbers have a unit, else all of numbers."""
    numbers = [column for column in table.columns if column.is_numeric and column.name != name]
    return tuple([column for column in numbers if column.unit] or numbers)


def groups(table: Table, name: str, check: Check = unchecked) -> tuple[Group, ...]:
    """The rows of a table by their value in a column, absent ones as None; those with the most rows first.

    Beyond `MOST_DISTINCT` values, what comes new is told as one rest. Raises UsageError for an unknown column.
    """
    key, columns = column_named(table, name), measured(table, name)
    counts: Counter[Any] = Counter()
    numbers: list[dict[Any, list[Number]]] = [{} for _ in columns]
    for start, rows in chunks(table.rows, CHUNK_ROWS):
        check(start)
        keys = _keys(list(map(key.get, rows)), counts)
        counts.update(keys)
        for column, known in zip(columns, numbers, strict=True):
            check(start)
            _take(keys, list(map(column.get, rows)), known)
    done = len(table.rows)
    check(done)
    rest = counts.pop(_REST, 0)
    ordered = counts.most_common() + ([(_REST, rest)] if rest else [])
    return tuple(_group(value, count, done, numbers, check) for value, count in ordered)


def groups_table(title: str, column: Column, columns: Sequence[Column], found: Sequence[Group]) -> Table:
    """A row a group: its value, rows and share, then sum, smallest, median and largest of each measured column."""
    table = frequencies_table(title, column, found)
    figures = [_figure(place, one, word) for place, one in enumerate(columns) for word in _WORDS]
    value, count, *rest = table.columns
    rows = Column("rows", count.get, "", count.doc, count.type)
    return placeless(title, (value, rows, *rest, *figures), found)


_REST = object()
_WORDS = {"sum": "sum", "min": "minimum", "median": "median", "max": "maximum"}


def _keys(values: list[Any], known: Counter[Any]) -> list[Any]:
    """What each row is grouped under."""
    kinds = set(map(type, values))
    if not kinds <= {int, str, type(None)}:
        values = [scalar(value) for value in values]
    if len(known) + len(values) > MOST_DISTINCT:
        room = MOST_DISTINCT - len(known)
        fresh = dict.fromkeys(value for value in values if value not in known)
        told = set(islice(fresh, max(room, 0)))
        return [value if value in known or value in told else _REST for value in values]
    return values


def _take(keys: list[Any], values: list[Any], known: dict[Any, list[Number]]) -> None:
    for key, value in zip(keys, values, strict=True):
        if type(value) in (int, float) and is_finite(value):
            found = known.get(key)
            if found is None:
                known[key] = [value]
            else:
                found.append(value)


def _group(value: Any, count: int, rows: int, numbers: Sequence[dict[Any, list[Number]]], check: Check) -> Group:
    check(rows)
    figures = tuple(_figures(known[value]) if value in known else None for known in numbers)
    is_rest = value is _REST
    return Group(None if is_rest else value, count, 100 * count / rows, is_rest, figures)


def _figures(values: list[Number]) -> Figures:
    ranked = Ranked(values)
    return Figures(len(values), _sum(values), ranked.values[0], ranked.median(), ranked.values[-1])


def _sum(values: list[Number]) -> Number | None:
    """Exact where all are whole."""
    try:
        return sum(values) if all(type(value) is int for value in values) else math.fsum(values)
    except OverflowError:
        return None


def _figure(place: int, column: Column, word: str) -> Column:
    attribute = _WORDS[word]

    def get(row: Group) -> Any:
        found = row.figures[place]
        return getattr(found, attribute) if found else None

    return Column(f"{column.name} {word}", get, column.unit, f"{word} of {column.name} in the group", column.type)
