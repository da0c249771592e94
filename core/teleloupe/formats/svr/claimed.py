"""What a session claims about itself: total and status, each with the block that states it (section 4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from teleloupe.formats.svr.amounts import exact, is_number
from teleloupe.formats.svr.composing import DEFAULT_MAXIMUM, block
from teleloupe.formats.svr.contract import Contract
from teleloupe.formats.svr.vocabulary import STATUSES


class ClaimedTotal(NamedTuple):
    """A stated total and its pointer."""

    amount: Fraction
    at: str


class ClaimedStatus(NamedTuple):
    """A stated status and its pointer."""

    status: str
    at: str


def claimed_total(bundle: Mapping[str, Any]) -> ClaimedTotal | None:
    """The stated total: the score block's, or the report's where the score block has none."""
    for name in ("score", "report"):
        total = block(bundle, name).get("score_total")
        if is_number(total):
            return ClaimedTotal(exact(total), f"/{name}/score_total")
    return None


def claimed_status(bundle: Mapping[str, Any]) -> ClaimedStatus | None:
    """The stated status: the score block's, or the report's where the score block has none that exists."""
    for name in ("score", "report"):
        status = block(bundle, name).get("status")
        if isinstance(status, str) and status in STATUSES:
            return ClaimedStatus(status, f"/{name}/status")
    return None


def clamped(amount: Fraction, contract: Contract) -> Fraction:
    """An amount brought into the range of totals."""
    highest = contract.rubric.max_score if contract.rubric else DEFAULT_MAXIMUM
    return min(highest, max(Fraction(0), amount))


def objects(items: object) -> list[tuple[int, Mapping[str, Any]]]:
    """The objects of a list with their places in it."""
    if not isinstance(items, list):
        return []
    return [(index, item) for index, item in enumerate(items) if isinstance(item, dict)]
