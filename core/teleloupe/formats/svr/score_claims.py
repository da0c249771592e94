"""A session's stated score against itself and against the evidence (SVR specification, sections 4.3 and 7.9)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from teleloupe.formats.svr.amounts import exact, is_number, text_of
from teleloupe.formats.svr.claimed import claimed_status, claimed_total, clamped, objects
from teleloupe.formats.svr.composing import WhyLine, block, breakdown_sum, ledger, why_lines, why_sum
from teleloupe.formats.svr.contract import Contract, Rubric
from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.scoring import Recomputation, status_of
from teleloupe.formats.svr.session import Session
from teleloupe.formats.svr.vocabulary import STATUSES
from teleloupe.model import Issue


def score_claim_faults(session: Session, contract: Contract, found: Recomputation | None) -> Iterator[Issue]:
    """What the stated totals, statuses and reasons get wrong."""
    yield from _disagreements(session)
    yield from _availability_faults(session, contract)
    yield from _total_faults(session, contract, found)
    yield from _status_faults(session, contract, found)
    yield from _reason_faults(session, contract)


def _disagreements(session: Session) -> Iterator[Issue]:
    score, report = block(session.bundle, "score"), block(session.bundle, "report")
    left, right = score.get("score_total"), report.get("score_total")
    if is_number(left) and is_number(right) and exact(left) != exact(right):
        message = f"the score block says {text_of(left)}, the report {text_of(right)}"
        yield fault(
            "score.report_disagrees", "/report/score_total", message, expected=text_of(left), actual=text_of(right)
        )
    stated, reported = score.get("status"), report.get("status")
    if stated in STATUSES and reported in STATUSES and stated != reported:
        message = f"the score block says {stated}, the report {reported}"
        yield fault("score.report_disagrees", "/report/status", message, expected=stated, actual=reported)


def _availability_faults(session: Session, contract: Contract) -> Iterator[Issue]:
    if contract.rubric is None or not session.has_events:
        reason = "there is no list of events" if contract.rubric else "no rubric is known for the scenario"
        yield fault("score.not_recomputable", "", f"{reason}, so no score can be recomputed")
    for objective in contract.rubric.objectives if contract.rubric else ():
        if not objective.is_supported:
            message = f"objective {objective.objective_id} is scored in a way that has no formula"
            yield fault("score.basis_unsupported", "", message)


def _total_faults(session: Session, contract: Contract, found: Recomputation | None) -> Iterator[Issue]:
    """The stated total against evidence, ledger, reasons and breakdown."""
    claim = claimed_total(session.bundle)
    if claim is not None:
        if found and found.rubric.is_supported and found.total != claim.amount:
            yield _sum_fault("score.recompute_mismatch", claim.at, claim.amount, "the evidence gives", found.total)
        if session.has_events:
            logged = ledger(session.elements)
            if clamped(logged, contract) != claim.amount:
                yield _sum_fault("score.ledger_mismatch", claim.at, claim.amount, "the logged points add up to", logged)
        reasons = why_sum(block(session.bundle, "score"))
        if reasons is not None and clamped(reasons, contract) != claim.amount:
            yield _sum_fault("score.why_ledger_mismatch", claim.at, claim.amount, "the reasons add up to", reasons)
    report = block(session.bundle, "report")
    total, parts = report.get("score_total"), breakdown_sum(report)
    if is_number(total) and parts is not None and clamped(parts, contract) != exact(total):
        at = "/report/score_total"
        yield _sum_fault("report.breakdown_arithmetic", at, exact(total), "awards less penalties give", parts)


def _sum_fault(code: str, at: str, claimed: Fraction, other: str, amount: Fraction) -> Issue:
    stated, due = text_of(claimed), text_of(amount)
    return fault(code, at, f"the total is {stated}, {other} {due}", expected=due, actual=stated)


def _status_faults(session: Session, contract: Contract, found: Recomputation | None) -> Iterator[Issue]:
    claim, total = claimed_status(session.bundle), claimed_total(session.bundle)
    if claim is None:
        return
    if found and found.rubric.is_supported and found.status != claim.status:
        message = f"the status is {claim.status}, the evidence gives {found.status}"
        yield fault("score.status_mismatch", claim.at, message, expected=found.status, actual=claim.status)
    if total is None or contract.rubric is None:
        return
    due = status_of(contract.rubric, total.amount, _claims_hard_fail(session, contract.rubric))
    if due != claim.status:
        message = f"the status is {claim.status}, a total of {text_of(total.amount)} means {due}"
        yield fault("score.status_threshold", claim.at, message, expected=due, actual=claim.status)


def _claims_hard_fail(session: Session, rubric: Rubric) -> bool:
    fatal = {error.code for error in rubric.critical_errors if error.is_hard_fail}
    listed = objects(block(session.bundle, "report").get("critical_errors"))
    return any(isinstance(item.get("code"), str) and item["code"] in fatal for _, item in listed)


def _reason_faults(session: Session, contract: Contract) -> Iterator[Issue]:
    """The why lines one by one, and what they leave unsaid."""
    score = block(session.bundle, "score")
    stated = score.get("why")
    texts = stated if isinstance(stated, list) else []
    lines = why_lines(score)
    known = session.event_ids if lines else frozenset()
    for index, line in enumerate(lines):
        at = f"/score/why/{index}"
        if line is not None:
            yield from _line_faults(at, line, contract, known)
        elif isinstance(texts[index], str):
            message = "the line is not of the form: points [critical or re-audit] id: text (event ids)"
            yield fault("score.why_unparsed", at, message)
    parsed = [line for line in lines if line]
    if parsed and len(parsed) == len(lines):
        yield from _silence_faults(session, parsed)


def _line_faults(at: str, line: WhyLine, contract: Contract, known: frozenset[str]) -> Iterator[Issue]:
    if contract.rubric is not None:
        yield from _subject_faults(at, line, contract.rubric)
    for cited in line.cited:
        if cited not in known:
            yield fault("score.why_event_unknown", at, f'cites event "{cited[:60]}", which is not in the session')
    if line.points and not line.cited:
        yield fault("score.why_without_evidence", at, f"moves {text_of(line.points)} points without citing an event")


def _subject_faults(at: str, line: WhyLine, rubric: Rubric) -> Iterator[Issue]:
    is_critical = line.prefix == "critical"
    if is_critical:
        dues = {error.code: -error.penalty for error in rubric.critical_errors}
    else:
        dues = {objective.objective_id: objective.weight for objective in rubric.objectives}
    due = dues.get(line.subject)
    if due is None:
        noun = "critical error" if is_critical else "objective"
        yield fault("score.why_subject_unknown", at, f'{noun} "{line.subject[:60]}" is not in the rubric')
    elif line.points != due and (is_critical or line.points):
        message = f"{text_of(line.points)} points, the rubric says {text_of(due)}"
        yield fault("score.why_amount_mismatch", at, message, expected=text_of(due), actual=text_of(line.points))


def _silence_faults(session: Session, lines: list[WhyLine]) -> Iterator[Issue]:
    report = block(session.bundle, "report")
    achieved = [item.get("achieved") for _, item in objects(report.get("objective_breakdown"))]
    if any(word is True for word in achieved) and not any(line.points > 0 for line in lines):
        yield fault("score.why_no_positive", "/score/why", "objectives were achieved, yet no line awards points")
    went_wrong = any(word is False for word in achieved) or objects(report.get("critical_errors"))
    if went_wrong and not any(line.points <= 0 for line in lines):
        yield fault("score.why_no_corrective", "/score/why", "something went wrong, yet no line says so")
