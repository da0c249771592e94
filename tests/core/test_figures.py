"""Figures as tables and charts."""

from __future__ import annotations

from typing import Any

from teleloupe import figures, stats
from teleloupe.columns import column
from teleloupe.model import Place, Table
from teleloupe.stats import Summary
from view_reading import cells


def summary_of(values: list[Any], name: str = "duration", unit: str = "ms") -> Summary:
    rows = [{name: value} for value in values]
    (found,) = stats.summaries(Table("t", (column(name, unit=unit),), rows, lambda _row: Place("")))
    return found


def test_a_column_is_a_row_with_its_spread_and_its_most_frequent_values() -> None:
    table = figures.summaries_table("t", [summary_of(["a", "b", "a"]), summary_of(list(range(40)))])

    assert cells(table, "column", "distinct", "spread", "min", "max", "top") == [
        ("duration", 2, "█▅", "a", "b", "a (2), b (1)"),
        ("duration", 40, "████████████████████", 0, 39, "all different"),
    ]


def test_frequencies_have_shares_and_bars_and_say_what_was_not_told_apart() -> None:
    found = [stats.Frequency("a", 3, 75.0), stats.Frequency(None, 1, 25.0, is_rest=True)]
    table = figures.frequencies_table("t", column("n"), found)

    assert cells(table, "value", "count", "share", "bar") == [
        ("a", 3, 75.0, "█" * 20),
        ("(other values)", 1, 25.0, "██████▊"),
    ]


def test_few_values_are_charted_one_by_one_and_many_in_bins() -> None:
    few, many = figures.chart(summary_of([2, 1, 2])), figures.chart(summary_of(list(range(100))))

    assert [(one.label, one.points) for one in few.series] == [("1", ((0.0, 1.0),)), ("2", ((0.0, 2.0),))]
    assert (many.x, many.y, len(many.series)) == ("duration, ms", "rows", 1)
    assert many.series[0].points[:2] == ((0.0, 5.0), (5.0, 5.0))


def test_times_are_charted_from_the_first_one_on() -> None:
    chart = figures.chart(summary_of([f"2025-10-16T00:00:{second:02}Z" for second in range(60)]))

    assert chart.x == "seconds since 2025-10-16 00:00:00Z"
    assert chart.series[0].points[0][0] == 0.0


def test_numbers_beyond_floats_are_charted_by_rank() -> None:
    chart = figures.chart(summary_of([number * 10**400 for number in range(20)]))

    assert all(x < 100 for x, _ in chart.series[0].points)


def test_a_bar_is_seen_however_small_the_count() -> None:
    assert figures.bar(1, 1_000_000) == "▏"
    assert figures.bar(0, 10) == ""
    assert figures.bar(0, 0) == ""
