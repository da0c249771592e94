"""What stands where: stamps, faults in words, and walks through directories."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from teleloupe.ignoring import Ignores, nothing
from teleloupe.model import UsageError
from teleloupe.safe import safe

STAGE_SUFFIX = ".stage"  # of files that are being written, ours and those of producers
STORES = frozenset({".git", ".hg", ".svn"})  # version control's own files are nobody's telemetry

NOT_REGULAR = "not a regular file"
LEADS_OUT = "a link out of the directory; open what it leads to by name"

Identity = tuple[int, int]


class Unreadable(Exception):
    """A path that cannot be read, with the reason in words; `path` is "" where the caller knows it anyway."""

    def __init__(self, reason: str, *, is_gone: bool = False, path: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_gone = is_gone
        self.path = path


class Stamp(Struct, frozen=True, gc=False):
    """What tells without reading that a file changed."""

    mtime_ns: int
    size: int
    inode: int


class Entry(Struct, frozen=True, gc=False):
    """A file, or something that cannot be read, below a root: POSIX path relative to it, stamp, and why not."""

    path: str
    stamp: Stamp
    fault: str = ""
    is_directory: bool = False


def entry(root: str, path: str, *, may_lead_out: bool = False, homes: Sequence[str] = ()) -> Entry | None:
    """What stands at a path relative to a root, links followed inside it; None when not even a link does.

    `homes` are the directories that links may lead to, by default the root alone. `may_lead_out`: the path is what was
    asked for by name, so that its link is followed wherever it leads.
    """
    place = os.path.join(root, path)
    if not may_lead_out and leads_out(place, resolved(homes or [root])):
        return Entry(path, _NO_STAMP, LEADS_OUT)
    try:
        return _entry(path, os.stat(place))
    except OSError as fault:
        return Entry(path, _NO_STAMP, reason(fault)) if os.path.lexists(place) else None


def listed(directory: str) -> list[Entry]:
    """What stands directly in a directory, links followed, by name. Raises Unreadable."""
    try:
        with os.scandir(directory) as entries:
            names = sorted(found.name for found in entries)
    except OSError as fault:
        raise unreadable(fault) from None
    return [found for name in names if (found := entry(directory, name))]


def stamp(path: str) -> Stamp | None:
    """The stamp of a file or directory, links followed; None when it is not there."""
    try:
        return stamp_of(os.stat(path))
    except OSError:
        return None


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp in a stat result."""
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


def identity(path: str) -> Identity | None:
    """What stays the same as long as a path names the same file or directory; None when nothing is there."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def resolved(homes: Iterable[str]) -> list[str]:
    """Directories as `leads_out` wants them: absolute, with no links in their paths."""
    return [os.path.realpath(home) for home in homes]


def leads_out(place: str, real_homes: Iterable[str]) -> bool:
    """Whether what a path finally names lies outside of directories that are `resolved`."""
    real = os.path.realpath(place)
    return not any(real == home or real.startswith(home.rstrip("/") + "/") for home in real_homes)


def is_wanted(name: str) -> bool:
    """Whether files and directories of this name, the last part of a path, are looked at."""
    return not name.endswith(STAGE_SUFFIX) and name not in STORES


def walk(
    root: str,
    below: str = "",
    seen: dict[Identity, str] | None = None,
    is_ignored: Ignores = nothing,
    homes: Sequence[str] = (),
) -> Iterator[Entry]:
    """Every wanted file below a directory of the root (the root itself: ""), in no order.

    Links are followed as long as they stay below the root, or below some `homes` in it; one that leads out is an entry
    with a fault. Each directory is entered once: by its own path where it has one here, else by its first link.
    `seen` tells which directories were entered already, under which path, and learns of more; `is_ignored` is asked for
    every path, a directory's ending in a slash. Raises Unreadable when the root itself cannot be listed; a directory
    below it that cannot is an entry with a fault.
    """
    seen = {} if seen is None else seen
    own, links, real_homes = [below], list[str](), resolved(homes or [root])
    while own or links:
        if not own:
            links.sort(reverse=True)
            own.append(links.pop())
        directory = own.pop()
        try:
            listed = _list(os.path.join(root, directory), directory, seen)
        except OSError as fault:
            if not directory:
                raise unreadable(fault) from None
            if not _is_gone(fault):
                yield Entry(directory, _NO_STAMP, reason(fault), is_directory=True)
            continue
        for path, found in _wanted(listed, directory, is_ignored):
            if found.is_symlink() and leads_out(found.path, real_homes):
                yield Entry(path, _NO_STAMP, LEADS_OUT)
            elif _is_directory(found):
                (links if found.is_symlink() else own).append(path)
            elif here := _file(found, path):
                yield here


def _wanted(
    listed: Iterable[os.DirEntry[str]], directory: str, is_ignored: Ignores
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The entries of a directory that nobody ignores, with their paths."""
    prefix = f"{directory}/" if directory else ""
    for found in listed:
        path = prefix + found.name
        if not is_ignored(f"{path}/" if _is_directory(found) else path):
            yield path, found


def unreadable(fault: OSError) -> Unreadable:
    """An operating system's error as the reason why something cannot be read."""
    return Unreadable(reason(fault), is_gone=_is_gone(fault))


def unwritable(path: str, fault: OSError) -> UsageError:
    """The same of a place to be written to: its user named it, so that it is wrong use."""
    return UsageError(f"cannot write {safe(path)}: {reason(fault)}")


def reason(fault: OSError) -> str:
    """What an operating system's error says, without the path."""
    if fault.errno == errno.ENXIO:
        return NOT_REGULAR
    return (fault.strerror or str(fault)).lower()


def _is_gone(fault: OSError) -> bool:
    return fault.errno in (errno.ENOENT, errno.ENOTDIR)


_NO_STAMP = Stamp(0, 0, 0)


def _entry(path: str, status: os.stat_result) -> Entry:
    if stat.S_ISREG(status.st_mode):
        return Entry(path, stamp_of(status))
    is_directory = stat.S_ISDIR(status.st_mode)
    return Entry(path, stamp_of(status), "" if is_directory else NOT_REGULAR, is_directory)


def _list(place: str, directory: str, seen: dict[Identity, str]) -> list[os.DirEntry[str]]:
    """What a directory holds; nothing when it was entered already."""
    status = os.stat(place)
    if (status.st_dev, status.st_ino) in seen:
        return []
    seen[status.st_dev, status.st_ino] = directory
    with os.scandir(place) as entries:
        return [one for one in entries if not one.name.endswith(STAGE_SUFFIX) and one.name not in STORES]


def _is_directory(found: os.DirEntry[str]) -> bool:
    try:
        return found.is_dir()
    except OSError:  # a link that leads round in circles
        return False


def _file(found: os.DirEntry[str], path: str) -> Entry | None:
    """The entry of what is no directory; None when it vanished meanwhile."""
    try:
        status = found.stat()
        if stat.S_ISREG(status.st_mode):  # sweeps do little else: without another call
            return Entry(path, Stamp(status.st_mtime_ns, status.st_size, status.st_ino))
        return _entry(path, status)
    except OSError as fault:
        return Entry(path, _NO_STAMP, reason(fault)) if found.is_symlink() or not _is_gone(fault) else None
