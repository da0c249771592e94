"""JSON as a tree, read level by level: keys in file order, repeated ones kept, every value as it is spelt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from json.decoder import scanstring  # type: ignore[attr-defined]  # documented by use: CPython's own string scanner
from typing import Any, Literal

from msgspec import Struct

from teleloupe import jsontext

Kind = Literal["object", "array", "string", "number", "boolean", "null", "broken"]
LONGEST_SCALAR = 10_000  # characters of one value that are kept to be shown

_SPACE = re.compile(r"[ \t\n\r]*")
_KINDS: dict[str, Kind] = {"{": "object", "[": "array", '"': "string", "t": "boolean", "f": "boolean", "n": "null"}


class Node(Struct, frozen=True):
    """A value: its key or index (None for the root), where it stands, and what it is.

    `start` and `end` are character offsets; `size` counts members, or the characters of a string; `repeats` says how
    many earlier members have the same key; `pointer` is relative to the root. One that `is_cut` has no end, and its
    members are not counted.
    """

    key: str | int | None
    pointer: str
    depth: int
    start: int
    end: int
    kind: Kind
    size: int = 0
    repeats: int = 0
    is_cut: bool = False

    @property
    def can_unfold(self) -> bool:
        """Whether it has members, as far as is known."""
        return self.kind in ("object", "array") and (self.size > 0 or self.is_cut)


def root(text: str, start: int = 0) -> Node | None:
    """The value at an offset; None where there is no JSON."""
    at = _after_space(text, start)
    return _node(text, at, None, "", 0, 0) if at < len(text) and _kind(text, at) != "broken" else None


@lru_cache(maxsize=4096)
def members(text: str, node: Node) -> tuple[Node, ...]:
    """What an object or array holds, in file order, up to a break; what stands there is the last, to the end."""
    return tuple(_members(text, node)) if node.kind in ("object", "array") else ()


def spelling(text: str, node: Node) -> str:
    """How the file spells a value; of a long one, its beginning."""
    return text[node.start : min(node.end, node.start + LONGEST_SCALAR)]


def _members(text: str, node: Node) -> Iterator[Node]:
    at, index, is_object = _after_space(text, node.start + 1), 0, text[node.start] == "{"
    seen: dict[str, int] = {}
    while at < node.end and text[at] not in "]}":
        key: str | int = index
        if is_object:
            try:
                key, at = scanstring(text, at + 1, False) if text[at] == '"' else ("", node.end)  # noqa: FBT003 - its signature
            except ValueError:
                return
            at = _after_space(text, at)
            if text[at : at + 1] != ":":
                return
            at = _after_space(text, at + 1)
        if at >= len(text):
            return
        name = str(key)
        child = _node(text, at, key, node.pointer + jsontext.pointer(key), node.depth + 1, seen.get(name, 0))
        seen[name] = seen.get(name, 0) + 1
        yield child
        at = _after_space(text, child.end)
        if text[at : at + 1] != ",":
            return
        at, index = _after_space(text, at + 1), index + 1


def _node(text: str, at: int, key: str | int | None, pointer: str, depth: int, repeats: int) -> Node:
    kind = _kind(text, at)
    try:
        value, end = _DECODER.raw_decode(text, at)
        size = len(value) if isinstance(value, list | str) else 0
    except (ValueError, RecursionError):
        end, size = len(text), 0
        if kind in ("object", "array"):  # what stands before the break is there to be unfolded
            return Node(key, pointer, depth, at, end, kind, 0, repeats, is_cut=True)
        kind = "broken"
    return Node(key, pointer, depth, at, end, kind, size, repeats)


def _kind(text: str, at: int) -> Kind:
    first = text[at : at + 1]
    return _KINDS.get(first) or ("number" if first and first in "-0123456789NI" else "broken")


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _pairs(items: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return items


def _unread(_token: str) -> str:
    return ""


# numbers of any length are passed over unread; members are only counted, repeated ones too
_DECODER = json.JSONDecoder(
    strict=False, object_pairs_hook=_pairs, parse_int=_unread, parse_float=_unread, parse_constant=_unread
)
