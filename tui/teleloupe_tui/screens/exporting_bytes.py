"""The bytes on the screen to a file: those that are marked, or all of them."""

from __future__ import annotations

import os
from collections.abc import Callable

from teleloupe.disk import READ_LIMIT_BYTES
from teleloupe_tui import cells
from teleloupe_tui.jobs import Cancel
from teleloupe_tui.keys import spelt
from teleloupe_tui.screens.exporting_diffs import place_for
from teleloupe_tui.screens.inspector import Inspector


def export_shown(screen: Inspector) -> None:
    """Write the marked bytes of those on the screen, or all of them where none are marked."""
    shown = screen.viewed.shown
    if shown is None:
        return
    span = shown.found or shown.span
    start, end = (span.start, span.end) if span else (0, shown.size)
    if _is_too_large(screen, end - start):
        return
    name = os.path.basename(shown.wanted.place.path)
    path = place_for(screen, name, f"bytes-{start:x}", "" if span else _suffix(name))
    _write(screen, lambda _cancel: shown.read(start, end - start), path, end - start)


def _write(screen: Inspector, make: Callable[[Cancel], bytes], path: str, count: int) -> None:
    from teleloupe_tui.screens.exporting import write_bytes

    write_bytes(screen, make, path, count, "byte")


def _is_too_large(screen: Inspector, size: int) -> bool:
    if size > READ_LIMIT_BYTES:
        screen.say(f"{cells.size(size)} are too many to be written; {spelt('copy')} p copies the path", is_bad=True)
    return size > READ_LIMIT_BYTES


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1][1:]
