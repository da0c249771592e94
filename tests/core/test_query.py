"""The filter language: what it lets through and how it says what it cannot read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.columns import column
from teleloupe.model import UsageError
from teleloupe.query import Misread, anywhere, matcher, number
from teleloupe.safe import cell

COLUMNS = (column("status"), column("duration_ms", type="integer"), column("ritual"), column("seed", type="integer"),
           column("when"), column("code", type="json"), column("path"), column("a b"))  # fmt: skip
ROWS: list[dict[str, Any]] = [
    {
        "status": "success",
        "duration_ms": 10,
        "ritual": "forge",
        "seed": 31,
        "when": "2025-10-12T05:31:47Z",
        "code": 1.5,
    },
    {
        "status": "failure",
        "duration_ms": 2000,
        "ritual": "parade",
        "seed": 2**64 - 1,
        "when": "2025-11-02",
        "code": "1..3 ",
        "a b": "x",
    },
    {"status": "partial", "duration_ms": None, "ritual": "Forge two", "seed": 0, "code": 3, "path": ".."},
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
        ("status = success", [0]),
        ('status=""', []),
        ("when=2025-10..2025-11", [0]),
        ("when=2025-11..", [1]),
        ("code=1..3", [0, 2]),
        ('code="1..3"', []),
        ("path=..", [2]),
        ('"a b"=x', [1]),
        ('"a b" and failure', []),
        ("not (forge or seed=0)", [1]),
        ("not status=success not status=failure", [2]),
        ("184467", [1]),
        ("1.", [0, 1]),
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
        ("ritual~(", "character 8: a value with brackets"),
        ('ritual~"("', "character 1: regular expression"),
        ("status=", "character 8: a value is missing"),
        ("status= )", "character 8: a value is missing"),
        ('status="open', "character 8: a quote is not closed"),
    ],
)
def test_a_filter_that_cannot_be_read_says_where(text: str, place: str) -> None:
    with pytest.raises(UsageError, match=place):
        matcher(text, COLUMNS)


def test_an_unknown_column_suggests_the_nearest() -> None:
    with pytest.raises(UsageError) as told:
        matcher("statsu=failure", COLUMNS)

    assert told.value.hint == "did you mean status?"


def test_an_unknown_column_knows_its_place() -> None:
    with pytest.raises(Misread) as told:
        matcher("status=failure or statsu=failure", COLUMNS)

    assert told.value.place == 18


TEXTS = (
    st.sampled_from(["a", "Ab", "é", "ΑΣ", "x\ny", "1", "null", ""]) | st.none() | st.integers(-5, 50) | st.booleans()
)


@given(
    st.lists(st.fixed_dictionaries({"a": TEXTS, "b": TEXTS}), max_size=12),
    st.sampled_from(["a", "ασ", "\\n", "1", "é", "tru", "-"]),
)
def test_a_text_is_found_in_exactly_the_rows_that_show_it(rows: list[dict[str, Any]], needle: str) -> None:
    columns = (column("a"), column("b"))

    found = anywhere(needle, columns)(rows)

    shown = [[cell(row["a"]).lower(), cell(row["b"]).lower()] for row in rows]
    assert found == [place for place, texts in enumerate(shown) if any(needle in text for text in texts)]


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
