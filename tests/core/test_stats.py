"""What columns hold, in figures."""

from __future__ import annotations

import statistics
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe import stats
from teleloupe.columns import column
from teleloupe.model import CellType, Place, Table, UsageError
from teleloupe.stats import Frequency, Summary


def table_of(values: list[Any], kind: CellType = "json") -> Table:
    rows = [{"n": value} for value in values]
    return Table("t", (column("n", type=kind),), rows, lambda index: Place("", str(index)), len(rows))


def summary_of(values: list[Any], kind: CellType = "json") -> Summary:
    (found,) = stats.summaries(table_of(values, kind))
    return found


def test_numbers_have_ranks_mean_and_bins() -> None:
    found = summary_of([3, 1, None, 2, 10], "integer")

    assert (found.count, found.nulls, found.distinct, found.is_exact) == (4, 1, 4, True)
    assert (found.minimum, found.median, found.mean, found.maximum) == (1, 2.5, 4.0, 10)
    assert (found.p90, found.p95, found.p99) == (10, 10, 10)
    assert [(one.low, one.high, one.count) for one in found.bins][:3] == [(1, 2, 1), (2, 3, 1), (3, 4, 1)]
    assert sum(one.count for one in found.bins) == 4


def test_numbers_of_any_size_stay_exact() -> None:
    found = summary_of([18446744073709551615, 18446744073709551613], "integer")

    assert found.median == 18446744073709551614
    assert summary_of([10**400, 0]).mean is None
    assert summary_of([10**400, 0]).maximum == 10**400


def test_what_is_no_number_has_only_its_ends_and_its_most_frequent_values() -> None:
    found = summary_of(["b", "a", "b"], "string")

    assert (found.minimum, found.maximum, found.top) == ("a", "b", (("b", 2), ("a", 1)))
    assert (found.scale, found.median, found.bins) == ("", None, ())


def test_truth_values_objects_and_numbers_in_one_column_are_told_apart() -> None:
    found = stats.frequencies(table_of([True, 1, 1, {"a": 1}, {"a": 1}, None, float("nan"), float("nan")]), "n")

    assert {(one.value, one.count) for one in found} == {
        ("true", 1), (1, 2), ('{"a":1}', 2), (None, 1), ("NaN", 2),
    }  # fmt: skip


@pytest.mark.parametrize("values", [[10**400, 10**400 + 1], [0.5, 10**400]])
def test_whole_numbers_beyond_any_float_have_a_median(values: list[Any]) -> None:
    found = summary_of(values, "number")

    assert (found.minimum, found.median, found.mean) == (values[0], values[0], None)


def test_instants_are_ranked_in_time_whatever_their_offset() -> None:
    found = summary_of(["2025-10-16T07:00:00+02:00", "2025-10-16T06:00:00Z", "2025-10-16T04:00:00"], "string")

    assert found.scale == "time"
    assert (found.minimum, found.median, found.maximum) == (
        "2025-10-16T04:00:00", "2025-10-16T07:00:00+02:00", "2025-10-16T06:00:00Z",
    )  # fmt: skip
    assert sum(one.count for one in found.bins) == 3


def test_texts_that_only_look_like_instants_are_texts() -> None:
    assert summary_of(["2025-10-16T06:00:00Z", "2025-13-99T99:99"], "string").scale == ""


def test_shares_add_up_and_absent_values_are_counted() -> None:
    found = stats.frequencies(table_of(["a", "b", None, "a"]), "n")

    assert found[0] == Frequency("a", 2, 50.0)
    assert sum(one.share for one in found) == 100
    assert Frequency(None, 1, 25.0) in found


def test_too_many_different_values_are_bounded_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stats, "MOST_DISTINCT", 10)
    monkeypatch.setattr(stats, "CHUNK_ROWS", 20)
    values = [*range(20), *range(5, 105), None]
    found, counted = summary_of(values, "integer"), stats.frequencies(table_of(values), "n")

    assert (found.count, found.nulls, found.is_exact, found.distinct) == (120, 1, False, 20)
    assert found.median == statistics.median(value for value in values if value is not None)
    assert found.top[0][1] == 2
    assert counted[-1].is_rest
    assert sum(one.count for one in counted) == 121
    assert len(counted) == 22


def test_the_work_asks_whether_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stats, "CHUNK_ROWS", 10)
    asked: list[int] = []

    def check(rows: int) -> None:
        asked.append(rows)
        if rows >= 20:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        stats.summaries(table_of(list(range(100))), check=check)
    assert asked == [0, 10, 20]


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="no column 'm'"):
        stats.frequencies(table_of([1]), "m")


def test_an_empty_table_has_columns_of_nothing() -> None:
    found = summary_of([])

    assert (found.count, found.nulls, found.distinct, found.top, found.minimum) == (0, 0, 0, (), None)
    assert stats.frequencies(table_of([]), "n") == ()


@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()))))
def test_any_values_can_be_summed_up(values: list[Any]) -> None:
    found = summary_of(values)

    assert found.count + found.nulls == len(values)
    assert sum(one.count for one in stats.frequencies(table_of(values), "n")) == len(values)


@given(st.lists(st.floats(-1e9, 1e9) | st.integers(-(10**12), 10**12), min_size=1))
def test_bins_cover_every_number_and_ranks_agree_with_the_sorted_values(values: list[float]) -> None:
    found, ordered = summary_of(values), sorted(values)

    assert found.p90 == ordered[-(-9 * len(values) // 10) - 1]
    assert found.median == pytest.approx(statistics.median(values))
    if found.bins:
        assert sum(one.count for one in found.bins) == len(values)
        assert found.bins[0].low <= ordered[0]
        assert found.bins[-1].high >= ordered[-1]
