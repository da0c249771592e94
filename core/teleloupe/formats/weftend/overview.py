"""What screens show of a chain: portal header, a row a chunk, totals of buckets, canonical export (section 13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from teleloupe.formats.weftend import canonical, chain, grammar, proof
from teleloupe.formats.weftend.constants import MAPS
from teleloupe.formats.weftend.fields import of_payload
from teleloupe.formats.weftend.places import inside
from teleloupe.formats.weftend.reading import CANONICAL_DIGEST, Body, embedded_snapshot
from teleloupe.formats.weftend.shapes import Chunk, Snapshot, Store
from teleloupe.model import Document

LinkState = Literal["root", "pruned-root", "ok", "broken", "unknown"]


class Portal(Struct, frozen=True):
    """A chain at a glance, as upstream's own portal panel has it.

    `now` is the tick lifetimes are counted from; `dropped` and `reason_codes` are a snapshot's, else empty.
    """

    stream_id: str | None
    head_chunk_id: str | None
    chunks: int
    now: int | None
    dropped: Mapping[str, Any]
    reason_codes: tuple[str, ...]
    digest: str


class ChainRow(Struct, frozen=True):
    """One chunk of a chain; None where its member is missing or of another type.

    `ttl_left` is in ticks, 0 and below is expired. `expected_prev` is the recorded id of the chunk before, `found_prev`
    what the link says; they differ where `link` is broken.
    """

    index: int
    window_start: int | None
    window_end: int | None
    samples: int | None
    k: int | None
    coverage: float | None
    ttl_left: int | None
    chunk_id: str | None
    computed_id: str
    link: LinkState
    expected_prev: str | None
    found_prev: str | None

    @property
    def is_verified(self) -> bool:
        """Whether the content gives the id that the chunk bears."""
        return self.chunk_id == self.computed_id


class BucketTotal(Struct, frozen=True):
    """One bucket over the live chunks: its map, its key, the sum, in how many chunks it occurs, where first."""

    map: str
    key: str
    count: int
    chunks: int
    at: str


def portal(document: Document) -> Portal | None:
    """The header of a store, snapshot or harness session with one; None for everything else."""
    value = _holder(document)
    if value is None:
        return None
    links = [chain.link_of(record) for record in document.records]
    stated = _stating(document, value)
    dropped, codes = value.get("dropped"), value.get("reasonCodes")
    return Portal(
        _text(stated.get("streamId")),
        _text(stated.get("headChunkId")),
        len(document.records),
        _now(document, value, links),
        dropped if isinstance(dropped, dict) else {},
        tuple(code for code in codes if isinstance(code, str)) if isinstance(codes, list) else (),
        _digest(document, value),
    )


def stream_of(document: Document) -> str | None:
    """The stream that a store, snapshot or harness session names; None for everything else, "" when it names none."""
    value = _holder(document)
    return None if value is None else _text(_stating(document, value).get("streamId")) or ""


def chain_rows(document: Document) -> tuple[ChainRow, ...]:
    """A row for each chunk of a store, snapshot or harness session, in the order of the file."""
    value = _holder(document)
    if value is None:
        return ()
    links = [chain.link_of(record) for record in document.records]
    now = _now(document, value, links)
    return tuple(_row(document, links, index, now) for index in range(len(links)))


def bucket_totals(document: Document) -> tuple[BucketTotal, ...]:
    """The sums of all buckets over the chunks that still live, by map and key; of an aggregate, its own buckets."""
    totals: dict[tuple[str, str], BucketTotal] = {}
    for payload, at in _live_payloads(document):
        for name, key, count in _buckets(payload):
            former = totals.get((name, key))
            place = former.at if former else inside(inside(f"{at}/aggregates", name), key)
            total, chunks = (former.count, former.chunks) if former else (0, 0)
            totals[name, key] = BucketTotal(name, key, total + count, chunks + 1, place)
    return tuple(totals[bucket] for bucket in sorted(totals, key=_bucket_order))


def canonical_export(document: Document) -> tuple[bytes, str] | None:
    """The canonical bytes of a document, as a file holds them, and their digest without the line feed.

    None for files that could not be judged, and foreign ones.
    """
    body: Body | None = document.body
    if body is None:
        return None
    is_proven = isinstance(body.root, Store | Snapshot | Chunk)
    text = proof.canonical_text(body.root) if is_proven else canonical.canonical(body.root)
    return canonical.on_disk(text), canonical.digest(text)


def _holder(document: Document) -> dict[str, Any] | None:
    """The store or snapshot that holds the chunks, as a decoded value; a proven one's without its chunks."""
    body: Body | None = document.body
    if body is None or document.kind not in ("conduit-store", "conduit-snapshot", "harness-session"):
        return None
    if isinstance(body.root, Store | Snapshot):
        return proof.envelope_of(body.root)
    value = embedded_snapshot(body.root) if document.kind == "harness-session" else body.root
    return value if isinstance(value, dict) else None


