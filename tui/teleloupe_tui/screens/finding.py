"""Finding and filtering."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from msgspec import structs

from teleloupe import query, searching
from teleloupe.model import Table, UsageError
from teleloupe.safe import safe
from teleloupe.tables import column_named
from teleloupe_tui import completing, terms, views
from teleloupe_tui.hits import Hits
from teleloupe_tui.jobs import Cancel, Deliveries
from teleloupe_tui.screens import bytewise
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.tree import Node
from teleloupe_tui.widgets.pane import Pane
from teleloupe_tui.widgets.prompt import Prompt

FIND_HINT = "finds text in any cell · ↑ earlier · esc back to where it began"
FILTER_HINT = "tab completes · ↑ earlier · esc as it was"


# searching


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

    entered = partial(screen.recall.add, "find")
    past = screen.recall.of("find")
    return screen.ask(Prompt("find", "/", pane.needle, typed, entered, left, hint=FIND_HINT, past=past))


def look_for(screen: Inspector, wanted: str, start: int | None = None, step_by: int = 1) -> None:
    """Highlight a text in the pane and go to the first row from `start` that has it; "" ends the search."""
    pane = screen.here
    pane.needle, pane.hits = wanted, None
    pane.repaint()
    screen.jobs.cancel("search")
    if wanted and pane.count and pane.showing and start is not None:
        work = partial(_search, _as_drawn(pane), wanted, start % pane.count, step_by)
        whole, so_far = partial(_found, screen, pane, start, step_by), partial(_found_so_far, pane)
        if pane.count <= views.INLINE_ROWS:
            whole(work(Cancel()))
        else:
            screen.jobs.run("search", "finding", work, whole, so_far)
    screen.show_status()


def step(step_by: int) -> Callable[[Inspector], None]:
    """To the next row, or the one before, that has what was searched for; around the end."""

    def act(screen: Inspector) -> None:
        if screen.here.view == "bytes":
            bytewise.step_found(screen, step_by)
            return
        pane = screen.here
        hits, start = pane.hits, pane.cursor + step_by
        if hits is None or hits.rows is None or pane.showing is None or hits.of is not pane.showing.table.rows:
            look_for(screen, pane.needle, start, step_by)
        else:
            _found(screen, pane, start, step_by, hits)
            screen.show_status()

    return act


def _as_drawn(pane: Pane) -> Table:
    """The table with the columns that are drawn, so that what is found can be seen."""
    if pane.showing is None:
        return pane.table
    table, drawn = pane.showing.table, pane.showing.columns
    return structs.replace(table, columns=tuple(column for column in table.columns if column.name in drawn))


def _search(table: Table, wanted: str, start: int, step_by: int, cancel: Cancel) -> Hits:
    cancel.total = len(table.rows)
    deliveries = Deliveries()

    def found(row: int, count: int) -> None:
        if deliveries.is_due(count):
            cancel.deliver((row, Hits(table.rows, count)))

    rows = searching.hits(table, wanted, start, step_by, cancel.step, found)
    return Hits(table.rows, len(rows), rows)


def _found_so_far(pane: Pane, found: tuple[int, Hits]) -> None:
    row, hits = found
    if pane.hits is None:
        pane.move_to(row)
    pane.hits = hits


def _found(screen: Inspector, pane: Pane, start: int, step_by: int, hits: Hits) -> None:
    is_first, pane.hits = pane.hits is None or pane.hits.rows is not None, hits
    row = hits.next(start % pane.count, step_by) if pane.count else None
    if row is None:
        screen.say(f"{views.VIEWS[pane.view].title.lower()}: nothing found")
    elif is_first:
        pane.move_to(row)


# filtering


def ask_filter(screen: Inspector) -> Awaitable[None]:
    """Ask which rows to keep, and keep them while it is typed; what cannot be read is said, and where."""
    pane = screen.here
    before, row = pane.asked.query.filter, pane.key
    table = pane.table

    def typed(prompt: Prompt, wanted: str) -> None:
        if fault := _misread(wanted, table):
            prompt.blame(*fault)
        elif name := completing.begun(wanted, table.columns):
            prompt.tell(f"{safe(name)}: = != < > : ~ and a value compare it · enter finds it as a text")
        else:
            prompt.blame("")
            _filter(screen, pane, wanted)

    def entered(wanted: str) -> None:
        pane.is_tried = False
        if fault := _misread(wanted, table):
            _filter(screen, pane, before)
            screen.say(fault[0], is_bad=True)
            return
        screen.recall.add("filter", wanted)
        _filter(screen, pane, wanted)
        pane.feed(screen.context())

    def left(_wanted: str) -> None:
        pane.is_tried = False
        _filter(screen, pane, before)
        if pane.context is not None:
            pane.feed(pane.context, row=row)

    pane.is_tried = True
    past = [one for one in screen.recall.of("filter") if not _misread(one, table)]
    complete = partial(completing.offers, table=table)
    prompt = Prompt("filter", "&", before, typed, entered, left, hint=FILTER_HINT, past=past, complete=complete)
    return screen.ask(prompt)


def keep_alike(*, is_negated: bool = False) -> Callable[[Inspector], None]:
    """Keep the rows that have the value under the cursor in its column, or those that have another."""

    def act(screen: Inspector) -> None:
        pane, row = screen.here, screen.here.row
        if isinstance(row, Node):
            row = row.line
        if row is None:
            screen.say("this row has no values to filter by")
            return
        try:
            value = column_named(pane.table, pane.column).get(row)
        except UsageError:
            screen.say("this view has no columns to filter by")
            return
        wanted = terms.term(pane.column, value, is_negated=is_negated)
        _filter(screen, pane, terms.both(pane.asked.query.filter, wanted))
        screen.recall.add("filter", pane.asked.query.filter)

    return act


def _filter(screen: Inspector, pane: Pane, wanted: str) -> None:
    wanted = wanted.strip()
    if wanted != pane.asked.query.filter:
        pane.ask(query=structs.replace(pane.asked.query, filter=wanted))
        screen.show_status()


def _misread(wanted: str, table: Table) -> tuple[str, int | None] | None:
    """What is wrong with a filter, and at which of its characters."""
    try:
        query.sieve(wanted, table.columns)
    except UsageError as fault:
        words = str(fault).partition(" (")[0].partition(": ")[2] or str(fault).partition(" (")[0]
        hint = f": {fault.hint}" if fault.hint.startswith("did you") else ""
        return f"{words}{hint}", fault.place if isinstance(fault, query.Misread) else None
    return None
