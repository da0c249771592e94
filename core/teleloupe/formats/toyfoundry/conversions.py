"""How the loom turns one raw value into one exported value (Toyfoundry specification, sections 3.3 and 4.1 to 4.4).

Every function is total: where the producer would stop, the value counts as unusable and a hint says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.reading import shown, type_name
from teleloupe.formats.toyfoundry.shapes import DURATION_LIMIT_MS, RITUALS, STATUSES
from teleloupe.model import Rule

# measured: as the telemetry had it; aliased: under another key or word; coerced: turned into another value;
# clamped: moved to a bound; defaulted: the telemetry had nothing; constant: the contract fixes it
Mark = Literal["measured", "aliased", "coerced", "clamped", "defaulted", "constant"]

EVENT_STATUSES = {
    "completed": "success", "success": "success", "succeeded": "success",
    "failed": "failure", "failure": "failure", "error": "failure",
    "dry_run": "partial", "partial": "partial", "unknown": "partial",
}  # fmt: skip
MINT_STATUSES = {
    "minted": "success", "failed": "failure", "failure": "failure", "error": "failure", "draft": "partial",
}  # fmt: skip
UNIT_KEYS = (
    ("units_processed",), ("units",), ("count",),
    ("metrics", "units_processed"), ("metrics", "units"), ("metrics", "count"),
)  # fmt: skip
DURATION_KEYS = (
    ("duration_ms",), ("duration",),
    ("metrics", "duration_ms"), ("metrics", "duration"), ("metrics", "durationMillis"),
)  # fmt: skip

_RUNS_KEY = ("mint_runs",)
_HOUR_24 = re.compile(r"[T ]24|^\d{8}.24")


class Hint(Struct, frozen=True, gc=False):
    """Something the loom did in silence: the rule that names it, the key it concerns, and the words."""

    rule: Rule
    key: tuple[str, ...]
    message: str
    expected: str | None = None
    actual: str | None = None
    refuses: bool = False  # the producer would stop at it


class Taken(Struct, frozen=True, gc=False):
    """An exported value, how it came about, and the raw value under the key it came from."""

    value: Any
    mark: Mark
    key: tuple[str, ...] = ()
    found: Any = None
    hints: tuple[Hint, ...] = ()


class UnusableTime(ValueError):
    """A timestamp that stops the producer."""


def instant_of(value: Any) -> datetime | None:
    """The instant of a timestamp as Python 3.11 reads it, None for none. Raises UnusableTime."""
    if value is None or value == "":
        return None
    if type(value) is not str:
        raise UnusableTime(f"a timestamp is text, this is {type_name(value)}")
    try:
        instant = datetime.fromisoformat(value.replace("Z", "+00:00"))  # noqa: FURB162 - every Z, as the producer does
    except ValueError:
        raise UnusableTime(f"{shown(value)} is no timestamp") from None
    if instant.hour == 0 and _HOUR_24.search(value):
        raise UnusableTime(f"{shown(value)} is no timestamp; hours end at 23")
    return instant


def integer_of(value: Any) -> int | None:
    """What Python's `int` makes of a decoded value; None where it fails. An infinity fails too."""
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    if isinstance(value, int | str):
        try:
            return int(value)
        except ValueError:
            return None
    return None


def ritual_of(raw: Any) -> Taken:
    """The exported ritual of a raw bucket name."""
    if raw in RITUALS:
        return Taken(raw, "measured", ("ritual",), raw)
    if raw is None:
        return Taken("forge", "defaulted", ("ritual",), raw)
    plain = str(raw).strip().lower()
    if plain in RITUALS or plain == "drill":
        return Taken("forge" if plain == "drill" else plain, "aliased", ("ritual",), raw)
    words = f"ritual {shown(raw)} is unknown and becomes forge"
    hint = Hint(rules.RITUAL_COERCED, ("ritual",), words, ", ".join(RITUALS), shown(raw))
    return Taken("forge", "coerced", ("ritual",), raw, (hint,))


def event_status(raw: Any, is_dry_run: object) -> Taken:
    """The exported status of an event; a dry run is partial whatever it says."""
    taken = _status(raw, EVENT_STATUSES, ("status",))
    if not is_dry_run or taken.value == "partial":
        return taken
    hints = taken.hints
    if taken.value == "failure":
        words = f"status {shown(raw)} is exported as partial since dry_run is set"
        hints = (*hints, Hint(rules.SHADOWED, ("status",), words, "failure", "partial"))
    return Taken("partial", "coerced", ("status",), raw, hints)


