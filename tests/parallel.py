"""Run the tests in several processes: most of a screen's test is waiting, which others can use.

Each process takes a share of the tests, told apart by their names, so that every run has the same shares.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack

SHARES = 2 * max(os.cpu_count() or 1, 2)
NO_TESTS = 5  # pytest's status for a share that nothing falls into


def main(arguments: Sequence[str]) -> int:
    """Run all shares at once, show what each says when it ends, and return a status other than 0 if one failed."""
    started = time.monotonic()
    with ExitStack() as stack:
        running = {}
        for share in range(1, SHARES + 1):
            told = stack.enter_context(tempfile.TemporaryFile())
            # the pictures of the other shares look unused here
            options = ["--share", f"{share}/{SHARES}", "--snapshot-warn-unused", *arguments]
            command = [sys.executable, "-m", "pytest", *options]
            running[subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)] = told
        statuses = []
        while running:
            time.sleep(0.1)
            for process in [one for one in running if one.poll() is not None]:
                told = running.pop(process)
                told.seek(0)
                sys.stdout.buffer.write(told.read())
                sys.stdout.flush()
                statuses.append(0 if process.returncode == NO_TESTS else process.returncode)
    well = statuses.count(0)
    sys.stdout.write(f"{len(statuses)} processes, {well} without a failure, {time.monotonic() - started:.0f} s\n")
    return max(statuses, key=abs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
