"""From bytes to documents (sections 2 and 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from teleloupe import jsontext, text
from teleloupe.columns import column
from teleloupe.formats import document_of
from teleloupe.formats.weftend import canonical, grammar, proof, rules
from teleloupe.formats.weftend.constants import (
    CONDUIT_PREFIX,
    EMBEDDED_SNAPSHOT,
    FOREIGN,
    KIND_BY_NAME,
    KINDS,
    MAX_FILE_BYTES,
    MAX_JUDGED_CHUNKS,
    PREFIX,
)
from teleloupe.formats.weftend.fields import CHUNK_COLUMNS
from teleloupe.formats.weftend.places import bounded, inside
from teleloupe.formats.weftend.proof import Proof, Seal
from teleloupe.formats.weftend.shapes import Chunk
from teleloupe.model import Blob, Claim, Detection, Document, Issue

CANONICAL_DIGEST = "canonical_digest"  # in the header: the digest of the document's canonical bytes

_MAY_BE_NO_VALUE = re.compile(r"__proto__|\\|[0-9]{309}")  # in a text without faults, as overflow is one
_SURROGATE = re.compile("[\ud800-\udfff]")


class Body(Struct, frozen=True):
    """What a document keeps for its rules, views and comparisons.

    `root` is the clean Struct or the decoded value of the whole file, `seals` has one entry for each record that is
    judged, `at` is where the artefact of the chain stands in the file ("" but in harness sessions).
    """

    root: Any
    seals: tuple[Seal, ...] = ()
    at: str = ""


class Strict(Struct, frozen=True):
    """What a text holds, the issues of reading it, whether it can be judged further, whether it was cut short."""

    value: Any
    issues: tuple[Issue, ...] = ()
    is_whole: bool = True
    is_cut: bool = False


def parse(blob: Blob, detection: Detection) -> Document:
    """The document of any bytes, with the issues of reading."""
    if detection.kind == FOREIGN:
        return _foreign(blob, detection)
    if len(blob.data) > MAX_FILE_BYTES:
        message = f"{len(blob.data)} bytes, at most {MAX_FILE_BYTES} are read"
        issue = rules.BUDGET_EXCEEDED.issue("", message, expected=f"at most {MAX_FILE_BYTES}")
        return document_of(blob, "weftend", detection, issues=(issue,))
    proven = proof.prove(blob.data, detection.kind)
    return _read(blob, detection) if proven is None else _proven(blob, detection, proven)


def read_strictly(data: bytes) -> Strict:
    """A decoded value and what is wrong with its text (D-2, D-3, D-4)."""
    decoded = text.decode(data)
    reading = jsontext.read(decoded.text)
    fault = reading.broken or next((one for one in reading.faults if one.kind == "non-finite"), None)
    if decoded.mark or decoded.bad_offset >= 0:
        what = f"a byte order mark of {decoded.mark}" if decoded.mark else f"no UTF-8 at byte {decoded.bad_offset}"
        issue = rules.JSON_PARSE_ERROR.issue("", f"{what}; write plain UTF-8")
        return Strict(reading.value, (issue,), is_whole=False, is_cut=_is_cut(reading))
    if fault:
        line, at = text.line_column(decoded.text, fault.offset)
        message = f"the text is {_FAULTS.get(fault.kind, fault.kind)} at line {line}, column {at}"
        issue = rules.JSON_PARSE_ERROR.issue("", message)
        return Strict(reading.value, (issue,), is_whole=False, is_cut=_is_cut(reading))
    issues = [
        rules.CANONICAL_INVALID.issue(one.pointer, "the member is repeated; readers differ in which one they take")
        for one in reading.faults
        if one.kind == "duplicate-key"
    ]
    if reading.faults or _MAY_BE_NO_VALUE.search(decoded.text):
        issues.extend(_no_values(reading.value, ""))
    return Strict(reading.value, tuple(bounded(issues)))


def _is_cut(reading: jsontext.Reading) -> bool:
    """Whether the text ends before its value does, as that of a file that is still being written."""
    return reading.broken is not None and reading.broken.kind in ("empty", "truncated")


_NO_OBJECT = "the root is no object"
_FAULTS = {
    "empty": "empty",
    "truncated": "cut short",
    "non-finite": "no JSON (no finite number)",
    "nesting": "nested too deep",
}


def _proven(blob: Blob, detection: Detection, proven: Proof) -> Document:
    root = proven.root
    header = msgspec.to_builtins(root) if isinstance(root, Chunk) else proof.envelope_of(root)
    records = [root] if isinstance(root, Chunk) else root.chunks
    issues = () if proven.is_canonical else (_not_canonical(),)
    return _with_chain(blob, detection, header, proven.canonical_digest, issues, records, Body(root, proven.seals))


def _read(blob: Blob, detection: Detection) -> Document:
    """A document that is not proven clean, from its decoded value."""
    strict = read_strictly(blob.data)
    value, issues = strict.value, strict.issues
    if not strict.is_whole:
        return _unjudged(blob, detection, strict)
    if not isinstance(value, dict):
        return document_of(blob, "weftend", detection, issues=(*issues, rules.SHAPE_INVALID.issue("", _NO_OBJECT)))
    schema = value.get("schema")
    kind = KINDS.get(schema) if isinstance(schema, str) else None
    if kind is None and _is_foreign(blob, detection, schema):
        return _foreign(blob, Detection(FOREIGN, detection.why, detection.is_certain))
    written = canonical.canonical(value)
    header = {name: item for name, item in value.items() if name != "chunks"}
    if blob.data not in (written, canonical.on_disk(written)):
        issues = (*issues, _not_canonical())
    if kind is None:
        message = "the schema is missing or none that is known; nothing else is judged"
        issues = (*issues, rules.SCHEMA_INVALID.issue("/schema", message))
        header[CANONICAL_DIGEST] = canonical.digest(written)
        return document_of(blob, "weftend", detection, header=header, issues=issues)
    found = Detection(kind, detection.why, detection.is_certain)
    at = EMBEDDED_SNAPSHOT if kind == "harness-session" else ""
    chunks = _chunks_of(kind, value)
    body = Body(value, tuple(map(proof.seal_of_value, chunks[:MAX_JUDGED_CHUNKS])), at)
    records = [_struct_or_value(chunk) for chunk in chunks]
    return _with_chain(blob, found, header, canonical.digest(written), issues, records, body)


def _with_chain(
    blob: Blob,
    detection: Detection,
    header: dict[str, Any],
    canonical_digest: str,
    issues: tuple[Issue, ...],
    records: Sequence[Any],
    body: Body,
) -> Document:
    """The document whose records are chunks; each of them claims to be named by its content."""
    header[CANONICAL_DIGEST] = canonical_digest
    record_at = (lambda _: "") if detection.kind == "chunk" else f"{body.at}/chunks/{{}}".format
    claims = [
        claim
        for index, (record, seal) in enumerate(zip(records, body.seals, strict=False))
        if (claim := _content_id(blob.path, record, seal, record_at(index)))
    ]
    return document_of(
        blob,
        "weftend",
        detection,
        header=header,
        records=records,
        columns=CHUNK_COLUMNS if detection.kind not in ("aggregate", "journal") else (),
        issues=issues,
        claims=(*claims, *_session_claim(blob.path, detection.kind, body.root)),
        record_at=record_at,
        body=body,
    )


def _content_id(path: str, record: Any, seal: Seal, at: str) -> Claim | None:
    recorded = record.chunk_id if isinstance(record, Chunk) else record.get("chunkId") if seal.computed_id else None
    return _claim(path, recorded, seal.computed_id, f"{at}/chunkId")


def _session_claim(path: str, kind: str | None, root: Any) -> Iterator[Claim]:
    """What a harness session says of itself: the digest of all but its `digests` (section 9)."""
    digests = root.get("digests") if kind == "harness-session" else None
    stated = digests.get("sessionDigest") if isinstance(digests, dict) else None
    if stated and (claim := _claim(path, stated, canonical.digest_without(root, "digests"), "/digests/sessionDigest")):
        yield claim


def _claim(path: str, stated: Any, computed: str, at: str) -> Claim | None:
    """The claim that content has a digest; None where the digest is none that could be verified."""
    if not grammar.is_strict_digest(stated):
        return None
    expected, actual = stated.removeprefix(canonical.DIGEST_PREFIX), computed.removeprefix(canonical.DIGEST_PREFIX)
    return Claim(path, "content-id", path, expected, at=at, actual=actual)


def _chunks_of(kind: str, root: dict[str, Any]) -> list[Any]:
    """The chunks of a decoded artefact, as they are."""
    if kind == "chunk":
        return [root]
    holder = embedded_snapshot(root) if kind == "harness-session" else root
    chunks = holder.get("chunks") if isinstance(holder, dict) else None
    return chunks if isinstance(chunks, list) and kind not in ("aggregate", "journal") else []


def embedded_snapshot(root: dict[str, Any]) -> Any:
    """What a harness session holds where a snapshot belongs; None when nothing is there."""
    outputs = root.get("outputs")
    return outputs.get("telemetryConduitSnapshot") if isinstance(outputs, dict) else None


def _struct_or_value(chunk: Any) -> Any:
    if not isinstance(chunk, dict):
        return chunk
    try:
        return msgspec.convert(chunk, Chunk)
    except (msgspec.MsgspecError, ValueError):
        return chunk


def _unjudged(blob: Blob, detection: Detection, strict: Strict) -> Document:
    """A document of what could be read before a break."""
    root = strict.value if isinstance(strict.value, dict) else {}
    chunks = root.get("chunks")
    return document_of(
        blob,
        "weftend",
        detection,
        header={name: item for name, item in root.items() if name != "chunks"},
        records=chunks if isinstance(chunks, list) else (),
        columns=CHUNK_COLUMNS,
        record_at="/chunks/{}".format,
        issues=strict.issues,
        is_complete=not strict.is_cut,
    )


def _is_foreign(blob: Blob, detection: Detection, schema: Any) -> bool:
    """Whether a schema that is not known makes the file somebody else's instead of a bad artefact (section 9)."""
    is_claimed = blob.name in KIND_BY_NAME or detection.kind == ""
    is_weftend = isinstance(schema, str) and schema.startswith(PREFIX)
    return is_weftend and not is_claimed and not schema.startswith(CONDUIT_PREFIX)


