"""The one boundary where a value becomes text for a person: nothing from a file is obeyed, everything is shown."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

# C0, DEL, C1, soft hyphen, bidirectional and zero-width controls, line separators, surrogates, tags, noncharacters
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def safe(value: str) -> str:
    """The text with every character that a terminal or an eye could take for a command spelt as an escape."""
    if value.isascii() and value.isprintable():
        return value
    return _UNSAFE.sub(_escaped, value)


def cell(value: Any) -> str:
    """A value on one line: nothing for null, JSON for objects and arrays, numbers as they are written."""
    if type(value) is str:
        return safe(value)
    if value is None:
        return ""
    if type(value) is bool:
        return "true" if value else "false"
    if isinstance(value, int | float):
        return safe(str(value))
    return safe(compact(value))


def compact(value: Any) -> str:
    """A value as compact JSON text."""
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, UnicodeEncodeError, msgspec.MsgspecError):
        return json.dumps(msgspec.to_builtins(value, enc_hook=str), ensure_ascii=True, separators=(",", ":"))


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    if character in _NAMED:
        return _NAMED[character]
    point = ord(character)
    if 0xDC80 <= point <= 0xDCFF:
        return f"\\x{point - 0xDC00:02x}"  # a byte of a file name that is not UTF-8
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
