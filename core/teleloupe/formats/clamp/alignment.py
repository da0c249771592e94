"""Sessions of several hosts on one time axis: a view, never written back (section 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from teleloupe.columns import getter
from teleloupe.formats.clamp.times import EPOCH_ERA_END_NS, NS_PER_S, instant, stamp_ns
from teleloupe.model import Document

_acquired = getter("acquired_at")


class Shift(Struct, frozen=True):
    """What alignment adds to a file's times, in ns; None where no acquisition time is set.

    The printed times are whole seconds, so the shift is too. `hints` say why the file may have been aligned already.
    """

    path: str
    delta_ns: int | None
    earliest_ns: int | None = None
    hints: tuple[str, ...] = ()


class Alignment(Struct, frozen=True):
    """A selection of files moved so that each one's earliest acquisition falls on the reference."""

    reference_ns: int | None
    shifts: tuple[Shift, ...]

    def deltas_ns(self) -> dict[str, int]:
        """What to add to the times of each file; 0 where nothing is known."""
        return {shift.path: shift.delta_ns or 0 for shift in self.shifts}


def alignment(documents: Sequence[Document], reference_ns: int | None = None) -> Alignment:
    """Align files to a reference, by default the earliest acquisition of them all."""
    earliest = {document.path: earliest_ns(document) for document in documents}
    known = [moment for moment in earliest.values() if moment is not None]
    reference = min(known, default=None) if reference_ns is None else reference_ns
    shared = {moment for moment, count in Counter(known).items() if count > 1}
    return Alignment(
        reference, tuple(_shift(document, earliest[document.path], reference, shared) for document in documents)
    )


def earliest_ns(document: Document) -> int | None:
    """The earliest acquisition that a file tells, in ns since 1970."""
    texts = {text for text in map(_acquired, document.records) if isinstance(text, str)}
    return min((moment.ns for text in texts if (moment := instant(text))), default=None)


def _shift(document: Document, earliest: int | None, reference: int | None, shared: set[int]) -> Shift:
    delta_ns = None if earliest is None or reference is None else reference - earliest
    return Shift(document.path, delta_ns, earliest, tuple(_hints(document, earliest, shared)))


def _hints(document: Document, earliest: int | None, shared: set[int]) -> Iterable[str]:
    exported_ns, latest_ns = stamp_ns(document.name), document.body.figures.latest_event_ns
    if exported_ns is not None and latest_ns is not None and latest_ns >= exported_ns + NS_PER_S:
        yield "events are later than the export"
    if earliest is not None and earliest < EPOCH_ERA_END_NS:
        yield "times lie before the year 2000"
    if earliest in shared:
        yield "another file starts in the same second"
