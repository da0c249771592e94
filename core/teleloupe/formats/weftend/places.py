"""Where an issue sits: JSON Pointers of bounded length."""

from __future__ import annotations

from teleloupe.jsontext import pointer

MAX_POINTER_LENGTH = 2048  # hostile names would otherwise be repeated in every pointer below them


def inside(at: str, name: str | int) -> str:
    """The pointer of a member or element; the container's own where it would grow out of bounds."""
    if type(name) is int:
        return f"{at}/{name}"
    place = at + pointer(name)
    return place if len(place) <= MAX_POINTER_LENGTH else at
