"""A run as rows and series over its generations (Bootloader specification, sections 10 and 12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.formats.bootloader.failures import FailureClass, class_of
from teleloupe.formats.bootloader.lineage import evolve_row
from teleloupe.formats.bootloader.reading import LIMIT_BYTES
from teleloupe.formats.bootloader.runs import seconds_evidence, used_documents
from teleloupe.formats.bootloader.shapes import STATISTICS, UNSET_RANGE, Report, size_range
from teleloupe.model import Document

STUCK_REPAIRS = 5  # so many repairs of one generation and it is called stuck
MAX_CHARTED = 100_000  # generations beyond which no share is drawn: only a damaged history has so many
TREND_GENERATIONS = 50  # how many of the last report sizes tell where the limit will be crossed

_BYTES = {"unit": "bytes"}


class GenerationRow(Struct, frozen=True):
    """A generation of a run as one row; what its report does not tell is None or ""."""

    number: Annotated[int, Meta(description="generation")]
    generated: Annotated[str, Meta(description="time of writing, UTC")]
    size: Annotated[int | None, Meta(description="length of the payload", extra=_BYTES)]
    change: Annotated[int | None, Meta(description="difference to the preceding generation's payload", extra=_BYTES)]
    instructions: Annotated[int | None, Meta(description="instructions that the producer's decoder finds")]
    mutation: Annotated[str, Meta(description="the mutation that led here; empty when it was rejected")]
    attempted: Annotated[int | None, Meta(description="mutations attempted in the run")]
    applied: Annotated[int | None, Meta(description="mutations of the run that inserted something")]
    insert: Annotated[int | None, Meta(description="insertions of the run")]
    modify: Annotated[int | None, Meta(description="modifications of the run")]
    append: Annotated[int | None, Meta(description="appendings of the run")]
    removals: Annotated[int | None, Meta(description="removals of the run, from the history")]
    duration_ms: Annotated[float | None, Meta(description="duration of the generation", extra={"unit": "ms"})]
    repairs: Annotated[int | None, Meta(description="failed boots of this generation")]
    trap_class: Annotated[str, Meta(description="class of this generation's last failure")]
    instances: Annotated[int | None, Meta(description="alive instances")]
    sha256: Annotated[str, Meta(description="digest of the payload")]
    issues: Annotated[int, Meta(description="issues of the report")]
    report_bytes: Annotated[int, Meta(description="size of the report on disk", extra=_BYTES)]
    state: Annotated[str, Meta(description="ok, partial, pending or broken")]
    path: Annotated[str, Meta(description="the report")]


class Point(Struct, frozen=True):
    """A value at a generation."""

    generation: int
    value: float


class Evolution(Struct, frozen=True):
    """Series over the generations of a run; `crossing` is where reports outgrow the limit, None if not foreseen."""

    kernel_bytes: tuple[Point, ...]
    smallest: tuple[Point, ...]
    largest: tuple[Point, ...]
    instructions: tuple[Point, ...]
    duration_ms: tuple[Point, ...]
    inserted: tuple[Point, ...]
    modified: tuple[Point, ...]
    appended: tuple[Point, ...]
    removed: tuple[Point, ...]
    repairs: tuple[Point, ...]
    rejected_share: tuple[Point, ...]
    report_bytes: tuple[Point, ...]
    crossing: int | None


def generation_rows(
    members: Sequence[Document], issue_count: Callable[[str], int] | None = None
) -> tuple[GenerationRow, ...]:
    """The rows of a run's reports by generation.

    `issue_count` tells how many issues a path has; without it only a document's own are counted.
    """
    used = used_documents(members)
    counts_seconds = any(seconds_evidence(document.body) for document in used.values())
    told = _failures_told(list(used.values()))
    rows: list[GenerationRow] = []
    for number, document in used.items():
        before = rows[-1].size if rows else None
        issues = issue_count(document.path) if issue_count else len(document.issues)
        repairs = _repairs(document.body, told.get(number, ()))
        rows.append(_generation_row(number, document, before, issues, 1000 if counts_seconds else 1, repairs))
    return tuple(rows)


def evolution(members: Sequence[Document]) -> Evolution:
    """The series of a run's reports."""
    rows = generation_rows(members)
    reports = [(number, document.body) for number, document in used_documents(members).items()]
    bands = [(n, band) for n, report in reports if (band := size_range(report)) and band != UNSET_RANGE]
    sizes = _points(rows, lambda row: row.report_bytes)
    return Evolution(
        kernel_bytes=_points(rows, lambda row: row.size),
        smallest=tuple(Point(n, band[0]) for n, band in bands),
        largest=tuple(Point(n, band[1]) for n, band in bands),
        instructions=_points(rows, lambda row: row.instructions),
        duration_ms=_points(rows, lambda row: row.duration_ms),
        inserted=_points(rows, lambda row: row.insert),
        modified=_points(rows, lambda row: row.modify),
        appended=_points(rows, lambda row: row.append),
        removed=_points(rows, lambda row: row.removals),
        repairs=_points(rows, lambda row: row.repairs),
        rejected_share=rejected_shares(reports[-1][1]) if reports else (),
        report_bytes=sizes,
        crossing=crossing_of(sizes),
    )


