"""From array elements to evidence: usable events and their order (SVR specification, sections 5.2, 5.3 and 7.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct

from teleloupe.formats.svr.instants import read_timestamp
from teleloupe.formats.svr.vocabulary import EVENT_TYPES, OUTCOMES, PHASES

BEFORE_ALL: Final = -(1 << 80)  # the effective instant of events before the first that has one
ABSENT: Final = object()
_TYPES, _PHASES, _OUTCOMES = frozenset(EVENT_TYPES), frozenset(PHASES), frozenset(OUTCOMES)
_FIELDS_FIRST = ("target_id", "objective_id", "critical_error_code")


class UsableEvent(Struct, frozen=True, gc=False):
    """An event that is evidence. Optional texts are "" when absent or ill-typed, details {}; `instant` in ns or None.

    `effective` is the instant by which events are put in order; `index` the place in the file.
    """

    index: int
    event_id: str
    event_type: str
    phase: str
    outcome: str
    objective_id: str
    target_id: str
    critical_error_code: str
    details: Mapping[str, Any]
    instant: int | None
    effective: int
    element: Mapping[str, Any]

    @property
    def order(self) -> tuple[int, int]:
        """What chronological order sorts by."""
        return self.effective, self.index


def read_stamps(elements: Sequence[Any]) -> tuple[list[int | None], list[int]]:
    """The own instant of each array element, None where it has none; and which elements have a faulty timestamp."""
    instants: list[int | None] = []
    faulty: list[int] = []
    for index, element in enumerate(elements):
        text = element.get("timestamp") if type(element) is dict else None
        if type(text) is not str:
            instants.append(None)
            continue
        stamp = read_timestamp(text)
        instants.append(stamp.instant)
        if stamp.kind != "ok":
            faulty.append(index)
    return instants, faulty


def usable_events(elements: Sequence[Any], instants: Sequence[int | None]) -> list[UsableEvent]:
    """The usable events in file order."""
    usable, effective = [], BEFORE_ALL
    for index, (element, instant) in enumerate(zip(elements, instants, strict=True)):
        if instant is not None:
            effective = instant
        if type(element) is not dict:
            continue
        get = element.get
        event_id, event_type, phase, outcome = get("event_id"), get("event_type"), get("phase"), get("outcome")
        if type(event_id) is not str or type(event_type) is not str:
            continue
        if type(phase) is not str or type(outcome) is not str:
            continue
        if not event_id or event_type not in _TYPES or phase not in _PHASES or outcome not in _OUTCOMES:
            continue
        details = get("details")
        usable.append(
            UsableEvent(
                index,
                event_id,
                event_type,
                phase,
                outcome,
                _text(get("objective_id")),
                _text(get("target_id")),
                _text(get("critical_error_code")),
                details if type(details) is dict else {},
                instant,
                effective,
                element,
            )
        )
    return usable


def chronological(usable: Sequence[UsableEvent]) -> list[UsableEvent]:
    """Events given in file order by effective instant; equal ones keep their order."""
    return sorted(usable, key=attrgetter("effective"))


def value(event: UsableEvent, key: str) -> Any:
    """What an event says under a key of a contract: its own field first, then its details; ABSENT when neither does."""
    if key in _FIELDS_FIRST and (own := getattr(event, key)):
        return own
    return event.details.get(key, ABSENT)


def entered_phase(event: UsableEvent) -> str:
    """The phase that a phase_transition announces: details.to_phase when it is a text, else the event's own phase."""
    target = event.details.get("to_phase")
    return target if isinstance(target, str) else event.phase


def phase_starts(ordered: Sequence[UsableEvent]) -> dict[str, int]:
    """When each phase began, ns since 1970: its earliest transition, else its earliest usable event; absent unknown."""
    announced: dict[str, int] = {}
    seen: dict[str, int] = {}
    for event in ordered:
        if event.instant is None:
            continue
        if event.event_type == "phase_transition":
            _keep_earliest(announced, entered_phase(event), event.instant)
        _keep_earliest(seen, event.phase, event.instant)
    return {phase: announced.get(phase, seen.get(phase, 0)) for phase in PHASES if phase in announced or phase in seen}


def _keep_earliest(starts: dict[str, int], phase: str, instant: int) -> None:
    if instant < starts.get(phase, instant + 1):
        starts[phase] = instant


def _text(word: object) -> str:
    return word if type(word) is str else ""
