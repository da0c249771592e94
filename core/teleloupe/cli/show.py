"""`teleloupe show`: one file's header, records and issues."""

from __future__ import annotations

import os

import click

from teleloupe import disk, formats
from teleloupe.cli.output import print_json, shown_json


@click.command("show")
@click.argument("file")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", help="How to answer.")
@click.option("--as", "only", help="Read the file as this format.")
@click.option("--limit", type=int, help="At most so many records.")
def show_command(file: str, output: str, only: str | None, limit: int | None) -> int:
    """A file's header, records and issues."""
    try:
        document = formats.load(disk.read(file, os.path.basename(file)), only)
    except disk.Unreadable as fault:
        click.echo(f"teleloupe: {file}: {fault.reason}", err=True)
        return 3
    if output == "json":
        print_json(shown_json(document, document.issues, (), limit))
    return 0
