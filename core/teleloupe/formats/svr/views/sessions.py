"""All sessions of a directory, a row each: what they claim, what the evidence gives, may they leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.svr.course import privacy_light
from teleloupe.formats.svr.views.seen import Seen, all_seen, seconds
from teleloupe.model import Document, Place, Table


class Row(Struct, frozen=True):
    """A session file."""

    session: Annotated[str | None, Meta(description="identifier of the session")]
    participant: Annotated[str | None, Meta(description="pseudonym of the person trained")]
    state: Annotated[str, Meta(description="running, agrees, differs, or not compared")]
    claimed: Annotated[int | float | None, Meta(description="the stated total", extra={"unit": "points"})]
    status: Annotated[str | None, Meta(description="the stated status")]
    evidence: Annotated[int | float | None, Meta(description="what the events give", extra={"unit": "points"})]
    evidence_status: Annotated[str | None, Meta(description="what the events give")]
    audit: Annotated[int | float | None, Meta(description="of the audit alone", extra={"unit": "points"})]
    re_audit_delta: Annotated[int | float | None, Meta(description="the re-audit's", extra={"unit": "points"})]
    critical: Annotated[int, Meta(description="critical errors of the evidence")]
    events: Annotated[int, Meta(description="events in the file")]
    lasted: Annotated[int | float | None, Meta(description="from first to last event", extra={"unit": "s"})]
    privacy: Annotated[str, Meta(description="green: may leave, yellow: look first, red: must not leave")]
    path: Annotated[str, Meta(description="the file")]
    place: Place


def table(directory: Document, documents: Mapping[str, Document]) -> Table:
    """A row for each session in and below a directory."""
    below = f"{directory.path}/" if directory.path not in ("", ".") else ""
    those = (doc for path, doc in documents.items() if path.startswith(below))
    return table_of(directory.path, Row, [_row(session) for session in all_seen(those, documents)])


def _row(session: Seen) -> Row:
    audit, bundle = session.audit, session.whole.bundle
    total, status = audit.claimed
    due, due_status = audit.evidence
    if audit.is_running:
        state = "running"
    elif total is None or due is None or not audit.is_whole:
        state = "not compared"
    else:
        state = "agrees" if (total, status) == (due, due_status) else "differs"
    alone = next((tally.amount for tally in audit.tallies if tally.name == "audit"), None)
    instants = [instant for instant in session.whole.instants if instant is not None]
    return Row(
        _text(bundle.get("session_id")),
        _text(bundle.get("participant_id")),
        state,
        total,
        status,
        due,
        due_status,
        alone,
        audit.re_audit_delta,
        sum(penalty.is_in_evidence for penalty in audit.penalties),
        len(session.session.elements),
        seconds(max(instants) - min(instants)) if instants else None,
        privacy_light(session.document.issues),
        session.document.path,
        session.place(None),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
