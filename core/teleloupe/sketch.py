"""What detection looks at: the outline of a file, made once and shared by all formats."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

import msgspec

from teleloupe import jsontext, text
from teleloupe.model import Blob

Root = Literal["object", "array", "lines", "text", "binary", "empty"]
WHOLE_BYTES = 256 * 1024  # up to here the outline is taken from the whole content
PREFIX_BYTES = 64 * 1024  # beyond, and of broken files, from this much

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_elements = msgspec.json.Decoder(list[msgspec.Raw])


class Sketch:
    """A lazy outline of a blob: what its root is, its top-level members, its first element.

    `content` is UTF-8 without a byte order mark, of large files the beginning. `root` says what that is at its top
    level: `lines` for one JSON object a line. Broken content is outlined as far as it can be read.
    """

    def __init__(self, blob: Blob) -> None:
        self.blob = blob
        self.name = blob.name
        self.content = _content(blob.data)
        self.root: Root = self._root()

    @cached_property
    def first_line(self) -> str:
        """The first line that is not blank."""
        head = self.content[:PREFIX_BYTES]
        first = head.partition(b"\n")[0].partition(b"\r")[0].decode("utf-8", "replace")
        if first.strip():  # it is not only where the content begins with blanks that no JSON has
            return first
        return next((line for line in text.lines(head.decode("utf-8", "replace")) if line.strip()), "")

    @cached_property
    def members(self) -> dict[str, Any]:
        """The members of a root object, their values undecoded (`get` decodes); {} for any other root."""
        if self.root != "object":
            return {}
        try:
            return _members.decode(self.content)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            value = self._salvaged()
            return value if isinstance(value, dict) else {}

    @cached_property
    def first(self) -> dict[str, Any]:
        """The first object inside: first element, first line, or first member that is an object; {} when none is."""
        if self.root == "lines":
            return _object(self.first_line.encode())
        if self.root == "array":
            return self._first_element()
        values = (self.get(name) for name in self.members if self.may_be_object(name))
        return next((value for value in values if isinstance(value, dict)), {})

    def get(self, name: str) -> Any:
        """The value of a member of the root object; None when it is absent."""
        value = self.members.get(name)
        if not isinstance(value, msgspec.Raw):
            return value
        try:
            return msgspec.json.decode(value)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return jsontext.read(bytes(value).decode("utf-8", "replace")).value

    def may_be_object(self, name: str) -> bool:
        """Whether a member of the root object looks like an object; told without decoding it."""
        value = self.members[name]
        return not isinstance(value, msgspec.Raw) or bytes(memoryview(value)[:1]) == b"{"

    def _root(self) -> Root:
        content = self.content
        if not content:
            return "empty"
        if content[:1] == b"[":
            return "array"
        if content[:1] == b"{":
            return "lines" if self._is_lines() else "object"
        return "binary" if b"\0" in content[:1024] else "text"

    def _is_lines(self) -> bool:
        line, _, rest = self.content.partition(b"\n")
        line = line.rstrip()
        if not line.endswith(b"}") or (not rest and not self.name.endswith((".jsonl", ".ndjson"))):
            return False
        return bool(_object(line))

    def _first_element(self) -> dict[str, Any]:
        try:
            elements = _elements.decode(self.content)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            value = self._salvaged()
            first = value[0] if isinstance(value, list) and value else None
            return first if isinstance(first, dict) else {}
        return _object(bytes(elements[0])) if elements else {}

    def _salvaged(self) -> Any:
        return jsontext.read(self.content[:PREFIX_BYTES].decode("utf-8", "replace")).value


def _content(data: bytes) -> bytes:
    if len(data) > WHOLE_BYTES:
        data = data[:PREFIX_BYTES]
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        data = text.decode(data).text.encode("utf-8", "surrogatepass")
    return data.strip(b" \t\r\n")


def _object(data: bytes) -> dict[str, Any]:
    """A JSON object, read leniently; {} when the text is none."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        reading = jsontext.read(data.decode("utf-8", "replace"))
        value = None if reading.broken else reading.value
    return value if isinstance(value, dict) else {}
