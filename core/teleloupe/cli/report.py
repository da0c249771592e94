"""`teleloupe report`: bootloader reports as text, JSON, module or run table, and compressed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import click
from msgspec import Struct

from teleloupe import disk, export, formats
from teleloupe.cli.completing import FILE
from teleloupe.cli.manual import Command
from teleloupe.cli.options import unreadable
from teleloupe.cli.output import print_json
from teleloupe.columns import columns_of
from teleloupe.commands import UNREADABLE
from teleloupe.formats.bootloader.compression import compressed
from teleloupe.formats.bootloader.evolution import GenerationRow, generation_rows
from teleloupe.formats.bootloader.jsonwriter import json_of
from teleloupe.formats.bootloader.names import normalised_run
from teleloupe.formats.bootloader.products import product_name
from teleloupe.formats.bootloader.reading import FORMAT_ID, LIMIT_BYTES
from teleloupe.formats.bootloader.shapes import HistoryRow, Report
from teleloupe.formats.bootloader.textwriter import text_of
from teleloupe.model import Document, Snapshot, Table, UsageError
from teleloupe.safe import safe
from teleloupe.streams import say, write_stdout
from teleloupe.tables import placeless
from teleloupe.workspace import Workspace

STDOUT = "-"
SCHEMA = "teleloupe.report/1"
RUN_COLUMNS = (
    "number", "generated", "size", "instructions", "attempted", "applied", "insert", "modify", "append", "removals",
    "duration_ms", "repairs", "trap_class", "instances", "sha256", "issues",
)  # fmt: skip


class Outcome(Struct, frozen=True):
    """What became of one report: where it was written, or why it was not; `is_refused` when it should have been."""

    source: str
    written: str | None = None
    bytes: int = 0
    note: str = ""
    is_refused: bool = False


@click.command(
    "report",
    cls=Command,
    statuses={0: "all was made", 1: "something could not be made"},
    examples=(
        ("teleloupe report bootloader/seq/20260302_060000 --to csv > run.csv", "a row a generation"),
        ("cd bootloader/seq && teleloupe report 20260302_060000/gen_3.txt --to json", "canonical JSON"),
        ("cd bootloader/seq && teleloupe report 20260302_060000 --to wasm --out kernels", "the kernels alone"),
    ),
)
@click.argument("path", type=FILE)
@click.option("--to", "form", type=click.Choice(["json", "txt", "wasm", "csv"]), help="What to make of it.")
@click.option("--parity", is_flag=True, help="Text in the dialect it was read in: the producer's own bytes.")
@click.option(
    "--table",
    "which",
    type=click.Choice(["run", "history"]),
    default="run",
    show_default=True,
    help="Which table as CSV.",
)
@click.option(
    "--out", default=STDOUT, metavar="FILE|-", type=FILE, help="Where to; for the reports of a run a directory."
)
@click.option("--compress", is_flag=True, help=f"Write .txt.gz beside reports above {LIMIT_BYTES} bytes.")
@click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to tell what was done.",
)
@click.option("--quiet", is_flag=True, help="Say nothing but what went wrong.")
def report_command(
    path: str, form: str | None, parity: bool, which: str, out: str, compress: bool, output: str, quiet: bool
) -> int:
    """Turn bootloader reports into text, canonical JSON, .wasm modules or tables, or compress them.

    PATH is a report or the directory of a run. Sources stay as they are: compressing writes a second file beside them.
    """
    if compress == (form is not None):
        raise UsageError("either --to or --compress", "teleloupe report PATH --to json|txt|wasm|csv")
    if parity and form != "txt":
        raise UsageError("--parity is for --to txt", "the other forms have one spelling")
    if output == "json" and out == STDOUT and not compress:
        raise UsageError("stdout cannot hold the report and the answer", "name a file with --out")
    try:
        snapshot = _snapshot(path)
        if form == "csv":
            return _write_table(path, snapshot, which, out)
        if form is None:
            outcomes = [_compress(_source(path, document), document) for document in _members(snapshot)]
        else:
            outcomes = _convert(path, snapshot, _content(form, has_parity=parity), form, out)
    except disk.Unreadable as fault:
        return unreadable(path, fault)
    return _tell(outcomes, output, is_quiet=quiet)


def _snapshot(path: str) -> Snapshot:
    """The run's directory, or the one report, whatever it looks like. Raises disk.Unreadable."""
    if os.path.isdir(path):
        return Workspace(path).refresh()
    name = os.path.basename(path)
    return Snapshot(os.path.dirname(path), documents={name: formats.load(disk.read(path, name), FORMAT_ID)})


def _members(snapshot: Snapshot) -> list[Document]:
    """The reports directly in the directory. Raises UsageError when there is none."""
    reports = [document for document in snapshot.documents.values() if isinstance(document.body, Report)]
    here = [document for document in reports if "/" not in document.path]
    if not here:
        runs = sorted({document.path.rpartition("/")[0] for document in reports}, key=_by_stamp)
        hint = f"there are runs in {', '.join(map(safe, runs[:3]))}" if runs else ""
        raise UsageError("no bootloader report here", hint)
    return here


