"""What is wrong with events beyond their shape, without a contract (SVR specification, sections 4.1, 5.2, 9.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from teleloupe.formats.svr import vocabulary as words
from teleloupe.formats.svr.events import ABSENT
from teleloupe.formats.svr.instants import timestamp_faults
from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.session import Session
from teleloupe.model import Issue

_DRILL_TYPES = frozenset({"microdrill_started", "microdrill_completed"})
_NAMING_TYPES = words.INTERACTIONS | {words.RE_AUDIT_COMPLETED}
_MOST_DIGITS = 400  # of a number in an identifier; a longer one is no number of an event
_FORMULA_STARTS = frozenset(words.FORMULA_STARTS)

Element = Mapping[str, Any]


def event_semantics(session: Session) -> Iterator[Issue]:
    """Every fault of the events that needs neither rubric nor drills to be seen."""
    yield from _order_faults(session)
    for index in session.faulty_stamps:
        yield from timestamp_faults(session.elements[index]["timestamp"], session.place(index, "timestamp"))
    for index, element in enumerate(session.elements):
        if isinstance(element, dict):
            yield from _own_faults(session, index, element)
    yield from _numbering_faults(session)
    yield from _ownership_faults(session)


def critical_code(element: Element) -> str:
    """The code of a critical error: its field first, its details second; "" when neither has one."""
    field = element.get("critical_error_code")
    if isinstance(field, str) and field:
        return field
    details = element.get("details")
    told = details.get("critical_error_code") if isinstance(details, dict) else None
    return told if isinstance(told, str) else ""


def _own_faults(session: Session, index: int, element: Element) -> Iterator[Issue]:
    """What one event shows by itself."""
    place = session.place
    for field in words.ID_FIELDS:
        text = element.get(field)
        if type(text) is str and text and (text[0] in _FORMULA_STARTS or text != text.strip()):
            yield from _text_faults(text, field, place, index)
    event_type, phase, outcome = element.get("event_type"), element.get("phase"), element.get("outcome")
    if not isinstance(event_type, str) or event_type not in words.PHASES_OF_TYPE:
        return
    if phase in words.PHASES and phase not in words.PHASES_OF_TYPE[event_type]:
        yield fault("event.phase_mismatch", place(index, "phase"), f"{event_type} has no place in phase {phase}")
    if outcome in words.OUTCOMES and outcome not in words.OUTCOMES_OF_TYPE[event_type]:
        allowed = ", ".join(word for word in words.OUTCOMES if word in words.OUTCOMES_OF_TYPE[event_type])
        message = f"{event_type} ends in {outcome}, which it never does"
        yield fault("event.outcome_unexpected", place(index, "outcome"), message, expected=allowed, actual=outcome)
    if event_type in _NAMING_TYPES and phase in words.SCORED_PHASES and _is_blank(element.get("objective_id")):
        yield fault("event.objective_missing", place(index), f"{event_type} does not say which objective it is about")
    if event_type == "phase_transition":
        yield from _transition_faults(session, index, element)
    elif event_type in _DRILL_TYPES and _is_blank(element.get("target_id")):
        yield fault("event.drill_target_missing", place(index), f"{event_type} does not name its drill in target_id")
    if event_type == "critical_error" or "critical_error_code" in element:
        yield from _code_faults(session, index, element, event_type)


def _text_faults(text: str, field: str, place: Any, index: int) -> Iterator[Issue]:
    if text != text.strip():
        yield fault("event.text_whitespace", place(index, field), f'"{field}" begins or ends with white space')
    if text[0] in _FORMULA_STARTS:
        yield formula_fault(text, field, place(index, field))


def formula_fault(text: str, field: str, at: str) -> Issue:
    """The issue for a text that a spreadsheet would run."""
    message = f'"{field}" starts with {text[0]!r}, so a spreadsheet takes it for a formula'
    return fault("csv.formula_cell", at, message)


def _transition_faults(session: Session, index: int, element: Element) -> Iterator[Issue]:
    details = element.get("details")
    target = details.get("to_phase", ABSENT) if isinstance(details, dict) else ABSENT
    if target is ABSENT:
        message = "phase_transition does not say which phase it enters; name it in details.to_phase"
        yield fault("event.transition_target_missing", session.place(index), message)
    elif target not in words.PHASES or target != element.get("phase"):
        at = session.place(index, "details", "to_phase")
        shown = str(target)[:60]
        message = f"details.to_phase is {shown}, the event itself is in phase {element.get('phase')}"
        yield fault("event.transition_target_invalid", at, message, expected=element.get("phase"), actual=shown)


def _code_faults(session: Session, index: int, element: Element, event_type: str) -> Iterator[Issue]:
    field = element.get("critical_error_code")
    has_field = isinstance(field, str) and field != ""
    if event_type != "critical_error":
        if has_field:
            at = session.place(index, "critical_error_code")
            yield fault("event.critical_code_unexpected", at, f"{event_type} carries a critical_error_code")
        return
    if not critical_code(element):
        yield fault("event.critical_code_missing", session.place(index), "critical_error does not say which one it is")
    details = element.get("details")
    told = details.get("critical_error_code") if isinstance(details, dict) else None
    if has_field and not _is_blank(told) and told != field:
        at = session.place(index, "details", "critical_error_code")
        message = "details name another critical error than the field; the field counts"
        yield fault("event.critical_code_conflict", at, message, expected=field, actual=told)


def _order_faults(session: Session) -> Iterator[Issue]:
    latest = None
    for index, instant in enumerate(session.instants):
        if instant is None:
            continue
        if latest is not None and instant < latest:
            message = "happened before an event that stands earlier in the file"
            yield fault("event.out_of_order", session.place(index, "timestamp"), message)
        latest = instant if latest is None else max(latest, instant)


def _numbering_faults(session: Session) -> Iterator[Issue]:
    """Repeated identifiers, and gaps where all events are numbered evt-001 upwards."""
    used: dict[str, int] = {}
    numbers: list[int] = []
    for index, element in enumerate(session.elements):
        event_id = element.get("event_id") if isinstance(element, dict) else None
        if not isinstance(event_id, str) or not event_id:
            continue
        if event_id in used:
            message = f'event id "{event_id[:60]}" belongs to event {used[event_id]} already'
            yield fault("event.id_duplicate", session.place(index, "event_id"), message)
        used.setdefault(event_id, index)
        match = words.EVENT_ID.fullmatch(event_id)
        if match and len(match[1]) <= _MOST_DIGITS:
            numbers.append(int(match[1]))
    if len(numbers) == len(session.elements):
        yield from _gap_faults(session, numbers)


def _gap_faults(session: Session, numbers: Iterable[int]) -> Iterator[Issue]:
    highest = 0
    for index, number in enumerate(numbers):
        if number > highest + 1:
            missing = number - highest - 1
            message = f"numbering jumps from {highest} to {number}; {missing} events may have been dropped"
            at = session.place(index, "event_id")
            yield fault("event.id_gap", at, message, expected=highest + 1, actual=number)
        highest = max(highest, number)


def _ownership_faults(session: Session) -> Iterator[Issue]:
    """Events that say to belong to another session or participant than their bundle."""
    for field, code in (("session_id", "event.session_mismatch"), ("participant_id", "event.participant_mismatch")):
        owner = session.bundle.get(field)
        if not isinstance(owner, str) or not owner:
            continue
        for index, element in enumerate(session.elements):
            own = element.get(field) if isinstance(element, dict) else None
            if isinstance(own, str) and own and own != owner:
                message = f"the event's {field} differs from the bundle's"
                yield fault(code, session.place(index, field), message)


def _is_blank(text: object) -> bool:
    """Whether an optional text counts as absent: not there, ill-typed or empty."""
    return not isinstance(text, str) or text == ""
