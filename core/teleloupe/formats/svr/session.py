"""A session as everything here looks at it: the bundle, its events, which of them are evidence, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, structs

from teleloupe.formats.svr.canonical import evidence_digest
from teleloupe.formats.svr.events import UsableEvent, chronological, read_stamps, usable_events
from teleloupe.jsontext import pointer
from teleloupe.model import Issue

Place = Callable[..., str]


class Session(Struct, frozen=True, eq=False):
    """A session bundle, or bare events with an empty `bundle`.

    `elements` are the array elements of the event list, `instants` their own instants in ns since 1970 and
    `faulty_stamps` the places of those whose timestamp breaks a rule. `usable` are the events that are evidence in
    file order, `ordered` the same in chronological order. `place` gives the pointer of an element and of what lies
    inside it. `is_well_shaped` is true when every closed schema is known to hold.
    """

    bundle: Mapping[str, Any]
    elements: Sequence[Any]
    has_events: bool
    is_bundle: bool
    instants: Sequence[int | None]
    faulty_stamps: Sequence[int]
    usable: Sequence[UsableEvent]
    ordered: Sequence[UsableEvent]
    place: Place
    is_well_shaped: bool = False

    @property
    def scenario_id(self) -> object:
        """The scenario it says to be a run of."""
        return self.bundle.get("scenario_id")

    @property
    def is_running(self) -> bool:
        """Whether it has neither score nor report yet (section 13)."""
        return self.is_bundle and "score" not in self.bundle and "report" not in self.bundle

    @property
    def event_ids(self) -> frozenset[str]:
        """The identifiers of all events, usable or not."""
        ids = (element.get("event_id") for element in self.elements if type(element) is dict)
        return frozenset(event_id for event_id in ids if isinstance(event_id, str))

    @property
    def digest(self) -> str:
        """The evidence digest, SHA-256 in hex (section 9.5)."""
        return evidence_digest(self.bundle)


def bundle_session(bundle: Mapping[str, Any], *, is_well_shaped: bool = False) -> Session:
    """The session of a bundle."""
    events = bundle.get("events")
    has_events = isinstance(events, list)
    return _session(
        bundle,
        events if isinstance(events, list) else (),
        _under_events,
        has_events=has_events,
        is_bundle=True,
        is_well_shaped=is_well_shaped,
    )


def bare_session(elements: Sequence[Any], place: Place, *, is_well_shaped: bool = False) -> Session:
    """The session of events that no bundle holds."""
    return _session({}, elements, place, has_events=True, is_bundle=False, is_well_shaped=is_well_shaped)


def place_at_root(index: int, *inside: str | int) -> str:
    """The pointer of an element of a bare array."""
    return pointer(index, *inside)


def place_of_single(_index: int, *inside: str | int) -> str:
    """The pointer inside a file that holds one event."""
    return pointer(*inside)


def in_lines(issues: Iterable[Issue], lines: Sequence[int]) -> Iterator[Issue]:
    """The issues of bare events with their places told by line: `/3/phase` becomes `line 7 /phase`."""
    for issue in issues:
        _, first, *inside = issue.at.split("/", 2) if issue.at else ("", "")
        at = f"line {lines[int(first)]}{''.join(f' /{rest}' for rest in inside)}" if first.isdigit() else issue.at
        yield structs.replace(issue, at=at)


def _under_events(index: int, *inside: str | int) -> str:
    return pointer("events", index, *inside) if inside else f"/events/{index}"


def _session(
    bundle: Mapping[str, Any],
    elements: Sequence[Any],
    place: Place,
    *,
    has_events: bool,
    is_bundle: bool,
    is_well_shaped: bool,
) -> Session:
    instants, faulty_stamps = read_stamps(elements)
    usable = usable_events(elements, instants)
    return Session(
        bundle,
        elements,
        has_events,
        is_bundle,
        instants,
        faulty_stamps,
        usable,
        chronological(usable),
        place,
        is_well_shaped,
    )
