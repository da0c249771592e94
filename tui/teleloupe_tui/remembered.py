"""What is remembered of a directory between two visits: where the reader was, and how lists were asked for."""

from __future__ import annotations

import contextlib
import hashlib
import os

import msgspec
from msgspec import Struct

from teleloupe import disk
from teleloupe.model import SortKey
from teleloupe.safe import safe
from teleloupe_tui.columning import Columning

DIRECTORIES = 200  # remembered at most; those that were left the longest ago go first
MAX_BYTES = 1 << 18
FORMAT = "teleloupe directory 1"


class List(Struct, frozen=True, omit_defaults=True):
    """What was asked of a pane: its form, filter and order, and its columns by the sort of list."""

    form: str = ""
    filter: str = ""
    sort: tuple[SortKey, ...] = ()
    columns: dict[str, Columning] = {}


class Visit(Struct, frozen=True, omit_defaults=True):
    """Where the reader was in the directory `root`: screen, pane, file; and what was asked of each pane."""

    format: str
    root: str
    screen: str = "files"
    pane: str = "files"
    path: str | None = None
    is_following: bool = False
    is_zoomed: bool = False
    lists: dict[str, List] = {}


class Unfit(Exception):
    """A file that holds no visit of the directory: why, as safe text."""


def path_of(folder: str, root: str) -> str:
    """The file for a directory, by its real path."""
    name = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:32]
    return os.path.join(folder, "directories", f"{name}.json")


def load(folder: str, root: str) -> Visit | None:
    """What is remembered of a directory; None when nothing is. Raises Unfit."""
    path = path_of(folder, root)
    try:
        data = disk.read_slice(path, 0, MAX_BYTES + 1)
    except disk.Unreadable as fault:
        if fault.is_gone:
            return None
        raise Unfit(f"{safe(path)}: {safe(fault.reason)}") from None
    try:
        found = msgspec.json.decode(data, type=Visit)
    except (msgspec.DecodeError, RecursionError):
        raise Unfit(f"{safe(path)} is broken") from None
    if found.format != FORMAT or found.root != _root(root):
        raise Unfit(f"{safe(path)} is of something else")
    return found


def save(folder: str, visit: Visit) -> None:
    """Keep a visit for the next one. A disk that does not take it is no error."""
    path = path_of(folder, visit.root)
    data = msgspec.json.format(msgspec.json.encode(visit), indent=1) + b"\n"
    if len(data) > MAX_BYTES:
        return
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        disk.write(path, data, mode=0o600)
        _trim(os.path.dirname(path))


def visit(root: str, **fields: object) -> Visit:
    """A visit of a directory."""
    return Visit(FORMAT, _root(root), **fields)  # type: ignore[arg-type]  # the fields are those of Visit


def _root(root: str) -> str:
    return os.path.realpath(root).encode("utf-8", "backslashreplace").decode()


def _trim(folder: str) -> None:
    """Drop the visits that ended the longest ago, of more than there may be."""
    with contextlib.suppress(disk.Unreadable):
        entries = sorted(disk.walk(folder), key=lambda entry: (-entry.stamp.mtime_ns, entry.path))
        for entry in entries[DIRECTORIES:]:
            disk.remove(os.path.join(folder, entry.path))
