"""The grid: a table of any length, drawn line by line; only the rows in sight are ever asked for."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from teleloupe_tui import cells, fit, keys, tones
from teleloupe_tui.widgets.showing import Face, Showing, found_again, highlighted, sample_of

PREFIX = 3  # blank, cursor, mark
KEPT_STRIPS = 2000
SHIFT = 8  # cells that a step to the side moves within a single column


class Grid(ScrollView, can_focus=True, inherit_bindings=False):
    """A table on Textual's line API: cursor, sticky header, marks, sort mark, search highlight, mouse."""

    ALLOW_SELECT = False
    BINDINGS = keys.bindings(keys.ON_GRID, "move")

    class Moved(Message):
        """The cursor came to another row, or its row to another table."""

        def __init__(self, grid: Grid) -> None:
            super().__init__()
            self.grid = grid

        @property
        def control(self) -> Grid:
            """The grid that speaks."""
            return self.grid

    class Opened(Moved):
        """The row under the cursor was opened with the mouse."""

    class Sorted(Moved):
        """The header of the current column was clicked."""

    class Folded(Moved):
        """A step to the side that the grid leaves to its owner; `is_open` says which way."""

        def __init__(self, grid: Grid, *, is_open: bool) -> None:
            super().__init__(grid)
            self.is_open = is_open

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.showing: Showing | None = None
        self.cursor = 0
        self.column = ""
        self.needle = ""
        self.marks: set[Any] = set()
        self.is_folding = False
        self._first = 0
        self._shift = 0
        self._widths: dict[str, int] = {}
        self._slots: list[fit.Slot] = []
        self._number_width = 0
        self._arranged_width = 0
        self._strips: dict[int, Strip] = {}
        self._drawn_header = Strip.blank(0)
        self._tones: dict[str, Style] = {}

    # what is shown

    @property
    def count(self) -> int:
        """Rows of the table."""
        return len(self.showing.table.rows) if self.showing else 0

    @property
    def page(self) -> int:
        """Rows in sight at a time."""
        return max(self.size.height - 1, 1)

    def show(self, showing: Showing, cursor: int | None = None) -> None:
        """Draw another table. The row under the cursor stays under it and in its line, where the new table has it."""
        before, old_key = self.showing, self.key
        line = self.cursor - round(self.scroll_offset.y)
        is_same_kind = before is not None and before.columns == showing.columns
        if not is_same_kind:
            self._widths, self._first, self._shift = {}, 0, 0
        self.showing = showing
        if self.column not in showing.columns:
            self.column = next(iter(showing.columns), "")
        if cursor is None:
            cursor = found_again(showing, old_key, self.cursor) if is_same_kind else 0
        self.cursor = max(0, min(cursor, self.count - 1))
        drawn, self._strips = self._strips, {}
        self._measure()
        if self.virtual_size.height != self.count + 1:
            self.virtual_size = Size(1, self.count + 1)
            drawn.clear()
        if is_same_kind and 0 <= line < self.page:
            self.scroll_to(y=self.cursor - line, animate=False, immediate=True)
        self._repaint_changed(drawn)
        self.keep_in_sight()
        if self.key != old_key or before is None:
            self.post_message(self.Moved(self))

    @property
    def key(self) -> Any:
        """What tells the row under the cursor from others; None without rows."""
        return self.showing.key(self.showing.table, self.cursor) if self.showing and self.count else None

    @property
    def row(self) -> Any:
        """The row under the cursor; None without rows."""
        return self.showing.table.rows[self.cursor] if self.showing and self.count else None

    @property
    def face(self) -> Face | None:
        """The column of the cursor."""
        faces = self.showing.faces if self.showing else ()
        return next((face for face in faces if face.column == self.column), None)

    def repaint(self) -> None:
        """Draw every line anew."""
        self._strips.clear()
        self.refresh()

    def _repaint_changed(self, drawn: dict[int, Strip]) -> None:
        """Draw the lines that look different from what was drawn; all of them where nothing was."""
        top, width = round(self.scroll_offset.y), self._arranged_width
        rows = range(top, min(top + self.page, self.count))
        if not rows or any(row not in drawn for row in rows):
            self.refresh()
            return
        for row in rows:
            strip = self._drawn(row, width)
            is_same = drawn[row] == strip
            self._strips[row] = drawn[row] if is_same else strip
            if not is_same:
                self.refresh_line(row + 1)
        if (header := self._header(width)) != self._drawn_header:
            self._drawn_header = header
            self.refresh(Region(0, 0, width, 1))

    # moving

    def move_to(self, row: int) -> None:
        """Put the cursor on a row and bring it into sight."""
        row = max(0, min(row, self.count - 1))
        if row != self.cursor:
            before, self.cursor = self.cursor, row
            for line in (before, row):
                self._strips.pop(line, None)
                self.refresh_line(line + 1)
            self.post_message(self.Moved(self))
        self.keep_in_sight()

    def keep_in_sight(self) -> None:
        """Scroll as little as it takes to show the cursor."""
        top = round(self.scroll_offset.y)
        if self.cursor < top:
            top = self.cursor
        elif self.cursor >= top + self.page:
            top = self.cursor - self.page + 1
        else:
            return
        self.scroll_to(y=top, animate=False, immediate=True)

    def action_move(self, way: str) -> None:
        """A moving key, by its id."""
        sideways = {"left": -1, "right": 1}.get(way)
        if sideways is not None:
            self._step_sideways(sideways)
            return
        half = max(self.page // 2, 1)
        targets = {
            "down": self.cursor + 1,
            "up": self.cursor - 1,
            "half-down": self.cursor + half,
            "half-up": self.cursor - half,
            "page-down": self.cursor + self.page,
            "page-up": self.cursor - self.page,
            "top": 0,
            "bottom": self.count - 1,
        }
        self.move_to(targets[way])

    def _step_sideways(self, step: int) -> None:
        faces = self.showing.faces if self.showing else ()
        if self.is_folding:
            self.post_message(self.Folded(self, is_open=step > 0))
        elif len(faces) == 1:
            self._shift = max(0, self._shift + step * SHIFT)
            self.repaint()
        elif faces:
            order = [face.column for face in faces]
            self.show_column(order[max(0, min(order.index(self.column) + step, len(order) - 1))])

    def show_column(self, name: str) -> None:
        """Put the cursor on a column and bring it into sight."""
        self.column = name
        self._arrange()
        self.repaint()

    # measuring

    def _measure(self) -> None:
        """Natural widths from a bounded sample of rows; while the same columns are shown they only grow."""
        showing = self.showing
        if showing is None:
            return
        rows = showing.table.rows
        sample = [rows[index] for index in sample_of(len(rows), self.cursor)]
        for face in showing.faces:
            widest = max((cells.width(face.spell(face.get(row))) for row in sample), default=0)
            mark = 1 if showing.sort and showing.sort[0].column == face.column else 0
            needed = max(min(widest, face.most), cells.width(face.title) + mark)
            self._widths[face.column] = max(needed, self._widths.get(face.column, 0))
        self._number_width = 0
        if showing.number and rows:
            self._number_width = max(len(showing.number(showing.table, i)) for i in (0, len(rows) - 1)) + fit.GAP
        self._arrange()

    def _arrange(self) -> None:
        """Slots for the room there is."""
        showing = self.showing
        self._arranged_width = self.scrollable_content_region.width
        room = self._arranged_width - PREFIX - self._number_width
        if showing is None or not showing.faces or room <= 0:
            self._slots = []
            return
        faces = showing.faces
        needs = [
            fit.Need(self._widths[face.column], max(face.least, len(face.title)), face.gives, face.is_frozen)
            for face in faces
        ]
        names = [face.column for face in faces]
        if showing.drops is not None:
            self._slots = fit.dropped(needs, [names.index(name) for name in showing.drops if name in names], room)
            return
        if len(faces) == 1:
            self._slots = [fit.Slot(0, room)]
            return
        self._first = fit.first_to_show(needs, names.index(self.column), self._first, room)
        if self._first and not fit.hidden(needs, 0, room):
            self._first = 0
        self._slots = fit.scrolled(needs, self._first, room)

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._arrange()
        self._strips.clear()
        self.keep_in_sight()

    # drawing

    def notify_style_update(self) -> None:
        """Forget styles that a new theme or the loss of focus changed."""
        super().notify_style_update()
        self._tones.clear()
        self._strips.clear()

    def watch_has_focus(self, value: bool) -> None:  # noqa: FBT001 - Textual's signature
        """The cursor looks different without focus."""
        super().watch_has_focus(value)
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """A line of the widget: the header, a row, or what is said instead of rows."""
        width = self.scrollable_content_region.width
        if width != self._arranged_width:  # a scroll bar came or went
            self._arrange()
            self._strips.clear()
        if y == 0:
            return self._header(width)
        row = y - 1 + round(self.scroll_offset.y)
        if row >= self.count:
            return self._said(y - 2, width)
        strip = self._strips.get(row)
        if strip is None or strip.cell_length != width:
            if len(self._strips) > KEPT_STRIPS:
                self._strips.clear()
            strip = self._strips[row] = self._drawn(row, width)
        return strip

    def _tone(self, name: str) -> Style:
        style = self._tones.get(name)
        if style is None:
            app = self.app
            style = self._tones[name] = tones.style(name, app.theme_variables, has_colours=not app.no_color)
        return style

    def _header(self, width: int) -> Strip:
        showing, base = self.showing, self._tone("") + self._tone("header")
        if showing is None or not self.count:
            return Strip.blank(width, self._tone(""))
        segments = [Segment(" " * (PREFIX + self._number_width), base)]
        sort = showing.sort[0] if showing.sort else None
        for slot in self._slots:
            face = showing.faces[slot.column]
            mark = ("▼" if sort.is_descending else "▲") if sort and sort.column == face.column else ""
            title = cells.fitted(face.title + mark, slot.width, is_right=face.is_right)
            is_current = face.column == self.column and self.has_focus and len(showing.faces) > 1
            segments += [Segment(title, base + self._tone("current") if is_current else base), Segment("  ", base)]
        hidden = len(showing.faces) - len(self._slots)
        line = Strip(segments).adjust_cell_length(width, base)
        if showing.drops is None and hidden and self._slots:
            more = f" {'‹' if self._first else ''}+{hidden}{'›' if self._slots[-1].column < len(showing.faces) - 1 else ''}"
            line = Strip([*line.crop(0, width - len(more)), Segment(more, base)])
        return line

    def _drawn(self, row: int, width: int) -> Strip:
        showing = self.showing
        if showing is None:
            return Strip.blank(width)
        is_cursor, is_marked = row == self.cursor, self.marks and showing.key(showing.table, row) in self.marks
        base = self._tone("")
        if is_cursor:
            base += self._tone("cursor" if self.has_focus else "behind")
        segments = [Segment(" >" if is_cursor else "  ", base)]
        segments.append(Segment("*", base + self._tone("marked")) if is_marked else Segment(" ", base))
        if self._number_width and showing.number:
            text = showing.number(showing.table, row).rjust(self._number_width - fit.GAP)
            segments.append(Segment(f"{text}  ", base + self._tone("gutter")))
        values = showing.table.rows[row]
        for slot in self._slots:
            segments += self._cell(showing.faces[slot.column], slot.width, values, base, is_cursor=is_cursor)
        return Strip(segments).adjust_cell_length(width, base)

    def _cell(self, face: Face, width: int, row: Any, base: Style, *, is_cursor: bool) -> list[Segment]:
        text = face.spell(face.get(row))
        tone = face.tone(row, text) if face.tone else ""
        style = base + self._tone(tone) if tone else base
        if is_cursor and self.has_focus and face.column == self.column and len(self._slots) > 1:
            style += self._tone("cell")
        if self._shift and len(self._slots) == 1:
            text = text[self._shift :]
        drawn = cells.fitted(text, width, is_right=face.is_right, keeps_end=face.keeps_end)
        pieces = highlighted(drawn, self.needle, style, self._tone("found")) if self.needle else [Segment(drawn, style)]
        return [*pieces, Segment("  ", base)]

    def _said(self, line: int, width: int) -> Strip:
        hint = self.showing.hint if self.showing and not self.count else ()
        text = f"  {hint[line]}" if 0 <= line < len(hint) else ""
        return Strip([Segment(cells.fitted(text, width), self._tone("") + self._tone("hint"))])

    # the mouse

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; on a title it sorts; twice it opens."""
        event.stop()
        spot = event.get_content_offset(self)
        if spot is None or self.showing is None:
            return
        column = self._column_at(spot.x)
        if column:
            self.show_column(column)
        if spot.y == 0:
            if column:
                self.post_message(self.Sorted(self))
            return
        row = spot.y - 1 + round(self.scroll_offset.y)
        if row < self.count:
            self.move_to(row)
            if event.chain == 2:
                self.post_message(self.Opened(self))

    def _column_at(self, x: int) -> str:
        left = PREFIX + self._number_width
        for slot in self._slots:
            if self.showing and left <= x < left + slot.width + fit.GAP:
                return self.showing.faces[slot.column].column
            left += slot.width + fit.GAP
        return ""
