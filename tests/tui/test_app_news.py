"""What is new since the reader looked is told apart, until it is marked as seen; an alert rings."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs
from scenes import (
    NOW,
    RANGE,
    Feed,
    export,
    fed,
    foundry,
    inspector,
    lines,
    press,
    record,
    send,
    snapshot_of,
    text,
    until,
    verdicts,
)
from textual.pilot import Pilot

from teleloupe_tui.tally import Tally

SMALL, WIDE = (80, 24), (200, 60)


def gutters(pilot: Pilot[Any], *names: str) -> list[str]:
    """The first characters of the lines that name some files."""
    return ["".join(line[:1] for line in lines(pilot)[3:-5] if f" {name}" in line) for name in names]


async def test_files_that_came_and_changed_are_marked_until_all_is_seen() -> None:
    kept = export("a.json", 2)
    feed = fed(snapshot_of([kept, export("b.json", 2)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        assert gutters(pilot, "a.json", "b.json") == [" ", " "]

        await send(feed, screen, pilot, snapshot_of([kept, export("b.json", 3), export("c.json", 1)], 2))
        assert gutters(pilot, "a.json", "b.json", "c.json") == [" ", "~", "+"]
        assert "+1 new ~1 changed" in lines(pilot)[0]

        await press(pilot, "j", "k", "enter", "escape", "f")  # looking alone clears nothing
        assert gutters(pilot, "a.json", "b.json", "c.json") == [" ", "~", "+"]

        await press(pilot, "a")
        assert gutters(pilot, "a.json", "b.json", "c.json") == [" ", " ", " "]
        assert "new" not in lines(pilot)[0]


async def test_a_file_that_changed_back_is_not_marked() -> None:
    feed = fed(snapshot_of([export("a.json", 2)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await send(feed, screen, pilot, snapshot_of([export("a.json", 3)], 2))
        await send(feed, screen, pilot, snapshot_of([export("a.json", 2)], 3))

        assert gutters(pilot, "a.json") == [" "]


async def test_records_of_a_growing_feed_are_new_below_a_line() -> None:
    feed = fed(snapshot_of([export("feed.jsonl", 3)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "enter")
        await send(feed, screen, pilot, snapshot_of([export("feed.jsonl", 5)], 2))

        news = screen.here.showing.news
        assert [news.mark(row) for row in range(5)] == ["", "", "", "+", "+"]
        assert [news.is_edge(row, 5) for row in range(5)] == [False, False, True, False, False]
        assert "+2 new" in lines(pilot)[0]
        assert sum(line.startswith("+") for line in lines(pilot)) == 2


async def test_records_that_are_another_than_before_are_changed() -> None:
    feed = fed(snapshot_of([export("a.json", 3)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "enter")
        changed = export("a.json", 3, records=[record(0), record(1, status="failure"), record(2)])
        await send(feed, screen, pilot, snapshot_of([structs.replace(changed, sha256="0" * 64)], 2))

        assert [screen.here.showing.news.mark(row) for row in range(3)] == ["", "~", ""]


async def test_a_filter_keeps_the_marks_with_their_records() -> None:
    feed = fed(snapshot_of([export("feed.jsonl", 4)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "enter", "ampersand", *"status=partial", "enter")
        await send(feed, screen, pilot, snapshot_of([export("feed.jsonl", 9)], 2))

        marks = [screen.here.showing.news.mark(row) for row in range(screen.here.count)]
        assert marks == ["", "+", "+"]
        assert not any(screen.here.showing.news.is_edge(row, 3) for row in range(3))


@pytest.mark.parametrize("keys", [["3"], ["3", "t"]])
async def test_issues_that_came_are_marked(keys: list[str]) -> None:
    feed = fed(snapshot_of([export("a.json", 2)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        issue = RANGE.issue("/1/duration_ms", "300001 is above 300000")
        await send(feed, screen, pilot, snapshot_of([export("a.json", 3, issues=[issue])], 2))
        await press(pilot, *keys)

        assert screen.here.showing.news.mark(0) == "+"
        await press(pilot, "a")
        assert screen.here.showing.news.mark(0) == ""


async def test_sums_that_came_to_something_else_are_changed() -> None:
    feed = fed(foundry())
    async with inspector(feed, SMALL) as (screen, pilot):
        held, *others = verdicts()
        await press(pilot, "4", "t")
        await send(
            feed, screen, pilot, structs.replace(foundry(2), verdicts=(structs.replace(held, word="mismatch"), *others))
        )

        marks = {row.subject: screen.here.showing.news.mark(at) for at, row in enumerate(screen.here.table.rows)}
        assert marks.pop(held.subject) == "~"
        assert set(marks.values()) == {""}


async def test_events_are_new_above_a_line_and_the_pane_says_how_many() -> None:
    feed = fed(snapshot_of([export("a.json", 2)]))
    async with inspector(feed, WIDE) as (screen, pilot):
        kept = export("b.json", 1)
        await send(feed, screen, pilot, snapshot_of([export("a.json", 2), kept], 2))
        await press(pilot, "a")
        await send(feed, screen, pilot, snapshot_of([export("a.json", 3), kept], 3))

        news = screen.panes["live"].showing.news
        assert [news.mark(0), news.mark(1), news.is_edge(0, 2)] == ["+", "", True]
        assert "1 Files  2  ~1 changed" in text(pilot)


async def test_several_roots_are_named_in_the_title() -> None:
    feed = fed(snapshot_of([export("one/a.json", 2), export("two/b.json", 2)]))
    feed.roots = ["exports/one", "exports/two"]
    async with inspector(feed, SMALL, select="two/b.json") as (_screen, pilot):
        assert lines(pilot)[0].startswith(" one + two/")

        await press(pilot, "2")
        assert lines(pilot)[0].startswith(" two/b.json")


async def test_when_nothing_is_new_the_key_says_so() -> None:
    async with inspector(fed(foundry()), SMALL) as (_screen, pilot):
        await press(pilot, "a")

        assert "nothing is new" in text(pilot)


async def test_an_alert_rings_once_a_burst_and_stays_until_it_is_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [NOW]
    feed = fed(snapshot_of([export("a.json", 2)]))
    async with inspector(feed, SMALL, clock=lambda: now[0]) as (screen, pilot):
        rings: list[float] = []
        monkeypatch.setattr(screen.app, "bell", lambda: rings.append(now[0]))
        await press(pilot, "A", *"file", "enter")
        assert "rings for a new file" in text(pilot)

        kept = [export("a.json", 2), export("b.json", 1)]
        await send(feed, screen, pilot, snapshot_of(kept, 2))
        await send(feed, screen, pilot, snapshot_of([*kept, export("c.json", 1)], 3))
        assert rings == [NOW]
        assert "ALERT 2" in lines(pilot)[0]
        assert ("!", "c.json", "a new file") in [(one.sign, one.path, one.text) for one in screen.events]

        now[0] += 60
        await press(pilot, "a")
        assert "ALERT" not in lines(pilot)[0]
        await send(feed, screen, pilot, snapshot_of([*kept, export("d.json", 1)], 4))
        assert rings == [NOW, NOW + 60]


async def test_an_alert_on_records_speaks_of_the_selected_file() -> None:
    feed = fed(snapshot_of([export("a.jsonl", 2), export("b.jsonl", 2)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "A", *"status=partial", "enter")
        await send(feed, screen, pilot, snapshot_of([export("a.jsonl", 2), export("b.jsonl", 3)], 2))
        assert "ALERT" not in lines(pilot)[0]

        await send(feed, screen, pilot, snapshot_of([export("a.jsonl", 3), export("b.jsonl", 3)], 3))
        assert "ALERT 1" in lines(pilot)[0]


async def test_a_condition_that_does_not_fit_is_said_while_it_is_typed_and_nothing_ends_the_alert() -> None:
    async with inspector(fed(foundry()), (120, 40), alert="error") as (screen, pilot):
        await press(pilot, "A")
        for key in "nonsense=1":
            await pilot.press(key)
        await until(pilot, lambda: "nonsense" in str(screen.query_one("#prompt-aside").render()))
        await press(pilot, "enter")
        assert screen.alarm.lookout.condition.text == "error"

        await press(pilot, "A", "backspace", "enter")
        assert screen.alarm is None


async def test_news_that_comes_while_the_app_is_taken_down_is_dropped() -> None:
    feed = Feed()
    feed.send(snapshot_of([export("a.json")]))
    async with inspector(feed, SMALL) as (screen, pilot):
        pilot.app.exit()
        screen.receive(snapshot_of([export("a.json"), export("b.json")], 2), Tally())
        screen.feed()

        assert list(screen.snapshot.documents) == ["a.json"]