def opcode_counts(report: Report) -> Counter[int]:
    """How often each opcode stands in a report's code, as the producer decodes it."""
    return Counter(instruction[0] for instruction in report.instructions)


def opcode_heat(reports: Sequence[tuple[int, Report]]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Opcodes by how often they occur in all, each with its count in every report, in the reports' order."""
    counts = [opcode_counts(report) for _, report in reports]
    total: Counter[int] = sum(counts, Counter())
    ordered = sorted(total, key=lambda opcode: (-total[opcode], opcode))
    return tuple((opcode, tuple(count[opcode] for count in counts)) for opcode in ordered)


def rejected_shares(report: Report) -> tuple[Point, ...]:
    """The share of mutations rejected up to each generation: those generations have no EVOLVE row."""
    generation = report.values.get("generation")
    if generation is None or report.history is None or not report.history.rows:
        return ()
    last = min(generation, report.history.rows[-1].generation + 1)
    if last > MAX_CHARTED:
        return ()
    evolved = {row.generation for row in report.history.rows if row.action == "EVOLVE"}
    points, rejected = [], 0
    for each in range(last):
        rejected += each not in evolved
        points.append(Point(each + 1, rejected / (each + 1)))
    return tuple(points)


def crossing_of(sizes: Sequence[Point]) -> int | None:
    """The first generation whose report outgrows the limit, by a straight line through the last sizes if none does."""
    over = next((point.generation for point in sizes if point.value > LIMIT_BYTES), None)
    recent = sizes[-TREND_GENERATIONS:]
    if over is not None or len(recent) < 2:
        return over
    first, last = recent[0], recent[-1]
    growth = (last.value - first.value) / (last.generation - first.generation)
    return None if growth <= 0 else last.generation + int((LIMIT_BYTES - last.value) / growth) + 1


def _generation_row(
    number: int,
    document: Document,
    before: int | None,
    issues: int,
    unit_ms: int,
    repairs: tuple[int | None, FailureClass | None],
) -> GenerationRow:
    report: Report = document.body
    values, kernel, history = report.values, report.kernel, report.history
    attempted, applied, breakdown = (values.get(name) for name in STATISTICS)
    tally = history.tally if history else None
    size = len(kernel.payload) if kernel else None
    row, duration = evolve_row(report), values.get("duration")
    return GenerationRow(
        number=number,
        generated=values.get("generated", ""),
        size=size,
        change=None if size is None or before is None else size - before,
        instructions=len(report.instructions) if kernel else None,
        mutation=row.details if row else "",
        attempted=attempted,
        applied=applied,
        insert=breakdown["insert"] if breakdown else tally.inserted if tally else None,
        modify=breakdown["modify"] if breakdown else tally.modified if tally else None,
        append=breakdown["append"] if breakdown else tally.appended if tally else None,
        removals=tally.removed if tally else None,
        duration_ms=None if duration is None else duration * unit_ms,
        repairs=repairs[0],
        trap_class=repairs[1] or "",
        instances=values.get("instances_declared"),
        sha256=kernel.sha256 if kernel else "",
        issues=issues,
        report_bytes=document.size,
        state=report.state,
        path=document.path,
    )


def _failures_told(documents: Sequence[Document]) -> dict[int, list[str]]:
    """The reasons of all failed boots by generation, of the newest history, which repeats those before."""
    newest = next((one.body.history for one in reversed(documents) if one.body.history is not None), None)
    found: dict[int, list[str]] = {}
    for row in newest.rows if newest else ():
        if not row.ok:
            found.setdefault(row.generation, []).append(row.details)
    return found


def _repairs(report: Report, told: Sequence[str]) -> tuple[int | None, FailureClass | None]:
    """How often the report's own generation failed to boot, and the class of the last reason.

    `told` are the reasons that the newest history gives: a boot may have failed after this report was written.
    """
    if report.history is None and not told:
        return None, None
    own = []
    for row in reversed(report.history.rows if report.history else ()):
        if row.generation < (report.number or 0):
            break
        if not row.ok and row.generation == report.number:
            own.append(row.details)
    reasons = told if len(told) > len(own) else own[::-1]
    return len(reasons), class_of(reasons[-1]) if reasons else None


def _points(rows: Sequence[GenerationRow], get: Callable[[GenerationRow], float | None]) -> tuple[Point, ...]:
    found = ((row.number, get(row)) for row in rows)
    return tuple(Point(number, value) for number, value in found if value is not None)
