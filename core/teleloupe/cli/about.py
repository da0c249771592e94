"""`teleloupe formats` and `teleloupe rules`: what is known and what is checked."""

from __future__ import annotations

import click

from teleloupe import export, formats
from teleloupe.cli import plain
from teleloupe.cli.completing import of_names
from teleloupe.cli.manual import Command
from teleloupe.model import Column, Rule, Table, UsageError
from teleloupe.safe import safe
from teleloupe.streams import write_lines, write_stdout
from teleloupe.tables import placeless

KINDS = (
    Column("format", lambda row: row[0].id, doc="the format"),
    Column("kind", lambda row: row[1].name, doc="the kind of artefact"),
    Column("artefact", lambda row: row[1].title, doc="what it is"),
)
RULES = (
    Column("rule", lambda rule: rule.id),
    Column("code", lambda rule: rule.code),
    Column("severity", lambda rule: rule.severity),
    Column("summary", lambda rule: rule.summary),
    Column("source", lambda rule: rule.source),
)
_OUTPUT = click.option(
    "--output", type=click.Choice(["text", *export.FORMS]), default="text", show_default=True, help="How to answer."
)


def all_rules() -> list[Rule]:
    """Every rule, the formats' in their order, then those of reading."""
    return [*(rule for form in formats.all_formats() for rule in form.rules), *formats.RULES]


def kinds_table() -> Table:
    """Every kind of every format."""
    rows = [(form, kind) for form in formats.all_formats() for kind in form.kinds]
    return placeless("formats", KINDS, rows)


def rules_table(rules: list[Rule]) -> Table:
    """Rules as rows."""
    return placeless("rules", RULES, rules)


@click.command(
    "formats",
    cls=Command,
    statuses={0: "they are listed"},
    examples=(("teleloupe formats --output markdown", "for a page of your own"),),
)
@_OUTPUT
def formats_command(output: str) -> int:
    """The formats and kinds that are known."""
    return _print(kinds_table(), output)


@click.command(
    "rules",
    cls=Command,
    statuses={0: "they are listed"},
    examples=(
        ("teleloupe rules clamp/seed-zero", "one rule"),
        ("teleloupe rules weftend --output csv > rules.csv", "all of a format, as a table"),
    ),
)
@click.argument(
    "name",
    required=False,
    metavar="[ID|CODE|FORMAT]",
    shell_complete=lambda _c, _p, typed: of_names([*formats.NAMES, *(rule.id for rule in all_rules())], typed),
)
@_OUTPUT
def rules_command(name: str | None, output: str) -> int:
    """What is checked, why, and where the rule comes from; all rules, one, or those of a format."""
    found = [rule for rule in all_rules() if name in (None, rule.id, rule.code, rule.id.partition("/")[0])]
    if not found:
        raise UsageError(f"no rule {safe(name or '')!r}", "`teleloupe rules` lists them")
    return _print(rules_table(found), output)


def _print(table: Table, output: str) -> int:
    if output == "text":
        write_lines(plain.lines(table))
    else:
        write_stdout(export.encode(table, output))  # type: ignore[arg-type]  # click has checked the choice
    return 0
