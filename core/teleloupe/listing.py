"""Which files are there, and which of them changed: by stamps in a sweep, by name where an event said so."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from teleloupe import disk
from teleloupe.ignoring import Ignores, nothing


class Changes(Struct, frozen=True):
    """Files to be read, by path, and paths of files that are there no more."""

    entries: dict[str, disk.Entry]
    gone: Collection[str] = ()


def wanted(path: str) -> bool:
    """Whether a path, relative to the root, is looked at: no file being staged, nothing in a version control store."""
    return all(map(disk.is_wanted, path.split("/")))


class Listing:
    """What stands below a root, or only at some paths below it. A root that is a file is its directory's one file.

    `asked` is the path of a file that was asked for by name: its link is followed wherever it leads. What `is_ignored`
    says so of is not looked at. `roots` are directories below the root that stand for it: nothing else is looked at,
    and links from one of them lead to these alone.
    `folder` is the directory that holds everything; `fault` says why it cannot be listed, None when it can. `sweep_s`
    is what the last sweep took, `has_grown` whether looks since then found new directories.
    """

    def __init__(
        self,
        root: str,
        within: Sequence[str] = (),
        asked: str = "",
        is_ignored: Ignores = nothing,
        roots: Sequence[str] = (),
    ) -> None:
        found = disk.entry(os.path.dirname(root), os.path.basename(root), may_lead_out=True)
        self.is_file = found is not None and not found.is_directory and not within
        self.folder = (os.path.dirname(root) or ".") if self.is_file else root
        self.within = (os.path.basename(root),) if self.is_file else tuple(roots or within)
        self.homes = tuple(os.path.join(root, path) for path in roots)
        self.asked = self.within[0] if self.is_file else asked
        self.is_ignored = is_ignored
        self.fault: disk.Unreadable | None = None
        self.sweep_s, self.has_grown = 0.0, False
        self._entries: dict[str, disk.Entry] = {}
        self._directories: dict[disk.Identity, str] = {}

    def doubt(self, path: str) -> None:
        """Take a file for changed at the next sweep, whatever its stamp will be."""
        self._entries[path] = disk.Entry(path, _NO_STAMP)

    def sweep(self) -> Changes:
        """Look at everything; a file is taken for changed when its stamp is another one."""
        started = time.monotonic()
        self._directories, self.has_grown = {}, False
        try:
            found = {entry.path: entry for entry in self._walk()}
        except disk.Unreadable as fault:
            self.fault = self.fault if self.fault and self.fault.reason == fault.reason else fault
            found = {}
        else:
            self.fault = None
        gone = self._entries.keys() - found.keys()
        changed = {path: entry for path, entry in found.items() if self._entries.get(path) != entry}
        self._entries = found
        self.sweep_s = time.monotonic() - started
        return Changes(changed, gone)

    def look(self, paths: Iterable[str]) -> Changes:
        """Look at the named paths: each file there is taken for changed; directories are walked."""
        files, walked, gone = dict[str, disk.Entry](), set[str](), set[str]()
        known: dict[str, str | None] = {}
        for place in {self._place(path, known) for path in paths if self._is_wanted(path)}:
            entry = self._entry(place)
            if entry is None:
                gone.add(place)
            elif entry.is_directory:
                walked.add(place)
            else:
                files[place] = entry
        self.has_grown |= not walked <= set(self._directories.values())
        vanished = self._vanished(gone) if gone else set[str]()
        for place in sorted(walked):
            if not _is_below(place, walked):
                changes = self._walk_again(place)
                files |= changes.entries
                vanished |= set(changes.gone)
        self._entries |= files
        for path in vanished:
            del self._entries[path]
        return Changes(files, vanished)

    def _walk(self) -> Iterable[disk.Entry]:
        if not self.within:
            yield from disk.walk(self.folder, "", self._directories, self.is_ignored)
            return
        for path in self.within:
            entry = self._entry(path)
            if entry and entry.is_directory:
                yield from disk.walk(self.folder, path, self._directories, self.is_ignored, self.homes)
            elif entry:
                yield entry

    def _entry(self, path: str) -> disk.Entry | None:
        return disk.entry(self.folder, path, may_lead_out=path == self.asked, homes=self.homes)

    def _walk_again(self, directory: str) -> Changes:
        self._forget_directories({directory})
        walked = disk.walk(self.folder, directory, self._directories, self.is_ignored, self.homes)
        found = {entry.path: entry for entry in walked}
        gone = {path for path in self._entries if path not in found and _is_below(path, {directory})}
        return Changes({path: entry for path, entry in found.items() if self._entries.get(path) != entry}, gone)

    def _vanished(self, gone: set[str]) -> set[str]:
        """The known files that are gone with these paths, which were files or directories."""
        vanished = gone & self._entries.keys()
        directories = gone & set(self._directories.values())
        if directories:
            self._forget_directories(directories)
            vanished |= {path for path in self._entries if _is_below(path, directories)}
        return vanished

    def _forget_directories(self, places: set[str]) -> None:
        kept = self._directories.items()
        self._directories = {key: path for key, path in kept if path not in places and not _is_below(path, places)}

    def _is_wanted(self, path: str) -> bool:
        return self._is_within(path) and wanted(path) and not self.is_ignored(path)

    def _is_within(self, path: str) -> bool:
        return not self.within or path in self.within or _is_below(path, set(self.within))

    def _place(self, path: str, known: dict[str, str | None]) -> str:
        """Where the walk finds what an event named: below its directory's own path, or the first unknown directory."""
        folder, _, name = path.rpartition("/")
        if not folder or path in self.within:
            return path
        if folder not in known:
            identity = disk.identity(os.path.join(self.folder, folder))
            known[folder] = self._directories.get(identity) if identity else None
        own = known[folder]
        if own is None:
            return self._place(folder, known)
        return f"{own}/{name}" if own else name


_NO_STAMP = disk.Stamp(0, 0, -1)


def _is_below(path: str, directories: Collection[str]) -> bool:
    """Whether a path lies in one of some directories, however deep."""
    at = path.rfind("/")
    while at > 0:
        if path[:at] in directories:
            return True
        at = path.rfind("/", 0, at)
    return False
