"""Whether an export's bytes are laid out as the loom lays them out (Toyfoundry specification, section 5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.writing import record_text

EXACT_BYTES = 4 << 20  # up to here every byte is compared
WINDOWS, WINDOW_BYTES = 8, 128 * 1024  # beyond, only these parts are: one writer lays out a whole file alike

_records = msgspec.json.Decoder(list[Record])
_BOUNDARY = re.compile(rb"\}[ \t\r\n]*,(?=[ \t\r\n]*\{)")


def is_canonical(content: bytes, records: Sequence[Any]) -> bool:
    """Whether the loom would write these bytes for these records, in the order they are in.

    Exact up to EXACT_BYTES. Beyond, both ends, line ends and WINDOWS parts of the content stand for all of it.
    """
    if not records:
        return content == b"[]\n"
    if len(content) <= EXACT_BYTES:
        return content == f"[\n{_text(records)}\n]\n".encode("utf-8", "surrogatepass")
    if b"\r" in content or not content.startswith(b"[\n  {\n") or not content.endswith(b"\n  }\n]\n"):
        return False
    return all(_is_window_canonical(content, number * len(content) // WINDOWS) for number in range(WINDOWS))


def difference(content: bytes) -> str:
    """In what the loom's bytes differ, as far as a look can tell."""
    if b"\r" in content:
        return "with LF line ends"
    if not content.endswith(b"\n"):
        return "with a final newline"
    return "keys in alphabetical order, indented by 2"


def _is_window_canonical(content: bytes, offset: int) -> bool:
    """Whether the whole records of a part of the content are; a part with unclean records is not judged."""
    first = _BOUNDARY.search(content, offset)
    last = _BOUNDARY.search(content, first.end() + WINDOW_BYTES) if first else None
    if first is None or last is None:
        return True
    window = content[first.end() : last.end() - 1]
    try:
        records = _records.decode(b"[" + window + b"]")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return True
    return window == f"\n{_text(records)}".encode("utf-8", "surrogatepass")


def _text(records: Sequence[Any]) -> str:
    return ",\n".join(map(record_text, records))
