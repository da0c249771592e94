"""Charts as text: what is drawn is pinned to the character."""

from __future__ import annotations

import pytest

from teleloupe.model import Chart, Series
from teleloupe_tui.charts import draw

ONE = ((0.0, 1.0),)


def text(chart: Chart, width: int, height: int) -> str:
    return "\n".join("".join(piece for piece, _ in line).rstrip() for line in draw(chart, width, height))


LINE = Chart(
    "Samples",
    "line",
    "tick",
    "pulses",
    (Series("samples", tuple((float(x), float(x * x)) for x in range(9))), Series("floor", ((0.0, 20.0), (8.0, 20.0)))),
)
BARS = Chart(
    "Totals",
    "bars",
    "way",
    "points",
    (Series("report", ((0.0, 72.0),)), Series("logged", ((1.0, 30.5),)), Series("errors", ((2.0, -20.0),))),
)
COLUMNS = Chart(
    "Durations", "bars", "duration, ms", "rows", (Series("", tuple((50.0 * x, float(x * x % 7)) for x in range(10))),)
)
SPANS = Chart(
    "Phases",
    "spans",
    "seconds",
    "phase",
    (
        Series("audit", ((0.0, 200.0),)),
        Series("drills", ((250.0, 300.0), (320.0, 330.0))),
        Series("at once", ((400.0, 400.0),)),
    ),
)


def test_curves_have_letters_on_them_a_legend_and_named_axes() -> None:
    assert (
        text(LINE, 44, 8)
        == """\
Samples  pulses
a samples  b floor
64┤                                    ⢀⡠⠤⠒⠉
  │                             a⣀⡠⠤⠒⠒⠉⠁
  │⠤⠤⠤⠤⠤⠤⠤b⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⣤⣤⡤⠤⠤⠴⠶⠶⠭⠭⠥b⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤
 0┤a⣀⣀⣀⣀⣀⣀⣀⠤⠤⠤⠤⠔⠒a⠒⠊⠉⠉
  └─────────────────────────────────────────
   0                 tick                  8"""
    )


def test_bars_have_labels_and_numbers_and_negative_ones_go_to_the_left() -> None:
    assert (
        text(BARS, 44, 5)
        == """\
Totals  points
report        ████████████████████████▎ 72
logged        ██████████▎ 30.5
errors ███████ -20"""
    )


def test_many_points_are_columns_over_an_axis() -> None:
    assert (
        text(COLUMNS, 44, 8)
        == """\
Durations  rows
4┤        ████        ████            ████
 │        ████        ████            ████
 │        ████▄▄▄▄▄▄▄▄████            ████
 │    ▂▂▂▂████████████████▂▂▂▂    ▂▂▂▂████
0┤    ████████████████████████    ████████
 └────────────────────────────────────────
  0            duration, ms            450"""
    )


def test_spans_lie_along_one_axis_with_their_ends_named() -> None:
    assert (
        text(SPANS, 44, 8)
        == """\
Phases
audit  │████████████             0 to 200
drills │              ████▌      2 spans
at once│                       ▌ 400 to 400
        0      seconds       400"""
    )


def test_more_bars_than_lines_stand_as_columns_where_they_have_places_and_are_counted_where_not() -> None:
    placed = Chart("d", "bars", "ms", "n", tuple(Series(f"{x} to {x + 1}", ((float(x), 1.0),)) for x in range(20)))
    named = Chart("d", "bars", "ms", "n", tuple(Series(f"n{x}", ONE) for x in range(20)))

    assert "┤" in text(placed, 60, 8)
    assert text(named, 60, 8).splitlines()[-1] == "… 14 more in the table"


@pytest.mark.parametrize("chart", [LINE, BARS, COLUMNS, SPANS], ids=lambda chart: chart.shape + chart.title)
@pytest.mark.parametrize("width", [1, 8, 12, 20, 33, 76, 200])
@pytest.mark.parametrize("height", [0, 1, 2, 3, 4, 8, 30])
def test_no_chart_is_larger_than_its_room(chart: Chart, width: int, height: int) -> None:
    drawn = text(chart, width, height).splitlines()

    assert len(drawn) <= height or not any(drawn)
    assert all(len(line) <= width for line in drawn)


@pytest.mark.parametrize("shape", ["line", "bars", "spans"])
@pytest.mark.parametrize(
    "points", [(), ONE, ((0.0, 0.0),), ((5.0, 5.0), (5.0, 5.0)), ((-3.0, -1.0), (-2.0, -7.0)), ((1e300, 1e-300),) * 2]
)
def test_odd_figures_are_drawn_all_the_same(shape: str, points: tuple[tuple[float, float], ...]) -> None:
    chart = Chart("t", shape, "x", "y", (Series("s", points),))  # type: ignore[arg-type]  # one of the shapes above

    assert text(chart, 60, 8).startswith("t")


def test_nothing_from_a_file_is_obeyed() -> None:
    chart = Chart("\x1b[2J", "bars", "x", "\x07", (Series("\x1b[31m", ONE),))

    assert "\x1b" not in text(chart, 60, 8)
    assert "\x07" not in text(chart, 60, 8)


def test_a_hundred_thousand_points_are_drawn_by_their_extremes() -> None:
    points = tuple((float(x), 1000.0 if x == 50_001 else float(x % 3)) for x in range(100_000))
    drawn = text(Chart("t", "line", "x", "y", (Series("s", points),)), 80, 10)

    assert drawn.splitlines()[1].startswith("1\u00a0000┤")
    assert any("\u2800" < mark < "\u28ff" for mark in drawn.splitlines()[1])
