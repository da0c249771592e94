"""The grid: a table of any length, drawn line by line; only the rows in sight are ever asked for."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from teleloupe_tui import keys, tones
from teleloupe_tui.widgets import strips
from teleloupe_tui.widgets.columns import Columns
from teleloupe_tui.widgets.kept import Framed
from teleloupe_tui.widgets.showing import Face, Showing, found_again
from teleloupe_tui.widgets.strips import Look

KEPT_STRIPS = 2000
HEADER, BLANK = -1, -2  # their places among the rows; what is said instead of rows comes below
SHIFT = 8  # cells that a step to the side moves within a single column


class Grid(Framed, can_focus=True, inherit_bindings=False):
    """A table on Textual's line API: cursor, sticky header, marks, sort mark, search highlight, mouse."""

    ALLOW_SELECT = False

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
        self._bindings = keys.bound(self._bindings, keys.ON_GRID, "move")
        self.showing: Showing | None = None
        self.cursor = 0
        self.column = ""
        self.needle = ""
        self.marks: set[Any] = set()
        self.is_folding = False
        self._columns = Columns()
        self._shift = 0
        self._strips: dict[int, Strip] = {}
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
        is_same_kind = before is not None and before.kind == showing.kind
        if not is_same_kind:
            self._columns.forget()
            self._shift = 0
        self.showing = showing
        if self.column not in showing.columns:
            self.column = next(iter(showing.columns), "")
        if cursor is None:
            cursor = found_again(showing, old_key, self.cursor) if is_same_kind else 0
        self.cursor = max(0, min(cursor, self.count - 1))
        drawn, self._strips = self._strips, {}
        self._columns.measure(showing, self.cursor)
        self._arrange()
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
        self.refresh(self.size.region)

    def _repaint_changed(self, drawn: dict[int, Strip]) -> None:
        """Draw the lines that look different from what was drawn; all of them where nothing was."""
        top = round(self.scroll_offset.y)
        rows = (HEADER, *range(top, min(top + self.page, self.count)))
        if not self.count or any(row not in drawn for row in rows):
            self.refresh(self.size.region)
            return
        for row in rows:
            strip = self.framed(self._drawn(row), self._columns.width)
            is_same = drawn[row] == strip
            self._strips[row] = drawn[row] if is_same else strip
            if not is_same:
                self._refresh_row(row)

    def _refresh_row(self, row: int) -> None:
        """Ask for a row, or the header, to be drawn anew."""
        y = 0 if row == HEADER else row + 1 - round(self.scroll_offset.y)
        self.refresh(Region(0, y, self.size.width, 1))

    # moving

    def move_to(self, row: int) -> None:
        """Put the cursor on a row and bring it into sight."""
        row = max(0, min(row, self.count - 1))
        if row != self.cursor:
            before, self.cursor = self.cursor, row
            for line in (before, row):
                self._strips.pop(line, None)
                self._refresh_row(line)
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
        self.scroll_to(y=top, animate=False, immediate=True, force=True)  # also before the bar is there

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

    def width_of(self, name: str) -> int:
        """The cells that a column takes now; 0 when it is out of sight."""
        return self._columns.width_of(self.showing, name) if self.showing else 0

    @property
    def is_freezing(self) -> bool:
        """Whether frozen columns stay in sight: there is room for them and for another."""
        return self._columns.is_freezing

    def show_column(self, name: str) -> None:
        """Put the cursor on a column and bring it into sight."""
        before, self.column = self._columns.slots, name
        self._arrange()
        if self._columns.slots != before:
            self.repaint()
            return
        for row in (HEADER, self.cursor):
            self._strips.pop(row, None)
            self._refresh_row(row)

    # drawing

    def _arrange(self) -> None:
        """Slots for the room there is."""
        self._columns.arrange(self.showing, self.column, self.scrollable_content_region.width)

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._arrange()
        self._strips.clear()
        self.keep_in_sight()

    def notify_style_update(self) -> None:
        """Forget styles that a new theme or the loss of focus changed."""
        super().notify_style_update()
        self._tones.clear()
        self._strips.clear()

    def watch_has_focus(self, value: bool) -> None:
        """The cursor looks different without focus."""
        super().watch_has_focus(value)
        self._strips.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of the widget."""
        if self.scrollable_content_region.width != self._columns.width:  # a scroll bar came or went
            self._arrange()
            self._strips.clear()
        return super().render_lines(crop)

    def forget_lines(self) -> None:
        """Let go of every line that was drawn."""
        self._strips.clear()

    def line(self, y: int) -> Strip:
        """A line in its frame: the header, a row, or what is said instead of rows."""
        row = y - 1 + round(self.scroll_offset.y) if y else HEADER
        if row >= self.count:
            row = BLANK if self.count else BLANK - y
        strip = self._strips.get(row)
        if strip is None:
            if len(self._strips) > KEPT_STRIPS:
                self._strips.clear()
            strip = self._strips[row] = self.framed(self._drawn(row), self._columns.width)
        return strip

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - Textual's signature
        """A line without its frame; the header stands for all."""
        return Strip(self._drawn(HEADER))

    def _pen(self, name: str) -> Style:
        style = self._tones.get(name)
        if style is None:
            app = self.app
            style = self._tones[name] = tones.style(name, app.theme_variables, has_colours=not app.no_color)
        return style

    def _look(self, row: int | None = None) -> Look:
        """What is special about a row, and what all lines of the grid have in common."""
        is_marked = bool(
            self.marks and row is not None and self.showing and self.showing.key(self.showing.table, row) in self.marks
        )
        news = self.showing.news if self.showing and row is not None else None
        mark, is_edge = (news.mark(row), news.is_edge(row, self.count)) if news and row is not None else ("", False)
        return Look(row == self.cursor, is_marked, self.has_focus, self.column, self.needle, self._shift, mark, is_edge)

    def _header(self) -> list[Segment]:
        if self.showing is None or not self.count:
            return [Segment(" " * self._columns.width, self._pen(""))]
        return strips.header(self.showing, self._columns, self._pen, self._look())

    def _drawn(self, row: int) -> list[Segment]:
        if row < HEADER:
            return self._said(BLANK - row - 2)
        if row == HEADER or self.showing is None:
            return self._header()
        return strips.row(self.showing, self._columns, row, self._pen, self._look(row))

    def _said(self, line: int) -> list[Segment]:
        hint = self.showing.hint if self.showing and not self.count else ()
        return strips.said(hint[line] if 0 <= line < len(hint) else "", self._columns.width, self._pen)

    # the mouse

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; on a title it sorts; twice it opens."""
        event.stop()
        spot = event.get_content_offset(self)
        if spot is None or self.showing is None:
            return
        column = self._columns.at(self.showing, spot.x)
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
