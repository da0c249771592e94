"""What the fields of WeftEnd's artefacts mean: columns of chunk records and of the headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import structs

from teleloupe.columns import column, columns_of
from teleloupe.formats.weftend.constants import COUNTERS
from teleloupe.formats.weftend.shapes import Aggregate, Chunk
from teleloupe.model import Column


def of_payload(name: str, get: Callable[[Aggregate], Any]) -> Callable[[Any], Any]:
    """From a chunk, clean or decoded, to a member of its payload; None when it is not there."""

    def from_chunk(chunk: Any) -> Any:
        if isinstance(chunk, Chunk):
            return get(chunk.payload)
        payload = chunk.get("payload") if isinstance(chunk, dict) else None
        return payload.get(name) if isinstance(payload, dict) else None

    return from_chunk


def _chunk_columns() -> tuple[Column, ...]:
    own = {one.name: one for one in columns_of(Chunk)}
    samples = Column(
        "sampleCount",
        of_payload("sampleCount", lambda payload: payload.sample_count),
        "pulses",
        "samples in the window",
        "integer",
    )
    first = [own[name] for name in ("windowStartTick", "windowEndTick")]
    names = ("kAnonymityFloor", "coverage", "ttlSeconds", "chunkId", "prevChunkId", "streamId")
    rest = [own[name] for name in (*names, "payload", "evidenceRefs", "tartarusRefs")]
    return (*first, samples, *(structs.replace(one, type=_TYPES.get(one.name, one.type)) for one in rest))


_TYPES = {"coverage": "number", "prevChunkId": "string", "chunkId": "string"}
CHUNK_COLUMNS = _chunk_columns()

_HEAD = column("headChunkId", "id of the last chunk; null before the first one")
_STREAM = column("streamId", "the stream that the chunks belong to")
_DIGEST = column("canonical_digest", "digest of the canonical bytes of the whole document")
_SCHEMA = (column("schema", "type and version of the artefact"), column("v", "version, always 0", type="integer"))
STORE_FIELDS = (*_SCHEMA, column("journal", "where the stream stands: head and tick", type="json"), _DIGEST)
JOURNAL_FIELDS = (
    *_SCHEMA,
    _STREAM,
    _HEAD,
    column("updatedAtTick", "the latest tick seen by the producer", unit="tick", type="integer"),
    _DIGEST,
)
SNAPSHOT_FIELDS = (
    *_SCHEMA,
    _STREAM,
    _HEAD,
    column("dropped", f"what this run left out: {', '.join(COUNTERS)}", type="json"),
    column("reasonCodes", "why something was left out", type="json"),
    _DIGEST,
)
AGGREGATE_FIELDS = (*_SCHEMA, *(one for one in columns_of(Aggregate) if one.name not in ("schema", "v")), _DIGEST)
CHUNK_FIELDS = (*(one for one in columns_of(Chunk)), _DIGEST)
SESSION_FIELDS = (
    *_SCHEMA,
    column("digests", "sessionDigest: digest of the session without this member", type="json"),
    column("input", "what the harness was given", type="json"),
    column("outputs", "what it made, a conduit snapshot among it", type="json"),
    _DIGEST,
)
