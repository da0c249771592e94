"""What the keys of columns do: the order of the rows; which columns are in sight, where, how wide."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from teleloupe_tui import columning, ordering
from teleloupe_tui.cells import shown
from teleloupe_tui.columning import PLAIN, Columning
from teleloupe_tui.keys import spelt
from teleloupe_tui.screens.inspector import Inspector


def sort(screen: Inspector) -> None:
    """Sort by the column of the cursor; again reverses; a third time is file order."""
    _order(screen, ordering.by_one)


def sort_further(screen: Inspector) -> None:
    """Sort by the column of the cursor where the columns sorted by so far are alike."""
    _order(screen, ordering.by_further)


def _order(screen: Inspector, step: ordering.Step) -> None:
    pane = screen.here
    query = pane.asked.query
    pane.ask(query=structs.replace(query, sort=step(query.sort, pane.column)))
    screen.show_status()


def hide(screen: Inspector) -> None:
    """Hide the column of the cursor; the next one takes its place."""
    pane = screen.here
    names = list(pane.showing.columns) if pane.showing else []
    if len(names) < 2:
        screen.say("the last column stays")
        return
    at, column = names.index(pane.column), pane.column
    pane.column = names[at + 1] if at + 1 < len(names) else names[at - 1]
    _arrange(screen, columning.without(pane.columning, column))
    screen.say(f"{shown(column)} is hidden; {spelt('show-columns')} shows it again")


def show_hidden(screen: Inspector) -> None:
    """Show every column again; once they are all there, in their own order and widths."""
    now = screen.here.columning
    if now == PLAIN:
        screen.say("no column is hidden, moved, sized or frozen")
        return
    _arrange(screen, structs.replace(now, hidden=()) if now.hidden else PLAIN)


def move(step: int) -> Callable[[Inspector], None]:
    """Move the column of the cursor past its neighbour."""

    def act(screen: Inspector) -> None:
        pane = screen.here
        if pane.showing is None or pane.column not in pane.showing.columns:
            return
        wanted = columning.moved(pane.columning, pane.showing.columns, pane.showing.kind, pane.column, step)
        if wanted is None:
            screen.say("this is the last column" if step > 0 else "this is the first column")
            return
        _arrange(screen, wanted)

    return act


def widen(cells: int) -> Callable[[Inspector], None]:
    """Make the column of the cursor so many cells wider."""

    def act(screen: Inspector) -> None:
        pane = screen.here
        now = pane.columning.widths.get(pane.column) or pane.width_of(pane.column)
        if now:
            _arrange(screen, columning.sized(pane.columning, pane.column, now + cells))

    return act


def freeze(screen: Inspector) -> None:
    """Keep the columns up to the cursor's in sight; again frees them."""
    pane = screen.here
    _arrange(screen, columning.frozen(pane.columning, pane.column))
    if pane.columning.frozen and not pane.is_freezing:
        screen.say("these columns leave no room for another: they scroll as well until there is more, or some narrower")


def _arrange(screen: Inspector, wanted: Columning) -> None:
    screen.here.arrange_columns(wanted)
    screen.show_status()
