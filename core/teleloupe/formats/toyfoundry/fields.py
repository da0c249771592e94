"""Every fault of an export record, field by field (Toyfoundry specification, section 8)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.reading import shown, type_name
from teleloupe.formats.toyfoundry.shapes import DURATION_LIMIT_MS, FIELDS, RITUALS, STATUSES
from teleloupe.model import Rule

RITUAL_ALIASES = {"drill": "forge"}
STATUS_ALIASES = {
    "completed": "success",
    "succeeded": "success",
    "minted": "success",
    "failed": "failure",
    "error": "failure",
    "dry_run": "partial",
    "draft": "partial",
    "unknown": "partial",
}


class FieldFault(Struct, frozen=True):
    """A broken rule of a record: the field ("" for the record itself), the words, what was expected and found."""

    rule: Rule
    field: str
    message: str
    expected: str | None = None
    actual: str | None = None


def record_faults(record: Any) -> Iterator[FieldFault]:
    """All faults of a decoded record, in the contract's order of fields."""
    if not isinstance(record, dict):
        words = f"a record is an object, this is {_article(type_name(record))}"
        yield FieldFault(rules.FIELD_TYPE, "", words, "object", type_name(record))
        return
    for field in FIELDS:
        if field not in record:
            yield FieldFault(rules.FIELD_MISSING, field, f"{field} is missing")
        else:
            yield from _value_faults(field, record[field])
    for field in record:
        if field not in _CHECKS:
            yield FieldFault(rules.FIELD_UNKNOWN, field, "a record has six fields; this is none of them", actual=field)


def _value_faults(field: str, value: Any) -> Iterator[FieldFault]:
    kind, check = _CHECKS[field]
    if isinstance(value, bool) and kind is int:
        yield FieldFault(rules.BOOL_AS_INT, field, f"{field} is a boolean", "integer", shown(value))
    elif isinstance(value, float) and not math.isfinite(value):
        return  # told when it was read, as TF005 or TF009
    elif type(value) is not kind:
        expected = "integer" if kind is int else "string"
        words = f"{field} is {_article(type_name(value))}, not {_article(expected)}"
        yield FieldFault(rules.FIELD_TYPE, field, words, expected, shown(value))
    else:
        yield from check(value)


def _article(word: str) -> str:
    return word if word == "null" else f"an {word}" if word[0] in "aeio" else f"a {word}"


def _version(value: str) -> Iterator[FieldFault]:
    if value != "1.0":
        words = f"schema_version is {shown(value)}; only 1.0 is specified"
        yield FieldFault(rules.SCHEMA_VERSION, "schema_version", words, "1.0", shown(value))


def _batch_id(value: str) -> Iterator[FieldFault]:
    if not value.strip():
        yield FieldFault(rules.BATCH_ID_BLANK, "batch_id", "batch_id is blank; it identifies the record", actual=value)


def _ritual(value: str) -> Iterator[FieldFault]:
    if value not in RITUALS:
        words = f"ritual is {shown(value)}{_hint(value, RITUALS, RITUAL_ALIASES)}"
        yield FieldFault(rules.RITUAL_ENUM, "ritual", words, ", ".join(RITUALS), shown(value))


def _status(value: str) -> Iterator[FieldFault]:
    if value not in STATUSES:
        words = f"status is {shown(value)}{_hint(value, STATUSES, STATUS_ALIASES)}"
        yield FieldFault(rules.STATUS_ENUM, "status", words, ", ".join(STATUSES), shown(value))


def _hint(value: str, valid: tuple[str, ...], aliases: Mapping[str, str]) -> str:
    """What the loom would have made of it, where it knows."""
    plain = value.strip().lower()
    meant = plain if plain in valid else aliases.get(plain)
    return f"; an export says {meant}" if meant else ""


def _units(value: int) -> Iterator[FieldFault]:
    if value <= 0:
        words = f"units_processed is {shown(value)}; at least 1 unit is processed"
        yield FieldFault(rules.UNITS_NOT_POSITIVE, "units_processed", words, "1 or more", shown(value))


def _duration(value: int) -> Iterator[FieldFault]:
    if not 0 <= value <= DURATION_LIMIT_MS:
        words = f"duration_ms is {shown(value)}, outside 0 to {DURATION_LIMIT_MS}"
        yield FieldFault(rules.DURATION_RANGE, "duration_ms", words, f"0 to {DURATION_LIMIT_MS}", shown(value))


_CHECKS: dict[str, tuple[type, Callable[[Any], Iterator[FieldFault]]]] = {
    "schema_version": (str, _version),
    "batch_id": (str, _batch_id),
    "ritual": (str, _ritual),
    "units_processed": (int, _units),
    "status": (str, _status),
    "duration_ms": (int, _duration),
}
