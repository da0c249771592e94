"""Bytes that a checksum held for, kept so that a later change can be compared with what was signed off.

A content-addressed cache in the user's own cache directory: compressed, readable by its owner alone, bounded in size
and age. Reading it back proves the bytes by their digest, so a damaged or forged entry is no entry.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from msgspec import Struct

from teleloupe import disk
from teleloupe.provenance.forms import measure

ENTRY_BYTES = 4 << 20  # larger files are not remembered
TOTAL_BYTES = 256 << 20  # of compressed entries; the oldest go first
AGE_DAYS = 180
TRIM_EVERY = 256  # entries written between two looks at the limits
_DAY_NS = 86_400_000_000_000
_HEX = frozenset("0123456789abcdef")

Clock = Callable[[], int]


class Remembered(Struct, frozen=True):
    """An entry: the SHA-256 of the bytes, how many bytes it takes, and when it was written in ns since the epoch."""

    sha256: str
    size: int
    written_ns: int


class Memory:
    """The cache in one directory; `clock` gives the time in ns since the epoch. A cache that fails is no error.

    A memory that is read only recalls and keeps nothing new.
    """

    def __init__(self, folder: str, clock: Clock, *, is_read_only: bool = False) -> None:
        self.folder, self._clock, self._is_read_only = folder, clock, is_read_only
        self._known: set[str] = set()
        self._written = 0

    def remember(self, sha256: str, read: Callable[[], bytes]) -> None:
        """Keep the bytes that `read` gives, which have this digest, unless they are kept already or are too many."""
        if self._is_read_only or sha256 in self._known:
            return
        self._known.add(sha256)
        path = self._path(sha256)
        if disk.stamp(path) is not None:
            return
        with contextlib.suppress(OSError, disk.Unreadable):
            data = read()
            if len(data) <= ENTRY_BYTES and measure(data, "sha256") == sha256:
                _write_private(path, zlib.compress(data, 1))
                self._written += 1
                if self._written % TRIM_EVERY == 0:
                    self.trim()

    def recall(self, sha256: str) -> tuple[bytes, str] | None:
        """The bytes of a digest and when they were kept, as an ISO 8601 instant; None when they are not."""
        if len(sha256) != 64 or not _HEX.issuperset(sha256):
            return None
        path = self._path(sha256)
        found = disk.stamp(path)
        if found is None or found.size > ENTRY_BYTES * 2:
            return None
        try:
            data = zlib.decompressobj().decompress(disk.read_slice(path, 0, found.size), ENTRY_BYTES + 1)
        except (disk.Unreadable, zlib.error):
            return None
        return (data, _instant(found.mtime_ns)) if measure(data, "sha256") == sha256 else None

    def entries(self) -> list[Remembered]:
        """What is kept, newest first."""
        return sorted(self._entries(), key=lambda entry: (-entry.written_ns, entry.sha256))

    def trim(self) -> None:
        """Drop what is too old, and the oldest of what is too much."""
        total = 0
        for entry in self.entries():
            total += entry.size
            if total > TOTAL_BYTES or self._clock() - entry.written_ns > AGE_DAYS * _DAY_NS:
                self._drop(entry.sha256)

    def clear(self) -> int:
        """Drop everything; how many entries there were."""
        entries = list(self._entries())
        for entry in entries:
            self._drop(entry.sha256)
        return len(entries)

    def _entries(self) -> Iterator[Remembered]:
        with contextlib.suppress(disk.Unreadable):
            for entry in disk.walk(self.folder):
                name = entry.path.replace("/", "")
                if len(name) == 64 and _HEX.issuperset(name):
                    yield Remembered(name, entry.stamp.size, entry.stamp.mtime_ns)

    def _drop(self, sha256: str) -> None:
        self._known.discard(sha256)
        with contextlib.suppress(OSError):
            disk.remove(self._path(sha256))

    def _path(self, sha256: str) -> str:
        return os.path.join(self.folder, sha256[:2], sha256[2:])


def default_folder(environment: Mapping[str, str]) -> str:
    """Where the cache is kept: below XDG_CACHE_HOME, else ~/.cache."""
    home = environment.get("XDG_CACHE_HOME", "")
    base = home if os.path.isabs(home) else os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "teleloupe", "verified")


def _write_private(path: str, data: bytes) -> None:
    """A whole file or none, for the owner's eyes; not flushed, for it is only a cache."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    temporary = f"{path}.{os.urandom(4).hex()}.stage"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _instant(ns: int) -> str:
    return datetime.fromtimestamp(ns // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
