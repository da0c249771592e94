"""How a run evolves over its generations: kernel, mutations, repairs, time, and the size of the reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.bootloader.evolution import Evolution, Point, evolution
from teleloupe.formats.bootloader.reading import LIMIT_BYTES
from teleloupe.formats.bootloader.scope import Run, runs_in_view
from teleloupe.model import Chart, Document, Place, Series, Table

MOST_DRAWN = 2**53  # only a damaged report says more, up to numbers that no float can hold

_BYTES = {"unit": "bytes"}


class Step(Struct, frozen=True):
    """Where a run stands at a generation."""

    n: Annotated[int, Meta(description="generation")]
    size: Annotated[float | None, Meta(description="length of the payload", extra=_BYTES)]
    smallest: Annotated[float | None, Meta(description="smallest adopted mutant so far", extra=_BYTES)]
    largest: Annotated[float | None, Meta(description="largest adopted mutant so far", extra=_BYTES)]
    instructions: Annotated[float | None, Meta(description="instructions that the producer's decoder finds")]
    duration: Annotated[float | None, Meta(description="duration of the generation", extra={"unit": "s"})]
    inserted: Annotated[float | None, Meta(description="insertions so far")]
    modified: Annotated[float | None, Meta(description="modifications so far")]
    appended: Annotated[float | None, Meta(description="appendings so far")]
    removed: Annotated[float | None, Meta(description="removals so far, from the history")]
    repairs: Annotated[float | None, Meta(description="failed boots of this generation")]
    rejected: Annotated[float | None, Meta(description="share of mutations rejected so far", extra={"unit": "%"})]
    report: Annotated[float | None, Meta(description="size of the report on disk", extra=_BYTES)]
    limit: Annotated[float | None, Meta(description="the report's size against 65 536 bytes", extra={"unit": "%"})]
    run: Annotated[str, Meta(description="directory of the run")]
    place: Place


def evolution_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The series of a run, or of the newest run below a directory, as rows."""
    rows = [row for run in runs_in_view(document, documents)[-1:] for row in _rows(run)]
    return table_of("Evolution", Step, rows)


def evolution_charts(document: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """The same as lines over the generations."""
    charts = [chart for run in runs_in_view(document, documents)[-1:] for chart in _charts(evolution(run.members))]
    return tuple(chart for chart in charts if chart.series)


def _rows(run: Run) -> list[Step]:
    found = evolution(run.members)
    size, smallest, largest = (_at(points) for points in (found.kernel_bytes, found.smallest, found.largest))
    instructions, duration = _at(found.instructions), _at(_seconds(found.duration_ms))
    kinds = (found.inserted, found.modified, found.appended, found.removed)
    inserted, modified, appended, removed = (_at(points) for points in kinds)
    repairs, rejected = _at(found.repairs), _at(_percent(found.rejected_share, 1))
    report, limit = _at(found.report_bytes), _at(_percent(found.report_bytes, LIMIT_BYTES))
    return [
        Step(
            n=n,
            size=size(n),
            smallest=smallest(n),
            largest=largest(n),
            instructions=instructions(n),
            duration=duration(n),
            inserted=inserted(n),
            modified=modified(n),
            appended=appended(n),
            removed=removed(n),
            repairs=repairs(n),
            rejected=rejected(n),
            report=report(n),
            limit=limit(n),
            run=run.folder,
            place=Place(document.path),
        )
        for n, document in run.used.items()
    ]


def _charts(found: Evolution) -> list[Chart]:
    sizes = (("kernel", found.kernel_bytes), ("smallest", found.smallest), ("largest", found.largest))
    mutations = (
        ("inserted", found.inserted), ("modified", found.modified), ("appended", found.appended),
        ("removed", found.removed),
    )  # fmt: skip
    ends = found.report_bytes[:1] + found.report_bytes[-1:]
    reports = (("report", found.report_bytes), ("limit", tuple(Point(end.generation, LIMIT_BYTES) for end in ends)))
    crossing = f", reaches the limit at generation {found.crossing}" if found.crossing is not None else ""
    return [
        _chart("Kernel size", "bytes", *sizes),
        _chart("Instructions", "instructions", ("instructions", found.instructions)),
        _chart("Duration", "seconds", ("duration", _seconds(found.duration_ms))),
        _chart("Mutations so far", "mutations", *mutations),
        _chart("Repairs", "failed boots", ("repairs", found.repairs)),
        _chart("Rejected mutations so far", "%", ("rejected", _percent(found.rejected_share, 1))),
        _chart(f"Report size{crossing}", "bytes on disk", *reports),
    ]


def _chart(title: str, y: str, *lines: tuple[str, Sequence[Point]]) -> Chart:
    drawn = ((label, tuple(filter(_is_drawable, points))) for label, points in lines)
    series = (Series(label, tuple((one.generation, one.value) for one in points)) for label, points in drawn if points)
    return Chart(title, "line", "generation", y, tuple(series))


def _is_drawable(point: Point) -> bool:
    return abs(point.generation) <= MOST_DRAWN and abs(point.value) <= MOST_DRAWN


def _at(points: Sequence[Point]) -> Callable[[int], float | None]:
    """The value of a series at a generation, if it has one there."""
    return {point.generation: point.value for point in points}.get


def _seconds(points: Sequence[Point]) -> tuple[Point, ...]:
    return tuple(Point(point.generation, round(point.value / 1000, 6)) for point in points)


def _percent(points: Sequence[Point], whole: float) -> tuple[Point, ...]:
    return tuple(Point(point.generation, round(100 * point.value / whole, 1)) for point in points)
