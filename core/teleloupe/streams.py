"""stdout for answers and stderr for talk, also where nobody takes them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress

from teleloupe.model import UsageError
from teleloupe.safe import safe_lines


def write_stdout(data: bytes, *, is_painted: bool = False) -> bool:
    """Write an answer; to a terminal with nothing in it that a terminal would obey but our own colours.

    False when its reader has gone, as `head` does, which changes no exit status. Raises UsageError where it cannot be
    written: the disk is full, or stdout is closed.
    """
    check_stdout()
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(safe_lines(data) if sys.stdout.isatty() and not is_painted else data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _let_go(1)
        return False
    except OSError as fault:
        _let_go(1)
        raise unwritable(fault) from None
    return True


def write_lines(lines: Iterable[str], *, is_painted: bool = False) -> bool:
    """Write an answer's lines, as `write_stdout` does."""
    return write_stdout("".join(f"{line}\n" for line in lines).encode(), is_painted=is_painted)


def check_stdout() -> None:
    """Raise UsageError where there is no stdout."""
    if sys.stdout is None:
        raise UsageError("cannot write to standard output: it is closed")


def unwritable(fault: OSError) -> UsageError:
    """The same of an answer that could not be written."""
    return UsageError(f"cannot write to standard output: {(fault.strerror or str(fault)).lower()}")


def settle() -> None:
    """Let go of what nobody took, so that the end of the process does not stumble over it."""
    try:
        sys.stdout.flush()
    except OSError:
        _let_go(1)


def say(words: str) -> None:
    """Say safe words on stderr; where nobody can be told, there is nobody to tell of that either."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"{words}\n")
        sys.stderr.flush()
    except OSError:
        _let_go(2)


def is_terminal() -> bool:
    """Whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def _let_go(stream: int) -> None:
    """Send what is still in a stream's buffer, and what follows, nowhere."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream)
        if nowhere != stream:
            os.close(nowhere)
