"""`teleloupe loom`: Toyfoundry's feeds or a rollup to exports, byte for byte as the producer writes them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal, cast

import click
from msgspec import Struct

from teleloupe import disk
from teleloupe.cli.options import unreadable
from teleloupe.cli.output import print_json
from teleloupe.formats.toyfoundry import loom, refresh, rules
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.reading import read_document
from teleloupe.formats.toyfoundry.weave import Weave
from teleloupe.formats.toyfoundry.writing import Eol, document_text, encoded, export_csv, export_json, sidecar_text
from teleloupe.model import Issue, UsageError
from teleloupe.safe import safe

TELEMETRY = ".toyfoundry/telemetry"
MINT_FEED = f"{TELEMETRY}/forge_mint_alfa.jsonl"
RITUAL_FEED = f"{TELEMETRY}/forge_rituals.jsonl"
EXPORT_DIR = f"{TELEMETRY}/quilt/exports"
JSON_NAME, CSV_NAME = "composite_export.json", "composite_export.csv"
MANIFEST_NAME, BUILD_INFO_NAME = "export_manifest.json", "build_info.json"
EOL_LOOKED_AT = 64 * 1024  # bytes of an existing artefact that decide its line ends

Files = list[tuple[str, bytes | Iterable[bytes]]]
_NOW = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


class _Refused(Exception):
    """Nothing may be written; the message says why."""


class _Result(Struct):
    """What a run did, for its summary and its exit status."""

    mint_events: int = 0
    mints: int = 0
    ritual_events: int = 0
    operations: int = 0
    records: int = 0
    left_out: int = 0
    causes: int = 0
    written: list[str] = []


@click.command("loom")
@click.option("--telemetry", metavar="F", help=f"The mint feed ({MINT_FEED}).")
@click.option("--ritual-telemetry", metavar="F", help=f"The ritual feed ({RITUAL_FEED}).")
@click.option("--rollup", metavar="F", help="Export this composite rollup instead of the feeds.")
@click.option("--output", metavar="F", help="Write the mint rollup here.")
@click.option("--composite-output", metavar="F", help="Write the composite rollup here.")
@click.option("--export", "is_export", is_flag=True, help="Write the exports and refresh the metadata beside them.")
@click.option("--export-dir", metavar="D", help=f"Where the exports go ({EXPORT_DIR}).")
@click.option("--refresh", "refreshed", metavar="D", help="Bring everything around an existing export up to date.")
@click.option("--eol", type=click.Choice(["lf", "crlf", "auto"]), default="auto", help="Line ends; auto keeps them.")
@click.option("--now", metavar="TIME", help="The time to write, YYYY-MM-DDTHH:MM:SSZ.")
@click.option("--summary", type=click.Choice(["text", "json"]), default="text", help="How to tell what was done.")
@click.option("--quiet", is_flag=True, help="No summary.")
def loom_command(refreshed: str | None, summary: str, now: str | None, *, quiet: bool, **options: Any) -> int:
    """Feeds or a rollup to rollups and exports. Writes only where it is told to, each file whole."""
    moment = _moment(now)
    _check_usage(refreshed, options)
    result = _Result()
    try:
        if refreshed:
            findings, files = _refresh(refreshed, options["eol"], moment, result)
        else:
            findings, files = _run(options, moment, result)
    except disk.Unreadable as fault:
        return unreadable(options["rollup"] or refreshed or "", fault)
    except _Refused as refused:
        click.echo(f"teleloupe: {refused}; nothing is written", err=True)
        return 3
    disk.write_in_order(files)
    result.written = [path for path, _ in files]
    _tell(findings)
    if not quiet:
        _summarise(result, summary)
    return int(bool(result.left_out or result.causes))


def _check_usage(refreshed: str | None, options: dict[str, Any]) -> None:
    feeds = options["telemetry"] or options["ritual_telemetry"]
    if refreshed and (feeds or options["rollup"] or options["is_export"] or options["export_dir"]):
        raise UsageError("--refresh stands alone", "it needs neither feeds nor a rollup: the export is there")
    if options["rollup"] and (feeds or options["output"] or options["composite_output"]):
        raise UsageError("--rollup takes the place of the feeds", "use it with --export and --export-dir only")
    if options["is_export"] and not options["export_dir"] and (feeds or options["rollup"]):
        raise UsageError(
            "--export needs --export-dir", "other sources than the usual ones do not replace the usual exports"
        )


def _moment(now: str | None) -> str:
    if now is None:
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if not _NOW.fullmatch(now):
        raise UsageError(f"--now {safe(now)} is no time", "give it as YYYY-MM-DDTHH:MM:SSZ")
    return now


def _run(options: dict[str, Any], now: str, result: _Result) -> tuple[list[tuple[str, Issue]], Files]:
    """Weave or read a rollup, and lay out what is to be written."""
    export_dir = options["export_dir"] or EXPORT_DIR
    metadata = _metadata(export_dir) if options["is_export"] else {}
    if options["rollup"]:
        findings, entries = _rollup_entries(options["rollup"])
        weave = None
    else:
        findings, weave = _woven(options["telemetry"] or MINT_FEED, options["ritual_telemetry"] or RITUAL_FEED, result)
        entries = weave.rollup()
    files: Files = []
    if weave and options["output"]:
        files.append((options["output"], _rollup_parts(weave.mint_rollup(), _eol(options["eol"], options["output"]))))
    if weave and options["composite_output"]:
        path = options["composite_output"]
        files.append((path, _rollup_parts(weave.rollup(), _eol(options["eol"], path))))
    if options["is_export"]:
        flat = loom.flattened(entries)
        findings += [(options["rollup"] or export_dir, loom.refused_issue(found)) for found in flat.refused]
        result.records, result.left_out = len(flat.records), result.left_out + flat.left_out
        result.causes += flat.refused_count
        files += _export_files(export_dir, flat.records, _eol(options["eol"], os.path.join(export_dir, JSON_NAME)))
        files += _export_metadata(export_dir, metadata, files[-4:], now, options["eol"])
    return findings, files


def _woven(mint: str, ritual: str, result: _Result) -> tuple[list[tuple[str, Issue]], Weave]:
    """Both feeds, woven; a feed that is not there is empty."""
    weave = Weave()
    mint_text = loom.weave_feed(weave, "mint-feed", _parts(mint))
    ritual_text = loom.weave_feed(weave, "ritual-feed", _parts(ritual))
    weave.finish()
    result.mint_events, result.mints = weave.mint_count, len(weave.mints)
    result.ritual_events, result.operations = weave.ritual_count, len(weave.mints.keys() | weave.operations.keys())
    result.left_out, result.causes = weave.left_out, weave.cause_count
    found = ((mint, mint_text), (mint, weave.mint_findings), (ritual, ritual_text), (ritual, weave.ritual_findings))
    return [(path, issue) for path, findings in found for issue in findings.issues()], weave


def _parts(path: str) -> Iterator[bytes]:
    try:
        yield from disk.read_parts(path)
    except disk.Unreadable as fault:
        if not fault.is_gone:
            raise _Refused(f"{safe(path)}: {fault.reason}") from None


def _rollup_entries(path: str) -> tuple[list[tuple[str, Issue]], Iterable[tuple[str, Any]]]:
    reading = read_document(disk.read(path, os.path.basename(path)))
    findings = Findings(reading.issues)
    if not reading.is_complete or not isinstance(reading.value, dict):
        reason = reading.issues[0].message if reading.issues else "a rollup is an object"
        raise _Refused(f"{safe(path)}: {reason}")
    entries = sorted(reading.value.items())
    if any(isinstance(entry, dict) and "mint_runs" in entry and "rituals" not in entry for _, entry in entries):
        findings.add(rules.ROLLUP_KIND.issue("", "a mint rollup; the mints in it are exported as if nothing was known"))
    return [(path, issue) for issue in findings.issues()], entries


def _refresh(
    folder: str, eol: Literal["lf", "crlf", "auto"], now: str, result: _Result
) -> tuple[list[tuple[str, Issue]], Files]:
    """Everything around an existing export, made anew from its records."""
    path = os.path.join(folder, JSON_NAME)
    content = disk.read(path, JSON_NAME).data
    records = _or_refused(path, lambda: refresh.export_records(content))
    metadata = _metadata(folder)
    result.records = len(records)
    chosen = _eol(eol, path)
    files = _export_files(folder, records, chosen)
    digests = [cast("_Hashed", parts) for _, parts in files[:2]]
    files[2:] = [
        (f"{name}.sha256", _later(lambda name=name, made=made: _sidecar(f"{name}.sha256", made, chosen)))
        for (name, _), made in zip(files[:2], digests, strict=True)
    ]
    for name, key in ((MANIFEST_NAME, "generated_at"), (BUILD_INFO_NAME, "timestamp")):
        if name in metadata:
            place = os.path.join(folder, name)

            def renewed(root: Any = metadata[name], key: str = key, place: str = place) -> bytes:
                document = refresh.refreshed_metadata(root, key, _named(digests), records, now)
                return encoded(document_text(document), _eol(eol, place))

            files.append((place, _later(renewed)))
    return [], files


def _sidecar(path: str, made: _Hashed, eol: Eol) -> bytes:
    try:
        existing = disk.read(path, os.path.basename(path)).data
    except disk.Unreadable:
        existing = None
    return refresh.refreshed_sidecar(existing, made.sha256, eol)


def _metadata(folder: str) -> dict[str, Any]:
    """The metadata documents of a directory by name. Raises _Refused for one that cannot be parsed."""
    found = {}
    for name in (MANIFEST_NAME, BUILD_INFO_NAME):
        path = os.path.join(folder, name)
        try:
            content = disk.read(path, name).data
        except disk.Unreadable as fault:
            if fault.is_gone:
                continue
            raise _Refused(f"{safe(path)}: {fault.reason}") from None
        found[name] = _or_refused(path, lambda content=content: refresh.metadata_root(content))
    return found


def _or_refused(path: str, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except refresh.CannotRefresh as reason:
        raise _Refused(f"{safe(path)}: {safe(str(reason))}") from None


class _Hashed:
    """Parts of a file that is hashed while it is written."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts, self._state = parts, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            self._state.update(part)
            yield part

    @property
    def sha256(self) -> str:
        """The lower-case hex digest of what was written so far."""
        return self._state.hexdigest()


