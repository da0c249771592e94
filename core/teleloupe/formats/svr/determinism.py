"""Identifiers that cannot be had again, and sessions that exist twice (SVR specification, section 9.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from teleloupe.formats.svr import vocabulary as words
from teleloupe.formats.svr.amounts import equals
from teleloupe.formats.svr.instants import utc_date
from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.session import Session
from teleloupe.model import Issue

Kinship = Literal["same", "earlier", "later", "collides"]
_AT = "/session_id"


def identifier_faults(session: Session) -> Iterator[Issue]:
    """What is wrong with the forms of session id and event ids."""
    session_id = session.bundle.get("session_id")
    if isinstance(session_id, str) and session_id:
        yield from _session_id_faults(session_id, session)
    ids = [element.get("event_id") for element in session.elements if isinstance(element, dict)]
    named = [event_id for event_id in ids if isinstance(event_id, str) and event_id]
    odd = [event_id for event_id in named if not words.EVENT_ID.fullmatch(event_id)]
    random = [event_id for event_id in odd if words.UUID.search(event_id)]
    if random:
        message = f"{len(random)} event ids hold a UUID, which no second export can repeat"
        yield fault("determinism.random_id", "/events", message)
    if len(odd) > len(random):
        message = f"{len(odd) - len(random)} event ids are not of the form evt-NNN"
        yield fault("determinism.event_id_pattern", "/events", message)


def twin_faults(sessions: Sequence[tuple[str, Session]]) -> Iterator[tuple[str, Issue]]:
    """What files of one folder (path and session, by path) that share a session id are to each other, by path."""
    first: dict[str, tuple[str, Session]] = {}
    for path, session in sessions:
        session_id = session.bundle.get("session_id")
        if not isinstance(session_id, str) or not session_id:
            continue
        if session_id in first:
            yield _twin_fault(first[session_id], (path, session))
        else:
            first[session_id] = path, session


def kinship_of(session: Session, other: Session) -> Kinship:
    """What the second file of a session is to the first: the same, an earlier or later snapshot, or a collision."""
    if other.digest == session.digest:
        return "same"
    if _begins(session.elements, other.elements):
        return "earlier"
    return "later" if _begins(other.elements, session.elements) else "collides"


def _session_id_faults(session_id: str, session: Session) -> Iterator[Issue]:
    match = words.SESSION_ID.fullmatch(session_id)
    if match is None:
        if words.UUID.search(session_id):
            yield fault("determinism.random_id", _AT, "the session id holds a UUID, which no second export can repeat")
        else:
            yield fault("determinism.session_id_pattern", _AT, "the session id is not of the form sess-YYYYMMDD-NNN")
        return
    instants = [event.instant for event in session.usable if event.instant is not None]
    if instants and (day := utc_date(min(instants))) != match[1]:
        message = f"the session id says {match[1]}, the first event is of {day}"
        yield fault("determinism.session_date_mismatch", _AT, message, expected=day, actual=match[1])


def _twin_fault(first: tuple[str, Session], other: tuple[str, Session]) -> tuple[str, Issue]:
    (first_path, first_session), (path, session) = first, other
    name = first_path.rpartition("/")[2]
    kinship = kinship_of(first_session, session)
    if kinship == "same":
        message = f"{name} holds the same session with the same evidence"
        return path, fault("determinism.duplicate_export", _AT, message)
    if kinship == "earlier":
        return path, fault("determinism.earlier_snapshot", _AT, f"{name} holds these events and more")
    if kinship == "later":
        longer = path.rpartition("/")[2]
        return first_path, fault("determinism.earlier_snapshot", _AT, f"{longer} holds these events and more")
    message = f"{name} holds the same session id with other evidence; one of the two is wrong"
    return path, fault("determinism.session_collision", _AT, message)


def _begins(longer: Sequence[Any], shorter: Sequence[Any]) -> bool:
    """Whether one event list is a proper beginning of the other."""
    return len(shorter) < len(longer) and all(map(equals, shorter, longer))
