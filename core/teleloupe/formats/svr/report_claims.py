"""A session's report against its rubric, its events and the evidence (SVR specification, sections 4.4 and 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from teleloupe.formats.svr.amounts import exact, is_number, text_of
from teleloupe.formats.svr.claimed import objects
from teleloupe.formats.svr.contract import Contract, Objective
from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.scoring import ObjectiveResult, Recomputation
from teleloupe.formats.svr.session import Session
from teleloupe.model import Issue

_BREAKDOWN = "/report/objective_breakdown"
_CRITICAL = "/report/critical_errors"
_DRILLS = "/report/recommended_microdrills"
_DELTA = "/report/re_audit_delta"

Item = Mapping[str, Any]


def report_claim_faults(session: Session, contract: Contract, found: Recomputation | None) -> Iterator[Issue]:
    """What the report gets wrong, item by item."""
    report = session.bundle.get("report")
    if not isinstance(report, dict):
        return
    yield from _header_faults(session, report)
    yield from _breakdown_faults(session, report, contract, found)
    yield from _critical_faults(session, report, contract, found)
    yield from _drill_faults(report, contract, found)
    yield from _delta_faults(session, report, found)


def _header_faults(session: Session, report: Item) -> Iterator[Issue]:
    for field in ("session_id", "participant_id", "scenario_id"):
        own, owner = report.get(field), session.bundle.get(field)
        if isinstance(own, str) and isinstance(owner, str) and own and owner and own != owner:
            yield fault("report.header_mismatch", f"/report/{field}", f"the report's {field} differs from the bundle's")


def _breakdown_faults(
    session: Session, report: Item, contract: Contract, found: Recomputation | None
) -> Iterator[Issue]:
    results = {result.objective.objective_id: result for result in found.objectives} if found else {}
    rubric = {o.objective_id: o for o in contract.rubric.objectives} if contract.rubric else None
    known = session.event_ids
    listed: set[str] = set()
    for index, item in objects(report.get("objective_breakdown")):
        at, name = f"{_BREAKDOWN}/{index}", item.get("objective_id")
        yield from _award_faults(at, item)
        is_ghost = rubric is not None and (not isinstance(name, str) or name not in rubric)
        yield from _citation_faults(at, item, known, results, is_ghost=is_ghost)
        if not isinstance(name, str):
            continue
        if name in listed:
            yield fault("report.objective_duplicate", f"{at}/objective_id", f'objective "{name[:60]}" is listed twice')
        listed.add(name)
        if rubric is None:
            continue
        if name not in rubric:
            message = f'objective "{name[:60]}" is not in the rubric'
            yield fault("report.objective_unknown", f"{at}/objective_id", message)
            continue
        yield from _rubric_faults(at, item, rubric[name], is_built_in=contract.is_built_in)
        if name in results:
            yield from _verdict_faults(at, item, results[name])
    if isinstance(report.get("objective_breakdown"), list):
        for name in rubric or ():
            if name not in listed:
                message = f"objective {name} of the rubric is not listed"
                yield fault("report.objective_omitted", _BREAKDOWN, message)


def _award_faults(at: str, item: Item) -> Iterator[Issue]:
    weight, achieved, awarded = item.get("weight"), item.get("achieved"), item.get("score_awarded")
    if not is_number(awarded) or not isinstance(achieved, bool) or (achieved and not is_number(weight)):
        return
    due = exact(weight) if achieved and is_number(weight) else 0
    if exact(awarded) != due:
        state = "achieved" if achieved else "missed"
        message = f"{text_of(awarded)} points for an objective that is {state}; {text_of(due)} are due"
        yield fault(
            "report.award_invalid", f"{at}/score_awarded", message, expected=text_of(due), actual=text_of(awarded)
        )


def _citation_faults(
    at: str, item: Item, known: frozenset[str], results: Mapping[str, ObjectiveResult], *, is_ghost: bool
) -> Iterator[Issue]:
    """What is wrong with the cited events; of an objective that the rubric does not know nobody asks for evidence."""
    cited, name = item.get("evidence_event_ids", []), item.get("objective_id")
    if not isinstance(cited, list):
        return
    result = results.get(name) if isinstance(name, str) else None
    if item.get("achieved") is True and not cited and not is_ghost:
        yield fault("report.evidence_missing", at, "achieved, yet no event is cited in evidence_event_ids")
    attempts = {event.event_id for event in result.attempts} if result and result.objective.is_supported else None
    for index, event_id in enumerate(cited):
        where = f"{at}/evidence_event_ids/{index}"
        if not isinstance(event_id, str):
            continue
        if event_id not in known:
            yield fault("report.evidence_unknown", where, f'event "{event_id[:60]}" is not in the session')
        elif attempts is not None and event_id not in attempts:
            yield fault("report.evidence_unrelated", where, f'event "{event_id[:60]}" is no attempt at {name}')


def _rubric_faults(at: str, item: Item, objective: Objective, *, is_built_in: bool) -> Iterator[Issue]:
    weight, label = item.get("weight"), item.get("label")
    if is_number(weight) and exact(weight) != objective.weight:
        due, stated = text_of(objective.weight), text_of(weight)
        message = f"the weight is {stated}, the rubric says {due}"
        yield fault("report.weight_mismatch", f"{at}/weight", message, expected=due, actual=stated)
    if not is_built_in and isinstance(label, str) and label != objective.label:
        message = "the label differs from the rubric's"
        yield fault("report.label_mismatch", f"{at}/label", message, expected=objective.label, actual=label)


def _verdict_faults(at: str, item: Item, result: ObjectiveResult) -> Iterator[Issue]:
    achieved, shown = item.get("achieved"), result.satisfying is not None
    if isinstance(achieved, bool) and result.objective.is_supported and achieved != shown:
        stated, due = ("achieved" if word else "not achieved" for word in (achieved, shown))
        message = f"the report says {stated}, the evidence {due}"
        yield fault("report.objective_disagrees", f"{at}/achieved", message, expected=due, actual=stated)


def _critical_faults(
    session: Session, report: Item, contract: Contract, found: Recomputation | None
) -> Iterator[Issue]:
    errors = {error.code: error for error in contract.rubric.critical_errors} if contract.rubric else None
    penalised = [(p.error.code, p.event.event_id) for p in found.penalties] if found else []
    known, listed = session.event_ids, set()
    for index, item in objects(report.get("critical_errors")):
        at, code, event_id, penalty = (
            f"{_CRITICAL}/{index}",
            item.get("code"),
            item.get("trigger_event_id"),
            item.get("penalty"),
        )
        if errors is not None and isinstance(code, str):
            if code not in errors:
                yield fault(
                    "report.critical_unknown", f"{at}/code", f'critical error "{code[:60]}" is not in the rubric'
                )
            elif is_number(penalty) and exact(penalty) != errors[code].penalty:
                due, stated = text_of(errors[code].penalty), text_of(penalty)
                message = f"the penalty is {stated}, the rubric says {due}"
                yield fault("report.critical_penalty_mismatch", f"{at}/penalty", message, expected=due, actual=stated)
        if not isinstance(event_id, str):
            continue
        where = f"{at}/trigger_event_id"
        listed.add((code if isinstance(code, str) else "", event_id))
        if event_id not in known:
            yield fault("report.critical_event_unknown", where, f'event "{event_id[:60]}" is not in the session')
        elif found and isinstance(code, str) and (code, event_id) not in penalised:
            message = f'event "{event_id[:60]}" is no penalised {code[:60]}'
            yield fault("report.critical_event_mismatch", where, message)
    for code, event_id in penalised:
        if (code, event_id) not in listed:
            yield fault("report.critical_omitted", _CRITICAL, f"critical error {code} ({event_id[:60]}) is not listed")


def _drill_faults(report: Item, contract: Contract, found: Recomputation | None) -> Iterator[Issue]:
    recommended = report.get("recommended_microdrills")
    if contract.drills is None or not isinstance(recommended, list):
        return
    stated = []
    for index, item in objects(recommended):
        name = item.get("microdrill_id")
        stated.append(name)
        if isinstance(name, str) and name not in contract.drills.ids:
            message = f'micro-drill "{name[:60]}" is not defined'
            yield fault("report.drill_unknown", f"{_DRILLS}/{index}/microdrill_id", message)
    if found is not None and stated != (assigned := [drill.microdrill_id for drill in found.drills]):
        due = ", ".join(assigned) or "none"
        message = f"the policy assigns {due}"
        yield fault(
            "report.drill_mismatch", _DRILLS, message, expected=due, actual=", ".join(map(str, stated)) or "none"
        )


def _delta_faults(session: Session, report: Item, found: Recomputation | None) -> Iterator[Issue]:
    has_re_audit = any(event.phase == "re_audit" for event in session.usable)
    if "re_audit_delta" not in report:
        if has_re_audit:
            message = "a re-audit took place, yet re_audit_delta is missing"
            yield fault("report.delta_missing", "/report", message)
        return
    if not has_re_audit:
        yield fault("report.delta_unexpected", _DELTA, "re_audit_delta is there, events of a re-audit are not")
        return
    delta = report["re_audit_delta"]
    if found is None or not isinstance(delta, dict):
        return
    points, improved = delta.get("score_delta"), delta.get("improved_objectives")
    if is_number(points) and exact(points) != found.re_audit_delta:
        due, stated = text_of(found.re_audit_delta), text_of(points)
        message = f"score_delta is {stated}, the evidence gives {due}"
        yield fault("report.delta_mismatch", f"{_DELTA}/score_delta", message, expected=due, actual=stated)
    names = [result.objective.objective_id for result in found.improved]
    if isinstance(improved, list) and {str(name) for name in improved} != set(names):
        due = ", ".join(names) or "none"
        yield fault(
            "report.improved_mismatch", f"{_DELTA}/improved_objectives", f"the evidence gives {due}", expected=due
        )
