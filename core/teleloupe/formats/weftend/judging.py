"""The further issues of one document: the rules of its kind and of the chain (sections 4 to 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from teleloupe.formats.weftend import artefacts, canonical, chain, members, rules
from teleloupe.formats.weftend.constants import EMBEDDED_SNAPSHOT
from teleloupe.formats.weftend.grammar import integer, is_strict_digest
from teleloupe.formats.weftend.places import bounded
from teleloupe.formats.weftend.proof import Seal, envelope_of, is_envelope_silent
from teleloupe.formats.weftend.reading import Body, embedded_snapshot
from teleloupe.formats.weftend.shapes import Chunk, Snapshot, Store
from teleloupe.model import Document, Issue


def validate(document: Document) -> list[Issue]:
    """Every issue of a document that could be read, each once, those of one rule beyond a bound only counted."""
    return [] if document.body is None else bounded(_issues(document))


def _issues(document: Document) -> Iterator[Issue]:
    body: Body = document.body
    root, kind = body.root, document.kind
    if kind == "aggregate":
        yield from artefacts.aggregate(root, "")
    elif kind == "journal":
        yield from artefacts.journal(root, "")
    elif kind == "chunk":
        yield from _chunk(document.records[0], body.seals[0], "")
    elif kind == "harness-session":
        yield from _session(document, body)
    elif kind == "conduit-store":
        value = _envelope(root)
        if not _is_silent(root):
            yield from artefacts.store(value, "")
        yield from _store_chain(value.get("journal"), document.records, body.seals)
    elif kind == "conduit-snapshot":
        value = _envelope(root)
        if not _is_silent(root):
            yield from artefacts.snapshot(value, "")
        yield from _snapshot_chain(value, document.records, body.seals, "")


def _envelope(root: Any) -> dict[str, Any]:
    """A store or snapshot as a decoded value; a clean one's chunks are left to its records."""
    value: dict[str, Any] = {**envelope_of(root), "chunks": []} if isinstance(root, Store | Snapshot) else root
    return value


def _is_silent(root: Any) -> bool:
    return isinstance(root, Store | Snapshot) and is_envelope_silent(root)


def _session(document: Document, body: Body) -> Iterator[Issue]:
    """A harness session: its own seal, and the snapshot it holds."""
    digests = body.root.get("digests")
    stated = digests.get("sessionDigest") if isinstance(digests, dict) else None
    if stated is not None:
        yield from members.digest(stated, "/digests/sessionDigest")
    if is_strict_digest(stated) and (computed := canonical.digest_without(body.root, "digests")) != stated:
        message = "the session gives another digest; it was changed after sealing"
        yield rules.FIELD_INVALID.issue("/digests/sessionDigest", message, expected=computed, actual=stated)
    snapshot = embedded_snapshot(body.root)
    if isinstance(snapshot, dict):
        yield from artefacts.snapshot(snapshot, EMBEDDED_SNAPSHOT)
        yield from _snapshot_chain(snapshot, document.records, body.seals, EMBEDDED_SNAPSHOT)
    elif snapshot is not None:
        yield from members.misfit(snapshot, EMBEDDED_SNAPSHOT, "a conduit snapshot")


def _store_chain(journal: Any, records: Sequence[Any], seals: tuple[Seal, ...]) -> Iterator[Issue]:
    value = journal if isinstance(journal, dict) else {}
    links = [chain.link_of(record) for record in records[: len(seals)]]
    now = integer(value.get("updatedAtTick"))
    yield from _chunks(records, seals, "/chunks")
    yield from chain.chained(links, value.get("streamId"), len(records), "/chunks")
    if value is journal:
        yield from chain.headed(records, value.get("headChunkId", chain.NO_LINK), "/journal/headChunkId")
    yield from chain.updated(links, now, "/journal/updatedAtTick")
    yield from chain.expired(links, now, "warning", "/chunks")


def _snapshot_chain(value: dict[str, Any], records: Sequence[Any], seals: tuple[Seal, ...], at: str) -> Iterator[Issue]:
    links = [chain.link_of(record) for record in records[: len(seals)]]
    yield from _chunks(records, seals, f"{at}/chunks")
    yield from chain.chained(links, value.get("streamId"), len(records), f"{at}/chunks")
    yield from chain.headed(records, value.get("headChunkId", chain.NO_LINK), f"{at}/headChunkId")
    yield from chain.expired(links, chain.last_tick(links), "error", f"{at}/chunks")


def _chunks(records: Sequence[Any], seals: tuple[Seal, ...], at: str) -> Iterator[Issue]:
    """Each chunk that has a seal by itself."""
    for index, (record, seal) in enumerate(zip(records, seals, strict=False)):
        yield from _chunk(record, seal, f"{at}/{index}")


def _chunk(record: Any, seal: Seal, at: str) -> Iterator[Issue]:
    """A chunk by itself; most are proven silent."""
    if not seal.is_silent:
        value = msgspec.to_builtins(record) if isinstance(record, Chunk) else record
        yield from artefacts.chunk(value, seal, at)
    elif seal.is_below_default_k:
        yield artefacts.below_default_k(record.payload.k_floor, f"{at}/payload")