def _export_files(folder: str, records: Iterable[Any], eol: Eol) -> Files:
    """Both exports, then their sidecars, whose content is known once the exports are staged."""
    made = {
        JSON_NAME: _Hashed(encoded(chunk, eol) for chunk in export_json(records)),
        CSV_NAME: _Hashed(chunk.encode("utf-8") for chunk in export_csv(records)),
    }
    files: Files = [(os.path.join(folder, name), parts) for name, parts in made.items()]
    for name, parts in made.items():
        sidecar = _later(lambda parts=parts: encoded(sidecar_text(parts.sha256), eol))
        files.append((os.path.join(folder, f"{name}.sha256"), sidecar))
    return files


def _export_metadata(folder: str, metadata: dict[str, Any], exports: Files, now: str, eol: str) -> Files:
    """The metadata that is there, as the producer refreshes it after an export."""
    digests = [cast("_Hashed", parts) for _, parts in exports[:2]]
    renew = {MANIFEST_NAME: refresh.exported_manifest, BUILD_INFO_NAME: refresh.exported_build_info}
    files: Files = []
    for name, root in metadata.items():
        path = os.path.join(folder, name)

        def renewed(name: str = name, root: Any = root, path: str = path) -> bytes:
            return encoded(document_text(renew[name](root, _named(digests), now)), _eol(eol, path))

        files.append((path, _later(renewed)))
    return files


