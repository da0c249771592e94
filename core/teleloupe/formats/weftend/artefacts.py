"""Judging aggregates, chunks, journals and the envelopes around them, as decoded values (section 4).

Each function yields every issue of the value at a place; how chunks hang together is left to `chain`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from teleloupe.formats.weftend import grammar, members, privacy, rules
from teleloupe.formats.weftend.constants import (
    AGGREGATE,
    CHUNK,
    COUNTERS,
    DEFAULT_K,
    JOURNAL,
    K_FLOOR_REASON,
    MAPS,
    MAX_CHUNK_BYTES,
    MAX_DROPPED,
    MAX_KEYS,
    MAX_KEYS_OF_ALL_MAPS,
    MAX_KEYS_OF_UNKNOWN_MAP,
    SAMPLED_MAPS,
    SNAPSHOT,
    STORE,
)
from teleloupe.formats.weftend.grammar import counted, integer
from teleloupe.formats.weftend.places import inside, length
from teleloupe.formats.weftend.proof import Seal, is_clean_key
from teleloupe.model import Issue

_OPTIONAL_V = frozenset({"v"})


def aggregate(value: Any, at: str) -> Iterator[Issue]:
    """An aggregate, alone or as a chunk's payload (section 4.1)."""
    yield from members.judged_object(value, at, _AGGREGATE, _OPTIONAL_V)
    if not isinstance(value, dict):
        return
    k, samples = counted(value.get("kFloor"), 1), counted(value.get("sampleCount"))
    if k is not None and k < DEFAULT_K:
        yield below_default_k(k, at)
    if k is not None and samples is not None and samples < k:
        message = f"{samples} samples under a floor of {k}; withhold the aggregate"
        place = inside(at, "sampleCount")
        yield rules.K_ANONYMITY_FAIL.issue(place, message, expected=f"at least {k}", actual=str(samples))
    maps = value.get("aggregates")
    if isinstance(maps, dict):
        for name, counts in maps.items():
            if _is_map(name, counts):
                yield from _buckets(name, counts, inside(inside(at, "aggregates"), name), k, samples)


def below_default_k(k: int, at: str) -> Issue:
    """That the floor of the aggregate at `at` is lower than usual."""
    return rules.K_BELOW_DEFAULT.issue(inside(at, "kFloor"), f"a floor of {k} hides less than {DEFAULT_K} would")


def chunk(value: Any, seal: Seal, at: str) -> Iterator[Issue]:
    """A chunk by itself: its members, its window, its size and its id (section 4.2)."""
    yield from members.judged_object(value, at, _CHUNK, _OPTIONAL_V)
    if not isinstance(value, dict):
        return
    start, end = counted(value.get("windowStartTick")), counted(value.get("windowEndTick"))
    if start is not None and end is not None and start > end:
        place = inside(at, "windowEndTick")
        message = f"the window ends at tick {end}, before it starts at {start}"
        yield rules.TICK_ORDER_INVALID.issue(place, message, expected=f"at least {start}", actual=str(end))
    yield from _floors(value, at)
    yield from sealing(value.get("chunkId"), seal, at)


def sealing(recorded: Any, seal: Seal, at: str) -> Iterator[Issue]:
    """A chunk's recorded id and its size against its seal."""
    if seal.size_bytes > MAX_CHUNK_BYTES:
        yield members.over_budget(at, "canonical bytes", seal.size_bytes, MAX_CHUNK_BYTES)
    if grammar.is_strict_digest(recorded) and recorded != seal.computed_id:
        message = "the content gives another id; it was changed after sealing, or sealed by other rules"
        place = inside(at, "chunkId")
        yield rules.CHUNK_ID_MISMATCH.issue(place, message, expected=seal.computed_id, actual=recorded)


def journal(value: Any, at: str) -> Iterator[Issue]:
    """A journal (section 4.3)."""
    return members.judged_object(value, at, _JOURNAL, _OPTIONAL_V)


def store(value: Any, at: str) -> Iterator[Issue]:
    """A store but for its chunks (section 4.4)."""
    return members.judged_object(value, at, _STORE, _OPTIONAL_V)


def snapshot(value: Any, at: str) -> Iterator[Issue]:
    """A snapshot but for its chunks (section 4.5)."""
    yield from members.judged_object(value, at, _SNAPSHOT, frozenset({"v", "reasonCodes"}))
    dropped, codes = value.get("dropped"), value.get("reasonCodes")
    skipped = integer(dropped.get("kFloorSkipped")) if isinstance(dropped, dict) else None
    is_named = isinstance(codes, list) and K_FLOOR_REASON in codes
    if skipped is not None and (skipped > 0) != is_named:
        message = f"the counter and reason code {K_FLOOR_REASON} come only together"
        place = inside(inside(at, "dropped"), "kFloorSkipped")
        yield rules.DROPPED_REASON_MISMATCH.issue(place, message)


def _floors(value: dict[str, Any], at: str) -> Iterator[Issue]:
    """Whether chunk and payload name the same floor (D-19)."""
    payload = value.get("payload")
    own = counted(value.get("kAnonymityFloor"), 1)
    inner = counted(payload.get("kFloor"), 1) if isinstance(payload, dict) else None
    if own is not None and inner is not None and own != inner:
        message = f"the chunk's floor is {own}, its payload's {inner}"
        place = inside(at, "kAnonymityFloor")
        yield rules.K_FLOOR_MISMATCH.issue(place, message, expected=str(inner), actual=str(own))


