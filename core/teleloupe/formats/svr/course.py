"""The course of a session as values for a screen: phases on a time axis, what is missing, may it leave (section 16)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from teleloupe.formats.svr.amounts import is_number, plain
from teleloupe.formats.svr.contract import Contract
from teleloupe.formats.svr.csvtext import CsvTable
from teleloupe.formats.svr.instants import SECOND_NS
from teleloupe.formats.svr.judging import recomputed
from teleloupe.formats.svr.lineage import phase_lengths
from teleloupe.formats.svr.scoring import Recomputation, contributions
from teleloupe.formats.svr.session import Session
from teleloupe.formats.svr.vocabulary import PHASES
from teleloupe.model import Issue

_BY_QUESTION = {
    "blocks": ("bundle.field_missing",),
    "event numbers": ("event.id_gap",),
    "cited events": ("report.evidence_unknown", "score.why_event_unknown", "report.critical_event_unknown"),
    "failures": ("report.critical_omitted", "report.objective_omitted", "score.why_no_corrective"),
    "CSV rows": ("csv.row_count", "csv.row_missing", "csv.row_extra", "csv.pair_missing"),
    "phases": ("lineage.no_audit", "lineage.phase_skipped", "lineage.transition_missing"),
    "micro-drills": ("lineage.drill_missing", "lineage.drill_not_started", "lineage.drill_not_completed"),
    "re-audit": ("lineage.re_audit_not_started", "lineage.re_audit_not_completed"),
}
MISSING = {question: frozenset(f"svr.{code}" for code in codes) for question, codes in _BY_QUESTION.items()}
_ADVICE = {
    "svr.privacy.participant_identifying": "replace the participant by a pseudonym",
    "svr.privacy.participant_not_pseudonymous": "replace the participant by a pseudonym",
    "svr.privacy.actor_unexpected": "check who acted",
    "svr.privacy.detail_identifying": "remove what identifies somebody",
    "svr.privacy.detail_biometric": "remove what was measured on a body",
    "svr.privacy.detail_secret": "remove credentials and revoke them",
    "svr.privacy.value_email": "remove e-mail addresses",
    "svr.privacy.value_url": "remove network addresses",
    "svr.privacy.value_user_path": "shorten paths inside a user's profile",
}
_SHOWN = 5  # places in one hint
_MISSING_CODES = frozenset().union(*MISSING.values())


class PhaseSpan(Struct, frozen=True):
    """A phase on the time axis: start and end in ns since the session's start, its timebox in ns, its events."""

    phase: str
    start_ns: int
    end_ns: int
    timebox_ns: int | None
    records: tuple[int, ...]

    @property
    def is_overlong(self) -> bool:
        """Whether it lasted longer than its timebox."""
        return self.timebox_ns is not None and self.end_ns - self.start_ns > self.timebox_ns


class Mark(Struct, frozen=True):
    """An event on the time axis, ns since the session's start (None: it has no instant).

    `worth` is what the evidence gives it (None: nobody can say), `logged` what the producer wrote; `serves` are the
    objectives it satisfies and the critical errors it triggers.
    """

    record: int
    at_ns: int | None
    event_type: str
    phase: str
    outcome: str
    worth: int | float | None
    logged: int | float | None
    serves: tuple[str, ...]


class Window(Struct, frozen=True):
    """The time in which an objective can be met in a phase, ns since the session's start."""

    objective_id: str
    phase: str
    opens_ns: int
    closes_ns: int
    met_by: int | None


class PhaseTimeline(Struct, frozen=True):
    """A session on a time axis that begins at its first instant; `start` is that in ns since 1970, None without any."""

    start: int | None
    length_ns: int
    planned_ns: int | None
    phases: tuple[PhaseSpan, ...]
    windows: tuple[Window, ...]
    marks: tuple[Mark, ...]


class Completeness(Struct, frozen=True):
    """Is anything missing: the counts of events and CSV rows (None: no such file), and the issues that say so."""

    events: int
    rows: int | None
    issues: tuple[Issue, ...]


