"""Columns and tables out of Structs."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.model import Place


class Row(Struct, frozen=True):
    held: Annotated[float | None, Meta(description="time held", extra={"unit": "ms"})]
    place: Place


def test_a_table_of_structs_locates_rows_by_their_place_and_does_not_show_it() -> None:
    table = table_of("Held", Row, [Row(None, Place("a.json")), Row(4.5, Place("b.json", "/records/1"))])

    [column] = table.columns
    assert (column.name, column.unit, column.doc, column.type) == ("held", "ms", "time held", "number")
    assert [column.get(row) for row in table.rows] == [None, 4.5]
    assert table.locate(1) == Place("b.json", "/records/1")
    assert table.total == 2
