"""How the inspector bears a storm: a writer creates, appends, replaces and deletes while keys are pressed.

    bench_live.py [--seconds 60] [--rate 1000] [--files 1000] [--columns 200] [--lines 60]

The app runs behind a real pseudo-terminal. A frame's time is from a key to the end of the frame that answers it, with
and without the time in which other processes had the processors; lag is how late the app's event loop comes to a call
that is due. What the app shows at the end must be what a fresh scan finds. Exit status 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "core"), str(ROOT / "tui"), str(ROOT / "tests" / "tui"), str(ROOT / "tests" / "live")]

from pseudo_terminal import Terminal  # noqa: E402 - needs the path above
from storm import outline  # noqa: E402 - needs the path above

from teleloupe.model import Snapshot  # noqa: E402 - needs the path above
from teleloupe.workspace import Workspace  # noqa: E402 - needs the path above

FRAME_LIMIT_MS = 50.0
PROBE_S, KEY_S, SETTLE_S = 0.005, 0.08, 6.0
DOWN = "\x06\x06"
HERE = [sys.executable, str(Path(__file__))]
STORM = [sys.executable, str(ROOT / "tests" / "live" / "storm.py")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--columns", type=int, default=200)
    parser.add_argument("--lines", type=int, default=60)
    parser.add_argument("--child", nargs=2, metavar=("FOLDER", "REPORT"))
    options = parser.parse_args()
    if options.child:
        return child(*options.child)
    words = [f"--{name}={getattr(options, name)}" for name in ("seconds", "rate", "files")]
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile("r") as report:
        happened = storm(folder, report.name, words, options.columns, options.lines)
        found = json.load(report)
        is_same = found["state"] == outline(Workspace(folder).refresh())
    print(f"{happened:,} events in {options.seconds:.0f} s, {options.columns} x {options.lines}:", end=" ")
    print(f"{found['snapshots']} snapshots shown, {found['cpu']:.1f} s of processor time")
    told("event loop lag", found["lags"])
    told("key to frame", found["frames"])
    is_quick = told("the same without waiting for a processor", found["own"]) <= FRAME_LIMIT_MS
    print(f"p99 {'holds' if is_quick else 'MISSES'} {FRAME_LIMIT_MS:.0f} ms")
    print(f"final state {'equals' if is_same else 'DIFFERS FROM'} a fresh scan")
    return 0 if is_quick and is_same else 1


def storm(folder: str, report: str, words: Sequence[str], columns: int, lines: int) -> int:
    """Let the writer loose on a folder that the app shows, press keys, and end the app; how many events there were."""
    subprocess.run([*STORM, folder, *words, "--seconds=0"], check=True, stdout=subprocess.DEVNULL)
    with Terminal([*HERE, "--child", folder, report], columns, lines) as terminal:
        terminal.wait_for("LIVE", 60)
        terminal.wait_quiet()
        terminal.type(DOWN)  # where every key moves the cursor
        with subprocess.Popen([*STORM, folder, *words], stdout=subprocess.PIPE) as writer:
            count = 0
            while writer.poll() is None:
                terminal.type("kj"[count % 2])
                count += 1
                until = time.monotonic() + KEY_S
                while (left := until - time.monotonic()) > 0:
                    terminal.read(left)
                terminal.output.clear()
            assert writer.stdout
            happened = int(writer.stdout.read())
        until = time.monotonic() + SETTLE_S
        while time.monotonic() < until:
            terminal.read(0.1)
        terminal.type("q")
        assert terminal.status() == 0
    return happened


def told(name: str, milliseconds: Sequence[float]) -> float:
    ordered = sorted(milliseconds)
    median, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    print(f"  {name}: median {median:.1f} ms, p99 {p99:.1f} ms, max {ordered[-1]:.1f} ms ({len(ordered):,} times)")
    return p99


def child(folder: str, report: str) -> int:
    """The app over a folder; what it measured goes into the report."""
    from teleloupe_tui.launch import Directory, Start, be_quick
    from teleloupe_tui.pacing import TIDY_S, tidier

    be_quick()
    app = probed()(Directory(Start(folder, has_memory=False)))
    app.call_later(app.set_interval, TIDY_S, tidier())
    app.run()
    if app.crash is not None:
        raise app.crash
    times = os.times()
    found = {"frames": app.frames, "own": app.own, "lags": app.lags, "snapshots": app.shown}
    found |= {"cpu": times.user + times.system, "state": outline(app.newest)}
    Path(report).write_text(json.dumps(found))
    return 0


def probed() -> Any:
    """The app, which notes how long keys wait for their frame, and how late the event loop is."""
    from textual.events import Key

    from teleloupe_tui.app import SnapshotReady, Teleloupe

    waited = clocked_keys()

    class Probed(Teleloupe):
        CSS_PATH = str(ROOT / "tui" / "teleloupe_tui" / "app.tcss")

        def __init__(self, source: Any) -> None:
            super().__init__(source)
            self.frames: list[float] = []
            self.own: list[float] = []
            self.lags: list[float] = []
            self.newest = Snapshot("")
            self.shown = 0
            self._pressed: Any = None

        async def on_event(self, event: Any) -> None:
            if isinstance(event, Key) and self._pressed is None:
                self._pressed = event
            await super().on_event(event)

        def _display(self, screen: Any, renderable: Any) -> None:
            super()._display(screen, renderable)
            if self._pressed is not None:
                taken = (time.monotonic() - self._pressed.time) * 1000
                self.frames.append(taken)
                self.own.append(taken - (waited() - self._pressed.waited))
                self._pressed = None

        def on_snapshot_ready(self, message: SnapshotReady) -> None:
            self.shown += 1
            self.newest = message.snapshot

        def on_ready(self) -> None:
            self._probing = asyncio.create_task(self.probe())

        async def probe(self) -> None:
            while True:
                due = time.monotonic() + PROBE_S
                await asyncio.sleep(PROBE_S)
                self.lags.append((time.monotonic() - due) * 1000)

    return Probed


def clocked_keys() -> Callable[[], float]:
    """Lets every key note, when it is pressed, the milliseconds this thread was ready and had no processor."""
    from textual.events import Key

    schedule, plain = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat"), Key.__init__

    def waited() -> float:
        return int(schedule.read_text().split()[1]) / 1e6

    def noting(key: Any, *words: Any) -> None:
        plain(key, *words)
        key.waited = waited()

    Key.__init__ = noting  # type: ignore[method-assign,assignment]  # in the thread that reads the terminal
    return waited


if __name__ == "__main__":
    sys.exit(main())
