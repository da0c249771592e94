"""WeftEnd's artefacts as strict types, members in canonical order (section 4).

A value that decodes into them is closed-world, typed and in range; what their grammars leave open is proven in
`proof`. Everything else is judged as decoded values in `artefacts`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from teleloupe.formats.weftend.constants import MAX_DROPPED, MAX_SAFE_INTEGER, MAX_TTL_TICKS
from teleloupe.formats.weftend.grammar import STRICT_DIGEST

Count = Annotated[int, Meta(ge=0, le=MAX_SAFE_INTEGER)]
Floor = Annotated[int, Meta(ge=1, le=MAX_SAFE_INTEGER)]
Dropped = Annotated[int, Meta(ge=0, le=MAX_DROPPED)]
Ttl = Annotated[int, Meta(ge=1, le=MAX_TTL_TICKS)]
Share = Annotated[int, Meta(ge=0, le=1)] | Annotated[float, Meta(ge=0, le=1)]
ChunkId = Annotated[str, Meta(pattern=STRICT_DIGEST)]
Version = Literal[0] | UnsetType


class _Closed(Struct, frozen=True, gc=False, rename="camel", forbid_unknown_fields=True):
    """A type that knows all of its members; values are acyclic, so the collector need not look at them."""


class Bind(_Closed, frozen=True, kw_only=True):
    """What an aggregate is bound to."""

    path_digest: str


class CountMaps(_Closed, frozen=True, kw_only=True):
    """The three count maps of an aggregate."""

    cap_denies: dict[str, Count]
    reason_families: dict[str, Count]
    tartarus_kinds: dict[str, Count]


class Aggregate(_Closed, frozen=True, kw_only=True):
    """Counts over at least `k_floor` samples (section 4.1)."""

    aggregates: CountMaps
    bind: Bind
    k_floor: Floor
    sample_count: Count
    schema: Literal["weftend.telemetry.aggregate/0"]
    v: Version = UNSET


class Chunk(_Closed, frozen=True, kw_only=True):
    """One window of a stream, named by the digest of its content (section 4.2)."""

    chunk_id: Annotated[ChunkId, Meta(description="digest of the chunk without this member")]
    coverage: Annotated[Share, Meta(description="share of all counts that survived the floor and the caps")]
    evidence_refs: Annotated[list[str], Meta(description="digests of evidence journals")]
    k_anonymity_floor: Annotated[Floor, Meta(description="fewest samples a chunk may cover", extra={"unit": "pulses"})]
    payload: Annotated[Aggregate, Meta(description="the aggregate of the window")]
    prev_chunk_id: Annotated[ChunkId | None, Meta(description="id of the chunk before; null at the root")]
    schema: Literal["weftend.telemetry.chunk/0"]
    stream_id: Annotated[str, Meta(description="the stream the chunk belongs to")]
    tartarus_refs: Annotated[list[str], Meta(description="ids of the tartarus records counted here")]
    ttl_seconds: Annotated[Ttl, Meta(description="lifetime, counted in ticks", extra={"unit": "ticks"})]
    v: Version = UNSET
    window_end_tick: Annotated[Count, Meta(description="last tick of the window", extra={"unit": "tick"})]
    window_start_tick: Annotated[Count, Meta(description="first tick of the window", extra={"unit": "tick"})]


class Journal(_Closed, frozen=True, kw_only=True):
    """Where a stream stands (section 4.3)."""

    head_chunk_id: ChunkId | None
    schema: Literal["weftend.telemetry.journal/0"]
    stream_id: str
    updated_at_tick: Count
    v: Version = UNSET


class Store(_Closed, frozen=True, kw_only=True):
    """A producer's own chain (section 4.4)."""

    chunks: list[Chunk]
    journal: Journal
    schema: Literal["weftend.telemetry.conduitStore/0"]
    v: Version = UNSET


class Counters(_Closed, frozen=True, kw_only=True):
    """What one run left out (section 4.5)."""

    cap_pruned: Dropped
    duplicate_skipped: Dropped
    k_floor_skipped: Dropped
    ttl_pruned: Dropped


class Snapshot(_Closed, frozen=True, kw_only=True):
    """A published chain (section 4.5)."""

    chunks: list[Chunk]
    dropped: Counters
    head_chunk_id: ChunkId | None
    reason_codes: list[str] | UnsetType | None = UNSET
    schema: Literal["weftend.telemetry.conduitSnapshot/0"]
    stream_id: str
    v: Version = UNSET
