"""`teleloupe session`: SVR sessions recomputed, built from bare events, exported (SVR specification)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import click
from msgspec import Struct

from teleloupe import disk, formats
from teleloupe.cli.completing import FILE, FOLDER
from teleloupe.cli.manual import Command
from teleloupe.cli.options import unreadable
from teleloupe.cli.output import issue_json, print_json
from teleloupe.commands import UNREADABLE
from teleloupe.formats.svr import outcome
from teleloupe.formats.svr.canonical import export_json
from teleloupe.formats.svr.contract import Contract
from teleloupe.formats.svr.csvtext import event_csv
from teleloupe.formats.svr.detection import CONTRACT_KINDS
from teleloupe.formats.svr.instants import read_timestamp
from teleloupe.formats.svr.judging import judged_faults
from teleloupe.formats.svr.narrative import narrative
from teleloupe.formats.svr.reading import session_of
from teleloupe.formats.svr.relations import contract_files, contract_for, contract_issues, scenario_of_bare
from teleloupe.formats.svr.session import Session
from teleloupe.formats.svr.shelf import Shelf
from teleloupe.model import Document, Issue, UsageError, sorted_issues
from teleloupe.safe import safe
from teleloupe.streams import say, write_lines, write_stdout

CONTRACT_NAMES = tuple(f"{kind}.json" for kind in CONTRACT_KINDS)  # looked for beside a single file


class Judged(Struct, frozen=True, eq=False):
    """A session file with the contract that judges it. `whole` is a bundle also where the file has bare events."""

    document: Document
    session: Session
    whole: Session
    contract: Contract

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The issues of the file itself, worst first."""
        return sorted_issues([*self.document.issues, *judged_faults(self.session, self.contract)])


@click.command(
    "session",
    cls=Command,
    statuses={0: "the evidence gives what is claimed", 1: "it does not, or an event is faulty"},
    examples=(
        ("teleloupe session svr/sessions/anon-p012.json", "the score with its reasons"),
        ("teleloupe session svr/sessions/anon-p012.json --to csv > anon-p012.csv", "the timeline"),
        ("teleloupe session svr/sessions --to csv --csv summary", "a row a session"),
    ),
)
@click.argument("path", type=FILE)
@click.option(
    "--contract",
    "contract_folder",
    metavar="DIR",
    type=FOLDER,
    help="Judge by the rubric, scenario and drills in here.",
)
@click.option(
    "--csv",
    "profile",
    type=click.Choice(["timeline", "full", "summary"]),
    default="timeline",
    show_default=True,
    help="With --to csv: which table.",
)
@click.option("--to", "form", type=click.Choice(["csv", "json"]), help="Export instead of a report.")
@click.option("--out", default="-", metavar="DIR|-", type=FOLDER, help="Where exports go; - is stdout.")
@click.option("--now", default="", metavar="TIMESTAMP", help="Export time of a bundle that is built from bare events.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to answer.")
@click.option("--quiet", is_flag=True, help="Say nothing beside the answer.")
def session_command(
    path: str, contract_folder: str | None, profile: str, form: str | None, out: str, now: str, output: str, quiet: bool
) -> int:
    """SVR: recompute score and report, export bundle JSON and CSV profiles.

    Bare events (a JSON array or one event a line) become a complete bundle: score and report come from the evidence.
    """
    if now and read_timestamp(now).kind != "ok":
        raise UsageError(f"{safe(now)} is no time", "write it as YYYY-MM-DDThh:mm:ssZ")
    try:
        given = _contract_documents(contract_folder) if contract_folder else None
        documents, files, is_folder = _read(path, given)
    except disk.Unreadable as fault:
        return unreadable(path, fault)
    sessions = list(_judged(documents, files, now))
    if not quiet:
        for place, issue in contract_issues(files):
            say(f"{safe(place)}: {safe(issue.at)} {issue.severity} {issue.code} {safe(issue.message)}")
    if is_folder and not sessions:
        say(f"teleloupe: {safe(path)} holds no session")
    if form is not None:
        return _export(sessions, form, profile, out, is_folder=is_folder)
    if not is_folder and not sessions:
        return _refused(path, documents[0], output)
    _answer(sessions, output, is_folder=is_folder)
    return (
        int(any(issue.severity == "error" for judged in sessions for issue in judged.issues))
        if sessions
        else UNREADABLE
    )


def _read(path: str, given: Sequence[Document] | None) -> tuple[list[Document], Sequence[Document], bool]:
    """The documents to look at, the contract files that judge them, whether a directory was named."""
    if os.path.isdir(path):
        documents = _load_all(path)
        return documents, given or contract_files({doc.path: doc for doc in documents}), True
    document = _load(path, os.path.basename(path))
    return [document], given or _beside(path), False


