"""Which file here a path speaks of that some other file wrote down, perhaps on another machine.

Toyfoundry specification, section 2.9: joined to the writer's directory, then, unless it is a bare name, to each
directory above it, beyond the watched root too (repository-relative paths stay usable when one directory of the
repository is opened); then by ever shorter ends of a foreign absolute path; then, where that is asked for, by the
base name beside the writer.
Nothing is looked up on a disk: a path is found when it is among the documents.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache

from msgspec import Struct

_DRIVE = re.compile(r"[A-Za-z]:|//")
_PART_LIMIT = 64  # deeper paths are no producer's


class Place(Struct, frozen=True):
    """Where a written path leads: a path relative to the root, or None with the reason when it leads out of it."""

    path: str | None
    refusal: str = ""


def find(written: str, writer: str, known: Container[str], root: str = "/", *, beside: bool = True) -> Place:
    """The known file that `written`, found in the file `writer`, speaks of.

    `root` is the absolute POSIX path that all paths are relative to; `beside` allows the base name next to the writer.
    """
    folder = writer.rpartition("/")[0]
    if (as_written := _join(folder, written)) in known:
        return Place(as_written)
    places, leads_out = _candidates(written, folder, root)
    for place in places:
        if place in known:
            return Place(place)
    *above, name = written.replace("\\", "/").rstrip("/").split("/")
    if beside and ".." not in above and (neighbour := _join(folder, name)) in known:
        return Place(neighbour)
    return Place(None, "leads out of the watched directory; not read" if leads_out else "")


@lru_cache(maxsize=4096)
def _candidates(written: str, folder: str, root: str) -> tuple[tuple[str, ...], bool]:
    """The paths to look for, best first, and whether the path as written leads out of the root."""
    path = written.replace("\\", "/") if "\\" in written and "/" not in written.strip("/") else written
    path = path.replace("\\", "/") if _DRIVE.match(path) else path
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not parts or len(parts) > _PART_LIMIT:
        return (), False
    if path.startswith("/") or _DRIVE.match(path):
        return _of_absolute(path, parts, folder, root)
    upwards = list(_upwards(folder, root))[: 1 if len(parts) == 1 else None]
    inside = [place for above in upwards if (place := _relative(above, parts, root)) is not None]
    return tuple(dict.fromkeys(inside)), _relative(upwards[0], parts, root) is None


def _of_absolute(path: str, parts: list[str], folder: str, root: str) -> tuple[tuple[str, ...], bool]:
    """An absolute path below the root is that file; another one is matched by its ends, longest first."""
    own = _relative([], parts, root) if path.startswith("/") and not _DRIVE.match(path) else None
    if own is not None:
        return (own,), False
    found: list[str] = []
    if ".." not in parts:
        above = folder.split("/") if folder else []
        folders = ["/".join(above[:depth]) for depth in range(len(above), -1, -1)]
        for start in range(1, len(parts) - 1):
            found += [_join(place, "/".join(parts[start:])) for place in folders]
        found.append(_join(folder, parts[-1]))
    return tuple(dict.fromkeys(found)), True


def _upwards(folder: str, root: str) -> Iterator[list[str]]:
    """The absolute directories from the writer's to the top, as their parts."""
    parts = [part for part in f"{root}/{folder}".split("/") if part]
    for depth in range(len(parts), -1, -1):
        yield parts[:depth]


def _relative(above: list[str], parts: list[str], root: str) -> str | None:
    """A joined path relative to the root; None when it is not below it."""
    joined = list(above)
    for part in parts:
        if part == "..":
            if joined:
                joined.pop()
        else:
            joined.append(part)
    base = [part for part in root.split("/") if part]
    is_below = len(joined) > len(base) and joined[: len(base)] == base
    return "/".join(joined[len(base) :]) if is_below else None


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
