"""Lines that are kept between frames: drawn anew when they must be, and only then."""

from __future__ import annotations

from typing import Any

import pytest
from scenes import Feed, fed, inspector, lines, long_document, settled, snapshot_of
from textual.pilot import Pilot

from teleloupe_tui.widgets import strips
from teleloupe_tui.widgets.pane import Pane

MIDDLE = (120, 40)


def backgrounds(pilot: Pilot[Any]) -> set[str]:
    """The background colours on the screen."""
    drawn = pilot.app.screen._compositor.render_strips()
    return {str(segment.style.bgcolor) for strip in drawn for segment in strip if segment.style and segment.text}


def counted(monkeypatch: pytest.MonkeyPatch, pane: Pane) -> list[int]:
    """The rows of a pane that are drawn from now on."""
    drawn: list[int] = []
    real = strips.row

    def row(*args: Any) -> Any:
        if args[0] is pane.showing:
            drawn.append(args[2])
        return real(*args)

    monkeypatch.setattr(strips, "row", row)
    return drawn


async def test_another_theme_repaints_every_line() -> None:
    async with inspector(fed(), MIDDLE) as (screen, pilot):
        dark = backgrounds(pilot)

        screen.app.theme = "teleloupe-light"
        await settled(pilot)

        assert not dark & backgrounds(pilot)


async def test_another_size_repaints_frames_and_lines() -> None:
    async with inspector(fed(), MIDDLE) as (_, pilot):
        for size in ((100, 30), (160, 40), (80, 24)):
            await pilot.resize_terminal(*size)
            await settled(pilot)

            assert len(lines(pilot)) == size[1]
            assert any(line.rstrip().endswith("╮") for line in lines(pilot)) == (size[0] >= 100)


async def test_the_focus_is_seen_at_the_border_of_one_pane() -> None:
    async with inspector(fed(), MIDDLE) as (screen, pilot):
        await pilot.press("tab")
        await settled(pilot)

        sides = [
            screen.pane(name).render_lines(screen.pane(name).outer_size.region)[3] for name in ("files", "artefact")
        ]
        colours = [next(iter(strip)).style.color for strip in sides]
        assert colours[0] != colours[1]


async def test_scrolling_by_a_line_draws_no_line_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = Feed()
    feed.send(snapshot_of([long_document(5000)]))
    async with inspector(feed, MIDDLE, select="long.json") as (screen, pilot):
        await pilot.press("2", "end", "home", *["j"] * 40)
        await settled(pilot)
        records = screen.pane("records")
        first = records.cursor

        drawn = counted(monkeypatch, records)
        await pilot.press("j")
        await settled(pilot)

        assert sorted(drawn) == [first, first + 1]
        assert lines(pilot)[2 + records.size.height].startswith("│ >")


async def test_a_step_to_a_column_in_sight_draws_the_cursors_row_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async with inspector(fed(), (200, 60), select="composite_export.json") as (screen, pilot):
        await pilot.press("2", "z")
        await settled(pilot)

        drawn = counted(monkeypatch, screen.pane("records"))
        await pilot.press("l")
        await settled(pilot)

        assert drawn == [0]


async def test_the_bar_stands_at_the_end_when_the_list_does() -> None:
    feed = Feed()
    feed.send(snapshot_of([long_document(5000)]))
    async with inspector(feed, MIDDLE, select="long.json") as (screen, pilot):
        await pilot.press("2", "G")
        await settled(pilot)
        records = screen.pane("records")

        assert records.vertical_scrollbar.position == records.max_scroll_y
        await pilot.press("g")
        await settled(pilot)
        assert records.vertical_scrollbar.position == 0
