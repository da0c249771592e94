"""The order of a list as its reader builds it up: by one column, by further ones, and how that is said."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from teleloupe.model import SortKey
from teleloupe.safe import safe

Keys = tuple[SortKey, ...]
Step = Callable[[Keys, str], Keys]


def by_one(now: Keys, column: str) -> Keys:
    """Order by a column alone; the same again reverses, a third time is file order."""
    if len(now) != 1 or now[0].column != column:
        return (SortKey(column),)
    return () if now[0].is_descending else (SortKey(column, is_descending=True),)


def by_further(now: Keys, column: str) -> Keys:
    """Add a column behind those of the order; the same again reverses it, a third time takes it out."""
    key = next((key for key in now if key.column == column), None)
    if key is None:
        return (*now, SortKey(column))
    if key.is_descending:
        return tuple(other for other in now if other != key)
    return tuple(structs.replace(other, is_descending=True) if other == key else other for other in now)


def mark(now: Keys, column: str) -> str:
    """What a column's title says of its part in the order: the direction, and its turn where there are several."""
    for turn, key in enumerate(now, 1):
        if key.column == column:
            return ("▼" if key.is_descending else "▲") + (str(turn) if len(now) > 1 else "")
    return ""


def in_words(now: Keys) -> str:
    """The order in words; "" for file order."""
    words = [f"{safe(key.column)} {'down' if key.is_descending else 'up'}" for key in now]
    return f"sort: {', then '.join(words)}" if words else ""


def option(now: Keys) -> str:
    """The order as the commands' --sort takes it."""
    return ",".join(f"{'-' if key.is_descending else ''}{key.column}" for key in now)
