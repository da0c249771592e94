"""The loom as a whole: feeds or a rollup in, rollups and exports out (Toyfoundry specification, sections 3 to 5)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, cast

from msgspec import Struct

from teleloupe import text
from teleloupe.formats.toyfoundry.feedlines import LineReader
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.flatten import Outcome, Piece, Refused, loom_sorted, pieces, plain_record
from teleloupe.formats.toyfoundry.reading import encoding_issues
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.weave import CAUSES_KEPT, Weave
from teleloupe.model import Issue

CHUNK_ENTRIES = 1024  # rollup entries that are written at a time


class Flattened(Struct, frozen=True):
    """The records of a rollup in the loom's order, and what the producer would stop at.

    `refused` has the first of its causes; the counts are of all of them, and of those that cost a record.
    """

    records: list[Record]
    refused: tuple[Refused, ...]
    refused_count: int
    left_out: int


def weave_feed(weave: Weave, kind: str, parts: Iterable[bytes]) -> Findings:
    """Add a feed that comes in parts; what was wrong with its text. The mint feed goes before the ritual feed."""
    findings = Findings()
    reader = LineReader(kind, findings)
    add = weave.add_mints if kind == "mint-feed" else weave.add_rituals
    for block in _whole_lines(parts, reader):
        for first, entries in reader.runs(block):
            add(first, entries)
    for cause in reader.refused:
        weave.refuse(cause)
    weave.cause_count += reader.refused_count - len(reader.refused)
    weave.left_out += reader.refused_count
    return findings


def flattened(entries: Iterable[tuple[Any, Any]]) -> Flattened:
    """The export records of rollup entries, which come in the order of their ids."""
    return _gathered(pieces(entries))


def woven_export(weave: Weave) -> Flattened:
    """The export records of woven feeds, as `flattened` gives them of their composite rollup."""
    return _gathered(_woven_pieces(weave))


def _woven_pieces(weave: Weave) -> Iterator[Record | Outcome]:
    """Most operations are one plain mint; their rollup entries need not be made."""
    mints, operations = weave.mints, weave.operations
    for operation_id in weave.ids():
        mint = None if operation_id in operations else mints[operation_id]
        record = plain_record(operation_id, mint.mint_runs, mint.latest_status) if mint else None
        if record is not None:
            yield record
        else:
            yield from pieces([(operation_id, weave.entry(operation_id))])


def _gathered(outcomes: Iterable[Record | Outcome]) -> Flattened:
    records: list[Record] = []
    refused: list[Refused] = []
    count = left_out = 0
    for found in outcomes:
        if type(found) is Record:
            records.append(found)
        elif isinstance(found, Refused):
            count += 1
            left_out += found.is_left_out
            if count <= CAUSES_KEPT:
                refused.append(found)
        else:
            records.append(cast("Piece", found).record)
    return Flattened(loom_sorted(records), tuple(refused), count, left_out)


def refused_issue(found: Refused) -> Issue:
    """What stops the producer as an issue of the rollup."""
    consequence = "; it is left out" if found.is_left_out else ""
    return found.rule.issue(found.at, f"{found.message}{consequence}", severity="error")


def rollup_text(entries: Iterable[tuple[Any, dict[str, Any]]]) -> Iterator[str]:
    """The text of a rollup of either kind from its entries in the order of their ids, in chunks."""
    chunk: list[str] = []
    opening = "{\n"
    for operation_id, entry in entries:
        chunk.append(f"  {_key_text(operation_id)}: {_entry_text(entry)}")
        if len(chunk) == CHUNK_ENTRIES:
            yield opening + ",\n".join(chunk)
            chunk, opening = [], ",\n"
    if chunk:
        yield opening + ",\n".join(chunk)
    yield "{}\n" if not chunk and opening == "{\n" else "\n}\n"


def _whole_lines(parts: Iterable[bytes], reader: LineReader) -> Iterator[bytes]:
    """The parts cut after line feeds, without a byte order mark."""
    pending: list[bytes] = []
    is_first = True
    for part in parts:
        content = part
        if is_first:
            is_first = False
            mark = text.decode(part[:4]).mark
            if mark:
                reader.findings.extend(encoding_issues(text.Text("", mark)))
                reader.refuse(f"the feed starts with a byte order mark of {mark.upper()}")
            content = part[3:] if mark == "utf-8" else part
            if mark not in ("", "utf-8"):
                yield text.decode(part + b"".join(parts)).text.encode("utf-8")
                return
        end = content.rfind(b"\n") + 1
        if end:
            yield b"".join((*pending, content[:end]))
            pending = []
        pending.append(content[end:])
    if rest := b"".join(pending):
        yield rest


def _key_text(key: Any) -> str:
    """A key as Python's json module writes it."""
    if type(key) is str:
        return quoted(key)
    return json.dumps({key: 0})[1:-4]


def _entry_text(entry: dict[str, Any]) -> str:
    """An entry at the first level of a rollup; mint entries, by far the most, without the general writer."""
    if "rituals" not in entry:
        return _mint_text(entry, "    ")
    if entry["rituals"]:
        return _general(entry, "  ")
    mint = entry["mint"]
    written = "null" if mint is None else _mint_text(mint, "      ")
    updated = _value(entry["last_updated"], "    ")
    return f'{{\n    "last_updated": {updated},\n    "mint": {written},\n    "rituals": {{}}\n  }}'


def _mint_text(mint: dict[str, Any], indent: str) -> str:
    members = f",\n{indent}".join(f'"{field}": {_value(value, indent)}' for field, value in mint.items())
    return f"{{\n{indent}{members}\n{indent[:-2]}}}"


def _value(value: Any, indent: str) -> str:
    return quoted(value) if type(value) is str else _general(value, indent)


def _general(value: Any, indent: str) -> str:
    return json.dumps(value, indent=2, sort_keys=True).replace("\n", f"\n{indent}")
