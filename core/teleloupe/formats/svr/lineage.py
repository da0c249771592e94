"""The course of a session: phases, drills, re-audit, and how long they took (SVR specification, sections 9.1, 9.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from teleloupe.formats.svr.amounts import text_of
from teleloupe.formats.svr.contract import Contract
from teleloupe.formats.svr.events import UsableEvent, entered_phase, phase_starts
from teleloupe.formats.svr.instants import SECOND_NS, seconds_text
from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.scoring import Recomputation
from teleloupe.formats.svr.session import Session
from teleloupe.formats.svr.vocabulary import PHASES, RANK, RE_AUDIT_COMPLETED
from teleloupe.model import Issue

_EVENTS = "/events"


def course_faults(session: Session) -> Iterator[Issue]:
    """What is wrong with the course of a session, whatever contract it is judged by."""
    first = first_of_phases(session.ordered)
    if session.elements and "audit" not in first:
        yield fault("lineage.no_audit", _EVENTS, "no event of the audit is left")
    yield from _phase_order_faults(session)
    for phase in PHASES[1:]:
        later = [other for other in first if RANK[other] > RANK[phase]]
        if phase not in first and later:
            message = f"phase {phase} left no event although {max(later, key=RANK.__getitem__)} was reached"
            yield fault("lineage.phase_skipped", _EVENTS, message)
    announced = {entered_phase(event) for event in session.ordered if event.event_type == "phase_transition"}
    for phase, event in first.items():
        if phase not in announced:
            message = f"phase {phase} begins without a phase_transition"
            yield fault("lineage.transition_missing", session.place(event.index), message)
    yield from _pairing_faults(session)
    yield from _re_audit_faults(session, first)


def judged_course_faults(session: Session, contract: Contract, found: Recomputation | None) -> Iterator[Issue]:
    """What is wrong with the course of a session by its contract."""
    if contract.drills is not None:
        yield from _drill_length_faults(session, contract)
    if found is not None:
        if contract.drills is not None:
            yield from _assignment_faults(session, contract.drills.ids, found)
        yield from _evidence_faults(session, found)
    if contract.scenario is not None:
        yield from _limit_faults(session, contract)


def first_of_phases(ordered: Sequence[UsableEvent]) -> dict[str, UsableEvent]:
    """The first event of each phase that has one, in time."""
    first: dict[str, UsableEvent] = {}
    for event in ordered:
        first.setdefault(event.phase, event)
    return first


def drill_runs(ordered: Sequence[UsableEvent]) -> list[tuple[UsableEvent | None, UsableEvent | None]]:
    """Drill starts with the completions that belong to them, first in first out by drill; None where one is missing."""
    waiting: dict[str, list[int]] = {}
    runs: list[tuple[UsableEvent | None, UsableEvent | None]] = []
    for event in ordered:
        if not event.target_id:
            continue
        if event.event_type == "microdrill_started":
            waiting.setdefault(event.target_id, []).append(len(runs))
            runs.append((event, None))
        elif event.event_type == "microdrill_completed":
            open_runs = waiting.get(event.target_id)
            if open_runs:
                at = open_runs.pop(0)
                runs[at] = (runs[at][0], event)
            else:
                runs.append((None, event))
    return runs


def phase_lengths(ordered: Sequence[UsableEvent]) -> dict[str, tuple[int, int]]:
    """When each phase began and ended, ns since 1970; phases that have no instant are absent (section 9.4)."""
    transitions = [
        (event.instant, RANK[entered_phase(event)])
        for event in ordered
        if event.event_type == "phase_transition" and event.instant is not None and entered_phase(event) in RANK
    ]
    last: dict[str, int] = {}
    for event in ordered:
        if event.instant is not None:
            last[event.phase] = max(event.instant, last.get(event.phase, event.instant))
    lengths = {}
    for phase, start in phase_starts(ordered).items():
        next_start = min((at for at, rank in transitions if rank > RANK[phase] and at > start), default=start)
        lengths[phase] = start, max(start, last.get(phase, start), next_start)
    return lengths


def _phase_order_faults(session: Session) -> Iterator[Issue]:
    highest, before = "", ""
    for event in session.ordered:
        if highest and RANK[event.phase] < RANK[highest] and event.phase != before:
            message = f"{event.phase} comes after {highest}"
            yield fault("lineage.phase_order", session.place(event.index, "phase"), message)
        if not highest or RANK[event.phase] > RANK[highest]:
            highest = event.phase
        before = event.phase


def _pairing_faults(session: Session) -> Iterator[Issue]:
    for started, completed in drill_runs(session.ordered):
        if started is None and completed is not None:
            message = f"micro-drill {completed.target_id[:60]} was completed without having started"
            yield fault("lineage.drill_not_started", session.place(completed.index), message)
        elif completed is None and started is not None:
            message = f"micro-drill {started.target_id[:60]} was started and never completed"
            yield fault("lineage.drill_not_completed", session.place(started.index), message)


def _re_audit_faults(session: Session, first: Mapping[str, UsableEvent]) -> Iterator[Issue]:
    completed = next((event for event in session.ordered if event.event_type == RE_AUDIT_COMPLETED), None)
    if completed is not None:
        started = next((event for event in session.ordered if event.event_type == "re_audit_started"), None)
        if started is None or started.order > completed.order:
            message = "re_audit_completed without a re_audit_started before it"
            yield fault("lineage.re_audit_not_started", session.place(completed.index), message)
    elif "re_audit" in first:
        yield fault("lineage.re_audit_not_completed", _EVENTS, "the re-audit has no re_audit_completed event")


def _drill_length_faults(session: Session, contract: Contract) -> Iterator[Issue]:
    planned = {drill.microdrill_id: drill.duration_s for drill in contract.drills.drills} if contract.drills else {}
    for started, completed in drill_runs(session.ordered):
        if started is None or completed is None or started.instant is None or completed.instant is None:
            continue
        limit = planned.get(started.target_id)
        took = completed.instant - started.instant
        if limit is not None and took > limit * SECOND_NS:
            at = session.place(completed.index, "timestamp")
            yield _too_long("limit.drill_duration", at, f"micro-drill {started.target_id}", took, limit)


def _assignment_faults(session: Session, known: frozenset[str], found: Recomputation) -> Iterator[Issue]:
    """Drills against what the policy assigns."""
    assigned = [drill.microdrill_id for drill in found.drills]
    named = ", ".join(assigned) or "none"
    events = [event for event in session.ordered if event.event_type in ("microdrill_started", "microdrill_completed")]
    for event in events:
        if event.event_type == "microdrill_started" and event.target_id in known and event.target_id not in assigned:
            message = f"micro-drill {event.target_id} is not what the policy assigns ({named})"
            at = session.place(event.index, "target_id")
            yield fault("lineage.drill_unassigned", at, message, expected=named, actual=event.target_id)
    if not assigned:
        return
    first = next((event for event in session.ordered if event.phase == "re_audit"), None)
    if first is None:
        if not events and session.elements and ("score" in session.bundle or "report" in session.bundle):
            yield fault("lineage.drill_missing", _EVENTS, f"the policy assigns {named}, no micro-drill was run")
    elif not any(event.event_type == "microdrill_completed" and event.order < first.order for event in events):
        message = "the re-audit begins before any micro-drill was completed"
        yield fault("lineage.re_audit_without_drill", session.place(first.index), message)


def _evidence_faults(session: Session, found: Recomputation) -> Iterator[Issue]:
    """What the attempts at each objective tell: untried, attested, contradicted, regressed."""
    reached = any(event.phase != "audit" for event in session.ordered)
    has_audit = any(event.phase == "audit" for event in session.ordered)
    for penalty in found.free:
        message = f"critical error {penalty.error.code} in phase {penalty.event.phase} costs nothing"
        yield fault("lineage.unscored_critical", session.place(penalty.event.index), message)
    for result in found.objectives:
        objective, direct = result.objective, result.direct
        if not objective.is_supported or not objective.is_direct:
            continue
        name = objective.objective_id
        if has_audit and reached and not direct["audit"]:
            message = f"the audit holds no {objective.evidence_event} for {name}"
            yield fault("lineage.objective_untried", _EVENTS, message)
        if result.is_attested and result.re_audit and not result.audit:
            message = f"{name} is credited on the word of {RE_AUDIT_COMPLETED}; no {objective.evidence_event} shows it"
            yield fault("lineage.attested_only", session.place(result.re_audit.index), message)
        if direct["re_audit"] and not result.re_audit:
            if result.audit:
                message = f"{name} was achieved in the audit and failed in the re-audit"
                yield fault("lineage.regressed", session.place(direct["re_audit"][0].index), message)
            for event in result.attempts:
                if event.event_type == RE_AUDIT_COMPLETED and event.outcome == "success":
                    message = f"{name} is reported as corrected, the re-audit's own events show no success"
                    yield fault("lineage.attestation_contradicted", session.place(event.index), message)


def _limit_faults(session: Session, contract: Contract) -> Iterator[Issue]:
    scenario = contract.scenario
    if scenario is None:
        return
    for phase, (start, end) in phase_lengths(session.ordered).items():
        limit = scenario.timeboxes_s.get(phase)
        if limit is not None and end - start > limit * SECOND_NS:
            yield _too_long("limit.phase_timebox", _EVENTS, f"phase {phase}", end - start, limit)
    instants = [event.instant for event in session.usable if event.instant is not None]
    if instants and scenario.duration_s is not None:
        took = max(instants) - min(instants)
        if took > scenario.duration_s * SECOND_NS:
            yield _too_long("limit.session_duration", _EVENTS, "the session", took, scenario.duration_s)


def _too_long(code: str, at: str, subject: str, took_ns: int, limit_s: Fraction) -> Issue:
    actual, expected = f"{seconds_text(took_ns)} s", f"{text_of(limit_s)} s"
    return fault(code, at, f"{subject} took {actual}, planned are {expected}", expected=expected, actual=actual)
