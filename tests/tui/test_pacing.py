"""Who has the interpreter when."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from textual.app import App
from textual.widget import Widget

from teleloupe_tui import pacing


class Knot:
    """Something that only a look for garbage frees."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture
def _usual_garbage() -> Iterator[None]:
    """What the test leaves is looked at again."""
    before = gc.get_threshold()
    gc.collect()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("_usual_garbage")
def test_old_garbage_is_looked_for_in_a_quiet_moment_and_what_survives_never_again() -> None:
    gc.set_threshold(1_000_000)  # nothing of Python's own accord
    tidy = pacing.tidier()
    tidy()
    tied, survivor = Knot(), Knot()
    gc.collect(0)  # what survives is no longer young
    knot = weakref.ref(tied)
    del tied
    tidy()  # there was a look since the last call: no quiet moment
    assert knot() is not None

    frozen = gc.get_freeze_count()
    gc.collect(0)
    tidy()
    assert knot() is not None

    tidy()
    assert knot() is None
    assert gc.get_freeze_count() > frozen
    assert survivor.self is survivor


def test_other_threads_wait_for_a_frame_under_way_but_not_for_long() -> None:
    passed = threading.Event()

    def ask() -> None:
        pacing.give_way()
        passed.set()

    pacing.claim()
    thread = threading.Thread(target=ask)
    thread.start()
    pacing.release()
    assert passed.wait(20)
    thread.join()

    pacing.claim()
    try:
        pacing.give_way()  # comes back although nobody releases
    finally:
        pacing.release()


async def test_news_is_drawn_in_steps_and_of_what_comes_meanwhile_the_newest_only() -> None:
    drawn: list[str] = []
    app = App[None]()
    async with app.run_test() as pilot:
        owner = Widget()
        await app.screen.mount(owner)
        pace = pacing.Pace(owner)

        def steps(name: str) -> Iterator[Widget]:
            for step in "ab":
                drawn.append(name + step)
                yield owner

        pace.run(lambda: steps("first "))
        assert drawn == ["first a"]
        assert pace.is_busy
        pace.run(lambda: steps("second "))
        pace.run(lambda: steps("third "))
        for _ in range(500):
            await pilot.pause(0.01)
            if not pace.is_busy:
                break

    assert drawn == ["first a", "first b", "third a", "third b"]
