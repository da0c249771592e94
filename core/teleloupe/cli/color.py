"""Colour for words that carry a severity; on terminals only, where nobody asks otherwise."""

from __future__ import annotations

import os
import sys

import click

from teleloupe.model import Severity

_CODES: dict[Severity, int] = {"error": 31, "warning": 33, "info": 36}

color_option = click.option(
    "--color",
    "is_colored",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    callback=lambda _context, _option, choice: is_wanted(choice),
    help="Whether text is coloured; auto: on a terminal, unless NO_COLOR is set.",
)


def is_wanted(choice: str) -> bool:
    """Whether stdout is to be coloured (no-color.org: NO_COLOR counts when it is not empty)."""
    if choice != "auto":
        return choice == "always"
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM", "dumb") == "dumb"
    return sys.stdout.isatty() and not is_plain


def painted(word: str, severity: Severity) -> str:
    """A word in the colour of a severity."""
    return f"\x1b[{_CODES[severity]}m{word}\x1b[0m"
