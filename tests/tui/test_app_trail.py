"""Back and forth over the places that were visited."""

from __future__ import annotations

import pytest
from scenes import Feed, export, foundry, inspector, press, settled, snapshot_of, until

from teleloupe_tui import trail
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.trail import Stop, Trail

MIDDLE = (120, 40)
FILES, RECORDS, ISSUES = Stop("files", "files", "a"), Stop("records", "records", "a", 3), Stop("issues", "issues", "a")


def walked(*stops: Stop) -> Trail:
    """A trail over some stops."""
    found = Trail()
    for stop in stops:
        found.arrive(stop)
    return found


def place(screen: Inspector) -> tuple[str, str | None, int]:
    """Where the reader is."""
    return screen.pane_name, screen.path, screen.index


def test_a_trail_leads_back_and_forth_and_ends() -> None:
    found = walked(FILES, RECORDS, ISSUES)

    assert [found.step(by) for by in (1, -1, -1, -1, 1)] == [None, RECORDS, FILES, None, RECORDS]


def test_another_way_forgets_the_one_that_was_ahead() -> None:
    found = walked(FILES, RECORDS)
    found.step(-1)
    found.arrive(ISSUES)

    assert found.step(1) is None
    assert found.step(-1) == FILES


def test_another_record_is_the_same_place_as_far_as_the_reader_came() -> None:
    found = walked(FILES, Stop("records", "records", "a", 0))
    found.leave(RECORDS)
    found.arrive(ISSUES)

    assert found.step(-1) == RECORDS


def test_a_trail_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "LONGEST", 3)
    found = walked(*[Stop("files", "files", name) for name in "abcde"])

    back = [found.step(-1) for _ in range(3)]
    assert [stop and stop.path for stop in back] == ["d", "c", None]


async def test_keys_go_back_to_screen_pane_file_and_record() -> None:
    feed = Feed()
    feed.send(foundry())
    async with inspector(feed, MIDDLE, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "j", "j", "j", "enter", "right_square_bracket", "3")
        visited = [("records", "composite_export.json", 3), ("record", "composite_export.json", 3)]

        await press(pilot, "alt+left", "alt+left")
        assert place(screen) == visited[1]
        await press(pilot, "alt+left")
        assert place(screen) == visited[0]
        assert screen.here.cursor == 3
        await press(pilot, "alt+left", "alt+left")
        assert screen.pane_name == "files"
        assert "no place before" in "".join(toast.message for toast in screen.app._notifications)

        await press(pilot, *["alt+right"] * 4)
        assert screen.pane_name == "issues"


async def test_places_in_files_that_are_gone_are_passed_by() -> None:
    feed = Feed()
    feed.send(snapshot_of([export("a.json"), export("b.json"), export("c.json")]))
    async with inspector(feed, MIDDLE) as (screen, pilot):
        await press(pilot, "right_square_bracket", "right_square_bracket")
        feed.send(snapshot_of([export("a.json"), export("c.json")], 2))
        await until(pilot, lambda: screen.snapshot.generation == 2)
        await settled(pilot)

        await press(pilot, "alt+left")

        assert screen.path == "a.json"
