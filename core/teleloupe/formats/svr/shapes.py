"""The closed schemas as Structs: one decode proves that a file is well shaped (SVR specification, section 4)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, ValidationError, convert

from teleloupe.formats.svr.vocabulary import EventType, Outcome, Phase, Status

Text = Annotated[str, Meta(min_length=1)]
Number = int | float
Total = Annotated[int, Meta(ge=0, le=100)] | Annotated[float, Meta(ge=0, le=100)]


class Event(Struct, forbid_unknown_fields=True):
    """Something that happened in a session."""

    event_id: Annotated[Text, Meta(description="identifier, numbered evt-001 upwards")]
    session_id: Annotated[Text, Meta(description="the session it belongs to")]
    participant_id: Annotated[Text, Meta(description="pseudonym of the person trained")]
    timestamp: Annotated[str, Meta(description="when it happened, ISO 8601 in UTC")]
    event_type: Annotated[EventType, Meta(description="what happened")]
    phase: Annotated[Phase, Meta(description="part of the session it happened in")]
    actor_id: Annotated[Text, Meta(description="who did it: system or the participant")]
    outcome: Annotated[Outcome, Meta(description="how it ended; info where nothing was at stake")]
    target_id: Annotated[str | UnsetType, Meta(description="what it was done to, for instance a drill")] = UNSET
    objective_id: Annotated[str | UnsetType, Meta(description="the objective it is evidence for")] = UNSET
    critical_error_code: Annotated[str | UnsetType, Meta(description="which critical error it is")] = UNSET
    score_delta: Annotated[
        Number | UnsetType, Meta(description="points the producer logged for it", extra={"unit": "points"})
    ] = UNSET
    details: Annotated[dict[str, Any] | UnsetType, Meta(description="what else is known of it")] = UNSET


class Score(Struct, forbid_unknown_fields=True):
    """The score block of a session."""

    score_total: Total
    status: Status
    why: Annotated[list[str], Meta(min_length=1)]


class BreakdownItem(Struct, forbid_unknown_fields=True):
    """One objective of a report."""

    objective_id: str
    label: str
    weight: Number
    achieved: bool
    score_awarded: Number
    evidence_event_ids: list[str] | UnsetType = UNSET


class CriticalItem(Struct, forbid_unknown_fields=True):
    """One critical error of a report."""

    code: str
    trigger_event_id: str
    penalty: Number
    why: str | UnsetType = UNSET


class DrillItem(Struct, forbid_unknown_fields=True):
    """One recommended drill of a report."""

    microdrill_id: str
    reason: str


class Delta(Struct, forbid_unknown_fields=True):
    """What the re-audit changed."""

    score_delta: Number
    improved_objectives: list[str]


class Report(Struct, forbid_unknown_fields=True):
    """The report of a session."""

    session_id: Text
    participant_id: Text
    scenario_id: Literal["office_fire_mvp"]
    score_total: Total
    status: Status
    objective_breakdown: Annotated[list[BreakdownItem], Meta(min_length=1)]
    why: Annotated[list[str], Meta(min_length=1)]
    recommended_microdrills: list[DrillItem]
    critical_errors: list[CriticalItem] | UnsetType = UNSET
    re_audit_delta: Delta | UnsetType = UNSET


class Bundle(Struct, forbid_unknown_fields=True):
    """A whole session."""

    session_id: Text
    participant_id: Text
    scenario_id: Text
    exported_at: Text
    events: Annotated[list[Event], Meta(min_length=1)]
    score: Score
    report: Report


def is_shaped(value: Any, shape: Any) -> bool:
    """Whether a decoded value fits a shape exactly."""
    try:
        convert(value, shape)
    except (ValidationError, RecursionError):
        return False
    return True
