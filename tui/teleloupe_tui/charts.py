"""Charts as lines of characters: bars, columns, braille curves and spans, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from teleloupe.model import Chart, Series
from teleloupe.safe import safe
from teleloupe_tui import cells
from teleloupe_tui.curves import curves

Piece = tuple[str, str]  # text and the name of its tone
Drawn = list[list[Piece]]

TONES = ("mild", "odd", "good", "fresh", "bad")  # of series, in turn
EIGHTHS = " ▁▂▃▄▅▆▇█"
PARTS = " ▏▎▍▌▋▊▉"
MOST = 18  # lines beyond which no chart says more
LEAST = 3  # lines below which nothing but the title is drawn
SINGLE = 40  # columns of a chart of columns that are as wide as they can be seen apart


def draw(chart: Chart, width: int, height: int) -> Drawn:
    """A chart in at most `height` lines of at most `width` cells, its title first."""
    lines = [_title(chart, width), *(_body(chart, width, height - 1) if height >= LEAST and width >= 12 else [])]
    return [_clipped(line, width) for line in lines[:height]]


def _body(chart: Chart, width: int, room: int) -> Drawn:
    series = [one for one in chart.series if one.points]
    if not series:
        return []
    if chart.shape == "line":
        return curves(series, chart.x, width, room)
    if chart.shape == "spans":
        return _spans(series, chart.x, width, room)
    if len(series) == 1 and len(series[0].points) > 1:
        return _columns(series[0].points, chart.x, width, room)
    if len(series) > room and _is_axis(series):
        return _columns([one.points[0] for one in series], chart.x, width, room)
    return _bars(series, width, room)


def _clipped(line: list[Piece], width: int) -> list[Piece]:
    found: list[Piece] = []
    for text, tone in line:
        size = cells.width(text)
        found.append((text if size <= width else cells.fitted(text, max(width, 0)), tone))
        width -= min(size, max(width, 0))
    return found


def lines_of(chart: Chart) -> int:
    """The lines that a chart has a use for, its title included."""
    series = sum(1 for one in chart.series if one.points)
    if chart.shape == "spans":
        return series + 2
    is_columns = chart.shape == "line" or (series == 1 and len(chart.series[0].points) > 1)
    return MOST if is_columns or not series else min(series + 1, MOST)


def figure(value: float) -> str:
    """A number in few characters: 12 345, 0.25, 1.2e+07."""
    if value == int(value) and abs(value) < 1e7:
        return cells.number(int(value))
    return f"{value:.4g}"


def shortened(chart_series: Sequence[Series], room: int) -> tuple[list[Series], int]:
    """As many series as there are lines for, and how many are left out; a line is kept for saying so."""
    if len(chart_series) <= room:
        return list(chart_series), 0
    kept = max(room - 1, 1)
    return list(chart_series[:kept]), len(chart_series) - kept


def _title(chart: Chart, width: int) -> list[Piece]:
    title = safe(chart.title)
    what = safe(chart.y)
    if chart.shape != "spans" and what and cells.width(title) + cells.width(what) + 4 <= width:
        return [(title, "title"), (f"  {what}", "faint")]
    return [(cells.fitted(title, min(width, cells.width(title))), "title")]


def _is_axis(series: Sequence[Series]) -> bool:
    """Whether bars stand for places along an axis, rather than for things with names."""
    places = [one.points[0][0] for one in series]
    return all(left < right for left, right in pairwise(places))


def _labels(series: Sequence[Series], width: int) -> tuple[list[str], int]:
    """The names of series, in a column of at most a third of the width."""
    names = [safe(one.label) or "-" for one in series]
    size = min(max(map(cells.width, names)), max(width // 3, 8))
    return [cells.fitted(name, size) for name in names], size


def _bars(series: Sequence[Series], width: int, room: int) -> Drawn:
    """A line a series: its label, a bar from zero, its number; negative ones go to the left."""
    kept, left_out = shortened(series, room)
    labels, size = _labels(kept, width)
    values = [one.points[0][1] for one in kept]
    texts = [figure(value) for value in values]
    low, high = min(0.0, *values), max(0.0, *values)
    breadth = max(width - size - max(map(cells.width, texts)) - 3, 4)
    before = round(breadth * -low / (high - low)) if high > low else 0
    found: Drawn = []
    for label, value, text in zip(labels, values, texts, strict=True):
        share = abs(value) / ((high - low) or 1) * breadth
        gap, bar = ("", _bar(share))
        if value < 0:
            drawn = max(min(round(share), before), 1)
            gap, bar = " " * (before - drawn), "█" * drawn
        elif before:
            gap = " " * before
        found.append([(label, ""), (" ", ""), (gap, ""), (bar, "bad" if value < 0 else "mild"), (f" {text}", "")])
    return found + _more(left_out)


def _bar(cells_wide: float) -> str:
    """A bar to the eighth of a cell; what is more than nothing is seen."""
    eighths = max(round(cells_wide * 8), 1 if cells_wide > 0 else 0)
    return "█" * (eighths // 8) + PARTS[eighths % 8].strip()


def _columns(points: Sequence[tuple[float, float]], x: str, width: int, room: int) -> Drawn:
    """Columns side by side over an axis; the highest and zero are named at the left."""
    low, high = min(0.0, *(y for _, y in points)), max(0.0, *(y for _, y in points))
    names = [figure(high), figure(low)]
    size = max(map(len, names))
    heights, each = _fitted_columns([y for _, y in points], width - size - 1)
    lines = room - 2
    found: Drawn = []
    for line in range(lines):
        name = names[0] if line == 0 else names[1] if line == lines - 1 else ""
        level = lines - 1 - line
        text = "".join(_step(y, low, high, lines, level) * each for y in heights)
        found.append([(name.rjust(size), "faint"), ("┤" if name else "│", "faint"), (text, "mild")])
    found.append([(" " * size, ""), (f"└{'─' * (len(heights) * each)}", "faint")])
    ends = figure(points[0][0]), figure(points[-1][0])
    found.append([(" " * (size + 1), ""), (axis(*ends, safe(x), len(heights) * each), "faint")])
    return found


def _fitted_columns(values: Sequence[float], room: int) -> tuple[list[float], int]:
    """The heights of columns and how wide each is; of neighbours that share a cell the highest is shown."""
    if len(values) <= room:
        return list(values), min(max(room // len(values), 1), 6)
    share = len(values) / room
    return [max(values[int(at * share) : max(int((at + 1) * share), int(at * share) + 1)]) for at in range(room)], 1


def _step(value: float, low: float, high: float, lines: int, level: int) -> str:
    eighths = (value - low) / ((high - low) or 1) * lines * 8
    if value > low:
        eighths = max(eighths, 1)
    return EIGHTHS[round(min(max(eighths - level * 8, 0), 8))]


def axis(first: str, last: str, name: str, width: int) -> str:
    """What stands below an axis: its first and last value, and between them its name, if there is room."""
    if len(first) + len(last) + 2 > width:
        return cells.fitted(first, max(width, len(first)))
    between = width - len(first) - len(last)
    if cells.width(name) + 4 > between:
        name = cells.fitted(name, between - 4) if between > 12 else ""
    left = (between - cells.width(name)) // 2
    return f"{first}{' ' * left}{name}{' ' * (between - left - cells.width(name))}{last}"


def _spans(series: Sequence[Series], x: str, width: int, room: int) -> Drawn:
    """A line a series with its spans along a common axis; one span's ends are named, several are counted."""
    kept, left_out = shortened(series, room - 1)
    labels, size = _labels(kept, width)
    low = min(start for one in kept for start, _ in one.points)
    high = max(end for one in kept for _, end in one.points)
    notes = [_span_note(one) for one in kept]
    breadth = width - size - max(map(cells.width, notes)) - 3
    if breadth < 12:
        notes, breadth = [""] * len(kept), max(width - size - 2, 4)
    scale = (breadth - 1) / ((high - low) or 1)
    found: Drawn = []
    for number, (one, label, note) in enumerate(zip(kept, labels, notes, strict=True)):
        line = [" "] * breadth
        for start, end in one.points:
            first, last = int((start - low) * scale), int((max(end, start) - low) * scale)
            line[first : last + 1] = "█" * (last + 1 - first) if last > first else "▌"
        tone = TONES[number % len(TONES)]
        found.append([(label, ""), ("│", "faint"), ("".join(line), tone), (f" {note}", "faint")])
    found += _more(left_out)
    found.append([(" " * (size + 1), ""), (axis(figure(low), figure(high), safe(x), breadth), "faint")])
    return found


def _span_note(one: Series) -> str:
    if len(one.points) > 1:
        return cells.amount(len(one.points), "span")
    start, end = one.points[0]
    return f"{figure(start)} to {figure(end)}"


def _more(left_out: int) -> Drawn:
    return [[(f"… {cells.number(left_out)} more in the table", "faint")]] if left_out else []
