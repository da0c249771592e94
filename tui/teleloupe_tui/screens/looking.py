"""A format's views, and columns in figures: choosing them, and the way from a row of theirs to its place."""

from __future__ import annotations

import os

from msgspec import structs

from teleloupe.formats import View
from teleloupe.model import Place, UsageError
from teleloupe.safe import safe
from teleloupe.tables import column_named
from teleloupe_tui import places, terms, worked
from teleloupe_tui.screens import reading
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.widgets.pane import Pane

LETTERS = "123456789abcdefghilmnoprstuvwxyz"  # of views in their menu; j and k move there, q leaves it
SUBJECTS = {
    "files": "files", "artefact": "files", "records": "records", "record": "records", "issues": "issues",
    "place": "issues", "sums": "sums", "verdict": "sums", "look": "look", "fields": "look",
}  # fmt: skip


# views


def choose_view(screen: Inspector) -> None:
    """Ask which of the format's views to show of the selected file, or of a directory above it."""
    from teleloupe_tui.screens.menu import Item, Menu

    document = screen.document or worked.directory(".", screen.snapshot.documents)
    found = worked.fitting(document, screen.snapshot.documents)
    if not found:
        known = f"{document.format} has no views of its own for this" if document.format else "no known format"
        screen.say(f"{safe(document.name)}: {safe(known)}")
        return
    items = []
    for number, ((view, path), letter) in enumerate(zip(found, LETTERS, strict=False)):
        where = "" if path == document.path else f" of {safe(path)}/" if path != "." else ", all files"
        items.append(Item(letter, str(number), f"{view.title}{where}: {view.doc}"))

    def chosen(answer: str | None) -> None:
        if answer is not None:
            show_view(screen, *found[int(answer)])

    screen.app.push_screen(Menu(f"views of {safe(document.name)}", items), chosen)


def show_view(screen: Inspector, view: View, path: str) -> None:
    """Bring a view up."""
    working = screen.working
    if (working.view, working.view_path) != (view, path):
        working.forget("look")
        screen.panes["look"].forget_query()
        screen.panes["look"].marks.clear()
        screen.panes["look"].cursor = 0
    working.view, working.view_path = view, path
    _go(screen, "look")


def next_charts(screen: Inspector) -> None:
    """The charts that have no room beside those in sight."""
    plot = screen.working.plot
    if len(plot.charts) <= plot.shown:
        screen.say("all charts of this view are in sight" if plot.charts else "this view has no charts")
    plot.step()


def open_row(screen: Inspector) -> None:
    """Go to the file and place that the row of a view speaks of."""
    pane = screen.pane("look")
    if pane.showing is None or not pane.count:
        return
    place = pane.showing.table.locate(pane.cursor)
    if place.path not in screen.snapshot.documents:
        screen.say(f"{safe(place.path)} is no file here" if place.path else "this row speaks of no single file")
        return
    screen.returns.append((screen.screen_name, screen.pane_name))
    go_to(screen, place)


def go_to(screen: Inspector, place: Place) -> None:
    """The record that a place lies in, or the file when it lies in none."""
    document = screen.snapshot.documents[place.path]
    index = places.record_of(document, place.at)
    screen.choose(document.path, index or 0)
    screen.pane("files").feed(screen.context(), row=document.path)
    if index is None:
        screen.go("files", "artefact")
        reading.read(screen)
    else:
        screen.go("records", "record" if len(screen.layout_now.boxes) > 1 else "records")
        screen.pane("records").feed(screen.context(), row=index)
    page = screen.pane("artefact" if index is None else "record")
    page.feed(screen.context())
    if place.at:
        page.feed(screen.context(), row=place.at)


# figures


def show_stats(screen: Inspector) -> None:
    """The columns of the list in sight, in figures; of the ledger, those of the selected file's records."""
    subject = SUBJECTS.get(screen.pane_name)
    document = screen.document
    if subject == "files" and document is not None and document.records:
        subject = "records"
    if subject == "records" and (document is None or not document.records):
        subject = "files"
    if subject is not None:
        _of(screen, subject)
    _go(screen, "stats")


