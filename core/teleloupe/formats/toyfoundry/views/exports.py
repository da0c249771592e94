"""Export directories side by side: what they hold, what vouches for it, and which hold the same (section 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.toyfoundry.lights import sidecar_light
from teleloupe.formats.toyfoundry.overview import ExportSummary, export_summaries
from teleloupe.formats.toyfoundry.relations import twin_state
from teleloupe.formats.toyfoundry.views.scope import prefix_of
from teleloupe.model import Chart, Document, Place, Series, Table

_LIGHT = "ok, line ends, differs, unreadable or missing"
_NAMED = 5  # exports that one cell names


class Row(Struct, frozen=True):
    """A JSON export, the files beside it, and the exports elsewhere with the same records."""

    directory: Annotated[str, Meta(description="where it lies")]
    export: Annotated[str, Meta(description="the JSON export")]
    records: Annotated[int, Meta(description="records in it")]
    batches: Annotated[int, Meta(description="distinct batch ids")]
    rituals: Annotated[str, Meta(description="records by ritual, most first")]
    statuses: Annotated[str, Meta(description="records by status, most first")]
    generated_at: Annotated[str | None, Meta(description="as manifest or build info beside it say")]
    order_id: Annotated[str | None, Meta(description="the order it was built for")]
    sum: Annotated[str, Meta(description=f"what the sidecar says of it: {_LIGHT}")]
    csv: Annotated[str, Meta(description="whether the CSV beside it has the same records: same, differs or missing")]
    csv_sum: Annotated[str, Meta(description=f"what the sidecar of the CSV says: {_LIGHT}")]
    same_as: Annotated[str, Meta(description="exports elsewhere with the same records")]
    place: Place


def table(directory: Document, documents: Mapping[str, Document]) -> Table:
    """A row for each JSON export in and below a directory."""
    summaries = _below(directory, documents)
    rows = [_row(found, documents) for found in summaries]
    alike = len({found.same_as and tuple(sorted((found.path, *found.same_as))) for found in summaries} - {()})
    told = f", {alike} group{'' if alike == 1 else 's'} with the same records" if alike else ""
    return table_of(f"{len(rows)} export{'' if len(rows) == 1 else 's'}{told}", Row, rows)


def charts(directory: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """Records of every export."""
    summaries = _below(directory, documents)
    series = tuple(Series(found.path, ((float(at), float(found.records)),)) for at, found in enumerate(summaries))
    return (Chart("Records", "bars", "export", "records", series),) if series else ()


def _below(directory: Document, documents: Mapping[str, Document]) -> Sequence[ExportSummary]:
    prefix = prefix_of(directory)
    return [found for found in export_summaries(documents) if found.path.startswith(prefix)]


def _row(found: ExportSummary, documents: Mapping[str, Document]) -> Row:
    table_path = f"{found.path.removesuffix('.json')}.csv"
    has_table = table_path in documents
    more = f" and {len(found.same_as) - _NAMED} more" if len(found.same_as) > _NAMED else ""
    return Row(
        found.directory or ".",
        found.path.rpartition("/")[2],
        found.records,
        found.batches,
        _counts(found.rituals),
        _counts(found.statuses),
        found.generated_at,
        found.order_id,
        sidecar_light(found.path, documents)[0],
        twin_state(found.path, documents),
        sidecar_light(table_path, documents)[0] if has_table else "missing",
        ", ".join(found.same_as[:_NAMED]) + more,
        Place(found.path),
    )


def _counts(counted: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted[:_NAMED])
