"""Reading files once: content, digest, and how far, so that what only grew is read on."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator

from teleloupe import packing
from teleloupe.disk.marks import WINDOW_BYTES, Hashing, Mark, stands
from teleloupe.disk.places import NOT_REGULAR, Unreadable, unreadable
from teleloupe.model import Blob

READ_LIMIT_BYTES = 1 << 30  # larger files are hashed, not held in memory
HASH_LIMIT_BYTES = 16 << 30  # larger files are not even hashed: that is ten seconds' work
HEAD_BYTES = packing.HEAD_BYTES  # what is kept of a file beyond READ_LIMIT_BYTES
CHUNK_BYTES = 1 << 20
GROWTH_BYTES = 64 * 1024  # a smaller file is read anew when it grows: that is as quick, and surer

Tick = Callable[[int], None]


def read(path: str, name: str) -> Blob:
    """Read a file once, as the blob `name`; gzip content is expanded up to a limit. Raises Unreadable.

    What is no regular file is not even opened: opening a device can already do something.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Unreadable(NOT_REGULAR)
    except OSError as fault:
        raise unreadable(fault) from None
    return read_marked(path, name)[0]


def read_marked(path: str, name: str, tick: Tick | None = None) -> tuple[Blob, Mark | None]:
    """Read what a stat showed to be a regular file, and mark how far; None for a file too small to be read on from.

    `tick` hears how many bytes of a file too large to be held are hashed, and stops that by raising.
    """
    try:
        descriptor = os.open(path, _READ_FLAGS)
    except OSError as fault:
        raise unreadable(fault) from None
    try:
        return _read_open(descriptor, name, tick)
    except OSError as fault:
        raise unreadable(fault) from None
    finally:
        os.close(descriptor)


def read_on(path: str, name: str, mark: Mark, start: int) -> tuple[Blob, Mark] | None:
    """The file's bytes from `start`, which the mark covers, to its end; little else is read.

    The blob's size and digest are those of the whole file. None when the file is not the marked one grown, as far as
    `marks.stands` tells.
    """
    try:
        with open(path, "rb", opener=_open_regular, buffering=0) as file:
            return _read_grown(file.fileno(), name, mark, start)
    except OSError:
        return None


def lines_only(blob: Blob, start: int, mark: Mark | None, before: Mark | None) -> tuple[Blob, Mark | None] | None:
    """What was read from `start` on, as it stood when its last whole line was written; None when no such line is new.

    `mark` is the one that came with the blob, `before` the one it was read on from.
    """
    end, known = blob.data.rfind(b"\n") + 1, before.size if before else 0
    if start + end <= known or blob.packing or blob.fault:
        return None
    data = blob.data[:end]
    hashing = Hashing(before)
    hashing.feed(memoryview(data)[known - start :])
    cut = Blob(blob.path, data, hashing.size, blob.mtime_ns, hashing.state.hexdigest())
    last = _last_of(before, start, data)
    return cut, hashing.marked(mark.inode, mark.head, last, mark.turn) if mark else None


def read_slice(path: str, offset: int, length: int) -> bytes:
    """Up to `length` bytes from `offset`. Raises Unreadable."""
    try:
        with open(path, "rb", opener=_open_regular, buffering=0) as file:
            return os.pread(file.fileno(), length, offset)
    except OSError as fault:
        raise unreadable(fault) from None


def read_parts(path: str, part_bytes: int = CHUNK_BYTES) -> Iterator[bytes]:
    """The stored bytes of a file of any size, a part at a time. Raises Unreadable."""
    try:
        with open(path, "rb", opener=_open_regular, buffering=0) as file:
            while part := file.read(part_bytes):
                yield part
    except OSError as fault:
        raise unreadable(fault) from None


def digest(path: str, algorithm: str = "sha256") -> str:
    """The lower-case hex digest of a file of any size, in constant memory. Raises Unreadable."""
    try:
        with open(path, "rb", opener=_open_regular, buffering=0) as file:
            return hashlib.file_digest(file, algorithm).hexdigest()
    except OSError as fault:
        raise unreadable(fault) from None


_ONLY_HASHED = f"larger than {READ_LIMIT_BYTES >> 20} MiB; hashed, and only its beginning was looked at"
_NOT_HASHED = f"larger than {HASH_LIMIT_BYTES >> 20} MiB; only its beginning was looked at"
_READ_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def _open_regular(path: str, _flags: int) -> int:
    descriptor = os.open(path, _READ_FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, NOT_REGULAR)
    return descriptor


