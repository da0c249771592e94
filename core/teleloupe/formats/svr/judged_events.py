"""What is wrong with events by the contract they are judged with (SVR specification, sections 4.1, 7 and 9.4)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from teleloupe.formats.svr import vocabulary as words
from teleloupe.formats.svr.amounts import equals, exact, is_number, text_of
from teleloupe.formats.svr.contract import Contract, Objective
from teleloupe.formats.svr.event_faults import critical_code
from teleloupe.formats.svr.events import ABSENT, UsableEvent, value
from teleloupe.formats.svr.instants import seconds_text
from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.scoring import Recomputation, contributions, details_match, is_in_window
from teleloupe.formats.svr.session import Session
from teleloupe.model import Issue

_DRILL_TYPES = ("microdrill_started", "microdrill_completed")


def judged_event_faults(session: Session, contract: Contract, found: Recomputation | None) -> Iterator[Issue]:
    """Every fault of the events that only a contract shows."""
    if contract.rubric is not None:
        yield from _name_faults(session, contract)
    if contract.drills is not None:
        yield from _drill_faults(session, contract.drills.ids)
    if found is not None:
        yield from _delta_faults(session, found)
        yield from _detail_faults(session, found)
        yield from _late_faults(session, found)


def _name_faults(session: Session, contract: Contract) -> Iterator[Issue]:
    """Objectives and critical errors that the rubric does not know, or knows otherwise."""
    rubric = contract.rubric
    if rubric is None:
        return
    objectives = {objective.objective_id: objective for objective in rubric.objectives}
    codes = {error.code for error in rubric.critical_errors}
    for index, element in enumerate(session.elements):
        if not isinstance(element, dict):
            continue
        named, event_type = element.get("objective_id"), element.get("event_type")
        if isinstance(named, str) and named:
            at = session.place(index, "objective_id")
            if named not in objectives:
                yield fault("event.objective_unknown", at, f'objective "{named[:60]}" is not in the rubric')
            elif (
                isinstance(event_type, str)
                and event_type in words.INTERACTIONS
                and event_type != objectives[named].evidence_event
            ):
                message = f"{event_type} is no evidence for {named}"
                expected = objectives[named].evidence_event
                yield fault("event.objective_event_mismatch", at, message, expected=expected, actual=event_type)
        if event_type == "critical_error" and (code := critical_code(element)) and code not in codes:
            message = f'critical error "{code[:60]}" is not in the rubric'
            yield fault("event.critical_code_unknown", session.place(index), message)


def _drill_faults(session: Session, known: frozenset[str]) -> Iterator[Issue]:
    for index, element in enumerate(session.elements):
        if not isinstance(element, dict) or element.get("event_type") not in _DRILL_TYPES:
            continue
        target = element.get("target_id")
        if isinstance(target, str) and target and target not in known:
            message = f'micro-drill "{target[:60]}" is not defined'
            yield fault("event.drill_target_unknown", session.place(index, "target_id"), message)


def _delta_faults(session: Session, found: Recomputation) -> Iterator[Issue]:
    """Logged points that are not what the event is worth."""
    worth, unjudged = contributions(found), found.unjudged_types
    for event in session.usable:
        logged = event.element.get("score_delta", 0)
        if event.event_type in unjudged or not is_number(logged):
            continue
        due = worth.get(event.index, Fraction(0))
        if exact(logged) != due:
            message = f"score_delta is {text_of(logged)}, by the rubric the event is worth {text_of(due)}"
            at = session.place(event.index, "score_delta")
            yield fault("event.score_delta_mismatch", at, message, expected=text_of(due), actual=text_of(logged))


def _detail_faults(session: Session, found: Recomputation) -> Iterator[Issue]:
    """Outcomes that the details do not bear out."""
    demanding: dict[str, list[Objective]] = {}
    for result in found.objectives:
        if result.objective.required_detail:
            demanding.setdefault(result.objective.evidence_event, []).append(result.objective)
    for event in session.usable:
        for objective in demanding.get(event.event_type, ()):
            if not objective.is_direct or event.objective_id in ("", objective.objective_id):
                yield from _story_faults(session, event, objective)


def _story_faults(session: Session, event: UsableEvent, objective: Objective) -> Iterator[Issue]:
    at = session.place(event.index, "outcome")
    if event.outcome == "fail" and details_match(event, objective.required_detail):
        yield fault("event.outcome_contradicts_detail", at, "outcome is fail, yet every required detail is right")
    if event.outcome != "success":
        return
    for key, wanted in objective.required_detail.items():
        given = value(event, key)
        if given is ABSENT:
            message = f"a success without {key}, which would prove it"
            yield fault("event.evidence_detail_missing", session.place(event.index), message)
        elif not equals(given, wanted):
            message = f"outcome is success, yet {key} does not have the required value"
            yield fault("event.outcome_contradicts_detail", at, message)


def _late_faults(session: Session, found: Recomputation) -> Iterator[Issue]:
    """Successes that only their window disqualifies."""
    for result in found.objectives:
        objective = result.objective
        if objective.window_s is None or not objective.is_supported:
            continue
        for phase, attempts in result.direct.items():
            for event in attempts:
                if (
                    event.instant is not None
                    and event.outcome == "success"
                    and details_match(event, objective.required_detail)
                    and not is_in_window(event, objective, found.starts)
                ):
                    elapsed = seconds_text(event.instant - found.starts[phase])
                    limit = text_of(objective.window_s)
                    message = f"{objective.objective_id} was met after {elapsed} s, its window is {limit} s"
                    at = session.place(event.index, "timestamp")
                    yield fault("limit.objective_late", at, message, expected=f"{limit} s", actual=f"{elapsed} s")
