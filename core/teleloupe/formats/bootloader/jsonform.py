"""Reports in JSON, in every spelling of their keys (Bootloader specification, section 4.2)."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from teleloupe.formats.bootloader import rules
from teleloupe.formats.bootloader import values as texts
from teleloupe.formats.bootloader.findings import Findings
from teleloupe.formats.bootloader.jsonlines import read_members
from teleloupe.formats.bootloader.jsonsections import read_json_dump, read_json_history, read_json_table
from teleloupe.formats.bootloader.outline import DUMP, HISTORY, KERNEL, SEQUENCE, TABLE
from teleloupe.formats.bootloader.payload import kernel_of
from teleloupe.formats.bootloader.sections import judge_sequence
from teleloupe.formats.bootloader.shapes import Dialect, Kernel, Report
from teleloupe.formats.bootloader.wasm import instructions, opcodes
from teleloupe.jsontext import pointer

_FIELD_KEYS = {
    "generation": "generation finalgeneration",
    KERNEL: "kernel currentkernelbase64 currentkernel kernelbase64",
    "kernel_size": "kernelsize kernelbytes",
    "generated": "generated timestamp generatedat",
    "tool": "tool toolname name",
    "era": "systemera era",
    "attempted": "mutationsattempted",
    "applied": "mutationsapplied",
    "breakdown": "mutationbreakdown",
    "trap": "trapcode traps trap",
    "duration": "gendurationms genduration",
    "min": "kernelsizemin",
    "max": "kernelsizemax",
    "range": "kernelsizeminmax",
    "blacklist": "heuristicblacklistcount heuristicblacklistentries",
    "advisor": "advisorentrycount advisorentries",
    SEQUENCE: "opcodesequence",
    "instances": "instances",
    DUMP: "hexdump",
    TABLE: "disassembly",
    HISTORY: "history historylog",
}
FIELDS_BY_KEY = {key: field for field, keys in _FIELD_KEYS.items() for key in keys.split()}
_UNMATCHED = re.compile("[^a-z0-9]")
_COUNTS = ("generation", "kernel_size", "attempted", "applied", "min", "max", "blacklist", "advisor")
_TEXTS = ("generated", "tool", "era", "trap")
_PAYLOADS = (KERNEL, SEQUENCE, DUMP, TABLE, HISTORY)


@lru_cache(maxsize=1024)
def squashed(key: str) -> str:
    """A key as keys are matched: lower case, letters and digits only."""
    return _UNMATCHED.sub("", key.lower())


def read_json(text: str, number: int | None, findings: Findings, *, is_whole: bool) -> Report:
    """Read a JSON report. What is cut or cannot be read has no values: the key after next may be another's."""
    reading = read_members(text)
    if reading.members is None or not is_whole:
        is_cut = reading.is_cut or not is_whole
        if is_cut:
            findings.add(rules.INCOMPLETE, "", "ends before the closing brace")
        else:
            findings.add(rules.JSON_SYNTAX, "", "neither JSON nor what the producer makes of it, or no object")
        return Report("json", "partial" if is_cut else "broken", number)
    if reading.repairs:
        findings.add(rules.JSON_REPAIRED, "", "; ".join(reading.repairs)[:300])
    fields = _Fields(findings)
    for key, value in reading.members:
        fields.take(key, value)
    report = Report(
        form="json",
        state="ok",
        number=number,
        values=fields.values,
        places=fields.places,
        unknown=fields.unknown,
        instances=fields.instances,
        dialect=Dialect(repairs=reading.repairs),
    )
    return _with_payloads(report, fields, findings)


class _Fields:
    """Members, one after the other, under their canonical names."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.values: dict[str, Any] = {}
        self.places: dict[str, int | str] = {}
        self.unknown: dict[str, Any] = {}
        self.payloads: dict[str, Any] = {}
        self.instances: list[str] | None = None

    def take(self, key: str, value: Any) -> None:
        field, place = FIELDS_BY_KEY.get(squashed(key)), pointer(key)
        if field is None:
            self.findings.add(rules.JSON_UNKNOWN_KEY, place, f"key {key[:60]!r} is unknown", apart=key)
            self.unknown[key] = value
            return
        if field in self.places:
            self.findings.add(rules.DUPLICATE, place, f"{field} stands twice; the last one counts", apart=field)
        self.put(field, value, place)

    def put(self, field: str, value: Any, place: str) -> None:
        """Keep a value under its field, as its form asks for."""
        self.places[field] = place
        if field in _PAYLOADS:
            self.payloads[field] = value
        elif field == "instances":
            self._instances(value, place)
        else:
            self._value(field, value, place)

    def wrong_type(self, place: str, asked: str, value: Any) -> None:
        self.findings.add(rules.JSON_TYPE, place, f"not {asked}", actual=type(value).__name__, apart=place)

    def bad_value(self, place: str, value: Any) -> None:
        self.findings.add(rules.BAD_VALUE, place, f"{place[1:]}: {str(value)[:60]!r}", apart=place)

    def _value(self, field: str, value: Any, place: str) -> None:
        names = ("min", "max") if field == "range" else (field,)
        for name in names:
            self.values.pop(name, None)
        read = self._read(field, value, place)
        if read is None or read == "" or (field == "duration" and read == 0):
            return
        self.values.update(zip(names, read if field == "range" else (read,), strict=True))

    def _read(self, field: str, value: Any, place: str) -> Any:
        """A member's value, or None when it has none: wrong types and bad values are noted."""
        if field in _COUNTS:
            return self._checked(type(value) is int, "an integer", value, place, lambda n: n if n >= 0 else None)
        if field in _TEXTS:
            return self._checked(type(value) is str, "a text", value, place, lambda text: text)
        if field == "duration":
            is_one = type(value) in (int, float, str)
            return self._checked(is_one, "a number", value, place, _duration)
        if field == "breakdown":
            amounts = value.values() if isinstance(value, dict) else ()
            is_one = type(value) is str or (isinstance(value, dict) and all(type(n) is int for n in amounts))
            return self._checked(is_one, "four integers", value, place, _breakdown)
        pair = [value.get("min"), value.get("max")] if isinstance(value, dict) else value
        is_pair = isinstance(pair, list) and len(pair) == 2 and all(type(n) is int for n in pair)
        return self._checked(is_pair or type(value) is str, "two integers", pair, place, _range)

    def _checked(self, is_one: bool, asked: str, value: Any, place: str, read: Any) -> Any:
        if not is_one:
            self.wrong_type(place, asked, value)
            return None
        found = read(value)
        if found is None:
            self.bad_value(place, value)
        return found

    def _instances(self, value: Any, place: str) -> None:
        self.values.pop("instances_declared", None)
        self.instances = None
        if type(value) is int and value >= 0:
            self.values["instances_declared"] = value
        elif type(value) is int:
            self.bad_value(place, value)
        elif isinstance(value, list) and all(type(each) is str for each in value):
            self.instances = value
            self.values["instances_declared"] = len(value)
        else:
            self.wrong_type(place, "a list of texts or a count", value)


