"""Whether changes are told by the kernel: tried on a real file, with the time it took; and the kernel's limits."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from threading import Event, Timer

from teleloupe import disk
from teleloupe.doctor.findings import Finding

PATIENCE_S = 3.0
LIMITS = "/proc/sys/fs/inotify"
CROWDED = 0.8  # of a limit
PROCESS_LIMIT = 4_000  # that are looked at
RAISE = "raise it: sudo sysctl fs.inotify.{}={}"


def findings(root: str) -> Iterator[Finding]:
    """How changes below a directory will be noticed."""
    yield _tried()
    yield _file_system(root)
    yield from _limits()


def latency_ms() -> float:
    """The milliseconds from a write to its event, in a temporary directory.

    Raises OSError or RuntimeError where there are no events, TimeoutError when none came.
    """
    from teleloupe.watch import kernel_events

    stop, written = Event(), [0.0]
    with tempfile.TemporaryDirectory(prefix="teleloupe-doctor-") as folder:
        place = os.path.join(os.path.realpath(folder), "probe")

        def write() -> None:
            written[0] = time.perf_counter()
            with open(place, "wb") as file:
                file.write(b"probe\n")

        with closing(kernel_events([os.path.realpath(folder)], is_recursive=False, stop=stop)) as changes:
            next(changes)  # armed
            until = time.monotonic() + PATIENCE_S
            writer = Timer(0.02, write)
            writer.start()
            try:
                for paths in changes:
                    if place in paths:
                        return 1000 * (time.perf_counter() - written[0])
                    if time.monotonic() > until:
                        break
            finally:
                writer.join()
                stop.set()
    raise TimeoutError(f"no event within {PATIENCE_S:g} s")


def _tried() -> Finding:
    advice = "changes are then found by looking again, four times a second"
    try:
        taken = latency_ms()
    except ImportError:
        return Finding("watching", "events", "problem", "watchfiles cannot be loaded", "install Teleloupe anew")
    except (OSError, RuntimeError) as fault:
        return Finding("watching", "events", "note", f"polling: {fault}", advice)
    return Finding("watching", "events", "ok", f"native, a change was told after {taken:.0f} ms")


def _file_system(root: str) -> Finding:
    from teleloupe.watch import REMOTE

    kind = disk.file_system(root)
    if kind in REMOTE or kind.startswith("fuse."):
        advice = "what others write there is no event here; it is found by looking again, four times a second"
        return Finding("watching", "file system", "note", kind, advice)
    return Finding("watching", "file system", "ok", kind or "unknown to the kernel")


def _limits() -> Iterator[Finding]:
    """The limits of inotify beside what is used of them, as far as this user may see."""
    instances, watches = _used()
    for name, used in (("max_user_watches", watches), ("max_user_instances", instances)):
        limit = _number(os.path.join(LIMITS, name))
        if limit is None:
            continue
        is_crowded = used > CROWDED * limit
        advice = RAISE.format(name, 4 * limit) if is_crowded else ""
        yield Finding("watching", name, "note" if is_crowded else "ok", f"{used} of {limit} used", advice)


def _used() -> tuple[int, int]:
    """The inotify instances and watches of the processes that may be looked at."""
    instances = watches = 0
    for process in _listed("/proc", PROCESS_LIMIT):
        folder = f"/proc/{process}/fd"
        for number in _listed(folder) if process.isdigit() else ():
            with contextlib.suppress(OSError):
                if os.readlink(f"{folder}/{number}") == "anon_inode:inotify":
                    instances += 1
                    with open(f"/proc/{process}/fdinfo/{number}", encoding="ascii", errors="replace") as told:
                        watches += sum(line.startswith("inotify ") for line in told)
    return instances, watches


def _listed(folder: str, limit: int | None = None) -> list[str]:
    try:
        return os.listdir(folder)[:limit]
    except OSError:
        return []


def _number(path: str) -> int | None:
    try:
        with open(path, encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return None
