"""The one boundary where a value becomes text for a person: nothing from a file is obeyed, everything is shown."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import msgspec

# C0, DEL, C1, soft hyphen, bidirectional and zero-width controls, line separators, surrogates, tags, noncharacters
_BEYOND_C0 = (
    "\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff"
)
_C0 = "\x00-\x1f"
_COMMANDS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def safe(value: str) -> str:
    """The text with every character that a terminal or an eye could take for a command spelt as an escape."""
    if value.isascii() and value.isprintable():
        return value
    return _any_of(_C0 + _BEYOND_C0).sub(_escaped, value)


def safe_lines(data: bytes) -> bytes:
    """Lines of text with all that `safe` spells out spelt out, but for line ends and tabs."""
    if data.isascii() and not _COMMANDS.search(data):
        return data
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    return "\n".join(_safe_line(line) for line in lines).encode()


def safe_json(data: bytes) -> bytes:
    """JSON of the same value, with escapes for the characters that `safe` spells out."""
    if data.isascii() and b"\x7f" not in data:
        return data
    # encoders escape C0 in strings; outside of them it is layout
    return _any_of(_BEYOND_C0).sub(_json_escape, data.decode()).encode()


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


@cache  # sets this large take milliseconds to compile, and most texts need none
def _any_of(characters: str) -> re.Pattern[str]:
    return re.compile(f"[{characters}]")


def _safe_line(line: str) -> str:
    end = "\r" if line.endswith("\r") else ""
    return "\t".join(map(safe, line.removesuffix("\r").split("\t"))) + end


def _json_escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1] if match[0] != "\x7f" else "\\u007f"


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    if character in _NAMED:
        return _NAMED[character]
    point = ord(character)
    if 0xDC80 <= point <= 0xDCFF:
        return f"\\x{point - 0xDC00:02x}"  # a byte of a file name that is not UTF-8
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
