"""`--strict`: what the answers let pass, told on stderr and counted as a failure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from teleloupe.model import DIRECTORY, Document, UsageError
from teleloupe.safe import safe
from teleloupe.streams import say

NAMED = 3  # paths in a line that may speak of thousands


def all_of(fail_on: str, gravest: str) -> str:
    """The level that a strict run fails on. Raises UsageError where another one was asked for as well."""
    if fail_on != "error":
        raise UsageError(f"--strict and --fail-on {fail_on} exclude each other", "--strict fails on every level")
    return gravest


def unknown(documents: Mapping[str, Document]) -> list[str]:
    """The files of no known format, of which nothing was checked."""
    return [path for path, document in documents.items() if not document.format and document.kind != DIRECTORY]


def complain(paths: Iterable[str], what: str, *, is_quiet: bool) -> int:
    """The status of files that a strict run does not let pass: 1, after naming them, where there are any."""
    found = list(paths)
    if found and not is_quiet:
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        say(f"teleloupe: strict: {what}: {', '.join(map(safe, found[:NAMED]))}{more}")
    return int(bool(found))
