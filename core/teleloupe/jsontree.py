"""JSON as a tree, read level by level: keys in file order, repeated ones kept, every value as it is spelt."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from json.decoder import scanstring  # type: ignore[attr-defined]  # documented by use: CPython's own string scanner
from typing import Any, Literal

from msgspec import Struct

from teleloupe import jsontext
from teleloupe.jsontext import after_space

Kind = Literal["object", "array", "string", "number", "boolean", "null", "broken"]
LONGEST_SCALAR = 10_000  # characters of one value that are kept to be shown
MOST_READ = 4096  # containers of one text whose members are kept

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
    at = after_space(text, start)
    return _node(text, at, None, "", 0, 0) if at < len(text) and _kind(text, at) != "broken" else None


def members(text: str, node: Node) -> tuple[Node, ...]:
    """What an object or array holds, in file order, up to a break; what stands there is the last, to the end."""
    if node.kind not in ("object", "array"):
        return ()
    read = _read_of(text)
    found = read.get(node)
    if found is None:
        found = tuple(_members(text, node))
        if len(read) < MOST_READ:
            read[node] = found
    return found


def spelling(text: str, node: Node) -> str:
    """How the file spells a value; of a long one, its beginning."""
    return text[node.start : min(node.end, node.start + LONGEST_SCALAR)]


def locate(text: str, pointer: str, *, may_be_cut: bool = False) -> tuple[int, int] | None:
    """The character span of the value a pointer names; None when it is not there or cannot be reached.

    `may_be_cut`: a value that has no end, or is none, goes to the end of the text.
    """
    skip = json.JSONDecoder(strict=False).raw_decode
    at = after_space(text, 0)
    try:
        for token in jsontext.tokens(pointer):
            found = _enter(text, at, token, skip)
            if found is None:
                return None
            at = found
    except (ValueError, IndexError, RecursionError):
        return None
    try:
        return at, skip(text, at)[1]
    except (ValueError, IndexError, RecursionError):
        return (at, len(text)) if may_be_cut else None


@lru_cache(maxsize=2)  # whole files: no more of them are kept alive
def _read_of(_text: str) -> dict[Node, tuple[Node, ...]]:
    """The members of a text that were read."""
    return {}


def _members(text: str, node: Node) -> Iterator[Node]:
    at, index, is_object = after_space(text, node.start + 1), 0, text[node.start] == "{"
    seen: dict[str, int] = {}
    while at < node.end and text[at] not in "]}":
        key: str | int = index
        if is_object:
            try:
                key, at = scanstring(text, at + 1, False) if text[at] == '"' else ("", node.end)  # noqa: FBT003 - its signature
            except ValueError:
                return
            at = after_space(text, at)
            if text[at : at + 1] != ":":
                return
            at = after_space(text, at + 1)
        if at >= len(text):
            return
        name = str(key)
        child = _node(text, at, key, node.pointer + jsontext.pointer(key), node.depth + 1, seen.get(name, 0))
        seen[name] = seen.get(name, 0) + 1
        yield child
        at = after_space(text, child.end)
        if text[at : at + 1] != ",":
            return
        at, index = after_space(text, at + 1), index + 1


def _enter(text: str, at: int, token: str, skip: Callable[[str, int], tuple[Any, int]]) -> int | None:
    """The offset of a member or element of the container at `at`; the last of repeated keys."""
    is_object, found, index = text[at] == "{", None, 0
    if not is_object and text[at] != "[":
        return None
    at = after_space(text, at + 1)
    while text[at] not in "]}":
        name = str(index)
        if is_object:
            name, at = scanstring(text, at + 1, False)  # noqa: FBT003 - its signature
            at = after_space(text, after_space(text, at) + 1)
        if name == token:
            found = at
            if not is_object:
                break
        try:
            at = after_space(text, skip(text, at)[1])
        except (ValueError, RecursionError):
            break
        at = after_space(text, at + 1) if text[at : at + 1] == "," else at
        index += 1
        if at >= len(text):
            break
    return found


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


def _pairs(items: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return items


def _unread(_token: str) -> str:
    return ""


# numbers of any length are passed over unread; members are only counted, repeated ones too
_DECODER = json.JSONDecoder(
    strict=False, object_pairs_hook=_pairs, parse_int=_unread, parse_float=_unread, parse_constant=_unread
)
