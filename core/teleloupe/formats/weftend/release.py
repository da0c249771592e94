"""The inputs of a conduit run: a release folder's files, judged before anything is made of them (section 7.2).

Every fault refuses the run; nothing that fails its grammar is ever copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec
from msgspec import Struct

from teleloupe.formats.weftend import canonical, grammar, rules
from teleloupe.formats.weftend.constants import KINDS, STORE, STORE_NAME
from teleloupe.formats.weftend.judging import validate
from teleloupe.formats.weftend.places import inside
from teleloupe.formats.weftend.problems import Problem, field_invalid
from teleloupe.formats.weftend.pulses import MAX_PULSES, judged_pulse, judged_record
from teleloupe.formats.weftend.reading import parse, read_strictly
from teleloupe.model import Blob, Detection

MANIFEST_FILE = "release_manifest.json"
PULSES_FILE = "receipts/pulses.json"
TARTARUS_FILE = "tartarus.jsonl"
STORE_FILE = f"receipts/{STORE_NAME}"

MANIFEST = "weftend.release/0"
PULSE_BUFFER = "weftend.pulseBuffer/0"


class ReleaseFiles(Struct, frozen=True):
    """The bytes of a release folder's files; None for one that is not there."""

    manifest: bytes | None
    pulses: bytes | None
    tartarus: bytes | None
    store: bytes | None


class Release(Struct, frozen=True):
    """What a run works on; whole only where no problem was found.

    `records` are tartarus records with their recomputed id under `recordId`, `store` is the stored state decoded.
    """

    path_digest: Any
    evidence_head: Any
    pulses: list[dict[str, Any]]
    records: list[dict[str, Any]]
    store: dict[str, Any] | None


def judged_release(files: ReleaseFiles) -> tuple[Release, list[Problem]]:
    """The release and everything that is wrong with it."""
    problems: list[Problem] = []
    body = _manifest_body(files.manifest, problems)
    path_digest = body.get("pathDigest")
    pulses = _pulses(files.pulses, path_digest, problems)
    records = _records(files.tartarus or b"", problems)
    store = None if files.store is None else _store(files.store, path_digest, problems)
    return Release(path_digest, body.get("evidenceJournalHead"), pulses, records, store), problems


def _manifest_body(data: bytes | None, problems: list[Problem]) -> dict[str, Any]:
    """The manifest's body; {} where there is none."""
    if data is None:
        problems.append(Problem("RELEASE_MANIFEST_MISSING", MANIFEST_FILE))
        return {}
    manifest = _object(data, MANIFEST_FILE, "RELEASE_MANIFEST_INVALID", problems)
    if manifest is None:
        return {}
    body = manifest.get("manifestBody")
    if manifest.get("schema") != MANIFEST:
        problems.append(Problem("RELEASE_MANIFEST_INVALID", MANIFEST_FILE, "/schema"))
    if not isinstance(body, dict):
        problems.append(Problem("RELEASE_MANIFEST_INVALID", MANIFEST_FILE, "/manifestBody"))
        return {}
    if manifest.get("releaseId") != canonical.digest(canonical.canonical(body)):
        problems.append(Problem("RELEASE_ID_MISMATCH", MANIFEST_FILE, "/releaseId"))
    path_digest = body.get("pathDigest")
    if path_digest is None:
        problems.append(Problem("PATH_DIGEST_MISSING", MANIFEST_FILE, "/manifestBody/pathDigest"))
    elif not (grammar.is_strict_digest(path_digest) or grammar.is_legacy_digest(path_digest)):
        problems.append(field_invalid(MANIFEST_FILE, "/manifestBody/pathDigest", "no digest"))
    return body


