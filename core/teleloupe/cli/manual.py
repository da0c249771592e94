"""A command whose help page ends, as a manual page does, with its exit statuses and examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from teleloupe.streams import write_lines

COMMON: Mapping[int, str] = {2: "wrong use", 3: "something cannot be read"}

Example = tuple[str, str]  # the command line, and what it is for


class Paged(click.Command):
    """A click command whose help page is an answer like any other."""

    def get_help_option(self, context: click.Context) -> click.Option | None:
        """The option that prints the page."""
        option = super().get_help_option(context)
        if option is not None:
            option.callback = _print_page
        return option


class Command(Paged):
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


def _print_page(context: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    if is_asked and not context.resilient_parsing:
        write_lines([context.get_help()])
        context.exit()


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
