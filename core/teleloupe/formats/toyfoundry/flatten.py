"""From a composite rollup to export records, with what became of every value (Toyfoundry specification, section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import attrgetter, le
from typing import Any, cast

from msgspec import Struct

from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.conversions import (
    MINT_STATUSES,
    Hint,
    Taken,
    duration_of,
    event_status,
    flag_hints,
    mint_status,
    mint_units,
    ritual_of,
    units_of,
)
from teleloupe.formats.toyfoundry.reading import shown, type_name
from teleloupe.formats.toyfoundry.shapes import Record, Status
from teleloupe.jsontext import pointer
from teleloupe.model import Issue, Rule

LOOM_ORDER = attrgetter("batch_id", "ritual", "status")


class Fields(Struct, frozen=True, gc=False):
    """The five values of a record that come from telemetry."""

    batch_id: Taken
    ritual: Taken
    units_processed: Taken
    status: Taken
    duration_ms: Taken


class Piece(Struct, frozen=True, gc=False):
    """A record and where in the rollup it comes from; `bucket` is None where the operation has no events."""

    record: Record
    operation_id: Any
    bucket: str | None
    index: int


class Refused(Struct, frozen=True):
    """Something that stops the producer: its place in the rollup, why, and under which rule."""

    at: str
    message: str
    rule: Rule = rules.WOULD_REFUSE
    is_left_out: bool = True  # else the record is there, with a default in the place of the value


Outcome = Piece | Refused


def pieces(entries: Iterable[tuple[Any, Any]]) -> Iterator[Outcome]:
    """The records of rollup entries, given in the order of their ids, not yet sorted; what must be left out between."""
    for operation_id, entry in entries:
        plain = _plain(operation_id, entry)
        if plain:
            yield plain
        else:
            yield from _operation(operation_id, entry)


def loom_sorted(found: list[Record]) -> list[Record]:
    """Records in the loom's order; ties stay as they are."""
    if all(map(le, found, islice(found, 1, None))):
        return found
    return sorted(found, key=LOOM_ORDER)


def plain_record(operation_id: Any, runs: Any, status: Any) -> Record | None:
    """The record of an operation with nothing but a mint in which nothing is odd: by far the most, so the quick way."""
    if type(operation_id) is not str or type(runs) is not int or type(status) is not str:
        return None
    exported = MINT_STATUSES.get(status)
    if exported is None or not operation_id.isascii():
        return None
    return Record(operation_id, "forge", cast("Status", exported), runs if runs > 0 else 1, 0, "1.0")


def event_fields(operation_id: Any, bucket: str, event: dict[str, Any], metadata: dict[str, Any]) -> Fields:
    """What the loom makes of one event."""
    batch_id = metadata.get("batch_id")
    return Fields(
        _batch_id(batch_id, operation_id),
        ritual_of(bucket),
        units_of(metadata),
        event_status(event.get("status"), metadata.get("dry_run")),
        duration_of(metadata),
    )


def mint_fields(operation_id: Any, mint: dict[str, Any]) -> Fields:
    """What the loom makes of an operation without events."""
    return Fields(
        _batch_id(None, operation_id),
        _NO_RITUAL,
        mint_units(mint.get("mint_runs", 0)),
        mint_status(mint.get("latest_status")),
        _NOT_TIMED,
    )


def event_hints(fields: Fields, metadata: dict[str, Any]) -> tuple[Hint, ...]:
    """Everything the loom did in silence to an event."""
    flags = flag_hints(metadata["dry_run"]) if "dry_run" in metadata else ()
    return (
        *fields.ritual.hints,
        *fields.status.hints,
        *fields.units_processed.hints,
        *fields.duration_ms.hints,
        *flags,
    )


def hint_issue(hint: Hint, place: str) -> Issue:
    """A hint as an issue at `place` and the hint's own key."""
    return hint.rule.issue(f"{place}{pointer(*hint.key)}", hint.message, expected=hint.expected, actual=hint.actual)


