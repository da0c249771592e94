"""`teleloupe list`: the ledger, one line a file."""

from __future__ import annotations

import click
from msgspec import structs

from teleloupe import disk, export, tables
from teleloupe.cli import plain
from teleloupe.cli.bugs import status_with
from teleloupe.cli.color import TONES, color_option
from teleloupe.cli.completing import FILE
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
from teleloupe.model import Column, Query
from teleloupe.streams import write_lines, write_stdout

SHOWN = ("state", "sum", "format", "kind", "records", "errors", "warnings", "sha256", "path")  # of the columns, as text
DIGITS = 12  # of a digest, as text: enough to tell files apart, and the line stays short; --columns gives all


@click.command(
    "list",
    cls=Command,
    statuses={0: "the list is whole"},
    examples=(
        ("teleloupe list", "the files here, one a line"),
        ("teleloupe list --where 'errors>0' --sort -errors", "those with errors, the worst first"),
        ("teleloupe list --columns path,sha256 --output csv > ledger.csv", "digests for a spreadsheet"),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=FILE)
@click.option(
    "--output", type=click.Choice(["text", *export.FORMS]), default="text", show_default=True, help="How to answer."
)
@color_option
@as_option
@where_option
@sort_option
@columns_option
@ignore_option
def list_command(
    paths: tuple[str, ...],
    output: str,
    is_colored: bool,
    only: str | None,
    where: str,
    sort: str,
    columns: str,
    ignored: tuple[str, ...],
) -> int:
    """The ledger: one line a file, with format, kind, records, issues, checksum verdict and digest."""
    given = paths or (".",)
    try:
        snapshot = snapshot_of(given, only, ignored)
    except disk.Unreadable as fault:
        return unreadable(given[0], fault)
    wanted = query_of(where, sort, columns)
    if output == "text" and not wanted.columns:
        wanted = Query(wanted.filter, wanted.sort, SHOWN)
    table = tables.arranged(tables.ledger(snapshot), wanted)
    if output == "text" and not columns:
        table = structs.replace(table, columns=tuple(map(_shortened, table.columns)))
    if output == "text":
        lines = plain.lines(table, TONES if is_colored else None)
        write_lines(lines, is_painted=is_colored)
    else:
        write_stdout(export.encode(table, output))  # type: ignore[arg-type]  # click has checked the choice
    return status_with(0, snapshot.issues())


def _shortened(column: Column) -> Column:
    if column.name != "sha256":
        return column
    return structs.replace(column, get=lambda row: (column.get(row) or "")[:DIGITS])
