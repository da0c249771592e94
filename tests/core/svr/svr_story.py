"""Sessions for the tests: a story of events, made into a bundle whose claims are right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from teleloupe import formats
from teleloupe.formats.svr import outcome
from teleloupe.formats.svr.contract import Contract
from teleloupe.formats.svr.judging import judged_faults
from teleloupe.formats.svr.office_fire import BUILT_IN
from teleloupe.formats.svr.session import Session, bundle_session
from teleloupe.model import Blob, Document, Issue

ALARM, HAZARD, EXIT = "obj_activate_alarm", "obj_identify_hazard", "obj_use_safe_exit"
FIRE, REPEAT = "obj_extinguisher_judgment", "obj_reaudit_correction"
SAFE, BLOCKED = {"selected_exit": "south_safe"}, {"selected_exit": "north_blocked"}

Step = tuple[float, str, str, str, dict[str, Any]]  # seconds after 09:00:00, type, phase, outcome, further fields


def enter(second: float, phase: str) -> Step:
    return second, "phase_transition", phase, "info", {"details": {"to_phase": phase}}


CORRECTED: tuple[Step, ...] = (
    enter(0, "audit"),
    (40, "alarm_activated", "audit", "success", {"objective_id": ALARM, "score_delta": 25}),
    (90, "hazard_identified", "audit", "success", {"objective_id": HAZARD, "score_delta": 20}),
    (150, "exit_selected", "audit", "fail", {"objective_id": EXIT, "score_delta": 0, "details": BLOCKED}),
    (160, "critical_error", "audit", "fail", {"critical_error_code": "used_blocked_exit", "score_delta": -20}),
    (
        200, "extinguisher_attempted", "audit", "success",
        {"objective_id": FIRE, "score_delta": 10, "details": {"safe_to_fight": True}},
    ),
    enter(260, "score_report"),
    enter(300, "micro_drill"),
    (305, "microdrill_started", "micro_drill", "info", {"target_id": "drill_exit_selection"}),
    (400, "microdrill_completed", "micro_drill", "success", {"target_id": "drill_exit_selection"}),
    enter(410, "re_audit"),
    (410, "re_audit_started", "re_audit", "info", {}),
    (460, "exit_selected", "re_audit", "success", {"objective_id": EXIT, "score_delta": 25, "details": SAFE}),
    (470, "re_audit_completed", "re_audit", "success", {"objective_id": EXIT, "score_delta": 20}),
)  # fmt: skip


def stamp(second: float) -> str:
    whole, fraction = int(second), f"{second % 1:.9f}"[1:].rstrip("0").rstrip(".")
    return f"2026-03-02T{9 + whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{fraction}Z"


def events(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {
            "event_id": f"evt-{number:03d}",
            "session_id": "sess-20260302-001",
            "participant_id": "anon-p001",
            "timestamp": stamp(second),
            "event_type": event_type,
            "phase": phase,
            "actor_id": "system",
            "outcome": result,
            **fields,
        }
        for number, (second, event_type, phase, result, fields) in enumerate(steps, 1)
    ]


def bundle(steps: Sequence[Step] = CORRECTED, contract: Contract = BUILT_IN) -> dict[str, Any]:
    """A whole session whose score and report are what the evidence gives."""
    bare = {
        "session_id": "sess-20260302-001",
        "participant_id": "anon-p001",
        "scenario_id": "office_fire_mvp",
        "exported_at": "2026-03-02T10:00:00Z",
        "events": events(steps),
    }
    return dict(outcome.built(bundle_session(bare), contract))


def session(content: dict[str, Any]) -> Session:
    return bundle_session(content)


def load(content: Any, name: str = "run.json") -> Document:
    data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    return formats.load(Blob(name, data, len(data), 0, str(hash(data))), "svr")


def issues(content: dict[str, Any], contract: Contract = BUILT_IN) -> list[Issue]:
    """All issues of a session by itself and by its contract."""
    document = load(content)
    found = document.body
    return [*document.issues, *(judged_faults(found, contract) if isinstance(found, Session) else ())]


def codes(content: dict[str, Any], contract: Contract = BUILT_IN) -> list[tuple[str, str]]:
    return sorted((issue.code.removeprefix("svr."), issue.at) for issue in issues(content, contract))
