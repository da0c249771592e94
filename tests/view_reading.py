"""Tables and views read whole, for tests of what formats show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from teleloupe.formats import Format
from teleloupe.model import Document, Table


def cells(table: Table, *names: str) -> list[tuple[Any, ...]]:
    """The rows under some columns, in the order of the names; without names, under all."""
    columns = {column.name: column for column in table.columns}
    return [tuple(columns[name].get(row) for name in names or columns) for row in table.rows]


def everything(form: Format, document: Document, documents: Mapping[str, Document]) -> None:
    """Build every cell, place, chart and product, as a screen and an exporter would."""
    for view in form.views:
        found = view.table(document, documents)
        painted = [tuple(column.get(row) for column in found.columns) for row in found.rows]
        places = [found.locate(index) for index in range(len(found.rows))]
        assert len(painted) == len(places) == found.total
        for chart in view.charts(document, documents):
            assert all(len(point) == 2 for series in chart.series for point in series.points)
    for made in form.products(document, documents) if form.products else ():
        assert isinstance(made.data, bytes)
