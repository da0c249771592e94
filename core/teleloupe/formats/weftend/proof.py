"""Proving at the speed of C code that a file is clean, and what its canonical text is.

Nothing here raises an issue: a chunk that is not proven silent is judged as a decoded value in `artefacts`.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from teleloupe.formats.weftend import canonical, grammar, privacy
from teleloupe.formats.weftend.constants import (
    DEFAULT_K,
    MAX_CHUNK_BYTES,
    MAX_KEY_LENGTH,
    MAX_KEYS,
    MAX_KEYS_OF_ALL_MAPS,
    MAX_REFS,
    MAX_STREAM_LENGTH,
)
from teleloupe.formats.weftend.shapes import Aggregate, Chunk, Snapshot, Store

_ID_MEMBER_LENGTH = len('{"chunkId":"",') + 71  # the first member of every canonical chunk
_QUOTE = b'"'
_sorted_json = msgspec.json.Encoder(order="sorted")

Chain = Store | Snapshot
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    "conduit-store": msgspec.json.Decoder(Store),
    "conduit-snapshot": msgspec.json.Decoder(Snapshot),
    "chunk": msgspec.json.Decoder(Chunk),
}


class Seal(Struct, frozen=True, gc=False):
    """The id that a chunk's content gives and the canonical size of the whole chunk.

    `is_silent` says that it was proven that no rule speaks of the chunk by itself, but that its floor is low where
    `is_below_default_k`.
    """

    computed_id: str
    size_bytes: int
    is_silent: bool = False
    is_below_default_k: bool = False


class Proof(Struct, frozen=True):
    """A file of clean shape: its root, a seal for each chunk, its canonical digest, and whether it has those bytes."""

    root: Chain | Chunk
    seals: tuple[Seal, ...]
    canonical_digest: str
    is_canonical: bool


def prove(data: bytes, kind: str) -> Proof | None:
    """The proof that a file is of clean shape and repeats no member; None when it has to be read in full."""
    decoder = _DECODERS.get(kind)
    if decoder is None or not data.isascii() or b"\\" in data:
        return None
    try:
        root = decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError):
        return None
    return _rebuilt(root, data)


def canonical_text(root: Chain | Chunk) -> bytes:
    """The canonical bytes of a proven file's root, without a final line feed."""
    before, after = _around(root)
    texts = [chunk_text(chunk, are_keys_clean(chunk.payload)) for chunk in chunks_of(root)]
    return b"".join((before, b",".join(texts), after))


def chunks_of(root: Chain | Chunk) -> list[Chunk]:
    """The chunks of a store or snapshot; a chunk is its own."""
    return [root] if isinstance(root, Chunk) else root.chunks


def _sealed(chunk: Chunk, text: bytes, is_plain: bool) -> Seal:
    """The seal of a chunk, of which the canonical bytes are given and whether all keys of its maps are clean."""
    hashed = hashlib.sha256(b"{")
    hashed.update(memoryview(text)[_ID_MEMBER_LENGTH:])
    computed_id = canonical.DIGEST_PREFIX + hashed.hexdigest()
    is_fit = is_plain and computed_id == chunk.chunk_id and len(text) <= MAX_CHUNK_BYTES
    is_silent = is_fit and _is_silent(chunk)
    return Seal(computed_id, len(text), is_silent, chunk.payload.k_floor < DEFAULT_K)


def seal_of_value(chunk: Any) -> Seal:
    """The seal of a chunk that is a decoded value; without an id when it is no object."""
    if not isinstance(chunk, dict):
        return Seal("", 0)
    body = canonical.canonical({name: item for name, item in chunk.items() if name != "chunkId"})
    size = len(body)
    if "chunkId" in chunk:
        size += len(canonical.canonical({"chunkId": chunk["chunkId"]})) - len("{}") + (len(body) > len("{}"))
    return Seal(canonical.digest(body), size)


def is_clean_key(map_name: str, key: str) -> bool:
    """Whether a count map may hold a key and the key gives nothing away."""
    return len(key) <= MAX_KEY_LENGTH and _is_clean_key(map_name, key)


def is_clean_stream(stream_id: str) -> bool:
    """Whether a stream's name fits its grammar and gives nothing away."""
    return len(stream_id) <= MAX_STREAM_LENGTH and _is_clean_stream(stream_id)


@lru_cache(maxsize=4096)
def _is_clean_key(map_name: str, key: str) -> bool:
    return grammar.is_key_of(map_name, key) and not any(privacy.of_key(key, ""))


@lru_cache(maxsize=256)
def _is_clean_stream(stream_id: str) -> bool:
    return grammar.is_stream_id(stream_id) and not any(privacy.of_string(stream_id, ""))


def is_envelope_silent(root: Chain) -> bool:
    """Whether nothing is to be said of a store or snapshot but of its chunks and how they hang together."""
    if isinstance(root, Store):
        return is_clean_stream(root.journal.stream_id) and root.journal.updated_at_tick < privacy.EPOCH_START
    has_reasons = bool(root.reason_codes) or root.dropped.k_floor_skipped > 0
    return is_clean_stream(root.stream_id) and not has_reasons


