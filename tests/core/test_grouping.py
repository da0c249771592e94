"""Rows grouped by a column, with the numbers of the others in figures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe import grouping
from teleloupe.columns import column
from teleloupe.grouping import groups, groups_table, measured
from teleloupe.model import Place, Table, UsageError

COLUMNS = (column("status"), column("took", unit="ms", type="integer"), column("seed", type="integer"))
ROWS: list[dict[str, Any]] = [
    {"status": "ok", "took": 10, "seed": 1},
    {"status": "ok", "took": 2**63, "seed": 2},
    {"status": "late", "took": None, "seed": 3},
    {"status": None, "took": 0.5, "seed": 4},
    {"status": "ok", "took": "n/a", "seed": 5},
    {"status": "ok", "took": 31, "seed": 5},
]


def table(rows: list[dict[str, Any]]) -> Table:
    return Table("t", COLUMNS, rows, lambda _row: Place("t"), len(rows))


def test_groups_count_their_rows_and_sum_exactly() -> None:
    source = table(ROWS)

    shown = groups_table("t", COLUMNS[0], measured(source, "status"), groups(source, "status"))

    assert [one.name for one in shown.columns] == [
        "value", "rows", "share", "bar", "took sum", "took min", "took median", "took max",
    ]  # fmt: skip
    cells = [[one.get(row) for one in shown.columns if one.name != "bar"] for row in shown.rows]
    assert cells[0] == ["ok", 4, 66.67, 2**63 + 41, 10, 31, 2**63]
    assert sorted(map(str, cells[1:])) == sorted(
        map(str, [["late", 1, 16.67, None, None, None, None], [None, 1, 16.67, 0.5, 0.5, 0.5, 0.5]])
    )


def test_columns_with_a_unit_are_measured_and_all_numbers_where_none_has_one() -> None:
    assert [one.name for one in measured(table(ROWS), "status")] == ["took"]
    assert [one.name for one in measured(table(ROWS), "took")] == ["seed"]


def test_an_unknown_column_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no column 'nope'"):
        groups(table(ROWS), "nope")


def test_values_beyond_what_is_told_apart_are_one_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MOST_DISTINCT", 3)
    found = groups(table([{"status": str(number % 5), "took": 1} for number in range(20)]), "status")

    assert [(row.value, row.count, row.is_rest) for row in found] == [
        ("0", 4, False), ("1", 4, False), ("2", 4, False), (None, 8, True),
    ]  # fmt: skip
    assert found[-1].figures[0] is not None
    assert found[-1].figures[0].sum == 8


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None, 1, 2.5, True, [1]]), st.none() | st.integers())))
def test_groups_hold_every_row_once(rows: list[tuple[Any, int | None]]) -> None:
    found = groups(table([{"status": key, "took": value} for key, value in rows]), "status")

    assert sum(row.count for row in found) == len(rows)
    told = [row.figures[0] for row in found if row.figures[0] is not None]
    assert sum(one.count for one in told) == sum(value is not None for _, value in rows)
    assert sum(one.sum or 0 for one in told) == sum(value or 0 for _, value in rows)
    assert all(one.minimum <= one.median <= one.maximum for one in told)
