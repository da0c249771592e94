"""How a reader wants the columns of a list: which, in which order, how wide, and which of them stay in sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec import Struct, structs

from teleloupe.model import Table
from teleloupe_tui.widgets.showing import Face, Showing

T = TypeVar("T")

NARROWEST, WIDEST = 3, 400
STEP = 4  # cells that a key makes a column wider or narrower


class Columning(Struct, frozen=True, omit_defaults=True):
    """What is otherwise than the list has it: hidden columns, all names in another order, widths in cells.

    `frozen` is the last of the columns that stay in sight while the others scroll sideways; "" for none.
    """

    hidden: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    widths: Mapping[str, int] = {}
    frozen: str = ""


PLAIN = Columning()


def arranged(showing: Showing, wanted: Columning) -> Showing:
    """A list as it is wanted. Of columns that are all hidden none is."""
    if wanted == PLAIN:
        return showing
    faces = _in_order(showing.faces, [face.column for face in showing.faces], wanted.order)
    kept = [face for face in faces if face.column not in wanted.hidden] or faces
    names = [face.column for face in kept]
    last = names.index(wanted.frozen) if wanted.frozen in names else -1
    found = tuple(_sized(face, wanted, is_frozen=index <= last) for index, face in enumerate(kept))
    drops = showing.drops if last < 0 else None
    return structs.replace(showing, faces=found, drops=drops, own=showing.columns, is_fenced=last >= 0)


def seen(table: Table, wanted: Columning) -> Table:
    """A table with the columns that are not hidden, in their order; those that are never drawn come last."""
    if not (wanted.hidden or wanted.order):
        return table
    columns = _in_order(table.columns, [column.name for column in table.columns], wanted.order)
    kept = tuple(column for column in columns if column.name not in wanted.hidden)
    return structs.replace(table, columns=kept or table.columns)


def without(now: Columning, column: str) -> Columning:
    """The column hidden."""
    return structs.replace(now, hidden=(*now.hidden, column))


def moved(now: Columning, shown: Sequence[str], own: Sequence[str], column: str, step: int) -> Columning | None:
    """The column on the other side of its neighbour among those `shown`; None at the end of the line."""
    at = shown.index(column) + step
    if not 0 <= at < len(shown):
        return None
    names = _in_order(own, own, now.order)
    names.remove(column)
    names.insert(names.index(shown[at]) + (step > 0), column)
    return structs.replace(now, order=tuple(names))


def sized(now: Columning, column: str, width: int) -> Columning:
    """The column in some width, within bounds."""
    return structs.replace(now, widths={**now.widths, column: max(NARROWEST, min(width, WIDEST))})


def frozen(now: Columning, column: str) -> Columning:
    """The columns up to this one frozen; the same again frees them."""
    return structs.replace(now, frozen="" if now.frozen == column else column)


def in_words(now: Columning, shown: Sequence[str], own: Sequence[str]) -> str:
    """What of the columns cannot be seen by looking: how many are hidden."""
    count = sum(name in now.hidden for name in own) if len(shown) < len(own) else 0
    return f"{count} column{'s' if count > 1 else ''} hidden" if count else ""


def _sized(face: Face, wanted: Columning, *, is_frozen: bool) -> Face:
    width = wanted.widths.get(face.column)
    if width is not None:
        face = structs.replace(face, most=width, least=width, gives=0)
    return structs.replace(face, is_frozen=is_frozen or (face.is_frozen and not wanted.frozen))


def _in_order(things: Sequence[T], names: Sequence[str], order: Sequence[str]) -> list[T]:
    """Things by their names' place in an order; those that it does not name come last, as they were."""
    places = {name: place for place, name in enumerate(order)}
    ranked = sorted(range(len(things)), key=lambda index: places.get(names[index], len(places)))
    return [things[index] for index in ranked]
