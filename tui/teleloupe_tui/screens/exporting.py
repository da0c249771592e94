"""Views to files: at once, or after asking for format, rows and place; and back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial

from teleloupe import export
from teleloupe.export import Form, Saved
from teleloupe.model import Table, UsageError
from teleloupe.safe import safe
from teleloupe_tui import jobs, views, worked
from teleloupe_tui.cells import amount
from teleloupe_tui.keys import spelt
from teleloupe_tui.screens import exporting_bytes, exporting_diffs, looking
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.widgets.pane import Pane

Make = Callable[[jobs.Cancel], bytes]


def export_now(screen: Inspector) -> None:
    """Write the view as CSV, or its marked rows, to the default place; verdicts and differences as reports."""
    pane = screen.here
    if pane.view == "bytes":
        exporting_bytes.export_shown(screen)
        return
    if (write_report := _reports().get(pane.view)) and not pane.marks:
        write_report(screen)
        return
    write(screen, pane.marked, "csv", default_path(screen, pane, "csv"))


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
    scopes = scopes_of(screen, pane)

    def chosen(wanted: Wanted | None) -> None:
        if wanted is not None:
            write(screen, scopes[wanted.scope], wanted.form, os.path.expanduser(wanted.place))

    counts = {scope: len(table.rows) for scope, table in scopes.items()}
    screen.app.push_screen(ExportDialog(counts, lambda form: default_path(screen, pane, form)), chosen)


def scopes_of(screen: Inspector, pane: Pane) -> dict[str, Table]:
    """What of a pane can be written, the likeliest first."""
    found: dict[str, Table] = {}
    if pane.marks:
        found["marked"] = pane.marked
    if pane.is_filtered:
        found["filtered"] = pane.seen(pane.table)
    whole = views.VIEWS[pane.view].build(screen.context(), pane.asked.form) if pane.is_filtered else pane.table
    return found | {"all": pane.seen(whole)}


def default_path(screen: Inspector, pane: Pane, form: Form) -> str:
    """A place beside the watched directory, named after the artefact, the view and the time."""
    root = os.path.basename(os.path.realpath(screen.source.root))
    stem = screen.path if pane.view in ("records", "record", "artefact") and screen.path else root
    view = pane.view
    if view in worked.PANES:
        stem, view = looking.name_of(screen, pane)
    when = time.strftime("%Y%m%dT%H%M%S", time.localtime(screen.clock()))
    return os.path.join(screen.export_folder, export.file_name(stem, view, form, when))


def write(screen: Inspector, table: Table, form: Form, path: str, *, may_replace: bool = False) -> None:
    """Write a table away from the screen; a different file in its place is asked about first."""
    make = partial(_encoded, table, form)
    write_bytes(screen, make, path, len(table.rows), "row", may_replace=may_replace)


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


def _encoded(table: Table, form: Form, cancel: jobs.Cancel) -> bytes:
    return export.encode(jobs.counted(table, cancel), form)


def _reports() -> dict[str, Callable[[Inspector], None]]:
    """What x writes of the panes that are no plain tables."""
    verdicts, difference = exporting_diffs.export_verdicts, exporting_diffs.export_difference
    return {"sums": verdicts, "verdict": verdicts, "diff": difference, "change": difference}


def undo(screen: Inspector) -> None:
    """Take the last export back."""
    saved = screen.exports.pop()
    try:
        export.take_back(saved)
    except OSError as fault:
        screen.say(f"cannot take it back: {safe((fault.strerror or str(fault)).lower())}", is_bad=True)
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
