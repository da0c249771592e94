"""The session on its time axis: events, and phases and windows as rows and as spans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.svr.course import Mark, PhaseSpan, PhaseTimeline, Window
from teleloupe.formats.svr.instants import SECOND_NS
from teleloupe.formats.svr.views.seen import Seen, seconds, seen
from teleloupe.formats.svr.vocabulary import PHASES
from teleloupe.model import Chart, Document, Place, Series, Table

MAX_SPANS = 64  # of one chart; more could not be told apart


class Moment(Struct, frozen=True):
    """An event on the time axis."""

    at: Annotated[int | float | None, Meta(description="since the session's first instant", extra={"unit": "s"})]
    event_id: Annotated[str | None, Meta(description="identifier of the event")]
    event_type: Annotated[str, Meta(description="what happened")]
    phase: Annotated[str, Meta(description="part of the session it happened in")]
    outcome: Annotated[str, Meta(description="how it ended")]
    worth: Annotated[int | float | None, Meta(description="what the evidence gives it", extra={"unit": "points"})]
    logged: Annotated[int | float | None, Meta(description="what the producer wrote", extra={"unit": "points"})]
    state: Annotated[str, Meta(description="logged against worth: agrees, differs, or not compared")]
    serves: Annotated[str, Meta(description="objectives it satisfies and critical errors it triggers")]
    place: Place


class Stretch(Struct, frozen=True):
    """The session, one of its phases, or a window in which an objective can be met."""

    what: Annotated[str, Meta(description="session, phase, or window of an objective")]
    name: Annotated[str, Meta(description="the phase, or the objective of the window")]
    phase: Annotated[str, Meta(description="the phase it lies in")]
    start: Annotated[int | float | None, Meta(description="since the first instant", extra={"unit": "s"})]
    end: Annotated[int | float | None, Meta(description="since the first instant", extra={"unit": "s"})]
    lasted: Annotated[int | float | None, Meta(description="from start to end", extra={"unit": "s"})]
    limit: Annotated[int | float | None, Meta(description="planned length or timebox", extra={"unit": "s"})]
    state: Annotated[
        str, Meta(description="within its limit or overlong, not reached; of a window: met, not met, met in audit")
    ]
    events: Annotated[int | None, Meta(description="events in it")]
    met_by: Annotated[str | None, Meta(description="the event that met the objective")]
    place: Place


def events_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """A row for each event that is evidence, in time."""
    session = seen(document, documents)
    if session is None:
        return table_of(document.path, Moment, [])
    rows = [_moment(session, mark) for mark in session.timeline.marks]
    return table_of(f"{document.path}: {len(rows)} events{session.state}", Moment, rows)


def phases_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """A row for the session, each phase, and each window."""
    session = seen(document, documents)
    return table_of(document.path, Stretch, list(_stretches(session)) if session else [])


def charts(document: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """Phases beside their timeboxes, and the windows of the objectives."""
    session = seen(document, documents)
    if session is None:
        return ()
    axis = session.timeline
    spans = [series for phase in axis.phases for series in _drawn(phase)]
    windows = [_span(f"{w.objective_id}, {w.phase}", w.opens_ns, w.closes_ns) for w in axis.windows[:MAX_SPANS]]
    x = "since the first instant (s)"
    drawn = (
        Chart("Phases", "spans", x, "phase", tuple(spans)),
        Chart("Windows", "spans", x, "objective", tuple(windows)),
    )
    return tuple(chart for chart in drawn if chart.series)


def _moment(session: Seen, mark: Mark) -> Moment:
    agrees = mark.worth == (mark.logged or 0)  # no points logged is to log none
    return Moment(
        seconds(mark.at_ns),
        session.event_id(mark.record),
        mark.event_type,
        mark.phase,
        mark.outcome,
        mark.worth,
        mark.logged,
        "not compared" if mark.worth is None else "agrees" if agrees else "differs",
        ", ".join(mark.serves),
        session.place(mark.record),
    )


def _stretches(session: Seen) -> Iterator[Stretch]:
    axis = session.timeline
    reached = {span.phase: span for span in axis.phases}
    if axis.start is not None:
        yield _whole(session, axis)
    for phase in PHASES:
        if phase in reached:
            yield _phase(session, reached[phase])
        elif reached:
            yield Stretch("phase", phase, phase, None, None, None, None, "not reached", 0, None, session.place(None))
    met_early = {
        window.objective_id for window in axis.windows if window.phase == "audit" and window.met_by is not None
    }
    for window in axis.windows:
        yield _window(session, window, is_met_early=window.objective_id in met_early)


def _whole(session: Seen, axis: PhaseTimeline) -> Stretch:
    first = min((mark for mark in axis.marks if mark.at_ns is not None), key=lambda mark: mark.at_ns or 0, default=None)
    return Stretch(
        "session",
        str(session.whole.bundle.get("session_id", "")),
        "",
        0,
        seconds(axis.length_ns),
        seconds(axis.length_ns),
        seconds(axis.planned_ns),
        _limit_state(axis.length_ns, axis.planned_ns),
        len(axis.marks),
        None,
        session.place(first.record if first else None),
    )


def _phase(session: Seen, span: PhaseSpan) -> Stretch:
    lasted = span.end_ns - span.start_ns
    return Stretch(
        "phase",
        span.phase,
        span.phase,
        seconds(span.start_ns),
        seconds(span.end_ns),
        seconds(lasted),
        seconds(span.timebox_ns),
        _limit_state(lasted, span.timebox_ns),
        len(span.records),
        None,
        session.first(span.records),
    )


def _window(session: Seen, window: Window, *, is_met_early: bool) -> Stretch:
    length = seconds(window.closes_ns - window.opens_ns)
    otherwise = "met in audit" if is_met_early else "not met"
    return Stretch(
        "window",
        window.objective_id,
        window.phase,
        seconds(window.opens_ns),
        seconds(window.closes_ns),
        length,
        length,
        otherwise if window.met_by is None else "met",
        None,
        session.event_id(window.met_by),
        session.place(window.met_by),
    )


def _limit_state(lasted_ns: int, limit_ns: int | None) -> str:
    if limit_ns is None:
        return "no limit"
    return "overlong" if lasted_ns > limit_ns else "within"


def _drawn(phase: PhaseSpan) -> Iterator[Series]:
    """A phase, and under it the time it was given."""
    yield _span(phase.phase, phase.start_ns, phase.end_ns)
    if phase.timebox_ns is not None:
        yield _span(f"{phase.phase} timebox", phase.start_ns, phase.start_ns + phase.timebox_ns)


def _span(label: str, start_ns: int, end_ns: int) -> Series:
    return Series(label, ((start_ns / SECOND_NS, end_ns / SECOND_NS),))
