"""What a grid draws, as a value, and the small sums that drawing it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from msgspec import Struct
from rich.style import Style

from teleloupe.model import SortKey, Table
from teleloupe_tui import cells

NEW, CHANGED = "+", "~"
SAMPLE_ROWS = 120  # rows measured for the width of columns, whatever the length of the table


class Mark(Struct, frozen=True):
    """A stretch of a cell's text, from `start` to before `end`, drawn in a style of its own."""

    start: int
    end: int
    tone: str


class Face(Struct, frozen=True):
    """How a column of a table is drawn: under which title, how wide, from where, spelt how.

    `column` is the table's own column, for sorting; `most` and `least` bound the width; `gives` is its turn to shrink,
    0 for never; `tone` gives the name of the style for a row and its text, `marks` what in it stands out (None: nothing
    can), in order and the later over the earlier.
    """

    column: str
    title: str
    get: Callable[[Any], Any]
    spell: Callable[[Any], str] = cells.shown
    is_right: bool = False
    most: int = 40
    least: int = 6
    gives: int = 0
    is_frozen: bool = False
    keeps_end: bool = False
    tone: Callable[[Any, str], str] | None = None
    marks: Callable[[Any], Sequence[Mark] | None] | None = None


class News(Struct, frozen=True):
    """The mark of each row, "" for a row that was seen; how many are new and changed.

    `is_by_arrival` says that new rows stand together, so that a line can be drawn where they begin or end.
    """

    mark: Callable[[int], str]
    added: int = 0
    changed: int = 0
    is_by_arrival: bool = False

    @property
    def words(self) -> str:
        """`+12 new ~3 changed`, "" for nothing."""
        parts = [f"{NEW}{cells.number(self.added)} new"] if self.added else []
        return " ".join(parts + ([f"{CHANGED}{cells.number(self.changed)} changed"] if self.changed else []))

    def is_edge(self, row: int, count: int) -> bool:
        """Whether the line between new and seen rows is drawn below a row."""
        return self.is_by_arrival and row + 1 < count and (self.mark(row) == NEW) != (self.mark(row + 1) == NEW)


class Showing(Struct, frozen=True):
    """What a grid draws: a table, how, what tells its rows apart, and what to say when it has none.

    `drops` names the columns that go first when room is short; without it columns scroll sideways. `number` gives
    the text of the gutter in front of a row; `row_of` finds a key's row without looking at all of them. `own` names
    the columns before the reader hid or moved some, and `is_fenced` says that the reader froze some; `news` tells
    which rows are new.
    """

    table: Table
    faces: tuple[Face, ...]
    key: Callable[[Table, int], Any]
    drops: tuple[str, ...] | None = None
    number: Callable[[Table, int], str] | None = None
    hint: tuple[str, ...] = ()
    sort: tuple[SortKey, ...] = ()
    row_of: Callable[[Table, Any], int | None] | None = None
    own: tuple[str, ...] = ()
    is_fenced: bool = False
    news: News | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that are drawn."""
        return tuple(face.column for face in self.faces)

    @property
    def kind(self) -> tuple[str, ...]:
        """The names of the columns that the list has to draw: what two lists of one kind have in common."""
        return self.own or self.columns


def found_again(showing: Showing, key: Any, row: int) -> int:
    """The row of a key, looked for first where it was; `row` itself when it is gone."""
    table, count = showing.table, len(showing.table.rows)
    if key is None or not count:
        return row
    if row < count and showing.key(table, row) == key:
        return row
    if showing.row_of:
        found = showing.row_of(table, key)
        return row if found is None else found
    return next((index for index in range(count) if showing.key(table, index) == key), row)


def sample_of(count: int, cursor: int) -> Sequence[int]:
    """Rows to measure: the first, those around the cursor, and some spread over the rest."""
    if count <= SAMPLE_ROWS:
        return range(count)
    third = SAMPLE_ROWS // 3
    near = range(max(0, cursor - third // 2), min(count, cursor + third // 2))
    return sorted({*range(third), *near, *range(0, count, count // third)})


def highlighted(text: str, needle: str, style: Style, found: Style) -> list[tuple[str, Style]]:
    """A text in parts, with every occurrence of the needle, in any case, in the found style."""
    folded, wanted = text.lower(), needle.lower()
    if len(folded) != len(text) or wanted not in folded:
        return [(text, style)]
    parts: list[tuple[str, Style]] = []
    at = 0
    while (hit := folded.find(wanted, at)) >= 0:
        if hit > at:
            parts.append((text[at:hit], style))
        parts.append((text[hit : hit + len(wanted)], style + found))
        at = hit + len(wanted)
    if at < len(text):
        parts.append((text[at:], style))
    return parts


def marked(text: str, marks: Sequence[Mark], style: Style, pen: Callable[[str], Style]) -> list[tuple[str, Style]]:
    """A text in parts, its marked stretches in their styles."""
    cuts = sorted({0, len(text), *(max(0, min(at, len(text))) for mark in marks for at in (mark.start, mark.end))})
    parts = []
    for start, end in pairwise(cuts):
        own = style
        for mark in marks:
            if mark.start <= start and end <= mark.end:
                own += pen(mark.tone)
        parts.append((text[start:end], own))
    return parts
