"""Finding, filtering and what was asked before, under the reader's keys."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from scenes import Feed, Rows, export, fed, inspector, lines, press, settled, snapshot_of, text, until
from test_app_inspector import MIDDLE, SMALL, said
from textual.events import Key

from teleloupe.columns import column
from teleloupe.model import Document, Place, Query, Table
from teleloupe.query import sieve
from teleloupe.tables import records
from teleloupe_tui import completing, terms
from teleloupe_tui.hits import Hits
from teleloupe_tui.recall import Recall
from teleloupe_tui.widgets.prompt import Prompt, pointed

LONG, HELD_AT = 30_000, 20_000
COLUMNS = (column("ritual"), column("seed", type="integer"), column("a b"), column("any", type="json"))
VALUES: list[Any] = [
    None,
    "drill",
    'a "quoted\\" one',
    "",
    "null",
    "1..3",
    2**64 - 1,
    -1.5,
    True,
    [1, {"k": "é"}],
    "x\ny",
]


class HeldRows(Rows):
    """Records of which the later ones keep a filter or a search waiting."""

    def __init__(self) -> None:
        super().__init__(LONG)
        self.go_on = threading.Event()

    def __getitem__(self, index: Any) -> Any:
        if index == HELD_AT and threading.current_thread().name in ("job-records", "job-search"):
            self.go_on.wait(20)
        return super().__getitem__(index)


def held() -> tuple[HeldRows, Feed]:
    rows = HeldRows()
    return rows, fed(snapshot_of([export("long.json", records=rows)]))


async def test_a_filter_shows_its_rows_while_it_is_typed_and_escape_takes_them_back() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "j", "j", "ampersand", *"status=partial")
        found = screen.here.count
        assert 0 < found < 29
        assert screen.query("Prompt")

        await press(pilot, "escape")
        assert (screen.here.count, screen.here.cursor, screen.here.asked.query) == (29, 2, Query())


async def test_a_fault_is_shown_under_its_place_and_the_rows_stay() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "ampersand", *"status=partial statsu")
        before = screen.here.count
        await press(pilot, "equals_sign", "x")

        prompt_line = next(row for row, line in enumerate(lines(pilot)) if line.startswith(" & "))
        below = lines(pilot)[prompt_line + 1]
        assert below.index("^") == lines(pilot)[prompt_line].index("statsu")
        assert "no column 'statsu': did you mean status?" in below
        assert screen.here.count == before


async def test_marks_are_kept_while_a_filter_is_tried() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "m", "ampersand", *"zzz", "escape")

        assert screen.here.marks == {0}


async def test_a_long_filter_shows_its_first_rows_at_once_and_counts_on() -> None:
    rows, feed = held()
    async with inspector(feed, MIDDLE) as (screen, pilot):
        await press(pilot, "2")
        await pilot.press("ampersand", *"ritual=parade")
        await until(pilot, lambda: not screen.here.is_whole)
        assert 0 < screen.here.count < LONG // 4
        assert "so far, " in text(pilot)
        assert screen.here.cursor == 0

        rows.go_on.set()
        await settled(pilot)
        assert screen.here.is_whole
        assert screen.here.count == len(range(2, LONG, 4))


async def test_the_next_letter_ends_the_filter_that_is_under_way() -> None:
    rows, feed = held()
    async with inspector(feed, MIDDLE) as (screen, pilot):
        await press(pilot, "2")
        await pilot.press("ampersand", *"ritual=parade")
        first = screen.jobs.named("records")
        await pilot.press("1")

        assert first is not None
        assert first.cancel.is_set
        rows.go_on.set()
        await settled(pilot)
        assert screen.here.count == 0


async def test_a_filter_that_is_stopped_says_so() -> None:
    rows, feed = held()
    async with inspector(feed, MIDDLE) as (screen, pilot):
        await press(pilot, "2")
        await pilot.press("ampersand", *"ritual=parade", "enter")
        await until(pilot, lambda: not screen.here.is_whole)
        await pilot.press("escape")
        rows.go_on.set()
        await settled(pilot)

        assert "before it was stopped" in text(pilot)


async def test_what_is_found_is_counted_and_n_steps_through_it() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "slash", *"PARADE", "enter")
        rows = list(screen.here.hits.rows)
        assert f"find: PARADE  1 of {len(rows)}" in text(pilot)

        await press(pilot, "n")
        assert screen.here.cursor == rows[1]
        assert f"find: PARADE  2 of {len(rows)}" in text(pilot)
        await press(pilot, "N", "N")
        assert screen.here.cursor == rows[-1]


async def test_a_long_search_goes_to_its_first_row_and_counts_on() -> None:
    rows, feed = held()
    async with inspector(feed, MIDDLE) as (screen, pilot):
        await press(pilot, "2")
        await pilot.press("slash", *"parade")
        await until(pilot, lambda: screen.here.hits is not None)
        assert screen.here.hits.rows is None
        assert "rows so far, " in text(pilot)
        assert screen.here.cursor == 2

        rows.go_on.set()
        await settled(pilot)
        assert screen.here.hits.count == len(range(2, LONG, 4))
        assert screen.here.cursor == 2


def test_hits_lead_around_the_end_both_ways() -> None:
    from array import array

    hits = Hits((), 3, array("q", [4, 8, 9]))

    assert [hits.next(row, 1) for row in (0, 4, 5, 10)] == [4, 4, 8, 4]
    assert [hits.next(row, -1) for row in (3, 4, 7, 10)] == [9, 4, 4, 9]
    assert Hits((), 0, array("q")).next(0, 1) is None


# rows like this one


@pytest.mark.parametrize("key", ["at", "exclamation_mark"])
async def test_rows_like_and_unlike_this_one_stack_in_the_filter(key: str) -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "ampersand", *"duration_ms>0", "enter")
        while screen.here.column != "ritual":
            await press(pilot, "l")
        count, value = screen.here.count, screen.here.row["ritual"]
        await press(pilot, key)

        sign = "=" if key == "at" else "!="
        assert screen.here.asked.query.filter == f'duration_ms>0 ritual{sign}"{value}"'
        assert 0 < screen.here.count < count
        assert {row["ritual"] == value for row in screen.here.table.rows} == {key == "at"}
        assert f"filter: duration_ms>0 ritual{sign}" in text(pilot)

        await press(pilot, "ampersand")
        assert screen.query_one(Prompt).text == screen.here.asked.query.filter


async def test_files_in_the_tree_are_filtered_by_their_own_values_and_directories_have_none() -> None:
    async with inspector(fed(snapshot_of([export("a/one.json"), export("b.json")])), SMALL) as (screen, pilot):
        await press(pilot, "t", "g", "at")
        assert said(screen)[-1:] == ["this row has no values to filter by"]

        await press(pilot, "j", "at")
        assert screen.here.asked.query.filter


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("name", ["any", "a b"])
def test_a_term_of_a_value_finds_exactly_the_rows_that_have_it(name: str, value: Any) -> None:
    rows = [{name: one} for one in VALUES]

    assert sieve(terms.term(name, value), COLUMNS)(rows) == [VALUES.index(value)]
    others = [place for place in range(len(VALUES)) if place != VALUES.index(value)]
    assert sieve(terms.term(name, value, is_negated=True), COLUMNS)(rows) == others


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "b=1"),
        ("a=1", "a=1 b=1"),
        ("a=1 or a=2", "(a=1 or a=2) b=1"),
        ("b=1", "b=1"),
        ("b=12", "b=12 b=1"),
        ("a=1 or b=1", "(a=1 or b=1) b=1"),
        ("not b=1", "not b=1 b=1"),
    ],
)
def test_a_value_narrows_the_filter_there_is(old: str, new: str) -> None:
    assert terms.both(old, "b=1") == new


# the prompt


async def test_keys_typed_right_after_enter_are_no_part_of_the_answer() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "ampersand", *"status=partial")
        for key, character in (("enter", "\r"), ("slash", "/")):
            pilot.app.post_message(Key(key, character))
        await until(pilot, lambda: bool(screen.query("Prompt")) and screen.query_one(Prompt).purpose == "find")

        assert screen.here.asked.query.filter == "status=partial"


async def test_up_and_down_walk_through_earlier_filters_without_repeats() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2")
        for wanted in ("status=partial", "ritual=drill", "status=partial"):
            await press(pilot, "ampersand", "ctrl+u", *wanted, "enter")
        await press(pilot, "escape", "ampersand")

        seen = []
        for key in ("up", "up", "up", "down", "down"):
            await press(pilot, key)
            seen.append(screen.query_one(Prompt).text)
        assert seen == ["status=partial", "ritual=drill", "ritual=drill", "status=partial", ""]


async def test_filters_of_other_columns_are_not_brought_back() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "ampersand", *"kind=export", "enter", "2", "ampersand", *"ritual=drill", "enter", "escape")
        await press(pilot, "ampersand", "up", "up", "up")

        assert screen.query_one(Prompt).text == "ritual=drill"


def test_answers_are_kept_between_sessions_newest_first_and_bounded(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history.json"
    recall = Recall(str(path))
    for number in range(150):
        recall.add("filter", f"a={number}")
    recall.add("filter", "a=140")
    recall.add("find", " ")
    for thread in threading.enumerate():
        if thread.name == "recall":
            thread.join()

    again = Recall(str(path)).of("filter")
    assert again[:3] == ("a=140", "a=149", "a=148")
    assert len(again) == len(set(again)) == 100
    assert path.stat().st_mode & 0o777 == 0o600
    assert "find" not in json.loads(path.read_text())


@pytest.mark.parametrize("data", [b"\xff", b"[1]", b'{"filter": 3, "find": [1, "x"]}', b"[" * 100_000])
def test_a_broken_history_is_forgotten(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "history.json"
    path.write_bytes(data)

    assert set(Recall(str(path)).of("filter")) == set()
    assert set(Recall(str(path)).of("find")) <= {"x"}


def _table(rows: Sequence[Any]) -> Table:
    return Table("t", COLUMNS, rows, lambda _row: Place("t"), len(rows))


@pytest.mark.parametrize(
    ("typed", "start", "offered"),
    [
        ("ri", 0, ["ritual"]),
        ("seed>3 s", 7, ["seed"]),
        ("(an", 1, ["any"]),
        ("b", 0, ['"a b"']),
        ("ritual=", 7, ["drill", "forge", '"two words"', "null"]),
        ("ritual!=f", 8, ["forge"]),
        ('ritual="tw', 7, ['"two words"']),
        ("nope=", 5, ["ritual", "seed", '"a b"', "any"]),
    ],
)
def test_tab_offers_columns_and_their_most_frequent_values(typed: str, start: int, offered: list[str]) -> None:
    rows = [{"ritual": name} for name in ["drill"] * 4 + ["forge"] * 3 + ["two words"] * 2 + [None]]

    assert completing.offers(typed, _table(rows)) == (start, offered)


async def test_tab_goes_through_what_fits() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "ampersand", "r", "i", "tab")
        assert screen.query_one(Prompt).text == "ritual"

        await press(pilot, "equals_sign", "tab")
        first = screen.query_one(Prompt).text
        assert "[" in text(pilot)
        await press(pilot, "tab")
        assert screen.query_one(Prompt).text != first
        await press(pilot, "shift+tab", "enter")
        assert screen.here.asked.query.filter == first
        assert 0 < screen.here.count < 29


async def test_a_word_that_may_become_a_column_is_no_text_before_enter() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "ampersand", *"status")
        assert screen.here.count == 29
        assert "enter finds it as a text" in text(pilot)

        await press(pilot, "enter")
        assert screen.here.asked.query.filter == "status"
        assert screen.here.count == 0


def test_a_fault_is_told_on_the_side_that_has_the_room() -> None:
    assert pointed("no value", 4, 40) == "    ^ no value"
    assert pointed("no value", 36, 40).endswith("no value ^")
    assert pointed("no value", 36, 40).index("^") == 36
    assert pointed("no value", None, 40) == " no value"
    assert all(len(pointed("x" * 60, place, 40)) <= 40 for place in range(45))


def test_a_document_without_columns_offers_nothing() -> None:
    assert completing.offers("a=", records(Document("x"))) == (2, [])


# groups


async def test_b_groups_by_the_column_under_the_cursor_and_enter_filters_by_a_group() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "l", "b")
        assert screen.here.view == "values"
        shown = text(pilot)
        assert "by ritual" in shown
        assert all(word in shown for word in ("value", "rows", "share", "sum", "median"))
        group = screen.here.row
        assert group.count == max(row.count for row in screen.here.table.rows)

        await press(pilot, "enter")
        assert screen.here.view == "records"
        assert screen.here.asked.query.filter == f'ritual="{group.value}"'
        assert screen.here.count == group.count


async def test_f_and_b_turn_frequencies_into_groups_and_back() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (_screen, pilot):
        await press(pilot, "2", "l", "F")
        assert "by ritual" not in text(pilot)
        await press(pilot, "b")
        assert "by ritual" in text(pilot)
        await press(pilot, "F")
        assert "by ritual" not in text(pilot)


async def test_issues_and_files_are_grouped_too() -> None:
    async with inspector(fed(), MIDDLE) as (screen, pilot):
        await press(pilot, "b")
        assert {row.value for row in screen.here.table.rows} >= {"ok", "unknown"}
        await press(pilot, "3", "t", "b")
        assert {row.value for row in screen.here.table.rows} <= {"error", "warning", "info"}
