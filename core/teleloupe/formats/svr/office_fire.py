"""The Office Fire contract that is used where a tree holds none: upstream's figures, our own words (section 4.5)."""

from __future__ import annotations

from typing import Any

from teleloupe.formats.svr.contract import contract_of
from teleloupe.formats.svr.vocabulary import OFFICE_FIRE, PHASES

_HEAD: dict[str, Any] = {"scenario_id": OFFICE_FIRE, "version": "1.0.0"}
_SAFE_EXIT = {"selected_exit": "south_safe"}


def _objective(
    name: str, weight: int, event: str, label: str, met: str, missed: str, detail: dict[str, Any] | None = None
) -> dict[str, Any]:
    entry = {
        "objective_id": name,
        "label": label,
        "weight": weight,
        "scoring": "binary",
        "evidence_event": event,
        "why_success": met,
        "why_fail": missed,
    }
    return {**entry, "required_detail": detail} if detail else entry


def _critical(code: str, penalty: int, why: str, *, hard_fail: bool) -> dict[str, Any]:
    return {
        "code": code,
        "penalty": penalty,
        "hard_fail": hard_fail,
        "trigger_event": "critical_error",
        "required_detail": {"critical_error_code": code},
        "why": why,
    }


def _drill(name: str, title: str, seconds: int, objective: str, event: str, *codes: str) -> dict[str, Any]:
    return {
        "microdrill_id": name,
        "title": title,
        "duration_seconds": seconds,
        "targets": [objective],
        "trigger_if": {"missed_objective_ids": [objective], "critical_error_codes": list(codes)},
        "success_event": event,
    }


RUBRIC: dict[str, Any] = {
    **_HEAD,
    "max_score": 100,
    "pass_threshold": 80,
    "conditional_pass_threshold": 65,
    "objectives": [
        _objective(
            "obj_activate_alarm", 25, "alarm_activated", "Set off the alarm",
            "The alarm went off while the window was open.", "The alarm did not go off while the window was open.",
        ),
        _objective(
            "obj_identify_hazard", 20, "hazard_identified", "Spot the hazard",
            "The source of danger was spotted.", "The source of danger was not spotted.",
        ),
        _objective(
            "obj_use_safe_exit", 25, "exit_selected", "Take the safe way out",
            "The south exit, which is safe, was taken.", "The safe exit was not taken.", _SAFE_EXIT,
        ),
        _objective(
            "obj_extinguisher_judgment", 10, "extinguisher_attempted", "Know when to fight the fire",
            "The extinguisher was used where that was safe.", "Nothing shows a sound decision about the extinguisher.",
            {"safe_to_fight": True},
        ),
        _objective(
            "obj_reaudit_correction", 20, "re_audit_completed", "Do better the second time",
            "The second run was completed with success.", "The second run was not completed with success.",
        ),
    ],
    "critical_errors": [
        _critical("used_blocked_exit", 20, "A blocked exit was chosen.", hard_fail=False),
        _critical("ignored_alarm", 30, "The alarm was not reacted to.", hard_fail=True),
    ],
    "explainability": {"require_why_strings": True, "include_evidence_event_ids": True},
}  # fmt: skip

SCENARIO: dict[str, Any] = {
    **_HEAD,
    "name": "Office fire",
    "duration_minutes": 15,
    "deterministic": True,
    "phases": [
        {
            "phase_id": "audit",
            "timebox_seconds": 420,
            "objectives": [
                {
                    "objective_id": "obj_activate_alarm",
                    "label": "Set off the alarm",
                    "success_event": "alarm_activated",
                    "success_within_seconds": 90,
                },
                {
                    "objective_id": "obj_use_safe_exit",
                    "label": "Take the safe way out",
                    "success_event": "exit_selected",
                    "required_detail": _SAFE_EXIT,
                },
            ],
            "critical_errors": [
                {
                    "code": "used_blocked_exit",
                    "event_type": "critical_error",
                    "detail_equals": {"critical_error_code": "used_blocked_exit"},
                }
            ],
            "next_phase_on_complete": PHASES[1],
        },
        {"phase_id": "score_report", "timebox_seconds": 120, "next_phase_on_complete": PHASES[2]},
        {
            "phase_id": "micro_drill",
            "timebox_seconds": 180,
            "assignment_source": "objective_miss_or_critical_error",
            "next_phase_on_complete": PHASES[3],
        },
        {
            "phase_id": "re_audit",
            "timebox_seconds": 180,
            "objectives_repeat": ["obj_use_safe_exit"],
            "complete_event": "re_audit_completed",
        },
    ],
}

DRILLS: dict[str, Any] = {
    **_HEAD,
    "microdrills": [
        _drill("drill_alarm_activation", "Alarm", 90, "obj_activate_alarm", "alarm_activated"),
        _drill("drill_exit_selection", "Exits", 120, "obj_use_safe_exit", "exit_selected", "used_blocked_exit"),
        _drill(
            "drill_extinguisher_judgment", "Extinguisher", 90, "obj_extinguisher_judgment", "extinguisher_attempted"
        ),
    ],
    "selection_policy": {"max_assigned": 1, "priority": ["critical_error_match", "highest_weight_miss"]},
}

BUILT_IN = contract_of(RUBRIC, SCENARIO, DRILLS, is_built_in=True)
