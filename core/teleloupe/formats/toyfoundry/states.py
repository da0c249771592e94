"""Rollup entries while feeds are being woven (Toyfoundry specification, sections 3.1 and 3.2)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from teleloupe.formats.toyfoundry.conversions import MINT_STATUSES
from teleloupe.formats.toyfoundry.shapes import Mint

_EARLIEST = datetime.min  # noqa: DTZ901 - what the producer sorts by where an event has no time; naive, as there
_AWARE, _NAIVE = datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 1)  # noqa: DTZ001 - naive on purpose
_KNOWN = {status: status for status in MINT_STATUSES}  # one text for a million mints


class MintState(Struct, gc=False):
    """An entry of the mint rollup while lines are added; `line` is the one that set the latest status."""

    name: Any
    latest_status: Any
    first_seen: Any
    last_seen: Any
    last_output_path: Any
    first_instant: datetime | None
    last_instant: datetime | None
    line: int
    dry_runs: int = 0
    mint_runs: int = 0

    def entry(self) -> dict[str, Any]:
        """The entry as the rollup has it."""
        return {
            "dry_runs": self.dry_runs,
            "first_seen": self.first_seen,
            "last_output_path": self.last_output_path,
            "last_seen": self.last_seen,
            "latest_status": self.latest_status,
            "mint_runs": self.mint_runs,
            "name": self.name,
        }


class EventState(Struct, gc=False):
    """An event in a bucket, with the feed's line it came from."""

    timestamp: Any
    status: Any
    metadata: dict[str, Any]
    instant: datetime | None
    line: int

    def entry(self) -> dict[str, Any]:
        """The event as the rollup has it."""
        return {"metadata": self.metadata, "status": self.status, "timestamp": self.timestamp}


class OperationState(Struct):
    """The ritual side of an operation while events are added."""

    last_updated: Any
    last_instant: datetime | None
    buckets: dict[str, list[EventState]]

    def rituals(self) -> dict[str, Any]:
        """The rituals as the rollup has them."""
        return {name: _bucket_entry(events) for name, events in self.buckets.items()}


def first_state(line: int, entry: Mint, is_lean: bool) -> MintState | None:
    """The state after the first line of a mint in which nothing is odd; None where something may be."""
    status, timestamp = entry.status, entry.timestamp
    if status not in _KNOWN or not timestamp or not entry.alfa_id.isascii():
        return None
    try:
        instant = datetime.fromisoformat(timestamp.replace("Z", "+00:00"))  # noqa: FURB162 - as `instant_of` does
    except ValueError:
        return None
    if not instant.hour:
        return None
    dry_runs, runs = (1, 0) if entry.dry_run else (0, 1)
    if is_lean:
        shared = _NAIVE if instant.tzinfo is None else _AWARE
        return MintState("", _KNOWN[status], None, None, None, shared, shared, line, dry_runs, runs)
    path = entry.output_path
    return MintState(entry.name, status, timestamp, timestamp, path, instant, instant, line, dry_runs, runs)


def shared_instant(instant: datetime | None) -> datetime | None:
    """One instant for all with a zone and one for all without: enough to tell what cannot be compared."""
    return None if instant is None else _NAIVE if is_naive(instant) else _AWARE


def operation_of(entry: dict[str, Any], metadata: dict[str, Any]) -> str | None:
    """The operation an event is filed under; None when it names none."""
    for holder, key in (
        (metadata, "batch_id"), (metadata, "alfa_id"), (metadata, "operation_id"), (entry, "alfa_id"), (entry, "name"),
    ):  # fmt: skip
        if value := holder.get(key):
            return str(value)
    return None


def is_naive(instant: datetime) -> bool:
    """Whether an instant has no zone; the producer cannot compare it with one that has."""
    return instant.tzinfo is None


def in_time(event: EventState) -> datetime:
    """What events of a ritual are sorted by."""
    return event.instant or _EARLIEST


def _bucket_entry(events: list[EventState]) -> dict[str, Any]:
    return {
        "completed": sum(event.status == "completed" for event in events),
        "dry_runs": sum(bool(event.metadata.get("dry_run")) for event in events),
        "events": [event.entry() for event in events],
        "total": len(events),
    }
