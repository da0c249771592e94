"""What artefacts say of each other: twins, counts, lists, staleness (Toyfoundry specification, section 8)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from operator import eq
from typing import Any, Literal

from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.conversions import MINT_STATUSES
from teleloupe.formats.toyfoundry.lineage import Lineage, lineage_of
from teleloupe.formats.toyfoundry.memo import Memo
from teleloupe.formats.toyfoundry.reading import shown
from teleloupe.formats.toyfoundry.refresh import BATCH_LISTS, batch_names, unit_count, value_of
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.staleness import STALE_LIMIT, export_staleness, rollup_staleness
from teleloupe.formats.toyfoundry.tables import TableBody
from teleloupe.formats.toyfoundry.writing import cell_text
from teleloupe.jsontext import pointer
from teleloupe.model import Claim, Document, Issue

Found = Iterator[tuple[str, Sequence[Issue]]]
_memo: Memo[Sequence[Issue]] = Memo()

WIDE_JSON = "event_metadata"


def relate(documents: Mapping[str, Document]) -> Mapping[str, list[Issue]]:
    """The issues that documents give rise to among each other, by the path they blame."""
    lineage = lineage_of(documents)
    found: dict[str, list[Issue]] = {}
    for path, issues in (*_twins(lineage), *_counts(lineage), *_stale_rollups(lineage), *_stale_exports(lineage)):
        if issues:
            found.setdefault(path, []).extend(issues)
    return found


def twins(documents: Mapping[str, Document]) -> Iterator[Claim]:
    """That a JSON export holds the records of the CSV export beside it, and whether it does."""
    lineage = lineage_of(documents)
    for path, issues in _twins(lineage):
        table = documents[path]
        twin = lineage.twin_of(table)
        if twin:
            stated = f"{len(twin.records)} records"
            differing = issues[0].message if issues else ""
            yield Claim(
                twin.path, "twin", path, stated, algorithm="records", actual=differing or stated, note=differing
            )


def _twins(lineage: Lineage) -> Found:
    """Where a CSV export differs from the JSON export beside it."""
    for table in lineage.of_kind("export-csv", "clerk-csv", "wide-csv"):
        twin = lineage.twin_of(table)
        if twin and twin.is_complete and table.body.is_comparable:
            yield table.path, _memo.get("twin", twin_issues, table, twin)


def _counts(lineage: Lineage) -> Found:
    """Where counts and lists of the metadata disagree with exports and feeds."""
    for metadata in lineage.of_kind("build-info", "manifest"):
        feeds = lineage.telemetry_of(metadata)
        yield metadata.path, _memo.get("export counts", export_counts, metadata, lineage.export_of(metadata))
        if feeds:
            yield metadata.path, _memo.get("feed counts", feed_counts, metadata, feeds.mint, feeds.ritual)


def _stale_rollups(lineage: Lineage) -> Found:
    for rollup in lineage.of_kind("rollup", "mint-rollup"):
        feeds = lineage.feeds_of(rollup)
        if feeds and rollup.is_complete and feeds.line_count <= STALE_LIMIT:
            yield rollup.path, _memo.get("rollup", rollup_staleness, rollup, feeds.mint, feeds.ritual)


def _stale_exports(lineage: Lineage) -> Found:
    for export in lineage.of_kind("export"):
        rollup = lineage.rollup_of(export)
        if rollup and rollup.is_complete and export.is_complete and len(export.records) <= STALE_LIMIT:
            yield export.path, _memo.get("export", export_staleness, export, rollup)


def twin_state(path: str, documents: Mapping[str, Document]) -> Literal["same", "differs", "missing", "unreadable"]:
    """Whether the CSV export beside a JSON export has its records."""
    table = documents.get(f"{path.removesuffix('.json')}.csv")
    if table is None:
        return "missing"
    twin = lineage_of(documents).twin_of(table)
    if twin is None or not twin.is_complete or not isinstance(table.body, TableBody) or not table.body.is_comparable:
        return "unreadable"
    return "differs" if _memo.get("twin", twin_issues, table, twin) else "same"


def twin_issues(table: Document, twin: Document) -> list[Issue]:
    """Where a CSV export differs from its JSON twin: the first row and field, and how many rows; the number of rows."""
    rows, records = table.records, twin.records
    if len(rows) == len(records) and all(map(eq, rows, records)):
        return []
    return [*_row_issues(table, twin), *_length_issues(table, twin)]


def _row_issues(table: Document, twin: Document) -> Iterator[Issue]:
    rows, records, misfits = table.records, twin.records, table.body.misfits
    pairs = enumerate(zip(rows, records, strict=False))
    differing = [at for at, (row, record) in pairs if at in misfits or not _same(row, record)]
    if differing:
        yield _row_issue(table, twin, differing[0], len(differing))


def _row_issue(table: Document, twin: Document, at: int, count: int) -> Issue:
    """How a row differs from its record: in a field, else in the number of its cells."""
    row, record, line = table.records[at], twin.records[at], table.record_at(at)
    field = next((name for name in table.body.header if _cell(row, name) != _cell(record, name)), None)
    if field is None:
        words = f"the row has cells beyond those of record {at} of {twin.name}"
        return rules.CSV_JSON_DIFFER.issue(line, words, count=count)
    found, expected = _cell(row, field), _cell(record, field)
    words = f"{field} is {shown(found) or 'empty'}, record {at} of {twin.name} has {shown(expected) or 'nothing'}"
    return rules.CSV_JSON_DIFFER.issue(f"{line} /{field}", words, expected=expected, actual=found, count=count)


def _length_issues(table: Document, twin: Document) -> Iterator[Issue]:
    rows, records = table.records, twin.records
    if len(rows) != len(records):
        words = f"{len(rows)} rows, {twin.name} has {len(records)} records"
        yield rules.CSV_JSON_DIFFER.issue("", words, expected=str(len(records)), actual=str(len(rows)))


def _same(row: Any, record: Any) -> bool:
    if type(row) is Record and type(record) is Record:
        return bool(row == record)
    names = row if isinstance(row, dict) else row.__struct_fields__
    return all(_cell(row, name) == _cell(record, name) for name in names)


def _cell(record: Any, field: str) -> str:
    """A field as its CSV cell; only the wide export has one that is JSON."""
    value = value_of(record, field) if isinstance(record, dict | Record) else None
    return json.dumps(value, sort_keys=True) if field == WIDE_JSON and isinstance(value, dict) else cell_text(value)


def export_counts(metadata: Document, export: Document | None) -> list[Issue]:
    """Where counts and lists of batches disagree with the export that a metadata document speaks of."""
    return list(_export_counts(metadata, export))


def feed_counts(metadata: Document, mint: Document, ritual: Document | None) -> list[Issue]:
    """Where a telemetry summary disagrees with the feeds."""
    return list(_feed_counts(metadata, mint, ritual))


def _export_counts(metadata: Document, export: Document | None) -> Iterator[Issue]:
    if export is None or not export.is_complete:
        return
    root, records = metadata.header, [record for record in export.records if isinstance(record, dict | Record)]
    batches = batch_names(records)
    counts = root.get("counts")
    measured = {"records": len(export.records), "units_total": unit_count(records), "batches": len(batches)}
    for key, count in measured.items():
        if isinstance(counts, dict) and key in counts and count is not None:
            yield from _disagreement(("counts", key), counts[key], count, export.name)
    if "batch_count" in root:
        yield from _disagreement(("batch_count",), root["batch_count"], len(batches), export.name)
    for key in BATCH_LISTS:
        listed = root.get(key)
        if isinstance(listed, list):
            yield from _list_issues(key, [cell_text(name) for name in listed], batches, export.name)


def _list_issues(key: str, listed: list[str], batches: list[str], name: str) -> Iterator[Issue]:
    missing, extra = sorted(set(batches) - set(listed)), sorted(set(listed) - set(batches))
    told = [f"{', '.join(names[:3])}{' …' if len(names) > 3 else ''}" for names in (missing, extra)]
    if missing or extra:
        parts = [f"lacks {told[0]}"] * bool(missing) + [f"has {told[1]}, which the export has not"] * bool(extra)
        words = f"{key} {' and '.join(parts)} ({name})"
        yield rules.BATCH_LIST.issue(pointer(key), words, expected=str(len(batches)), actual=str(len(listed)))


def _feed_counts(metadata: Document, mint: Document, ritual: Document | None) -> Iterator[Issue]:
    summary = metadata.header.get("telemetry_summary")
    if not isinstance(summary, dict):
        return
    minted = sum(MINT_STATUSES.get(_plain(line)) == "success" for line in mint.records)
    measured = {
        "total_mint_events": (len(mint.records), mint.name),
        "successful_mints": (minted, mint.name),
        "ritual_events": (len(ritual.records) if ritual else 0, ritual.name if ritual else ""),
    }
    for key, (count, name) in measured.items():
        if key in summary and name:
            yield from _disagreement(("telemetry_summary", key), summary[key], count, name)


def _plain(line: Any) -> str:
    status = line.get("status") if isinstance(line, dict) else line.status
    return str(status).strip().lower()


def _disagreement(key: tuple[str, ...], stated: Any, count: int, name: str) -> Iterator[Issue]:
    if stated != count or isinstance(stated, bool):
        words = f"{key[-1]} is {shown(stated)}, {name} gives {count}"
        yield rules.COUNTS.issue(pointer(*key), words, expected=str(count), actual=shown(stated))
