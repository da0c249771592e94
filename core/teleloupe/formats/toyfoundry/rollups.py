"""Rollups against their schema and their own events (Toyfoundry specification, sections 2.3, 2.4 and 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from teleloupe.columns import column
from teleloupe.formats import document_of
from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.conversions import UnusableTime, instant_of, mint_status
from teleloupe.formats.toyfoundry.detection import named
from teleloupe.formats.toyfoundry.feeds import refusal_issue
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.flatten import Refused, event_fields, event_hints, hint_issue, metadata_of, pieces
from teleloupe.formats.toyfoundry.reading import read_document, shown, type_name
from teleloupe.formats.toyfoundry.shapes import Entry
from teleloupe.formats.toyfoundry.times import entry_times, event_order
from teleloupe.formats.toyfoundry.writing import Eol, eol_of
from teleloupe.jsontext import pointer
from teleloupe.model import Blob, Column, Detection, Document, Issue


class RollupBody(Struct, frozen=True):
    """The entries by operation id, in file order, and the line ends of the file."""

    entries: Mapping[str, Any]
    eol: Eol


_MINT_FIELDS = {
    "name": "string",
    "dry_runs": "counter",
    "mint_runs": "counter",
    "latest_status": "string",
    "first_seen": "time",
    "last_seen": "time",
}
_COUNTERS = ("total", "dry_runs", "completed")
_TITLES = {"rollup": "composite rollup", "mint-rollup": "mint rollup"}


def parse_rollup(blob: Blob, detection: Detection) -> Document:
    """The document of a rollup of either kind, with every issue that it has on its own."""
    reading = read_document(blob)
    findings = Findings(reading.issues)
    entries: dict[str, Any] = reading.value if isinstance(reading.value, dict) else {}
    if reading.value is not None and not isinstance(reading.value, dict):
        words = f"a rollup is an object, this is {type_name(reading.value)}"
        findings.add(rules.WRONG_ROOT.issue("", words, expected="object", actual=type_name(reading.value)))
    findings.extend(_kind_issues(blob.name, detection.kind))
    judge = _composite_issues if detection.kind == "rollup" else _mint_issues
    for operation_id, entry in entries.items():
        findings.extend(judge(operation_id, entry))
    if detection.kind == "rollup":
        findings.extend(_refusals(entries))
    return document_of(
        blob,
        "toyfoundry",
        detection,
        records=[Entry(operation_id, entry) for operation_id, entry in entries.items()],
        columns=_COMPOSITE_COLUMNS if detection.kind == "rollup" else _MINT_COLUMNS,
        issues=findings.issues(),
        record_at=[pointer(operation_id) for operation_id in entries].__getitem__,
        body=RollupBody(entries, eol_of(blob.data)),
        is_complete=reading.is_complete,
    )


def _kind_issues(name: str, kind: str) -> Iterator[Issue]:
    """A rollup of one kind under the name of the other."""
    suggested = named(name)
    if suggested and suggested.kind in _TITLES and suggested.kind != kind:
        expected, found = _TITLES[suggested.kind], _TITLES[kind]
        words = f"the name is that of a {expected}, the content is a {found}"
        yield rules.ROLLUP_KIND.issue("", words, expected=expected, actual=found)


def _mint_issues(operation_id: str, entry: Any) -> Iterator[Issue]:
    at = pointer(operation_id)
    if isinstance(entry, dict) and "rituals" in entry:
        words = "an entry of a composite rollup stands in a mint rollup"
        yield rules.ROLLUP_KIND.issue(at, words, expected="mint rollup", actual="composite rollup")
        return
    yield from _mint_schema(at, entry)
    if isinstance(entry, dict):
        yield from entry_times(at, entry)


def _composite_issues(operation_id: str, entry: Any) -> Iterator[Issue]:
    at = pointer(operation_id)
    if not isinstance(entry, dict):
        yield _schema_issue(at, "an operation", "object", entry)
        return
    if "mint_runs" in entry and "rituals" not in entry:
        words = "an entry of a mint rollup stands in a composite rollup"
        yield rules.ROLLUP_KIND.issue(at, words, expected="composite rollup", actual="mint rollup")
        return
    mint = entry.get("mint")
    if mint is not None:
        yield from _mint_schema(f"{at}/mint", mint)
    yield from _member(at, entry, "last_updated", "time")
    yield from _member(at, entry, "rituals", "object")
    rituals = entry.get("rituals")
    buckets = rituals if isinstance(rituals, dict) else {}
    for name, bucket in buckets.items():
        yield from _bucket_issues(pointer(operation_id, "rituals", name), operation_id, name, bucket)
    if isinstance(mint, dict) and not any(
        isinstance(bucket, dict) and bucket.get("events") for bucket in buckets.values()
    ):
        yield from (hint_issue(hint, f"{at}/mint") for hint in mint_status(mint.get("latest_status")).hints)
    yield from entry_times(at, entry)


def _bucket_issues(at: str, operation_id: str, name: str, bucket: Any) -> Iterator[Issue]:
    if not isinstance(bucket, dict):
        yield _schema_issue(at, "a ritual", "object", bucket)
        return
    for counter in _COUNTERS:
        yield from _member(at, bucket, counter, "counter")
    yield from _member(at, bucket, "events", "array")
    events = bucket.get("events")
    if not isinstance(events, list):
        return
    for index, event in enumerate(events):
        yield from _event_issues(f"{at}/events/{index}", operation_id, name, event)
    whole = [event for event in events if isinstance(event, dict)]
    if len(whole) == len(events):
        yield from _count_issues(at, bucket, whole)
        yield from event_order(at, whole)


def _event_issues(at: str, operation_id: str, name: str, event: Any) -> Iterator[Issue]:
    if not isinstance(event, dict):
        yield _schema_issue(at, "an event", "object", event)
        return
    yield from _member(at, event, "timestamp", "time")
    yield from _member(at, event, "status", "string")
    metadata = metadata_of(event)
    if "metadata" in event and not isinstance(event["metadata"], dict):
        yield _schema_issue(f"{at}/metadata", "metadata", "object", event["metadata"])
    if metadata is None:
        return
    for hint in event_hints(event_fields(operation_id, name, event, metadata), metadata):
        if hint.key[0] == "ritual":
            yield hint.rule.issue(at, hint.message, expected=hint.expected, actual=hint.actual)
        else:
            yield hint_issue(hint, at if hint.key[0] == "status" else f"{at}/metadata")


def _count_issues(at: str, bucket: dict[str, Any], events: list[dict[str, Any]]) -> Iterator[Issue]:
    counted = {
        "total": len(events),
        "dry_runs": sum(bool((metadata_of(event) or {}).get("dry_run")) for event in events),
        "completed": sum(event.get("status") == "completed" for event in events),
    }
    for counter, count in counted.items():
        stated = bucket.get(counter)
        if type(stated) is int and stated != count:
            words = f"{counter} is {stated}, the events give {count}"
            yield rules.ROLLUP_COUNT.issue(f"{at}/{counter}", words, expected=str(count), actual=str(stated))


def _mint_schema(at: str, entry: Any) -> Iterator[Issue]:
    if not isinstance(entry, dict):
        yield _schema_issue(at, "a mint entry", "object", entry)
        return
    for field, kind in _MINT_FIELDS.items():
        yield from _member(at, entry, field, kind)
    path = entry.get("last_output_path")
    if path is not None and not isinstance(path, str):
        yield _schema_issue(f"{at}/last_output_path", "last_output_path", "string or null", path)


def _member(at: str, entry: dict[str, Any], field: str, kind: str) -> Iterator[Issue]:
    """Whether a member is there and of its kind."""
    if field not in entry:
        yield rules.ROLLUP_SCHEMA.issue(f"{at}/{field}", f"{field} is missing; the schema requires it", expected=kind)
        return
    value = entry[field]
    if not _KINDS[kind](value):
        words = {"counter": "integer of 0 or more", "time": "date-time"}.get(kind, kind)
        yield _schema_issue(f"{at}/{field}", field, words, value)


def _schema_issue(at: str, what: str, expected: str, value: Any) -> Issue:
    found = type_name(value) if isinstance(value, dict | list) else shown(value)
    return rules.ROLLUP_SCHEMA.issue(
        at, f"{what} is {found}; the schema has {expected}", expected=expected, actual=found
    )


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and instant_of(value) is not None
    except UnusableTime:
        return False


_KINDS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "counter": lambda value: type(value) is int and value >= 0,
    "time": _is_time,
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}


def _refusals(entries: dict[str, Any]) -> Iterator[Issue]:
    """That the producer's export would stop at this rollup, if it would."""
    refused = [found for found in pieces(sorted(entries.items())) if isinstance(found, Refused)]
    if refused:
        yield refusal_issue([f"{found.at}: {found.message}" for found in refused], len(refused))