def mint_status(raw: Any) -> Taken:
    """The exported status of a mint's latest status."""
    return _status(raw, MINT_STATUSES, ("latest_status",))


def units_of(metadata: Mapping[str, Any]) -> Taken:
    """The exported units of an event: the first key whose value converts to a positive integer, else 1."""
    hints: tuple[Hint, ...] = ()
    for key in UNIT_KEYS:
        found = _under(metadata, key)
        if found is None:
            continue
        units = integer_of(found)
        if units is not None and units > 0:
            return Taken(units, _number_mark(found, key, UNIT_KEYS[0]), key, found, hints)
        reason = "does not convert to an integer" if units is None else "is not positive"
        hints = (*hints, _unusable(rules.UNITS_UNUSABLE, key, found, reason))
    return Taken(1, "defaulted", (), None, hints) if hints else _ONE_UNIT


def duration_of(metadata: Mapping[str, Any]) -> Taken:
    """The exported duration of an event in ms: the first key whose value converts, clamped, else 0."""
    hints: tuple[Hint, ...] = ()
    for key in DURATION_KEYS:
        found = _under(metadata, key)
        if found is None:
            continue
        duration = integer_of(found)
        if duration is None:
            hints = (*hints, _unusable(rules.DURATION_UNUSABLE, key, found, "does not convert to an integer"))
        elif 0 <= duration <= DURATION_LIMIT_MS:
            return Taken(duration, _number_mark(found, key, DURATION_KEYS[0]), key, found, hints)
        else:
            return _clamped(duration, key, found, hints)
    return Taken(0, "defaulted", (), None, hints) if hints else _NO_DURATION


def mint_units(raw: Any) -> Taken:
    """The exported units of an operation without events: its mint runs, at least 1. Nothing measured them."""
    runs = integer_of(raw)
    hints: tuple[Hint, ...] = ()
    if isinstance(raw, float) and math.isinf(raw):
        hints = (Hint(rules.UNITS_UNUSABLE, _RUNS_KEY, "mint_runs is infinite", None, shown(raw), refuses=True),)
    return Taken(max(1, runs or 1), "defaulted", _RUNS_KEY, raw, hints)


def flag_hints(flag: Any, key: tuple[str, ...] = ("dry_run",)) -> tuple[Hint, ...]:
    """What is odd about a dry_run flag."""
    if flag is None or isinstance(flag, bool):
        return ()
    words = f"dry_run is {shown(flag)}, no boolean; it counts as {'a dry run' if flag else 'none'}"
    return (Hint(rules.DRY_RUN_TYPE, key, words, "boolean", shown(flag)),)


_ONE_UNIT = Taken(1, "defaulted")
_NO_DURATION = Taken(0, "defaulted")


def _status(raw: Any, known: Mapping[str, str], key: tuple[str, ...]) -> Taken:
    if raw is None:
        return Taken("partial", "defaulted", key)
    plain = str(raw).strip().lower()
    value = known.get(plain)
    if value is not None:
        return Taken(value, "measured" if raw in STATUSES else "aliased", key, raw)
    words = f"status {shown(raw)} is unknown and becomes partial"
    return Taken("partial", "coerced", key, raw, (Hint(rules.STATUS_COERCED, key, words, None, shown(raw)),))


def _under(metadata: Mapping[str, Any], key: tuple[str, ...]) -> Any:
    if len(key) == 1:
        return metadata.get(key[0])
    metrics = metadata.get(key[0])
    return metrics.get(key[1]) if isinstance(metrics, dict) else None


def _number_mark(found: Any, key: tuple[str, ...], first: tuple[str, ...]) -> Mark:
    if type(found) is not int:
        return "coerced"
    return "measured" if key is first else "aliased"


def _clamped(duration: int, key: tuple[str, ...], found: Any, hints: tuple[Hint, ...]) -> Taken:
    stored = 0 if duration < 0 else DURATION_LIMIT_MS
    words = f"duration {shown(found)} is exported as {stored}"
    hint = Hint(rules.DURATION_CLAMPED, key, words, f"0 to {DURATION_LIMIT_MS}", shown(found))
    return Taken(stored, "clamped", key, found, (*hints, hint))


def _unusable(rule: Rule, key: tuple[str, ...], found: Any, reason: str) -> Hint:
    is_infinite = isinstance(found, float) and math.isinf(found)
    words = f"{key[-1]} {shown(found)} {reason}; the next key or the default is used"
    return Hint(rule, key, words, "integer", shown(found), is_infinite)
