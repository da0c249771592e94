"""JSON as files really hold it: every fault with its place, everything before a break salvaged.

A clean text is decoded by C code at once. Only a text with a fault is scanned here, value by value, and even then
each clean element is left to the C decoder. Formats that know their shape decode it with msgspec first and come here
when that fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from json.decoder import scanstring  # type: ignore[attr-defined]  # documented by use: CPython's own string scanner
from typing import Any, Literal

import msgspec
from msgspec import Struct

FaultKind = Literal[
    "empty", "truncated", "malformed", "trailing", "nesting",
    "duplicate-key", "non-finite", "overflow", "lone-surrogate", "integer-too-long",
]  # fmt: skip
BREAKS = frozenset({"empty", "truncated", "malformed", "trailing", "nesting"})
MAX_DEPTH = 200  # no producer nests deeper than 10; beyond this a text is an attack on the reader

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING_OR_SPACE = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[ \t\n\r]+', re.DOTALL)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_CUT_NUMBER = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.|(?:\.\d+)?[eE][+-]?)?)?", re.ASCII)
_CUT_STRING = re.compile(
    r'"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+(?:\\(?:u[0-9a-fA-F]{0,3})?)?', re.ASCII
)
_NON_FINITE = re.compile(r"[+-]?(?:nan|inf(?:inity)?)\b", re.IGNORECASE | re.ASCII)
_LITERALS = (("true", True), ("false", False), ("null", None))
_WORDS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_HUGE_NUMBER = re.compile(r"\d[eE]\+?\d{3}|\d{309}", re.ASCII)
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_USUAL_FOLDS = 16
_MAX_DIGITS = 4300  # what int() takes before it refuses


class Fault(Struct, frozen=True):
    """Something wrong with a text: its kind, character offset, the JSON Pointer it concerns, the text in question."""

    kind: FaultKind
    offset: int
    pointer: str
    text: str = ""


class Reading(Struct, frozen=True):
    """What a text holds. `value` has everything before a break, unfinished objects and arrays included."""

    value: Any
    faults: tuple[Fault, ...] = ()

    @property
    def broken(self) -> Fault | None:
        """The fault that ended the reading, if one did."""
        return next((fault for fault in self.faults if fault.kind in BREAKS), None)


ParseNumber = Callable[[str], Any]


def read(text: str, parse_float: ParseNumber = float, parse_int: ParseNumber = int) -> Reading:
    """Read one JSON value; repeated keys take the last value, NaN and infinities are read as floats, both as faults."""
    try:
        value = msgspec.json.decode(text)  # refuses overflow and lone surrogates far faster than a search finds them
        if parse_float is not float or parse_int is not int or _may_repeat_keys(text, value):
            flags: list[str] = []
            value = _decoder(flags, parse_float, parse_int).decode(text)
            is_clean = not flags
        else:
            is_clean = True
    except (msgspec.MsgspecError, ValueError, RecursionError):
        is_clean, value = False, None
    if is_clean and not _is_too_deep(text, value):
        return Reading(value)
    return _Scanner(text, parse_float, parse_int).read()


def pointer(*tokens: str | int) -> str:
    """A JSON Pointer (RFC 6901) from its tokens."""
    return "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in tokens)


def tokens(pointer_text: str) -> list[str]:
    """The tokens of a JSON Pointer."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer_text.split("/")[1:]]


def one_line(text: str) -> str:
    """JSON without the blanks between its tokens: all that is spelt stays spelt as it is."""
    return _STRING_OR_SPACE.sub(lambda match: match[0] if match[0][0] == '"' else "", text)