def _of_mint(field: str) -> Callable[[Any], Any]:
    def get(record: Any) -> Any:
        value = record.value if isinstance(record.value, dict) else {}
        mint = value.get("mint") if "mint" in value or "rituals" in value else value
        return mint.get(field) if isinstance(mint, dict) else None

    return get


def _member_of(field: str) -> Callable[[Any], Any]:
    return lambda record: record.value.get(field) if isinstance(record.value, dict) else None


def _ritual_names(record: Any) -> Any:
    rituals = _member_of("rituals")(record)
    return ", ".join(sorted(rituals)) if isinstance(rituals, dict) else None


def _event_count(record: Any) -> Any:
    rituals = _member_of("rituals")(record)
    buckets = rituals.values() if isinstance(rituals, dict) else ()
    lists = [bucket.get("events") for bucket in buckets if isinstance(bucket, dict)]
    return sum(len(events) for events in lists if isinstance(events, list))


_ID = column("operation_id", "the alfa id or other id that events are filed under")
_MINT_COLUMNS = (
    _ID,
    Column("name", _of_mint("name"), "", "name of the mint"),
    Column("latest_status", _of_mint("latest_status"), "", "status of the last line, in the order of the feed"),
    Column("mint_runs", _of_mint("mint_runs"), "", "mints that were no dry runs", "integer"),
    Column("dry_runs", _of_mint("dry_runs"), "", "mints that were dry runs", "integer"),
    Column("first_seen", _of_mint("first_seen"), "", "earliest mint"),
    Column("last_seen", _of_mint("last_seen"), "", "latest mint"),
    Column("last_output_path", _of_mint("last_output_path"), "", "manifest of the last mint that wrote one"),
)
_COMPOSITE_COLUMNS = (
    *_MINT_COLUMNS[:5],
    Column("rituals", _ritual_names, "", "raw names of its rituals"),
    Column("events", _event_count, "", "ritual events", "integer"),
    Column("last_updated", _member_of("last_updated"), "", "latest time of anything in the operation"),
)
