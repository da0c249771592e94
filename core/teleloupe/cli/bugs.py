"""What is told of a bug of ours: one line, the report's path, and the exit status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from teleloupe import formats
from teleloupe.commands import BUG
from teleloupe.model import Issue
from teleloupe.safe import safe
from teleloupe.streams import say


def reported(fault: Exception) -> int:
    """Tell of an exception that nothing was prepared for."""
    from teleloupe import crash

    return _tell(f"{type(fault).__name__}: {fault}", crash.lines_of(fault))


def status_with(status: int, issues: Iterable[tuple[str, Issue]]) -> int:
    """The status of a command; that of a bug, which is told of, when a format failed on some file."""
    crashed = [(path, issue) for path, issue in issues if issue.rule is formats.CRASHED]
    if not crashed:
        return status
    lines = [f"{path}: {issue.message}: {issue.actual}" for path, issue in crashed]
    return _tell(f"{len(crashed)} could not be judged, the first being {crashed[0][0]}", lines)


def _tell(what: str, lines: Sequence[str]) -> int:
    from teleloupe import crash

    try:
        place = crash.write_report(lines)
    except OSError as fault:
        place = f"what follows; no report could be written: {fault.strerror}"
        place += "".join(f"\n  {safe(line)}" for line in lines)
    say(f"teleloupe: a bug of ours: {safe(what)}\n  please report it with {place}")
    return BUG