def show_frequency(screen: Inspector) -> None:
    """How often each value of the column under the cursor occurs."""
    _show_values(screen, is_grouped=False)


def show_groups(screen: Inspector) -> None:
    """The rows grouped by the column under the cursor, with the numbers of the other columns."""
    _show_values(screen, is_grouped=True)


def _show_values(screen: Inspector, *, is_grouped: bool) -> None:
    pane, working = screen.here, screen.working
    if working.is_grouped != is_grouped:
        working.is_grouped = is_grouped
        working.forget("values")
        screen.panes["values"].forget_query()
    if pane.view in ("stats", "values"):
        screen.go("stats", "values")
        return
    try:
        column_named(pane.table, pane.column)
    except UsageError:
        screen.say("this view has no columns to count")
        return
    _of(screen, SUBJECTS[pane.view])
    working.column = pane.column
    _go(screen, "stats", "values")
    if "stats" in screen.layout_now.boxes:
        screen.pane("stats").feed(screen.context(), row=pane.column)


def filter_by_value(screen: Inspector) -> None:
    """Keep the rows of the list that have the value under the cursor, and go back to them."""
    working, found = screen.working, screen.pane("values").row
    counted = working.known().counted
    if counted is None or found is None or found.is_rest:
        return
    pane = screen.pane(counted.subject)
    wanted = terms.both(pane.asked.query.filter, terms.term(counted.column.name, found.value))
    pane.asked = structs.replace(pane.asked, query=structs.replace(pane.asked.query, filter=wanted))
    screen.jobs.cancel(pane.view)
    while screen.returns and screen.returns[-1][0] == "stats":
        screen.returns.pop()
    if screen.returns:
        screen.returns.pop()
    screen.go(counted.subject)


def open_column(screen: Inspector) -> None:
    """The values of the column under the cursor."""
    _show_values(screen, is_grouped=False)


def _of(screen: Inspector, subject: str) -> None:
    working = screen.working
    if working.subject != subject:
        working.forget("stats", "values")
        for name in ("stats", "values"):
            screen.panes[name].forget_query()
            screen.panes[name].marks.clear()
    working.subject = subject


def _go(screen: Inspector, name: str, pane: str | None = None) -> None:
    if screen.screen_name != name:
        screen.returns.append((screen.screen_name, screen.pane_name))
    screen.is_zoomed = False
    screen.go(name, pane)


# names


def name_of(screen: Inspector, pane: Pane) -> tuple[str, str]:
    """What a pane's export is called: the artefact and the view."""
    working = screen.working
    if pane.view in ("look", "fields") and working.view is not None:
        return working.view_path, working.view.id
    if pane.view in ("made", "edit"):
        return working.made_path, pane.view
    subject = screen.path if working.subject == "records" and screen.path else working.subject
    return (
        subject,
        f"{'groups' if working.is_grouped else 'stats'}-{working.column}" if pane.view == "values" else "stats",
    )


def command(screen: Inspector, pane: Pane) -> list[str]:
    """The words of the headless command that gives the rows of a pane."""
    working, root = screen.working, screen.source.root
    if pane.view in ("look", "fields") and working.view is not None:
        path = root if working.view_path == "." else os.path.join(root, working.view_path)
        return ["show", path, "--view", working.view.id]
    if pane.view in ("made", "edit"):
        return ["show", os.path.join(root, working.made_path)]
    of = {"records": [], "sums": ["--of", "claims"], "issues": ["--of", "issues"], "files": []}.get(working.subject, [])
    path = os.path.join(root, screen.path) if working.subject == "records" and screen.path else root
    query = screen.panes[working.subject].asked.query
    words = ["stats", path, *of, *(["--where", query.filter] if query.filter else [])]
    return [*words, "--by" if working.is_grouped else "--column", working.column] if pane.view == "values" else words
