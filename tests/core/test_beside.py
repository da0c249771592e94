"""Work in a thread of its own."""

from __future__ import annotations

from threading import Event

import pytest

from teleloupe.beside import Beside


def test_what_came_of_the_work_is_there_when_it_is_done() -> None:
    gate = Event()

    def work() -> int:
        gate.wait(20)
        return 7

    beside = Beside(work)
    assert not beside.is_there(0)

    gate.set()
    assert beside.is_there(20)
    assert beside.get() == 7


def test_what_the_work_raised_is_raised() -> None:
    def work() -> None:
        raise KeyError("gone")

    beside = Beside(work)
    assert beside.is_there(20)
    with pytest.raises(KeyError, match="gone"):
        beside.get()
