"""A session's result in plain lines, for people (SVR specification, sections 7.8 and 7.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from teleloupe.formats.svr.amounts import is_number, text_of
from teleloupe.formats.svr.claimed import claimed_status, claimed_total
from teleloupe.formats.svr.session import Session
from teleloupe.model import Issue

TALLY_TITLES = {
    "claimed_score": "score block",
    "claimed_report": "report",
    "ledger": "logged points",
    "breakdown": "report's items",
    "why": "reasons",
    "evidence": "evidence",
    "evidence_raw": "evidence, unclamped",
    "evidence_strict": "evidence, no attestation",
    "evidence_scenario_scope": "evidence, scenario only",
    "audit": "audit alone",
}


def narrative(path: str, session: Session, given: Mapping[str, Any], issues: Sequence[Issue]) -> Iterator[str]:
    """The lines: what is claimed, what the evidence gives and why, all tallies, the issues."""
    yield f"{path}: {session.bundle.get('session_id')}, {len(session.elements)} events"
    total, status = claimed_total(session.bundle), claimed_status(session.bundle)
    yield f"  claimed   {text_of(total.amount) if total else '-'} {status.status if status else '-'}"
    score, report = given["score"], given["report"]
    if score:
        partly = "" if given["available"] else ", in part: a scoring basis has no formula"
        yield f"  evidence  {text_of(score['score_total'])} {score['status']}{partly}"
        yield from (f"    {line}" for line in score["why"])
    else:
        yield "  evidence  cannot be recomputed: no rubric or no list of events"
    for drill in report["recommended_microdrills"] if report else ():
        yield f"  drill     {drill['microdrill_id']}: {drill['reason']}"
    if report and "re_audit_delta" in report:
        delta = report["re_audit_delta"]
        improved = ", ".join(delta["improved_objectives"]) or "nothing improved"
        yield f"  re-audit  {text_of(delta['score_delta'])} points: {improved}"
    yield f"  digest    {given['sha256']}"
    yield "  tallies"
    for name, amount in given["tallies"].items():
        yield f"    {TALLY_TITLES[name]:<26}{text_of(amount) if is_number(amount) else '-':>8}"
    yield from (f"  {issue.severity} {issue.code} {issue.at} {issue.message}" for issue in issues)
