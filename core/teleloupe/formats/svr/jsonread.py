"""Bytes to text to JSON values, with the issues of that (SVR specification, section 3)."""

from __future__ import annotations

import re
import sys
from collections import Counter
from typing import Any

from msgspec import structs

from teleloupe import jsontext
from teleloupe.formats.svr.rules import distinct, fault
from teleloupe.model import Issue

_BOM = b"\xef\xbb\xbf"
_TRUNCATED = frozenset({"empty", "truncated"})
_NOT_JSON = frozenset({"non-finite", "overflow", "lone-surrogate", "integer-too-long"})
_CUT_CONSTANT = re.compile(r"(?:N|Na|I[a-z]*)$")  # the beginning of NaN or Infinity, which no JSON has
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)', re.DOTALL)  # the last one may be cut short
_LONG_INTEGER = re.compile(r"[0-9]{309}")


def read_text(data: bytes) -> tuple[str | None, list[Issue]]:
    """The text of UTF-8 bytes without a byte order mark, None when they are no UTF-8; and the issues of that."""
    issues = []
    if data.startswith(_BOM):
        data = data[len(_BOM) :]
        issues.append(fault("file.bom", "", "the file starts with a UTF-8 byte order mark, which is skipped"))
    try:
        return data.decode("utf-8"), issues
    except UnicodeDecodeError as broken:
        message = f"the file is not UTF-8, first at byte {broken.start}; store it as UTF-8"
        return None, [*issues, fault("file.encoding", "", message)]


def ends_inside_character(data: bytes) -> bool:
    """Whether bytes are UTF-8 but for a last character that is not all there, as in a file that is being written."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as broken:
        return broken.reason == "unexpected end of data"
    return False


def read_json(text: str) -> tuple[jsontext.Reading, list[Issue], bool]:
    """A JSON text, the issues of reading it, and whether it could be read at all."""
    reading = jsontext.read(text)
    repeated = Counter(found.text for found in reading.faults if found.kind == "duplicate-key")
    issues = list(distinct(_duplicate(key, count) for key, count in repeated.items()))
    broken = reading.broken
    odd = next((found for found in reading.faults if found.kind in _NOT_JSON), None)
    if odd is None and broken is None:
        if _LONG_INTEGER.search(text) and _has_huge_integer(reading.value):
            return reading, [malformed("a number is too large for a double")], False
        return reading, issues, True
    if odd is None and broken is not None and broken.kind in _TRUNCATED and not _ends_in_constant(text):
        message = "the file is empty" if broken.kind == "empty" else "the file ends inside a JSON value"
        return reading, [fault("file.json_truncated", "", f"{message}; its writer may still be busy")], False
    found = odd or broken
    kind = found.kind if found else "malformed"
    return reading, [malformed(f"the file is not JSON: {kind} at offset {found.offset if found else 0}")], False


def malformed(message: str) -> Issue:
    """The issue for a text that is no JSON."""
    return fault("file.json_malformed", "", message)


def _ends_in_constant(text: str) -> bool:
    """Whether the last token of a text that stops too early begins a constant that JSON does not have."""
    return bool(_CUT_CONSTANT.search(text[-9:]) and _CUT_CONSTANT.search(_STRING.sub('"', text)))


def _has_huge_integer(value: Any) -> bool:
    pending = [value]
    while pending:
        inner = pending.pop()
        if type(inner) is int and abs(inner) > sys.float_info.max:
            return True
        if isinstance(inner, dict):
            pending.extend(inner.values())
        elif isinstance(inner, list):
            pending.extend(inner)
    return False


def _duplicate(key: str, count: int) -> Issue:
    message = f'key "{key[:60]}" occurs more than once in one object; the last value counts'
    return structs.replace(fault("file.duplicate_key", "", message), count=count)
