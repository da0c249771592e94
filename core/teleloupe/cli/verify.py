"""`teleloupe verify`: checksums only, with the verdict, the explanation and the proof of each claim."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click
from msgspec import structs

from teleloupe import disk, formats
from teleloupe.cli import strict
from teleloupe.cli.bugs import status_with
from teleloupe.cli.color import color_option, painted
from teleloupe.cli.completing import FILE
from teleloupe.cli.looming import TIME_KEYS
from teleloupe.cli.manual import Command
from teleloupe.cli.memory import memory_option
from teleloupe.cli.options import ignore_option, quiet_option, unreadable
from teleloupe.cli.output import encoded, verdict_json
from teleloupe.cli.plain import lines
from teleloupe.cli.roots import joined, reading
from teleloupe.model import Column, Document, Place, Snapshot, Table, Verdict, at_least
from teleloupe.provenance.accord import contradiction, stands, unvouched
from teleloupe.provenance.causes import UNCHANGED, WORDS, causes, tally, tally_line
from teleloupe.provenance.memory import Memory
from teleloupe.safe import safe
from teleloupe.sidecar import algorithm_of, gnu_line
from teleloupe.streams import say, write_stdout
from teleloupe.workspace import Workspace

Report = Callable[[Snapshot], bytes]


@click.command(
    "verify",
    cls=Command,
    statuses={0: "all hold, or the content is proven unchanged", 1: "some do not hold"},
    examples=(
        ("teleloupe verify", "every checksum below the current directory"),
        ("teleloupe verify checksums/line-ends/composite_export.json", "those that speak of one file"),
        ("teleloupe verify --fail-on warning --output json > claims.json", "line ends count too; for a program"),
        ("teleloupe verify --strict", "every file has a checksum, and every one holds"),
        ("teleloupe verify --output gnu > SHA256SUMS", "digests of what is proven, for sha256sum -c"),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=FILE)
@click.option(
    "--output", type=click.Choice(["text", "json", "gnu"]), default="text", show_default=True, help="How to answer."
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="Sets the status.",
)
@click.option(
    "--strict",
    "is_strict",
    is_flag=True,
    help="Fail on every checksum that does not hold as it stands, and on files that none speaks of.",
)
@color_option
@memory_option
@ignore_option
@quiet_option
def verify_command(
    paths: tuple[str, ...],
    output: str,
    fail_on: str,
    is_strict: bool,
    is_colored: bool,
    memory: Memory | None,
    ignored: tuple[str, ...],
    quiet: bool,
) -> int:
    """Verify every checksum and digest below PATH, and say why one does not hold.

    `--output gnu` lists the digests of files whose content is proven unchanged, for `sha256sum -c`.
    """
    given = paths or (".",)
    if is_strict:
        fail_on = strict.all_of(fail_on, "warning")
    try:
        snapshots = [reading(path, lambda place: snapshot_of_path(place, memory, ignored)) for path in given]
    except disk.Unreadable as fault:
        return unreadable(given[0], fault)
    snapshot = snapshots[0] if len(snapshots) == 1 else joined(snapshots)
    found = status(snapshot.verdicts, fail_on)
    if is_strict:
        loose = unvouched(snapshot.documents, snapshot.verdicts)
        found |= strict.complain(loose, "no checksum speaks of", is_quiet=quiet)
        if not snapshot.verdicts:
            found |= strict.complain(given, "no checksums in", is_quiet=quiet)
    if quiet:
        return status_with(found, snapshot.issues())
    if output == "text" and is_colored:
        write_stdout(as_text(snapshot, is_colored=True), is_painted=True)
    else:
        write_stdout(REPORTS[output](snapshot))
    if output == "gnu":
        for line in _left_out(snapshot.verdicts):
            say(f"teleloupe: {line}")
    return status_with(found, snapshot.issues())


def status(verdicts: Sequence[Verdict], fail_on: str) -> int:
    """1 when a verdict is as grave as that."""
    failing = at_least(fail_on)
    return int(any(WORDS[verdict.word][1] in failing for verdict in verdicts))


def as_text(snapshot: Snapshot, *, is_colored: bool = False) -> bytes:
    """A line a claim, who contradicts whom, the causes with what mends them, and the tally."""
    columns = (
        Column("verdict", lambda verdict: verdict.word),
        Column("artefact", lambda verdict: verdict.subject),
        Column("claimed by", _claimed_by),
        Column("explanation", lambda verdict: verdict.message),
    )
    found = (
        lines(Table("verdicts", columns, snapshot.verdicts, lambda index: Place(snapshot.verdicts[index].subject)))
        if snapshot.verdicts
        else []
    )
    if is_colored:
        found[1:] = [_painted(line, verdict) for line, verdict in zip(found[1:], snapshot.verdicts, strict=True)]
    found += [f"{safe(path)}: {safe(sentence)}" for path, sentence in _contradictions(snapshot.verdicts)]
    for cause in causes(snapshot.verdicts):
        if cause.fixes:
            places = len(cause.verdicts)
            found += ["", f"{cause.title}: {places} place{'s' * (places != 1)}; in {safe(snapshot.root)} either or:"]
            found += [f"  {safe(fix)}" for fix in cause.fixes]
    return "".join(f"{line}\n" for line in [*found, *[""] * bool(found), tally_line(snapshot.verdicts)]).encode()


def as_json(snapshot: Snapshot) -> bytes:
    """Schema teleloupe.verify/1."""
    counts = tally(snapshot.verdicts)
    return encoded(
        {
            "schema": "teleloupe.verify/1",
            "root": snapshot.root,
            "claims": [claim_json(verdict) for verdict in snapshot.verdicts],
            "contradictions": [
                {"path": path, "message": sentence} for path, sentence in _contradictions(snapshot.verdicts)
            ],
            "causes": [
                {
                    "verdict": cause.word,
                    "form": cause.form,
                    "count": len(cause.verdicts),
                    "paths": sorted({verdict.subject for verdict in cause.verdicts}),
                    "fixes": cause.fixes,
                }
                for cause in causes(snapshot.verdicts)
            ],
            "unvouched": unvouched(snapshot.documents, snapshot.verdicts),
            "summary": {"artefacts": sum(counts.values())} | counts,
        }
    )


def claim_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict in full: the fields that `check` gives and the forms that were tried."""
    return {
        "subject": verdict.subject,
        "at": verdict.claim.at,
        "algorithm": verdict.claim.algorithm,
        **verdict_json(verdict),
        "message": verdict.message,
        "tried": [{"form": label, "held": is_held} for label, is_held in verdict.tried],
    }


