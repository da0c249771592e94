"""Bugs of ours, written down where the user finds them."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from collections.abc import Sequence

from teleloupe import __version__, disk
from teleloupe.safe import safe
from teleloupe.streams import is_terminal


def lines_of(crash: BaseException) -> list[str]:
    """The traceback of an exception, line by line."""
    return "".join(traceback.format_exception(crash)).rstrip("\n").split("\n")


def terminal() -> str:
    """The terminal that a bug was met in, for bugs of the screen."""
    size = tuple(os.get_terminal_size()) if is_terminal() else None
    return f"TERM={os.environ.get('TERM')} size={size}"


def write_report(lines: Sequence[str]) -> str:
    """Write what is needed to find a bug into a temporary file that only its owner can read; its path.

    Raises OSError.
    """
    head = f"teleloupe {__version__}, Python {platform.python_version()}, {platform.platform()}"
    descriptor, path = tempfile.mkstemp(prefix="teleloupe-crash-", suffix=".txt")
    os.close(descriptor)
    disk.write(path, "".join(f"{safe(line)}\n" for line in (head, *lines)).encode())
    return path
