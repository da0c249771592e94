"""The conduit's own computation: from a release folder's files to the next store and snapshot (section 7.3).

Pure and deterministic: the same bytes and settings give the same bytes. Ticks are pulse numbers; there is no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from teleloupe.formats.weftend import canonical, chain, grammar, rules
from teleloupe.formats.weftend.constants import (
    AGGREGATE,
    BUDGET_REASON,
    CHUNK,
    COUNTERS,
    COVERAGE_REASON,
    DEFAULT_STREAM,
    DEFAULT_TTL_TICKS,
    JOURNAL,
    K_FLOOR_REASON,
    MAPS,
    MAX_CHUNK_BYTES,
    MAX_CHUNKS,
    MAX_DROPPED,
    MAX_KEYS,
    MAX_REFS,
    SNAPSHOT,
    SNAPSHOT_NAME,
    STORE,
)
from teleloupe.formats.weftend.judging import validate
from teleloupe.formats.weftend.problems import Problem, ordered
from teleloupe.formats.weftend.reading import parse
from teleloupe.formats.weftend.release import PULSES_FILE, STORE_FILE, Release, ReleaseFiles, judged_release
from teleloupe.model import Blob, Detection

SHARE_STEPS = 1_000_000  # coverage has six decimals (D-43)


class Settings(Struct, frozen=True):
    """What the caller decides: the floor, the stream of a first run, a new chunk's lifetime in ticks, two caps."""

    k: int
    stream_id: str | None = None
    ttl_ticks: int = DEFAULT_TTL_TICKS
    max_chunks: int = MAX_CHUNKS
    max_chunk_bytes: int = MAX_CHUNK_BYTES


class Outcome(Struct, frozen=True):
    """The next state as decoded values and as the bytes of the two files."""

    store: dict[str, Any]
    snapshot: dict[str, Any]
    store_bytes: bytes
    snapshot_bytes: bytes


class Refusal(Struct, frozen=True):
    """Why nothing is made of the release; at least one problem, in order."""

    problems: tuple[Problem, ...]


class _Window(Struct, frozen=True):
    """A chunk's counts before and after the floor and the caps."""

    maps: dict[str, dict[str, int]]
    coverage: float
    reasons: frozenset[str]


class _Step(Struct, frozen=True):
    """What a run adds to the chain, what it leaves out, and why."""

    chunks: list[dict[str, Any]]
    head: str | None
    dropped: dict[str, int]
    reasons: frozenset[str] = frozenset()


class _State(Struct, frozen=True):
    """Where the stored chain stands; `base` is the last tick that is spoken for."""

    stream_id: str
    chunks: list[dict[str, Any]]
    head: str | None
    base: int
    updated_at: int


def run(files: ReleaseFiles, settings: Settings) -> Outcome | Refusal:
    """The next store and snapshot of a release, or why there is none."""
    release, problems = judged_release(files)
    problems += _stream_problems(release, settings)
    if problems:
        return Refusal(ordered(problems))
    state = _state_of(release.store, settings)
    ticks = [_tick(pulse) for pulse in release.pulses]
    if ticks and ticks[-1] < state.base:
        detail = f"the buffer ends at {ticks[-1]}, the store at {state.base}"
        return Refusal((Problem(rules.TICK_ORDER_INVALID.code, PULSES_FILE, "/pulses", detail),))
    now = max([state.updated_at, *ticks[-1:]])
    outcome = _outcome(_pruned(_appended(release, state, settings), now, settings), state.stream_id, now)
    faults = _faults(outcome)
    return Refusal(faults) if faults else outcome


def _stream_problems(release: Release, settings: Settings) -> list[Problem]:
    """A stream asked for must be the stored one."""
    journal = (release.store or {}).get("journal")
    stored = journal.get("streamId") if isinstance(journal, dict) else None
    if settings.stream_id in (None, stored) or stored is None:
        return []
    return [Problem(rules.STREAM_MISMATCH.code, STORE_FILE, "/journal/streamId", "not the stream that is asked for")]


def _state_of(store: dict[str, Any] | None, settings: Settings) -> _State:
    if store is None:
        return _State(settings.stream_id or DEFAULT_STREAM, [], None, -1, 0)
    journal, chunks = store["journal"], store["chunks"]
    head, updated_at = journal["headChunkId"], int(journal["updatedAtTick"])
    base = int(chunks[-1]["windowEndTick"]) if chunks else -1 if head is None else updated_at
    return _State(journal["streamId"], chunks, head, base, updated_at)


def _tick(pulse: dict[str, Any]) -> int:
    return int(pulse["pulseSeq"])


def _appended(release: Release, state: _State, settings: Settings) -> _Step:
    """The chain with a chunk of the new pulses, or why it has none."""
    new = [pulse for pulse in release.pulses if _tick(pulse) > state.base]
    if release.pulses and not new:
        return _Step(state.chunks, state.head, {"duplicateSkipped": 1})
    if len(new) < settings.k:
        return _Step(state.chunks, state.head, {"kFloorSkipped": 1}, frozenset({K_FLOOR_REASON}))
    first, last = _tick(new[0]), _tick(new[-1])
    records = [one for one in release.records if "seq" in one and first <= int(one["seq"]) <= last]
    window = _windowed(new, records, settings.k)
    chunk = _sealed(release, state, settings, new, records, window)
    if len(canonical.canonical(chunk)) > settings.max_chunk_bytes:
        return _Step(state.chunks, state.head, {"capPruned": 1}, window.reasons | {BUDGET_REASON})
    return _Step([*state.chunks, chunk], chunk["chunkId"], {}, window.reasons)


