from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.model import Chart, Series
from teleloupe.plots import svg

SPACE = "{http://www.w3.org/2000/svg}"
NUMBERS = st.floats(-1e12, 1e12) | st.sampled_from([float("nan"), float("inf")])
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5).map(tuple)


def drawn(*charts: Chart) -> Any:
    return ET.fromstring(svg(charts))


@pytest.mark.parametrize("shape", ["line", "bars", "spans"])
@given(st.lists(st.builds(Series, st.text(max_size=5), POINTS), max_size=4))
def test_any_chart_is_well_formed_and_stays_inside(shape: Any, series: list[Series]) -> None:
    page = drawn(Chart("t", shape, "x", "y", tuple(series)), Chart("again", shape, "x", "y", tuple(series)))
    width, height = float(page.get("width")), float(page.get("height"))

    for box in page.iter(f"{SPACE}rect"):
        if box.get("x") is not None:
            assert float(box.get("x")) <= width
            assert -1 <= float(box.get("y")) <= height


def test_names_from_files_are_text() -> None:
    page = svg([Chart("<b>\x1b", "bars", "", "", (Series("<i>", ((0.0, 2.0),)), Series("b", ((0.0, 1.0),))))])

    assert b"&lt;b&gt;\\x1b" in page
    assert b"&lt;i&gt;" in page


def test_longer_bars_are_longer_figures() -> None:
    page = drawn(Chart("t", "bars", "", "", (Series("a", ((0.0, 10.0),)), Series("b", ((0.0, 5.0),)))))
    long, short = (float(box.get("width")) for box in page.iter(f"{SPACE}rect") if box.get("x") is not None)

    assert long == pytest.approx(2 * short, abs=1)
