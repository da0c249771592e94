"""The rules of one record (section 7.1)."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from teleloupe.formats.clamp import rules
from teleloupe.formats.clamp.content import ISSUE_LIMIT
from teleloupe.formats.clamp.moments import DOUBLE_END
from teleloupe.formats.clamp.shapes import CONTRACT_FIELDS, MAX_SEED, TAG_FIELDS
from teleloupe.formats.clamp.times import NS_PER_MS, NS_PER_S, Instant, instant
from teleloupe.formats.clamp.wording import has_control, unmangled
from teleloupe.jsontext import pointer
from teleloupe.model import Issue, Rule

DURATION_SLACK_MS = 0.0005  # half of the duration's last printed decimal
_TYPES: dict[str, tuple[str, tuple[type, ...]]] = {
    "context": ("a string", (str,)),
    "seed": ("an integer", (int, float)),
    "thread_id": ("a string", (str,)),
    "acquired_at": ("a string", (str,)),
    "released_at": ("a string or null", (str, type(None))),
    "duration_ms": ("a number", (int, float)),
    "stability_score": ("a number", (int, float)),
    **dict.fromkeys(TAG_FIELDS, ("a string", (str,))),
}
_NAMES = frozenset(("context", "thread_id", *TAG_FIELDS))
_WORDS = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "an array", dict: "an object"}


def record_issues(records: Sequence[Any]) -> Iterator[Issue]:
    """Everything wrong with each record, by itself."""
    for index, record in enumerate(records):
        if isinstance(record, dict):
            yield from _object_issues(index, record)
    yield from _strangers(records)


def type_issues(at: str, fields: Mapping[str, Any]) -> Iterator[Issue]:
    """Values of the wrong JSON type, or beyond what a double holds, among the fields that are known."""
    for name, (wanted, types) in _TYPES.items():
        value = fields.get(name, ...)
        if value is ...:
            continue
        if type(value) not in types:
            tail = "; this makes a JSON-library aggregator abort" if name == "stability_score" and at else ""
            message = f"{name} must be {wanted}, found {type_name(value)}{tail}"
            yield rules.FIELD_TYPE.issue(f"{at}/{name}", message, expected=wanted, actual=type_name(value))
        elif is_too_large(name, value):
            yield rules.NUMBER_OVERFLOW.issue(f"{at}/{name}", f"{name} is too large for a double")


def text_issues(at: str, fields: Mapping[str, Any]) -> Iterator[Issue]:
    """Double encoding in any text of an object, and control characters in its names and tags."""
    for name, value in fields.items():
        if not isinstance(value, str) or (value.isascii() and value.isprintable()):
            continue
        place = f"{at}{pointer(name)}"
        if name in _NAMES and has_control(value):
            message = f"{name} holds control characters, shown escaped"
            yield rules.ENC_CONTROL_CHAR.issue(place, message, actual=ascii(value)[:80])
        if (fixed := unmangled(value)) is not None:
            message = f"{name:.40} looks double-encoded: {value[:40]!a} probably was {fixed[:40]}"
            yield rules.ENC_MOJIBAKE.issue(place, message, expected=fixed[:80], actual=value[:80])


def is_too_large(name: str, value: Any) -> bool:
    """Whether a number exceeds a double's range; integer seeds have a rule of their own."""
    if isinstance(value, float):
        return math.isinf(value)
    return name != "seed" and isinstance(value, int) and abs(value) >= DOUBLE_END


def type_name(value: Any) -> str:
    """The JSON type of a value, in words."""
    return "null" if value is None else _WORDS.get(type(value), "something else")


def _object_issues(index: int, record: Mapping[str, Any]) -> Iterator[Issue]:
    at = f"/records/{index}"
    missing = [name for name in CONTRACT_FIELDS if name not in record]
    if missing:
        names = ", ".join(missing)
        yield rules.FIELD_MISSING.issue(at, f"record {index} lacks {names}", expected=names)
    yield from type_issues(at, record)
    yield from _name_issues(at, record)
    yield from _seed_issues(f"{at}/seed", record.get("seed"))
    yield from _score_issues(f"{at}/stability_score", record.get("stability_score"))
    acquired = yield from _time_issues(at, record, "acquired_at", rules.ACQUIRED_EMPTY)
    released = yield from _time_issues(at, record, "released_at", rules.RELEASED_EMPTY)
    yield from _duration_issues(at, record.get("duration_ms"), acquired, released)
    if "released_at" in record and record["released_at"] is None:
        yield from _held_issues(at, record)


def _strangers(records: Sequence[Any]) -> Iterator[Issue]:
    """Elements that are no objects; there can be as many as the file has bytes, so only as many issues as are kept."""
    indexes = [index for index, record in enumerate(records) if not isinstance(record, dict)]
    for place, index in enumerate(indexes[:ISSUE_LIMIT], start=1):
        count = 1 if place < ISSUE_LIMIT else len(indexes) - ISSUE_LIMIT + 1
        message, found = f"record {index} is not an object", type_name(records[index])
        yield rules.RECORD_NOT_OBJECT.issue(f"/records/{index}", message, actual=found, count=count)


