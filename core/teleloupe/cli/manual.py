"""A command whose help page ends, as a manual page does, with its exit statuses and examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

COMMON: Mapping[int, str] = {2: "wrong use", 3: "something cannot be read"}

Example = tuple[str, str]  # the command line, and what it is for


class Command(click.Command):
    """A click command with the meaning of its exit statuses beyond the common ones, and examples."""

    def __init__(
        self, *arguments: Any, statuses: Mapping[int, str] | None = None, examples: Sequence[Example] = (), **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.statuses = dict(sorted({**COMMON, **(statuses or {})}.items()))
        self.examples = examples

    def format_epilog(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """The sections that stand below the options."""
        write_sections(formatter, self.statuses, self.examples)


def write_sections(formatter: click.HelpFormatter, statuses: Mapping[int, str], examples: Sequence[Example]) -> None:
    """Exit statuses and examples; command lines are not wrapped, so that they can be copied."""
    if statuses:
        with formatter.section("Exit status"):
            formatter.write_dl([(str(status), meaning) for status, meaning in statuses.items()])
    if examples:
        with formatter.section("Examples"):
            for line, meaning in examples:
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")
                formatter.write(f"{'':{formatter.current_indent + 4}}{meaning}\n")
