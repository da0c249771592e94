"""Colour for words that carry a severity; on terminals only, where nobody asks otherwise."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import click

from teleloupe.model import SEVERITIES, Severity
from teleloupe.provenance.causes import WORDS
from teleloupe.streams import is_terminal

_CODES: dict[Severity, int] = {"error": 31, "warning": 33, "info": 36}
_MARK_CODES = {"+": 32, "-": 31, "~": 33, ">": 36, "@": 36}

Tones = Mapping[str, Callable[[Any], Severity | None]]


def _severity(word: str) -> Severity | None:
    return next((severity for severity in SEVERITIES if severity == word), None)


# column -> the severity that a value of it stands for; the words themselves say it too
TONES: Tones = {
    "state": lambda word: "error" if word == "unreadable" else _severity(word),
    "sum": lambda word: WORDS[word][1] if word in WORDS else None,
    "errors": lambda count: "error" if count else None,
    "warnings": lambda count: "warning" if count else None,
    "severity": _severity,
}

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
    return is_terminal() and not is_plain


def painted(word: str, severity: Severity) -> str:
    """A word in the colour of a severity."""
    return f"\x1b[{_CODES[severity]}m{word}\x1b[0m"


def painted_mark(line: str) -> str:
    """A line of a difference in the colour of the mark that it begins with."""
    code = _MARK_CODES.get(line.lstrip()[:1]) if line else None
    return f"\x1b[{code}m{line}\x1b[0m" if code else line
