"""JSON as the producer writes it: strictly, and else line by line (Bootloader specification, section 4.2).

From one version on every report lacks a comma, and trap texts are not escaped. That is repaired, and nothing else.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from msgspec import Struct

from teleloupe import jsontext

Members = list[tuple[str, Any]]


class JsonReading(Struct, frozen=True):
    """A root object's members in file order, repeated keys included, and the repairs that were needed, in words.

    `members` is None when the text cannot be read or is no object; `is_cut` then says that it merely ends too early.
    """

    members: Members | None
    repairs: tuple[str, ...] = ()
    is_cut: bool = False


def read_members(text: str) -> JsonReading:
    """The members of a JSON report."""
    last: list[Members] = [[]]
    try:
        value = _decoded(text, last)
    except (ValueError, RecursionError):
        return _by_lines(text)
    return JsonReading(last[0] if isinstance(value, dict) else None)


def _decoded(text: str, last: list[Members]) -> Any:
    """A strictly read value; `last` then holds the members of the object that closed last, the root's."""

    def noted(pairs: Members) -> dict[str, Any]:
        last[0] = pairs
        return dict(pairs)

    return json.JSONDecoder(object_pairs_hook=noted, parse_constant=_refuse).decode(text)


def _refuse(literal: str) -> NoReturn:
    raise ValueError(literal)


def _by_lines(text: str) -> JsonReading:
    """`{`, members one a line, `}`; a text that stops before its end is cut, any other is unreadable."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and lines[0].strip() == "{" and lines[-1].strip() == "}":
        found = _line_members(lines[1:-1])
        if found is not None:
            return found
    return JsonReading(None, is_cut=not text.rstrip().endswith("}") or _is_truncated(text))


def _line_members(lines: list[str]) -> JsonReading | None:
    members: Members = []
    repairs: list[str] = []
    for number, line in enumerate(lines, 1):
        read = _line_member(line.strip())
        if read is None:
            return None
        key, value, has_comma, is_raw = read
        if is_raw:
            repairs.append(f"text of {key!r} taken as it stands")
        if has_comma != (number < len(lines)):
            repairs.append(f"comma missing after {key!r}" if not has_comma else f"comma too many after {key!r}")
        members.append((key, value))
    return JsonReading(members, tuple(repairs) or ("read line by line",))


def _line_member(line: str) -> tuple[str, Any, bool, bool] | None:
    """Key, value, whether a comma follows, and whether the value is raw text between quotes."""
    end = line.find('"', 1)
    if line[:1] != '"' or end < 0:
        return None
    colon = line[end + 1 :].lstrip()
    if colon[:1] != ":":
        return None
    has_comma = colon.endswith(",")
    text = colon[1:-1].strip() if has_comma else colon[1:].strip()
    try:
        return line[1:end], _decoded(text, [[]]), has_comma, False
    except (ValueError, RecursionError):
        is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
        return (line[1:end], text[1:-1], has_comma, True) if is_quoted else None


def _is_truncated(text: str) -> bool:
    """Whether the text is the beginning of valid JSON."""
    faults = jsontext.read(text).faults
    return len(faults) == 1 and faults[0].kind == "truncated"