def as_gnu(snapshot: Snapshot) -> bytes:
    """`digest  path` of every file that is what some claim was made of, as it is stored today."""
    proven = {verdict.subject for verdict in snapshot.verdicts if _is_proven(verdict)}
    documents = [snapshot.documents[path] for path in sorted(proven) if path in snapshot.documents]
    return b"".join(os.fsencode(gnu_line(document.sha256, document.path)) + b"\n" for document in documents)


REPORTS: dict[str, Report] = {"text": as_text, "json": as_json, "gnu": as_gnu}


def snapshot_of_path(path: str, memory: Memory | None = None, ignored: Sequence[str] = ()) -> Snapshot:
    """Everything below a directory; of a file, what the files beside it say of it and what it says of others."""
    if not os.path.isfile(path):
        return Workspace(path, ignored=ignored, memory=memory).refresh()
    folder, name = os.path.split(path)
    claims = formats.load(disk.read(path, name)).claims
    named = [place for claim in claims if (place := _below(folder, claim.subject))]
    beside = [entry.path for entry in disk.listed(folder or ".") if not entry.is_directory]
    snapshot = Workspace(folder or ".", within=(*beside, *named), asked=name, ignored=ignored, memory=memory).refresh()
    verdicts = tuple(verdict for verdict in snapshot.verdicts if name in (verdict.subject, verdict.claim.claimant))
    documents = {verdict.subject: snapshot.documents[verdict.subject] for verdict in verdicts}
    return structs.replace(snapshot, documents=dict(sorted(documents.items())), verdicts=verdicts)


def verdicts_on(path: str, document: Document) -> tuple[Verdict, ...]:
    """What the files beside a file, and it itself, claim of it; they are read only where one of them may."""
    folder, name = os.path.split(path)
    try:
        beside = [entry.path for entry in disk.listed(folder or ".")]
        if not document.claims and not any(algorithm_of(each) or each in TIME_KEYS for each in beside):
            return ()
        return tuple(verdict for verdict in snapshot_of_path(path).verdicts if verdict.subject == name)
    except disk.Unreadable:
        return ()


def _below(folder: str, written: str) -> str | None:
    """A path written in a file, when it names a file in a directory below the one that is looked at."""
    place = os.path.normpath(written)
    is_inside = os.sep in place and not os.path.isabs(place) and not place.startswith(os.pardir)
    return place.replace(os.sep, "/") if is_inside and os.path.isfile(os.path.join(folder, place)) else None


def _painted(line: str, verdict: Verdict) -> str:
    severity = WORDS[verdict.word][1]
    return painted(verdict.word, severity) + line.removeprefix(verdict.word) if severity else line


def _claimed_by(verdict: Verdict) -> str:
    claim = verdict.claim
    return f"{claim.claimant} {claim.at}" if claim.kind != "sidecar" and claim.at else claim.claimant


def _contradictions(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, str]]:
    for path, found in stands(verdicts).items():
        if sentence := contradiction(found):
            yield path, sentence


def _is_proven(verdict: Verdict) -> bool:
    return verdict.word in UNCHANGED and verdict.claim.algorithm != "size" and verdict.actual is not None


def _left_out(verdicts: Sequence[Verdict]) -> Iterator[str]:
    proven = {verdict.subject for verdict in verdicts if _is_proven(verdict)}
    for subject in sorted({verdict.subject for verdict in verdicts} - proven):
        word = next(verdict.word for verdict in verdicts if verdict.subject == subject)
        yield f"{safe(subject)} is left out: {word}"