def _beside(path: str) -> list[Document]:
    """The contract files that lie beside a file under their usual names."""
    folder = os.path.dirname(path)
    places = [(os.path.join(folder, name), name) for name in CONTRACT_NAMES]
    found = {name: _load(place, name) for place, name in places if disk.stamp(place)}
    return contract_files(found)


def _contract_documents(folder: str) -> list[Document]:
    """The contract files in and below a directory that the user named."""
    files = contract_files({document.path: document for document in _load_all(folder)})
    if not files:
        raise UsageError(f"no contract in {safe(folder)}", "a contract is a rubric, scenario and micro-drills as JSON")
    return files


def _load_all(folder: str) -> list[Document]:
    """The documents of all files below a directory, by path; those that cannot be read are told and left out."""
    documents = []
    for entry in sorted(disk.walk(folder), key=lambda entry: entry.path):
        if entry.fault:
            unreadable(entry.path, disk.Unreadable(entry.fault))
            continue
        try:
            documents.append(_load(os.path.join(folder, entry.path), entry.path))
        except disk.Unreadable as fault:
            unreadable(entry.path, fault)
    return documents


def _load(place: str, name: str) -> Document:
    return formats.load(disk.read(place, name), "svr")


def _judged(documents: Sequence[Document], files: Sequence[Document], now: str) -> Iterator[Judged]:
    shelf = Shelf(files)
    for document in documents:
        session = session_of(document)
        if session is None:
            continue
        whole = session if session.is_bundle else outcome.as_bundle(session, scenario_of_bare(files), now)
        yield Judged(document, session, whole, contract_for(whole, document.path, shelf))


def _export(sessions: Sequence[Judged], form: str, profile: str, out: str, *, is_folder: bool) -> int:
    if form == "csv" and profile == "summary":
        exports = [("sessions.csv", _summary(sessions))]
    else:
        exports = [_exported(judged, form, profile) for judged in sessions]
        if is_folder and out == "-" and len(exports) > 1:
            raise UsageError(f"{len(exports)} sessions cannot go to stdout", "name a directory with --out")
    for name, content in exports:
        if out == "-":
            write_stdout(content)
        else:
            _write(os.path.join(out, name), content)
    return 0 if sessions else UNREADABLE


def _write(place: str, content: bytes) -> None:
    try:
        disk.write(place, content)
    except OSError as fault:
        raise disk.unwritable(place, fault) from None


def _exported(judged: Judged, form: str, profile: str) -> tuple[str, bytes]:
    """The name and bytes of one session's export."""
    stem = os.path.splitext(judged.document.path)[0]
    if form == "csv":
        return f"{stem}{'.full' if profile == 'full' else ''}.csv", event_csv(judged.session.elements, profile)
    bundle = judged.session.bundle if judged.session.is_bundle else outcome.built(judged.whole, judged.contract)
    return f"{stem}.json", export_json(bundle)


def _summary(sessions: Sequence[Judged]) -> bytes:
    return outcome.summary_csv(
        (judged.document.path, outcome.summary_row(judged.session, judged.contract, judged.issues))
        for judged in sessions
        if judged.session.is_bundle
    )


def _answer(sessions: Sequence[Judged], output: str, *, is_folder: bool) -> None:
    if output == "json":
        answers = [_answer_json(judged) for judged in sessions]
        schema = {"schema": "teleloupe.session/1"}
        paths = [{"path": judged.document.path} for judged in sessions]
        listed = [path | answer for path, answer in zip(paths, answers, strict=True)]
        print_json({**schema, "sessions": listed} if is_folder else {**schema, **answers[0]})
        return
    for judged in sessions:
        given = outcome.evidence(judged.whole, judged.contract)
        lines = narrative(judged.document.path, judged.whole, given, judged.issues)
        write_lines(safe(line) for line in lines)


def _answer_json(judged: Judged) -> dict[str, Any]:
    """A session as `session --output json` answers; what bare events come to is told under `built`."""
    given = outcome.evidence(judged.whole, judged.contract)
    return {
        "claimed": outcome.claimed(judged.session),
        "evidence": given if judged.session.is_bundle else None,
        **({} if judged.session.is_bundle else {"built": given}),
        "issues": [issue_json(issue) for issue in judged.issues],
    }


def _refused(path: str, document: Document, output: str) -> int:
    """Answer for a file that holds no session."""
    if output == "json":
        issues = [issue_json(issue) for issue in document.issues]
        empty = {"claimed": {"score": None, "report": None}, "evidence": None, "issues": issues}
        print_json({"schema": "teleloupe.session/1", **empty})
    reason = document.issues[0].message if document.issues else f"a {document.kind} file"
    say(f"teleloupe: {safe(path)} holds no session: {safe(reason)}")
    return UNREADABLE
