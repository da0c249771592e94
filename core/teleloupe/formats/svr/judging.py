"""All issues of one session: those it shows by itself and those that its contract shows (section 12)."""

from __future__ import annotations

from collections.abc import Iterator

from teleloupe.formats.svr.contract import Contract
from teleloupe.formats.svr.csv_faults import csv_faults
from teleloupe.formats.svr.detection import SUMMARY_CSV
from teleloupe.formats.svr.determinism import identifier_faults
from teleloupe.formats.svr.event_faults import event_semantics
from teleloupe.formats.svr.instants import instant_of, timestamp_faults
from teleloupe.formats.svr.judged_events import judged_event_faults
from teleloupe.formats.svr.lineage import course_faults, judged_course_faults
from teleloupe.formats.svr.lines import Lines
from teleloupe.formats.svr.privacy import privacy_faults
from teleloupe.formats.svr.reading import csv_table, session_of
from teleloupe.formats.svr.report_claims import report_claim_faults
from teleloupe.formats.svr.rules import distinct, fault
from teleloupe.formats.svr.score_claims import score_claim_faults
from teleloupe.formats.svr.scoring import Recomputation, recompute
from teleloupe.formats.svr.session import Session, in_lines
from teleloupe.formats.svr.shape_faults import bundle_faults, event_faults, report_faults
from teleloupe.model import Document, Issue


def validate(document: Document) -> Iterator[Issue]:
    """The issues of one document that need neither a contract nor its neighbours."""
    session, table = session_of(document), csv_table(document)
    if session is not None:
        issues = distinct(own_faults(session))
        yield from in_lines(issues, document.body.numbers) if isinstance(document.body, Lines) else issues
    elif table is not None:
        yield from distinct(csv_faults(table, is_summary=document.kind == SUMMARY_CSV))
    elif document.kind == "report" and isinstance(document.body, dict):
        yield from distinct(report_faults(document.body, ""))


def own_faults(session: Session) -> Iterator[Issue]:
    """What a session shows by itself."""
    if not session.is_well_shaped:
        if session.is_bundle:
            yield from bundle_faults(session.bundle)
        yield from event_faults(session.elements, session.place)
    yield from event_semantics(session)
    yield from privacy_faults(session)
    if session.is_bundle:
        yield from _export_faults(session)
        yield from identifier_faults(session)
        yield from course_faults(session)


def judged_faults(session: Session, contract: Contract) -> Iterator[Issue]:
    """What a session's contract shows; nothing of bare events, which no contract is known for."""
    if session.is_bundle:
        yield from distinct(_judged_faults(session, contract, recomputed(session, contract)))


def recomputed(session: Session, contract: Contract) -> Recomputation | None:
    """What the evidence gives; None without a rubric or without an event list."""
    return recompute(session.ordered, contract) if session.has_events else None


def _judged_faults(session: Session, contract: Contract, found: Recomputation | None) -> Iterator[Issue]:
    yield from judged_event_faults(session, contract, found)
    yield from judged_course_faults(session, contract, found)
    yield from score_claim_faults(session, contract, found)
    yield from report_claim_faults(session, contract, found)


def _export_faults(session: Session) -> Iterator[Issue]:
    exported = session.bundle.get("exported_at")
    if not isinstance(exported, str):
        return
    yield from timestamp_faults(exported, "/exported_at")
    instant = instant_of(exported)
    last = max((event.instant for event in session.usable if event.instant is not None), default=None)
    if instant is not None and last is not None and instant < last:
        message = "the export is said to be older than the last event"
        yield fault("bundle.exported_before_last_event", "/exported_at", message)
