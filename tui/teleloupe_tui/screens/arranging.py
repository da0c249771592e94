"""What the keys of columns do: the order of the rows."""

from __future__ import annotations

from msgspec import structs

from teleloupe_tui import ordering
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
