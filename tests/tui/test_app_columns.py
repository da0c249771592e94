"""Columns and order of the lists under the reader's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scenes import Feed, fed, foundry, inspector, lines, press, text, until
from textual.pilot import Pilot

from teleloupe.model import Column, Place, Table
from teleloupe_tui import columning, ordering
from teleloupe_tui.columning import PLAIN, Columning
from teleloupe_tui.ordering import by_further, by_one
from teleloupe_tui.screens.copying import copies
from teleloupe_tui.widgets.showing import Face, Showing

SMALL, MIDDLE = (80, 24), (120, 40)


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


@pytest.fixture
def faces() -> Showing:
    """A list of three columns."""
    named = tuple(Face(name, name, lambda row: row) for name in "abc")
    table = Table("t", tuple(Column(name, lambda row: row) for name in "abcd"), [], lambda _row: Place(""))
    return Showing(table, named, lambda _table, row: row, drops=("b",))


def test_hidden_columns_are_neither_drawn_nor_written(faces: Showing) -> None:
    wanted = columning.without(PLAIN, "b")

    assert columning.arranged(faces, wanted).columns == ("a", "c")
    assert [column.name for column in columning.seen(faces.table, wanted).columns] == ["a", "c", "d"]
    assert columning.in_words(wanted, ("a", "c"), ("a", "b", "c")) == "1 column hidden"


def test_columns_that_are_all_hidden_are_all_shown(faces: Showing) -> None:
    assert columning.arranged(faces, Columning(hidden=("a", "b", "c"))).columns == ("a", "b", "c")


def test_a_column_moves_past_its_neighbour_in_sight_and_not_over_the_end(faces: Showing) -> None:
    own = faces.columns
    wanted = columning.moved(columning.without(PLAIN, "b"), ("a", "c"), own, "a", 1)

    assert wanted is not None
    assert columning.arranged(faces, wanted).columns == ("c", "a")
    assert columning.moved(wanted, ("c", "a"), own, "a", 1) is None
    assert [column.name for column in columning.seen(faces.table, wanted).columns] == ["c", "a", "d"]


def test_columns_that_are_new_come_behind_those_of_a_remembered_order(faces: Showing) -> None:
    assert columning.arranged(faces, Columning(order=("c", "gone"))).columns == ("c", "a", "b")


def test_frozen_columns_are_those_up_to_one_and_free_the_list_from_dropping(faces: Showing) -> None:
    wanted = columning.frozen(PLAIN, "b")
    found = columning.arranged(faces, wanted)

    assert [face.is_frozen for face in found.faces] == [True, True, False]
    assert (found.drops, found.is_fenced) == (None, True)
    assert columning.frozen(wanted, "b") == PLAIN


def test_widths_have_bounds() -> None:
    assert columning.sized(PLAIN, "a", -5).widths == {"a": 3}
    assert columning.sized(PLAIN, "a", 10_000).widths == {"a": 400}


def header(pilot: Pilot[Any], word: str) -> str:
    """The line of titles that has a word."""
    return next(line for line in lines(pilot) if word in line)


async def test_columns_are_hidden_moved_and_shown_again() -> None:
    async with inspector(fed(), MIDDLE, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "j", "j", "l", "minus")
        assert "ritual" not in header(pilot, "batch_id")
        assert (screen.here.column, screen.here.cursor) == ("units_processed", 2)
        assert "1 column hidden" in text(pilot)

        await press(pilot, "less_than_sign")
        assert header(pilot, "batch_id").index("units_processed") < header(pilot, "batch_id").index("batch_id")

        await press(pilot, "equals_sign")
        assert "ritual" in header(pilot, "batch_id")
        await press(pilot, "equals_sign")
        assert screen.here.columning == PLAIN
        assert header(pilot, "ritual").index("batch_id") < header(pilot, "ritual").index("units_processed")


async def test_frozen_columns_stay_while_the_others_scroll() -> None:
    async with inspector(fed(), (60, 20), select="composite_export.json") as (_, pilot):
        await press(pilot, "2", "vertical_line", "l", "l", "l", "l")

        assert "batch_id" in header(pilot, "duration_ms")
        assert "│" in header(pilot, "duration_ms")

        await press(pilot, "h", "h", "h", "h", "vertical_line", "l", "l", "l", "l")
        assert "batch_id" not in header(pilot, "duration_ms")


async def test_frozen_columns_that_leave_no_room_scroll_and_it_is_said() -> None:
    async with inspector(fed(), (60, 20), select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "l", "l", "l", "vertical_line", "l")

        assert "these columns leave no room" in "".join(toast.message for toast in screen.app._notifications)
        assert "duration_ms" in text(pilot)


async def test_a_column_gets_wider_and_narrower() -> None:
    async with inspector(fed(), MIDDLE, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "l")
        width = screen.here.width_of("ritual")
        await press(pilot, "right_parenthesis", "right_parenthesis", "left_parenthesis")
        assert screen.here.width_of("ritual") == width + 4


async def test_the_cursor_brings_a_column_into_sight_that_has_no_room() -> None:
    async with inspector(fed(), (46, 24)) as (screen, pilot):
        assert "records" not in "".join(lines(pilot)[4:7])
        for _ in range(6):
            await press(pilot, "l")
            assert screen.here.width_of(screen.here.column) > 0

        await press(pilot, *["h"] * 6)
        assert screen.here.width_of("path") > 0


async def test_another_kind_of_document_has_columns_of_its_own() -> None:
    async with inspector(fed(), MIDDLE, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "minus")
        assert screen.pane("records").columnings.keys() == {"toyfoundry/export"}

        await press(pilot, "1", "minus")
        assert screen.pane("files").columnings.keys() == {""}


async def test_exports_and_the_copied_command_have_the_columns_that_are_seen(tmp_path: Path) -> None:
    root = tmp_path / "exports"
    root.mkdir()
    feed = Feed(str(root))
    feed.send(foundry())
    async with inspector(feed, MIDDLE, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "minus", "greater_than_sign", "x")
        await until(pilot, lambda: any((tmp_path / "teleloupe-exports").glob("*.csv")))

        written = next((tmp_path / "teleloupe-exports").glob("*.csv")).read_text()
        assert written.splitlines()[0] == "units_processed,ritual,status,duration_ms"
        command = copies(screen, screen.here)["c"]
        assert command.endswith("composite_export.json --columns=units_processed,ritual,status,duration_ms")

        await press(pilot, "3", "t", "s")
        command = copies(screen, screen.here)["c"]
        assert command.endswith("exports --view issues --to markdown --sort=severity")
