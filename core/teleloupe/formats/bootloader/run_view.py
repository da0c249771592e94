"""A run as one row a generation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.bootloader.evolution import STUCK_REPAIRS, GenerationRow, generation_rows
from teleloupe.formats.bootloader.scope import Run, runs_in_view
from teleloupe.model import Document, Place, Table

HASH_DIGITS = 12  # of a digest; enough to tell the kernels of a run apart

_BYTES = {"unit": "bytes"}


class Generation(Struct, frozen=True):
    """A generation of a run."""

    n: Annotated[int, Meta(description="generation")]
    generated: Annotated[str, Meta(description="time of writing, UTC")]
    state: Annotated[str, Meta(description="ok, partial, pending, broken; repaired or stuck after failed boots")]
    size: Annotated[int | None, Meta(description="length of the payload", extra=_BYTES)]
    change: Annotated[int | None, Meta(description="difference to the payload before", extra=_BYTES)]
    instructions: Annotated[int | None, Meta(description="instructions that the producer's decoder finds")]
    mutation: Annotated[str, Meta(description="the mutation that led here; empty: rejected, or the first generation")]
    repairs: Annotated[int | None, Meta(description="failed boots of this generation")]
    revisions: Annotated[int | None, Meta(description="times the report was written: every repair overwrites it")]
    files: Annotated[int, Meta(description="files of this generation; the one written last is used")]
    trap: Annotated[str, Meta(description="class of this generation's last failure")]
    duration: Annotated[float | None, Meta(description="duration of the generation", extra={"unit": "s"})]
    as_written: Annotated[str, Meta(description="the duration in the report, and what its number really counts")]
    instances: Annotated[int | None, Meta(description="alive instances")]
    hash: Annotated[str, Meta(description="beginning of the payload's SHA-256")]
    issues: Annotated[int, Meta(description="issues of the report itself")]
    run: Annotated[str, Meta(description="directory of the run")]
    place: Place


def generations_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The generations of a run, or of all runs below a directory."""
    rows = [row for run in runs_in_view(document, documents) for row in _rows(run)]
    return table_of("Generations", Generation, rows)


def _rows(run: Run) -> Iterator[Generation]:
    files = dict.fromkeys(run.used, 0)
    for member in run.members:
        if member.body.number in files:
            files[member.body.number] += 1
    for row in generation_rows(run.members):
        written = run.used[row.number].body.values.get("duration")
        yield Generation(
            row.number,
            row.generated,
            _state(row),
            row.size,
            row.change,
            row.instructions,
            row.mutation,
            row.repairs,
            None if row.repairs is None else row.repairs + 1,
            files[row.number],
            row.trap_class,
            None if row.duration_ms is None else round(row.duration_ms / 1000, 6),
            "" if written is None else _as_written(written, row),
            row.instances,
            row.sha256[:HASH_DIGITS],
            row.issues,
            run.folder,
            Place(row.path),
        )


def _state(row: GenerationRow) -> str:
    if row.state != "ok" or not row.repairs:
        return row.state
    return "stuck" if row.repairs >= STUCK_REPAIRS else "repaired"


def _as_written(written: float, row: GenerationRow) -> str:
    """The trap in the unit: the report says ms, the times of the history show seconds."""
    counts_seconds = row.duration_ms != written
    return f"{written:g} ms, counts seconds" if counts_seconds else f"{written:g} ms, unit not shown by the history"
