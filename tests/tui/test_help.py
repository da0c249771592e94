"""Help: what this pane is, its keys as things stand, found by typing and pressed by enter."""

from __future__ import annotations

import asyncio

import pytest
from scenes import fed, inspector, lines, settled, text, until
from textual.command import Command, CommandList, DiscoveryHit, Hits
from textual.widgets import OptionList

from teleloupe_tui import keys, views
from teleloupe_tui.about import ABOUT
from teleloupe_tui.keys import KEYS
from teleloupe_tui.screens import help as help_screen
from teleloupe_tui.screens.help import Help
from teleloupe_tui.screens.palette import KeyCommands, Palette
from teleloupe_tui.situations import Situation

SIZES = [(80, 24), (120, 40), (200, 60)]


def test_every_pane_says_what_it_is() -> None:
    assert set(ABOUT) == set(views.VIEWS)


@pytest.mark.parametrize("pane", list(views.VIEWS))
def test_every_key_is_there_once_those_of_the_pane_first(pane: str) -> None:
    situation = Situation(pane=pane, rows=3)
    sections = list(help_screen.all_keys(situation))
    listed = [key.id for _, rows in sections for key in rows]

    assert sorted(listed) == sorted(key.id for key in KEYS)
    own = [key.id for key in KEYS if key.panes and pane in key.panes]
    assert set(listed[: len(own)]) == set(own)
    assert not own or sections[0][0] == "In this pane"


@pytest.mark.parametrize("width", [60, 65, 93])
def test_no_row_is_wider_than_its_room(width: int) -> None:
    for key in KEYS:
        for line in help_screen.row(key, Situation(), width).plain.split("\n"):
            assert len(line) <= width, (key.id, line)


def test_a_key_finds_what_it_does() -> None:
    sections = list(help_screen.found("x", Situation(rows=1)))
    assert next(key.id for key in sections[0][1]) == "export"

    _, undo = next(help_screen.found("takes the last", Situation(rows=1)))
    assert [key.id for key in undo] == ["undo-export"]
    assert next(help_screen.found("zzz", Situation())) == ("nothing found", [])


@pytest.mark.parametrize("size", SIZES)
async def test_help_says_what_the_pane_is_first_and_how_it_stands(size: tuple[int, int]) -> None:
    async with inspector(fed(), size) as (_screen, pilot):
        await pilot.press("3", "question_mark")
        await pilot.pause()
        shown = text(pilot)

        assert isinstance(pilot.app.screen, Help)
        assert "keys in Issues" in shown
        assert "What is wrong: each cause with how often" in " ".join(shown.replace("│", " ").split())
        assert "3 rows" in shown
        assert "In this pane" in shown
        assert "type to find  enter does it  esc back" in shown


async def test_typing_finds_and_enter_presses_the_key() -> None:
    async with inspector(fed(), (80, 24)) as (screen, pilot):
        await pilot.press("question_mark", *"wrong, by cause", "enter")
        await settled(pilot)

        assert not isinstance(pilot.app.screen, Help)
        assert screen.screen_name == "issues"


async def test_a_moving_key_moves_the_cursor_of_the_pane() -> None:
    async with inspector(fed(), (80, 24)) as (screen, pilot):
        await pilot.press("question_mark", *"last row", "enter")
        await settled(pilot)

        assert screen.here.cursor == screen.here.count - 1


async def test_the_list_is_walked_while_text_is_typed_into() -> None:
    async with inspector(fed(), (80, 24)) as (_screen, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        listed = pilot.app.screen.query_one(OptionList)
        first = listed.highlighted
        await pilot.press("down", "down", "up", "pagedown")
        await pilot.pause()

        assert first is not None
        assert (listed.highlighted or 0) > first + 1
        assert listed.scroll_offset.y > 0


async def test_a_key_that_does_nothing_just_now_says_why_there_and_when_pressed() -> None:
    async with inspector(fed(), (120, 40)) as (_screen, pilot):
        await pilot.press("question_mark", *"takes the last")
        await pilot.pause()
        assert "(nothing was exported yet: x writes this view)" in " ".join(text(pilot).replace("│", " ").split())

        await pilot.press("enter")
        await pilot.pause()
        assert "nothing was exported yet: x writes this view" in text(pilot)


@pytest.mark.parametrize("way", ["escape", "f1", "question_mark"])
async def test_help_is_left_by_escape_and_by_its_own_key(way: str) -> None:
    async with inspector(fed(), (80, 24)) as (_screen, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        await pilot.press(way)
        await pilot.pause()

        assert not isinstance(pilot.app.screen, Help)


async def test_nothing_is_cut_in_the_smallest_terminal() -> None:
    async with inspector(fed(), (80, 24)) as (_screen, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        seen = set()
        for _ in range(60):
            seen |= {line.strip(" │▁▂▃▄▅▆▇█") for line in lines(pilot)}
            await pilot.press("pagedown")
        whole = " ".join(seen)

        assert "…" not in whole
        assert all(any(key.shown in line for line in seen) for key in keys.KEYS)


async def test_a_page_down_in_the_palette_before_its_list_is_drawn_does_nothing() -> None:
    async with inspector(fed(), (80, 24)) as (_screen, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, Palette))
        listed = pilot.app.screen.query_one(CommandList)
        listed.clear_options()
        listed.add_option(Command("one", DiscoveryHit("one", lambda: None)))
        await pilot.app.screen.run_action("command_list('page_down')")

        assert listed.option_count == 1


@pytest.mark.parametrize("key", ["ctrl+p", "colon"])
async def test_a_palette_that_is_asked_for_twice_is_opened_once(key: str) -> None:
    async with inspector(fed(), (80, 24)) as (_screen, pilot):
        await pilot.press(key, "ctrl+p", "ctrl+p")
        await pilot.pause()
        assert [isinstance(screen, Palette) for screen in pilot.app.screen_stack] == [False, True]

        await pilot.press("escape")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)


async def test_rows_that_are_found_when_the_palette_is_left_already_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    is_begun, is_due = asyncio.Event(), asyncio.Event()

    async def discover(_provider: KeyCommands) -> Hits:
        is_begun.set()
        await is_due.wait()
        yield DiscoveryHit("late", lambda: None)

    monkeypatch.setattr(KeyCommands, "discover", discover)
    async with inspector(fed(), (80, 24)) as (_screen, pilot):
        await pilot.press("ctrl+p")
        await is_begun.wait()
        gathering = [worker for worker in pilot.app.workers if worker.group == Palette._GATHER_COMMANDS_GROUP]
        await pilot.app.screen.query("*").remove()
        is_due.set()
        await pilot.app.workers.wait_for_complete(gathering)

        assert pilot.app.is_running
        assert pilot.app.return_code in (None, 0)


async def test_the_palette_shows_keys() -> None:
    async with inspector(fed(), (120, 40)) as (_screen, pilot):
        await pilot.press("ctrl+p")
        for letter in "read all again":
            await pilot.press("space" if letter == " " else letter)
        await pilot.pause(0.5)

        assert "read all again  R, f5" in text(pilot)
