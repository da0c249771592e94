"""Where every exported value comes from: a row a record, and the same as notes on one record (section 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.toyfoundry.conversions import Mark
from teleloupe.formats.toyfoundry.origins import TRACE_LIMIT, FieldOrigin, Origin, Tracer, tracer_of
from teleloupe.formats.toyfoundry.reading import shown
from teleloupe.formats.toyfoundry.refresh import value_of
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.model import Document, Place, Table

Word = Mark | Literal["differs", "unknown"]

_MARK = "measured, aliased, coerced, clamped or defaulted; differs: the sources give another value today"


class Row(Struct, frozen=True):
    """A record of an export: each value beside its mark, and its way."""

    batch_id: Annotated[str | None, Meta(description="the operation; schema_version, a constant, is left out")]
    id_mark: Annotated[Word, Meta(description=_MARK)]
    ritual: Annotated[str | None, Meta(description="what was done")]
    ritual_mark: Annotated[Word, Meta(description=_MARK)]
    units: Annotated[int | None, Meta(description="units_processed")]
    units_mark: Annotated[Word, Meta(description=_MARK)]
    status: Annotated[str | None, Meta(description="how it ended")]
    status_mark: Annotated[Word, Meta(description=_MARK)]
    duration: Annotated[int | None, Meta(description="duration_ms", extra={"unit": "ms"})]
    duration_mark: Annotated[Word, Meta(description=_MARK)]
    feed: Annotated[str, Meta(description="the feed's line that the record is made of")]
    rollup_at: Annotated[str, Meta(description="the place of the event or mint in the composite rollup")]
    note: Annotated[str, Meta(description="what the loom did in silence, or why nothing is known")]
    place: Place


_TALLIED = (
    ("durations", "duration_mark"),
    ("units", "units_mark"),
    ("status", "status_mark"),
    ("ritual", "ritual_mark"),
    ("batch ids", "id_mark"),
)
_told: dict[str, tuple[Tracer, Table]] = {}


def table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The records of an export with the marks of their values; the title tells how many of which."""
    if len(document.records) > TRACE_LIMIT:
        return table_of(f"{document.name}: {len(document.records)} records are too many to be traced", Row, [])
    tracer = tracer_of(document, documents)
    known = _told.get(document.path)
    if known is None or known[0] is not tracer:
        rows = [_row(document, index, tracer) for index in range(len(document.records))]
        _told.clear()
        known = _told[document.path] = tracer, table_of(_title(rows), Row, rows)
    return known[1]


def annotate(document: Document, index: int, documents: Mapping[str, Document]) -> Mapping[str, str]:
    """How each field of a record came about, in words; nothing where its sources are not at hand."""
    if document.kind not in ("export", "export-csv") or not 0 <= index < len(document.records):
        return {}
    origin = tracer_of(document, documents).origin(index)
    if origin is None:
        return {}
    record = document.records[index]
    return {
        field.field: _differing(field, record) or f"{field.mark}: {_account(field, origin)}" for field in origin.fields
    }


def _title(rows: Sequence[Row]) -> str:
    """How many values of each field have which mark, those that nothing supplied first."""
    parts = []
    for name, mark in _TALLIED:
        counts = Counter(getattr(row, mark) for row in rows)
        del counts["measured"]
        parts += [f"{name} {_counted(count, len(rows))} {word}" for word, count in sorted(counts.items())]
    told = ", ".join(parts) if parts else "everything measured"
    return f"{len(rows)} record{'' if len(rows) == 1 else 's'}: {told}" if rows else "no records"


def _counted(count: int, total: int) -> str:
    return f"all {count}" if count == total and total > 1 else str(count)


def _row(document: Document, index: int, tracer: Tracer) -> Row:
    record, origin = document.records[index], tracer.origin(index)
    fields = {field.field: field for field in origin.fields} if origin else {}
    note = "; ".join(_notes(origin, record)) if origin else _unknown(tracer)
    feed = f"{_base(origin.feed)} line {origin.line}" if origin and origin.feed else ""
    return Row(
        _value(record, "batch_id"),
        _mark(fields.get("batch_id"), record),
        _value(record, "ritual"),
        _mark(fields.get("ritual"), record),
        _value(record, "units_processed"),
        _mark(fields.get("units_processed"), record),
        _value(record, "status"),
        _mark(fields.get("status"), record),
        _value(record, "duration_ms"),
        _mark(fields.get("duration_ms"), record),
        feed,
        origin.rollup_at if origin else "",
        note,
        _place(document, index, origin),
    )


def _mark(field: FieldOrigin | None, record: Any) -> Word:
    if field is None:
        return "unknown"
    return "differs" if _differing(field, record) else field.mark


def _notes(origin: Origin, record: Any) -> Iterator[str]:
    for field in origin.fields:
        yield from field.notes
        if differing := _differing(field, record):
            yield f"{field.field} {differing}"


def _differing(field: FieldOrigin, record: Any) -> str:
    """That the sources give another value than the record has; "" where they give the same."""
    value = _value(record, field.field)
    is_same = value == field.value and type(value) is type(field.value)
    return "" if is_same else f"differs: the sources give {shown(field.value)} today"


def _account(field: FieldOrigin, origin: Origin) -> str:
    """What the mark says of a field, and where the value stands that it was made of."""
    if field.mark == "constant":
        return "the contract fixes it"
    where = f"line {origin.line} of {_base(origin.feed)}" if origin.feed else f"{origin.rollup_at} of the rollup"
    if field.notes:
        return f"{'; '.join(field.notes)} ({where})"
    if field.key == "mint_runs":
        runs = shown(field.found)
        return f"nothing measures units of a mint; {runs} run{'' if runs == '1' else 's'} ({where})"
    if field.mark == "defaulted":
        return f"no {_WORDS[field.field]} in {where}"
    if field.field == "batch_id" and not field.key:
        return f"the operation of {where}"
    return f"{field.key} {shown(field.found)} in {where}"


_WORDS = {
    "batch_id": "batch id",
    "ritual": "ritual",
    "units_processed": "units",
    "status": "status",
    "duration_ms": "duration",
}


def _unknown(tracer: Tracer) -> str:
    sources = tracer.sources
    if sources.rollup is None and sources.feeds is None:
        return "neither rollup nor feeds are at hand"
    return "its sources do not give this record today"


def _place(document: Document, index: int, origin: Origin | None) -> Place:
    if origin and origin.feed:
        return Place(origin.feed, f"line {origin.line}")
    if origin and origin.rollup:
        return Place(origin.rollup, origin.rollup_at)
    return Place(document.path, document.record_at(index))


def _value(record: Any, field: str) -> Any:
    return value_of(record, field) if isinstance(record, dict | Record) else None


def _base(path: str | None) -> str:
    return (path or "").rpartition("/")[2]
