"""Artefacts made for tests, sealed by means of their own: json and hashlib, none of the code under test.

What is built here is ASCII with numbers that Python and ECMAScript spell alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from teleloupe import formats
from teleloupe.model import Blob, Document

Value = dict[str, Any]
STREAM = "telemetry.release.v0"
PATH_DIGEST = f"sha256:{'5e' * 32}"
EVIDENCE_HEAD = f"sha256:{'e1' * 32}"


def text_of(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def digest_of(value: Any) -> str:
    return f"sha256:{hashlib.sha256(text_of(value)).hexdigest()}"


def without(value: Value, *names: str) -> Value:
    return {name: item for name, item in value.items() if name not in names}


def aggregate(k: int = 100, samples: int = 240, **maps: dict[str, Any]) -> Value:
    counts: Value = {"capDenies": {"net.fetch": 120}, "reasonFamilies": {"CAP_NOT_GRANTED": 120}, "tartarusKinds": {}}
    return {
        "schema": "weftend.telemetry.aggregate/0",
        "v": 0,
        "bind": {"pathDigest": PATH_DIGEST},
        "kFloor": k,
        "sampleCount": samples,
        "aggregates": counts | maps,
    }


def sealed(chunk: Value) -> Value:
    """The chunk under the id that its content gives."""
    return {**chunk, "chunkId": digest_of(without(chunk, "chunkId"))}


def chunk(start: int = 0, end: int = 239, prev: str | None = None, **members: Any) -> Value:
    body = {
        "schema": "weftend.telemetry.chunk/0",
        "v": 0,
        "streamId": STREAM,
        "prevChunkId": prev,
        "windowStartTick": start,
        "windowEndTick": end,
        "payload": aggregate(),
        "evidenceRefs": [EVIDENCE_HEAD],
        "tartarusRefs": [],
        "ttlSeconds": 86400,
        "kAnonymityFloor": 100,
        "coverage": 0.875,
    }
    return sealed(body | members)


def chain(count: int) -> list[Value]:
    """Linked chunks of 240 ticks each."""
    chunks: list[Value] = []
    for number in range(count):
        former = chunks[-1]["chunkId"] if chunks else None
        chunks.append(chunk(240 * number, 240 * number + 239, former))
    return chunks


def relinked(chunks: list[Value]) -> list[Value]:
    """The chunks sealed and linked anew, in the order given."""
    found: list[Value] = []
    for one in chunks:
        found.append(sealed({**one, "prevChunkId": found[-1]["chunkId"] if found else one["prevChunkId"]}))
    return found


def journal(chunks: list[Value], **members: Any) -> Value:
    final = chunks[-1] if chunks and isinstance(chunks[-1], dict) else {}
    head = {"headChunkId": final.get("chunkId")}
    last = {"updatedAtTick": final.get("windowEndTick", 0)}
    return {"schema": "weftend.telemetry.journal/0", "v": 0, "streamId": STREAM, **head, **last} | members


def store(chunks: list[Value], **members: Any) -> Value:
    return {
        "schema": "weftend.telemetry.conduitStore/0",
        "v": 0,
        "journal": journal(chunks),
        "chunks": chunks,
    } | members


def snapshot(chunks: list[Value], **members: Any) -> Value:
    head = chunks[-1].get("chunkId") if chunks else None
    dropped = dict.fromkeys(("ttlPruned", "capPruned", "kFloorSkipped", "duplicateSkipped"), 0)
    body = {"schema": "weftend.telemetry.conduitSnapshot/0", "v": 0, "streamId": STREAM, "headChunkId": head}
    return {**body, "chunks": chunks, "dropped": dropped} | members


def pulse(number: int, kind: str = "CAP_DENY", cap: str | None = "net.fetch", *codes: str, **members: Any) -> Value:
    body: Value = {
        "schema": "weftend.pulse/0",
        "v": 0,
        "pulseSeq": number,
        "kind": kind,
        "subject": {"kind": "block", "id": f"block:sha256-{number % 8:02}"},
    }
    body |= {"capId": cap} if cap else {}
    body |= {"reasonCodes": sorted(codes)} if codes else {}
    body |= members
    return body | {"pulseDigest": digest_of(body)}


def pulses(first: int, count: int) -> list[Value]:
    """Denials of two capabilities and, every fourth, a load."""
    found = []
    for number in range(first, first + count):
        if number % 4 == 3:
            found.append(pulse(number, "LOAD", None))
        else:
            cap = "net.fetch" if number % 4 else "storage.read"
            found.append(pulse(number, "CAP_DENY", cap, "CAP_NOT_GRANTED", "STRICT_SELFTEST_FAILED:FETCH"))
    return found


def record(number: int, kind: str = "cap.replay") -> Value:
    body = {
        "schema": "weftend.tartarus/0",
        "planDigest": f"sha256:{'9b' * 32}",
        "blockHash": f"block:sha256-{number % 8:02}",
        "kind": kind,
        "severity": "QUARANTINE",
        "remedy": "REBUILD_FROM_TRUSTED",
        "reasonCodes": ["CAP_REPLAY"],
        "seq": number,
    }
    return body | {"recordId": digest_of(body)}


def manifest(**members: Any) -> Value:
    body = {
        "planDigest": f"sha256:{'9b' * 32}",
        "policyDigest": "policy-sample",
        "blocks": [f"block:sha256-{number:02}" for number in range(8)],
        "pathDigest": PATH_DIGEST,
        "evidenceJournalHead": EVIDENCE_HEAD,
        "buildInfo": {"toolId": "weftend", "toolVer": "0.4.0"},
    } | members
    return {"schema": "weftend.release/0", "releaseId": digest_of(body), "manifestBody": body, "signatures": []}


def release(
    buffer: Iterable[Value], records: Iterable[Value] = (), stored: Value | None = None, **members: Any
) -> dict[str, bytes]:
    """A release folder's files by path."""
    buffered = {"schema": "weftend.pulseBuffer/0", "v": 0, "pulses": list(buffer)}
    files = {
        "release_manifest.json": text_of(manifest(**members)) + b"\n",
        "receipts/pulses.json": text_of(buffered) + b"\n",
        "tartarus.jsonl": b"".join(text_of(one) + b"\n" for one in records),
    }
    return files | ({"receipts/telemetry_conduit.json": text_of(stored) + b"\n"} if stored else {})


def laid_out(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def loaded(value: Any, name: str = "artefact.json") -> Document:
    """The document of a value's canonical bytes, or of bytes as they are."""
    data = value if isinstance(value, bytes) else text_of(value) + b"\n"
    return formats.load(Blob(name, data, len(data), 0, hashlib.sha256(data).hexdigest()))


def issues(document: Document) -> set[tuple[str, str, str]]:
    return {(issue.code, issue.severity, issue.at) for issue in document.issues}
