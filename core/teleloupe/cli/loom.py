"""`teleloupe loom`: Toyfoundry's feeds or a rollup to exports, byte for byte as the producer writes them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import click
from msgspec import Struct, structs

from teleloupe import disk
from teleloupe.cli import looming
from teleloupe.cli.completing import FILE, FOLDER
from teleloupe.cli.looming import AskedEol, Files, Refused
from teleloupe.cli.manual import Command
from teleloupe.cli.options import unreadable
from teleloupe.cli.output import print_json
from teleloupe.commands import UNREADABLE
from teleloupe.formats.toyfoundry import loom, rules
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.reading import REFUSED, read_document
from teleloupe.formats.toyfoundry.weave import Weave
from teleloupe.model import Issue, UsageError
from teleloupe.safe import safe
from teleloupe.streams import say, write_lines

TELEMETRY = ".toyfoundry/telemetry"
MINT_FEED = f"{TELEMETRY}/forge_mint_alfa.jsonl"
RITUAL_FEED = f"{TELEMETRY}/forge_rituals.jsonl"
EXPORT_DIR = f"{TELEMETRY}/quilt/exports"

PART_BYTES = 128 * 1024  # of a feed at a time: what is decoded of them stays in the processor's cache

Told = list[tuple[str, Issue]]
_NOW = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


class _Options(Struct, frozen=True):
    """What was asked for on the command line."""

    telemetry: str | None
    ritual_telemetry: str | None
    rollup: str | None
    output: str | None
    composite_output: str | None
    is_export: bool
    export_dir: str | None
    refreshed: str | None
    eol: AskedEol
    now: str


class _Outcome(Struct, frozen=True):
    """What a run did: counts for its summary, `left_out` and `causes` for its exit status."""

    mint_events: int = 0
    mints: int = 0
    ritual_events: int = 0
    operations: int = 0
    records: int = 0
    left_out: int = 0
    causes: int = 0


@click.command(
    "loom",
    cls=Command,
    statuses={
        0: "all went into it",
        1: "an entry was left out, or the producer would have stopped",
        3: "nothing could be read; nothing is written",
    },
    examples=(
        ("cd toyfoundry && teleloupe loom --export", "the exports of the feeds, where the producer keeps them"),
        ("cd toyfoundry && teleloupe loom --composite-output rollup.json", "the rollup alone"),
        ("teleloupe loom --refresh toyfoundry/.toyfoundry/telemetry/quilt/exports", "renew all around an export"),
    ),
)
@click.option("--telemetry", metavar="FILE", type=FILE, help=f"The mint feed ({MINT_FEED}).")
@click.option("--ritual-telemetry", metavar="FILE", type=FILE, help=f"The ritual feed ({RITUAL_FEED}).")
@click.option("--rollup", metavar="FILE", type=FILE, help="Export this composite rollup instead of the feeds.")
@click.option("--output", metavar="FILE", type=FILE, help="Write the mint rollup here.")
@click.option("--composite-output", metavar="FILE", type=FILE, help="Write the composite rollup here.")
@click.option("--export", "is_export", is_flag=True, help="Write the exports and refresh the metadata beside them.")
@click.option("--export-dir", metavar="DIR", type=FOLDER, help=f"Where the exports go ({EXPORT_DIR}).")
@click.option(
    "--refresh", "refreshed", metavar="DIR", type=FOLDER, help="Bring everything around an existing export up to date."
)
@click.option(
    "--eol",
    type=click.Choice(["lf", "crlf", "auto"]),
    default="auto",
    show_default=True,
    help="Line ends; auto keeps them.",
)
@click.option("--now", metavar="TIME", help="The time to write, YYYY-MM-DDTHH:MM:SSZ.")
@click.option(
    "--summary",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to tell what was done.",
)
@click.option("--quiet", is_flag=True, help="No summary.")
def loom_command(summary: str, now: str | None, *, quiet: bool, **asked: Any) -> int:
    """Feeds or a rollup to rollups and exports. Writes only where it is told to, each file whole."""
    options = _Options(now=_moment(now), **asked)
    _check_usage(options)
    try:
        outcome, told, files = _refresh(options) if options.refreshed else _run(options)
        _write(files)
    except disk.Unreadable as fault:
        return unreadable(options.rollup or options.refreshed or "", fault)
    except Refused as refused:
        say(f"teleloupe: {refused}; nothing is written")
        return UNREADABLE
    _tell(told)
    if not quiet:
        _summarise(outcome, [path for path, _ in files], summary)
    return int(bool(outcome.left_out or outcome.causes))


def _write(files: Files) -> None:
    """Write all or none. Raises UsageError, which blames the first where the system names none."""
    try:
        disk.write_in_order(files)
    except OSError as fault:
        raise disk.unwritable(str(fault.filename or files[0][0]), fault) from None


def _check_usage(options: _Options) -> None:
    feeds = options.telemetry or options.ritual_telemetry
    rollups = options.output or options.composite_output
    if options.refreshed and (feeds or options.rollup or rollups or options.is_export or options.export_dir):
        raise UsageError("--refresh stands alone", "it needs neither feeds nor a rollup: the export is there")
    if options.rollup and (feeds or rollups):
        raise UsageError("--rollup takes the place of the feeds", "use it with --export and --export-dir only")
    if options.is_export and not options.export_dir and (feeds or options.rollup):
        raise UsageError("--export needs --export-dir here", "other sources do not replace the usual exports")


def _moment(now: str | None) -> str:
    if now is None:
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if not _NOW.fullmatch(now):
        raise UsageError(f"--now {safe(now)} is no time", "give it as YYYY-MM-DDTHH:MM:SSZ")
    return now


def _run(options: _Options) -> tuple[_Outcome, Told, Files]:
    """Weave the feeds or read the rollup, and lay out what is to be written."""
    folder = options.export_dir or EXPORT_DIR
    metadata = looming.metadata_of(folder) if options.is_export else {}
    files: Files = []
    if options.rollup:
        outcome, told, entries = _rollup_entries(options.rollup)
        flatten: Callable[[], loom.Flattened] = partial(loom.flattened, entries)
    else:
        weave = Weave(is_lean=not (options.output or options.composite_output))
        outcome, told = _woven(weave, options.telemetry or MINT_FEED, options.ritual_telemetry or RITUAL_FEED)
        flatten = partial(loom.woven_export, weave)
        if options.output:
            files += looming.rollup_file(options.output, weave.mint_rollup(), options.eol)
        if options.composite_output:
            files += looming.rollup_file(options.composite_output, weave.rollup(), options.eol)
    if not options.is_export:
        return outcome, told, files
    flat = flatten()
    told += [(options.rollup or folder, loom.refused_issue(found)) for found in flat.refused]
    left_out, causes = outcome.left_out + flat.left_out, outcome.causes + flat.refused_count
    outcome = structs.replace(outcome, records=len(flat.records), left_out=left_out, causes=causes)
    files += looming.ExportDirectory(folder, flat.records, options.eol, options.now).exported(metadata)
    return outcome, told, files


def _refresh(options: _Options) -> tuple[_Outcome, Told, Files]:
    """Everything around an existing export, made anew from its records."""
    folder = options.refreshed or ""
    metadata, records = looming.metadata_of(folder), looming.records_of(folder)
    directory = looming.ExportDirectory(folder, records, options.eol, options.now)
    return _Outcome(records=len(records)), [], directory.refreshed(metadata)


def _woven(weave: Weave, mint: str, ritual: str) -> tuple[_Outcome, Told]:
    """Weave both feeds; one that is not there is empty."""
    mint_text = loom.weave_feed(weave, "mint-feed", _parts(mint))
    ritual_text = loom.weave_feed(weave, "ritual-feed", _parts(ritual))
    weave.finish()
    outcome = _Outcome(
        mint_events=weave.mint_count,
        mints=len(weave.mints),
        ritual_events=weave.ritual_count,
        operations=len(weave.mints.keys() | weave.operations.keys()),
        left_out=weave.left_out,
        causes=weave.cause_count,
    )
    found = ((mint, mint_text), (mint, weave.mint_findings), (ritual, ritual_text), (ritual, weave.ritual_findings))
    return outcome, [(path, issue) for path, findings in found for issue in findings.issues()]


def _parts(path: str) -> Iterator[bytes]:
    try:
        yield from disk.read_parts(path, PART_BYTES)
    except disk.Unreadable as fault:
        if not fault.is_gone:
            raise Refused(f"{safe(path)}: {fault.reason}") from None
        say(f"teleloupe: {safe(path)}: {fault.reason}; it counts as empty")


def _rollup_entries(path: str) -> tuple[_Outcome, Told, Iterable[tuple[str, Any]]]:
    reading = read_document(disk.read(path, os.path.basename(path)))
    findings = Findings(reading.issues)
    if not reading.is_complete or not isinstance(reading.value, dict):
        reason = reading.issues[0].message if reading.issues else "a rollup is an object"
        raise Refused(f"{safe(path)}: {reason}")
    entries = sorted(reading.value.items())
    if any(isinstance(entry, dict) and "mint_runs" in entry and "rituals" not in entry for _, entry in entries):
        findings.add(rules.ROLLUP_KIND.issue("", "a mint rollup; its entries are exported as if nothing was known"))
    causes = sum(issue.rule in REFUSED for issue in reading.issues)
    return _Outcome(operations=len(entries), causes=causes), [(path, issue) for issue in findings.issues()], entries


def _tell(told: Told) -> None:
    for path, issue in told:
        place = f"{safe(path)}: {safe(issue.at)}".rstrip()
        say(f"{place} {issue.severity} {issue.code} {safe(issue.message)}")


def _summarise(outcome: _Outcome, written: list[str], form: str) -> None:
    if form == "json":
        print_json(structs.asdict(outcome) | {"schema": "teleloupe.loom/1", "written": written})
        return
    lines = [
        f"{outcome.mint_events} mint events of {outcome.mints} alfas",
        f"{outcome.ritual_events} ritual events; {outcome.operations} operations, {outcome.records} records",
    ]
    if outcome.left_out or outcome.causes:
        lines.append(f"{outcome.left_out} entries left out; the producer would stop at {outcome.causes} places")
    write_lines([*lines, *(f"wrote {safe(path)}" for path in written)])