def after_space(text: str, at: int) -> int:
    """The offset of the next token."""
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _decoder(flags: list[str], parse_float: ParseNumber, parse_int: ParseNumber) -> json.JSONDecoder:
    """A C decoder that notes repeated keys and non-finite literals in `flags`."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(items)
        if len(members) != len(items):
            flags.append("duplicate-key")
        return members

    def constant(literal: str) -> float:
        flags.append("non-finite")
        return float(literal)

    return json.JSONDecoder(
        object_pairs_hook=pairs,
        parse_constant=constant,
        parse_float=None if parse_float is float else parse_float,
        parse_int=None if parse_int is int else parse_int,
    )


def _may_repeat_keys(text: str, value: Any) -> bool:
    """Whether the text of a decoded value may name a member twice: then it has commas that the value has not."""
    return "\\u002" in text or text.count(",") != msgspec.json.encode(value).count(b",")


def _is_too_deep(text: str, value: Any) -> bool:
    """Whether a decoded value nests deeper than is read; most are proven flat by folding up their brackets."""
    brackets = text.encode("utf-8", "surrogatepass").translate(None, _NO_BRACKETS)
    for _ in range(_USUAL_FOLDS):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")  # takes away two levels at most
    return _is_deeper(value, MAX_DEPTH)


def _is_deeper(value: Any, limit: int) -> bool:
    """Whether containers nest deeper than `limit`."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(limit):
        if not level:
            return False
        level = [
            child
            for container in level
            for child in (container.values() if type(container) is dict else container)
            if type(child) is dict or type(child) is list
        ]
    return bool(level)


class _Broken(Exception):
    """Reading cannot go on."""


