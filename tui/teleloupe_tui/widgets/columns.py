"""The columns of a grid: how wide each is, which are in sight, and which one lies under the pointer."""

from __future__ import annotations

from teleloupe_tui import cells, fit, ordering
from teleloupe_tui.widgets.showing import Showing, sample_of

PREFIX = 3  # news, cursor, mark


class Columns:
    """Widths that only grow while the same columns are shown, and slots for the room there is.

    `first` is the first column in sight of a table that scrolls sideways, `number` the width of the gutter, `width`
    that of all the lines; `is_freezing` says whether frozen columns left room for the others.
    """

    def __init__(self) -> None:
        self.slots: list[fit.Slot] = []
        self.first = 0
        self.number = 0
        self.width = 0
        self.is_freezing = False
        self._widths: dict[str, int] = {}

    def forget(self) -> None:
        """Begin anew, for other columns."""
        self._widths, self.first = {}, 0

    def measure(self, showing: Showing, cursor: int) -> None:
        """Natural widths from a bounded sample of rows."""
        rows = showing.table.rows
        sample = [rows[index] for index in sample_of(len(rows), cursor)]
        for face in showing.faces:
            if face.most == face.least:  # wrapped to this width already, or set by the reader
                self._widths[face.column] = face.most
                continue
            widest = max((cells.width(face.spell(face.get(row))) for row in sample), default=0)
            mark = ordering.mark(showing.sort, face.column)
            needed = max(min(widest, face.most), cells.width(face.title + mark))
            self._widths[face.column] = max(needed, self._widths.get(face.column, 0))
        self.number = 0
        if showing.number and rows:
            self.number = max(len(showing.number(showing.table, row)) for row in (0, len(rows) - 1)) + fit.GAP

    def arrange(self, showing: Showing | None, current: str, width: int) -> None:
        """Slots in lines of some width, with the current column in sight."""
        self.width = width
        room = width - PREFIX - self.number
        if showing is None or not showing.faces or room <= 0:
            self.slots = []
        elif showing.drops is not None:
            names = showing.columns
            drops = [names.index(name) for name in showing.drops if name in names]
            needs, at = self._needs(showing, room), names.index(current)
            self.slots = fit.dropped(needs, drops, room)
            if all(slot.column != at for slot in self.slots):  # the cursor brings what was dropped into sight
                self.slots = fit.scrolled(needs, fit.first_to_show(needs, at, 0, room), room)
        elif len(showing.faces) == 1:
            self.slots = [fit.Slot(0, room)]
        else:
            needs = self._needs(showing, room)
            self.first = fit.first_to_show(needs, showing.columns.index(current), self.first, room)
            if self.first and not fit.hidden(needs, 0, room):
                self.first = 0
            self.slots = fit.scrolled(needs, self.first, room)

    def at(self, showing: Showing, x: int) -> str:
        """The name of the column at a cell of a line; "" where there is none."""
        left = PREFIX + self.number
        for slot in self.slots:
            if left <= x < left + slot.width + fit.GAP:
                return showing.faces[slot.column].column
            left += slot.width + fit.GAP
        return ""

    def width_of(self, showing: Showing, name: str) -> int:
        """The cells of a column that is in sight, else 0."""
        return next((slot.width for slot in self.slots if showing.faces[slot.column].column == name), 0)

    def _needs(self, showing: Showing, room: int) -> list[fit.Need]:
        """What the columns ask for. Frozen ones that leave no room for another scroll with the rest."""
        widths = self._widths
        frozen = sum(widths[face.column] + fit.GAP for face in showing.faces if face.is_frozen)
        self.is_freezing = 0 < frozen <= room - fit.LEAST_CUT
        return [
            fit.Need(
                widths[face.column], max(face.least, len(face.title)), face.gives, face.is_frozen and self.is_freezing
            )
            for face in showing.faces
        ]