def _by_stamp(folder: str) -> str:
    return normalised_run(folder.rpartition("/")[2])


def _source(path: str, document: Document) -> str:
    return os.path.join(path, document.path) if os.path.isdir(path) else path


def _content(form: str, *, has_parity: bool) -> Callable[[Report], bytes | None]:
    """What makes the bytes of a form from a report; None where the report does not hold them."""
    if form == "wasm":
        return lambda report: report.kernel.payload if report.kernel else None
    if form == "json":
        return lambda report: json_of(report) if report.state == "ok" else None
    return lambda report: text_of(report, has_parity=has_parity) if report.state == "ok" else None


def _convert(
    path: str, snapshot: Snapshot, content: Callable[[Report], bytes | None], form: str, out: str
) -> list[Outcome]:
    members = _members(snapshot)
    is_many = os.path.isdir(path)
    if is_many and out == STDOUT:
        raise UsageError(f"{len(members)} reports do not fit on stdout", "name a directory with --out")
    outcomes = []
    for document in members:
        source, target = _source(path, document), os.path.join(out, product_name(document, form)) if is_many else out
        found = content(document.body)
        if found is None:
            outcomes.append(Outcome(source, note=_lack(document, form), is_refused=True))
            continue
        if target == STDOUT:
            write_stdout(found)
        else:
            _write(target, found, {_source(path, each) for each in members})
        outcomes.append(Outcome(source, target, len(found), _left_out(document.body, form)))
    return outcomes


def _lack(document: Document, form: str) -> str:
    if form == "wasm":
        return "holds no whole kernel; nothing is written"
    return f"is {document.body.state}, not a whole report; nothing is written"


def _left_out(report: Report, form: str) -> str:
    """What a form cannot carry."""
    if form == "wasm" or not report.unknown:
        return ""
    return f"left out, for no report has it: {', '.join(safe(name) for name in list(report.unknown)[:5])}"


def _write(target: str, data: bytes, sources: set[str]) -> None:
    if any(os.path.exists(source) and os.path.realpath(source) == os.path.realpath(target) for source in sources):
        raise UsageError(f"{safe(target)} is a source", "choose another place")
    try:
        disk.write(target, data)
    except OSError as fault:
        raise disk.unwritable(target, fault) from None


def _write_table(path: str, snapshot: Snapshot, which: str, out: str) -> int:
    members = _members(snapshot)
    data = export.encode(_run_table(members, snapshot) if which == "run" else _history_table(members), "csv")
    if out == STDOUT:
        write_stdout(data)
    else:
        _write(out, data, {_source(path, document) for document in members})
    return 0


def _run_table(members: Sequence[Document], snapshot: Snapshot) -> Table:
    columns = {column.name: column for column in columns_of(GenerationRow)}
    rows = generation_rows(members, lambda path: len(snapshot.issues_of(path)))
    return placeless("run", tuple(columns[name] for name in RUN_COLUMNS), rows)


def _history_table(members: Sequence[Document]) -> Table:
    """The longest history, which is the newest report's and holds all others."""
    longest = max(members, key=lambda document: len(document.records))
    return placeless("history", columns_of(HistoryRow), longest.records)


def _compress(source: str, document: Document) -> Outcome:
    """Write the compressed form beside a report that is too large, and read it back before saying so."""
    if document.body.state != "ok":
        return Outcome(source, note=_lack(document, "gz"), is_refused=True)
    blob = disk.read(source, document.name)
    if blob.packing:
        return Outcome(source, note="is compressed already")
    if blob.size <= LIMIT_BYTES:
        return Outcome(source, note=f"has {blob.size} bytes; only above {LIMIT_BYTES} a report is compressed")
    data, target = compressed(blob.data), f"{source}.gz"
    _write(target, data, {source})
    if disk.read(target, document.name).data != blob.data:
        disk.remove(target)
        return Outcome(source, note="could not be read back after compressing; nothing is left", is_refused=True)
    return Outcome(source, target, len(data))


def _tell(outcomes: Sequence[Outcome], output: str, *, is_quiet: bool) -> int:
    """Say what was done; status 3 when every report was refused, 1 when some were."""
    refused = [outcome for outcome in outcomes if outcome.is_refused]
    if output == "json":
        print_json({"schema": SCHEMA, "outcomes": outcomes})
    else:
        for outcome in refused if is_quiet else outcomes:
            _say(outcome)
    if not refused:
        return 0
    return UNREADABLE if len(refused) == len(outcomes) else 1


def _say(outcome: Outcome) -> None:
    if outcome.note:
        say(f"teleloupe: {safe(outcome.source)}: {outcome.note}")
    if outcome.written not in (None, STDOUT):
        say(f"{safe(str(outcome.written))}: {outcome.bytes} bytes")
