"""What became of a session: audit against re-audit by objective, and its steps from audit to re-audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.svr.audit import DrillAudit, ObjectiveAudit
from teleloupe.formats.svr.determinism import Kinship, kinship_of
from teleloupe.formats.svr.events import UsableEvent, entered_phase
from teleloupe.formats.svr.lineage import first_of_phases
from teleloupe.formats.svr.relations import csv_of, remembered
from teleloupe.formats.svr.views.seen import Seen, all_seen, seconds, seen
from teleloupe.formats.svr.vocabulary import PHASES, RANK, RE_AUDIT_COMPLETED
from teleloupe.model import Document, Place, Table

_KINSHIPS: dict[Kinship, str] = {
    "same": "the same evidence",
    "earlier": "an earlier snapshot",
    "later": "a later snapshot",
    "collides": "other evidence",
}


class Change(Struct, frozen=True):
    """An objective in the audit and in the re-audit."""

    objective: Annotated[str, Meta(description="identifier of the objective")]
    weight: Annotated[int | float, Meta(description="what it is worth", extra={"unit": "points"})]
    audit: Annotated[str, Meta(description="achieved, missed, untried, or unsupported by a formula")]
    re_audit: Annotated[str, Meta(description="achieved, attested, missed, untried, or unsupported by a formula")]
    change: Annotated[str, Meta(description="improved, regressed, kept, not repeated, still missed, not tried")]
    proof: Annotated[str, Meta(description="what a re-audit's success rests on: own events, or attestation only")]
    drills: Annotated[str, Meta(description="the drills that train it, and what became of them")]
    event_ids: Annotated[str, Meta(description="the events that show the result")]
    place: Place


class Step(Struct, frozen=True):
    """A step of a session's course, or another file of the same session."""

    step: Annotated[str, Meta(description="phase, micro-drill, re-audit, or file")]
    name: Annotated[str, Meta(description="the phase, drill, event type or path")]
    state: Annotated[str, Meta(description="what became of it")]
    detail: Annotated[str, Meta(description="what announced or assigned it")]
    at: Annotated[int | float | None, Meta(description="since the session's first instant", extra={"unit": "s"})]
    events: Annotated[int | None, Meta(description="events in it")]
    event_ids: Annotated[str, Meta(description="the events that show it")]
    place: Place


def changes_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """A row for each objective; the title tells what the re-audit was worth."""
    session = seen(document, documents)
    if session is None:
        return table_of(document.path, Change, [])
    audit = session.audit
    delta = "no re-audit" if audit.re_audit_delta is None else f"the re-audit changed {audit.re_audit_delta} points"
    rows = [_change(session, objective) for objective in audit.objectives]
    return table_of(f"{document.path}: {delta}{session.state}", Change, rows)


def steps_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """A row for each phase, drill, step of the re-audit, and other file of the session."""
    session = seen(document, documents)
    if session is None:
        return table_of(document.path, Step, [])
    steps = [*_phases(session), *_drills(session), *_re_audit(session), *_files(session, documents)]
    return table_of(f"{document.path}{session.state}", Step, steps)


def _change(session: Seen, objective: ObjectiveAudit) -> Change:
    return Change(
        objective.objective_id,
        objective.weight,
        objective.audit,
        objective.re_audit,
        _change_of(objective),
        {"achieved": "own events", "attested": "attestation only"}.get(objective.re_audit, ""),
        _drills_of(session, objective.objective_id),
        session.event_ids(objective.records),
        session.first(objective.records),
    )


def _change_of(objective: ObjectiveAudit) -> str:
    before, after = objective.audit == "achieved", objective.re_audit in ("achieved", "attested")
    if objective.audit == "unsupported":
        return "not judged"
    if before:
        return "kept" if after else "regressed" if objective.re_audit == "missed" else "not repeated"
    if after:
        return "improved"
    return "not tried" if objective.audit == objective.re_audit == "untried" else "still missed"