def _buckets(name: str, counts: dict[str, Any], at: str, k: int | None, samples: int | None) -> Iterator[Issue]:
    """What the buckets of one map say against floor and samples (D-16, D-17)."""
    for key, value in counts.items():
        count = counted(value)
        if count is None:
            continue
        if k is not None and count < k:
            message = f"a bucket of {count} under a floor of {k}"
            yield rules.INSUFFICIENT_COVERAGE.issue(
                inside(at, key), message, expected=f"at least {k}", actual=str(count)
            )
        if name in SAMPLED_MAPS and samples is not None and count > samples:
            message = f"a bucket of {count} among {samples} samples"
            yield rules.COUNT_EXCEEDS_SAMPLES.issue(
                inside(at, key), message, expected=f"at most {samples}", actual=str(count)
            )


def _aggregates(value: Any, at: str) -> Iterator[Issue]:
    """The count maps of an aggregate, those of unknown name included (D-14, D-15)."""
    if not isinstance(value, dict):
        yield from members.misfit(value, at, "an object of count maps")
        return
    for name in MAPS:
        if name not in value:
            yield rules.FIELD_INVALID.issue(inside(at, name), "the member is missing")
    for name, counts in value.items():
        place = inside(at, name)
        if name in MAPS:
            yield from _count_map(name, counts, place)
        elif _is_map(name, counts):
            yield rules.MAP_UNKNOWN.issue(place, "this count map is not known; its counts take part in every check")
            yield from privacy.of_name(name, place)
            yield from _count_map(name, counts, place)
        else:
            yield rules.FIELD_INVALID.issue(place, "the member is not part of this type; remove it")
            yield from privacy.of_member(name, counts, place)
    total = sum(len(counts) for name, counts in value.items() if _is_map(name, counts))
    if total > MAX_KEYS_OF_ALL_MAPS:
        yield members.over_budget(at, "keys in all maps", total, MAX_KEYS_OF_ALL_MAPS)


def _count_map(name: str, counts: Any, at: str) -> Iterator[Issue]:
    """One count map: its keys and its counts."""
    if not isinstance(counts, dict):
        yield from members.misfit(counts, at, "an object of counts")
        return
    limit = MAX_KEYS.get(name, MAX_KEYS_OF_UNKNOWN_MAP)
    if len(counts) > limit:
        yield members.over_budget(at, "keys", len(counts), limit)
    for key, value in counts.items():
        place = inside(at, key)
        if not is_clean_key(name, key):
            if not grammar.is_key_of(name, key):
                yield _odd_key(name, key, place)
            yield from privacy.of_key(key, place)
        if counted(value) is None:
            yield members.invalid(value, place, "a count")
            yield from privacy.of_value(value, place, is_known=False)
        else:
            yield from privacy.of_number(value, place)


def _odd_key(name: str, key: str, at: str) -> Issue:
    if name == "tartarusKinds":
        return rules.ENUM_INVALID.issue(at, f"a kind of {length(key)} is none of the 25 known ones")
    return rules.FIELD_INVALID.issue(at, f"a key of {length(key)} is outside the grammar of this map")


def _is_map(name: str, value: Any) -> bool:
    """Whether a member of `aggregates` is judged as a count map; one of unknown name by its counts (D-14)."""
    return isinstance(value, dict) and (name in MAPS or all(counted(count) is not None for count in value.values()))


def _bind(value: Any, at: str) -> Iterator[Issue]:
    return members.judged_object(value, at, {"pathDigest": members.digest})


def _dropped(value: Any, at: str) -> Iterator[Issue]:
    return members.judged_object(value, at, dict.fromkeys(COUNTERS, _counter))


def _counter(value: Any, at: str) -> Iterator[Issue]:
    """A counter of one run, saturating at a million (D-22)."""
    count = integer(value)
    if count is None or count < 0:
        yield from members.misfit(value, at, f"an integer from 0 to {MAX_DROPPED}")
        return
    if count > MAX_DROPPED:
        yield members.over_budget(at, "drops", count, MAX_DROPPED)
    yield from privacy.of_number(value, at)


def _chunks(value: Any, at: str) -> Iterator[Issue]:
    """That chunks are an array; each of them is judged where its link is (`chain`)."""
    if not isinstance(value, list):
        yield from members.misfit(value, at, "an array of chunks")


_AGGREGATE: dict[str, members.Judge] = {
    "schema": members.schema_of(AGGREGATE),
    "v": members.version,
    "bind": _bind,
    "kFloor": members.floor,
    "sampleCount": members.tick,
    "aggregates": _aggregates,
}
_CHUNK: dict[str, members.Judge] = {
    "schema": members.schema_of(CHUNK),
    "v": members.version,
    "streamId": members.stream_id,
    "chunkId": members.chunk_id,
    "prevChunkId": members.chunk_id_or_null,
    "windowStartTick": members.tick,
    "windowEndTick": members.tick,
    "payload": aggregate,
    "evidenceRefs": members.refs,
    "tartarusRefs": members.refs,
    "ttlSeconds": members.ttl,
    "kAnonymityFloor": members.floor,
    "coverage": members.coverage,
}
_JOURNAL: dict[str, members.Judge] = {
    "schema": members.schema_of(JOURNAL),
    "v": members.version,
    "streamId": members.stream_id,
    "headChunkId": members.chunk_id_or_null,
    "updatedAtTick": members.tick,
}
_STORE: dict[str, members.Judge] = {
    "schema": members.schema_of(STORE),
    "v": members.version,
    "journal": journal,
    "chunks": _chunks,
}
_SNAPSHOT: dict[str, members.Judge] = {
    "schema": members.schema_of(SNAPSHOT),
    "v": members.version,
    "streamId": members.stream_id,
    "headChunkId": members.chunk_id_or_null,
    "chunks": _chunks,
    "dropped": _dropped,
    "reasonCodes": members.reason_codes,
}
