"""Which columns a width has room for, and how wide each is."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

GAP = 2  # blank cells between columns
LEAST_CUT = 6  # a column cut to less than this tells nothing


class Need(Struct, frozen=True):
    """What a column asks for: its natural width, and the least it can live with when it `gives` way."""

    width: int
    least: int
    gives: bool = False
    is_frozen: bool = False


class Slot(Struct, frozen=True):
    """A column that is drawn: its number and the width it got."""

    column: int
    width: int


def dropped(needs: Sequence[Need], drops: Sequence[int], room: int) -> list[Slot]:
    """All columns, without those of `drops` (in that order) that there is no room for; `gives` take what is left."""
    kept = list(range(len(needs)))
    pending = list(drops)
    while pending and _least(needs, kept) > room:
        kept.remove(pending.pop(0))
    spare = room - sum(needs[index].width for index in kept) - GAP * (len(kept) - 1)
    slots = []
    for index in kept:
        need = needs[index]
        given = max(min(need.width, need.least), need.width + min(0, spare)) if need.gives else need.width
        spare += need.width - given
        slots.append(Slot(index, given))
    return _clipped(slots, room)


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
