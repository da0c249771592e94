"""What one file contributes to the summary of its directory, in each of the three readings (section 5.2, 5.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct, structs

from teleloupe.formats.clamp.moments import NOTHING, Moments, exact_mean, exact_variance, merged, running_variance
from teleloupe.formats.clamp.times import NS_PER_MS

Build = Literal["specification", "library", "line-scanner"]
BUILDS: tuple[Build, ...] = ("specification", "library", "line-scanner")


class Part(Struct, frozen=True, gc=False):
    """A file in one reading: the scores it counts, its earliest and latest acquisition in ns since 1970.

    In the producer's two builds the times include placeholders: a record's index, taken for milliseconds. `records`
    counts all records read, scored or not; `durations` are those of a file the line scanner takes for one record,
    `scores` those of one that it takes for several; `is_spread` says that the list begins on a line without a brace.
    """

    moments: Moments = NOTHING
    earliest_ns: int | None = None
    latest_ns: int | None = None
    records: int = 0
    durations: tuple[float, ...] = ()
    scores: Sequence[float] = ()
    is_spread: bool = False


EMPTY = Part()


class Figures(Struct, frozen=True, gc=False):
    """A file in all three readings, its released records alone, and what goes wrong when it is aggregated.

    `abort_at` is the pointer of the score at which a JSON-library build stops ("" if it does not), `untimed` the
    indexes of records that get a placeholder time there, `held` those of records that were in flight;
    `out_of_range` counts scores outside 0..1, `is_read` says that a JSON library can read the file at all,
    `is_canonical` that every time is known to be in the exporter's own form.
    """

    specification: Part = EMPTY
    library: Part = EMPTY
    line_scanner: Part = EMPTY
    released: Moments = NOTHING
    abort_at: str = ""
    untimed: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    latest_event_ns: int | None = None
    out_of_range: int = 0
    is_read: bool = True
    is_canonical: bool = False

    def part(self, build: Build) -> Part:
        """The file as that build reads it."""
        return _PARTS[build](self)


def joined(one: Part, other: Part) -> Part:
    """Two files as one part, read in that order."""
    earliest = [time for time in (one.earliest_ns, other.earliest_ns) if time is not None]
    latest = [time for time in (one.latest_ns, other.latest_ns) if time is not None]
    moments = merged((one.moments, other.moments))
    return Part(moments, min(earliest, default=None), max(latest, default=None), one.records + other.records)


def unread(figures: Figures) -> Figures:
    """The figures of a file that only the line scanner can read."""
    return structs.replace(
        figures, specification=EMPTY, library=EMPTY, released=NOTHING, abort_at="", untimed=(), is_read=False
    )


_PARTS: Mapping[Build, Callable[[Figures], Part]] = {
    "specification": lambda figures: figures.specification,
    "library": lambda figures: figures.library,
    "line-scanner": lambda figures: figures.line_scanner,
}


class Numbers(Struct, frozen=True):
    """The four numbers of a summary: records counted, mean and sample variance of their scores, drift in ms."""

    count: int = 0
    mean: float = 0.0
    variance: float = 0.0
    drift_ms: float = 0.0


def numbers(parts: Sequence[Part], build: Build, counted: Moments | None = None) -> Numbers:
    """The summary of a directory from the parts of its files, in the order in which they are read.

    `counted` stands in for the parts' own moments where the producer's running computation is wanted to the last bit.
    """
    joint = merged(part.moments for part in parts) if counted is None else counted
    drift_ms = span_ns(parts) / NS_PER_MS if joint.count > 1 else 0.0
    if build == "specification":
        return Numbers(joint.count, exact_mean(joint), exact_variance(joint), drift_ms)
    return Numbers(joint.count, joint.mean, running_variance(joint), drift_ms)


def span_ns(parts: Iterable[Part]) -> int:
    """Latest less earliest acquisition; 0 when there is none."""
    timed = [(part.earliest_ns, part.latest_ns) for part in parts]
    earliest = [first for first, _ in timed if first is not None]
    latest = [last for _, last in timed if last is not None]
    return max(latest) - min(earliest) if earliest and latest else 0
