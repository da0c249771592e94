"""The charts above a table: as many side by side as there is room for, the others a key away."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from teleloupe.model import Chart
from teleloupe_tui import tones
from teleloupe_tui.charts import Drawn, draw
from teleloupe_tui.keys import spelt

LEAST_WIDTH = 56  # cells of a chart that has a neighbour
MARGIN = 1
GAP = 3


class Plot(Widget, can_focus=False):
    """Draws charts in the room it has, anew only when they or the room change."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="plot")
        self.charts: tuple[Chart, ...] = ()
        self.first = 0
        self._drawn: tuple[int, int, list[Drawn]] | None = None

    def show(self, charts: Sequence[Chart]) -> None:
        """Draw other charts; the same ones again cost nothing."""
        if len(charts) == len(self.charts) and all(map(lambda new, old: new is old, charts, self.charts)):
            return
        is_alike = [chart.title for chart in charts] == [chart.title for chart in self.charts]
        self.charts, self.first = tuple(charts), self.first if is_alike else 0
        self._redraw()

    @property
    def shown(self) -> int:
        """Charts side by side."""
        return max(min(len(self.charts), self._room // LEAST_WIDTH, 3), 1)

    def step(self) -> None:
        """The next charts, around the end."""
        self.first = self.first + self.shown if self.first + self.shown < len(self.charts) else 0
        self._redraw()

    def on_resize(self) -> None:
        """Draw for the new room."""
        self._redraw()

    def on_click(self, event: events.Click) -> None:
        """A click turns to the next charts."""
        event.stop()
        self.step()

    def notify_style_update(self) -> None:
        """Colours changed."""
        super().notify_style_update()
        self._drawn = None

    def render_line(self, y: int) -> Strip:
        """A line of every chart in sight."""
        width, height = self.size
        base = self._style("")
        if self._drawn is None or self._drawn[:2] != (width, height):
            self._drawn = width, height, self._draw(height)
        each = self._drawn[0] // self.shown
        segments = [Segment(" " * MARGIN, base)]
        for number, lines in enumerate(self._drawn[2]):
            pieces = lines[y] if y < len(lines) else []
            strip = Strip([Segment(text, base + self._style(tone)) for text, tone in pieces])
            is_last = number == len(self._drawn[2]) - 1
            segments += strip.adjust_cell_length(width - MARGIN - number * each if is_last else each, base)
        return Strip(segments).adjust_cell_length(width, base)

    @property
    def _room(self) -> int:
        return self.size.width - MARGIN

    def _draw(self, height: int) -> list[Drawn]:
        each = self._room // self.shown
        return [draw(chart, each - GAP + MARGIN, height) for chart in self.charts[self.first : self.first + self.shown]]

    def _redraw(self) -> None:
        self._drawn = None
        last = min(self.first + self.shown, len(self.charts))
        counted = f"{self.first + 1}–{last}" if last > self.first + 1 else f"{last}"
        note = (
            f"charts {counted} of {len(self.charts)}, {spelt('next-chart')} next"
            if len(self.charts) > self.shown
            else ""
        )
        self.border_subtitle = Content(note)
        self.refresh()

    def _style(self, tone: str) -> Style:
        return tones.style(
            "current" if tone == "title" else tone, self.app.theme_variables, has_colours=not self.app.no_color
        )
