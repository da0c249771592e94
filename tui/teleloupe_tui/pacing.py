"""Who has the interpreter when: the screen before the worker, keys before news, garbage last."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.widget import Widget

NEWS_SHARE = 3  # after news was drawn, keys alone have the screen this many times the processor time that took
PATIENCE_S = 0.1  # the longest that other threads wait for a frame
STEP_S = 0.001
# Objects between two looks for garbage among the young; how many of those between two among what they left, and of
# those between two among everything. What was drawn is garbage in circles: looked for often, it takes a few ms a time.
YOUNG_OBJECTS, MIDDLE_ROUNDS, OLD_ROUNDS = 5000, 4, 500
TIDY_S = 1.0  # in which no garbage had to be looked for: time for a deeper look


class _Frames:
    """The frames under way in this process, which has one interpreter for all threads."""

    def __init__(self) -> None:
        self.count = 0
        self.until = 0.0


_frames = _Frames()


def claim() -> None:
    """A frame is under way: threads that ask shall let it be drawn before they go on."""
    _frames.count += 1
    _frames.until = time.monotonic() + PATIENCE_S


def release() -> None:
    """A frame is drawn."""
    _frames.count = max(_frames.count - 1, 0)


def give_way() -> None:
    """To be called by other threads now and then: waits for the frame that is under way, but not for long."""
    while _frames.count and time.monotonic() < _frames.until:
        time.sleep(STEP_S)


Steps = Iterator["Widget"]  # each has changed a widget


def be_lazy() -> None:
    """Look for garbage among what is young, and hardly ever among the rest; `tidier` does that in quiet moments."""
    gc.set_threshold(YOUNG_OBJECTS, MIDDLE_ROUNDS, OLD_ROUNDS)


def tidier() -> Callable[[], None]:
    """Looks for garbage among all objects when it is called in a quiet moment, and never again at those that survive.

    Such a look takes as long as there are objects, a tenth of a second for some 100 000 records, and stops all threads.
    """
    seen = -1

    def tidy() -> None:
        nonlocal seen
        now = gc.get_stats()[0]["collections"]
        is_quiet, seen = now == seen, now
        if is_quiet and gc.get_count()[1]:
            gc.collect()
            gc.freeze()

    return tidy


class Pace:
    """Draws news in steps, each painted before the next: a key that is pressed meanwhile waits for one of them.

    The first news after quiet is drawn at once, then as often as leaves most of the time to keys.
    """

    def __init__(self, owner: Widget) -> None:
        self._owner = owner
        self._waiting: Callable[[], Steps] | None = None
        self._is_drawing = self._is_resting = False
        self._started = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether news is being drawn, or waits to be."""
        return self._is_drawing or self._waiting is not None

    def run(self, work: Callable[[], Steps]) -> None:
        """Draw now, or when what is being drawn has been drawn and rested from; the newest request counts."""
        if self._is_drawing or self._is_resting:
            self._waiting = work
            return
        self._is_drawing = True
        self._started = time.thread_time()
        self._step(work())

    def _step(self, steps: Steps) -> None:
        claim()
        changed = next(steps, None)
        (changed or self._owner).call_after_refresh(self._painted, steps if changed else None)

    def _painted(self, steps: Steps | None) -> None:
        release()
        if steps is not None:
            self._step(steps)
            return
        self._is_drawing, self._is_resting = False, True
        self._owner.set_timer(NEWS_SHARE * (time.thread_time() - self._started), self._rested)

    def _rested(self) -> None:
        self._is_resting = False
        work, self._waiting = self._waiting, None
        if work is not None:
            self.run(work)
