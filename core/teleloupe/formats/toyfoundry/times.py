"""Times inside a rollup entry: order, contradiction, zones (Toyfoundry specification, sections 3.1, 3.2 and 8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.conversions import UnusableTime, instant_of
from teleloupe.jsontext import pointer
from teleloupe.model import Issue


def entry_times(at: str, entry: dict[str, Any]) -> Iterator[Issue]:
    """What contradicts itself among the times of an entry of either kind of rollup."""
    mint = entry.get("mint") if "mint" in entry or "rituals" in entry else entry
    mint_at = f"{at}/mint" if mint is not entry else at
    times = dict(_times(at, entry, mint if isinstance(mint, dict) else {}, mint_at))
    for place, instant in times.items():
        if instant.tzinfo is None:
            words = "the time has no zone, so it cannot be compared with one that has"
            yield rules.ROLLUP_TIMES.issue(place, words, expected="a zone", actual=instant.isoformat())
    if len({instant.tzinfo is None for instant in times.values()}) > 1:
        return
    first, last = times.get(f"{mint_at}/first_seen"), times.get(f"{mint_at}/last_seen")
    if first and last and first > last:
        words = "first_seen is after last_seen"
        yield rules.ROLLUP_TIMES.issue(f"{mint_at}/first_seen", words, actual=first.isoformat())
    yield from _latest(f"{at}/last_updated", times)


def event_order(at: str, events: list[dict[str, Any]]) -> Iterator[Issue]:
    """Whether the events of a ritual stand in the order of time; the first that does not, and how many."""
    instants = [_instant(event.get("timestamp")) for event in events]
    known = [(index, instant) for index, instant in enumerate(instants) if instant]
    if len({instant.tzinfo is None for _, instant in known}) > 1:
        return
    early = [index for (_, before), (index, instant) in pairwise(known) if instant < before]
    if early:
        words = "the event is earlier than the one before it; the loom sorts events by time"
        yield rules.ROLLUP_ORDER.issue(f"{at}/events/{early[0]}", words, count=len(early))


def _times(at: str, entry: dict[str, Any], mint: dict[str, Any], mint_at: str) -> Iterator[tuple[str, datetime]]:
    """Every time of an entry that can be read, by its place."""
    for field in ("first_seen", "last_seen"):
        if instant := _instant(mint.get(field)):
            yield f"{mint_at}/{field}", instant
    if mint is not entry and (instant := _instant(entry.get("last_updated"))):
        yield f"{at}/last_updated", instant
    rituals = entry.get("rituals")
    for name, bucket in rituals.items() if isinstance(rituals, dict) else ():
        events = bucket.get("events") if isinstance(bucket, dict) else None
        for index, event in enumerate(events if isinstance(events, list) else ()):
            if isinstance(event, dict) and (instant := _instant(event.get("timestamp"))):
                yield f"{at}{pointer('rituals', name, 'events', index, 'timestamp')}", instant


def _latest(place: str, times: dict[str, datetime]) -> Iterator[Issue]:
    stated = times.pop(place, None)
    latest = max(times.values(), default=None)
    if stated and latest and stated != latest:
        words = f"last_updated is {'before' if stated < latest else 'after'} the latest time in the operation"
        yield rules.ROLLUP_TIMES.issue(place, words, expected=latest.isoformat(), actual=stated.isoformat())


def _instant(value: Any) -> datetime | None:
    try:
        return instant_of(value)
    except UnusableTime:
        return None
