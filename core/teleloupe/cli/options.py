"""Options that several commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from teleloupe import disk, formats
from teleloupe.cli.completing import of_names
from teleloupe.commands import UNREADABLE
from teleloupe.model import Query, SortKey, UsageError
from teleloupe.safe import safe
from teleloupe.streams import say

Command = Callable[..., Any]

as_option = click.option(
    "--as",
    "only",
    metavar="FORMAT",
    callback=lambda _c, _p, value: known_format(value),
    shell_complete=lambda _c, _p, typed: of_names(formats.NAMES, typed),
    help="Read as this format.",
)
where_option = click.option(
    "--where", default="", metavar="FILTER", help="Only the rows that this filter lets through."
)
sort_option = click.option("--sort", default="", metavar="COLUMNS", help="Order by these columns; -NAME is descending.")
ignore_option = click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="GLOB",
    help="Leave out files and directories: '*.tmp', 'old/'.",
)
quiet_option = click.option("--quiet", is_flag=True, help="Answer with the exit status alone.")
columns_option = click.option("--columns", default="", metavar="COLUMNS", help="Only these columns, in this order.")


def known_format(name: str | None) -> str | None:
    """The name of a format that exists. Raises UsageError for any other."""
    if name is None or formats.named(name):
        return name
    raise UsageError(f"no format {safe(name)!r}", f"formats: {', '.join(formats.NAMES)}")


def query_of(where: str, sort: str, columns: str) -> Query:
    """A query from its options' texts."""
    keys = tuple(SortKey(name.lstrip("-"), name.startswith("-")) for name in _names(sort))
    return Query(where, keys, _names(columns))


def unreadable(path: str, fault: disk.Unreadable) -> int:
    """Say that a path, or the one that the fault names, cannot be read; the exit status for it."""
    named = safe(fault.path or path) or "''"
    say(f"teleloupe: {named}: {safe(fault.reason)}")
    return UNREADABLE


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))