def phase_timeline(session: Session, contract: Contract) -> PhaseTimeline:
    """The phases, windows and events of a session on one axis."""
    instants = [event.instant for event in session.usable if event.instant is not None]
    found, scenario = recomputed(session, contract), contract.scenario
    start = min(instants, default=None)
    origin = start or 0
    planned = scenario.duration_s if scenario else None
    boxes = scenario.timeboxes_s if scenario else {}
    lengths = phase_lengths(session.ordered)
    spans = tuple(
        PhaseSpan(
            phase,
            lengths[phase][0] - origin,
            lengths[phase][1] - origin,
            int(boxes[phase] * SECOND_NS) if phase in boxes else None,
            tuple(event.index for event in session.ordered if event.phase == phase),
        )
        for phase in PHASES
        if phase in lengths
    )
    return PhaseTimeline(
        start,
        max(instants, default=origin) - origin,
        None if planned is None else int(planned * SECOND_NS),
        spans,
        tuple(_windows(found, origin)) if found else (),
        tuple(_marks(session, found, origin)),
    )


def completeness(session: Session, table: CsvTable | None, issues: Iterable[Issue]) -> Completeness:
    """What the issues of a session and of its CSV say to be missing, with both counts."""
    told = tuple(issue for issue in issues if issue.rule.code in _MISSING_CODES)
    return Completeness(len(session.elements), len(table.rows) if table else None, told)


def privacy_light(issues: Iterable[Issue]) -> Literal["green", "yellow", "red"]:
    """May this leave the building: red with an error of privacy, yellow with a warning."""
    severities = {issue.severity for issue in issues if issue.rule.code.startswith("svr.privacy.")}
    return "red" if "error" in severities else "yellow" if severities else "green"


def advice_for(issue: Issue) -> str:
    """What to do about a finding of privacy; "" for every other issue."""
    return _ADVICE.get(issue.rule.code, "")


def retention_hints(issues: Iterable[Issue]) -> tuple[str, ...]:
    """What to do with a file before it is kept or handed on, one line a kind of finding; () when nothing speaks."""
    places: dict[str, list[str]] = {}
    for issue in issues:
        advice = advice_for(issue)
        if advice:
            places.setdefault(advice, []).append(issue.at or "the file")
    return tuple(
        f"{advice}: {', '.join(found[:_SHOWN])}{' ...' * (len(found) > _SHOWN)}" for advice, found in places.items()
    )


def _windows(found: Recomputation, origin: int) -> list[Window]:
    windows = []
    for result in found.objectives:
        limit = result.objective.window_s
        if limit is None or not result.objective.is_direct:
            continue
        for phase, hit in (("audit", result.audit), ("re_audit", result.re_audit)):
            if phase in found.starts:
                opens = found.starts[phase] - origin
                closes = opens + int(limit * SECOND_NS)
                met = hit.index if hit and not (phase == "re_audit" and result.is_attested) else None
                windows.append(Window(result.objective.objective_id, phase, opens, closes, met))
    return windows


def _marks(session: Session, found: Recomputation | None, origin: int) -> list[Mark]:
    worth, unjudged = (contributions(found), found.unjudged_types) if found else ({}, frozenset())
    serves: dict[int, list[str]] = {}
    for result in found.objectives if found else ():
        if result.satisfying:
            serves.setdefault(result.satisfying.index, []).append(result.objective.objective_id)
    for penalty in found.penalties if found else ():
        serves.setdefault(penalty.event.index, []).append(penalty.error.code)
    marks = []
    for event in session.ordered:
        logged = event.element.get("score_delta")
        marks.append(
            Mark(
                event.index,
                None if event.instant is None else event.instant - origin,
                event.event_type,
                event.phase,
                event.outcome,
                plain(worth.get(event.index, Fraction(0))) if found and event.event_type not in unjudged else None,
                logged if is_number(logged) else None,
                tuple(serves.get(event.index, ())),
            )
        )
    return marks
