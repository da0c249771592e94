"""`teleloupe export`: tables to files or stdout."""

from __future__ import annotations

import os

import click

from teleloupe import disk, export, tables
from teleloupe.cli.bugs import status_with
from teleloupe.cli.completing import FILE, FOLDER, of_list
from teleloupe.cli.manual import Command
from teleloupe.cli.options import (
    as_option,
    columns_option,
    ignore_option,
    query_of,
    sort_option,
    unreadable,
    where_option,
)
from teleloupe.cli.roots import snapshot_of
from teleloupe.export import Form
from teleloupe.model import Query, Snapshot, Table, UsageError
from teleloupe.safe import safe
from teleloupe.streams import say, write_stdout


@click.command(
    "export",
    cls=Command,
    statuses={0: "everything is written"},
    examples=(
        ("teleloupe export . --to csv,json --out exported", "every artefact's records, a file each"),
        (
            "teleloupe export svr/sessions/anon-p012.json --where outcome=fail --to json",
            "some of them, on stdout",
        ),
        ("teleloupe export . --view issues --to jsonl > issues.jsonl", "what is wrong, for a program"),
    ),
)
@click.argument("path", type=FILE)
@click.option(
    "--to",
    "forms",
    default="csv",
    metavar="FORMS",
    shell_complete=lambda _c, _p, typed: of_list(export.FORMS, typed),
    help=f"Any of {', '.join(export.FORMS)}; comma between.",
)
@click.option("--out", default="-", metavar="DIR", type=FOLDER, help="The directory to write to; - is stdout.")
@click.option(
    "--view",
    type=click.Choice(["records", "files", "issues", "claims"]),
    default="records",
    show_default=True,
    help="What to write.",
)
@click.option("--replace", is_flag=True, help="Write over different files of the same name.")
@click.option(
    "--raw-cells", is_flag=True, help="CSV: leave cells as they are that a spreadsheet would run as formulas."
)
@as_option
@where_option
@sort_option
@columns_option
@ignore_option
def export_command(
    path: str,
    forms: str,
    out: str,
    view: str,
    replace: bool,
    raw_cells: bool,
    only: str | None,
    where: str,
    sort: str,
    columns: str,
    ignored: tuple[str, ...],
) -> int:
    """Write records, the ledger, issues or claims as JSON, JSONL, CSV, TSV, Markdown or HTML.

    For a directory, `--view records` writes one file for each artefact with records.
    """
    wanted, kinds = query_of(where, sort, columns), _forms(forms)
    try:
        snapshot = snapshot_of([path], only, ignored)
    except disk.Unreadable as fault:
        return unreadable(path, fault)
    is_file = not os.path.isdir(path)
    plan = [(stem, table, form) for stem, table in _tables(snapshot, view, wanted, is_file=is_file) for form in kinds]
    if not plan:
        say(f"teleloupe: {safe(path)} holds no records; nothing is written")
    if out != "-":
        names = export.apart(export.file_name(stem, view, form) for stem, _, form in plan)
        for name, (_, table, form) in zip(names, plan, strict=True):
            data = export.encode(table, form, raw_cells=raw_cells)
            saved = export.save(data, os.path.join(out, name), len(table.rows), may_replace=replace)
            say(f"{safe(saved.path)}: {saved.rows} rows")
        return status_with(0, snapshot.issues())
    if len(plan) > 1:
        raise UsageError(f"{len(plan)} files do not fit on stdout", "name a directory with --out")
    for _, table, form in plan:
        write_stdout(export.encode(table, form, raw_cells=raw_cells))
    return status_with(0, snapshot.issues())


def _forms(text: str) -> list[Form]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in export.FORMS]
    if unknown or not names:
        raise UsageError(
            f"--to does not know {safe(', '.join(unknown) or text)!r}", f"known: {', '.join(export.FORMS)}"
        )
    return [form for form in export.FORMS if form in names]


def _tables(snapshot: Snapshot, view: str, wanted: Query, *, is_file: bool) -> list[tuple[str, Table]]:
    """What to write, under which stem; a table that a named file could have is written also where it has no rows.

    An artefact without the columns that are asked for is left out. Raises UsageError where all of them are.
    """
    if view != "records":
        table = {"files": tables.ledger, "issues": tables.issues, "claims": tables.claims}[view](snapshot)
        return [(os.path.basename(os.path.realpath(snapshot.root)), tables.arranged(table, wanted))]
    found, faults = list[tuple[str, Table]](), list[UsageError]()
    for path, document in snapshot.documents.items():
        if document.records or (is_file and document.columns):
            try:
                found.append((path, tables.arranged(tables.records(document), wanted)))
            except UsageError as fault:
                faults.append(fault)
    if faults and not found:
        raise faults[0]
    if faults:
        say(f"teleloupe: {len(faults)} without the columns that are asked for left out, {len(found)} with them written")
    return found
