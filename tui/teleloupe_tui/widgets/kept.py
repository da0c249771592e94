"""Lines that were put on the screen once are kept until they look different: drawing them again costs nothing."""

from __future__ import annotations

from typing import Self

from rich.segment import Segment
from textual.color import Color
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget


class Kept(Widget):
    """A widget that is drawn anew only when it was refreshed, restyled or has another size.

    Textual asks every widget between two changed lines of the screen for all of its lines, changed or not.
    """

    _kept: list[Strip] | None = None
    _kept_for: tuple[Region, Size] | None = None

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Ask to be drawn anew."""
        self._kept = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """A new theme, or the loss of focus, changed the styles."""
        self._kept = None
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of the widget."""
        wanted = crop, self.outer_size
        if self._kept is None or self._kept_for != wanted:
            self._kept, self._kept_for = super().render_lines(crop), wanted
        return self._kept


class Framed(ScrollView, inherit_bindings=False):
    """A scrolling list in a border. A line is framed once and stays the same object wherever it is scrolled to."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._edges: dict[int, Strip] = {}
        self._sides: tuple[list[Segment], list[Segment], Color, int] | None = None
        self._framed_for = Size(0, 0)

    def line(self, y: int) -> Strip:
        """A framed line of the content; the top one is 0."""
        raise NotImplementedError

    def forget_lines(self) -> None:
        """Let go of every line that was framed."""
        raise NotImplementedError

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Ask to be drawn anew, the border too where no regions are named."""
        if not regions:
            self._edges = {}
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """A new theme, or the loss of focus, changed the styles."""
        super().notify_style_update()
        self._framed_for = Size(0, 0)

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Move the lines, and the scroll bar where that can be seen."""
        self._move_bar(new)
        if round(old) != round(new):
            self.refresh(self.size.region)

    def watch_show_vertical_scrollbar(self) -> None:
        """A bar that comes late shows how far was scrolled before."""
        self._move_bar(self.scroll_y)

    def _move_bar(self, scrolled: float) -> None:
        if self.show_vertical_scrollbar:
            seen = max(self.virtual_size.height / (8 * max(self.size.height, 1)), 1)
            self.vertical_scrollbar.position = scrolled if scrolled >= self.max_scroll_y else scrolled // seen * seen

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of the widget."""
        size, gutter = self.outer_size, self.styles.gutter
        if size != self._framed_for:
            self._framed_for, self._edges, self._sides = size, {}, None
            self.forget_lines()
        last = size.height - gutter.bottom
        found = [self.line(y - gutter.top) if gutter.top <= y < last else self._edge(y) for y in crop.line_range]
        if crop.column_span != (0, size.width):
            return [strip.crop(*crop.column_span) for strip in found]
        return found

    def framed(self, line: list[Segment], width: int) -> Strip:
        """A line of the content, `width` cells of it, between the sides of the border, past the filters."""
        if self._sides is None:
            whole, gutter = self._framed_for.width, self.styles.gutter
            drawn = super().render_lines(Region(0, gutter.top, whole, 1))[0]
            left, right = drawn.crop(0, gutter.left), drawn.crop(whole - gutter.right, whole)
            self._sides = list(left), list(right), self.background_colors[1], self.content_size.width
        left_side, right_side, background, room = self._sides
        for wall in self.get_line_filters():
            line = wall.apply(line, background)
        bar = [Segment(" " * (room - width))] if room > width else []  # the scroll bar stands over it
        return Strip([*left_side, *line, *bar, *right_side], self._framed_for.width)

    def _edge(self, y: int) -> Strip:
        """A line of the border."""
        strip = self._edges.get(y)
        if strip is None:
            strip = self._edges[y] = super().render_lines(Region(0, y, self._framed_for.width, 1))[0]
        return strip
