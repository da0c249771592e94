"""How many records each ritual has, and how they ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.toyfoundry.conversions import integer_of
from teleloupe.formats.toyfoundry.flatten import Piece, pieces
from teleloupe.formats.toyfoundry.origins import rollup_place
from teleloupe.formats.toyfoundry.reading import shown
from teleloupe.formats.toyfoundry.refresh import value_of
from teleloupe.formats.toyfoundry.shapes import RITUALS, STATUSES, Record
from teleloupe.model import Chart, Document, Place, Series, Table

_NONE = "(none)"


class Row(Struct, frozen=True):
    """A ritual, under the name that telemetry has for it where that is known."""

    ritual: Annotated[str, Meta(description="the exported ritual")]
    found_as: Annotated[str, Meta(description="its name in the rollup; empty in an export and for bare mints")]
    records: Annotated[int, Meta(description="how many records")]
    share: Annotated[float, Meta(description="of all records", extra={"unit": "%"})]
    success: Annotated[int, Meta(description="records that ended well")]
    partial: Annotated[int, Meta(description="records that ended in part, or of which nothing else is known")]
    failure: Annotated[int, Meta(description="records that failed")]
    other: Annotated[int, Meta(description="records with a status that is none")]
    units: Annotated[int, Meta(description="sum of units_processed, those that are numbers")]
    duration: Annotated[int, Meta(description="sum of duration_ms, those that are numbers", extra={"unit": "ms"})]
    place: Place


class Group(Struct):
    """Records of a ritual while they are counted."""

    place: Place
    statuses: dict[str, int]
    records: int = 0
    units: int = 0
    duration: int = 0


_latest: list[tuple[Document, Table]] = []


def table(document: Document, _documents: Mapping[str, Document]) -> Table:
    """A row a ritual, most records first; a row leads to its first record."""
    if not _latest or _latest[0][0] is not document:
        _latest[:] = [(document, _table(document))]
    return _latest[0][1]


def charts(document: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """Records by ritual, and by status."""
    rows = table(document, documents).rows
    if not rows:
        return ()
    rituals: dict[str, int] = {}
    for row in rows:
        rituals[row.ritual] = rituals.get(row.ritual, 0) + row.records
    statuses = {name: sum(getattr(row, name) for row in rows) for name in (*STATUSES, "other")}
    return _chart("Rituals", "ritual", rituals), _chart("Statuses", "status", statuses)


def _chart(title: str, axis: str, counts: Mapping[str, int]) -> Chart:
    shown_ones = [(name, count) for name, count in counts.items() if count]
    series = tuple(Series(name, ((float(at), float(count)),)) for at, (name, count) in enumerate(shown_ones))
    return Chart(title, "bars", axis, "records", series)


def _table(document: Document) -> Table:
    groups: dict[tuple[str, str], Group] = {}
    for found_as, record, place in _records(document):
        ritual = value_of(record, "ritual")
        name = ritual if isinstance(ritual, str) else _NONE if ritual is None else shown(ritual)
        _count(groups.setdefault((name, found_as), Group(place, {})), record)
    total = sum(group.records for group in groups.values())
    order = sorted(groups.items(), key=lambda one: (-one[1].records, _rank(one[0][0]), one[0]))
    return table_of(f"{total} records", Row, [_row(*names, group, total) for names, group in order])


def _records(document: Document) -> Iterator[tuple[str, Any, Place]]:
    """The records of an export, or those that a composite rollup gives, with the raw name of their ritual."""
    if document.kind != "rollup":
        for index, record in enumerate(document.records):
            if isinstance(record, dict | Record):
                yield "", record, Place(document.path, document.record_at(index))
    elif document.body is not None:
        for piece in pieces(sorted(document.body.entries.items())):
            if isinstance(piece, Piece):
                yield piece.bucket or "", piece.record, Place(document.path, rollup_place(piece))


def _count(group: Group, record: Any) -> None:
    status = value_of(record, "status")
    word = status if status in STATUSES else "other"
    group.records += 1
    group.statuses[word] = group.statuses.get(word, 0) + 1
    group.units += _number(value_of(record, "units_processed"))
    group.duration += _number(value_of(record, "duration_ms"))


def _row(ritual: str, found_as: str, group: Group, total: int) -> Row:
    count = group.statuses.get
    return Row(
        ritual,
        found_as,
        group.records,
        round(100 * group.records / total, 1),
        count("success", 0),
        count("partial", 0),
        count("failure", 0),
        count("other", 0),
        group.units,
        group.duration,
        group.place,
    )


def _number(value: Any) -> int:
    return 0 if isinstance(value, bool) else integer_of(value) or 0


def _rank(ritual: str) -> int:
    return RITUALS.index(ritual) if ritual in RITUALS else len(RITUALS)
