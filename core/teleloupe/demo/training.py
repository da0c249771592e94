"""SVR's part of the demo: training sessions with the score and report that their evidence gives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from teleloupe.demo.dice import Dice
from teleloupe.formats.svr import outcome
from teleloupe.formats.svr.canonical import export_json
from teleloupe.formats.svr.office_fire import BUILT_IN
from teleloupe.formats.svr.session import bundle_session
from teleloupe.formats.svr.vocabulary import OFFICE_FIRE

ALARM, HAZARD, EXIT = "obj_activate_alarm", "obj_identify_hazard", "obj_use_safe_exit"
FIRE, REPEAT = "obj_extinguisher_judgment", "obj_reaudit_correction"
SAFE, BLOCKED = {"selected_exit": "south_safe"}, {"selected_exit": "north_blocked"}

FIRST_LIVE, LIVE_SESSIONS = 20, 30  # numbers of the sessions that are still running

Files = dict[str, bytes]
Step = tuple[int, str, str, str, dict[str, Any]]  # second, type, phase, outcome, further members


def training(dice: Dice) -> Files:
    """Three sessions: a quick one without fault, one corrected in the second run, one that goes wrong."""
    stories = (_flawless(dice), _corrected(dice), _blocked(dice))
    return {f"sessions/anon-p{number:03}.json": _session(number, steps) for number, steps in enumerate(stories, 11)}


def live_event(dice: Dice, number: int) -> tuple[str, bytes, bool]:
    """An event of sessions that run one after the other: the session's file, the line, whether it is the first."""
    steps = _corrected(dice)
    lap, place = divmod(number, len(steps))
    session = FIRST_LIVE + lap % LIVE_SESSIONS
    line = json.dumps(_event(session, place + 1, steps[place])).encode() + b"\n"
    return f"anon-p{session:03}.jsonl", line, place == 0


def _session(number: int, steps: Sequence[Step]) -> bytes:
    bare = {
        "session_id": f"sess-20260302-{number:03}",
        "participant_id": f"anon-p{number:03}",
        "scenario_id": OFFICE_FIRE,
        "exported_at": "2026-03-02T10:00:00Z",
        "events": [_event(number, place, step) for place, step in enumerate(steps, 1)],
    }
    return export_json(outcome.built(bundle_session(bare), BUILT_IN))


def _event(number: int, place: int, step: Step) -> dict[str, Any]:
    second, kind, phase, result, members = step
    return {
        "event_id": f"evt-{place:03}",
        "session_id": f"sess-20260302-{number:03}",
        "participant_id": f"anon-p{number:03}",
        "timestamp": f"2026-03-02T{9 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z",
        "event_type": kind,
        "phase": phase,
        "actor_id": "system" if result == "info" else f"anon-p{number:03}",
        "outcome": result,
        **members,
    }


def _enter(second: int, phase: str) -> Step:
    return second, "phase_transition", phase, "info", {"details": {"to_phase": phase}}


def _audit(dice: Dice, name: str) -> tuple[Step, ...]:
    alarm = 20 + dice.below(60, name, "alarm")
    return (
        _enter(0, "audit"),
        (alarm, "alarm_activated", "audit", "success", {"objective_id": ALARM, "score_delta": 25}),
        (alarm + 35, "hazard_identified", "audit", "success", {"objective_id": HAZARD, "score_delta": 20}),
    )


def _extinguisher(second: int) -> Step:
    members = {"objective_id": FIRE, "score_delta": 10, "details": {"safe_to_fight": True}}
    return second, "extinguisher_attempted", "audit", "success", members


def _flawless(dice: Dice) -> tuple[Step, ...]:
    exit_members = {"objective_id": EXIT, "score_delta": 25, "details": SAFE}
    return (
        *_audit(dice, "flawless"),
        (150, "exit_selected", "audit", "success", exit_members),
        _extinguisher(190),
        _enter(260, "score_report"),
    )


def _blocked(dice: Dice) -> tuple[Step, ...]:
    return (
        *_audit(dice, "blocked"),
        (150, "exit_selected", "audit", "fail", {"objective_id": EXIT, "score_delta": 0, "details": BLOCKED}),
        (160, "critical_error", "audit", "fail", {"critical_error_code": "used_blocked_exit", "score_delta": -20}),
        _enter(260, "score_report"),
    )


def _corrected(dice: Dice) -> tuple[Step, ...]:
    again = {"objective_id": EXIT, "score_delta": 25, "details": SAFE}
    return (
        *_blocked(dice)[:-1],
        _extinguisher(200),
        _enter(260, "score_report"),
        _enter(300, "micro_drill"),
        (305, "microdrill_started", "micro_drill", "info", {"target_id": "drill_exit_selection"}),
        (400, "microdrill_completed", "micro_drill", "success", {"target_id": "drill_exit_selection"}),
        _enter(410, "re_audit"),
        (410, "re_audit_started", "re_audit", "info", {}),
        (460, "exit_selected", "re_audit", "success", again),
        (470, "re_audit_completed", "re_audit", "success", {"objective_id": EXIT, "score_delta": 20}),
    )
