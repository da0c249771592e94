"""The score audit as values for a screen: every tally, objective and penalty with the events behind it (section 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from teleloupe.formats.svr.amounts import exact, is_number, plain
from teleloupe.formats.svr.claimed import claimed_status, claimed_total, clamped, objects
from teleloupe.formats.svr.composing import block, tallies, why_lines
from teleloupe.formats.svr.contract import Contract
from teleloupe.formats.svr.events import UsableEvent
from teleloupe.formats.svr.judging import recomputed
from teleloupe.formats.svr.lineage import drill_runs
from teleloupe.formats.svr.narrative import TALLY_TITLES
from teleloupe.formats.svr.reading import session_of
from teleloupe.formats.svr.relations import contract_files, contract_for
from teleloupe.formats.svr.scoring import ObjectiveResult, Recomputation
from teleloupe.formats.svr.session import Session
from teleloupe.formats.svr.shelf import Shelf
from teleloupe.model import Document

Result = Literal["achieved", "missed", "untried", "attested", "unsupported"]
_STATED = ("claimed_score", "claimed_report")
_COMPARED = ("ledger", "breakdown", "why", "evidence")  # what a stated total has to equal


class Tally(Struct, frozen=True):
    """One way to arrive at a total: its name, title, amount (None: cannot be had), and the records behind it.

    `disagrees` is true when it should equal the stated total and does not; totals are compared clamped.
    """

    name: str
    title: str
    amount: int | float | None
    disagrees: bool
    records: tuple[int, ...]


class ObjectiveAudit(Struct, frozen=True):
    """An objective as the report has it and as the evidence shows it, in the audit and in the re-audit.

    What the report leaves out is None. `records` are the events of the evidence, `cited` those the report names; an
    identifier that no event has is in `unknown`.
    """

    objective_id: str
    label: str
    weight: int | float
    claimed: bool | None
    claimed_award: int | float | None
    award: int | float
    audit: Result
    re_audit: Result
    records: tuple[int, ...]
    cited: tuple[int, ...]
    unknown: tuple[str, ...]

    @property
    def is_achieved(self) -> bool:
        """Whether the evidence shows it achieved."""
        return any(result in ("achieved", "attested") for result in (self.audit, self.re_audit))

    @property
    def disagrees(self) -> bool:
        """Whether report and evidence differ; nothing is known of an objective without a formula."""
        is_open = self.claimed is None or self.audit == "unsupported"
        return not is_open and (self.claimed != self.is_achieved or self.claimed_award != self.award)


class PenaltyAudit(Struct, frozen=True):
    """A critical error: what it costs, the event that is to blame (None: not in the session), who knows of it.

    `unknown` is the identifier that the report blames where no event has it.
    """

    code: str
    penalty: int | float | None
    record: int | None
    is_in_evidence: bool
    is_claimed: bool
    unknown: str = ""


class DrillAudit(Struct, frozen=True):
    """A micro-drill: assigned and why, and the events in which it was started and completed."""

    microdrill_id: str
    reason: str
    started: int | None
    completed: int | None

    @property
    def is_assigned(self) -> bool:
        """Whether the policy asks for it."""
        return bool(self.reason)


class ScoreAudit(Struct, frozen=True):
    """All of it for one session; `claimed` and `evidence` are (total, status), None where there is none."""

    is_running: bool
    is_whole: bool
    claimed: tuple[int | float | None, str | None]
    evidence: tuple[int | float | None, str | None]
    tallies: tuple[Tally, ...]
    objectives: tuple[ObjectiveAudit, ...]
    penalties: tuple[PenaltyAudit, ...]
    drills: tuple[DrillAudit, ...]
    re_audit_delta: int | float | None
    improved: tuple[str, ...]


def contract_at(documents: Mapping[str, Document], path: str) -> Contract | None:
    """The contract that judges the session at a path among a snapshot's documents; None when there is no session."""
    session = session_of(documents[path]) if path in documents else None
    return contract_for(session, path, Shelf(contract_files(documents))) if session else None


def score_audit(session: Session, contract: Contract) -> ScoreAudit:
    """Claimed, ledger, breakdown and evidence side by side, with the events behind every number."""
    found = recomputed(session, contract)
    total, status = claimed_total(session.bundle), claimed_status(session.bundle)
    return ScoreAudit(
        session.is_running,
        found is not None and found.rubric.is_supported,
        (plain(total.amount) if total else None, status.status if status else None),
        (plain(found.total), found.status) if found else (None, None),
        tuple(_tallies(session, contract, found)),
        tuple(_objectives(session, found)),
        tuple(_penalties(session, found)),
        tuple(_drills(session, found)),
        plain(found.re_audit_delta) if found and found.has_re_audit else None,
        tuple(result.objective.objective_id for result in found.improved) if found else (),
    )


def _tallies(session: Session, contract: Contract, found: Recomputation | None) -> list[Tally]:
    stated = claimed_total(session.bundle)
    elements = session.elements if session.has_events else None
    listed = []
    for name, amount in tallies(session.bundle, elements, found, contract).items():
        due = clamped(exact(amount), contract) if amount is not None and name in _COMPARED else None
        is_partial = name == "evidence" and found is not None and not found.rubric.is_supported
        disagrees = stated is not None and due is not None and due != stated.amount and not is_partial
        if name in _STATED and stated is not None and amount is not None:
            disagrees = exact(amount) != stated.amount
        records = _records_behind(name, session, found, contract)
        listed.append(Tally(name, TALLY_TITLES[name], amount, disagrees, records))
    return listed


