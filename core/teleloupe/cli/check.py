"""`teleloupe check`: validate everything and verify every claim."""

from __future__ import annotations

import click

from teleloupe import disk
from teleloupe.cli.output import check_json, print_json
from teleloupe.workspace import Workspace


@click.command("check")
@click.argument("path")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", help="How to answer.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "info", "never"]), default="error")
@click.option("--as", "only", help="Read every file as this format.")
def check_command(path: str, output: str, fail_on: str, only: str | None) -> int:
    """Validate everything and verify every claim."""
    try:
        snapshot = Workspace(path, only).refresh()
    except disk.Unreadable as fault:
        click.echo(f"teleloupe: {path}: {fault.reason}", err=True)
        return 3
    answer = check_json(snapshot)
    if output == "json":
        print_json(answer)
    else:
        for place, issue in snapshot.issues():
            click.echo(f"{place}: {issue.at} {issue.severity} {issue.code} {issue.message}")
    counts = answer["summary"]
    levels = ["error", "warning", "info"]
    failing = [] if fail_on == "never" else levels[: levels.index(fail_on) + 1]
    return int(any(counts[level] for level in failing))
