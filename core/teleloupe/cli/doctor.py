"""`teleloupe doctor`: what this installation, terminal and machine can do, and what to do where they cannot."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence

import click

from teleloupe.cli import Front
from teleloupe.cli.color import color_option, painted
from teleloupe.cli.completing import FOLDER
from teleloupe.cli.manual import Command
from teleloupe.cli.options import unreadable
from teleloupe.cli.output import print_json
from teleloupe.disk import Unreadable
from teleloupe.doctor import install, surroundings, terminal, watching
from teleloupe.doctor.findings import Finding, Grade, counts
from teleloupe.model import Severity
from teleloupe.safe import safe
from teleloupe.streams import is_terminal, write_stdout

INDENT = 13  # two blanks, the grade, and two blanks on both sides of a finding's name
UNWRAPPED, NARROWEST = 10_000, 20  # columns
_COLORS: Mapping[Grade, Severity] = {"problem": "error", "note": "warning"}


@click.command(
    "doctor",
    cls=Command,
    statuses={0: "all works, perhaps with less comfort", 1: "something does not work"},
    examples=(
        ("teleloupe doctor", "before writing a bug report"),
        ("teleloupe doctor --output json", "to go with one"),
    ),
)
@click.argument("path", required=False, default=".", type=FOLDER)
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to answer.")
@color_option
@click.pass_obj
def doctor_command(front: Front | None, path: str, output: str, is_colored: bool) -> int:
    """What this installation, terminal and machine can do, and what to do where they cannot.

    The watcher is tried on a file in a temporary directory; of PATH, the current directory by default, only the file
    system is looked at.
    """
    if not os.path.lexists(path):
        return unreadable(path, Unreadable("no such file or directory"))
    found = [
        *install.findings(),
        *terminal.findings(_terminal(), os.environ),
        *watching.findings(path),
        *surroundings.findings(os.environ),
        *(_of_front(front) if front else ()),
    ]
    if output == "json":
        print_json({"schema": "teleloupe.doctor/1", "findings": found, "summary": counts(found)})
    else:
        width = shutil.get_terminal_size().columns if is_terminal() else UNWRAPPED
        write_stdout(_text(found, width, is_colored=is_colored).encode(), is_painted=is_colored)
    return int(any(finding.grade == "problem" for finding in found))


def _of_front(front: Front) -> Iterator[Finding]:
    found = front.settings()
    yield surroundings.kept("state", found.state_folder)
    yield from surroundings.settings(found.path, found.faults)


def _terminal() -> terminal.Terminal:
    is_output = is_terminal()
    size = shutil.get_terminal_size()
    measured = (size.columns, size.lines) if is_output else None
    return terminal.Terminal(
        sys.stdin is not None and sys.stdin.isatty(), is_output, measured, terminal.preferred_encoding()
    )


def _text(found: Sequence[Finding], columns: int, *, is_colored: bool) -> str:
    """A line a finding, what to do below it, and the counts; broken between words where there are few columns."""
    width = max(len(finding.name) for finding in found)
    margin = " " * (width + INDENT)
    lines, topic = list[str](), ""
    for finding in found:
        if finding.topic != topic:
            topic = finding.topic
            lines += [*[""] * bool(lines), topic]
        grade = f"{finding.grade:<7}"
        color = _COLORS.get(finding.grade)
        shown = painted(grade, color) if is_colored and color else grade
        told = [
            line for text in (finding.value, finding.advice) if text for line in _wrapped(text, columns - len(margin))
        ]
        lines.append(f"  {shown}  {finding.name:<{width}}  {told[0] if told else ''}".rstrip())
        lines += [f"{margin}{line}" for line in told[1:]]
    graded = counts(found)
    totals = f"{graded['ok']} ok, {graded['note']} notes, {graded['problem']} problems"
    return "".join(f"{line}\n" for line in [*lines, "", totals])


def _wrapped(text: str, columns: int) -> list[str]:
    return textwrap.wrap(safe(text), max(columns, NARROWEST), break_on_hyphens=False) or [""]
