"""A session's mean against its records, by the rounding interval of each printed score (section 7.2)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from teleloupe.formats.clamp import rules
from teleloupe.formats.clamp.figures import Figures
from teleloupe.formats.clamp.moments import exact_mean, is_score
from teleloupe.model import Issue

PRINTED_SLACK = 5e-7 + 1e-9  # half of the mean's last printed decimal, and the arithmetic
RECORD_DIGITS = 3  # significant digits of a score as the exporter prints it
AT = "/stability_score"

Tokens = Callable[[], Sequence[str]]


def mean_issues(top: Mapping[str, Any], record_count: int, figures: Figures, tokens: Tokens) -> Iterator[Issue]:
    """What is wrong with the top-level mean; `tokens` gives the records' scores as written, when they are needed."""
    computed = exact_mean(figures.specification.moments)
    if "stability_score" not in top:
        yield rules.MEAN_MISSING.issue(
            AT, f"top-level mean is missing; computed {computed:.6f}", expected=f"{computed:.6f}"
        )
        return
    declared = top["stability_score"]
    if not is_score(declared):
        return  # its type or size is told elsewhere
    yield from range_issues(top)
    is_usable = figures.specification.moments.count == record_count
    if is_usable and not _fits(float(declared), computed, tokens):
        message = f"mean says {declared:.6f}, records give {computed:.6f}"
        yield rules.MEAN_MISMATCH.issue(AT, message, expected=f"{computed:.6f}", actual=f"{declared:.6f}")
    if figures.held:
        released = f"{exact_mean(figures.released):.6f}" if figures.released.count else "none"
        message = f"mean counts {len(figures.held)} in-flight anchors as 0; released only: {released}"
        yield rules.MEAN_INCLUDES_INFLIGHT.issue(AT, message, count=len(figures.held))


def range_issues(top: Mapping[str, Any]) -> Iterator[Issue]:
    """A top-level mean that no scores have, whatever the records are."""
    declared = top.get("stability_score")
    if is_score(declared) and not 0 <= declared <= 1:
        message = f"mean {declared:g} is outside 0..1: telemetry corruption, which rounding may hide in the records"
        yield rules.MEAN_RANGE.issue(AT, message, expected="0..1", actual=f"{declared!r:.40}")


def interval(token: str) -> tuple[float, float]:
    """The values that the exporter prints as this number: with up to three significant digits, the rounding interval.

    At a power of ten the values below it are printed finer by one digit. Zero and longer numbers stand for themselves.
    """
    value = float(token)
    if not value or not math.isfinite(value):
        return value, value  # an exponent may be beyond what a decimal has
    number = Decimal(token)
    if len(number.as_tuple().digits) > RECORD_DIGITS:
        return value, value
    half = Decimal(1).scaleb(number.adjusted() - RECORD_DIGITS + 1) / 2
    is_power = abs(number) == Decimal(1).scaleb(number.adjusted())
    inner, outer = abs(number) - (half / 10 if is_power else half), abs(number) + half
    return (float(inner), float(outer)) if number > 0 else (-float(outer), -float(inner))


def _fits(declared: float, computed: float, tokens: Tokens) -> bool:
    if abs(declared - computed) <= PRINTED_SLACK:
        return True
    intervals = [interval(token) for token in tokens()]
    if not intervals:
        return False
    slack = PRINTED_SLACK + abs(declared) * 1e-12
    count = len(intervals)
    lowest = math.fsum(low / count for low, _ in intervals)  # divided first: the sum may be beyond a double
    highest = math.fsum(high / count for _, high in intervals)
    return lowest - slack <= declared <= highest + slack
