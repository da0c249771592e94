"""`teleloupe stats`: the columns of a file's records, or of the ledger, in figures."""

from __future__ import annotations

import os

import click
from msgspec import structs

from teleloupe import disk, export, figures, formats, grouping, stats, tables
from teleloupe.cli import plain
from teleloupe.cli.completing import FILE
from teleloupe.cli.manual import Command
from teleloupe.cli.options import as_option, ignore_option, query_of, unreadable, where_option
from teleloupe.cli.roots import snapshot_of
from teleloupe.model import Table, UsageError
from teleloupe.streams import write_lines, write_stdout

SHOWN = ("column", "count", "nulls", "distinct", "spread", "min", "median", "p95", "max", "top")  # as text


@click.command(
    "stats",
    cls=Command,
    statuses={0: "the figures are whole"},
    examples=(
        ("teleloupe stats toyfoundry/.toyfoundry/telemetry/forge_rituals.jsonl", "the columns of a feed"),
        (
            "teleloupe stats svr/sessions/anon-p012.json --column phase",
            "how often each value occurs",
        ),
        (
            "teleloupe stats clamp/telemetry/clamp_run_20260302T091620Z.json --by context",
            "what each context took: sum, smallest, median, largest",
        ),
        ("teleloupe stats . --of issues", "what is wrong here, in figures"),
    ),
)
@click.argument("path", type=FILE)
@click.option("--column", metavar="NAME", help="Every value of this column and how often it occurs.")
@click.option("--by", metavar="NAME", help="Every value of this column, its rows, and the numbers of other columns.")
@click.option("--of", "view", type=click.Choice(["records", "files", "issues", "claims"]), help="What to sum up.")
@click.option(
    "--output", type=click.Choice(["text", *export.FORMS]), default="text", show_default=True, help="How to answer."
)
@as_option
@where_option
@ignore_option
def stats_command(
    path: str,
    column: str | None,
    by: str | None,
    view: str | None,
    output: str,
    only: str | None,
    where: str,
    ignored: tuple[str, ...],
) -> int:
    """Per column: values, nulls, distinct values, smallest, median, percentiles, largest, most frequent.

    Of a file its records, of a directory the ledger, unless --of says otherwise.
    """
    if column is not None and by is not None:
        raise UsageError("--column and --by exclude each other", "--by tells what --column does, and more")
    try:
        source = _source(path, view or ("files" if os.path.isdir(path) else "records"), only, ignored)
    except disk.Unreadable as fault:
        return unreadable(path, fault)
    source = tables.arranged(source, query_of(where, "", ""))
    if column is not None:
        found = stats.frequencies(source, column)
        table = figures.frequencies_table(path, tables.column_named(source, column), found)
    elif by is not None:
        key, measured = tables.column_named(source, by), grouping.measured(source, by)
        table = grouping.groups_table(path, key, measured, grouping.groups(source, by))
    else:
        table = figures.summaries_table(path, stats.summaries(source))
    if output == "text":
        kept = tuple(one for one in table.columns if column or by or one.name in SHOWN)
        write_lines(plain.lines(structs.replace(table, columns=kept)))
    else:
        write_stdout(export.encode(table, output))  # type: ignore[arg-type]  # click has checked the choice
    return 0


def _source(path: str, view: str, only: str | None, ignored: tuple[str, ...]) -> Table:
    if view == "records":
        return tables.records(formats.load(disk.read(path, os.path.basename(path)), only))
    snapshot = snapshot_of([path], only, ignored)
    return {"files": tables.ledger, "issues": tables.issues, "claims": tables.claims}[view](snapshot)
