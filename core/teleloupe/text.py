"""Bytes to text: encodings, line ends, and where an offset lies."""

from __future__ import annotations

import codecs
import re
from typing import Literal

from msgspec import Struct

Mark = Literal["", "utf-8", "utf-16-le", "utf-16-be"]
MARKS: tuple[tuple[bytes, Mark], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LINE_END = re.compile(r"\r\n|\r|\n")


class Text(Struct, frozen=True):
    """Decoded content: the text without its byte order mark, which mark it had, and the first byte that is no UTF-8.

    `bad_offset` counts stored bytes and is -1 when the text decoded cleanly; what could not be decoded is U+FFFD.
    """

    text: str
    mark: Mark = ""
    bad_offset: int = -1


def decode(data: bytes) -> Text:
    """Decode by byte order mark, UTF-8 without one. Never fails: bytes that are no text become U+FFFD."""
    mark_bytes, mark = next(((m, name) for m, name in MARKS if data.startswith(m)), (b"", ""))
    content, encoding = data[len(mark_bytes) :], mark or "utf-8"
    try:
        return Text(content.decode(encoding), mark)
    except UnicodeDecodeError as fault:
        return Text(content.decode(encoding, "replace"), mark, len(mark_bytes) + fault.start)


def line_column(text: str, offset: int) -> tuple[int, int]:
    """The line and column, both from 1, of a character offset; LF, CRLF and a lone CR end a line."""
    before = text[:offset]
    ends = before.count("\n") + before.count("\r") - before.count("\r\n")
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    return ends + 1, offset - start + 1


def lines(text: str) -> list[str]:
    """Lines without their ends, as Python's universal newlines cut them: U+2028, VT and FF end no line."""
    found = LINE_END.split(text) if "\r" in text else text.split("\n")
    return found[:-1] if found and not found[-1] else found