def _windowed(pulses: list[dict[str, Any]], records: list[dict[str, Any]], k: int) -> _Window:
    """The counts of a window: below the floor dropped, then each map cut to its cap."""
    counted = {
        "capDenies": Counter(one["capId"] for one in pulses if one["kind"] == "CAP_DENY" and one.get("capId")),
        "reasonFamilies": Counter(family for one in pulses for family in _families(one)),
        "tartarusKinds": Counter(one["kind"] for one in records),
    }
    covering = {name: {key: n for key, n in counts.items() if n >= k} for name, counts in counted.items()}
    kept = {name: _capped(covering[name], MAX_KEYS[name]) for name in MAPS}
    reasons = set[str]()
    if any(len(covering[name]) < len(counted[name]) for name in MAPS):
        reasons.add(COVERAGE_REASON)
    if any(len(kept[name]) < len(covering[name]) for name in MAPS):
        reasons.add(BUDGET_REASON)
    return _Window(kept, _share(_total(kept.values()), _total(counted.values())), frozenset(reasons))


def _families(pulse: dict[str, Any]) -> set[str]:
    return {grammar.family_of(code) for code in pulse.get("reasonCodes") or ()}


def _capped(counts: dict[str, int], limit: int) -> dict[str, int]:
    """The first keys in code-unit order."""
    return {key: counts[key] for key in sorted(counts, key=canonical.code_units)[:limit]}


def _total(maps: Iterable[dict[str, int]]) -> int:
    return sum(sum(counts.values()) for counts in maps)


def _share(kept: int, total: int) -> float:
    """`kept` of `total`, rounded half up to six decimals; 1 of nothing."""
    return ((2 * kept * SHARE_STEPS + total) // (2 * total)) / SHARE_STEPS if total else 1


def _sealed(
    release: Release,
    state: _State,
    settings: Settings,
    pulses: list[dict[str, Any]],
    records: list[dict[str, Any]],
    window: _Window,
) -> dict[str, Any]:
    """The chunk of a window, named by its content; refs of suppressed kinds would tell the suppressed count."""
    refs = {one["recordId"] for one in records if one["kind"] in window.maps["tartarusKinds"]}
    body = {
        "schema": CHUNK,
        "v": 0,
        "streamId": state.stream_id,
        "prevChunkId": state.head,
        "windowStartTick": _tick(pulses[0]),
        "windowEndTick": _tick(pulses[-1]),
        "payload": {
            "schema": AGGREGATE,
            "v": 0,
            "bind": {"pathDigest": release.path_digest},
            "kFloor": settings.k,
            "sampleCount": len(pulses),
            "aggregates": window.maps,
        },
        "evidenceRefs": [release.evidence_head] if grammar.is_strict_digest(release.evidence_head) else [],
        "tartarusRefs": sorted(refs)[:MAX_REFS],
        "ttlSeconds": settings.ttl_ticks,
        "kAnonymityFloor": settings.k,
        "coverage": window.coverage,
    }
    return {**body, "chunkId": canonical.digest(canonical.canonical(body))}


def _pruned(step: _Step, now: int, settings: Settings) -> _Step:
    """The chain without the newest expired chunk and everything before it (D-26), then cut to the cap (D-27)."""
    ends = [index + 1 for index, one in enumerate(step.chunks) if _is_expired(one, now)]
    living = step.chunks[max(ends, default=0) :]
    kept = living[-settings.max_chunks :]
    dropped = Counter(step.dropped)
    dropped["ttlPruned"] += len(step.chunks) - len(living)
    dropped["capPruned"] += len(living) - len(kept)
    return _Step(kept, step.head, dropped, step.reasons)


def _is_expired(chunk: dict[str, Any], now: int) -> bool:
    left = chain.ticks_left(chain.link_of(chunk), now)
    return left is not None and left <= 0


def _outcome(step: _Step, stream_id: str, now: int) -> Outcome:
    journal = {"schema": JOURNAL, "v": 0, "streamId": stream_id, "headChunkId": step.head, "updatedAtTick": now}
    store = {"schema": STORE, "v": 0, "journal": journal, "chunks": step.chunks}
    snapshot: dict[str, Any] = {
        "schema": SNAPSHOT,
        "v": 0,
        "streamId": stream_id,
        "headChunkId": step.head,
        "chunks": step.chunks,
        "dropped": {name: min(step.dropped.get(name, 0), MAX_DROPPED) for name in COUNTERS},
    }
    if step.reasons:
        snapshot["reasonCodes"] = sorted(step.reasons, key=canonical.code_units)
    return Outcome(store, snapshot, *(canonical.on_disk(canonical.canonical(one)) for one in (store, snapshot)))


def _faults(outcome: Outcome) -> tuple[Problem, ...]:
    """What the rules say against the outputs; a run that would publish a fault is refused (step 12)."""
    outputs: Sequence[tuple[str, str, bytes]] = (
        (STORE_FILE, "conduit-store", outcome.store_bytes),
        (SNAPSHOT_NAME, "conduit-snapshot", outcome.snapshot_bytes),
    )
    problems = []
    for path, kind, data in outputs:
        document = parse(Blob(path, data, len(data), 0, ""), Detection(kind, "made by this run"))
        issues = [*document.issues, *validate(document)]
        errors = [issue for issue in issues if issue.severity == "error"]
        problems += [Problem("TELEMETRY_CONDUIT_INVALID", path, one.at, f"{one.code}: {one.message}") for one in errors]
    return ordered(problems)
