"""The score audit: every way to a total beside the claimed one, and every objective and penalty with its proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.svr.amounts import exact, plain
from teleloupe.formats.svr.audit import ObjectiveAudit, PenaltyAudit, ScoreAudit, Tally
from teleloupe.formats.svr.composing import block
from teleloupe.formats.svr.views.seen import Seen, seen
from teleloupe.model import Chart, Document, Place, Series, Table

_STATED_AT = {
    "claimed_score": "/score/score_total",
    "claimed_report": "/report/score_total",
    "breakdown": "/report/objective_breakdown",
    "why": "/score/why",
}
_BLOCKS = {"claimed_score": "score", "claimed_report": "report"}
_DUE = ("claimed_score", "claimed_report", "ledger", "breakdown", "why", "evidence")  # what has to be one number


class Number(Struct, frozen=True):
    """One way to arrive at a total."""

    number: Annotated[str, Meta(description="how the total is arrived at")]
    points: Annotated[int | float | None, Meta(description="what it comes to", extra={"unit": "points"})]
    status: Annotated[str | None, Meta(description="the status stated or recomputed with it")]
    state: Annotated[str, Meta(description="against the claimed total: agrees, differs, not compared, or absent")]
    off_by: Annotated[int | float | None, Meta(description="less the claimed total", extra={"unit": "points"})]
    events: Annotated[int, Meta(description="how many events it rests on")]
    event_ids: Annotated[str, Meta(description="the events it rests on")]
    place: Place


class Proof(Struct, frozen=True):
    """An objective or a critical error: what the report says of it and what the events show."""

    what: Annotated[str, Meta(description="objective or critical error")]
    name: Annotated[str, Meta(description="its identifier")]
    worth: Annotated[int | float | None, Meta(description="weight, or penalty below zero", extra={"unit": "points"})]
    claimed: Annotated[str, Meta(description="the report says: achieved, missed, made, or not listed")]
    claimed_points: Annotated[int | float | None, Meta(description="as the report has it", extra={"unit": "points"})]
    evidence: Annotated[str, Meta(description="the events show: achieved, attested, missed, untried, made, or nothing")]
    points: Annotated[int | float | None, Meta(description="as the evidence gives it", extra={"unit": "points"})]
    state: Annotated[str, Meta(description="agrees, differs, or open where one side says nothing")]
    event_ids: Annotated[str, Meta(description="the events that show it")]
    cited: Annotated[str, Meta(description="the events that the report cites")]
    absent: Annotated[str, Meta(description="cited events that the session does not have")]
    label: Annotated[str, Meta(description="its name in words")]
    place: Place


def audit_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """A row for each way to arrive at a total, with the events behind it."""
    session = seen(document, documents)
    if session is None:
        return table_of(document.path, Number, [])
    audit = session.audit
    rows = [_number(session, audit, tally) for tally in audit.tallies]
    claimed, evidence = _told(audit.claimed), _told(audit.evidence)
    part = "" if audit.is_whole or audit.evidence[0] is None else " in part"
    return table_of(f"{document.path}: claimed {claimed}, by evidence{part} {evidence}{session.state}", Number, rows)


def audit_charts(document: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """The totals as bars."""
    session = seen(document, documents)
    amounts = [(tally.title, tally.amount) for tally in session.audit.tallies] if session else []
    bars = tuple(
        Series(title, ((0.0, number),)) for title, amount in amounts if (number := _finite(amount)) is not None
    )
    return (Chart("Totals", "bars", "way to the total", "points", bars),) if bars else ()


def evidence_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """A row for each objective and each critical error."""
    session = seen(document, documents)
    return table_of(document.path, Proof, list(_proofs(session)) if session else [])


def _number(session: Seen, audit: ScoreAudit, tally: Tally) -> Number:
    claimed = audit.claimed[0]
    is_due = tally.name in _DUE and claimed is not None
    status = _status(session, audit, tally)
    is_other_status = tally.name == "evidence" and audit.is_whole and audit.claimed[1] not in (None, status)
    off_by = None if tally.amount is None or claimed is None else plain(exact(tally.amount) - exact(claimed))
    if tally.amount is None:
        state = "absent"
    elif not is_due or (tally.name == "evidence" and not audit.is_whole):
        state = "not compared"
    else:
        state = "differs" if tally.disagrees or is_other_status else "agrees"
    return Number(
        tally.title,
        tally.amount,
        status,
        state,
        off_by,
        len(tally.records),
        session.event_ids(tally.records),
        session.first(tally.records, _STATED_AT.get(tally.name, "") if tally.amount is not None else ""),
    )


def _status(session: Seen, audit: ScoreAudit, tally: Tally) -> str | None:
    if tally.name == "evidence":
        return audit.evidence[1]
    stated = block(session.whole.bundle, _BLOCKS.get(tally.name, "")).get("status")
    return stated if isinstance(stated, str) else None


def _told(result: tuple[int | float | None, str | None]) -> str:
    """A total with its status, in words."""
    return " ".join(str(part) for part in result if part is not None) or "nothing"


def _finite(amount: float | None) -> float | None:
    """An amount that can be drawn."""
    try:
        return None if amount is None else float(amount)
    except OverflowError:
        return None


def _proofs(session: Seen) -> Iterator[Proof]:
    audit = session.audit
    places: dict[Any, str] = {}
    report = block(session.whole.bundle, "report")
    for field, key in (("objective_breakdown", "objective_id"), ("critical_errors", "code")):
        items = report.get(field)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict) and isinstance(item.get(key), str):
                places.setdefault(item[key], f"/report/{field}/{index}")
    for objective in audit.objectives:
        yield _of_objective(session, objective, places.get(objective.objective_id, ""))
    for penalty in audit.penalties:
        yield _of_penalty(session, penalty, places.get(penalty.code, ""))


def _of_objective(session: Seen, objective: ObjectiveAudit, at: str) -> Proof:
    is_open = objective.claimed is None or objective.audit == "unsupported"
    shown = next(
        (result for result in (objective.audit, objective.re_audit) if result in ("achieved", "attested")),
        objective.re_audit if objective.audit == "untried" else objective.audit,
    )
    return Proof(
        "objective",
        objective.objective_id,
        objective.weight,
        "not listed" if objective.claimed is None else "achieved" if objective.claimed else "missed",
        objective.claimed_award,
        shown,
        objective.award,
        "open" if is_open else "differs" if objective.disagrees else "agrees",
        session.event_ids(objective.records),
        session.event_ids(objective.cited),
        ", ".join(objective.unknown),
        objective.label,
        session.first(objective.records, at),
    )


def _of_penalty(session: Seen, penalty: PenaltyAudit, at: str) -> Proof:
    cost = None if penalty.penalty is None else 0 - penalty.penalty
    is_both = penalty.is_in_evidence and penalty.is_claimed
    has_report = "report" in session.whole.bundle
    state = "agrees" if is_both else "differs" if penalty.is_claimed or has_report else "open"
    blamed = session.event_id(penalty.record) or ""
    return Proof(
        "critical error",
        penalty.code,
        cost,
        "made" if penalty.is_claimed else "not listed",
        cost if penalty.is_claimed else None,
        "made" if penalty.is_in_evidence else "nothing",
        cost if penalty.is_in_evidence else 0,
        state,
        blamed if penalty.is_in_evidence else "",
        blamed if penalty.is_claimed else "",
        penalty.unknown,
        "",
        session.place(penalty.record, at),
    )
