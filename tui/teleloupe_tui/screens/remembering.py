"""Takes the reader back to where the directory was left, and keeps where the reader is now."""

from __future__ import annotations

from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from msgspec import structs

from teleloupe.model import Query
from teleloupe.safe import safe
from teleloupe_tui import layout, remembered, views
from teleloupe_tui.columning import PLAIN
from teleloupe_tui.remembered import List, Unfit, Visit

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector
    from teleloupe_tui.widgets.pane import Pane

SCREENS = ("files", "records", "issues", "sums")  # the others need more than a file to come back to


class Remembering:
    """What is remembered of the screen's directory, in a folder; without one nothing is."""

    def __init__(self, screen: Inspector, folder: str | None) -> None:
        self._screen, self._folder = screen, folder
        self._kept: Visit | None = None
        self._seen: Visit | None = None
        self.fault = ""

    def restore(self) -> None:
        """Before anything is drawn, be where the last visit ended; a file that was asked for by name comes first."""
        if self._folder is None:
            return
        try:
            found = self._kept = remembered.load(self._folder, self._screen.source.root)
        except Unfit as fault:
            self.fault = f"where you left this directory is forgotten: {fault}"
            return
        if found is not None:
            is_elsewhere = self._screen.path not in (None, found.path)
            for view, asked in found.lists.items():
                if view in self._screen.panes:
                    has_query = view in SCREENS and not (view == "records" and is_elsewhere)
                    _ask(self._screen, self._screen.panes[view], asked, has_query=has_query)
            if self._screen.path is None:
                _stand(self._screen, found)

    def tick(self) -> None:
        """Keep what was the same at the last tick too, and is other than what is kept."""
        if self._folder is None:
            return
        now, before = self._now(), self._seen
        self._seen = now
        if now == before and now != self._kept:
            self._kept = now
            Thread(target=remembered.save, args=(self._folder, now), name="remembering", daemon=True).start()

    def close(self) -> None:
        """Keep where the visit ends."""
        if self._folder is not None and (now := self._now()) != self._kept:
            self._kept = now
            remembered.save(self._folder, now)

    def _now(self) -> Visit:
        screen = self._screen
        lists = {view: asked for view, pane in screen.panes.items() if (asked := _asked(pane)) != List()}
        is_known = screen.screen_name in SCREENS
        return remembered.visit(
            screen.source.root,
            screen=screen.screen_name if is_known else "files",
            pane=screen.pane_name if is_known else "files",
            path=_written(screen.path or screen.wanted_path),
            is_following=screen.is_following,
            is_zoomed=screen.is_zoomed,
            lists=lists,
        )


def give_up(screen: Inspector) -> None:
    """Begin with the first file where the one that is remembered is gone."""
    screen.say(f"{safe(screen.wanted_path or '')}, where you left, is gone")
    screen.path = screen.wanted_path = None
    files = screen.pane("files")
    files.feed(screen.context())
    if files.row is not None and (path := views.path_of(files.row)) is not None:
        screen.choose(path)


def _stand(screen: Inspector, found: Visit) -> None:
    if found.screen in SCREENS and found.pane in layout.SCREENS[found.screen]:
        screen.screen_name, screen.pane_name = found.screen, found.pane
    screen.is_following, screen.is_zoomed = found.is_following, found.is_zoomed
    screen.path = screen.wanted_path = found.path


def _ask(screen: Inspector, pane: Pane, asked: List, *, has_query: bool) -> None:
    form = asked.form if asked.form in views.FORMS.get(pane.view, ()) else pane.asked.form
    query = Query(asked.filter, asked.sort) if has_query else Query()
    pane.asked = structs.replace(pane.asked, form=form, query=query)
    pane.is_folding = form == "tree"
    pane.columnings = dict(asked.columns)
    if query != Query():
        pane.doubted = partial(_forget, screen, pane)


def _forget(screen: Inspector, pane: Pane, fault: str) -> None:
    """Show all rows where what was asked for last time no longer fits, and say what that was."""
    screen.say(f"{pane.order} is remembered and no longer fits: {fault}", is_bad=True)
    pane.ask(query=Query())


def _asked(pane: Pane) -> List:
    own = views.FORMS.get(pane.view, ("",))
    form = pane.asked.form if pane.asked.form in own[1:] else ""
    query = pane.asked.query if pane.view in SCREENS else Query()
    columns = {name: wanted for name, wanted in pane.columnings.items() if wanted != PLAIN}
    return List(form, query.filter, query.sort, columns)


def _written(path: str | None) -> str | None:
    """A path that text can hold; one with bytes that are no text is not remembered."""
    return path if path is not None and path.isprintable() else None