def _read_open(descriptor: int, name: str, tick: Tick | None) -> tuple[Blob, Mark | None]:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable(NOT_REGULAR)
    data = _read_all(descriptor, status.st_size) if status.st_size <= READ_LIMIT_BYTES else None
    if data is None:
        return _read_head(descriptor, name, tick)
    if packing.is_gzip(data):
        content, fault = packing.expand(data)
        sha256 = hashlib.sha256(data).hexdigest()
        return Blob(name, content, len(data), status.st_mtime_ns, sha256, "gzip", fault), None
    if len(data) < GROWTH_BYTES:
        return Blob(name, data, len(data), status.st_mtime_ns, hashlib.sha256(data).hexdigest()), None
    hashing = Hashing()
    hashing.feed(data)
    mark = hashing.marked(status.st_ino, data[:WINDOW_BYTES], data[-WINDOW_BYTES:])
    return Blob(name, data, len(data), status.st_mtime_ns, hashing.state.hexdigest()), mark


def _read_all(descriptor: int, size: int) -> bytes | None:
    """The file to its end, which may have moved since it was measured; None when it grew beyond what is held."""
    data = os.read(descriptor, size + 1)
    if len(data) == size:
        return data
    parts, total = [data], len(data)
    while part := os.read(descriptor, CHUNK_BYTES):
        parts.append(part)
        total += len(part)
        if total > READ_LIMIT_BYTES:
            return None
    return b"".join(parts)


def _read_head(descriptor: int, name: str, tick: Tick | None) -> tuple[Blob, Mark | None]:
    """The beginning of a file too large to be held, and its digest unless even that would take too long."""
    status, head = os.fstat(descriptor), os.pread(descriptor, HEAD_BYTES, 0)
    if status.st_size > HASH_LIMIT_BYTES:
        return Blob(name, head, status.st_size, status.st_mtime_ns, "", fault=_NOT_HASHED), None
    hashing = Hashing()
    last = _hash_on(descriptor, hashing, tick)
    mark = hashing.marked(status.st_ino, head[:WINDOW_BYTES], last)
    return Blob(name, head, mark.size, status.st_mtime_ns, mark.state.hexdigest(), fault=_ONLY_HASHED), mark


def _hash_on(descriptor: int, hashing: Hashing, tick: Tick | None) -> bytes:
    """Add the rest of a file to its digest; the last bytes of it."""
    last = b""
    while part := os.pread(descriptor, CHUNK_BYTES, hashing.size):
        hashing.feed(part)
        last = (last + part)[-WINDOW_BYTES:]
        if tick:
            tick(hashing.size)
    return last


def _read_grown(descriptor: int, name: str, mark: Mark, start: int) -> tuple[Blob, Mark] | None:
    status = os.fstat(descriptor)
    is_held = mark.size <= READ_LIMIT_BYTES
    if status.st_ino != mark.inode or status.st_size <= mark.size or (status.st_size <= READ_LIMIT_BYTES) != is_held:
        return None
    if not stands(descriptor, mark):
        return None
    hashing = Hashing(mark)
    if not is_held:
        last = _hash_on(descriptor, hashing, None)
        blob = Blob(name, b"", hashing.size, status.st_mtime_ns, hashing.state.hexdigest(), fault=_ONLY_HASHED)
        return blob, hashing.marked(mark.inode, mark.head, (mark.last + last)[-WINDOW_BYTES:], mark.turn + 1)
    data = os.pread(descriptor, status.st_size - start, start)
    hashing.feed(memoryview(data)[mark.size - start :])
    blob = Blob(name, data, hashing.size, status.st_mtime_ns, hashing.state.hexdigest())
    return blob, hashing.marked(mark.inode, mark.head, _last_of(mark, start, data), mark.turn + 1)


def _last_of(before: Mark | None, start: int, data: bytes) -> bytes:
    """The last bytes of a file that was read on from a mark, `data` standing at `start`."""
    kept = before.last[: max(0, len(before.last) - (before.size - start))] if before else b""
    return (kept + data[-WINDOW_BYTES:])[-WINDOW_BYTES:]
