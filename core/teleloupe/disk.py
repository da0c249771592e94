"""The only module that opens, reads, stamps and writes files."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator

from msgspec import Struct

from teleloupe.model import GZIP_CUT, GZIP_TOO_LARGE, Blob

READ_LIMIT_BYTES = 1 << 30  # larger files are hashed, not held in memory
EXPANSION_LIMIT_BYTES = 256 << 20  # of gzip content; no producer writes more
HEAD_BYTES = 64 * 1024  # what is kept of a file beyond READ_LIMIT_BYTES
CHUNK_BYTES = 1 << 20

Tick = Callable[[int], None]


class Unreadable(Exception):
    """A path that cannot be read, with the reason in words."""

    def __init__(self, reason: str, *, is_gone: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_gone = is_gone


class Stamp(Struct, frozen=True):
    """What tells without reading that a file changed."""

    mtime_ns: int
    size: int
    inode: int


class Entry(Struct, frozen=True):
    """A file, or something that is none, below a root: POSIX path relative to it, stamp, and why it cannot be read."""

    path: str
    stamp: Stamp
    fault: str = ""


def read(path: str, name: str) -> Blob:
    """Read a file once, as the blob `name`; gzip content is expanded up to a limit. Raises Unreadable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | getattr(os, "O_BINARY", 0))
    except OSError as fault:
        raise _unreadable(fault) from None
    try:
        return _read_open(descriptor, name)
    except OSError as fault:
        raise _unreadable(fault) from None
    finally:
        os.close(descriptor)


def read_slice(path: str, offset: int, length: int) -> bytes:
    """Up to `length` bytes from `offset`. Raises Unreadable."""
    try:
        with open(path, "rb", opener=_open_regular) as file:
            return os.pread(file.fileno(), length, offset)
    except OSError as fault:
        raise _unreadable(fault) from None


def digest(path: str, algorithm: str = "sha256") -> str:
    """The lower-case hex digest of a file of any size, in constant memory. Raises Unreadable."""
    try:
        with open(path, "rb", opener=_open_regular, buffering=0) as file:
            return hashlib.file_digest(file, algorithm).hexdigest()
    except OSError as fault:
        raise _unreadable(fault) from None


def stamp(path: str) -> Stamp | None:
    """The stamp of a file or directory, links followed; None when it is not there."""
    try:
        return stamp_of(os.stat(path))
    except OSError:
        return None


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp in a stat result."""
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


def walk(root: str) -> Iterator[Entry]:
    """Every entry below a directory but the directories themselves, in no order; links are followed, loops are cut.

    Raises Unreadable when the root itself cannot be listed; a directory below it that cannot is an entry with a fault.
    """
    pending, seen = [(root, "")], set[tuple[int, int]]()
    while pending:
        directory, prefix = pending.pop()
        try:
            status = os.stat(directory)
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(directory) as entries:
                listed = list(entries)
        except OSError as fault:
            if not prefix:
                raise _unreadable(fault) from None
            yield Entry(prefix.rstrip("/"), Stamp(0, 0, 0), _reason(fault))
            continue
        for entry in listed:
            path = f"{prefix}{entry.name}"
            try:
                if entry.is_dir():
                    pending.append((entry.path, f"{path}/"))
                    continue
                status = entry.stat()
            except OSError as fault:
                yield Entry(path, Stamp(0, 0, 0), _reason(fault))
                continue
            yield Entry(path, stamp_of(status), "" if stat.S_ISREG(status.st_mode) else _NOT_REGULAR)


def write(path: str, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file atomically: a temporary file beside it, flushed to disk, renamed over it. Raises OSError."""
    folder = os.path.dirname(path) or "."
    os.makedirs(folder, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(path)[:100]}.", suffix=".stage", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _kept_mode(path, mode))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_directory(folder)


def remove(path: str) -> None:
    """Remove a file; that it is gone already is fine. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


_NOT_REGULAR = "not a regular file"


def _open_regular(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, _NOT_REGULAR)
    return descriptor


def _read_open(descriptor: int, name: str) -> Blob:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable(_NOT_REGULAR)
    if status.st_size > READ_LIMIT_BYTES:
        return _read_head(descriptor, name, status)
    data = _read_all(descriptor, status.st_size)
    sha256 = hashlib.sha256(data).hexdigest()
    if data[:2] != b"\x1f\x8b":
        return Blob(name, data, len(data), status.st_mtime_ns, sha256)
    content, fault = expand(data)
    return Blob(name, content, len(data), status.st_mtime_ns, sha256, "gzip", fault)


def _read_all(descriptor: int, size: int) -> bytes:
    """The file to its end; it may have grown or shrunk since it was measured."""
    data = os.read(descriptor, size + 1)
    if len(data) == size:
        return data
    parts = [data]
    while data and sum(map(len, parts)) <= READ_LIMIT_BYTES:
        data = os.read(descriptor, CHUNK_BYTES)
        parts.append(data)
    return b"".join(parts)


def _read_head(descriptor: int, name: str, status: os.stat_result) -> Blob:
    with os.fdopen(os.dup(descriptor), "rb", buffering=0) as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    head = os.pread(descriptor, HEAD_BYTES, 0)
    fault = f"{status.st_size} bytes; files above {READ_LIMIT_BYTES} bytes are only hashed"
    return Blob(name, head, status.st_size, status.st_mtime_ns, sha256, fault=fault)


def expand(data: bytes) -> tuple[bytes, str]:
    """Gzip content and, when it is not whole, why: every member is read, up to EXPANSION_LIMIT_BYTES."""
    parts: list[bytes] = []
    total, rest = 0, data
    while rest:
        inflater = zlib.decompressobj(wbits=31)
        try:
            part = inflater.decompress(rest, EXPANSION_LIMIT_BYTES - total + 1)
        except zlib.error as fault:
            return b"".join(parts), f"gzip data is damaged: {fault}"
        parts.append(part)
        total += len(part)
        if total > EXPANSION_LIMIT_BYTES:
            return b"".join(parts)[:HEAD_BYTES], f"{GZIP_TOO_LARGE} {EXPANSION_LIMIT_BYTES} bytes"
        if not inflater.eof:
            return b"".join(parts), GZIP_CUT
        rest = inflater.unused_data
    return b"".join(parts), ""


def _unreadable(fault: OSError) -> Unreadable:
    return Unreadable(_reason(fault), is_gone=fault.errno in (errno.ENOENT, errno.ENOTDIR))


def _reason(fault: OSError) -> str:
    return (fault.strerror or str(fault)).lower()


def _kept_mode(path: str, mode: int) -> int:
    """The permissions of the file that is replaced, else `mode` less the process's mask."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return mode & ~mask


def _sync_directory(folder: str) -> None:
    """Make a rename durable; not every file system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
