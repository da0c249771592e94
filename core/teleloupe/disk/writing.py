"""Writing files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat

from teleloupe.disk.places import STAGE_SUFFIX


def write(path: str, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file atomically: a temporary file beside it, flushed to disk, renamed over it. Raises OSError.

    A file that is replaced hands on its permissions; a link is replaced itself, not what it leads to.
    """
    folder = os.path.dirname(path) or "."
    os.makedirs(folder, exist_ok=True)
    temporary = os.path.join(folder, f".teleloupe-{secrets.token_hex(8)}{STAGE_SUFFIX}")
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


def remove(path: str) -> None:
    """Remove a file; that it is gone already is fine. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _sync_directory(folder: str) -> None:
    """Make a rename durable; not every file system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
