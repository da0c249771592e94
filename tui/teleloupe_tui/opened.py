"""Opening the bytes of a file at a place: stored ones or those that were packed, the place looked up in them."""

from __future__ import annotations

import os
from collections.abc import Iterator

from msgspec import structs

from teleloupe import disk, jsontext, packing, spans, text
from teleloupe.disk import Unreadable
from teleloupe.model import Document
from teleloupe.spans import Span
from teleloupe_tui import hexes
from teleloupe_tui.hexes import Shown, Wanted
from teleloupe_tui.jobs import Cancel
from teleloupe_tui.source import Source

LOCATED_BYTES = 64 << 20  # places are looked up in content up to this size, numbers of lines in files of any size
LONGEST_LINE = 4 << 20


def opened(source: Source, document: Document, wanted: Wanted, cancel: Cancel) -> Shown | str:
    """The bytes of a document at a place, or why they cannot be had."""
    place = wanted.place
    entry = disk.entry(source.root, place.path, may_lead_out=bool(document.sha256))
    if entry is None or entry.fault or entry.is_directory:
        return (entry.fault or "a directory") if entry else "not there any more"
    path, size = os.path.join(source.root, place.path), entry.stamp.size
    try:
        is_packed = packing.is_gzip(disk.read_slice(path, 0, 2))
        unpacks = bool(place.at or wanted.message) if wanted.unpacks is None else wanted.unpacks
        shown = Shown(wanted, document.sha256, size, size, hexes.windowed(path), packing="gzip" if is_packed else "")
        if is_packed and not unpacks:
            return shown
        if is_packed:
            blob = source.read(place.path)
            shown = structs.replace(
                shown, size=len(blob.data), read=hexes.held(blob.data), is_unpacked=True, fault=blob.fault
            )
        return _placed(shown, path, cancel) if place.at or wanted.message else shown
    except Unreadable as fault:
        return fault.reason


def _placed(shown: Shown, path: str, cancel: Cancel) -> Shown:
    """The bytes with their place found, where it is."""
    at = shown.wanted.place.at
    if shown.size > LOCATED_BYTES:
        return _line_placed(shown, path, cancel)
    data = shown.read(0, shown.size)
    span = spans.in_bytes(data, at, shown.wanted.message)
    if span is None:
        return shown
    before = text.decode(data[: span.start]).text
    line, column = text.line_column(before, len(before))
    start = span.start
    if shown.wanted.column and span.is_exact:
        joint = " " if at.startswith("line ") and " /" not in at else ""
        inner = spans.in_bytes(data, f"{at}{joint}{jsontext.pointer(shown.wanted.column)}")
        start = inner.start if inner and inner.is_exact else start
    return structs.replace(shown, span=span, start=start, line=line, column=column)


def _line_placed(shown: Shown, path: str, cancel: Cancel) -> Shown:
    """The bytes with their line found, in a file too large to be held."""
    number, _, pointer = shown.wanted.place.at.removeprefix("line ").partition(" ")
    parts = _parts(shown, path, cancel)
    start = spans.line_start(parts, int(number)) if number.isdecimal() else None
    if start is None:
        return structs.replace(shown, fault="only lines are looked up in so large a file")
    line = shown.read(start, LONGEST_LINE).partition(b"\n")[0].removesuffix(b"\r")
    inner = spans.in_bytes(line, f"line 1 {pointer}".strip()) or Span(0, len(line))
    span = Span(start + inner.start, start + inner.end, inner.is_exact)
    return structs.replace(shown, span=span, start=span.start, line=int(number), column=inner.start + 1)


def _parts(shown: Shown, path: str, cancel: Cancel) -> Iterator[bytes]:
    """The parts of the content, as long as anybody waits for them."""
    cancel.total = shown.size
    found = [shown.read(0, shown.size)] if shown.is_unpacked else disk.read_parts(path)
    for part in found:
        cancel.check()
        cancel.done += len(part)
        yield part
