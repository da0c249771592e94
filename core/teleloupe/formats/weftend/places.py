"""Where issues sit and how many are listed: bounds that hostile input cannot exceed."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from teleloupe.jsontext import pointer
from teleloupe.model import Issue

MAX_POINTER_LENGTH = 2048  # hostile names would otherwise be repeated in every pointer below them
MAX_ISSUES_OF_A_RULE = 1000  # more of one kind are counted, not listed


def inside(at: str, name: str | int) -> str:
    """The pointer of a member or element; the container's own where it would grow out of bounds."""
    if isinstance(name, int):
        return f"{at}/{name}"
    place = f"{at}/{name}" if "/" not in name and "~" not in name else at + pointer(name)
    return place if len(place) <= MAX_POINTER_LENGTH else at


def length(text: str) -> str:
    """How long a text is, in words; all that is told of one that may be a leak."""
    return "1 character" if len(text) == 1 else f"{len(text)} characters"


def bounded(issues: Iterable[Issue]) -> list[Issue]:
    """Issues without repeats; of each rule the first thousand, the last of them counting the rest."""
    kept: dict[tuple[str, str], Issue] = {}
    counts: dict[str, int] = {}
    last: dict[str, tuple[str, str]] = {}
    for issue in issues:
        key = issue.rule.id, issue.at
        if key in kept:
            continue
        counts[issue.rule.id] = count = counts.get(issue.rule.id, 0) + 1
        if count <= MAX_ISSUES_OF_A_RULE:
            kept[key] = issue
            last[issue.rule.id] = key
    for rule_id, count in counts.items():
        if count > MAX_ISSUES_OF_A_RULE:
            key = last[rule_id]
            kept[key] = structs.replace(kept[key], count=count - MAX_ISSUES_OF_A_RULE + 1)
    return list(kept.values())
