"""What happens on the screen while a writer works."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from msgspec import structs
from scenes import (
    NO_SIDECAR,
    NOW,
    RANGE,
    STALE,
    Feed,
    export,
    fed,
    foundry,
    inspector,
    lines,
    long_document,
    press,
    record,
    send,
    snapshot_of,
    text,
    until,
)

from teleloupe.model import Column, Document, Progress
from teleloupe_tui.app import SnapshotReady
from teleloupe_tui.tally import Tally

SMALL, WIDE = (80, 24), (200, 60)


def held(document: Document, gate: threading.Event) -> Document:
    """The document with cells that work beside the screen waits for, until the gate is opened."""

    def column_held(column: Column) -> Column:
        def get(row: Any) -> Any:
            if threading.current_thread() is not threading.main_thread():
                gate.wait(10)
            return column.get(row)

        return structs.replace(column, get=get)

    return structs.replace(document, columns=tuple(map(column_held, document.columns)))


async def test_the_newest_of_waiting_snapshots_replaces_the_others() -> None:
    ready, newer = SnapshotReady(foundry(1), Tally()), SnapshotReady(foundry(2), Tally())

    assert newer.can_replace(ready)


async def test_without_following_nothing_moves_under_the_cursor() -> None:
    many = [export(f"run{number:02}.json", 1) for number in range(30)]
    feed = fed(snapshot_of(many))
    async with inspector(feed, SMALL, select="run20.json") as (screen, pilot):
        await press(pilot, "j", "k")
        line = next(number for number, line in enumerate(lines(pilot)) if line.startswith(" >"))

        await send(feed, screen, pilot, snapshot_of([*many, export("early.json"), export("aaa.json")], 2))

        assert screen.path == screen.here.key == "run20.json"
        assert lines(pilot)[line].startswith(" >")
        assert "run20.json" in lines(pilot)[line]


async def test_following_goes_to_the_file_that_changed() -> None:
    feed = fed(foundry())
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "f")
        assert "follow:on" in text(pilot)

        kept = list(foundry().documents.values())
        await send(feed, screen, pilot, snapshot_of([*kept, export("order032/new.json", 3)], 2))
        assert screen.here.key == screen.path == "order032/new.json"


async def test_following_records_goes_to_the_last_one() -> None:
    feed = fed(snapshot_of([export("feed.jsonl", 40)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "enter", "f")
        assert screen.here.cursor == 39

        await send(feed, screen, pilot, snapshot_of([export("feed.jsonl", 45)], 2))
        assert screen.here.cursor == 44

        await press(pilot, "f", "k")
        await send(feed, screen, pilot, snapshot_of([export("feed.jsonl", 60)], 3))
        assert screen.here.cursor == 43


async def test_pausing_holds_the_screen_and_loses_nothing() -> None:
    kept = export("a.json", 2)
    feed = fed(snapshot_of([kept]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "p")
        assert "PAUSED" in lines(pilot)[0]

        feed.send(snapshot_of([kept, export("b.json")], 2))
        await until(pilot, lambda: screen.waiting == 1)
        await until(pilot, lambda: "PAUSED, 1 change waits" in lines(pilot)[0])

        feed.send(snapshot_of([kept, export("c.json")], 3))
        await until(pilot, lambda: screen.waiting == 3)
        await until(pilot, lambda: "PAUSED, 3 changes wait" in lines(pilot)[0])
        assert "c.json" not in text(pilot)

        await press(pilot, "p")
        assert "c.json" in text(pilot)
        assert [(change.sign, change.path) for change in screen.events] == [
            ("+", "b.json"),
            ("+", "c.json"),
            ("-", "b.json"),
        ]


async def test_events_are_told_one_a_line_with_their_rate() -> None:
    feed = fed(snapshot_of([export("a.json", 2)]))
    async with inspector(feed, WIDE) as (screen, pilot):
        assert "nothing has changed since the start" in text(pilot)

        await send(feed, screen, pilot, snapshot_of([export("a.json", 4), export("b.json", 1)], 2))

        assert any("> 14:00:00  +  b.json  1 record, valid" in line for line in lines(pilot))
        assert "+2 records (4), valid" in text(pilot)
        assert "2/min" in text(pilot)


async def test_the_last_event_stands_above_the_keys_where_there_is_no_strip() -> None:
    feed = fed(snapshot_of([export("a.json", 2)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        assert "no changes since the start" in lines(pilot)[-3]

        await send(feed, screen, pilot, snapshot_of([export("a.json", 4)], 2))

        assert lines(pilot)[-3].startswith(" 14:00:00 ~ a.json  +2 records (4), valid")


def grown(path: str, count: int) -> Document:
    """A feed that can be read on."""
    return export(path, count, consumed=180 * count)


@pytest.mark.parametrize("rotated", ["feed.jsonl.1", "feed.jsonl.1.gz", "feed-20251016.jsonl.gz"])
async def test_a_rotated_feed_is_told_as_such(rotated: str) -> None:
    feed = fed(snapshot_of([grown("run/feed.jsonl", 5)]))
    async with inspector(feed, WIDE) as (screen, pilot):
        await send(feed, screen, pilot, snapshot_of([grown("run/feed.jsonl", 1), grown(f"run/{rotated}", 5)], 2))

        assert {event.path: event.text for event in screen.events} == {
            "run/feed.jsonl": f"rotated to {rotated}, starts afresh: 1 record, valid",
            f"run/{rotated}": "rotated from feed.jsonl, 5 records, valid",
        }


async def test_a_feed_that_is_gone_for_a_moment_or_cut_is_told_as_such() -> None:
    feed = fed(snapshot_of([grown("feed.jsonl", 5)]))
    async with inspector(feed, WIDE) as (screen, pilot):
        old = grown("feed.jsonl.1", 5)
        await send(feed, screen, pilot, snapshot_of([old], 2))
        await send(feed, screen, pilot, snapshot_of([old, grown("feed.jsonl", 4)], 3))
        await send(feed, screen, pilot, snapshot_of([old, grown("feed.jsonl", 2)], 4))

        assert [(event.sign, event.path, event.text) for event in screen.events] == [
            ("+", "feed.jsonl.1", "rotated from feed.jsonl, 5 records, valid"),
            ("-", "feed.jsonl", "rotated to feed.jsonl.1"),
            ("+", "feed.jsonl", "4 records, valid"),
            ("~", "feed.jsonl", "starts afresh: 2 records, valid"),
        ]


async def test_the_first_scan_is_no_news() -> None:
    whole = snapshot_of([export("a.json"), export("b.json")], 2)
    part = structs.replace(snapshot_of([export("a.json")]), progress=Progress(1, 2, 500, 2000))
    feed = fed(part)
    async with inspector(feed, (120, 40)) as (screen, pilot):
        assert "reading 1 of 2 files, 25 %" in text(pilot)

        await send(feed, screen, pilot, whole)

        assert not screen.events


async def test_a_file_that_was_asked_for_is_awaited_while_the_scan_goes_on() -> None:
    part = structs.replace(snapshot_of([export("a.json")]), progress=Progress(1, 2, 500, 2000))
    feed = fed(part)
    async with inspector(feed, SMALL, select="b.json") as (screen, pilot):
        await press(pilot, "2")
        assert "b.json is being read" in text(pilot)

        await send(feed, screen, pilot, snapshot_of([export("a.json"), export("b.json", 7)], 2))
        assert "2 Records 7" in text(pilot)


async def test_the_gravest_issue_comes_under_a_cursor_that_has_not_moved_while_the_scan_goes_on() -> None:
    light = export("a.json", issues=(NO_SIDECAR.issue("", "no sidecar"),))
    grave = export("b.json", issues=(RANGE.issue("/0", "too long"),))
    feed = fed(structs.replace(snapshot_of([light]), progress=Progress(1, 2, 500, 2000)))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "3")
        assert screen.here.row.issue.rule is NO_SIDECAR

        await send(feed, screen, pilot, snapshot_of([light, grave], 2))
        assert screen.here.row.issue.rule is RANGE

        await send(
            feed, screen, pilot, snapshot_of([light, grave, export("c.json", issues=(STALE.issue("", "old"),))], 3)
        )
        await press(pilot, "j")
        await send(feed, screen, pilot, snapshot_of([light, export("c.json", issues=(STALE.issue("", "old"),))], 4))
        assert screen.here.row.issue.rule is STALE


async def test_escape_stops_the_scan() -> None:
    part = structs.replace(snapshot_of([export("a.json")]), progress=Progress(1, 2, 500, 2000))
    feed = fed(part)
    async with inspector(feed, SMALL) as (_screen, pilot):
        await press(pilot, "escape")

        assert feed.is_cancelled


async def test_polling_is_told() -> None:
    feed = Feed(mode="polling")
    feed.send(foundry())
    async with inspector(feed, SMALL) as (_screen, pilot):
        assert "POLLING" in lines(pilot)[0]


async def test_the_title_tells_how_old_the_news_is() -> None:
    now = [NOW]
    feed = fed(foundry())
    async with inspector(feed, SMALL, clock=lambda: now[0]) as (screen, pilot):
        assert "LIVE now" in lines(pilot)[0]

        now[0] += 75
        screen.show_status()
        await pilot.pause()
        assert "LIVE 1m ago" in lines(pilot)[0]


async def test_a_filter_and_an_order_hold_while_records_come_in() -> None:
    feed = fed(snapshot_of([export("feed.jsonl", 8)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "enter", "ampersand", *"status=partial", "enter", "l", "l", "l", "l", "s", "s")

        await send(feed, screen, pilot, snapshot_of([export("feed.jsonl", 20)], 2))

        kept = [record(number) for number in range(20) if record(number)["status"] == "partial"]
        assert screen.here.table.rows[0] == max(kept, key=lambda row: row["duration_ms"])
        assert len(screen.here.table.rows) == len(kept)


async def test_marks_of_rows_that_are_gone_are_gone() -> None:
    feed = fed(snapshot_of([export("a.json"), export("b.json")]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "m", "m")
        assert screen.here.marks == {"a.json", "b.json"}

        await send(feed, screen, pilot, snapshot_of([export("b.json")], 2))
        assert screen.here.marks == {"b.json"}


async def test_arriving_files_keep_their_last_good_state_in_sight() -> None:
    feed = fed(snapshot_of([export("a.json", 5)], arriving=frozenset({"a.json"})))
    async with inspector(feed, SMALL) as (_screen, pilot):
        assert any(line.startswith(" > arriving") and " 5 " in line for line in lines(pilot))


@pytest.mark.parametrize("size", [SMALL, (120, 40), WIDE])
async def test_a_million_records_are_shown_at_once_and_sorting_them_can_be_cancelled(size: tuple[int, int]) -> None:
    gate = threading.Event()
    feed = fed(snapshot_of([held(long_document(1_000_000), gate)]))
    async with inspector(feed, size) as (screen, pilot):
        await press(pilot, "2", "G")
        assert "batch-999999" in text(pilot)

        await pilot.press("s")
        await until(pilot, lambda: bool(screen.jobs.running))
        await pilot.press("escape")
        gate.set()
        await until(pilot, lambda: not screen.jobs.running)
        assert "cancelled" in text(pilot)


async def test_finding_in_a_long_table_works_beside_the_screen() -> None:
    feed = fed(snapshot_of([long_document(60_000)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "2", "slash", *"batch-54321", "enter")

        assert screen.here.cursor == 54_321


async def test_a_broken_stream_ends_the_app_as_a_bug() -> None:
    async def watch() -> None:
        feed = fed(foundry())
        async with inspector(feed, SMALL) as (screen, pilot):
            feed.send(RuntimeError("the watcher broke"))
            await until(pilot, lambda: screen.app._exit)

    with pytest.raises(RuntimeError, match="the watcher broke"):
        await watch()
