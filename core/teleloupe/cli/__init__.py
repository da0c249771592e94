"""The headless command line. Each command is a module of its own, imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import click
from click.shell_completion import CompletionItem
from msgspec import Struct

from teleloupe import __version__
from teleloupe.cli.manual import Paged, write_sections
from teleloupe.commands import BUG, COMMANDS, COMPLETE, INSPECTOR, INTERRUPTED, UNREADABLE, USAGE
from teleloupe.model import UsageError
from teleloupe.safe import safe
from teleloupe.streams import say, write_lines

STATUSES = {
    0: "nothing was found that fails",
    1: "something was found",
    USAGE: "wrong use",
    UNREADABLE: "something cannot be read",
    BUG: "a bug of Teleloupe's; the path of a report is told",
    INTERRUPTED: "interrupted",
}
EXAMPLES = (
    ("teleloupe demo", "a directory to try it on"),
    ("teleloupe telemetry/", "the inspector, following what a producer writes there"),
    ("teleloupe check telemetry/", "the same findings, for a pipeline"),
    ("teleloupe COMMAND --help", "a command's options, exit statuses and examples"),
)


class Settings(Struct, frozen=True):
    """The path of the app's configuration, "" without one, its faults in words, and the folder of the app's state."""

    path: str
    faults: tuple[str, ...]
    state_folder: str


class Front(Struct, frozen=True):
    """The app, for the commands that end in it or tell of it.

    `inspect` opens a directory, saying something first, and returns the exit status.
    """

    inspect: Callable[[str, str], int]
    settings: Callable[[], Settings]


class _Commands(Paged, click.Group):
    """Commands by name, imported late; the overview needs none of them."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"teleloupe.cli.{COMMANDS[name][0]}"), f"{name}_command")
        return command

    def shell_complete(self, context: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, for which none of their modules is loaded; options; paths, which the inspector opens."""
        options = click.Command.shell_complete(self, context, incomplete)
        if incomplete.startswith("-"):
            own = ((name.partition(" ")[0], line) for name, line in INSPECTOR.items())
            options += [CompletionItem(name, help=line) for name, line in own if name.startswith(incomplete)]
        names = [CompletionItem(name, help=line) for name, (_, line) in COMMANDS.items() if name.startswith(incomplete)]
        return [CompletionItem(incomplete, type="file"), *names, *options]

    def format_usage(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """The inspector first, which is no command."""
        formatter.write("Usage: teleloupe [OPTION ...] [PATH ...]\n")
        formatter.write("       teleloupe COMMAND [OPTIONS] [ARGUMENTS]\n")

    def format_epilog(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """What holds for all commands, and the first things to try."""
        write_sections(formatter, STATUSES, EXAMPLES)

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Options of the inspector"):
            formatter.write_dl(list(INSPECTOR.items()))
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _print_version(context: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    if is_asked and not context.resilient_parsing:
        write_lines([f"teleloupe, version {__version__}"])
        context.exit()


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def commands() -> None:
    """Inspect telemetry directories: what is in them, what is wrong with it, and why a checksum fails.

    Without a COMMAND the inspector opens PATH: a directory (the current one by default), several, or a file in one.
    """


def main(arguments: list[str] | None = None, front: Front | None = None) -> int:
    """Run a command and return its exit status: 0 fine, 1 found, 2 usage, 3 unreadable, 70 a bug, 130 interrupted.

    `front` is the app, where it is there.
    """
    try:
        status = commands.main(
            args=arguments, prog_name="teleloupe", standalone_mode=False, complete_var=COMPLETE, obj=front
        )
    except UsageError as fault:
        say(f"teleloupe: {fault}" + (f"\n  {fault.hint}" if fault.hint else ""))
        return USAGE
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as fault:
        _show(fault)
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        say("interrupted")
        return INTERRUPTED
    except Exception as fault:  # noqa: BLE001 - the one place where a bug becomes a report and a status
        from teleloupe.cli.bugs import reported

        return reported(fault)
    return status if isinstance(status, int) else 0


def _show(fault: click.ClickException) -> None:
    """Say what is wrong with a command line, its usage first."""
    context = getattr(fault, "ctx", None)
    if isinstance(context, click.Context):
        hint = f"Try '{context.command_path} --help' for help.\n"
        say(f"{context.get_usage()}\n{hint}")
    say(f"Error: {safe(fault.format_message())}")
