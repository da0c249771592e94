"""Sorting by runs and pieces: the same as one sort would give, whatever the values."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe import ordering
from teleloupe.ordering import PHASES, in_order, rows_in_order

VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.lists(st.integers())


@pytest.fixture(autouse=True)
def _short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "PIECE", 20)
    monkeypatch.setattr(ordering, "CHUNK", 7)


def value(row: dict[str, Any]) -> Any:
    return row.get("v")


@given(st.lists(st.integers(0, 30)))
def test_numbers_in_pieces_are_in_order(values: list[int]) -> None:
    assert in_order(values) == sorted(values)


@given(st.lists(st.integers(0, 12)), st.booleans())
def test_rows_with_equal_values_keep_their_order_both_ways(values: list[int], is_descending: bool) -> None:
    rows = [{"v": number} for number in values]

    found = rows_in_order(rows, range(len(rows)), value, is_descending=is_descending)

    assert list(found) == sorted(range(len(rows)), key=lambda row: -values[row] if is_descending else values[row])


@given(st.lists(VALUES))
def test_numbers_come_before_texts_before_the_rest_and_absent_ones_last(values: list[Any]) -> None:
    found = [values[row] for row in rows_in_order([{"v": one} for one in values], range(len(values)), value)]

    ranks = [_rank(one) for one in found]
    assert ranks == sorted(ranks)
    numbers = [one for one in found if _rank(one) == 0]
    assert numbers == sorted(numbers)


def _rank(one: Any) -> int:
    if one is None or one != one:
        return 3
    return 0 if isinstance(one, bool | int | float) else 1 if isinstance(one, str) else 2


@pytest.mark.parametrize("every", [2, 9])
def test_some_rows_in_an_order_of_their_own_are_sorted_within_it(every: int) -> None:
    rows = [{"v": number % 3} for number in range(100)]
    order = [row for row in range(99, -1, -1) if row % every == 1]

    found = list(rows_in_order(rows, order, value))

    assert found == sorted(order, key=lambda row: row % 3)


def test_every_row_is_told_of_as_often_as_was_promised() -> None:
    rows = [{"v": random.Random(row).choice([None, "a", 1, [2]])} for row in range(500)]
    told: list[int] = []

    rows_in_order(rows, range(500), value, is_descending=True, step=told.append)

    assert sum(told) == PHASES * 500
    assert max(told) <= PHASES * 500


def test_a_step_that_raises_ends_the_work() -> None:
    def step(_rows: int) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        rows_in_order([{"v": 1}], range(1), value, step=step)