def _duration(value: float | str) -> int | float | None:
    read = texts.duration(value) if isinstance(value, str) else value
    return read if read is not None and abs(read) <= sys.float_info.max else None  # NaN is below nothing


def _breakdown(value: str | dict[str, int]) -> dict[str, int] | None:
    return texts.breakdown(value) if isinstance(value, str) else texts.ordered_breakdown(value)


def _range(value: str | list[int]) -> tuple[int, int] | None:
    if isinstance(value, str):
        return texts.size_range(value)
    return (value[0], value[1]) if min(value) >= 0 else None


def _with_payloads(report: Report, fields: _Fields, findings: Findings) -> Report:
    """The report with its nested parts decoded and held against each other."""
    changes: dict[str, Any] = _kernel(fields, findings) if KERNEL in fields.payloads else {}
    kernel: Kernel | None = changes.get("kernel")
    payload, code = (kernel.payload, changes["instructions"]) if kernel else (None, None)
    if SEQUENCE in fields.payloads:
        changes["opcodes"] = _sequence(fields, code, findings)
    whole = {name for name in (KERNEL, SEQUENCE) if name in fields.payloads}
    for name in (DUMP, TABLE, HISTORY):
        place, rows = str(fields.places.get(name, "")), _rows(fields, name)
        if rows is None:
            continue
        whole.add(name)
        if name == DUMP:
            changes["dump"] = read_json_dump(rows, place, payload, findings)
        elif name == TABLE:
            changes["table"], changes["table_break"] = read_json_table(rows, place, code, findings)
        else:
            changes["history"] = read_json_history(rows, place, report.values, findings)
    return replace(report, sections=frozenset(whole), **changes)


def _rows(fields: _Fields, name: str) -> list[Any] | None:
    """A payload's rows, as a list or as one text; None where there are none."""
    rows = fields.payloads.get(name)
    if isinstance(rows, str):
        return rows.removesuffix("\n").split("\n")
    if isinstance(rows, list):
        return rows
    if name in fields.payloads:
        fields.wrong_type(str(fields.places[name]), "a list of rows", rows)
    return None


def _kernel(fields: _Fields, findings: Findings) -> dict[str, Any]:
    """The payload and its instructions; an object's `size` stands for a kernel size that is not stated elsewhere."""
    value, place = fields.payloads[KERNEL], str(fields.places[KERNEL])
    if isinstance(value, dict):
        if "kernel_size" not in fields.places and "size" in value:
            fields.put("kernel_size", value["size"], f"{place}/size")
        value, place = value.get("base64"), f"{place}/base64"
    if type(value) is not str:
        fields.wrong_type(place, "a base64 text", value)
        del fields.payloads[KERNEL]
        return {}
    kernel = kernel_of(value)
    if not kernel.is_canonical:
        findings.add(rules.BASE64, place, "the kernel is not canonical base64", actual=value[:60])
    return {"kernel": kernel, "instructions": instructions(kernel.payload)}


def _sequence(fields: _Fields, code: Sequence[bytes] | None, findings: Findings) -> tuple[int, ...] | None:
    """The opcodes as listed, up to the first that is none."""
    value, place = fields.payloads[SEQUENCE], str(fields.places[SEQUENCE])
    if isinstance(value, str):
        listed, bad = texts.opcode_tokens(value)
    elif isinstance(value, list):
        end = next((i for i, each in enumerate(value) if type(each) is not int or not 0 <= each <= 255), None)
        listed, bad = tuple(value[:end]), None if end is None else str(value[end])
    else:
        fields.wrong_type(place, "a list of opcodes", value)
        del fields.payloads[SEQUENCE]
        return None
    if bad is not None:
        fields.bad_value(place, bad)
    if code is not None:
        judge_sequence(listed, opcodes(tuple(code)), place, findings)
    return listed
