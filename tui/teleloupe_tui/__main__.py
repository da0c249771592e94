"""The `teleloupe` console script: a headless command where one is named, the inspector otherwise."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from teleloupe.commands import COMMANDS, COMPLETE, INTERRUPTED

if TYPE_CHECKING:
    from teleloupe.cli import Settings


def main() -> None:
    """Run and end the process with the command's exit status."""
    try:
        status = _run(sys.argv[1:])
    except KeyboardInterrupt:  # while the modules of a command were being loaded
        status = INTERRUPTED
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    if is_headless(arguments) or COMPLETE in os.environ:
        from teleloupe import cli

        return cli.main(arguments, cli.Front(_inspect, _settings))
    from teleloupe_tui import launch

    return launch.inspect(arguments)


def _inspect(root: str, greeting: str) -> int:
    from teleloupe_tui import launch

    return launch.tour(root, greeting)


def _settings() -> Settings:
    from teleloupe.cli import Settings
    from teleloupe_tui import config

    loaded = config.asked([], os.environ)[1]
    return Settings(loaded.path, loaded.faults, config.state_folder(os.environ))


def is_headless(arguments: list[str]) -> bool:
    """Whether the command line answers: a command, help or version comes first. `./list` is a path."""
    return bool(arguments) and arguments[0] in (*COMMANDS, "-h", "--help", "--version")


if __name__ == "__main__":
    main()
