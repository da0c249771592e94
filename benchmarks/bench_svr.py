"""How long a session of 100 000 events takes: reading, judging, recomputing, each also in units of a bare decode."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from teleloupe import formats
from teleloupe.formats.svr.csvtext import event_csv
from teleloupe.formats.svr.judging import judged_faults, recomputed
from teleloupe.formats.svr.office_fire import BUILT_IN
from teleloupe.formats.svr.outcome import evidence
from teleloupe.formats.svr.session import bundle_session
from teleloupe.model import Blob

EVENTS = 100_000
LIMIT_S = 1.0  # what recomputing so many events may take
TYPES: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("alarm_activated", "obj_activate_alarm", {}),
    ("hazard_identified", "obj_identify_hazard", {"hazard": "printer_room"}),
    ("exit_selected", "obj_use_safe_exit", {"selected_exit": "north_blocked"}),
    ("extinguisher_attempted", "obj_extinguisher_judgment", {"safe_to_fight": False}),
)


def session() -> dict[str, Any]:
    """A session of one long audit in which nothing succeeds."""
    events = []
    for number in range(1, EVENTS + 1):
        event_type, objective, details = TYPES[number % len(TYPES)]
        second, thousandth = divmod(number, 1000)
        events.append(
            {
                "event_id": f"evt-{number:03d}",
                "session_id": "sess-20260418-001",
                "participant_id": "anon-p014",
                "timestamp": f"2026-04-18T10:{second // 60:02d}:{second % 60:02d}.{thousandth:03d}Z",
                "event_type": event_type,
                "phase": "audit",
                "actor_id": "anon-p014",
                "objective_id": objective,
                "outcome": "fail",
                "score_delta": 0,
                "details": details,
            }
        )
    ids = {"session_id": "sess-20260418-001", "participant_id": "anon-p014", "scenario_id": "office_fire_mvp"}
    return {**ids, "exported_at": "2026-04-18T11:00:00Z", "events": events}


def timed(work: Callable[[], Any], runs: int = 3) -> float:
    """The best of some runs, in seconds."""
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def measures() -> Iterator[tuple[str, float]]:
    bundle = session()
    data = json.dumps(bundle).encode()
    blob = Blob("run.json", data, len(data), 0, "")
    read = bundle_session(bundle)
    yield "decode (msgspec)", timed(lambda: msgspec.json.decode(data))
    yield "recompute from decoded events", timed(lambda: recomputed(bundle_session(bundle), BUILT_IN))
    yield "recompute, prepared", timed(lambda: recomputed(read, BUILT_IN))
    yield "evidence with digest and tallies", timed(lambda: evidence(read, BUILT_IN))
    yield "load with all own rules", timed(lambda: formats.load(blob))
    yield "rules of the contract", timed(lambda: list(judged_faults(read, BUILT_IN)))
    yield "full CSV", timed(lambda: event_csv(bundle["events"], "full"))


def main() -> int:
    found = dict(measures())
    decode = found["decode (msgspec)"]
    for name, seconds in found.items():
        print(f"{name:<34}{seconds * 1000:>9.0f} ms{seconds / decode:>8.1f} x decode")
    took = found["recompute from decoded events"]
    print(f"{EVENTS} events recomputed in {took:.2f} s, the limit is {LIMIT_S} s")
    return int(took > LIMIT_S)


if __name__ == "__main__":
    raise SystemExit(main())
