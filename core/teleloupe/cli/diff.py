"""`teleloupe diff`: two artefacts record by record, two directories, or one file against what it was signed off as."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click
from msgspec import Struct, structs

from teleloupe import disk
from teleloupe.cli.changes import REPORTS, as_text
from teleloupe.cli.color import color_option
from teleloupe.cli.completing import FILE
from teleloupe.cli.manual import Command
from teleloupe.cli.memory import memory_option
from teleloupe.cli.options import unreadable
from teleloupe.cli.roots import reading
from teleloupe.cli.verify import snapshot_of_path
from teleloupe.diff.comparison import Comparison, compared
from teleloupe.diff.trees import FileChange, compare_trees
from teleloupe.model import Blob, UsageError, Verdict
from teleloupe.provenance import access
from teleloupe.provenance.memory import Memory
from teleloupe.provenance.recover import recover
from teleloupe.safe import safe
from teleloupe.streams import say, write_stdout
from teleloupe.workspace import Workspace


class _Pair(Struct, frozen=True):
    """Two versions to be compared: what each is called, and its bytes."""

    before: Blob
    after: Blob
    before_name: str
    after_name: str


@click.command(
    "diff",
    cls=Command,
    statuses={0: "no difference", 1: "a difference", 3: "something cannot be read or recovered"},
    examples=(
        ("teleloupe diff checksums/grown/forge_rituals.jsonl", "what changed since its checksum was taken"),
        ("teleloupe diff svr/sessions/anon-p011.json svr/sessions/anon-p012.json", "two files, record by record"),
        (
            "teleloupe diff checksums/twin/composite_export.csv --write-expected signed",
            "keep the bytes that were signed off",
        ),
        ("teleloupe diff svr clamp --output markdown > changes.md", "two directories, for a pull request"),
    ),
)
@click.argument("before", metavar="A", type=FILE)
@click.argument("after", metavar="[B]", required=False, type=FILE)
@click.option(
    "--output",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How to answer.",
)
@click.option("--lines", "by_lines", is_flag=True, help="Line by line instead of record by record.")
@click.option(
    "--write-expected", metavar="FILE", type=FILE, help="Write the bytes that the checksum was taken of to FILE."
)
@color_option
@memory_option
def diff_command(
    before: str,
    after: str | None,
    output: str,
    by_lines: bool,
    write_expected: str | None,
    is_colored: bool,
    memory: Memory | None,
) -> int:
    """What changed from A to B; of A alone, since its checksum was taken."""
    try:
        if after is not None and os.path.isdir(before) and os.path.isdir(after):
            comparisons = list(_of_directories(before, after))
        elif after is not None:
            comparisons = [_compared(_two_files(before, after))]
        else:
            comparisons = list(_against_expected(before, write_expected, memory))
    except disk.Unreadable as fault:
        return unreadable(before, fault)
    if output == "text" and is_colored:
        write_stdout(as_text(comparisons, by_lines, is_colored=True), is_painted=True)
    else:
        write_stdout(REPORTS[output](comparisons, by_lines))
    return int(any(comparison.is_different for comparison in comparisons))


def _two_files(before: str, after: str) -> _Pair:
    for path in (before, after):
        if not os.path.exists(path):
            _read(path)  # which says why it is not there
    if os.path.isdir(before) != os.path.isdir(after):
        raise UsageError(f"{safe(before)} and {safe(after)} are not both files or both directories")
    return _Pair(_read(before), _read(after), before, after)


def _read(path: str) -> Blob:
    try:
        return disk.read(path, os.path.basename(path))
    except disk.Unreadable as fault:
        raise disk.Unreadable(fault.reason, is_gone=fault.is_gone, path=path) from None


def _of_directories(before: str, after: str) -> Iterator[Comparison]:
    """A comparison for each file that differs."""
    old, new = (reading(path, lambda place: Workspace(place).refresh()) for path in (before, after))
    for change in compare_trees(old.documents, new.documents):
        if change.kind != "changed":
            yield Comparison(
                change.before and os.path.join(before, change.before),
                change.after and os.path.join(after, change.after),
                change.kind,
            )
        else:
            yield _compared(_of_change(before, after, change))


def _of_change(before: str, after: str, change: FileChange) -> _Pair:
    old, new = os.path.join(before, change.before or ""), os.path.join(after, change.after or "")
    return _Pair(disk.read(old, change.before or ""), disk.read(new, change.after or ""), old, new)


def _against_expected(path: str, write_expected: str | None, memory: Memory | None) -> Iterator[Comparison]:
    """The file against the bytes that the first failing checksum on it was taken of."""
    if os.path.isdir(path):
        raise UsageError("a directory needs another one to be compared with", "teleloupe diff A B")
    snapshot = snapshot_of_path(path, memory)
    root, name = os.path.dirname(path) or ".", os.path.basename(path)
    verdicts = [verdict for verdict in snapshot.verdicts if verdict.subject == name]
    if not verdicts:
        raise disk.Unreadable("no checksum speaks of it; name a second file to compare it with")
    verdict = next((verdict for verdict in verdicts if verdict.word != "ok"), verdicts[0])
    expected = recover(verdict, snapshot.documents, access.below(root, name), memory.recall if memory else None)
    if expected is None:
        raise disk.Unreadable(f"the bytes its checksum was taken of cannot be recovered: {verdict.message}")
    if write_expected:
        _write(write_expected, expected)
    now = disk.read(path, name)
    old = structs.replace(now, data=expected, size=len(expected), sha256=verdict.claim.expected)
    yield _compared(_Pair(old, now, f"{path} (expected)", path), _proof_note(verdict))


def _write(place: str, content: bytes) -> None:
    """Write the expected bytes, never over another file. Raises UsageError."""
    try:
        if os.path.lexists(place) and (
            not os.path.isfile(place) or disk.read_slice(place, 0, len(content) + 1) != content
        ):
            raise UsageError(f"{safe(place)} exists and is different", "choose another place")
        disk.write(place, content)
    except disk.Unreadable as fault:
        raise UsageError(f"cannot write {safe(place)}: {fault.reason}") from None
    except OSError as fault:
        raise disk.unwritable(place, fault) from None
    say(f"wrote {len(content)} bytes to {safe(place)}")


def _compared(pair: _Pair, note: str = "") -> Comparison:
    return compared(pair.before, pair.after, pair.before_name, pair.after_name, note)


def _proof_note(verdict: Verdict) -> str:
    return (
        f"expected bytes: {verdict.message or 'those of the file'}; {verdict.claim.claimant} {verdict.claim.expected}"
    )
