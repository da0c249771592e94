"""Which kind of file system a place is on."""

from __future__ import annotations

import os
import re

_TABLE = "/proc/self/mountinfo"
_ESCAPE = re.compile(r"\\([0-7]{3})")


def file_system(path: str) -> str:
    """The type of the file system that holds a path, as the kernel names it; "" where the kernel does not say."""
    try:
        with open(_TABLE, encoding="utf-8", errors="surrogateescape") as table:
            lines = table.readlines()
    except OSError:
        return ""
    return _of_place(os.path.realpath(path), lines)


def _of_place(place: str, lines: list[str]) -> str:
    """The type of the deepest mount above a place; of several mounts there, the last."""
    found, depth = "", -1
    for line in lines:
        mount, _, source = line.partition(" - ")
        fields = mount.split()
        if len(fields) < 5 or not source:
            continue
        point = _ESCAPE.sub(lambda match: chr(int(match[1], 8)), fields[4]).rstrip("/")
        if (place == point or place.startswith(f"{point}/")) and len(point) >= depth:
            found, depth = source.split()[0], len(point)
    return found
