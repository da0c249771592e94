"""The places that the reader was at, in the order they were visited, and the way back and forth."""

from __future__ import annotations

from msgspec import Struct

LONGEST = 100


class Stop(Struct, frozen=True):
    """A place: screen and pane, the selected file and record."""

    screen: str
    pane: str
    path: str | None = None
    index: int = 0

    def is_like(self, other: Stop) -> bool:
        """Whether both are one place but for the record."""
        return (self.screen, self.pane, self.path) == (other.screen, other.pane, other.path)


class Trail:
    """Stops, of which one is where the reader is; going elsewhere from it forgets those after it."""

    def __init__(self) -> None:
        self._stops: list[Stop] = []
        self._at = 0

    def leave(self, now: Stop) -> None:
        """Remember how far the reader came at this place before going on."""
        self._stops[self._at : self._at + 1] = [now]

    def arrive(self, now: Stop) -> None:
        """Be at a place: a new one comes behind the last, and the oldest of too many goes."""
        if self._stops and self._stops[self._at].is_like(now):
            self.leave(now)
            return
        self._stops = [*self._stops[: self._at + 1], now][-LONGEST:]
        self._at = len(self._stops) - 1

    def step(self, by: int) -> Stop | None:
        """The place before, or after, where the reader is now; None at the end of the trail."""
        if not 0 <= self._at + by < len(self._stops):
            return None
        self._at += by
        return self._stops[self._at]
