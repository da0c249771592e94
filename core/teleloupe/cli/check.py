"""`teleloupe check`: validate everything and verify every claim."""

from __future__ import annotations

from collections.abc import Callable

import click
import msgspec
from msgspec import structs

from teleloupe import disk
from teleloupe.cli import strict
from teleloupe.cli.bugs import status_with
from teleloupe.cli.color import color_option
from teleloupe.cli.completing import FILE
from teleloupe.cli.manual import Command
from teleloupe.cli.options import as_option, ignore_option, quiet_option, unreadable
from teleloupe.cli.reports import REPORTS, text
from teleloupe.cli.roots import snapshot_of
from teleloupe.model import SEVERITIES, Document, Issue, Snapshot, UsageError, at_least
from teleloupe.safe import safe
from teleloupe.streams import say, write_stdout

Known = dict[tuple[str, str, str], int]  # how often an accepted issue was met, by path, rule and place
UNKNOWN = ("", "")  # in place of rule and place: the file was of no known format


@click.command(
    "check",
    cls=Command,
    statuses={0: "nothing at or above --fail-on", 1: "something was found"},
    examples=(
        ("teleloupe check", "everything below the current directory"),
        ("teleloupe check --output sarif > findings.sarif", "for code scanning"),
        ("teleloupe check --output json --fail-on never > accepted.json", "accept what is there today"),
        ("teleloupe check --baseline accepted.json --fail-on warning", "and fail on anything new"),
        ("teleloupe check --strict", "fail on every issue, and on files that cannot be checked"),
        ("teleloupe check --watch", "tell of every change until ctrl+c"),
        ("teleloupe check --watch --until error", "or until there is a new error: status 1"),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=FILE)
@click.option("--output", type=click.Choice(list(REPORTS)), default="text", show_default=True, help="How to answer.")
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"]),
    default="error",
    show_default=True,
    help="What makes the status 1.",
)
@click.option(
    "--strict",
    "is_strict",
    is_flag=True,
    help="Fail on every issue, and on files of no known format.",
)
@click.option(
    "--baseline", metavar="FILE", type=FILE, help="An earlier JSON answer; what it has, as often, is left out."
)
@click.option("--watch", "is_watching", is_flag=True, help="Go on, and tell of every change until interrupted.")
@click.option(
    "--until",
    metavar="WHAT",
    help="With --watch: end with status 1 on error, warning, file, sum, or a filter on records.",
)
@color_option
@as_option
@ignore_option
@quiet_option
def check_command(
    paths: tuple[str, ...],
    output: str,
    fail_on: str,
    is_strict: bool,
    baseline: str | None,
    is_watching: bool,
    until: str | None,
    is_colored: bool,
    only: str | None,
    ignored: tuple[str, ...],
    quiet: bool,
) -> int:
    """Validate everything below PATH and verify every claim."""
    given, known = paths or (".",), _known(baseline) if baseline else Known()

    def tell(found: Snapshot) -> bool:
        if quiet:
            return True
        if output == "text" and is_colored:
            return write_stdout(text(without(found, known), is_colored=True), is_painted=True)
        return write_stdout(REPORTS[output](without(found, known)))

    if is_strict:
        fail_on = strict.all_of(fail_on, "info")
    if is_strict and is_watching:
        raise UsageError("--strict and --watch exclude each other", "--watch ends on --until")
    if until is not None and not is_watching:
        raise UsageError("--until needs --watch")
    if is_watching:
        return _watched(given, output, only, ignored, tell, until)
    try:
        snapshot = snapshot_of(given, only, ignored)
    except disk.Unreadable as fault:
        return unreadable(given[0], fault)
    tell(snapshot)
    found = status(without(snapshot, known), fail_on)
    if is_strict:
        odd = [path for path in strict.unknown(snapshot.documents) if (path, *UNKNOWN) not in known]
        found |= strict.complain(odd, "of no known format", is_quiet=quiet)
    return status_with(found, snapshot.issues())


def _watched(
    given: tuple[str, ...],
    output: str,
    only: str | None,
    ignored: tuple[str, ...],
    tell: Callable[[Snapshot], bool],
    until: str | None,
) -> int:
    from teleloupe.cli.following import follow  # it alone loads watchfiles
    from teleloupe.conditions import Lookout, condition

    if len(given) > 1 or output not in ("text", "jsonl"):
        raise UsageError("--watch follows one path, as text or jsonl")
    if disk.stamp(given[0]) is None:
        return unreadable(given[0], disk.Unreadable("no such file or directory"))
    found = follow(given[0], only, ignored, tell, Lookout(condition(until)) if until is not None else None)
    for met in found:
        say(f"{safe(met.path)}: {safe(met.words)}")
    return int(bool(found))


def status(snapshot: Snapshot, fail_on: str) -> int:
    """The exit status of what was found."""
    found = {issue.severity for _, issue in snapshot.issues()}
    return int(not found.isdisjoint(at_least(fail_on)))


def without(snapshot: Snapshot, known: Known) -> Snapshot:
    """The snapshot less the issues that are accepted; one that is met more often than it was is not."""
    if not known:
        return snapshot

    def fresh(path: str, issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
        return tuple(issue for issue in issues if issue.count > known.get((path, issue.rule.id, issue.at), 0))

    documents: dict[str, Document] = {
        path: structs.replace(document, issues=fresh(path, document.issues))
        for path, document in snapshot.documents.items()
    }
    related = {path: fresh(path, issues) for path, issues in snapshot.related.items()}
    return structs.replace(snapshot, documents=documents, related=related)


def _known(file: str) -> Known:
    try:
        answer = msgspec.json.decode(disk.read(file, file).data)
        known = {(document["path"], *UNKNOWN): 1 for document in answer["documents"] if document["format"] is None}
        for document in answer["documents"]:
            for issue in document["issues"]:
                place = (document["path"], issue["rule"], issue["at"])
                known[place] = max(known.get(place, 0), issue["count"])
    except disk.Unreadable as fault:
        raise UsageError(f"--baseline {safe(file)}: {fault.reason}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
        hint = "make one with `teleloupe check --output json`"
        raise UsageError(f"--baseline {safe(file)} is no answer of check", hint) from None
    return known
