"""`teleloupe show`: one file's header, records and issues."""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

from teleloupe import detail, disk, export, formats, tables
from teleloupe.cli import plain
from teleloupe.cli.bugs import status_with
from teleloupe.cli.color import TONES, color_option
from teleloupe.cli.completing import FILE, of_names
from teleloupe.cli.looks import seen, view_table
from teleloupe.cli.manual import Command
from teleloupe.cli.options import (
    as_option,
    columns_option,
    query_of,
    sort_option,
    unreadable,
    where_option,
)
from teleloupe.cli.output import print_json, shown_json
from teleloupe.cli.verify import verdicts_on
from teleloupe.model import Document, Snapshot, Table, UsageError
from teleloupe.safe import safe
from teleloupe.streams import write_lines, write_stdout
from teleloupe.text import decode


@click.command(
    "show",
    cls=Command,
    statuses={0: "the file is shown, whatever is wrong with it"},
    examples=(
        ("teleloupe show clamp/telemetry_summary.json", "header, issues and records"),
        ("teleloupe show svr/sessions/anon-p012.json --record 5", "a record, field by field"),
        ("teleloupe show svr/sessions/anon-p012.json --view score-audit", "a look of the format's own"),
        (
            "teleloupe show bootloader/seq/20260302_060000 --view evolution --output json",
            "the same of a directory, for a program",
        ),
    ),
)
@click.argument("file", type=FILE)
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to answer.")
@as_option
@click.option("--record", type=int, help="Only this record, field by field; the first is 1.")
@click.option("--limit", type=click.IntRange(0), help="At most so many records.")
@click.option(
    "--view",
    shell_complete=lambda _c, _p, typed: of_names(_view_names(), typed),
    help="A look of the format's own at the file or directory; a wrong name lists them.",
)
@where_option
@sort_option
@columns_option
@color_option
def show_command(
    file: str,
    output: str,
    only: str | None,
    record: int | None,
    limit: int | None,
    view: str | None,
    where: str,
    sort: str,
    columns: str,
    is_colored: bool,
) -> int:
    """A file's header, records and issues; or one of its format's views, which a directory has too."""
    try:
        if view is not None:
            if record is not None:
                raise UsageError("--record and --view exclude each other", "--where narrows a view down")
            shown = tables.arranged(view_table(file, view, only), query_of(where, sort, columns))
            _print_view(shown if limit is None else _first(shown, limit), output)
            return 0
        if os.path.isdir(file):
            hint = f"teleloupe list {safe(file)}, or show it with a --view"
            raise UsageError(f"{safe(file)} is a directory, and what is shown is a file", hint)
        blob = disk.read(file, os.path.basename(file))
    except disk.Unreadable as fault:
        return unreadable(file, fault)
    document = formats.judged_alone(formats.load(blob, only))
    table = tables.arranged(tables.records(document), query_of(where, sort, columns))
    if record is not None:
        index = _index(document, table, record)
        if output == "text":
            origins = _origins(file, only, document, index)
            _print(detail.fields(document, index, decode(blob.data).text, origins))
        table = tables.selected(table, [record - 1])
    if output == "json":
        print_json(shown_json(document, table.rows, verdicts_on(file, document), limit))
    elif record is None:
        _print_document(document, table, 20 if limit is None else limit, is_colored=is_colored)
    return status_with(0, ((file, issue) for issue in document.issues))


def _view_names() -> list[str]:
    return sorted({formats.ALL_RECORDS.id, *(view.id for form in formats.all_formats() for view in form.views)})


def _print_view(table: Table, output: str) -> None:
    if output == "json":
        write_stdout(export.encode(table, "json"))
    else:
        _print_lines([safe(table.title)])
        _print(table)


def _origins(file: str, only: str | None, document: Document, index: int) -> Mapping[str, str]:
    """How the fields of a record came about; neighbours are read only for formats that can tell."""
    form = formats.named(document.format or "")
    if form is None or form.annotate is None:
        return {}
    snapshot, found = seen(file, only)
    return formats.notes(found, index, snapshot.documents)


def _index(document: Document, table: Table, number: int) -> int:
    """Where the row of a number, which counts what is listed, stands in its file. Raises UsageError where none is."""
    if not 0 < number <= len(table.rows):
        listed = "listed" if len(table.rows) < len(document.records) else "in it"
        raise UsageError(f"no record {number}", f"{safe(document.path)}: {len(table.rows)} {listed}")
    rows = table.rows
    return rows.order[number - 1] if isinstance(rows, tables.Selection) else number - 1


def _first(table: Table, limit: int) -> Table:
    return tables.selected(table, range(min(limit, len(table.rows))))


def _print_document(document: Document, table: Table, limit: int, *, is_colored: bool) -> None:
    what = f"{document.format} {document.kind or ''}".strip() if document.format else "unknown format"
    state = "" if document.is_complete else ", incomplete"
    reason = f" ({safe(document.why)})" if document.why else ""
    _print_lines([f"{safe(document.path)}: {what}{reason}, {document.size} bytes{state}", f"sha256 {document.sha256}"])
    if document.header:
        _print_lines(["", "header"])
        _print(detail.header(document))
    if document.issues:
        _print_lines(["", f"issues ({len(document.issues)})"])
        snapshot = Snapshot("", documents={document.path: document})
        wanted = query_of("", "", "severity,code,count,at,message,expected,actual")
        found = plain.lines(tables.arranged(tables.issues(snapshot), wanted), TONES if is_colored else None)
        write_lines(found, is_painted=is_colored)
    if table.rows:
        shown = f"first {limit} of {len(table.rows)}" if limit < len(table.rows) else str(len(table.rows))
        _print_lines(["", f"records ({shown})"])
        _print(_first(table, limit))


def _print(table: Table) -> None:
    _print_lines(plain.lines(table))


def _print_lines(lines: list[str]) -> None:
    write_lines(lines)