def _drills_of(session: Seen, objective_id: str) -> str:
    """The drills that train an objective and were assigned or run, each with its state."""
    policy = session.contract.drills
    names = {d.microdrill_id for d in policy.drills if objective_id in d.missed_objective_ids} if policy else set()
    told = [
        f"{drill.microdrill_id} ({'' if drill.is_assigned else 'not '}assigned, {_run(drill)})"
        for drill in session.audit.drills
        if drill.microdrill_id in names
    ]
    return ", ".join(told)


def _phases(session: Seen) -> Iterator[Step]:
    ordered = session.whole.ordered
    first = first_of_phases(ordered)
    by_phase: dict[str, list[UsableEvent]] = {}
    announced: dict[str, UsableEvent] = {}
    for event in ordered:
        by_phase.setdefault(event.phase, []).append(event)
        if event.event_type == "phase_transition":
            announced.setdefault(entered_phase(event), event)
    last = max((RANK[phase] for phase in first), default=-1)
    for phase in PHASES:
        records = [event.index for event in by_phase.get(phase, ())]
        herald = announced.get(phase)
        detail = f"announced by {session.event_id(herald.index)}" if herald else "not announced" if records else ""
        state = "reached" if records else "skipped" if RANK[phase] < last else "not reached"
        at, ids = _at(session, first.get(phase)), session.event_ids(records)
        yield Step("phase", phase, state, detail, at, len(records), ids, session.first(records))


def _drills(session: Seen) -> Iterator[Step]:
    by_record = {event.index: event for event in session.whole.ordered}
    for drill in session.audit.drills:
        records = [record for record in (drill.started, drill.completed) if record is not None]
        at = _at(session, by_record.get(records[0])) if records else None
        detail = f"assigned: {drill.reason}" if drill.is_assigned else "not assigned"
        ids = session.event_ids(records)
        yield Step(
            "micro-drill", drill.microdrill_id, _run(drill), detail, at, len(records), ids, session.first(records)
        )


def _run(drill: DrillAudit) -> str:
    if drill.started is None:
        return "not run" if drill.completed is None else "completed, never started"
    return "started, not completed" if drill.completed is None else "completed"


def _re_audit(session: Seen) -> Iterator[Step]:
    """Start and end of the re-audit, once it left any event."""
    ordered = session.whole.ordered
    if not any(event.phase == "re_audit" for event in ordered):
        return
    for name in ("re_audit_started", RE_AUDIT_COMPLETED):
        found = [event for event in ordered if event.event_type == name]
        records = [event.index for event in found]
        state = f"there, {found[0].outcome}" if found else "missing"
        at, ids = _at(session, found[0] if found else None), session.event_ids(records)
        yield Step("re-audit", name, state, "", at, len(records), ids, session.first(records))


def _files(session: Seen, documents: Mapping[str, Document]) -> Iterator[Step]:
    """The CSV of the session, and the other files that hold a session of its id."""
    own, path = session.session, session.document.path
    if (partner := csv_of(path, documents)) is not None:
        rows = len(documents[partner].records)
        state = "as many rows as events" if rows == len(own.elements) else "another number of rows"
        yield Step("file", partner, state, "its CSV", None, rows, "", Place(partner))
    session_id = own.bundle.get("session_id")
    if not isinstance(session_id, str) or not session_id:
        return
    for other in all_seen((doc for doc in documents.values() if doc.path != path), documents):
        if other.session.bundle.get("session_id") == session_id:
            state = _KINSHIPS[remembered(kinship_of, own, other.session)]
            count = len(other.session.elements)
            yield Step("file", other.document.path, state, "the same session", None, count, "", other.place(None))


def _at(session: Seen, event: UsableEvent | None) -> int | float | None:
    """When an event happened on the session's axis."""
    start = session.timeline.start
    return None if event is None or event.instant is None or start is None else seconds(event.instant - start)
