"""A session as its views look at it: with the contract that judges it, bare events as the bundle they will be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from teleloupe.formats.svr.audit import ScoreAudit, score_audit
from teleloupe.formats.svr.contract import Contract
from teleloupe.formats.svr.course import PhaseTimeline, phase_timeline
from teleloupe.formats.svr.instants import SECOND_NS
from teleloupe.formats.svr.outcome import as_bundle
from teleloupe.formats.svr.reading import session_of
from teleloupe.formats.svr.relations import contract_files, contract_for, remembered, scenario_of_bare
from teleloupe.formats.svr.session import Session
from teleloupe.formats.svr.shelf import Shelf
from teleloupe.model import Document, Place

_NAMED = 20  # events in one cell


class Seen(Struct, frozen=True, eq=False):
    """A session of a document; `whole` is a bundle also where the file has bare events."""

    document: Document
    session: Session
    whole: Session
    contract: Contract

    @property
    def audit(self) -> ScoreAudit:
        """Its score audit."""
        return remembered(score_audit, self.whole, self.contract)

    @property
    def timeline(self) -> PhaseTimeline:
        """Its phases, windows and events on one axis."""
        return remembered(phase_timeline, self.whole, self.contract)

    @property
    def is_running(self) -> bool:
        """Whether it has no result yet."""
        return self.audit.is_running

    @property
    def state(self) -> str:
        """`, running` for a title while the session has no result."""
        return ", running" if self.is_running else ""

    def event_id(self, record: int | None) -> str | None:
        """The identifier of an event, its number in the file where it has none that is a text; None for none."""
        if record is None:
            return None
        element = self.session.elements[record]
        event_id = element.get("event_id") if isinstance(element, dict) else None
        return event_id if isinstance(event_id, str) and event_id else f"number {record + 1}"

    def event_ids(self, records: Sequence[int]) -> str:
        """The identifiers of events, only the first ones where there are many."""
        told = [str(self.event_id(record)) for record in records[:_NAMED]]
        more = [f"and {len(records) - _NAMED} more"] if len(records) > _NAMED else []
        return ", ".join((*told, *more))

    def place(self, record: int | None, otherwise: str = "") -> Place:
        """Where an event stands, or a pointer where there is none."""
        path = self.document.path
        return Place(path, otherwise if record is None else self.document.record_at(record))

    def first(self, records: Sequence[int], otherwise: str = "") -> Place:
        """Where the first of several events stands, or a pointer where there is none."""
        return self.place(records[0] if records else None, otherwise)


def seen(document: Document, documents: Mapping[str, Document]) -> Seen | None:
    """The session of a document; None where there is none."""
    return next(iter(all_seen([document], documents)), None)


def all_seen(those: Iterable[Document], documents: Mapping[str, Document]) -> list[Seen]:
    """The sessions among some documents."""
    files = contract_files(documents)
    shelf, found = Shelf(files), []
    for document in those:
        session = session_of(document) if document.format == "svr" else None
        if session is not None:
            whole = session if session.is_bundle else remembered(as_bundle, session, scenario_of_bare(files))
            found.append(Seen(document, session, whole, contract_for(whole, document.path, shelf)))
    return found


def seconds(nanoseconds: int | None) -> int | float | None:
    """A duration in seconds, an integer where it is one."""
    if nanoseconds is None:
        return None
    whole, rest = divmod(nanoseconds, SECOND_NS)
    return nanoseconds / SECOND_NS if rest else whole
