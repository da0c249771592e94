"""The value grammars that WeftEnd's artefacts share (section 3)."""

from __future__ import annotations

import re
from itertools import islice
from operator import lt
from typing import Any, TypeGuard

from teleloupe.formats.weftend.constants import (
    MAX_KEY_LENGTH,
    MAX_REASON_LENGTH,
    MAX_SAFE_INTEGER,
    MAX_STREAM_LENGTH,
    TARTARUS_KINDS,
)

STRICT_DIGEST = r"^sha256:[0-9a-f]{64}\Z"
STREAM_ID = r"^telemetry(\.[a-z0-9][a-z0-9_-]*)+\Z"
REASON_CODE = r"^[A-Z][A-Z0-9_]*(:[A-Za-z0-9._=,:-]+)?\Z"
REASON_FAMILY = r"^[A-Z][A-Z0-9_]*\Z"
CAPABILITY = r"^[a-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*\Z"

_strict = re.compile(STRICT_DIGEST).match
_legacy = re.compile(r"^(sha256|fnv1a32):[0-9a-f]{8}\Z").match
_stream = re.compile(STREAM_ID).match
_reason = re.compile(REASON_CODE).match
_family = re.compile(REASON_FAMILY).match
_capability = re.compile(CAPABILITY).match
_generic_key = re.compile(r"^[A-Za-z][A-Za-z0-9._:-]*\Z").match

_BEYOND_DOUBLES = 2**1024 - 2**970  # the least integer that other readers round to infinity

_ONE_REF = "sha256:" + "0" * 64 + ","
_FRAME = (*range(len("sha256:")), len(_ONE_REF) - 1)  # where every reference has the same characters
_HEX_DIGITS = b"0123456789abcdef"
_REF_LESS_HEX = b"sh:,"


def integer(value: Any) -> int | None:
    """The integer that a JSON number is, `5.0` included (D-5).

    None for anything else: booleans and what no double holds are no integers.
    """
    if type(value) is int:
        return value if -_BEYOND_DOUBLES < value < _BEYOND_DOUBLES else None
    if type(value) is float and value.is_integer():
        return int(value)
    return None


def counted(value: Any, least: int = 0) -> int | None:
    """An integer from `least` to 2^53-1, else None: what ticks, counts and floors are made of."""
    number = integer(value)
    return number if number is not None and least <= number <= MAX_SAFE_INTEGER else None


def is_strict_digest(value: Any) -> TypeGuard[str]:
    """SHA-256 in full, as every chunk identifier is."""
    return isinstance(value, str) and _strict(value) is not None


def is_legacy_digest(value: Any) -> TypeGuard[str]:
    """Eight digits: a 32-bit digest, or a fixture's leftover under the newer prefix (D-7)."""
    return isinstance(value, str) and _legacy(value) is not None


def is_stream_id(value: Any) -> TypeGuard[str]:
    """`telemetry.` and lower-case parts (D-8)."""
    return isinstance(value, str) and len(value) <= MAX_STREAM_LENGTH and _stream(value) is not None


def is_reason_code(value: Any) -> bool:
    """A bare code or `CODE:detail` (D-10)."""
    return isinstance(value, str) and len(value) <= MAX_REASON_LENGTH and _reason(value) is not None


def family_of(reason_code: str) -> str:
    """The part of a reason code that does not vary (D-41)."""
    return reason_code.partition(":")[0]


def is_key_of(map_name: str, key: str) -> bool:
    """Whether a count map may hold a key, by its grammar; of `tartarusKinds`, whether it is a known kind."""
    if map_name == "tartarusKinds":
        return key in TARTARUS_KINDS
    match = {"capDenies": _capability, "reasonFamilies": _family}.get(map_name, _generic_key)
    return len(key) <= MAX_KEY_LENGTH and match(key) is not None


def are_ascending_digests(refs: list[Any]) -> bool:
    """Whether all elements are strict digests, each above the one before.

    Chunks may hold a thousand references each, and a regular expression takes four times as long: what is no hex digit
    must be the frame, and the frame must stand where it belongs.
    """
    try:
        joined = ",".join(refs)
    except TypeError:
        return False
    stride, count = len(_ONE_REF), len(refs)
    if len(joined) != stride * count - 1 or not joined.isascii():
        return count == 0
    framed = joined + ","
    is_framed = all(framed[offset::stride] == _ONE_REF[offset] * count for offset in _FRAME)
    if not is_framed or framed.encode().translate(None, _HEX_DIGITS) != _REF_LESS_HEX * count:
        return False
    return all(map(lt, refs, islice(refs, 1, None)))
