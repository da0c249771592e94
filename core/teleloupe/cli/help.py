"""`teleloupe help`: a command's page, for who asks for it this way."""

from __future__ import annotations

import click

from teleloupe.cli.completing import of_names
from teleloupe.cli.manual import Command
from teleloupe.commands import COMMANDS
from teleloupe.model import UsageError
from teleloupe.safe import safe
from teleloupe.streams import write_lines


@click.command(
    "help",
    cls=Command,
    statuses={0: "the page is printed"},
    examples=(("teleloupe help verify", "the page of a command"),),
)
@click.argument(
    "name", required=False, metavar="[COMMAND]", shell_complete=lambda _c, _p, typed: of_names([*COMMANDS], typed)
)
@click.pass_context
def help_command(context: click.Context, name: str | None) -> int:
    """Print the page of a command, or the overview."""
    root = context.find_root()
    if name is None:
        write_lines([root.get_help()])
        return 0
    if name not in COMMANDS:
        raise UsageError(f"no command {safe(name)!r}", f"commands: {', '.join(COMMANDS)}")
    root.command.main([name, "--help"], prog_name=root.info_name, standalone_mode=False)
    return 0
