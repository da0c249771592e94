"""Long work away from the screen: one thread a job, the newest of a name wins, and esc lets go of all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

from msgspec import Struct, structs
from textual.message import Message
from textual.widget import Widget

from teleloupe.model import Table

TELL_AFTER_S = 0.15  # work quicker than this is not worth a word
FIRST_AFTER_S, HAND_ON_EVERY_S = 0.04, 0.15


class Cancelled(Exception):
    """Raised inside a job that nobody waits for any more."""


class Cancel:
    """Asked by a job now and then whether to go on, and told how far it is."""

    def __init__(self, deliver: Callable[[Any], None] | None = None) -> None:
        self._event = threading.Event()
        self._deliver = deliver
        self.done = 0
        self.total = 0

    def set(self) -> None:
        """Let the job end."""
        self._event.set()

    @property
    def is_set(self) -> bool:
        """Whether nobody waits any more."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise Cancelled when nobody waits any more."""
        if self._event.is_set():
            raise Cancelled

    def step(self, done: int) -> None:
        """Some more of `total` is done; raise Cancelled when nobody waits any more."""
        self.done += done
        self.check()

    def deliver(self, found: Any) -> None:
        """Hand on what is found so far, to whom it was promised."""
        if self._deliver:
            self._deliver(found)

    @property
    def share(self) -> str:
        """How much of it is done, in percent; "" where that is not known."""
        return f"{min(100 * self.done // self.total, 100)} %" if self.total else ""


class Deliveries:
    """Tells a job when it is time to hand on what it has so far."""

    def __init__(self) -> None:
        self._told: float | None = None
        self._start = time.monotonic()

    def is_due(self, count: int, enough: int = 1) -> bool:
        """Whether it is: the first time as soon as there is enough to be seen, or anything for a moment."""
        now = time.monotonic()
        if self._told is None:
            wait = 0.0 if count >= enough else FIRST_AFTER_S if count else HAND_ON_EVERY_S
        else:
            wait = HAND_ON_EVERY_S
        if now - (self._start if self._told is None else self._told) < wait:
            return False
        self._told = now
        return True


class Done(Message, bubble=False):
    """A job ended, with what it found or with what went wrong; or it has found something so far."""

    def __init__(self, job: Job, found: Any, fault: Exception | None, *, is_whole: bool = True) -> None:
        super().__init__()
        self.job = job
        self.found = found
        self.fault = fault
        self.is_whole = is_whole


class Job(Struct, frozen=True, eq=False):
    """Work under way: its name, what to say meanwhile, and what to do with the outcome in the screen's thread."""

    name: str
    telling: str
    cancel: Cancel
    then: Callable[[Any], None]
    so_far: Callable[[Any], None] | None = None


Work = Callable[[Cancel], Any]
Then = Callable[[Any], None]


class Jobs:
    """The jobs of one widget, which gets their `Done` messages and passes them to `finish`."""

    def __init__(self, owner: Widget) -> None:
        self._owner = owner
        self._running: dict[str, Job] = {}
        self._waiting: dict[str, Callable[[], None]] = {}

    @property
    def running(self) -> list[Job]:
        """What is under way, the oldest first."""
        return list(self._running.values())

    def named(self, name: str) -> Job | None:
        """The job of a name that is under way."""
        return self._running.get(name)

    def run(self, name: str, telling: str, work: Work, then: Then, so_far: Then | None = None) -> None:
        """Start work in a thread; an earlier job of the same name is let go of. `so_far` is told what it delivers."""
        self.cancel(name)
        self._start(name, telling, work, then, so_far)

    def run_after(self, name: str, telling: str, work: Work, then: Then, so_far: Then | None = None) -> None:
        """Like `run`, but a job of that name may end first; of several that wait, the newest is run."""
        if name in self._running:
            self._waiting[name] = lambda: self._start(name, telling, work, then, so_far)
        else:
            self._start(name, telling, work, then, so_far)

    def _start(self, name: str, telling: str, work: Work, then: Then, so_far: Then | None) -> None:
        def deliver(found: Any) -> None:
            self._owner.post_message(Done(job, found, None, is_whole=False))

        job = self._running[name] = Job(name, telling, Cancel(deliver), then, so_far)
        threading.Thread(target=self._work, args=(job, work), name=f"job-{name}", daemon=True).start()

    def cancel(self, name: str | None = None) -> bool:
        """Let go of one job, or of all; whether there was any."""
        gone = [job for job in self._running.values() if name in (None, job.name)]
        for job in gone:
            job.cancel.set()
            del self._running[job.name]
            self._waiting.pop(job.name, None)
        return bool(gone)

    def finish(self, done: Done) -> None:
        """Hand a job's outcome on, or raise its fault here, in the screen's thread, unless a newer job took over."""
        if self._running.get(done.job.name) is not done.job:
            return
        if not done.is_whole:
            if done.job.so_far:
                done.job.so_far(done.found)
            return
        del self._running[done.job.name]
        if done.fault is not None:
            raise done.fault
        done.job.then(done.found)
        if start := self._waiting.pop(done.job.name, None):
            start()

    def _work(self, job: Job, work: Work) -> None:
        found, fault = None, None
        try:
            found = work(job.cancel)
        except Cancelled:
            return
        except Exception as error:  # noqa: BLE001 - the worker's edge: raised again by `finish`
            fault = error
        self._owner.post_message(Done(job, found, fault))


class _Counted(Sequence[Any]):
    """Rows that ask, one by one, whether anybody still waits for them."""

    def __init__(self, rows: Sequence[Any], cancel: Cancel) -> None:
        self.rows = rows
        self.cancel = cancel

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if self.cancel.is_set:
            raise Cancelled
        self.cancel.done += 1
        return self.rows[index]

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            if self.cancel.is_set:
                raise Cancelled
            self.cancel.done += 1
            yield row


def counted(table: Table, cancel: Cancel) -> Table:
    """The table with rows that end the work on them when it is cancelled, and count how many were looked at."""
    cancel.total = len(table.rows)
    return structs.replace(table, rows=_Counted(table.rows, cancel))
