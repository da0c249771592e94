"""How durations and stability scores are distributed over released anchors."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from teleloupe.columns import getter, table_of
from teleloupe.formats.clamp.moments import is_score
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


Value = tuple[float, int, int]  # the value, the number of its file, the index of its record


def distribution_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The bars of both distributions that are not empty; a row leads to the record of its smallest value."""
    files = sessions_in_view(document, documents)
    rows = [bar for measure, get in _GETTERS.items() for bar in _bars(measure, sorted(_values(files, get)), files)]
    return table_of("Distributions", Bar, rows)


def distribution_charts(document: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """A bar chart of durations, and one of scores."""
    files = sessions_in_view(document, documents)
    found = {measure: [value for value, _, _ in _values(files, get)] for measure, get in _GETTERS.items()}
    return tuple(_chart(measure, values) for measure, values in found.items() if values)


def _values(files: Sequence[Document], get: Callable[[Any], Any]) -> Iterator[Value]:
    """A field of every released record that has a usable one."""
    for number, file in enumerate(files):
        held = set(file.body.figures.held)
        for index, record in enumerate(file.records):
            value = get(record)
            if index not in held and is_score(value):
                yield float(value), number, index


def _bars(measure: Measured, values: Sequence[Value], files: Sequence[Document]) -> Iterator[Bar]:
    for one in histogram([value for value, _, _ in values]):
        if one.count:
            _, number, index = values[min(bisect_left(values, (one.low, 0, 0)), len(values) - 1)]
            place = Place(files[number].path, f"/records/{index}/{measure}")
            share = round(100 * one.count / len(values), 2)
            yield Bar(measure, one.low, one.high, UNITS[measure], one.count, share, place)


def _chart(measure: Measured, values: Sequence[float]) -> Chart:
    series = tuple(Series(_label(one), ((one.low, one.count),)) for one in histogram(values))
    unit = UNITS[measure]
    return Chart(TITLES[measure], "bars", f"{measure}, {unit}" if unit else measure, "records", series)


def _label(one: Bin) -> str:
    return f"{one.low:.6g}" if one.low == one.high else f"{one.low:.6g} to {one.high:.6g}"


_GETTERS: dict[Measured, Callable[[Any], Any]] = {measure: getter(measure) for measure in UNITS}
