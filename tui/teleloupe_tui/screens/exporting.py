"""Views to files: at once, or after asking for format, rows and place; and back."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

from teleloupe import disk, export
from teleloupe.export import Saved
from teleloupe.model import Table, UsageError
from teleloupe.safe import safe
from teleloupe_tui import jobs, views, worked
from teleloupe_tui.cells import amount
from teleloupe_tui.keys import spelt
from teleloupe_tui.screens import exporting_bytes, exporting_diffs, looking, offers
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.screens.offers import Offer
from teleloupe_tui.widgets.pane import Pane

Make = Callable[[jobs.Cancel], bytes]


def export_now(screen: Inspector) -> None:
    """Write the view, or its marked rows, to the default place in the form that suits it."""
    pane = screen.here
    if pane.view == "bytes":
        exporting_bytes.export_shown(screen)
    elif pane.view in ("diff", "change") and not pane.marks:
        exporting_diffs.export_difference(screen)
    else:
        known = offers.offers(screen, pane)
        first = next(iter(known))
        form = "csv" if pane.marks and first == "report" else first
        write(screen, pane.marked, known[form], default_path(screen, pane, known[form].suffix))


def ask_export(screen: Inspector) -> None:
    """Ask for format, rows and place, then write."""
    from teleloupe_tui.screens.export_dialog import ExportDialog, Wanted

    pane = screen.here
    if pane.view == "bytes":
        exporting_bytes.export_shown(screen)
        return
    if pane.view in ("diff", "change"):
        exporting_diffs.ask_difference(screen)
        return
    scopes, known = scopes_of(screen, pane), offers.offers(screen, pane)

    def chosen(wanted: Wanted | None) -> None:
        if wanted is not None:
            screen.forms_chosen[pane.view] = wanted.form
            write(screen, scopes[wanted.scope], known[wanted.form], os.path.expanduser(wanted.place))

    counts = {scope: len(table.rows) for scope, table in scopes.items()}
    suffixes = {name: offer.suffix for name, offer in known.items()}
    place = partial(default_path, screen, pane)
    last = screen.forms_chosen.get(pane.view, "")
    screen.app.push_screen(ExportDialog(counts, suffixes, place, last), chosen)


def scopes_of(screen: Inspector, pane: Pane) -> dict[str, Table]:
    """What of a pane can be written, the likeliest first."""
    found: dict[str, Table] = {}
    if pane.marks:
        found["marked"] = pane.marked
    if pane.is_filtered:
        found["filtered"] = pane.seen(pane.table)
    whole = views.VIEWS[pane.view].build(screen.context(), pane.asked.form) if pane.is_filtered else pane.table
    return found | {"all": pane.seen(whole)}


def default_path(screen: Inspector, pane: Pane, suffix: str) -> str:
    """A place beside the watched directory, named after the artefact, the view and the time."""
    root = os.path.basename(os.path.realpath(screen.source.root))
    stem = screen.path if pane.view in ("records", "record", "artefact") and screen.path else root
    view = pane.view
    if view in worked.PANES:
        stem, view = looking.name_of(screen, pane)
    return exporting_diffs.place_for(screen, stem, view, suffix)


def write(screen: Inspector, table: Table, offer: Offer, path: str) -> None:
    """Write a table in a form away from the screen; a different file in its place is asked about first."""
    count = len(table.rows) if offer.count is None else offer.count
    write_bytes(screen, partial(offer.make, table), path, count, offer.noun)


def write_bytes(screen: Inspector, make: Make, path: str, count: int, noun: str, *, may_replace: bool = False) -> None:
    """Write what `make` gives, which is `count` of `noun`, away from the screen."""

    def work(cancel: jobs.Cancel) -> Saved | UsageError:
        try:
            data = make(cancel)
            cancel.check()
            return export.save(data, path, count, may_replace=may_replace)
        except UsageError as fault:
            return fault

    def then(outcome: Saved | UsageError) -> None:
        if isinstance(outcome, Saved):
            screen.exports.append(outcome)
            name = os.path.basename(outcome.path)
            folder = os.path.basename(os.path.dirname(outcome.path))
            what = f"{safe(os.path.join(folder, name))}: {amount(outcome.rows, noun)}"
            screen.say(f"wrote {what}; {spelt('undo-export')} takes it back")
        elif isinstance(outcome, export.Exists):
            _ask_to_replace(screen, partial(write_bytes, screen, make, path, count, noun, may_replace=True), path)
        else:
            screen.say(str(outcome), is_bad=True)

    screen.jobs.run("export", "writing", work, then)


def undo(screen: Inspector) -> None:
    """Take the last export back."""
    saved = screen.exports.pop()
    try:
        export.take_back(saved)
    except OSError as fault:
        screen.say(f"cannot take it back: {safe(disk.reason(fault))}", is_bad=True)
        return
    what = "restored" if saved.replaced[0][1] is not None else "removed"
    screen.say(f"{what} {safe(os.path.basename(saved.path))}{' and its checksum' if saved.sidecar else ''}")
    screen.show_status()


def _ask_to_replace(screen: Inspector, replace: partial[None], path: str) -> None:
    from teleloupe_tui.screens.menu import Item, Menu

    def chosen(answer: str | None) -> None:
        if answer == "replace":
            replace()

    replaced = f"replace it; {spelt('undo-export')} brings it back"
    items = (Item("n", "keep", "keep the file that is there"), Item("r", "replace", replaced))
    screen.app.push_screen(Menu(f"{safe(os.path.basename(path))} exists and is different", items), chosen)
