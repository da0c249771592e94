"""The texts of header values as numbers and the like (Bootloader specification, section 3.2)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

MAX_DIGITS = 18  # longer counts are refused: no producer writes them
BREAKDOWN_KEYS = ("insert", "delete", "modify", "append")
ERAS = ((5, "PRIMORDIAL"), (15, "EXPANSION"), (30, "COMPLEXITY"))
LAST_ERA = "SINGULARITY"

_COUNT = re.compile(rf"\d{{1,{MAX_DIGITS}}}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:\.\d{0,40})?(?:[eE][+-]?\d{1,4})?", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}", re.ASCII)


def count(text: str) -> int | None:
    """A plain decimal of at most 18 digits; None when the text is anything else."""
    text = text.strip()
    return int(text) if _COUNT.fullmatch(text) else None


def number(text: str) -> int | float | None:
    """A finite decimal as it is spelled: an integer without point and exponent."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    if text.lstrip("+-").isdigit():
        return int(text)
    value = float(text)
    return value if math.isfinite(value) else None


def size(text: str) -> int | None:
    """`<n> bytes`."""
    return count(text.strip().removesuffix("bytes"))


def duration(text: str) -> int | float | None:
    """`<n> ms`: the number as it is written, whatever its unit really is."""
    return number(text.strip().removesuffix("ms"))


def breakdown(text: str) -> dict[str, int] | None:
    """`insert=a, delete=b, modify=c, append=d`."""
    parts = [part.partition("=") for part in text.split(",", len(BREAKDOWN_KEYS))]
    found = {name.strip(): count(amount) for name, _, amount in parts}
    return ordered_breakdown(found) if len(parts) == len(BREAKDOWN_KEYS) else None


def ordered_breakdown(amounts: Mapping[str, Any]) -> dict[str, int] | None:
    """The four counts in the producer's order; None unless exactly they are there and none is negative."""
    if set(amounts) != set(BREAKDOWN_KEYS) or not all(type(n) is int and n >= 0 for n in amounts.values()):
        return None
    return {key: amounts[key] for key in BREAKDOWN_KEYS}


def size_range(text: str) -> tuple[int, int] | None:
    """`<min>/<max>`."""
    low, _, high = text.partition("/")
    smallest, largest = count(low), count(high)
    return None if smallest is None or largest is None else (smallest, largest)


READERS: Mapping[str, Callable[[str], Any]] = {
    "generated": str.strip,
    "generation": count,
    "kernel_size": size,
    "era": str.strip,
    "attempted": count,
    "applied": count,
    "breakdown": breakdown,
    "trap": str,
    "duration": duration,
    "range": size_range,
    "blacklist": count,
    "advisor": count,
    "instances_declared": count,
}


def moment(text: str) -> datetime | None:
    """A time of writing, ISO 8601, in UTC where it states no offset; None when it is none."""
    if not _TIMESTAMP.fullmatch(text):
        return None
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stated if stated.tzinfo else stated.replace(tzinfo=UTC)


def is_time(text: str) -> bool:
    """Whether a history row's time is one, HH:MM:SS.mmm."""
    return _TIME.fullmatch(text) is not None


def milliseconds(time: str) -> int:
    """A history row's time as milliseconds since midnight."""
    return ((int(time[:2]) * 60 + int(time[3:5])) * 60 + int(time[6:8])) * 1000 + int(time[9:12])


def era_of(generation: int) -> str:
    """The era that old versions print for a generation."""
    return next((era for end, era in ERAS if generation < end), LAST_ERA)


def opcode_tokens(text: str) -> tuple[tuple[int, ...], str | None]:
    """Opcodes, decimal or 0x.., between white space or commas, up to the first token that is none, and that token."""
    found: list[int] = []
    for token in text.replace(",", " ").split():
        value = count(token) if token[:2] not in ("0x", "0X") else hex_value(token[2:])
        if value is None or value > 0xFF:
            return tuple(found), token
        found.append(value)
    return tuple(found), None


def hex_value(text: str) -> int | None:
    """A hexadecimal number of at most 16 digits without sign or underscore."""
    return int(text, 16) if 0 < len(text) <= 16 and text.isascii() and text.isalnum() and _is_hex(text) else None


def _is_hex(text: str) -> bool:
    return not text.strip("0123456789abcdefABCDEF")
