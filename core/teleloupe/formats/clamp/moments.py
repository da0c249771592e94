"""Count, mean and sample variance of scores: exactly, and as the producer's running computation leaves them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from functools import lru_cache
from operator import mul
from typing import TypeGuard

from msgspec import Struct, structs

# Up to here double arithmetic keeps six decimals; beyond it the producer's own rounding shows in what it prints.
EXACT_LIMIT = 1000.0
DOUBLE_END = 2**1024 - 2**970  # the least integer that rounds beyond the largest double
_COMMON_SCALE = 6  # decimals; the exporter's scores rarely need more


class Moments(Struct, frozen=True, gc=False):
    """What merges over files: count, mean and sum of squared deviations in doubles, and exact sums.

    The exact sums are integers: `total` counts units of 10^-scale, `squares` units of 10^-2scale. They are of the
    decimal values as printed, and only kept while `is_exact`.
    """

    count: int = 0
    mean: float = 0.0
    deviations: float = 0.0
    scale: int = 0
    total: int = 0
    squares: int = 0
    is_exact: bool = True


NOTHING = Moments()


def moments(scores: Sequence[float]) -> Moments:
    """The moments of finite scores, in order."""
    if not scores:
        return NOTHING
    if scores.count(scores[0]) == len(scores):  # as in nearly all files
        return _repeated(scores[0], len(scores))
    distinct = Counter(scores)
    if max(distinct) > EXACT_LIMIT or min(distinct) < -EXACT_LIMIT:
        return running(scores)
    scale, units = _units(list(distinct))
    weighted = list(map(mul, units, distinct.values()))
    total, squares = sum(weighted), sum(map(mul, units, weighted))
    sums = Moments(len(scores), scale=scale, total=total, squares=squares)
    deviations = exact_variance(sums) * (len(scores) - 1)
    return Moments(len(scores), exact_mean(sums), deviations, scale, total, squares)


@lru_cache(maxsize=64)
def _repeated(score: float, count: int) -> Moments:
    """The moments of one score that occurs so often."""
    if abs(score) > EXACT_LIMIT:
        return running([score] * count)
    scale, (unit,) = _units([score])
    sums = Moments(count, 0.0, 0.0, scale, unit * count, unit * unit * count)
    return structs.replace(sums, mean=exact_mean(sums))


def running(scores: Iterable[float]) -> Moments:
    """The moments as the producer's running computation (Welford) leaves them; nothing exact is kept."""
    count, mean, deviations = 0, 0.0, 0.0
    for count, score in enumerate(scores, start=1):
        delta = score - mean
        mean += delta / count
        deviations += delta * (score - mean)
    return Moments(count, mean, deviations, is_exact=False) if count else NOTHING


def merged(parts: Iterable[Moments]) -> Moments:
    """The moments of all parts together; the exact sums do not depend on the split."""
    count, mean, deviations, scale, total, squares, is_exact = 0, 0.0, 0.0, 0, 0, 0, True
    for part in parts:
        if not part.count:
            continue
        joint, delta = count + part.count, part.mean - mean
        mean = mean + delta * part.count / joint if count else part.mean
        if part.count == 1 and count:
            deviations += delta * (part.mean - mean)  # the producer's own step, for files that count as one record
        else:
            deviations += part.deviations + (delta * delta * (count * part.count / joint) if count else 0.0)
        count, is_exact = joint, is_exact and part.is_exact
        if part.scale > scale:
            total, squares = total * 10 ** (part.scale - scale), squares * 100 ** (part.scale - scale)
            scale = part.scale
        lift = scale - part.scale
        total, squares = total + part.total * 10**lift, squares + part.squares * 100**lift
    return Moments(count, mean, deviations, scale, total, squares, is_exact)


def exact_mean(of: Moments) -> float:
    """The mean, rounded once; that in doubles where exactness was given up."""
    if not of.count or not of.is_exact:
        return of.mean
    mean: float = of.total / (of.count * 10**of.scale)  # of integers, which rounds once
    return mean


def exact_variance(of: Moments) -> float:
    """The sample variance (n-1), rounded once; 0 below two values."""
    if of.count < 2 or not of.is_exact:
        return running_variance(of)
    spread = of.count * of.squares - of.total * of.total
    variance: float = spread / (of.count * (of.count - 1) * 100**of.scale)
    return variance


def running_variance(of: Moments) -> float:
    """The sample variance (n-1) in doubles; 0 below two values."""
    return of.deviations / (of.count - 1) if of.count > 1 else 0.0


def is_score(value: object) -> TypeGuard[int | float]:
    """Whether the aggregator counts a value: a finite number; true and false are none."""
    if type(value) is int:
        return abs(value) < DOUBLE_END
    return type(value) is float and math.isfinite(value)


def _units(values: Sequence[float]) -> tuple[int, list[int]]:
    """A scale and the values as integers of that scale, standing for their shortest decimal spelling."""
    power = 10.0**_COMMON_SCALE
    units = [round(value * power) for value in values]
    if [unit / power for unit in units] == values:
        return _COMMON_SCALE, units
    decimals = [Decimal(repr(value)) for value in values]
    scale = max(0, *(-int(decimal.as_tuple().exponent) for decimal in decimals))
    lift = Decimal(10) ** scale
    with localcontext(prec=scale + 20):
        return scale, [int(decimal * lift) for decimal in decimals]
