"""The words of the format: types, phases, outcomes, field orders (SVR specification, sections 4, 9.2 and 10)."""

from __future__ import annotations

import re
from typing import Literal

EventType = Literal[
    "phase_transition", "alarm_activated", "hazard_identified", "exit_selected", "extinguisher_attempted",
    "critical_error", "microdrill_started", "microdrill_completed", "re_audit_started", "re_audit_completed",
]  # fmt: skip
Phase = Literal["audit", "score_report", "micro_drill", "re_audit"]
Outcome = Literal["success", "fail", "partial", "info"]
Status = Literal["pass", "conditional_pass", "fail"]

EVENT_TYPES = (
    "phase_transition", "alarm_activated", "hazard_identified", "exit_selected", "extinguisher_attempted",
    "critical_error", "microdrill_started", "microdrill_completed", "re_audit_started", "re_audit_completed",
)  # fmt: skip
PHASES = ("audit", "score_report", "micro_drill", "re_audit")
RANK = {phase: rank for rank, phase in enumerate(PHASES)}
OUTCOMES = ("success", "fail", "partial", "info")
STATUSES = ("pass", "conditional_pass", "fail")
SCORED_PHASES = ("audit", "re_audit")  # drill events use the same types and are practice
INTERACTIONS = frozenset({"alarm_activated", "hazard_identified", "exit_selected", "extinguisher_attempted"})
RE_AUDIT_COMPLETED = "re_audit_completed"
OFFICE_FIRE = "office_fire_mvp"  # the only scenario that the report schema allows

_ACTIVE = frozenset({"audit", "micro_drill", "re_audit"})
_JUDGED = frozenset({"success", "fail", "partial"})
_TOLD = frozenset({"info"})
PHASES_OF_TYPE: dict[str, frozenset[str]] = {
    "phase_transition": frozenset(PHASES),
    **dict.fromkeys((*INTERACTIONS, "critical_error"), _ACTIVE),
    "microdrill_started": frozenset({"micro_drill"}),
    "microdrill_completed": frozenset({"micro_drill"}),
    "re_audit_started": frozenset({"re_audit"}),
    "re_audit_completed": frozenset({"re_audit"}),
}
OUTCOMES_OF_TYPE: dict[str, frozenset[str]] = {
    **dict.fromkeys(("phase_transition", "microdrill_started", "re_audit_started"), _TOLD),
    **dict.fromkeys((*INTERACTIONS, "microdrill_completed", "re_audit_completed"), _JUDGED),
    "critical_error": frozenset({"fail"}),
}

BUNDLE_FIELDS = ("session_id", "participant_id", "scenario_id", "exported_at", "events", "score", "report")
EVENT_FIELDS = (
    "event_id", "session_id", "participant_id", "timestamp", "event_type", "phase", "actor_id",
    "target_id", "objective_id", "critical_error_code", "outcome", "score_delta", "details",
)  # fmt: skip
EVENT_REQUIRED = (
    "event_id", "session_id", "participant_id", "timestamp", "event_type", "phase", "actor_id", "outcome",
)  # fmt: skip
EVENT_ENUMS = {"event_type": EVENT_TYPES, "phase": PHASES, "outcome": OUTCOMES}
ID_FIELDS = (
    "event_id", "session_id", "participant_id", "actor_id", "target_id", "objective_id", "critical_error_code",
)  # fmt: skip
SCORE_FIELDS = ("score_total", "status", "why")
REPORT_FIELDS = (
    "session_id", "participant_id", "scenario_id", "score_total", "status", "objective_breakdown",
    "critical_errors", "why", "recommended_microdrills", "re_audit_delta",
)  # fmt: skip
OBJECTIVE_FIELDS = ("objective_id", "label", "weight", "achieved", "score_awarded", "evidence_event_ids")
CRITICAL_FIELDS = ("code", "trigger_event_id", "penalty", "why")
DRILL_FIELDS = ("microdrill_id", "reason")
DELTA_FIELDS = ("score_delta", "improved_objectives")

TIMELINE_COLUMNS = (
    "timestamp", "event_type", "phase", "actor_id", "outcome", "objective_id", "critical_error_code", "score_delta",
)  # fmt: skip
FULL_COLUMNS = (*TIMELINE_COLUMNS, "event_id", "session_id", "participant_id", "target_id", "details")
REQUIRED_COLUMNS = ("timestamp", "event_type", "phase", "outcome")
SUMMARY_COLUMNS = (
    "session_id", "participant_id", "scenario_id", "event_count", "first_event", "last_event", "duration_seconds",
    "score_claimed", "status_claimed", "score_recomputed", "status_recomputed", "score_audit",
    "re_audit_score_delta", "critical_errors", "failed_interactions", "errors", "warnings", "infos",
)  # fmt: skip

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SESSION_ID = re.compile(r"sess-([0-9]{8})-[0-9]{3,}")
EVENT_ID = re.compile(r"evt-([0-9]{3,})")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
