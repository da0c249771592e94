"""`teleloupe summarize`: Clamp's telemetry_summary.json from session files, and why an existing one differs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import click
from msgspec import structs

from teleloupe import disk
from teleloupe.cli.completing import FILE, FOLDER
from teleloupe.cli.manual import Command
from teleloupe.cli.options import unreadable
from teleloupe.cli.output import print_json
from teleloupe.formats import clamp
from teleloupe.formats.clamp.anchors import SeedIndex
from teleloupe.formats.clamp.build_info import SNAPSHOT_PLACES, recorded_by
from teleloupe.formats.clamp.comparison import shown
from teleloupe.formats.clamp.contribution import counted_scores
from teleloupe.formats.clamp.dialects import FRACTIONS
from teleloupe.formats.clamp.directory import follow, is_candidate
from teleloupe.formats.clamp.explanation import Explanation, explain
from teleloupe.formats.clamp.export import summary_text
from teleloupe.formats.clamp.figures import BUILDS, Build, Numbers, numbers
from teleloupe.formats.clamp.moments import running
from teleloupe.formats.clamp.overview import Overview, overview
from teleloupe.formats.clamp.summary import SnapshotBody, SummaryBody
from teleloupe.model import Blob, Detection, Document
from teleloupe.safe import safe
from teleloupe.streams import say, write_lines, write_stdout

DONE, FOUND = 0, 1
SCHEMA = "teleloupe.summarize/1"
_AS_SESSION = Detection("session", "read as the aggregator reads it", is_certain=False)
_GROWTH_BYTES = 1 << 16  # what a file may have grown since it was listed
_NUMBERS = ("session_count", *FRACTIONS)
_SHOWN_RECORDS = 5  # of those that stretch a drift


class Directory(NamedTuple):
    """A session directory as it was read: its path, the files the aggregator opens, what could not be read."""

    path: str
    documents: tuple[Document, ...]
    faults: tuple[str, ...]


@click.command(
    "summarize",
    cls=Command,
    statuses={0: "a summary was made, or the existing one fits", 1: "it does not fit, or none can be made"},
    examples=(
        ("teleloupe summarize clamp/telemetry --out summary.json", "the summary of a directory"),
        ("teleloupe summarize clamp/telemetry --compare clamp/telemetry_summary.json", "why an existing one differs"),
    ),
)
@click.argument("directory", metavar="DIR", type=FOLDER)
@click.option(
    "--build", type=click.Choice(BUILDS), default="specification", show_default=True, help="Whose reading of the files."
)
@click.option("--out", metavar="FILE", type=FILE, default="-", help="Where to write the summary; - is stdout.")
@click.option("--compare", "existing", metavar="FILE", type=FILE, help="Explain this summary instead of writing one.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to answer.")
@click.option("--quiet", is_flag=True, help="Say nothing on stderr.")
def summarize_command(directory: str, build: Build, out: str, existing: str | None, output: str, *, quiet: bool) -> int:
    """Clamp: telemetry_summary.json from the session files in DIR, or why an existing one differs."""
    try:
        needs_records = build == "library" or existing is not None or output == "json"
        found = read_directory(directory, needs_records=needs_records)
        if existing is not None:
            return _compare(found, existing, output)
    except disk.Unreadable as fault:
        return unreadable(existing or directory, fault)
    if not quiet:
        for line in _remarks(found):
            say(f"teleloupe: {line}")
    if (stop := _abort(found, build)) is not None:
        say(f"teleloupe: {stop}")
        return FOUND
    computed = _numbers(found.documents, build)
    text = summary_text(os.path.abspath(directory), computed, build, _build_info(directory, build))
    if out != "-":
        _write(out, text)
    if output == "json":
        print_json(_overview_json(found, build, computed))
    elif out == "-":
        write_stdout(text)
    return DONE


def read_directory(directory: str, *, needs_records: bool) -> Directory:
    """The files in a directory that the aggregator opens, by name; a missing directory is an empty one.

    Records that nobody needs are dropped file by file: their figures are small.
    """
    try:
        entries = disk.listed(directory)
    except disk.Unreadable as fault:
        if not fault.is_gone:
            raise
        return Directory(directory, (), (f"{safe(directory)}: {fault.reason}; its summary is all zeros",))
    documents, faults = [], []
    for entry in entries:
        if entry.is_directory or not is_candidate(entry.path):
            continue
        try:
            blob = _blob(directory, entry)
        except disk.Unreadable as fault:
            faults.append(f"{safe(entry.path)}: {fault.reason}; left out")
            continue
        document = clamp.parse(blob, _AS_SESSION)
        documents.append(document if needs_records else structs.replace(document, records=()))
    return Directory(directory, tuple(documents), tuple(faults))


def _blob(directory: str, entry: disk.Entry) -> Blob:
    """A file's bytes as they are stored, neither hashed nor unpacked: the aggregator does neither."""
    if entry.fault or entry.stamp.size > disk.READ_LIMIT_BYTES:
        raise disk.Unreadable(entry.fault or f"larger than {disk.READ_LIMIT_BYTES} bytes")
    data = disk.read_slice(os.path.join(directory, entry.path), 0, entry.stamp.size + _GROWTH_BYTES)
    return Blob(entry.path, data, len(data), entry.stamp.mtime_ns, "")


