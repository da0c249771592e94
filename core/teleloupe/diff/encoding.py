"""Differences of encoding alone: what is said first, so that it does not drown what changed."""

from __future__ import annotations

import json

from teleloupe.text import decode, lines

_LAYOUT_LIMIT_BYTES = 64 << 20


def remarks(before: bytes, after: bytes, *, may_be_layout: bool = True) -> tuple[str, ...]:
    """How the encoding changed, in words: byte order mark, line ends, final newline, layout of the same JSON.

    `may_be_layout` False spares the look at the JSON where values are known to differ.
    """
    if before == after:
        return ()
    old, new = decode(before), decode(after)
    found: list[str] = []
    if old.mark != new.mark:
        found.append(f"byte order mark: {old.mark or 'none'} -> {new.mark or 'none'}")
    old_ends, new_ends = _ends(old.text), _ends(new.text)
    if old_ends != new_ends and old_ends and new_ends:
        found.append(f"line ends: {old_ends} -> {new_ends} ({len(lines(new.text))} lines)")
    if bool(old.text) and bool(new.text) and old.text.endswith("\n") != new.text.endswith("\n"):
        found.append(f"final newline: {'dropped' if old.text.endswith(chr(10)) else 'added'}")
    if may_be_layout and (not found or lines(old.text) != lines(new.text)):
        found += _layout(old.text, new.text)
    return tuple(found)


def _ends(text: str) -> str:
    crlf = text.count("\r\n")
    lone = text.count("\n") - crlf
    return "mixed" if crlf and lone else "CRLF" if crlf else "LF" if lone else ""


def _layout(before: str, after: str) -> list[str]:
    """Whether both are the same JSON values written another way."""
    if max(len(before), len(after)) > _LAYOUT_LIMIT_BYTES or lines(before) == lines(after):
        return []
    try:
        old, new = json.loads(before), json.loads(after)
    except (ValueError, RecursionError):
        return []
    if json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True):
        return []
    return ["layout: the same JSON values, key order or white space differ"]
