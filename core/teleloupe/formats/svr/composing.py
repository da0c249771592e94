"""The score and report blocks that the evidence gives, and all tallies side by side (sections 4.3, 7.8, 7.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct

from teleloupe.formats.svr.amounts import exact_sum, exact_text, is_number, normal, plain, text_of
from teleloupe.formats.svr.contract import Contract
from teleloupe.formats.svr.scoring import ObjectiveResult, Penalty, Recomputation

WHY_LINE = re.compile(r"([+-][0-9]+(?:\.[0-9]+)?) (?:(critical|re-audit) )?([A-Za-z0-9_.-]+): (.+) \(([^()]*)\)\.?")
NO_EVIDENCE = "no evidence"
DEFAULT_MAXIMUM = Fraction(100)  # what totals are clamped to without a rubric


class WhyLine(Struct, frozen=True):
    """A reason of the score block, taken apart: its points, whom they concern, which events it cites."""

    points: Fraction
    prefix: str
    subject: str
    text: str
    cited: tuple[str, ...]


def read_why(line: object) -> WhyLine | None:
    """A why line by the grammar of section 4.3; None when it does not follow it."""
    match = WHY_LINE.fullmatch(line) if isinstance(line, str) else None
    points = exact_text(match[1].lstrip("+")) if match else None
    if match is None or points is None:
        return None
    cited = tuple(ref for part in match[5].split(",") if (ref := part.strip()) and ref != NO_EVIDENCE)
    return WhyLine(points, match[2] or "", match[3], match[4], cited)


def score_block(found: Recomputation) -> dict[str, Any]:
    """The score block that the evidence gives."""
    return {"score_total": plain(found.total), "status": found.status, "why": list(_why_lines(found))}


def report_block(found: Recomputation, bundle: Mapping[str, Any]) -> dict[str, Any]:
    """The report that the evidence gives; the ids are the bundle's own."""
    report: dict[str, Any] = {
        "session_id": bundle.get("session_id"),
        "participant_id": bundle.get("participant_id"),
        "scenario_id": bundle.get("scenario_id"),
        "score_total": plain(found.total),
        "status": found.status,
        "objective_breakdown": [_breakdown_item(result) for result in found.objectives],
        "critical_errors": [_critical_item(penalty) for penalty in found.penalties],
        "why": [
            *(f"{result.objective.objective_id}: {_verdict_text(result)}" for result in found.objectives),
            *(f"{penalty.error.code}: {penalty.error.why}" for penalty in found.penalties),
        ],
        "recommended_microdrills": [
            {"microdrill_id": drill.microdrill_id, "reason": drill.reason} for drill in found.drills
        ],
    }
    if found.has_re_audit:
        report["re_audit_delta"] = {
            "score_delta": plain(found.re_audit_delta),
            "improved_objectives": [result.objective.objective_id for result in found.improved],
        }
    return report


def tallies(
    bundle: Mapping[str, Any], elements: Sequence[Any] | None, found: Recomputation | None, contract: Contract
) -> dict[str, int | float | None]:
    """Every way to arrive at a total, by name; None where it cannot be had, `elements` without an event list."""
    score, report = block(bundle, "score"), block(bundle, "report")
    why = why_sum(score)
    scope = contract.scenario.listed if contract.scenario else None
    return {
        "claimed_score": _number_or_none(score.get("score_total")),
        "claimed_report": _number_or_none(report.get("score_total")),
        "ledger": None if elements is None else plain(ledger(elements)),
        "breakdown": _plain_or_none(breakdown_sum(report)),
        "why": _plain_or_none(why),
        "evidence": plain(found.total) if found else None,
        "evidence_raw": plain(found.raw) if found else None,
        "evidence_strict": plain(found.strict) if found else None,
        "evidence_scenario_scope": plain(found.scoped(scope)) if found and scope is not None else None,
        "audit": plain(found.audit) if found else None,
    }