def _pulses(data: bytes | None, path_digest: Any, problems: list[Problem]) -> list[dict[str, Any]]:
    """The pulses that are objects, in the order of the buffer."""
    if data is None:
        problems.append(Problem("PULSES_MISSING", PULSES_FILE))
        return []
    buffer = _object(data, PULSES_FILE, rules.SHAPE_INVALID.code, problems)
    if buffer is None:
        return []
    if buffer.get("schema") != PULSE_BUFFER:
        problems.append(field_invalid(PULSES_FILE, "/schema", f"not {PULSE_BUFFER}"))
    if grammar.integer(buffer.get("v")) != 0:
        problems.append(field_invalid(PULSES_FILE, "/v", "not 0"))
    unknown = [name for name in buffer if name not in ("schema", "v", "pulses")]
    problems.extend(field_invalid(PULSES_FILE, inside("", name), "not part of this type") for name in unknown)
    pulses = buffer.get("pulses")
    if not isinstance(pulses, list) or len(pulses) > MAX_PULSES:
        problems.append(field_invalid(PULSES_FILE, "/pulses", f"no array of at most {MAX_PULSES} pulses"))
        pulses = pulses[:MAX_PULSES] if isinstance(pulses, list) else []
    for index, pulse in enumerate(pulses):
        problems.extend(judged_pulse(pulse, path_digest, PULSES_FILE, f"/pulses/{index}"))
    problems.extend(_falling(pulses))
    return [pulse for pulse in pulses if isinstance(pulse, dict)]


def _falling(pulses: list[Any]) -> Iterator[Problem]:
    """Where `pulseSeq` does not rise (D-36)."""
    numbers = [grammar.counted(pulse.get("pulseSeq")) if isinstance(pulse, dict) else None for pulse in pulses]
    for index, (former, latter) in enumerate(pairwise(numbers), 1):
        if former is not None and latter is not None and latter <= former:
            place = f"/pulses/{index}/pulseSeq"
            yield Problem(rules.TICK_ORDER_INVALID.code, PULSES_FILE, place, f"{latter} after {former}")


def _records(data: bytes, problems: list[Problem]) -> list[dict[str, Any]]:
    """The tartarus records that are objects; a record's place starts with its line number."""
    records = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip(b" \t\r"):
            continue
        strict = read_strictly(line)
        problems.extend(Problem(one.code, TARTARUS_FILE, f"/{number}{one.at}", one.message) for one in strict.issues)
        if strict.is_whole:
            problems.extend(judged_record(strict.value, TARTARUS_FILE, f"/{number}"))
        if isinstance(strict.value, dict):
            records.append(strict.value)
    return records


def _store(data: bytes, path_digest: Any, problems: list[Problem]) -> dict[str, Any] | None:
    """The stored state by the rules of a store; too many chunks are no problem here, the run prunes them."""
    blob = Blob(STORE_FILE, data, len(data), 0, "")
    document = parse(blob, Detection(KINDS[STORE], "the release's store"))
    if document.kind != KINDS[STORE]:
        problems.append(Problem(rules.SCHEMA_INVALID.code, STORE_FILE, "/schema", f"not {STORE}"))
        return None
    for issue in (*document.issues, *validate(document)):
        is_prunable = issue.rule is rules.BUDGET_EXCEEDED and issue.at == "/chunks"
        if issue.severity == "error" and not is_prunable:
            problems.append(Problem(issue.code, STORE_FILE, issue.at, issue.message))
    if document.body is None:
        return None
    root = document.body.root
    value: dict[str, Any] = root if isinstance(root, dict) else msgspec.to_builtins(root)
    problems.extend(_bound_elsewhere(value, path_digest))
    return value


def _bound_elsewhere(store: dict[str, Any], path_digest: Any) -> Iterator[Problem]:
    """Stored chunks of another path than the manifest's."""
    chunks = store.get("chunks")
    for index, chunk in enumerate(chunks if isinstance(chunks, list) else ()):
        payload = chunk.get("payload") if isinstance(chunk, dict) else None
        bind = payload.get("bind") if isinstance(payload, dict) else None
        bound = bind.get("pathDigest") if isinstance(bind, dict) else None
        if bound is not None and path_digest is not None and bound != path_digest:
            place = f"/chunks/{index}/payload/bind/pathDigest"
            yield Problem(rules.PATH_DIGEST_MISMATCH.code, STORE_FILE, place, "not the manifest's")


def _object(data: bytes, file: str, shape_code: str, problems: list[Problem]) -> dict[str, Any] | None:
    """A file's root object; None, with a problem, when there is none."""
    strict = read_strictly(data)
    problems.extend(Problem(issue.code, file, issue.at, issue.message) for issue in strict.issues)
    if not strict.is_whole:
        return None
    if isinstance(strict.value, dict):
        return strict.value
    problems.append(Problem(shape_code, file, "", "the root is no object"))
    return None
