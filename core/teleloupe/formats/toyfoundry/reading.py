"""Bytes to decoded JSON with the faults of reading as issues (Toyfoundry specification, section 2.0)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, structs

from teleloupe import jsontext, text
from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.findings import KEPT_PER_RULE
from teleloupe.model import Blob, Issue, Rule

Origin = tuple[int, int]

# at these the producer stops reading
REFUSED = frozenset({rules.NOT_UTF8, rules.BOM, rules.JSON_SYNTAX, rules.WRONG_ROOT, rules.INTEGER_TOO_LONG})


class Reading(Struct, frozen=True):
    """A decoded JSON document: its value, as far as it could be read, and what was wrong with the text."""

    value: Any
    issues: tuple[Issue, ...]
    is_complete: bool


def read_document(blob: Blob) -> Reading:
    """A whole file as one JSON value."""
    content = text.decode(blob.data)
    reading = jsontext.read(content.text)
    issues = (*encoding_issues(content), *fault_issues(reading.faults, content.text))
    broken = reading.broken
    return Reading(reading.value, issues, (broken is None or broken.kind == "trailing") and not blob.fault)


def encoding_issues(content: text.Text, at: str = "") -> Iterator[Issue]:
    """What is wrong with the encoding of a text."""
    if content.mark == "utf-8":
        yield rules.BOM.issue(at, "starts with a byte order mark; save it without one")
    elif content.mark:
        yield rules.NOT_UTF8.issue(at, f"the text is {content.mark.upper()}; save it as UTF-8", actual=content.mark)
    if content.bad_offset >= 0:
        yield rules.NOT_UTF8.issue(at, f"byte {content.bad_offset} is not UTF-8", actual=str(content.bad_offset))


def fault_issues(faults: Iterable[jsontext.Fault], whole: str, place: str = "", origin: Origin = (0, 0)) -> list[Issue]:
    """The issues for the faults of a JSON text, bounded a kind; the last of a kind counts all that follow it.

    `place` is `line N` for a line of a feed; `origin` is the line and column, from 0, where the text starts.
    """
    by_kind: dict[str, list[jsontext.Fault]] = {}
    for fault in faults:
        by_kind.setdefault(fault.kind, []).append(fault)
    found = []
    for alike in by_kind.values():
        kept = [_fault_issue(fault, whole, place, origin) for fault in alike[:KEPT_PER_RULE]]
        if len(alike) > KEPT_PER_RULE:
            kept[-1] = structs.replace(kept[-1], count=len(alike) - KEPT_PER_RULE + 1)
        found.extend(kept)
    return found


def _fault_issue(fault: jsontext.Fault, whole: str, place: str, origin: Origin) -> Issue:
    rule, message = _told(fault)
    line, column = text.line_column(whole, fault.offset)
    column += origin[1] if line == 1 else 0
    where = f"column {column}" if place else f"line {line + origin[0]}, column {column}"
    return rule.issue(f"{place} {fault.pointer}".strip(), f"{message} at {where}", actual=fault.text or None)


def type_name(value: Any) -> str:
    """The JSON word for a decoded value's type."""
    if value is None:
        return "null"
    return _TYPE_NAMES.get(type(value), "value")


def shown(value: Any) -> str:
    """A decoded value in few characters, as JSON would write it."""
    written = value if isinstance(value, str) else _written(value)
    return written if len(written) <= _SHOWN_CHARACTERS else f"{written[:_SHOWN_CHARACTERS]}…"


_SHOWN_CHARACTERS = 80
_TYPE_NAMES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
_CONSTANTS = {True: "true", False: "false", None: "null"}


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return _CONSTANTS[value]
    if isinstance(value, list | dict):
        return f"{type_name(value)} of {len(value)}"
    if isinstance(value, int) and value.bit_length() > 4 * _SHOWN_CHARACTERS:
        return f"an integer of {value.bit_length()} bits"
    return repr(value)


def _told(fault: jsontext.Fault) -> tuple[Rule, str]:
    """The rule and the words for a kind of fault."""
    match fault.kind:
        case "duplicate-key":
            return rules.DUPLICATE_KEY, f"key {shown(fault.text)} is repeated; the last one counts"
        case "non-finite" | "overflow":
            return rules.NON_FINITE, f"{fault.text} is no number that JSON knows"
        case "lone-surrogate":
            return rules.LONE_SURROGATE, "half a surrogate pair"
        case "integer-too-long":
            return rules.INTEGER_TOO_LONG, "an integer of more than 4300 digits"
        case kind:
            return rules.JSON_SYNTAX, _BREAKS[kind]


_BREAKS = {
    "empty": "the file is empty",
    "truncated": "the text ends too early",
    "malformed": "the JSON text breaks",
    "trailing": "more text follows the JSON value",
    "nesting": "values nest too deep to be read",
}
