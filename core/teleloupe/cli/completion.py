"""`teleloupe completion`: the script with which a shell completes the command line."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from teleloupe.cli.manual import Command
from teleloupe.commands import COMPLETE
from teleloupe.streams import write_stdout

SHELLS = ("bash", "zsh", "fish")
PROGRAM = "teleloupe"


@click.command(
    "completion",
    cls=Command,
    statuses={0: "the script is printed"},
    examples=(
        ('eval "$(teleloupe completion bash)"', "in ~/.bashrc"),
        ("source <(teleloupe completion zsh)", "in ~/.zshrc, after compinit"),
        ("teleloupe completion fish > ~/.config/fish/completions/teleloupe.fish", "for new shells"),
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion_command(context: click.Context, shell: str) -> int:
    """Print the script that makes a shell complete commands, options, formats, rules and paths."""
    make = get_completion_class(shell)
    if make is None:
        raise click.UsageError(f"click knows no {shell}")
    script = make(context.find_root().command, {}, PROGRAM, COMPLETE)
    write_stdout((script.source_template % script.source_vars()).encode())
    return 0
