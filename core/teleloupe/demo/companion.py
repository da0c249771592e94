"""The process beside the demo's inspector: it writes, and removes the directory when the inspector is gone.

It is told of that by the end of its standard input, which comes however the inspector ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from threading import Event, Thread

import teleloupe
from teleloupe.demo.writer import Writer

STEP_S = 1.0
GRACE_S = 5.0  # until the inspector removes the directory itself


@contextlib.contextmanager
def beside(root: str, seed: int, *, is_live: bool, is_kept: bool) -> Iterator[None]:
    """The companion at work while the block lasts; without `is_kept` the directory is gone afterwards."""
    words = [str(seed), *(["live"] if is_live else []), *(["kept"] if is_kept else [])]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "teleloupe.demo.companion", root, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(_search_path())},
        start_new_session=True,  # what the terminal's keys and its end tell a session does not reach it
    )
    try:
        yield
    finally:
        if process.stdin:
            process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_S)
        process.kill()
        process.wait()
        if not is_kept:
            shutil.rmtree(root, ignore_errors=True)


def _search_path() -> Iterator[str]:
    """Where the other process finds this same package, wherever it was loaded from."""
    yield os.path.dirname(os.path.dirname(os.path.abspath(teleloupe.__file__)))
    yield from filter(None, [os.environ.get("PYTHONPATH")])


def main(words: Sequence[str]) -> int:
    """Write until standard input ends, then remove the directory unless it is to be kept."""
    root, seed, *flags = words
    over = Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    Thread(target=_await_end, args=(over,), daemon=True).start()
    try:
        if "live" in flags:
            with contextlib.suppress(OSError):  # the directory is gone or the disk full: there is no more to show
                _write(root, int(seed), over)
        over.wait()
    finally:
        if "kept" not in flags:
            shutil.rmtree(root, ignore_errors=True)
    return 0


def _await_end(over: Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    over.set()


def _write(root: str, seed: int, over: Event) -> None:
    def pause(seconds: float) -> None:
        over.wait(seconds)

    writer = Writer(root, seed, pause)
    writer.begin()
    for _ in writer.steps():
        if over.wait(STEP_S):
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