def _is_silent(chunk: Chunk) -> bool:
    payload = chunk.payload
    return (
        chunk.window_start_tick <= chunk.window_end_tick < privacy.EPOCH_START
        and chunk.k_anonymity_floor == payload.k_floor <= payload.sample_count < privacy.EPOCH_START
        and is_clean_stream(chunk.stream_id)
        and grammar.is_strict_digest(payload.bind.path_digest)
        and len(chunk.evidence_refs) <= MAX_REFS
        and len(chunk.tartarus_refs) <= MAX_REFS
        and grammar.are_ascending_digests(chunk.evidence_refs)
        and grammar.are_ascending_digests(chunk.tartarus_refs)
        and _are_maps_silent(payload)
    )


def _are_maps_silent(payload: Aggregate) -> bool:
    """Whether no bucket is below the floor or above the samples, and no map too big."""
    total = 0
    for name, counts in _maps(payload):
        if not counts:
            continue
        total += len(counts)
        most = privacy.EPOCH_START - 1 if name == "tartarusKinds" else payload.sample_count
        values = counts.values()
        if len(counts) > MAX_KEYS[name] or min(values) < payload.k_floor or max(values) > most:
            return False
    return total <= MAX_KEYS_OF_ALL_MAPS


def are_keys_clean(payload: Aggregate) -> bool:
    """Whether every key of the maps fits its grammar and gives nothing away."""
    keys = [(name, key) for name, counts in _maps(payload) for key in counts]
    return all([len(key) <= MAX_KEY_LENGTH and _is_clean_key(name, key) for name, key in keys])  # noqa: C419 - quicker


def _maps(payload: Aggregate) -> list[tuple[str, dict[str, int]]]:
    maps = payload.aggregates
    return [
        ("capDenies", maps.cap_denies),
        ("reasonFamilies", maps.reason_families),
        ("tartarusKinds", maps.tartarus_kinds),
    ]


def _rebuilt(root: Chain | Chunk, data: bytes) -> Proof | None:
    """The proof of a decoded root; its canonical text is made, compared and hashed chunk by chunk, and never held.

    No string holds an escape, so quotes count strings: where the file has more of them than the text that was made of
    its content, it repeats a member, and there is no proof.
    """
    before, after = _around(root)
    whole, seals = hashlib.sha256(before), []
    is_same = data.startswith(before)
    at, quotes = (len(before), 0) if is_same else (0, before.count(_QUOTE))
    for index, chunk in enumerate(chunks_of(root)):
        is_plain = are_keys_clean(chunk.payload)
        text = chunk_text(chunk, is_plain)
        piece = b"," + text if index else text
        is_same = is_same and data.startswith(piece, at)
        if is_same:
            at += len(piece)
        else:
            quotes += piece.count(_QUOTE)
        whole.update(piece)
        seals.append(_sealed(chunk, text, is_plain))
    whole.update(after)
    is_canonical = is_same and data[at:] in (after, canonical.on_disk(after))
    if not is_canonical and data.count(_QUOTE, at) != quotes + after.count(_QUOTE):
        return None
    return Proof(root, tuple(seals), canonical.DIGEST_PREFIX + whole.hexdigest(), is_canonical)


def _around(root: Chain | Chunk) -> tuple[bytes, bytes]:
    """The canonical bytes before and after the chunks, which are the first member of both kinds that hold them."""
    if isinstance(root, Chunk):
        return b"", b""
    return b'{"chunks":[', b"]," + canonical.canonical(envelope_of(root))[1:]


def envelope_of(root: Chain) -> dict[str, Any]:
    """A store or snapshot as a decoded value, without its chunks."""
    envelope: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(root, chunks=[]))
    del envelope["chunks"]
    return envelope


def chunk_text(chunk: Chunk, is_plain: bool) -> bytes:
    """The canonical bytes of a proven file's chunk, whose strings hold neither quotes nor escapes.

    `is_plain` says that the keys of its maps are clean; others go the long way.
    """
    if not is_plain:
        return canonical.canonical(msgspec.to_builtins(chunk))
    former = "null" if chunk.prev_chunk_id is None else f'"{chunk.prev_chunk_id}"'
    version = "" if chunk.v is UNSET else '"v":0,'
    return (
        f'{{"chunkId":"{chunk.chunk_id}","coverage":{canonical.number_text(chunk.coverage)},'
        f'"evidenceRefs":{_strings_text(chunk.evidence_refs)},"kAnonymityFloor":{chunk.k_anonymity_floor},'
        f'"payload":{_aggregate_text(chunk.payload)},"prevChunkId":{former},"schema":"{chunk.schema}",'
        f'"streamId":"{chunk.stream_id}","tartarusRefs":{_strings_text(chunk.tartarus_refs)},'
        f'"ttlSeconds":{chunk.ttl_seconds},{version}"windowEndTick":{chunk.window_end_tick},'
        f'"windowStartTick":{chunk.window_start_tick}}}'
    ).encode("ascii")


def _aggregate_text(payload: Aggregate) -> str:
    maps = ",".join(f'"{name}":{_counts_text(counts)}' for name, counts in _maps(payload))
    version = "" if payload.v is UNSET else ',"v":0'
    return (
        f'{{"aggregates":{{{maps}}},"bind":{{"pathDigest":"{payload.bind.path_digest}"}},"kFloor":{payload.k_floor},'
        f'"sampleCount":{payload.sample_count},"schema":"{payload.schema}"{version}}}'
    )


def _counts_text(counts: dict[str, int]) -> str:
    """A clean map: its keys are ASCII and no indices, its counts exact, so plain sorted JSON is canonical."""
    return _sorted_json.encode(counts).decode("ascii")


def _strings_text(strings: list[str]) -> str:
    return '["' + '","'.join(strings) + '"]' if strings else "[]"
