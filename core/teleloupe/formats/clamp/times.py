"""Time texts: what they mean, and what the producer's aggregator reads in them (section 5.2)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from msgspec import Struct

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000
EPOCH_ERA_END_NS = 946_684_800 * NS_PER_S  # the year 2000: earlier times come of aligned or synthetic clocks

_CANONICAL_LENGTH = 20  # 2025-10-15T03:46:40Z
_CANONICAL_MARKS = "--T::Z"  # every third character from the fifth
_DATE = r"(?!0000)\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_CANONICAL_LINES = re.compile(rf"(?:{_DATE}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ(?:\n|\Z))+", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d(?::?\d\d)?)?", re.ASCII)
_UPSTREAM = re.compile(r"[+-]?(\d{1,4})-(\d{1,2})-(\d{1,2})T(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,3}))?", re.ASCII)
_STAMP = re.compile(r"_(\d{8}T\d{6}Z)\.json", re.ASCII)
_MILLISECOND = timedelta(milliseconds=1)


class Instant(Struct, frozen=True):
    """A moment in nanoseconds since 1970, the unit its text was truncated to, and how the text names its zone."""

    ns: int
    unit_ns: int = NS_PER_S
    zone: str | None = "Z"
    offset_min: int = 0
    is_canonical: bool = True


@lru_cache(maxsize=8192)
def instant(text: str) -> Instant | None:
    """The moment an ISO-8601 date-time with seconds names, its offset applied; None for any other text."""
    if _has_canonical_shape(text):
        return _canonical(text)
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    seconds = _seconds(match, max_minute=59)
    fraction, zone = match[7], match[8]
    offset_min = _offset_min(zone)
    if seconds is None or offset_min is None:
        return None
    digits = (fraction or "")[:9]
    ns = (seconds - offset_min * 60) * NS_PER_S + int(digits.ljust(9, "0"))
    return Instant(ns, 10 ** (9 - len(digits)), zone, offset_min, is_canonical=False)


@lru_cache(maxsize=8192)
def upstream_ms(text: str) -> int | None:
    """The milliseconds since 1970 that the producer reads: a prefix match that ignores offsets; None if it fails."""
    if _has_canonical_shape(text) and (moment := _canonical(text)):
        return moment.ns // NS_PER_MS
    match = _UPSTREAM.match(text)
    seconds = _seconds(match, max_minute=60) if match else None  # its library takes minute 60 for the next hour's 0
    return None if match is None or seconds is None else seconds * 1000 + int((match[7] or "").ljust(3, "0"))


def are_canonical(texts: Collection[str]) -> bool:
    """Whether texts are all times in the exporter's own form, and thus sort as they follow; in doubt not."""
    joined = "\n".join(texts)
    is_long_enough = len(joined) == len(texts) * (_CANONICAL_LENGTH + 1) - 1
    return is_long_enough and _CANONICAL_LINES.fullmatch(joined) is not None


def canonical_ns(text: str) -> int:
    """The moment of a text that is known to be in the exporter's own form, or in that of its file names."""
    since = datetime.fromisoformat(text) - _EPOCH
    return (since.days * 86_400 + since.seconds) * NS_PER_S


def canonical_span_ms(start: str, end: str) -> float:
    """The milliseconds between two moments in the exporter's own form."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)) / _MILLISECOND


def stamp_ns(name: str) -> int | None:
    """The moment of export in a file name `<hint>_<YYYYMMDDTHHMMSSZ>.json`, at whole seconds; None without one."""
    match = _STAMP.search(name)
    if match is None or match.end() != len(name):
        return None
    try:
        return canonical_ns(match[1])
    except ValueError:
        return None


def utc_text(ns: int) -> str:
    """A moment in the exporter's own form, truncated to seconds; beyond the calendar its seconds since 1970."""
    seconds = ns // NS_PER_S
    try:
        return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        return f"{seconds} s since 1970"


def _has_canonical_shape(text: str) -> bool:
    return len(text) == _CANONICAL_LENGTH and text[4::3] == _CANONICAL_MARKS


def _canonical(text: str) -> Instant | None:
    """The moment of a text in the exporter's own form, which nearly all have."""
    try:
        return Instant(canonical_ns(text))
    except ValueError:
        return None


def _seconds(match: re.Match[str], max_minute: int) -> int | None:
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    if hour > 23 or minute > max_minute or second > 59:
        return None
    try:
        days = date(year, month, day).toordinal() - 719_163
    except ValueError:
        return None
    return days * 86_400 + hour * 3600 + minute * 60 + second


def _offset_min(zone: str | None) -> int | None:
    """The minutes east of UTC a zone text means, 0 without one; None when it is out of range."""
    if zone is None or zone in "Zz":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or "0")
    if hours > 23 or minutes > 59:
        return None
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)