def _name_issues(at: str, record: Mapping[str, Any]) -> Iterator[Issue]:
    if record.get("context") == "":
        yield rules.CONTEXT_EMPTY.issue(f"{at}/context", "no context name")
    if record.get("thread_id") == "":
        yield rules.THREAD_EMPTY.issue(f"{at}/thread_id", "no thread id")
    yield from text_issues(at, record)


def _seed_issues(at: str, seed: Any) -> Iterator[Issue]:
    if type(seed) is float and math.isfinite(seed):
        message = f"seed written as {seed!r}: precision is lost; seeds are exact integers"
        yield rules.SEED_INEXACT.issue(at, message, actual=repr(seed))
    elif type(seed) is int and seed == 0:
        yield rules.SEED_ZERO.issue(at, "seed 0: acquisition failed")
    elif type(seed) is int and not 0 < seed <= MAX_SEED:
        shown = f"{seed}" if seed.bit_length() < 256 else f"of {seed.bit_length()} bits"
        yield rules.SEED_RANGE.issue(at, f"seed {shown} does not fit 64 bits", expected=f"1..{MAX_SEED}", actual=shown)


def _score_issues(at: str, score: Any) -> Iterator[Issue]:
    if type(score) in (int, float) and not is_too_large("stability_score", score) and not 0 <= score <= 1:
        message = f"score {score!r:.40} is outside 0..1: telemetry corruption"
        yield rules.SCORE_RANGE.issue(at, message, expected="0..1", actual=f"{score!r:.40}")


def _time_issues(at: str, record: Mapping[str, Any], name: str, empty: Rule) -> Generator[Issue, None, Instant | None]:
    """The faults of a time text; returns the moment it names, None when it names none."""
    text, at = record.get(name), f"{at}/{name}"
    if not isinstance(text, str):
        return None
    moment = instant(text)
    if not text:
        yield empty.issue(at, "time was never set (clock value zero)")
    elif moment is None:
        yield rules.TIME_FORMAT.issue(at, f"{name} is not an ISO-8601 time: {text[:40]!a}", actual=text[:80])
    elif not moment.is_canonical:
        yield _form_issue(at, name, text, moment)
    return moment


def _form_issue(at: str, name: str, text: str, moment: Instant) -> Issue:
    if moment.offset_min:
        message = f"{name} is not UTC ({moment.zone}); the aggregator ignores the offset and is off by that much"
        return rules.TIME_NOT_UTC.issue(at, message, actual=text)
    if moment.zone is None:
        return rules.TIME_NO_ZONE.issue(at, f"{name} has no zone; read as UTC", actual=text)
    return rules.TIME_NONCANONICAL.issue(at, f"{name} is UTC but not in the exporter's form", actual=text)


def _duration_issues(at: str, duration: Any, acquired: Instant | None, released: Instant | None) -> Iterator[Issue]:
    is_number = type(duration) in (int, float) and not is_too_large("duration_ms", duration)
    is_early = acquired is not None and released is not None and released.ns < acquired.ns
    if is_number and duration < 0:
        message = f"negative duration {duration!r:.40} ms: the system clock stepped, or corruption"
        yield rules.DURATION_NEGATIVE.issue(f"{at}/duration_ms", message, actual=f"{duration!r:.40}")
    if acquired is None or released is None:
        return
    if is_early:
        seconds = (acquired.ns - released.ns) / NS_PER_S
        yield rules.RELEASE_BEFORE_ACQUIRE.issue(f"{at}/released_at", f"released {seconds:g} s before acquired")
    elif is_number and duration >= 0 and not is_fitting(duration, acquired, released):
        apart = (released.ns - acquired.ns) / NS_PER_S
        message = f"{duration!r:.40} ms cannot fit between the two times ({apart:g} s apart)"
        yield rules.DURATION_MISMATCH.issue(f"{at}/duration_ms", message, actual=f"{duration!r:.40}")


def is_fitting(duration_ms: float, acquired: Instant, released: Instant) -> bool:
    """Whether a duration can lie between two truncated times (section 7.3)."""
    excess_ms = duration_ms - (released.ns - acquired.ns) / NS_PER_MS
    least = -acquired.unit_ns / NS_PER_MS - DURATION_SLACK_MS
    return least < excess_ms < released.unit_ns / NS_PER_MS + DURATION_SLACK_MS


def _held_issues(at: str, record: Mapping[str, Any]) -> Iterator[Issue]:
    values = {name: record.get(name) for name in ("duration_ms", "stability_score")}
    results = [name for name, value in values.items() if type(value) in (int, float) and value]
    if results:
        message = f"in-flight record already carries results: {', '.join(results)} should be 0"
        yield rules.INFLIGHT_INCONSISTENT.issue(at, message)
