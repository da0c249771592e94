"""The filter language: what it lets through and how it says what it cannot read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.columns import column
from teleloupe.model import UsageError
from teleloupe.query import matcher, number

COLUMNS = (column("status"), column("duration_ms", type="integer"), column("ritual"), column("seed", type="integer"))
ROWS: list[dict[str, Any]] = [
    {"status": "success", "duration_ms": 10, "ritual": "forge", "seed": 31},
    {"status": "failure", "duration_ms": 2000, "ritual": "parade", "seed": 2**64 - 1},
    {"status": "partial", "duration_ms": None, "ritual": "Forge two", "seed": 0},
]


def passing(text: str) -> list[int]:
    is_wanted = matcher(text, COLUMNS)
    return [index for index, row in enumerate(ROWS) if is_wanted(row)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [0, 1, 2]),
        ("status=failure", [1]),
        ("status!=failure", [0, 2]),
        ("duration_ms>1000", [1]),
        ("duration_ms<=10", [0]),
        ("duration_ms=null", [2]),
        ("duration_ms!=null", [0, 1]),
        ("duration_ms=5..20", [0]),
        ("duration_ms=..20", [0]),
        ("duration_ms=20..", [1]),
        ("ritual:for*", [0, 2]),
        ("ritual!:for*", [1]),
        ("ritual~^f.*e$", [0]),
        ("seed=0x1f", [0]),
        ("seed=18446744073709551615", [1]),
        ("seed>18446744073709551614", [1]),
        ("forge", [0, 2]),
        ('"forge two"', [2]),
        ('ritual="Forge two"', [2]),
        ("status=success or status=partial", [0, 2]),
        ("forge and not status=success", [2]),
        ("forge status=success", [0]),
        ("not (status=success or seed=0)", [1]),
        ("status>=partial", [0, 2]),
    ],
)
def test_a_filter_lets_through(text: str, rows: list[int]) -> None:
    assert passing(text) == rows


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("(status=a", "character 1:"),
        ("status=a)", "character 9:"),
        ("status=a or", "character 12:"),
        ('"open', "character 1:"),
        ("ritual~(", "character"),
    ],
)
def test_a_filter_that_cannot_be_read_says_where(text: str, place: str) -> None:
    with pytest.raises(UsageError, match=place):
        matcher(text, COLUMNS)


def test_an_unknown_column_suggests_the_nearest() -> None:
    with pytest.raises(UsageError) as told:
        matcher("statsu=failure", COLUMNS)

    assert told.value.hint == "did you mean status?"


@given(st.text(max_size=40))
def test_any_text_is_a_filter_or_a_usage_error(text: str) -> None:
    try:
        is_wanted = matcher(text, COLUMNS)
    except UsageError:
        return
    for row in ROWS:
        is_wanted(row)


@given(st.integers())
def test_integers_are_read_exactly(value: int) -> None:
    assert number(str(value)) == value
