"""Canonical JSON as WeftEnd writes and hashes it (section 2): RFC 8785 and, where upstream departs from it, upstream.

Departures: array-index keys come first by number, `__proto__` is dropped, what is no finite double is null, and lone
surrogates are escaped. Numbers go through `rfc8785`.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import Any

import msgspec
import rfc8785

DIGEST_PREFIX = "sha256:"
PROTO = "__proto__"
MAX_INDEX = 4_294_967_294  # the largest key that upstream's engine orders as a number

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Numbers that msgspec spells as ECMAScript does, and what else may be ordered, dropped or rounded otherwise.
_SAME_NUMBER = re.compile(r"-?(?!0\.00000)[0-9]{1,15}\.[0-9]*[1-9]")
_TO_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_ODD = (b"\\", b'"__proto__":', *(before + b"0" * 16 for before in (b'":', b'":-', b",", b",-", b"[", b"[-")))
_quoted = json.encoder.encode_basestring  # escapes as section 2's table has it, but for lone surrogates


def canonical(value: Any) -> bytes:
    """The canonical UTF-8 bytes of a decoded JSON value, without a final line feed."""
    quick = _quick(value)
    return spelled_out(value) if quick is None else quick


def spelled_out(value: Any) -> bytes:
    """The canonical bytes, member by member: what `canonical` gives, for any value."""
    parts: list[str] = []
    _write(value, parts.append)
    return "".join(parts).encode()


def _quick(value: Any) -> bytes | None:
    """The canonical bytes of plain content, which is all but odd files; None where C code may write it otherwise."""
    numbers: list[str] = []
    try:
        text = msgspec.json.encode(value, order="sorted")
        msgspec.json.Decoder(float_hook=numbers.append).decode(text)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError):
        return None
    if type(value) is not dict or not text.isascii() or not all(map(_SAME_NUMBER.fullmatch, numbers)):
        return None
    if b'"":' in text.translate(None, b"0123456789"):  # a key of digits alone
        return None
    shape = text.translate(_TO_ZEROS)
    return None if any(odd in shape for odd in _ODD) else text


def digest(data: bytes) -> str:
    """`sha256:` and the lower-case hex digest of canonical bytes."""
    return DIGEST_PREFIX + hashlib.sha256(data).hexdigest()


def digest_without(value: dict[str, Any], member: str) -> str:
    """The digest of an object that holds its own digest, or is sealed by one, under `member`."""
    return digest(canonical({name: item for name, item in value.items() if name != member}))


def on_disk(data: bytes) -> bytes:
    """Canonical bytes as a file holds them: one line feed at the end."""
    return data + b"\n"


def code_units(text: str) -> bytes:
    """The sort key for ascending UTF-16 code units."""
    return text.encode("utf-16-be", "surrogatepass")


def number_text(value: float) -> str:
    """A number as ECMAScript spells the double nearest to it; `null` when there is none."""
    return rfc8785.dumps(float(value)).decode() if is_double(value) else "null"


def is_double(value: float) -> bool:
    """Whether a number has a finite double near it."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def string_text(text: str) -> str:
    """A string literal: raw but for quotes, backslashes, control characters and lone surrogates."""
    quoted: str = _quoted(text)
    return quoted if quoted.isascii() else _SURROGATE.sub(_escaped, quoted)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _write(value: Any, put: Any) -> None:
    if isinstance(value, str):
        put(string_text(value))
    elif isinstance(value, dict):
        _write_object(value, put)
    elif isinstance(value, list | tuple):
        _write_array(value, put)
    elif value is None or isinstance(value, bool):
        put("null" if value is None else "true" if value else "false")
    elif isinstance(value, int) and -(2**53) < value < 2**53:
        put(str(value))
    else:
        put(number_text(value))


def _write_object(members: dict[str, Any], put: Any) -> None:
    before = "{"
    for name in sorted(members, key=_order):
        if name == PROTO:
            continue
        put(before)
        put(string_text(name))
        put(":")
        _write(members[name], put)
        before = ","
    put("{}" if before == "{" else "}")


def _write_array(elements: list[Any] | tuple[Any, ...], put: Any) -> None:
    put("[")
    for position, element in enumerate(elements):
        if position:
            put(",")
        _write(element, put)
    put("]")


def _order(name: str) -> tuple[int, int, bytes]:
    """Array indices by number, then every other name by code unit."""
    if _INDEX.fullmatch(name) and (index := int(name)) <= MAX_INDEX:
        return 0, index, b""
    return 1, 0, code_units(name)
