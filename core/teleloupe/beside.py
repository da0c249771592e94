"""Work in a thread of its own, so that somebody can tell meanwhile how far it is."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Beside(Generic[T]):
    """Work that is begun at once."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._found: list[T] = []
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._run, name="beside", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._found.append(self._work())
        except BaseException as fault:  # noqa: BLE001 - the thread's edge: raised again by `get`
            self._fault = fault

    def is_there(self, seconds: float) -> bool:
        """Whether the work is done, after waiting for so long at most."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def get(self) -> T:
        """What came of work that is done; raises what it did."""
        if self._fault is not None:
            raise self._fault
        return self._found[0]
