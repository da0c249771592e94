"""How durations and stability scores are distributed over released anchors."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated, Literal

from msgspec import Meta, Struct

from teleloupe.columns import getter, table_of
from teleloupe.formats.clamp.moments import is_score
from teleloupe.formats.clamp.remembered import Remembered
from teleloupe.formats.clamp.scope import sessions_in_view
from teleloupe.formats.clamp.timeline import Bin, histogram
from teleloupe.model import Chart, Document, Place, Series, Table

Measured = Literal["duration_ms", "stability_score"]
UNITS: dict[Measured, str] = {"duration_ms": "ms", "stability_score": ""}
TITLES: dict[Measured, str] = {"duration_ms": "Durations", "stability_score": "Stability scores"}


class Bar(Struct, frozen=True):
    """Released records whose value lies between two bounds."""

    measure: Annotated[Measured, Meta(description="which field of the records")]
    low: Annotated[float, Meta(description="the bar's lower bound")]
    high: Annotated[float, Meta(description="its upper bound, which only the last bar includes")]
    unit: Annotated[str, Meta(description="unit of the bounds")]
    records: Annotated[int, Meta(description="released records in between")]
    share: Annotated[float, Meta(description="share of all released records that have the field", extra={"unit": "%"})]
    place: Place


Values = Sequence[tuple[float, int]]  # the usable values of released records, each with its record's index


def distribution_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The bars of both distributions that are not empty; a row leads to the record of its smallest value."""
    files = sessions_in_view(document, documents)
    rows = [bar for measure in UNITS for bar in _bars(measure, files)]
    return table_of("Distributions", Bar, rows)


def distribution_charts(document: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """A bar chart of durations, and one of scores."""
    files = sessions_in_view(document, documents)
    found = {measure: [value for file in files for value, _ in values(file)] for measure, values in _VALUES.items()}
    return tuple(_chart(measure, values) for measure, values in found.items() if values)


def _values(measure: Measured, file: Document) -> Values:
    """A field of every released record of a file that has a usable one, in the order of the values."""
    get, held = getter(measure), set(file.body.figures.held)
    found = ((value, index) for index, record in enumerate(file.records) if is_score(value := get(record)))
    return sorted((float(value), index) for value, index in found if index not in held)


def _bars(measure: Measured, files: Sequence[Document]) -> Iterator[Bar]:
    values = [(file.path, _VALUES[measure](file)) for file in files]
    all_of_them = [value for _, found in values for value, _ in found]
    for one in histogram(all_of_them):
        if one.count:
            path, index = _smallest(one.low, values)
            share = round(100 * one.count / len(all_of_them), 2)
            place = Place(path, f"/records/{index}/{measure}")
            yield Bar(measure, one.low, one.high, UNITS[measure], one.count, share, place)


def _smallest(low: float, values: Sequence[tuple[str, Values]]) -> tuple[str, int]:
    """Where the smallest value from a bound on stands."""
    firsts = ((found[at], path) for path, found in values if (at := bisect_left(found, (low, 0))) < len(found))
    (_, index), path = min(firsts, key=lambda each: each[0][0])
    return path, index


def _chart(measure: Measured, values: Sequence[float]) -> Chart:
    series = tuple(Series(_label(one), ((one.low, one.count),)) for one in histogram(values))
    unit = UNITS[measure]
    return Chart(TITLES[measure], "bars", f"{measure}, {unit}" if unit else measure, "records", series)


def _label(one: Bin) -> str:
    return f"{one.low:.6g}" if one.low == one.high else f"{one.low:.6g} to {one.high:.6g}"


_VALUES = {measure: Remembered(partial(_values, measure)) for measure in UNITS}
