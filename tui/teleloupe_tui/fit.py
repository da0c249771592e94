"""Which columns a width has room for, and how wide each is."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

GAP = 2  # blank cells between columns
LEAST_CUT = 6  # a column cut to less than this tells nothing


class Need(Struct, frozen=True):
    """What a column asks for: its natural width, and the least it can live with where it `gives` way.

    `gives` is 0 for a column that keeps its width, else its turn: 1 shrinks first.
    """

    width: int
    least: int
    gives: int = 0
    is_frozen: bool = False


class Slot(Struct, frozen=True):
    """A column that is drawn: its number and the width it got."""

    column: int
    width: int


def dropped(needs: Sequence[Need], drops: Sequence[int], room: int) -> list[Slot]:
    """All columns, but those of `drops`, in that order, that there is no room for; the others give way in turn."""
    kept, pending = list(range(len(needs))), list(drops)
    while pending and _least(needs, kept) > room:
        kept.remove(pending.pop(0))
    widths = {index: needs[index].width for index in kept}
    excess = sum(widths.values()) + GAP * (len(kept) - 1) - room
    for index in sorted((index for index in kept if needs[index].gives), key=lambda index: needs[index].gives):
        given = max(0, min(excess, widths[index] - needs[index].least))
        widths[index] -= given
        excess -= given
    return _clipped([Slot(index, widths[index]) for index in kept], room)


def scrolled(needs: Sequence[Need], first: int, room: int) -> list[Slot]:
    """The frozen columns, then as many as fit from column `first` on, the last one cut if it has to be."""
    order = [i for i, need in enumerate(needs) if need.is_frozen]
    order += [i for i, need in enumerate(needs) if not need.is_frozen and i >= first]
    return _clipped([Slot(index, needs[index].width) for index in order], room)


def first_to_show(needs: Sequence[Need], column: int, first: int, room: int) -> int:
    """The smallest change of `first` that brings a column wholly into sight, if it is not wider than the room."""
    if needs[column].is_frozen or column <= first:
        return first if needs[column].is_frozen else column
    frozen = sum(need.width + GAP for need in needs if need.is_frozen)
    while first < column:
        span = sum(need.width + GAP for need in needs[first : column + 1] if not need.is_frozen) - GAP
        if frozen + span <= room:
            break
        first += 1
    return first


def _least(needs: Sequence[Need], kept: Sequence[int]) -> int:
    return sum(min(needs[i].width, needs[i].least) if needs[i].gives else needs[i].width for i in kept) + GAP * (
        len(kept) - 1
    )


def _clipped(slots: Sequence[Slot], room: int) -> list[Slot]:
    """Slots as far as they fit; the first that does not is cut, when enough of it is left."""
    found: list[Slot] = []
    for slot in slots:
        if slot.width <= room:
            found.append(slot)
            room -= slot.width + GAP
            continue
        if room >= LEAST_CUT or not found:
            found.append(Slot(slot.column, max(room, 1)))
        break
    return found


def hidden(needs: Sequence[Need], first: int, room: int) -> bool:
    """Whether some column is out of sight or cut when the first to be drawn is `first`."""
    slots = scrolled(needs, first, room)
    return len(slots) < len(needs) or any(slot.width < needs[slot.column].width for slot in slots)
