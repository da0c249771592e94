"""What happened in a run, boot by boot, and which boots failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.bootloader.failures import FailureClass, class_of, failures, trap_origin
from teleloupe.formats.bootloader.scope import Run, report_in_view, runs_in_view
from teleloupe.formats.bootloader.shapes import HistoryRow
from teleloupe.model import Chart, Document, Place, Series, Table


class Trap(Struct, frozen=True):
    """A failed boot."""

    n: Annotated[int, Meta(description="generation that failed to boot")]
    time: Annotated[str, Meta(description="time of day, UTC")]
    attempt: Annotated[int, Meta(description="which failure of that generation, the first being 1")]
    kind: Annotated[FailureClass, Meta(description="load, trap, panic, bounds, verify, other")]
    state: Annotated[
        Literal["shown", "past"],
        Meta(description="shown: the report's header still shows this trap, whatever came after it"),
    ]
    reason: Annotated[str, Meta(description="the reason as the producer words it")]
    run: Annotated[str, Meta(description="directory of the run")]
    place: Place


class Event(Struct, frozen=True):
    """A row of a run's history."""

    n: Annotated[int, Meta(description="generation the row belongs to")]
    time: Annotated[str, Meta(description="time of day, UTC; no date is printed")]
    action: Annotated[str, Meta(description="EXECUTE, EVOLVE or REPAIR")]
    state: Annotated[str, Meta(description="ok, or the class of the failure")]
    details: Annotated[str, Meta(description="what was verified or mutated, or why it failed")]
    run: Annotated[str, Meta(description="directory of the run")]
    place: Place


def traps_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The failed boots that a report tells of, or the newest report of each run below a directory."""
    rows = [row for run, report in _told(document, documents) for row in _traps(run, report)]
    return table_of("Traps", Trap, rows)


def traps_charts(document: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """The generations that failed, a lane a class, in the newest run."""
    for _, report in _told(document, documents)[-1:]:
        lanes: dict[str, dict[int, None]] = {}
        for one in failures(report.body):
            lanes.setdefault(one.kind, {})[one.generation] = None
        if lanes:
            series = tuple(Series(kind, tuple((at, at + 1) for at in lane)) for kind, lane in sorted(lanes.items()))
            return (Chart("Failed boots", "spans", "generation", "", series),)
    return ()


def history_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The history of a report, or that of the newest report of each run below a directory, which holds all others."""
    rows = [row for run, report in _told(document, documents) for row in _events(run, report)]
    return table_of("History", Event, rows)


def _told(document: Document, documents: Mapping[str, Document]) -> list[tuple[Run, Document]]:
    runs = runs_in_view(document, documents)
    return [(run, report) for run in runs if (report := report_in_view(document, run)) is not None]


def _traps(run: Run, report: Document) -> Iterator[Trap]:
    origin, seen = trap_origin(report.body), Counter[int]()
    for one in failures(report.body):
        seen[one.generation] += 1
        is_shown = origin is not None and one.row == origin.row
        place = Place(report.path, report.record_at(one.row))
        yield Trap(
            one.generation,
            one.time,
            seen[one.generation],
            one.kind,
            "shown" if is_shown else "past",
            one.reason,
            run.folder,
            place,
        )


def _events(run: Run, report: Document) -> Iterator[Event]:
    for index, row in enumerate(report.records):
        if isinstance(row, HistoryRow):
            state = "ok" if row.ok else class_of(row.details)
            place = Place(report.path, report.record_at(index))
            yield Event(row.generation, row.time, row.action, state, row.details, run.folder, place)
