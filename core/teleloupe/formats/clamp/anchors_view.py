"""Anchors as records and on a time axis, as recorded and aligned to a common start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any

from msgspec import Meta, Struct

from teleloupe.columns import columns_of, getter, table_of
from teleloupe.formats.clamp.alignment import Alignment, alignment
from teleloupe.formats.clamp.remembered import Remembered
from teleloupe.formats.clamp.scope import sessions_in_view
from teleloupe.formats.clamp.shapes import PlainRecord
from teleloupe.formats.clamp.timeline import Interval, intervals
from teleloupe.formats.clamp.times import NS_PER_MS, NS_PER_S, utc_text
from teleloupe.formats.gathering import Gathered, Rows
from teleloupe.model import DIRECTORY, Chart, Column, Document, Place, Series, Table

MAX_SPANS = 2000  # of one lane; beyond, those that touch are drawn as one
MAX_LANES = 200  # files or threads that are drawn, the last; no terminal has as many lines

MAX_DRAWN_MS = 1e12  # thirty years; a longer duration is damage, and the printed times are drawn instead

Lanes = Mapping[str, Sequence[tuple[int, int]]]


class Shifted(Struct, frozen=True):
    """A file and what alignment adds to its times."""

    file: Annotated[str, Meta(description="the session file")]
    earliest: Annotated[str, Meta(description="its earliest acquisition, UTC; empty when it tells none")]
    delta: Annotated[float | None, Meta(description="what alignment adds to its times", extra={"unit": "s"})]
    records: Annotated[int, Meta(description="records in the file")]
    hints: Annotated[str, Meta(description="why the file may have been aligned already")]
    place: Place


def _of_record(name: str) -> Callable[[Gathered], Any]:
    get = getter(name)
    return lambda row: get(row.record)


_COLUMNS = (
    *(Column(one.name, _of_record(one.name), one.unit, one.doc, one.type) for one in columns_of(PlainRecord)),
    Column("file", lambda row: row.document.path, "", "the session file"),
)


def anchors_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """Every record of a file, or of all session files of a directory in the order of their export."""
    rows = Rows(sessions_in_view(document, documents))
    return Table("Anchors", _COLUMNS, rows, lambda index: _place(rows[index]), len(rows))


def anchors_charts(document: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """When anchors were held, as recorded: a lane a thread of one file, or a lane a file of a directory."""
    files = sessions_in_view(document, documents)
    lanes = _lanes(files, None, by_thread=document.kind != DIRECTORY)
    return _chart(f"Anchors as recorded{_left_out(files)}", lanes, None)


def alignment_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """What alignment would add to the times of each file; nothing is written back."""
    files = sessions_in_view(document, documents)
    rows = [
        Shifted(
            file.path,
            utc_text(shift.earliest_ns) if shift.earliest_ns is not None else "",
            None if shift.delta_ns is None else shift.delta_ns / NS_PER_S,
            len(file.records),
            "; ".join(shift.hints),
            Place(file.path),
        )
        for file, shift in zip(files, alignment(files).shifts, strict=True)
    ]
    return table_of("Alignment", Shifted, rows)


def alignment_charts(document: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """When anchors were held, each file moved so that it begins with the earliest one."""
    files = sessions_in_view(document, documents)
    view = alignment(files)
    return _chart(
        f"Anchors aligned to a common start{_left_out(files)}", _lanes(files, view, by_thread=False), view.reference_ns
    )


def _place(row: Gathered) -> Place:
    return Place(row.document.path, f"/records/{row.index}")


def _lanes(files: Sequence[Document], view: Alignment | None, *, by_thread: bool) -> Lanes:
    """Spans in ns since 1970, by file or by thread; what is still held lasts as long as anything is known."""
    spans: dict[str, list[tuple[int, int]]] = {}
    deltas = view.deltas_ns() if view else {}
    known = [latest + deltas.get(file.path, 0) for file in files if (latest := file.body.figures.latest_event_ns)]
    until = max(known, default=0)
    for file in files[-MAX_LANES:]:
        delta = deltas.get(file.path, 0)
        for one in _intervals(file):
            lane = one.thread or "no thread" if by_thread else file.name
            start = one.start_ns + delta
            end = until if one.end_ns is None else _end_ns(one, one.end_ns) + delta
            spans.setdefault(lane, []).append((start, max(start, end)))
    return {lane: found if len(found) <= MAX_SPANS else _merged(found) for lane, found in spans.items()}


_intervals = Remembered(intervals)


def _end_ns(one: Interval, released_ns: int) -> int:
    """When an anchor was released; durations are finer than the printed times."""
    is_usable = one.duration_ms is not None and 0 < one.duration_ms <= MAX_DRAWN_MS
    return one.start_ns + round((one.duration_ms or 0) * NS_PER_MS) if is_usable else released_ns


def _left_out(files: Sequence[Document]) -> str:
    return f", the last {MAX_LANES} of {len(files)} files" if len(files) > MAX_LANES else ""


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in the order of their start, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _chart(title: str, lanes: Lanes, reference_ns: int | None) -> tuple[Chart, ...]:
    """A lane a series, on an axis in seconds since the first of all starts, or since the reference."""
    if not lanes:
        return ()
    zero = min(start for spans in lanes.values() for start, _ in spans) if reference_ns is None else reference_ns
    series = tuple(
        Series(lane, tuple(((start - zero) / NS_PER_S, (end - zero) / NS_PER_S) for start, end in spans))
        for lane, spans in list(lanes.items())[:MAX_LANES]
    )
    axis = f"seconds since {utc_text(zero)}"
    return (Chart(title, "spans", axis, "", series),)