def _numbers(documents: Sequence[Document], build: Build) -> Numbers:
    """What a build computes; a producer's mean and variance by its own running computation."""
    counted = None
    if build != "specification":
        counted = running(score for document in documents for score in counted_scores(document, build))
    return numbers([document.body.figures.part(build) for document in documents], build, counted)


def _remarks(found: Directory) -> list[str]:
    """What a reader of the numbers should know."""
    remarks = list(found.faults)
    for document in found.documents:
        if not document.body.figures.is_read:
            issue = next((issue for issue in document.issues if issue.severity == "error"), None)
            remarks.append(f"{safe(document.path)}: {safe(issue.message) if issue else 'not JSON'}; left out")
    return remarks


def _abort(found: Directory, build: Build) -> str | None:
    """Why the library build would write nothing."""
    stops = [document for document in found.documents if document.body.figures.abort_at]
    if build != "library" or not stops:
        return None
    at = stops[0].body.figures.abort_at
    return f"{safe(stops[0].path)}: {at} is no number; a JSON-library aggregator aborts here and writes no summary"


def _build_info(directory: str, build: Build) -> bytes | None:
    """What a build records of the snapshot near the summary, which lies beside the session directory."""
    home = os.path.dirname(os.path.abspath(directory))
    for place in SNAPSHOT_PLACES:
        try:
            blob = disk.read(os.path.join(home, place), place.rpartition("/")[2])
        except disk.Unreadable:
            continue
        body = clamp.parse(blob, Detection("snapshot", "by its place", is_certain=False)).body
        if isinstance(body, SnapshotBody) and body.root is not None:
            return recorded_by(build, body.text, body.root)
    return None


def _write(out: str, text: bytes) -> None:
    try:
        disk.write(out, text)
    except OSError as fault:
        raise disk.unwritable(out, fault) from None


def _compare(found: Directory, existing: str, output: str) -> int:
    """Explain an existing summary; status 0 when it is the specification's."""
    blob = disk.read(existing, os.path.basename(existing))
    document = clamp.parse(blob, Detection("summary", "as asked", is_certain=False))
    if not isinstance(document.body, SummaryBody) or not document.body.is_judged:
        issue = next((issue for issue in document.issues if issue.severity == "error"), None)
        raise disk.Unreadable(safe(issue.message) if issue else "not a summary")
    if document.body.values.keys().isdisjoint(_NUMBERS):
        raise disk.Unreadable("not a summary: it has none of the numbers of one")
    explained = explain(document.body, found.documents)
    if output == "json":
        print_json(_explanation_json(existing, document, explained, found))
    else:
        write_lines(_explained(document.body, explained, len(found.documents)))
    return FOUND if explained.differences else DONE


def _explained(body: SummaryBody, explained: Explanation, count: int) -> list[str]:
    """An explanation in words."""
    if not explained.differences:
        return ["the summary is what the specification computes from these files"]
    lines = [
        f"{one.group}: says {shown(one.group, one.declared)}, files give {shown(one.group, one.computed)}"
        for one in explained.differences
    ]
    kept = count - len(explained.left_out)
    if explained.explained_by:
        which = f"all {count}" if not explained.left_out else f"{kept} of {count}"
        lines.append(f"made by: {' or '.join(explained.explained_by)} build ({body.dialect} shape), from {which} files")
        lines += [f"  without {safe(path)}" for path in explained.left_out]
    else:
        lines.append("no build of the producer gives these numbers from these files")
    for path, index in explained.untimed[:_SHOWN_RECORDS]:
        lines.append(f"  {safe(path)}: record {index} has no usable time and was given {index} ms after 1970")
    if len(explained.untimed) > _SHOWN_RECORDS:
        lines.append(f"  and {len(explained.untimed) - _SHOWN_RECORDS} more")
    return lines


def _explanation_json(existing: str, document: Document, explained: Explanation, found: Directory) -> dict[str, Any]:
    left_out = set(explained.left_out)
    return {
        "schema": SCHEMA,
        "directory": found.path,
        "compared": existing,
        "dialect": document.body.dialect,
        "differences": [
            {"field": one.group, "declared": one.declared, "computed": one.computed} for one in explained.differences
        ],
        "explained_by": list(explained.explained_by),
        "files": [document.path for document in found.documents if document.path not in left_out],
        "left_out": list(explained.left_out),
        "placeholder_times": [{"file": path, "record": index} for path, index in explained.untimed],
    }


def _overview_json(found: Directory, build: Build, computed: Numbers) -> dict[str, Any]:
    """The numbers with what the contract lacks."""
    beside: Overview = overview(found.documents, follow(found.documents, SeedIndex()))
    return {
        "schema": SCHEMA,
        "directory": found.path,
        "build": build,
        "session_count": computed.count,
        "mean_stability": computed.mean,
        "stability_variance": computed.variance,
        "drift_index": computed.drift_ms,
        "released_mean": beside.released_mean,
        "released_count": beside.released_count,
        "unique_count": beside.unique_count,
        "scores_out_of_range": beside.out_of_range,
        "in_flight": beside.held,
        "files": _names(found.documents),
        "skipped": list(beside.skipped),
        "unreadable": list(found.faults),
    }


def _names(documents: Sequence[Document]) -> list[str]:
    return [document.path for document in documents]
