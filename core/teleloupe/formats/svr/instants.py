"""Timestamps: a grammar of our own and instants as integer nanoseconds since 1970 (SVR specification, section 5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from teleloupe.formats.svr.rules import fault
from teleloupe.model import Issue

TimestampClass = Literal["ok", "noncanonical", "not_utc", "no_offset", "invalid"]
SECOND_NS = 1_000_000_000
_DAY_SECONDS = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_GRAMMAR = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})([Tt ])([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,9}))?"
    r"(?:([Zz])|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))?"
)


class Timestamp(Struct, frozen=True):
    """What a text says: its class, and the instant in ns since 1970 UTC where it gives one."""

    kind: TimestampClass
    instant: int | None = None


def read_timestamp(text: str) -> Timestamp:
    """Classify a timestamp text; leap seconds, decimal commas and dates that no calendar has are invalid."""
    match = _GRAMMAR.fullmatch(text)
    day = _day(match[1]) if match else None
    if match is None or day is None:
        return _INVALID
    _, separator, hour, minute, second, fraction, zulu, sign, offset_hour, offset_minute = match.groups()
    if zulu is None and sign is None:
        return _NO_OFFSET
    seconds = day * _DAY_SECONDS + int(hour) * 3600 + int(minute) * 60 + int(second)
    offset = 0 if zulu else int(offset_hour) * 3600 + int(offset_minute) * 60
    seconds += offset if sign == "-" else -offset
    instant = seconds * SECOND_NS + (int(fraction.ljust(9, "0")) if fraction else 0)
    if offset:
        return Timestamp("not_utc", instant)
    return Timestamp("ok" if zulu == "Z" and separator == "T" else "noncanonical", instant)


def instant_of(text: object) -> int | None:
    """The instant of a timestamp value in ns since 1970; None when it gives none."""
    return read_timestamp(text).instant if isinstance(text, str) else None


def timestamp_faults(text: str, at: str) -> Iterator[Issue]:
    """What is wrong with a timestamp text."""
    found = read_timestamp(text)
    if found.kind != "ok":
        code, message, expected = _FAULTS[found.kind]
        shown = text if len(text) <= 60 else f"{text[:60]}..."
        yield fault(code, at, message.format(f'timestamp "{shown}"'), expected=expected, actual=shown)


def utc_date(instant: int) -> str:
    """The UTC date of an instant as YYYYMMDD; an offset can lead out of the calendar, to no date."""
    try:
        day = date.fromordinal(_EPOCH + instant // (_DAY_SECONDS * SECOND_NS))
    except ValueError:
        return ""
    return day.isoformat().replace("-", "")


def seconds_text(nanoseconds: int) -> str:
    """A duration in seconds, exact, without needless zeros: 90, 90.000000001, -0.5."""
    whole, rest = divmod(abs(nanoseconds), SECOND_NS)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{'-' if nanoseconds < 0 else ''}{whole}{fraction}"


_INVALID = Timestamp("invalid")
_NO_OFFSET = Timestamp("no_offset")
_CANONICAL = "YYYY-MM-DDThh:mm:ss[.f]Z"
_FAULTS = {
    "invalid": ("time.invalid", "{} is no date-time that exists", _CANONICAL),
    "no_offset": ("time.no_offset", "{} has no zone; end it in Z", _CANONICAL),
    "not_utc": ("time.not_utc", "{} is not in UTC; convert it and end it in Z", _CANONICAL),
    "noncanonical": ("time.noncanonical", "{} is in UTC but written otherwise", _CANONICAL),
}


@lru_cache(maxsize=4096)
def _day(text: str) -> int | None:
    """Days since 1970 of a YYYY-MM-DD text; None when the calendar has no such day."""
    try:
        return date(int(text[:4]), int(text[5:7]), int(text[8:])).toordinal() - _EPOCH
    except ValueError:
        return None
