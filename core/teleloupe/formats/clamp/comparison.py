"""A summary beside the session files it speaks of, and which build of the producer explains it (section 5.3, 5.4)."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence

from msgspec import Struct, structs

from teleloupe.formats.clamp import rules
from teleloupe.formats.clamp.dialects import PERCENTILE_DIALECTS, Dialect
from teleloupe.formats.clamp.figures import Build, Numbers, Part, numbers
from teleloupe.formats.clamp.moments import exact_variance, is_score
from teleloupe.formats.clamp.summary import SummaryBody, number_of
from teleloupe.model import Document, Issue, Rule

VALUE_TOLERANCE = 1e-6  # of mean and variance
DRIFT_TOLERANCE_MS = 0.002
ALPHA_TOLERANCE = 1e-5  # relative: the alpha shape prints six significant digits
# Relative: arithmetic in doubles, and tolerances that are met exactly. A drift is a difference of whole nanoseconds.
_ROUNDING = {"mean_stability": 1e-9, "stability_variance": 1e-9, "drift_index": sys.float_info.epsilon}

_PRODUCERS: tuple[Build, ...] = ("library", "line-scanner")
_RULES: dict[str, Rule] = {
    "session_count": rules.SUM_COUNT_MISMATCH,
    "mean_stability": rules.SUM_MEAN_MISMATCH,
    "stability_variance": rules.SUM_VARIANCE_MISMATCH,
    "drift_index": rules.SUM_DRIFT_MISMATCH,
}
_WHY = {"library": "it has placeholder times", "line-scanner": "it takes a one-line file for one record"}


class Difference(Struct, frozen=True):
    """A number of a summary that the session files do not give: its group, what it says, what they give."""

    group: str
    declared: float
    computed: float


class Comparison(Struct, frozen=True):
    """A summary against its session files: what differs from the specification's reading, and who reads it so."""

    differences: tuple[Difference, ...] = ()
    explained_by: tuple[Build, ...] = ()


def compare(body: SummaryBody, documents: Sequence[Document]) -> Comparison:
    """Hold a summary against documents of the files its directory has, in the order in which they are read."""
    computed = reading(documents, "specification", body.dialect) or Numbers()
    found = tuple(_differences(body, computed))
    if not found:
        return Comparison()
    return Comparison(found, tuple(build for build in _PRODUCERS if matches(body, documents, build)))


def matches(body: SummaryBody, documents: Sequence[Document], build: Build) -> bool:
    """Whether a build gives all four numbers of a summary."""
    computed = reading(documents, build, body.dialect)
    return computed is not None and matches_numbers(body, computed)


def matches_numbers(body: SummaryBody, computed: Numbers) -> bool:
    """Whether a summary has all four numbers and they are these."""
    is_full = all(number_of(body, group) is not None for group in _RULES)
    return is_full and not any(_differences(body, computed))


def reading(documents: Sequence[Document], build: Build, dialect: Dialect = "current") -> Numbers | None:
    """What a build of a revision computes from files; None when it stops at a score that is no number."""
    sums = [document.body.figures for document in documents]
    if build == "library" and dialect not in PERCENTILE_DIALECTS and any(one.abort_at for one in sums):
        return None
    parts = [one.part(build) for one in sums]
    found = numbers(parts, build)
    if dialect == "alpha":
        variance = math.fsum(exact_variance(part.moments) for part in parts)
        return structs.replace(found, variance=variance, drift_ms=_index_range(part.records for part in parts))
    if dialect == "five keys" and build == "line-scanner":
        is_spread = found.count > 1
        return structs.replace(found, drift_ms=_index_range(part.records for part in parts) if is_spread else 0.0)
    if dialect in PERCENTILE_DIALECTS:
        return _percentile_reading(documents, build, dialect)
    return found


def comparison_issues(body: SummaryBody, comparison: Comparison) -> Iterator[Issue]:
    """A comparison's differences as issues of the summary."""
    names = " and a ".join(comparison.explained_by)
    why = "; ".join(_WHY[build] for build in comparison.explained_by if len(comparison.explained_by) == 1)
    tail = f" (matches a {names} aggregator{': ' if why else ''}{why})" if names else ""
    for one in comparison.differences:
        declared, computed = shown(one.group, one.declared), shown(one.group, one.computed)
        message = f"says {declared}, files give {computed}{tail}"
        yield _RULES[one.group].issue(body.places[one.group], message, expected=computed, actual=declared)


def shown(group: str, value: float) -> str:
    """A number of a summary in the form in which summaries write it."""
    return f"{value:d}" if group == "session_count" and isinstance(value, int) else f"{value:.6f}"


def percentile(durations_ms: Sequence[float]) -> float:
    """The 95th percentile as the earlier revisions take it: the element at floor(0.95 (n-1)); 0 of none."""
    ordered = sorted(durations_ms)
    return ordered[math.floor(0.95 * (len(ordered) - 1))] if ordered else 0.0


def counted_durations_ms(documents: Sequence[Document]) -> Iterator[float]:
    """The durations, finite and not negative, of all records whose score is counted."""
    for document in documents:
        if not document.body.figures.specification.moments.count:
            continue
        for record in document.records:
            fields = record if isinstance(record, dict) else _durations(record)
            duration = fields.get("duration_ms")
            if is_score(duration) and duration >= 0 and is_score(fields.get("stability_score")):
                yield float(duration)


def _durations(record: Struct) -> dict[str, object]:
    return {name: getattr(record, name, None) for name in ("duration_ms", "stability_score")}


def _percentile_reading(documents: Sequence[Document], build: Build, dialect: Dialect) -> Numbers:
    """The earlier revisions' numbers; from phase3 their line scanners see no records in a line that opens a brace."""
    if build != "line-scanner":
        drift_ms = percentile(tuple(counted_durations_ms(documents)))
        return structs.replace(numbers([_part(document, build) for document in documents], build), drift_ms=drift_ms)
    parts = [(document, _part(document, build)) for document in documents]
    if dialect != "phase2":
        parts = [(document, part) for document, part in parts if part.is_spread]
    single = [duration for _, part in parts for duration in part.durations]
    several = counted_durations_ms([document for document, part in parts if part.records > 1])
    drift_ms = percentile((*(one for one in single if one >= 0), *several))
    return structs.replace(numbers([part for _, part in parts], build), drift_ms=drift_ms)


def _differences(body: SummaryBody, computed: Numbers) -> Iterator[Difference]:
    given = (computed.count, computed.mean, computed.variance, computed.drift_ms)
    for group, value in zip(_RULES, given, strict=True):
        declared = number_of(body, group)
        if declared is not None and not _is_close(group, declared, value, body.dialect):
            yield Difference(group, declared, value)


def _is_close(group: str, declared: float, computed: float, dialect: Dialect) -> bool:
    if group == "session_count":
        return declared == computed
    tolerance = DRIFT_TOLERANCE_MS if group == "drift_index" else VALUE_TOLERANCE
    relative = ALPHA_TOLERANCE if dialect == "alpha" else _ROUNDING[group]
    return abs(declared - computed) <= tolerance + relative * max(abs(declared), abs(computed)) + 1e-12


def _index_range(counts: Iterator[int] | Sequence[int]) -> float:
    return float(max((count - 1 for count in counts if count), default=0))


def _part(document: Document, build: Build) -> Part:
    part: Part = document.body.figures.part(build)
    return part