def metadata_of(event: dict[str, Any]) -> dict[str, Any] | None:
    """An event's metadata, {} for none; None when it is something that stops the producer."""
    metadata = event.get("metadata") or {}
    return metadata if isinstance(metadata, dict) else None


def has_lone_surrogate(value: str) -> bool:
    """Whether a text cannot be written as UTF-8."""
    if value.isascii():
        return False
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


_NO_RITUAL = Taken("forge", "defaulted")
_NOT_TIMED = Taken(0, "defaulted")


def _operation(operation_id: Any, entry: Any) -> Iterator[Outcome]:
    if not isinstance(entry, dict):
        words = f"an operation is an object, this is {type_name(entry)}"
        yield Refused(pointer(str(operation_id)), words)
        return
    mint, rituals = entry.get("mint") or {}, entry.get("rituals") or {}
    if not isinstance(mint, dict) or not isinstance(rituals, dict):
        odd = "mint" if not isinstance(mint, dict) else "rituals"
        words = f"{odd} is an object or null, this is {type_name(entry[odd])}"
        yield Refused(pointer(str(operation_id), odd), words)
        return
    is_bare = True
    for bucket in sorted(rituals) if rituals else ():
        for outcome in _bucket(operation_id, bucket, rituals[bucket]):
            is_bare = is_bare and not isinstance(outcome, Piece)
            yield outcome
    if is_bare:
        yield from _piece(mint_fields(operation_id, mint), operation_id, None, 0)


def _plain(operation_id: Any, entry: Any) -> Piece | None:
    if type(entry) is not dict or entry.get("rituals"):
        return None
    mint = entry.get("mint")
    record = (
        plain_record(operation_id, mint.get("mint_runs"), mint.get("latest_status")) if type(mint) is dict else None
    )
    return Piece(record, operation_id, None, 0) if record else None


def _bucket(operation_id: Any, name: str, bucket: Any) -> Iterator[Outcome]:
    at = pointer(str(operation_id), "rituals", name)
    if not isinstance(bucket, dict):
        yield Refused(at, f"a ritual holds an object, this is {type_name(bucket)}")
        return
    events = bucket.get("events") or []
    if not isinstance(events, list):
        yield Refused(f"{at}/events", f"events is an array, this is {type_name(events)}")
        return
    for index, event in enumerate(events):
        if not isinstance(event, dict):
            yield Refused(f"{at}/events/{index}", f"an event is an object, this is {type_name(event)}")
        elif (metadata := metadata_of(event)) is None:
            words = f"metadata is an object, this is {type_name(event['metadata'])}"
            yield Refused(f"{at}/events/{index}/metadata", words, rules.METADATA_TYPE)
        else:
            yield from _piece(event_fields(operation_id, name, event, metadata), operation_id, name, index)


def _piece(fields: Fields, operation_id: Any, bucket: str | None, index: int) -> Iterator[Outcome]:
    batch_id, units, duration = fields.batch_id.value, fields.units_processed, fields.duration_ms
    if has_lone_surrogate(batch_id):
        words = f"batch id {shown(ascii(batch_id))} holds half a surrogate pair"
        yield Refused(pointer(str(operation_id)), words, rules.LONE_SURROGATE)
        return
    for hint in (*units.hints, *duration.hints):
        if hint.refuses:
            yield Refused(pointer(str(operation_id)), hint.message, rules.NON_FINITE, is_left_out=False)
    ritual, status = fields.ritual.value, fields.status.value
    yield Piece(Record(batch_id, ritual, status, units.value, duration.value, "1.0"), operation_id, bucket, index)


def _batch_id(batch_id: Any, operation_id: Any) -> Taken:
    """The event's own batch id, else the operation it was filed under."""
    if batch_id:
        return Taken(str(batch_id), "measured" if type(batch_id) is str else "coerced", ("batch_id",), batch_id)
    if type(operation_id) is str:
        return Taken(operation_id, "measured", (), operation_id)
    return Taken(str(operation_id), "coerced", (), operation_id)