def _stating(document: Document, value: dict[str, Any]) -> dict[str, Any]:
    """What states stream and head: a store's journal where it has one, a snapshot itself."""
    journal = value.get("journal")
    return journal if document.kind == "conduit-store" and isinstance(journal, dict) else value


def _digest(document: Document, value: dict[str, Any]) -> str:
    """The digest of the store or snapshot itself, also where a harness session holds it."""
    if document.kind == "harness-session":
        return canonical.digest(canonical.canonical(value))
    return str(document.header[CANONICAL_DIGEST])


def _now(document: Document, value: dict[str, Any], links: list[chain.Link]) -> int | None:
    """The tick lifetimes are counted from (D-25)."""
    if document.kind != "conduit-store":
        return chain.last_tick(links)
    journal = value.get("journal")
    return grammar.integer(journal.get("updatedAtTick")) if isinstance(journal, dict) else None


def _row(document: Document, links: list[chain.Link], index: int, now: int | None) -> ChainRow:
    link, record = links[index], document.records[index]
    former = links[index - 1].chunk_id if index else None
    found = None if link.prev_chunk_id == chain.NO_LINK else link.prev_chunk_id
    return ChainRow(
        index,
        link.start,
        link.end,
        grammar.counted(_samples(record)),
        grammar.counted(_k(record)),
        _coverage(record),
        chain.ticks_left(link, now),
        link.chunk_id,
        document.body.seals[index].computed_id if index < len(document.body.seals) else "",
        _link_state(link, former, index),
        former,
        found,
    )


def _link_state(link: chain.Link, former: str | None, index: int) -> LinkState:
    if index and link is not chain.NO_CHUNK:
        return "ok" if link.prev_chunk_id == former else "broken"
    if link.prev_chunk_id is None:
        return "root"
    return "pruned-root" if grammar.is_strict_digest(link.prev_chunk_id) else "unknown"


_samples = of_payload("sampleCount", lambda payload: payload.sample_count)
_k = of_payload("kFloor", lambda payload: payload.k_floor)


def _coverage(record: Any) -> float | None:
    value = record.coverage if isinstance(record, Chunk) else record.get("coverage") if isinstance(record, dict) else 0
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _live_payloads(document: Document) -> Iterator[tuple[Any, str]]:
    """The aggregates of a document with their pointers, those of expired chunks left out."""
    body: Body | None = document.body
    if body is None:
        return
    if document.kind == "aggregate":
        yield body.root, ""
        return
    links = [chain.link_of(record) for record in document.records]
    value = _holder(document)
    now = _now(document, value, links) if value is not None else None
    for index, (record, link) in enumerate(zip(document.records, links, strict=True)):
        left = chain.ticks_left(link, now)
        if left is None or left > 0:
            yield _payload(record), f"{document.record_at(index)}/payload"


def _payload(record: Any) -> Any:
    return msgspec.to_builtins(record.payload) if isinstance(record, Chunk) else _member(record, "payload")


def _buckets(payload: Any) -> Iterator[tuple[str, str, int]]:
    """Map, key and count of every valid bucket of an aggregate, unknown maps included."""
    maps = _member(payload, "aggregates")
    for name, counts in maps.items() if isinstance(maps, dict) else ():
        for key, value in counts.items() if isinstance(counts, dict) else ():
            if (count := grammar.counted(value)) is not None:
                yield name, key, count


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _bucket_order(bucket: tuple[str, str]) -> tuple[int, str, str]:
    name, key = bucket
    return MAPS.index(name) if name in MAPS else len(MAPS), name, key


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