def _records_behind(name: str, session: Session, found: Recomputation | None, contract: Contract) -> tuple[int, ...]:
    """The places in the file of the events that a tally rests on."""
    if name == "ledger":
        numbered = enumerate(session.elements)
        return tuple(i for i, e in numbered if isinstance(e, dict) and is_number(d := e.get("score_delta")) and d)
    if name == "why":
        lines = why_lines(block(session.bundle, "score"))
        return _known(session, [event_id for line in lines if line for event_id in line.cited])
    if name == "breakdown":
        return _known(session, _cited_by_report(session))
    if found is None or name in _STATED:
        return ()
    results = found.objectives
    if name == "evidence_scenario_scope":
        listed = contract.scenario.listed if contract.scenario else frozenset()
        results = tuple(result for result in results if result.objective.objective_id in listed)
    satisfying = [r.audit if name == "audit" else r.satisfying for r in results]
    if name == "evidence_strict":
        satisfying = [r.satisfying for r in results if not (r.is_attested and not r.audit)]
    guilty = [p.event for p in found.penalties if name != "audit" or p.event.phase == "audit"]
    return _places([*(event for event in satisfying if event), *guilty])


def _objectives(session: Session, found: Recomputation | None) -> list[ObjectiveAudit]:
    listed = {
        item["objective_id"]: item
        for _, item in objects(block(session.bundle, "report").get("objective_breakdown"))
        if isinstance(item.get("objective_id"), str)
    }
    known = session.event_ids
    return [_objective(session, result, listed, known) for result in found.objectives] if found else []


def _objective(
    session: Session, result: ObjectiveResult, listed: Mapping[str, Mapping[str, Any]], known: frozenset[str]
) -> ObjectiveAudit:
    objective = result.objective
    item = listed.get(objective.objective_id, {})
    achieved, award, named = item.get("achieved"), item.get("score_awarded"), item.get("evidence_event_ids")
    cited = [event_id for event_id in named if isinstance(event_id, str)] if isinstance(named, list) else []
    return ObjectiveAudit(
        objective.objective_id,
        objective.label,
        plain(objective.weight),
        achieved if isinstance(achieved, bool) else None,
        award if is_number(award) else None,
        plain(result.award),
        _result(result, "audit"),
        _result(result, "re_audit"),
        _places(result.evidence),
        _known(session, cited),
        tuple(event_id for event_id in cited if event_id not in known),
    )


def _result(result: ObjectiveResult, phase: str) -> Result:
    if not result.objective.is_supported:
        return "unsupported"
    hit = result.audit if phase == "audit" else result.re_audit
    if hit is not None:
        return "attested" if phase == "re_audit" and result.is_attested else "achieved"
    return "missed" if any(event.phase == phase for event in result.attempts) else "untried"


def _penalties(session: Session, found: Recomputation | None) -> list[PenaltyAudit]:
    """The penalised errors of the evidence, then those that only the report knows."""
    stated = [
        (item.get("code"), item.get("trigger_event_id"), item.get("penalty"))
        for _, item in objects(block(session.bundle, "report").get("critical_errors"))
    ]
    named = [(code, event_id) for code, event_id, _ in stated]
    shown = [
        PenaltyAudit(
            penalty.error.code,
            plain(penalty.error.penalty),
            penalty.event.index,
            is_in_evidence=True,
            is_claimed=(penalty.error.code, penalty.event.event_id) in named,
        )
        for penalty in (found.penalties if found else ())
    ]
    proven = [(penalty.error.code, penalty.event.event_id) for penalty in found.penalties] if found else []
    for code, event_id, penalty in stated:
        if (code, event_id) not in proven:
            blamed = event_id if isinstance(event_id, str) else ""
            place = next(iter(_known(session, [blamed])), None)
            amount = penalty if is_number(penalty) else None
            unknown = blamed if place is None else ""
            shown.append(PenaltyAudit(str(code), amount, place, is_in_evidence=False, is_claimed=True, unknown=unknown))
    return shown


def _drills(session: Session, found: Recomputation | None) -> list[DrillAudit]:
    """The drills that were run, then those that were assigned and were not."""
    reasons = {drill.microdrill_id: drill.reason for drill in found.drills} if found else {}
    listed = []
    for started, completed in drill_runs(session.ordered):
        either = started or completed
        if either is not None:
            name = either.target_id
            places = (event.index if event else None for event in (started, completed))
            listed.append(DrillAudit(name, reasons.get(name, ""), *places))
    run = {drill.microdrill_id for drill in listed}
    return [*listed, *(DrillAudit(name, why, None, None) for name, why in reasons.items() if name not in run)]


def _cited_by_report(session: Session) -> list[str]:
    report = block(session.bundle, "report")
    cited: list[Any] = [item.get("trigger_event_id") for _, item in objects(report.get("critical_errors"))]
    for _, item in objects(report.get("objective_breakdown")):
        named = item.get("evidence_event_ids")
        cited += named if isinstance(named, list) else []
    return [event_id for event_id in cited if isinstance(event_id, str)]


def _known(session: Session, event_ids: Sequence[str]) -> tuple[int, ...]:
    """The places in the file of the events with these identifiers, in file order."""
    wanted = set(event_ids)
    numbered = enumerate(session.elements)
    return tuple(
        i for i, e in numbered if isinstance(e, dict) and isinstance(n := e.get("event_id"), str) and n in wanted
    )


def _places(events: Sequence[UsableEvent]) -> tuple[int, ...]:
    return tuple(sorted({event.index for event in events}))