def _named(made: list[_Hashed]) -> dict[str, str]:
    return {name: parts.sha256.upper() for name, parts in zip((JSON_NAME, CSV_NAME), made, strict=True)}


def _later(make: Callable[[], bytes]) -> Iterator[bytes]:
    yield make()


def _rollup_parts(entries: Iterable[tuple[Any, dict[str, Any]]], eol: Eol) -> Iterator[bytes]:
    return (encoded(chunk, eol) for chunk in loom.rollup_text(entries))


def _eol(asked: str, path: str) -> Eol:
    """The line ends to write a file with; auto keeps those of the file that is there."""
    if asked != "auto":
        return cast("Eol", asked)
    try:
        return "crlf" if b"\r\n" in disk.read_slice(path, 0, EOL_LOOKED_AT) else "lf"
    except disk.Unreadable:
        return "lf"


def _tell(findings: list[tuple[str, Issue]]) -> None:
    for path, issue in findings:
        place = f"{safe(path)}: {safe(issue.at)}".rstrip()
        click.echo(f"{place} {issue.severity} {issue.code} {safe(issue.message)}", err=True)


def _summarise(result: _Result, form: str) -> None:
    if form == "json":
        print_json(result)
        return
    click.echo(f"{result.mint_events} mint events of {result.mints} alfas")
    click.echo(f"{result.ritual_events} ritual events; {result.operations} operations in all")
    if result.left_out or result.causes:
        click.echo(f"{result.left_out} entries left out; the producer would stop at {result.causes} places")
    for path in result.written:
        click.echo(f"wrote {safe(path)}")
