"""A process behind a real pseudo-terminal: what it writes is collected, keys are typed into it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

DEADLINE_S = 20.0


class Terminal:
    """A command in a terminal of `columns` x `lines`."""

    def __init__(
        self, command: Sequence[str], columns: int = 80, lines: int = 24, env: Mapping[str, str] | None = None
    ) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})}
        for name in ("TMUX", "NO_COLOR", "COLUMNS", "LINES"):
            if name not in (env or {}):
                environment.pop(name, None)
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True, close_fds=True
        )
        os.close(slave)
        self.output = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.master)

    def type(self, keys: str | bytes) -> None:
        """Press keys."""
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def read(self, seconds: float) -> bytes:
        """What comes within some time; returns at the first bytes."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return b""
        try:
            found = os.read(self.master, 1 << 20)
        except OSError:  # the other end is closed
            return b""
        self.output += found
        return found

    def wait_until(self, is_there: Callable[[bytearray], bool], seconds: float = DEADLINE_S) -> None:
        """Read until the output so far satisfies a condition; fails at the deadline."""
        until = time.monotonic() + seconds
        while not is_there(self.output):
            if time.monotonic() > until:
                raise AssertionError(f"not seen within {seconds} s; the last output: {bytes(self.output[-2000:])!r}")
            if not self.read(0.1) and self.process.poll() is not None and not is_there(self.output):
                raise AssertionError(
                    f"ended with {self.process.returncode}; the last output: {bytes(self.output[-2000:])!r}"
                )

    def wait_for(self, text: str | bytes, seconds: float = DEADLINE_S) -> None:
        """Read until a text has been written."""
        wanted = text.encode() if isinstance(text, str) else text
        self.wait_until(lambda output: wanted in output, seconds)

    def wait_quiet(self, seconds: float = 0.3, deadline: float = DEADLINE_S) -> None:
        """Read until nothing more comes for a while."""
        until = time.monotonic() + deadline
        while self.read(seconds) and time.monotonic() < until:
            pass

    def status(self, seconds: float = DEADLINE_S) -> int:
        """Read to the end and give the exit status."""
        until = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < until:
            self.read(0.05)
        while self.read(0.05):
            pass
        return self.process.wait(timeout=1)