def _foreign(blob: Blob, detection: Detection) -> Document:
    """Another artefact of the producer's: listed, never failed (section 9)."""
    content = text.decode(blob.data).text
    reading = jsontext.read(content)
    header: dict[str, Any] = reading.value if isinstance(reading.value, dict) else {}
    records: list[Any] = []
    if reading.broken and reading.broken.kind == "trailing":
        header, values = {}, (jsontext.read(line).value for line in text.lines(content) if line.strip())
        records = [value for value in values if isinstance(value, dict)]
    names = dict.fromkeys(name for record in records[:1] for name in record)
    return document_of(
        blob,
        "weftend",
        detection,
        header=header,
        records=records,
        columns=tuple(column(name) for name in names),
        record_at=lambda index: f"line {index + 1}",
        is_complete=not _is_cut(reading),
    )


def _not_canonical() -> Issue:
    message = "the bytes are not the canonical text; the content decides, a canonical export is one key away"
    return rules.NON_CANONICAL_BYTES.issue("", message)


def _no_values(value: Any, at: str) -> Iterator[Issue]:
    """Names, strings and numbers that other readers drop, refuse or read as null (D-4)."""
    if isinstance(value, dict):
        for name, item in value.items():
            place = inside(at, name)
            if name == canonical.PROTO:
                yield rules.CANONICAL_INVALID.issue(place, "upstream drops a member of this name without notice")
            if _SURROGATE.search(name):
                yield rules.CANONICAL_INVALID.issue(place, "the name holds half a character (a lone surrogate)")
            yield from _no_values(item, place)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _no_values(item, inside(at, index))
    elif isinstance(value, str):
        if _SURROGATE.search(value):
            yield rules.CANONICAL_INVALID.issue(at, "the string holds half a character (a lone surrogate)")
    elif isinstance(value, int | float) and not canonical.is_double(value):
        yield rules.CANONICAL_INVALID.issue(at, "the number is beyond what a double can hold")
