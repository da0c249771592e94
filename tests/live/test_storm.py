"""What a watch makes of a storm: whatever happened, in the end it shows what a fresh look finds."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread

import pytest
import storm

from teleloupe.model import Snapshot
from teleloupe.watch import Watch
from teleloupe.workspace import Workspace

QUIET_S, DEADLINE_S = 3.0, 60.0


class Latest:
    """The newest snapshot of a watch that runs beside, and how many there were."""

    def __init__(self, root: Path) -> None:
        self.snapshot = Snapshot(str(root))
        self.count = 0
        self.stop = Event()
        self._thread = Thread(target=self._follow, args=(root,))
        self._thread.start()

    def _follow(self, root: Path) -> None:
        for snapshot in Watch(str(root)).snapshots(self.stop):
            self.snapshot, self.count = snapshot, self.count + 1

    def quiet(self) -> Snapshot:
        """The snapshot after which no other one came for a while."""
        until, before = time.monotonic() + DEADLINE_S, -1
        while before != self.count:
            assert time.monotonic() < until
            before = self.count
            time.sleep(QUIET_S)
        return self.snapshot

    def end(self) -> None:
        self.stop.set()
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()


def test_a_short_storm_ends_in_what_a_fresh_look_finds(tmp_path: Path) -> None:
    _stormy(tmp_path, ["--seconds=2", "--rate=500", "--files=100"])


@pytest.mark.soak
def test_a_minute_of_a_thousand_events_a_second_ends_in_what_a_fresh_look_finds(tmp_path: Path) -> None:
    _stormy(tmp_path, ["--seconds=60", "--rate=1000", "--files=1000"])


def test_the_same_storm_blows_twice(tmp_path: Path) -> None:
    for name in "ab":
        storm.blow(tmp_path / name, 0, 0, 40, random.Random(1))

    first, second = (storm.outline(Workspace(str(tmp_path / name)).refresh()) for name in "ab")

    assert first == second


def _stormy(root: Path, words: list[str]) -> None:
    latest = Latest(root)
    try:
        command = [sys.executable, str(Path(storm.__file__)), str(root), *words]
        told = subprocess.run(command, check=True, capture_output=True, text=True)
        found = latest.quiet()
    finally:
        latest.end()

    fresh = Workspace(str(root)).refresh()
    assert int(told.stdout) >= 1000
    assert not found.arriving
    assert found.progress is None
    assert list(found.documents) == list(fresh.documents)
    assert storm.outline(found) == storm.outline(fresh)
