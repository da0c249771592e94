"""Columns and order of the lists under the reader's keys."""

from __future__ import annotations

from typing import Any

from scenes import Feed, foundry, inspector, lines, settled
from textual.pilot import Pilot

from teleloupe_tui import ordering
from teleloupe_tui.ordering import by_further, by_one

SMALL, MIDDLE = (80, 24), (120, 40)


def fed() -> Feed:
    """A feed that has sent a small directory."""
    feed = Feed()
    feed.send(foundry())
    return feed


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one by one and let the app settle."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def test_a_column_is_sorted_by_alone_then_backwards_then_not_at_all() -> None:
    once = by_one((), "a")
    twice = by_one(once, "a")

    assert (ordering.option(once), ordering.option(twice), by_one(twice, "a")) == ("a", "-a", ())
    assert ordering.option(by_one(by_further(once, "b"), "a")) == "a"


def test_a_further_column_is_added_then_reversed_then_taken_out() -> None:
    first = by_one((), "a")
    steps = [by_further(first, "b")]
    for column in ("b", "c", "b"):
        steps.append(by_further(steps[-1], column))

    assert [ordering.option(step) for step in steps] == ["a,b", "a,-b", "a,-b,c", "a,c"]


def test_an_order_is_said_in_words_and_marked_with_turns() -> None:
    keys = by_further(by_further(by_one((), "a"), "b"), "b")

    assert ordering.in_words(keys) == "sort: a up, then b down"
    assert [ordering.mark(keys, name) for name in "abc"] == ["▲1", "▼2", ""]
    assert ordering.mark(by_one((), "a"), "a") == "▲"
    assert ordering.in_words(()) == ""


async def test_two_columns_order_the_rows_and_the_command_says_so() -> None:
    async with inspector(fed(), MIDDLE, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "l", "s", "l", "l", "S", "l", "S", "S")

        table = screen.here.table
        found = [(row["ritual"], row["status"], -row["duration_ms"]) for row in table.rows]
        assert found == sorted(found)
        header = next(line for line in lines(pilot) if "units_processed" in line)
        assert ("ritual▲1" in header, "status▲2" in header) == (True, True)
        assert "sort: ritual up, then status up, then duration_ms down" in "\n".join(lines(pilot))

        await press(pilot, "y")
        assert "--sort=ritual,status,-duration_ms" in "\n".join(lines(pilot))