class _Scanner:
    """Reads a faulty text; `path` holds the pointer tokens of the value being read."""

    def __init__(self, text: str, parse_float: ParseNumber, parse_int: ParseNumber) -> None:
        self.text, self.end = text, len(text)
        self.parse_float, self.parse_int = parse_float, parse_int
        self.path: list[str | int] = []
        self.faults: list[Fault] = []
        self.flags: list[str] = []
        self.decode = _decoder(self.flags, parse_float, parse_int).raw_decode
        self.is_suspect = bool(_HUGE_NUMBER.search(text) or _SURROGATE_ESCAPE.search(text))

    def read(self) -> Reading:
        at, holder = after_space(self.text, 0), [None]
        if at == self.end:
            return Reading(None, (Fault("empty", 0, ""),))
        with suppress(_Broken):  # told as a fault; what stands before it is held
            after = after_space(self.text, self.value(at, holder, 0))
            if after < self.end:
                self.faults.append(Fault("trailing", after, "", self.text[after : after + 20]))
        return Reading(holder[0], tuple(self.faults))

    def fault(self, kind: FaultKind, at: int, text: str = "") -> None:
        self.faults.append(Fault(kind, at, pointer(*self.path), text))

    def stop(self, at: int, kind: FaultKind | None = None) -> _Broken:
        """Note where the text ends or breaks; the caller raises."""
        self.fault(kind or ("truncated" if at >= self.end else "malformed"), min(at, self.end), self.text[at : at + 20])
        return _Broken()

    def value(self, at: int, holder: Any, key: Any) -> int:
        """Read the value at `at` into `holder[key]` and return the offset after it."""
        first = self.text[at : at + 1]
        if first in ("{", "["):
            if len(self.path) >= MAX_DEPTH:
                raise self.stop(at, "nesting")
            return self.members(at, holder, key) if first == "{" else self.elements(at, holder, key)
        if first == '"':
            holder[key], after = self.string(at)
            return after
        return self.scalar(at, holder, key)

    def quick(self, at: int, holder: Any, key: Any) -> int | None:
        """Let the C decoder read the value; None when it has, or may have, a fault to be told."""
        self.flags.clear()
        try:
            value, after = self.decode(self.text, at)
        except (ValueError, RecursionError):
            return None
        if self.flags or (self.is_suspect and self.is_odd(at, after)) or _is_deeper(value, MAX_DEPTH - len(self.path)):
            return None
        holder[key] = value
        return after

    def is_odd(self, at: int, after: int) -> bool:
        return bool(_HUGE_NUMBER.search(self.text, at, after) or _SURROGATE_ESCAPE.search(self.text, at, after))

    def member(self, at: int, holder: Any, key: Any) -> int:
        after = self.quick(at, holder, key) if self.text[at : at + 1] in _OPENING else None
        return self.value(at, holder, key) if after is None else after

    def members(self, at: int, holder: Any, key: Any) -> int:
        found: dict[str, Any] = {}
        holder[key] = found
        at = after_space(self.text, at + 1)
        if self.text[at : at + 1] == "}":
            return at + 1
        while True:
            if self.text[at : at + 1] != '"':
                raise self.stop(at)
            key_at = at
            name, at = self.string(at)
            self.path.append(name)
            if name in found:
                self.fault("duplicate-key", key_at, name)
            at = after_space(self.text, at)
            if self.text[at : at + 1] != ":":
                raise self.stop(at)
            at = self.member(after_space(self.text, at + 1), found, name)
            self.path.pop()
            at = after_space(self.text, at)
            if self.text[at : at + 1] == "}":
                return at + 1
            if self.text[at : at + 1] != ",":
                raise self.stop(at)
            at = after_space(self.text, at + 1)

    def elements(self, at: int, holder: Any, key: Any) -> int:
        found: list[Any] = []
        holder[key] = found
        at = after_space(self.text, at + 1)
        if self.text[at : at + 1] == "]":
            return at + 1
        while True:
            self.path.append(len(found))
            slot: list[Any] = [_ABSENT]
            try:
                at = self.member(at, slot, 0)
            finally:
                if slot[0] is not _ABSENT:
                    found.append(slot[0])
            self.path.pop()
            at = after_space(self.text, at)
            if self.text[at : at + 1] == "]":
                return at + 1
            if self.text[at : at + 1] != ",":
                raise self.stop(at)
            at = after_space(self.text, at + 1)

    def string(self, at: int) -> tuple[str, int]:
        try:
            value, after = scanstring(self.text, at + 1, True)  # noqa: FBT003 - its signature
        except ValueError as fault:
            place = getattr(fault, "pos", at)
            raise self.stop(*self.string_break(at, place)) from None
        if self.is_suspect and (match := _LONE_SURROGATE.search(value)):
            self.fault("lone-surrogate", at, match[0])
        return value, after

    def string_break(self, at: int, place: int) -> tuple[int, FaultKind]:
        """Where a string breaks: at the end of the text when it is cut short, else at the offending character."""
        return (self.end, "truncated") if _CUT_STRING.fullmatch(self.text, at) else (place, "malformed")

    def scalar(self, at: int, holder: Any, key: Any) -> int:
        for word, value in _LITERALS:
            if self.text.startswith(word, at):
                holder[key] = value
                return at + len(word)
        if match := _NON_FINITE.match(self.text, at):
            holder[key] = float(match[0])
            self.fault("non-finite", at, match[0])
            return match.end()
        rest = self.text[at : at + 12]
        if at >= self.end or any(word.startswith(rest) for word in _WORDS):
            raise self.stop(self.end)
        return self.number(at, holder, key)

    def number(self, at: int, holder: Any, key: Any) -> int:
        match = _NUMBER.match(self.text, at)
        if (match is None or match.end() < self.end) and _CUT_NUMBER.fullmatch(self.text, at):
            raise self.stop(self.end)
        if match is None:
            raise self.stop(at)
        token, is_float = match[0], bool(match[1] or match[2])
        if is_float:
            if float(token) in (float("inf"), float("-inf")):
                self.fault("overflow", at, token[:40])
            holder[key] = self.parse_float(token)
        elif len(token) - (token[0] == "-") > _MAX_DIGITS:
            self.fault("integer-too-long", at, token[:40])
            holder[key] = float("inf") if token[0] != "-" else float("-inf")
        else:
            holder[key] = self.parse_int(token)
        return match.end()


_ABSENT = object()
_OPENING = frozenset("{[")
