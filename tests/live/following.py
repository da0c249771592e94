"""A watch that runs in a thread, and waiting for what it shows."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Condition, Event, Thread

from teleloupe.model import Document, Snapshot
from teleloupe.watch import Arm, Watch, kernel_events
from tiny_feed import FEED

DEADLINE_S = 20.0  # far beyond what anything takes, also on a machine that is busy


class Follower:
    """The snapshots of a watch, as they come."""

    def __init__(self, source: Watch) -> None:
        self.source = source
        self.snapshots: list[Snapshot] = []
        self.stop = Event()
        self.fault: BaseException | None = None
        self._news = Condition()
        self._thread = Thread(target=self._follow)
        self._thread.start()

    def _follow(self) -> None:
        try:
            for snapshot in self.source.snapshots(self.stop):
                with self._news:
                    self.snapshots.append(snapshot)
                    self._news.notify_all()
        except BaseException as fault:
            self.fault = fault
            raise
        finally:
            with self._news:
                self.stop.set()
                self._news.notify_all()

    def until(self, holds: Callable[[Snapshot], object]) -> Snapshot:
        """The first snapshot, already seen or yet to come, from the newest on, that a condition holds of."""
        with self._news:
            seen = max(0, len(self.snapshots) - 1)
            while True:
                for snapshot in self.snapshots[seen:]:
                    if holds(snapshot):
                        return snapshot
                seen = len(self.snapshots)
                assert not self.stop.is_set(), f"the watch ended: {self.fault}"
                assert self._news.wait(DEADLINE_S), f"not seen in time; last: {_outline(self.snapshots[-1:])}"

    def end(self) -> None:
        self.stop.set()
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()


@contextlib.contextmanager
def following(root: Path, *, is_native: bool = True, arm: Arm = kernel_events) -> Iterator[Follower]:
    """A watch of a directory, in whose first whole snapshot the test begins."""
    follower = Follower(Watch(str(root), is_native=is_native, arm=arm, forms=(FEED,)))
    try:
        follower.until(lambda snapshot: snapshot.generation > 0 and snapshot.progress is None)
        yield follower
    finally:
        follower.end()


def holds_paths(*paths: str) -> Callable[[Snapshot], bool]:
    """A condition: exactly these files are there, and none is still arriving."""
    return lambda snapshot: set(snapshot.documents) == set(paths) and not snapshot.arriving


def records(snapshot: Snapshot, path: str) -> list[int]:
    """The numbers in a feed."""
    document: Document | None = snapshot.documents.get(path)
    return [record["n"] for record in document.records] if document else []


def feed(*numbers: int) -> bytes:
    """A feed's bytes."""
    return b"".join(b'{"n":%d}\n' % number for number in numbers)


def _outline(snapshots: list[Snapshot]) -> list[Mapping[str, int]]:
    return [{path: len(document.records) for path, document in one.documents.items()} for one in snapshots]
