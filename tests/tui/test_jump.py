"""Jump labels: a letter over everything that can have the focus."""

from __future__ import annotations

from typing import Any

import pytest
from scenes import fed, inspector, lines, settled, text
from textual.pilot import Pilot
from textual.widgets import Input, Static

from teleloupe_tui.config import Config
from teleloupe_tui.screens.jump import LETTERS, Jump
from teleloupe_tui.widgets.pane import Pane

SIZES = [(80, 24), (120, 40), (200, 60)]


def letters(pilot: Pilot[Any]) -> list[str]:
    return [str(label.render()).strip("[]") for label in pilot.app.screen.query(".jump").results(Static)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_pane_and_screen_in_sight_has_a_letter_of_its_own(size: tuple[int, int]) -> None:
    async with inspector(fed(), size) as (screen, pilot):
        await pilot.press("ctrl+o")
        await pilot.pause()

        tabs, panes = 5, len(screen.layout_now.boxes)
        assert letters(pilot) == list(LETTERS[: tabs + panes])
        drawn = text(pilot)
        assert all(f"[{letter}]" in drawn for letter in LETTERS[tabs : tabs + panes])
        assert lines(pilot)[1].startswith("a1 Files")
        assert "s2 Records" in lines(pilot)[1]


async def test_a_letter_focuses_its_pane() -> None:
    async with inspector(fed(), (200, 60)) as (screen, pilot):
        panes = [widget.id for widget in screen.focus_chain]
        for number, name in enumerate(panes):
            await pilot.press("1", "ctrl+o")
            await pilot.pause()
            chain = [widget.id for widget in screen.focus_chain]
            await pilot.press(LETTERS[5 + chain.index(name)])
            await settled(pilot)

            focused = pilot.app.focused
            assert isinstance(focused, Pane), number
            assert focused.id == screen.pane_name == name


async def test_a_letter_goes_to_a_screen_and_so_does_its_number() -> None:
    async with inspector(fed(), (80, 24)) as (screen, pilot):
        await pilot.press("ctrl+o")
        await pilot.pause()
        await pilot.press("d")
        await settled(pilot)
        assert screen.screen_name == "issues"

        await pilot.press("ctrl+o")
        await pilot.pause()
        await pilot.press("6")
        await settled(pilot)
        assert screen.screen_name == "stats"


@pytest.mark.parametrize("way", ["escape", "q", "ctrl+o"])
async def test_letters_go_away_and_leave_everything_as_it_was(way: str) -> None:
    async with inspector(fed(), (120, 40)) as (screen, pilot):
        before = lines(pilot)
        await pilot.press("ctrl+o")
        await pilot.pause()
        await pilot.press(way)
        await settled(pilot)

        assert not isinstance(pilot.app.screen, Jump)
        assert (screen.pane_name, lines(pilot)) == ("files", before)


async def test_a_letter_that_is_not_drawn_does_nothing() -> None:
    async with inspector(fed(), (80, 24)) as (_screen, pilot):
        await pilot.press("ctrl+o")
        await pilot.pause()
        await pilot.press("m", "7", "space")

        assert isinstance(pilot.app.screen, Jump)


async def test_what_a_dialog_has_can_be_jumped_to() -> None:
    async with inspector(fed(), (100, 32)) as (_screen, pilot):
        await pilot.press("X")
        await pilot.pause()
        fields = list(pilot.app.screen.focus_chain)
        place = next(number for number, widget in enumerate(fields) if isinstance(widget, Input))
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert letters(pilot) == list(LETTERS[: len(fields)])

        await pilot.press(LETTERS[place])
        await pilot.pause()
        assert pilot.app.focused is fields[place]


async def test_letters_are_read_without_colours() -> None:
    async with inspector(fed(), (80, 24), config=Config(theme="monochrome")) as (_screen, pilot):
        await pilot.press("ctrl+o")
        await pilot.pause()
        strips = pilot.app.screen._compositor.render_strips()
        drawn = [segment for strip in strips for segment in strip if segment.text == f"[{LETTERS[5]}]"]

        assert [segment.style and segment.style.reverse for segment in drawn] == [True]


async def test_a_letter_as_the_key_is_still_typed_into_prompts() -> None:
    async with inspector(fed(), (80, 24), config=Config(keys={"jump": "J"})) as (screen, pilot):
        await pilot.press("slash", "J")
        await pilot.pause()
        assert screen.here.needle == "J"

        await pilot.press("escape", "J")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Jump)
