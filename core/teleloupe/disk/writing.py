"""Writing files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Sequence

from teleloupe.disk.places import STAGE_SUFFIX


def write(path: str, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file atomically: a temporary file beside it, flushed to disk, renamed over it. Raises OSError.

    A file that is replaced hands on its permissions; a link is replaced itself, not what it leads to.
    """
    folder = os.path.dirname(path) or "."
    os.makedirs(folder, exist_ok=True)
    temporary = os.path.join(folder, f".teleloupe-{os.urandom(8).hex()}{STAGE_SUFFIX}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            with contextlib.suppress(FileNotFoundError):
                os.fchmod(descriptor, stat.S_IMODE(os.stat(path).st_mode))
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_directory(folder)


def write_in_order(files: Sequence[tuple[str, bytes | Iterable[bytes]]], *, mode: int = 0o666) -> None:
    """Replace several files so that each is old or new at any moment, and a later one is new only if all before it are.

    Content may come in parts, asked for when all files before it are staged. Each is staged and flushed as
    `<path>.stage`, then all are renamed in the order given. On a failure the stages and the directories made for them
    are removed. Raises OSError.
    """
    made: list[str] = []
    try:
        for path, data in files:
            _make_folder(os.path.dirname(path) or ".", made)
            _stage(path + STAGE_SUFFIX, data, mode)
        for path, _ in files:
            os.replace(path + STAGE_SUFFIX, path)
            _sync_directory(os.path.dirname(path) or ".")
    except BaseException:
        for path, _ in files:
            with contextlib.suppress(OSError):
                os.unlink(path + STAGE_SUFFIX)
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
        raise


def remove(path: str) -> None:
    """Remove a file; that it is gone already is fine. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _make_folder(folder: str, made: list[str]) -> None:
    """Make a directory and what is missing above it, and note each in `made`."""
    if os.path.isdir(folder):
        return
    _make_folder(os.path.dirname(folder) or ".", made)
    os.mkdir(folder)
    made.append(folder)


def _stage(path: str, data: bytes | Iterable[bytes], mode: int) -> None:
    """Write and flush a stage anew; one that an interrupted run left, or a link in its place, is removed first."""
    remove(path)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines((data,) if isinstance(data, bytes) else data)
        file.flush()
        os.fsync(descriptor)


def _sync_directory(folder: str) -> None:
    """Make a rename durable; not every file system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
