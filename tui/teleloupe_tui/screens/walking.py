"""Back and forth over the places that were visited."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from teleloupe_tui.trail import Stop

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector


def here(screen: Inspector) -> Stop:
    """Where the reader is."""
    return Stop(screen.screen_name, screen.pane_name, screen.path, screen.index)


def step(by: int) -> Callable[[Inspector], None]:
    """To the place before, or after; those of files that are gone are passed by."""

    def act(screen: Inspector) -> None:
        while (stop := screen.trail.step(by)) is not None:
            if stop.path is None or stop.path in screen.snapshot.documents:
                _stand(screen, stop)
                return
        screen.say("there is no place before this one" if by < 0 else "there is no place after this one")

    return act


def _stand(screen: Inspector, stop: Stop) -> None:
    if stop.path is not None:
        screen.choose(stop.path, stop.index)
        screen.pane("files").feed(screen.context(), row=stop.path)
    screen.go(stop.screen, stop.pane)
    if "records" in screen.layout_now.boxes:
        screen.pane("records").feed(screen.context(), row=stop.index)
