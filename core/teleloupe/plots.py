"""Charts as SVG: one file that needs nothing else, readable in print and without colours."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Iterator, Sequence

from msgspec import structs

from teleloupe.model import Chart, Series
from teleloupe.safe import safe

WIDTH, HEIGHT, ROW = 900, 320, 22
MOST_ROWS = 200  # bars or spans of one chart that are drawn
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 44, 44
_COLOURS = ("#1f6391", "#8f5200", "#256b2f", "#b3261e", "#6b4ba1", "#5b6877")
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 2", "12 4")  # lines are told apart without colours too


def svg(charts: Sequence[Chart]) -> bytes:
    """All charts below each other."""
    parts: list[str] = []
    y = 0
    for chart in map(_finite, charts):
        height = _height(chart)
        parts.append(f'<g transform="translate(0 {y})">{"".join(_chart(chart, height))}</g>')
        y += height
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" '
        'font-family="system-ui, sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>'
    )
    return "\n".join([head, *parts, "</svg>\n"]).encode("utf-8", "backslashreplace")


def _finite(chart: Chart) -> Chart:
    """The chart less the points that are no places."""
    kept = tuple(
        Series(series.label, tuple(point for point in series.points if all(map(math.isfinite, point))))
        for series in chart.series
    )
    return structs.replace(chart, series=kept)


def _height(chart: Chart) -> int:
    return HEIGHT if _is_plotted(chart) else _TOP + _BOTTOM + ROW * max(len(_rows(chart)), 1)


def _is_plotted(chart: Chart) -> bool:
    """Whether the points have axes; bars and spans with names are rows instead."""
    return chart.shape == "line" or (chart.shape == "bars" and len(chart.series) == 1)


def _rows(chart: Chart) -> Sequence[Series]:
    return [series for series in chart.series if series.points][:MOST_ROWS]


def _chart(chart: Chart, height: int) -> Iterator[str]:
    yield _text(chart.title, 12, 20, weight="bold")
    yield _text(chart.y if _is_plotted(chart) else "", 12, 36, fill="#555")
    if any(series.points for series in chart.series):
        yield from _plotted(chart, height) if _is_plotted(chart) else _listed(chart)
    yield _text(chart.x, WIDTH - _RIGHT, height - 10, anchor="end", fill="#555")


def _plotted(chart: Chart, height: int) -> Iterator[str]:
    points = [point for series in chart.series for point in series.points]
    is_bars = chart.shape == "bars"
    left, right = _range([x for x, _ in points])
    low, high = _range([*(y for _, y in points), *((0.0,) if is_bars else ())])

    def spot(point: tuple[float, float]) -> tuple[float, float]:
        x = _LEFT + (point[0] - left) / (right - left) * (WIDTH - _LEFT - _RIGHT)
        return x, height - _BOTTOM - (point[1] - low) / (high - low) * (height - _TOP - _BOTTOM)

    for value in (low, (low + high) / 2, high):
        y = spot((left, value))[1]
        yield f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="#ddd"/>'
        yield _text(_figure(value), _LEFT - 6, y + 4, anchor="end", fill="#555")
    for value, anchor in ((left, "start"), (right, "end")):
        yield _text(_figure(value), spot((value, low))[0], height - _BOTTOM + 16, anchor=anchor, fill="#555")
    for number, series in enumerate(chart.series):
        colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number % len(_DASHES)]
        if is_bars:
            floor = spot((left, max(low, 0.0)))[1]
            yield from (_column(*spot(point), floor, len(points), colour) for point in series.points)
        elif series.points:
            way = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(spot, series.points))
            pen = f'fill="none" stroke="{colour}" stroke-width="1.5" stroke-dasharray="{dash}"'
            yield f'<polyline points="{way}" {pen}/>'
        if len(chart.series) > 1 and number < len(_COLOURS):
            x = _LEFT + number * 140
            yield f'<path d="M{x} 32h20" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
            yield _text(series.label[:18], x + 26, 36)


def _column(x: float, y: float, floor: float, count: int, colour: str) -> str:
    width = max((WIDTH - _LEFT - _RIGHT) / max(count, 1) * 0.8, 1)
    top, size = min(y, floor), abs(floor - y)
    return f'<rect x="{x - width / 2:.1f}" y="{top:.1f}" width="{width:.1f}" height="{size:.1f}" fill="{colour}"/>'


def _listed(chart: Chart) -> Iterator[str]:
    """A row a series: its name, and a bar as long as its figure, or its spans."""
    rows = _rows(chart)
    is_spans = chart.shape == "spans"
    ends = [end for series in rows for point in series.points for end in (point if is_spans else (0.0, point[1]))]
    low, high = _range(ends)
    left = 240

    def across(value: float) -> float:
        return left + (value - low) / (high - low) * (WIDTH - left - _RIGHT - 70)

    for number, series in enumerate(rows):
        y = _TOP + number * ROW
        yield _text(series.label[:38], left - 8, y + 15, anchor="end")
        stretches = series.points if is_spans else [(0.0, series.points[0][1])]
        for start, end in stretches:
            x, size = across(min(start, end)), max(abs(across(end) - across(start)), 1)
            yield f'<rect x="{x:.1f}" y="{y + 3}" width="{size:.1f}" height="{ROW - 6}" fill="{_COLOURS[0]}"/>'
        last = stretches[-1][1]
        yield _text(_figure(last), across(max(last, 0.0 if not is_spans else last)) + 6, y + 15, fill="#555")


def _range(values: Iterable[float]) -> tuple[float, float]:
    """The least and the greatest, never the same."""
    found = list(values)
    low, high = min(found), max(found)
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def _figure(value: float) -> str:
    return f"{int(value)}" if value == int(value) and abs(value) < 1e15 else f"{value:.6g}"


def _text(words: str, x: float, y: float, *, anchor: str = "start", weight: str = "normal", fill: str = "#222") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="{fill}">'
        f"{html.escape(safe(words))}</text>"
    )
