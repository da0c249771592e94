"""Finding and filtering."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from msgspec import structs

from teleloupe import query, searching
from teleloupe.model import Table, UsageError
from teleloupe_tui import jobs, views
from teleloupe_tui.screens import bytewise
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.widgets.pane import Pane
from teleloupe_tui.widgets.prompt import Prompt


def ask_search(screen: Inspector) -> Awaitable[None]:
    """Ask what to find; the cursor goes to the first row found while it is typed."""
    if screen.here.view == "bytes":
        return bytewise.ask_search(screen)
    pane = screen.here
    start = pane.cursor

    def typed(prompt: Prompt, wanted: str) -> None:
        prompt.blame("")
        look_for(screen, wanted, start)

    def left(_wanted: str) -> None:
        look_for(screen, "")
        pane.move_to(start)

    return screen.ask(Prompt("find", "/", pane.needle, typed, lambda _wanted: None, left))


def look_for(screen: Inspector, wanted: str, start: int | None = None, step_by: int = 1) -> None:
    """Highlight a text in the pane and go to the first row from `start` that has it; "" ends the search."""
    pane = screen.here
    pane.needle = wanted
    pane.repaint()
    screen.jobs.cancel("search")
    if wanted and pane.count and pane.showing and start is not None:
        table = _as_drawn(pane)
        if pane.count <= views.INLINE_ROWS:
            _found(screen, pane, wanted, searching.search(table, wanted, start, step_by))
        else:
            screen.jobs.run(
                "search",
                "finding",
                partial(_search, table, wanted, start, step_by),
                partial(_found, screen, pane, wanted),
            )
    screen.show_status()


def step(step_by: int) -> Callable[[Inspector], None]:
    """To the next row, or the one before, that has what was searched for; around the end."""

    def act(screen: Inspector) -> None:
        if screen.here.view == "bytes":
            bytewise.step_found(screen, step_by)
            return
        pane = screen.here
        look_for(screen, pane.needle, pane.cursor + step_by, step_by)

    return act


def ask_filter(screen: Inspector) -> Awaitable[None]:
    """Ask which rows to keep; what cannot be read is said while it is typed."""
    pane = screen.here

    def typed(prompt: Prompt, wanted: str) -> None:
        prompt.blame(_misread(pane, wanted))

    def entered(wanted: str) -> None:
        if fault := _misread(pane, wanted):
            screen.say(fault, is_bad=True)
            return
        pane.ask(query=structs.replace(pane.asked.query, filter=wanted.strip()))
        screen.show_status()

    return screen.ask(Prompt("filter", "&", pane.asked.query.filter, typed, entered, lambda _wanted: None))


def _misread(pane: Pane, wanted: str) -> str:
    try:
        query.matcher(wanted, pane.table.columns)
    except UsageError as fault:
        return f"{str(fault).partition(' (')[0]}: {fault.hint}" if fault.hint.startswith("did you") else str(fault)
    return ""


def _as_drawn(pane: Pane) -> Table:
    """The table with the columns that are drawn, so that what is found can be seen."""
    if pane.showing is None:
        return pane.table
    table, drawn = pane.showing.table, pane.showing.columns
    return structs.replace(table, columns=tuple(column for column in table.columns if column.name in drawn))


def _search(table: Table, wanted: str, start: int, step_by: int, cancel: jobs.Cancel) -> int | None:
    return searching.search(jobs.counted(table, cancel), wanted, start, step_by)


def _found(screen: Inspector, pane: Pane, wanted: str, row: int | None) -> None:
    if row is None:
        screen.say(f"{views.VIEWS[pane.view].title.lower()}: nothing found")
    elif pane.needle == wanted:
        pane.move_to(row)