def ledger(elements: Sequence[Any]) -> Fraction:
    """The sum of all numeric score_delta, also of events that are no evidence."""
    deltas = (element.get("score_delta") for element in elements if type(element) is dict)
    return exact_sum(delta for delta in deltas if is_number(delta))


def breakdown_sum(report: Mapping[str, Any]) -> Fraction | None:
    """Awarded points less penalties as the report lists them; None when an item lacks its number."""
    awarded = _amounts(report.get("objective_breakdown"), "score_awarded")
    lost = _amounts(report.get("critical_errors", []), "penalty")
    return None if awarded is None or lost is None else awarded - lost


def why_sum(score: Mapping[str, Any]) -> Fraction | None:
    """The sum of the points of all why lines; None unless there are some and every one parses."""
    lines = why_lines(score)
    parsed = [line for line in lines if line]
    return sum((line.points for line in parsed), Fraction(0)) if parsed and len(parsed) == len(lines) else None


def why_lines(score: Mapping[str, Any]) -> list[WhyLine | None]:
    """The why lines of a score block, taken apart."""
    lines = score.get("why")
    return [read_why(line) for line in lines] if isinstance(lines, list) else []


def block(bundle: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The score or report of a bundle; {} when it is absent or no object."""
    found = bundle.get(name)
    return found if isinstance(found, dict) else {}


def _why_lines(found: Recomputation) -> Iterator[str]:
    """Lines with an event behind them in time order, then the misses."""
    timed = [
        *((result.satisfying.order, _objective_line(result)) for result in found.objectives if result.satisfying),
        *((penalty.event.order, _penalty_line(penalty)) for penalty in found.penalties),
    ]
    yield from (line for _, line in sorted(timed, key=lambda entry: entry[0]))
    yield from (_objective_line(result) for result in found.objectives if not result.satisfying)


def _objective_line(result: ObjectiveResult) -> str:
    prefix = "re-audit " if result.re_audit and not result.audit else ""
    refs = ", ".join(event.event_id for event in result.evidence) or NO_EVIDENCE
    text = _verdict_text(result).removesuffix(".")
    return f"{_signed(result.award)} {prefix}{result.objective.objective_id}: {text} ({refs})."


def _penalty_line(penalty: Penalty) -> str:
    text = penalty.error.why.removesuffix(".")
    points = "-0" if penalty.error.penalty == 0 else _signed(-penalty.error.penalty)
    return f"{points} critical {penalty.error.code}: {text} ({penalty.event.event_id})."


def _signed(points: Fraction) -> str:
    return f"{'' if points < 0 else '+'}{text_of(points)}"


def _verdict_text(result: ObjectiveResult) -> str:
    return result.objective.why_success if result.satisfying else result.objective.why_fail


def _breakdown_item(result: ObjectiveResult) -> dict[str, Any]:
    return {
        "objective_id": result.objective.objective_id,
        "label": result.objective.label,
        "weight": plain(result.objective.weight),
        "achieved": result.satisfying is not None,
        "score_awarded": plain(result.award),
        "evidence_event_ids": [event.event_id for event in result.evidence],
    }


def _critical_item(penalty: Penalty) -> dict[str, Any]:
    return {
        "code": penalty.error.code,
        "trigger_event_id": penalty.event.event_id,
        "penalty": plain(penalty.error.penalty),
        "why": penalty.error.why,
    }


def _amounts(items: object, key: str) -> Fraction | None:
    """The sum of a number over the objects of a list; None when the list or one of the numbers is not there."""
    if not isinstance(items, list):
        return None
    numbers = [item.get(key) for item in items if isinstance(item, dict)]
    found = [number for number in numbers if is_number(number)]
    return exact_sum(found) if len(found) == len(numbers) else None


def _plain_or_none(amount: Fraction | None) -> int | float | None:
    return None if amount is None else plain(amount)


def _number_or_none(number: object) -> int | float | None:
    return normal(number) if is_number(number) else None
