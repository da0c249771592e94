"""What an examination finds: a grade, a fact, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Grade = Literal["ok", "note", "problem"]
GRADES: tuple[Grade, ...] = ("ok", "note", "problem")


class Finding(Struct, frozen=True):
    """A fact about a topic. A note costs comfort, a problem keeps something from working; `advice` says what helps."""

    topic: str
    name: str
    grade: Grade
    value: str
    advice: str = ""


def counts(findings: Iterable[Finding]) -> dict[Grade, int]:
    """How many there are of each grade."""
    graded = [finding.grade for finding in findings]
    return {grade: graded.count(grade) for grade in GRADES}
