"""The key that the footer points out: another one in each pane, none that was used, none that has no room."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from scenes import Feed, export, fed, inspector, lines, press, snapshot_of
from textual.pilot import Pilot

from teleloupe_tui import keys
from teleloupe_tui.config import Config
from teleloupe_tui.recall import Recall
from teleloupe_tui.situations import Situation
from teleloupe_tui.tips import TIPS, Tips

SMALL, MIDDLE = (80, 24), (120, 40)


def tip(pilot: Pilot[Any]) -> str:
    """What the last line points out."""
    return lines(pilot)[-1].partition("tip: ")[2].partition("  ")[0]


def test_every_tip_is_about_a_key() -> None:
    assert set(TIPS) <= {key.id for key in keys.KEYS}


async def test_another_key_is_pointed_out_in_each_pane_and_none_while_the_cursor_moves() -> None:
    async with inspector(fed(), SMALL) as (_screen, pilot):
        first = tip(pilot)
        assert first == "e walks from issue to issue"
        await press(pilot, "j", "j", "k")
        assert tip(pilot) == first

        await press(pilot, "3")
        second = tip(pilot)
        assert second not in ("", first)
        await press(pilot, "j")
        assert tip(pilot) == second


async def test_a_key_that_was_used_is_not_pointed_out_again_on_the_next_visit_either(tmp_path: Path) -> None:
    path = str(tmp_path / "history.json")
    recall = Recall(path)
    tips = Tips(recall, are_wanted=True)
    situation = Situation(rows=3, issues=1)
    assert tips.tip(situation, ()) == "e walks from issue to issue"

    tips.use("next-issue")
    assert tips.tip(situation, ()) == ""
    for thread in threading.enumerate():
        if thread.name == "recall":
            thread.join()
    assert Tips(Recall(path), are_wanted=True).tip(situation, ()) == "d shows what changed since the sum"


def test_no_key_is_pointed_out_that_stands_above_or_does_nothing_here() -> None:
    tips = Tips(Recall(), are_wanted=True)

    assert tips.tip(Situation(rows=3), ("compare", "like")) == "& keeps the rows that fit a filter"


async def test_the_tip_names_the_key_that_the_reader_chose() -> None:
    async with inspector(fed(), SMALL, config=Config({"next-issue": "f7"})) as (_screen, pilot):
        assert tip(pilot) == "f7 walks from issue to issue"


async def test_tips_can_be_switched_off() -> None:
    async with inspector(fed(), SMALL, config=Config(has_tips=False)) as (_screen, pilot):
        assert "tip" not in lines(pilot)[-1]


async def test_where_there_are_no_rows_nothing_is_pointed_out() -> None:
    feed = Feed()
    feed.send(snapshot_of([]))
    async with inspector(feed, SMALL) as (_screen, pilot):
        assert tip(pilot) == ""


async def test_a_tip_is_whole_or_not_there_and_gives_way_to_the_position() -> None:
    many = snapshot_of([export(f"{number}.json") for number in range(1200)])
    for width in range(40, 80, 3):
        feed = Feed()
        feed.send(many)
        async with inspector(feed, (width, 24)) as (_screen, pilot):
            last = lines(pilot)[-1]

            assert last.startswith(" ? help  ^p commands  q quit")
            assert last.endswith("1/1\N{NO-BREAK SPACE}200")
            assert tip(pilot) in ("", *(f"{keys.spelt(name)} {words}" for name, words in TIPS.items()))
