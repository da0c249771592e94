"""Text faults in names and tags: control characters, and UTF-8 that was encoded twice."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_MULTIBYTE = re.compile(
    "[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
    "|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_WINDOWS = {byte.to_bytes(1, "big").decode("cp1252", "ignore"): chr(byte) for byte in range(0x80, 0xA0)}
_TO_BYTES = str.maketrans({character: byte for character, byte in _WINDOWS.items() if character})


def has_control(text: str) -> bool:
    """Whether a text holds C0, DEL or C1 characters."""
    return _CONTROL.search(text) is not None


def unmangled(text: str) -> str | None:
    """A text whose double-encoded parts are put right; None when it has none."""
    as_bytes = text.translate(_TO_BYTES)
    if not _MULTIBYTE.search(as_bytes):
        return None
    parts, at = [], 0
    for match in _MULTIBYTE.finditer(as_bytes):
        parts += [text[at : match.start()], match[0].encode("latin-1").decode("utf-8")]
        at = match.end()
    return "".join((*parts, text[at:]))


def is_plain(texts: set[str]) -> bool:
    """Whether no text of a set can have either fault or be empty; a quick answer that errs towards no."""
    joined = "".join(texts)
    return "" not in texts and joined.isascii() and joined.isprintable()
