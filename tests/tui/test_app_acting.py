"""Exporting, copying and what guards the terminal."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from scenes import Feed, export, foundry, inspector, press, record, settled, snapshot_of, text, until
from textual.color import Color
from textual.widgets import Input

from teleloupe_tui.filters import Colourless, ControlWall
from teleloupe_tui.screens.copying import copies
from teleloupe_tui.screens.inspector import Inspector

SMALL, MIDDLE = (80, 24), (120, 40)
BLACK = Color(0, 0, 0)


def feed_in(folder: Path) -> Feed:
    """The little foundry, in a directory that exists."""
    root = folder / "exports"
    root.mkdir()
    feed = Feed(str(root))
    feed.send(foundry())
    return feed


def written(folder: Path) -> dict[str, bytes]:
    """What was exported, by name."""
    return {path.name: path.read_bytes() for path in sorted((folder / "teleloupe-exports").glob("*"))}


def said(screen: Inspector) -> str:
    """The last toast."""
    return [notification.message for notification in screen.app._notifications][-1]


async def test_x_writes_the_view_beside_the_directory_with_a_checksum(tmp_path: Path) -> None:
    async with inspector(feed_in(tmp_path), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "x")

        name = "composite_export.json.records.20251022T140000.csv"
        files = written(tmp_path)
        assert list(files) == [name, f"{name}.sha256"]
        assert files[name].startswith(
            b"batch_id,ritual,units_processed,status,duration_ms\nalfa-1760288351-00000000,forge"
        )
        assert files[name].count(b"\n") == 30
        assert files[f"{name}.sha256"] == f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n".encode()
        assert said(screen) == f"wrote teleloupe-exports/{name}: 29 rows; u takes it back"


async def test_x_writes_only_marked_rows_where_there_are_any(tmp_path: Path) -> None:
    async with inspector(feed_in(tmp_path), SMALL, select="composite_export.json") as (_screen, pilot):
        await press(pilot, "2", "j", "m", "j", "m", "x")

        (content, _) = written(tmp_path).values()
        assert [line.split(b",")[0] for line in content.splitlines()[1:]] == [
            b"alfa-1760288351-00000001",
            b"alfa-1760288351-00000003",
        ]


async def test_x_writes_what_is_filtered_in_the_order_on_the_screen(tmp_path: Path) -> None:
    async with inspector(feed_in(tmp_path), SMALL, select="composite_export.json") as (_screen, pilot):
        await press(pilot, "2", "ampersand", *"ritual=parade", "enter", "l", "l", "l", "l", "s", "x")

        (content, _) = written(tmp_path).values()
        durations = [int(line.split(b",")[-1]) for line in content.splitlines()[1:]]
        assert durations == sorted(record(number)["duration_ms"] for number in range(29) if number % 4 == 2)


async def test_u_takes_the_export_back(tmp_path: Path) -> None:
    async with inspector(feed_in(tmp_path), SMALL) as (screen, pilot):
        await press(pilot, "x", "u")

        assert written(tmp_path) == {}
        assert said(screen).startswith("removed exports.files.20251022T140000.csv")


async def test_capital_x_asks_for_format_rows_and_place(tmp_path: Path) -> None:
    async with inspector(feed_in(tmp_path), MIDDLE, select="composite_export.json") as (_screen, pilot):
        await press(pilot, "2", "m", "X")
        assert "marked 1" in text(pilot)
        assert "all 29" in text(pilot)

        await press(pilot, "right", "right", "tab", "right", "tab")
        place = pilot.app.screen.query_one("#export-place", Input)
        assert place.value.endswith(".jsonl")
        place.value = str(tmp_path / "mine.jsonl")
        await press(pilot, "enter")

        rows = [json.loads(line) for line in (tmp_path / "mine.jsonl").read_bytes().splitlines()]
        assert rows == [record(number) for number in range(29)]


async def test_a_different_file_in_the_place_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("precious")
    async with inspector(feed_in(tmp_path), MIDDLE) as (_screen, pilot):
        for answer, kept in (("n", True), ("r", False)):
            await press(pilot, "X")
            pilot.app.screen.query_one("#export-place", Input).value = str(tmp_path / "mine.csv")
            await press(pilot, "enter")
            await until(pilot, lambda: "exists and is different" in text(pilot))
            await press(pilot, answer)
            await settled(pilot)
            assert ((tmp_path / "mine.csv").read_text() == "precious") is kept

        await press(pilot, "u")
        assert (tmp_path / "mine.csv").read_text() == "precious"


async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with inspector(feed_in(tmp_path), MIDDLE) as (screen, pilot):
        await press(pilot, "X")
        pilot.app.screen.query_one("#export-place", Input).value = str(tmp_path / "file" / "mine.csv")
        await press(pilot, "enter")

        assert said(screen).startswith("cannot write ")


async def test_escape_leaves_the_dialog_without_writing(tmp_path: Path) -> None:
    async with inspector(feed_in(tmp_path), SMALL) as (_screen, pilot):
        await press(pilot, "X", "escape")

        assert written(tmp_path) == {}


async def test_the_tree_exports_the_ledger_without_directories(tmp_path: Path) -> None:
    async with inspector(feed_in(tmp_path), SMALL) as (_screen, pilot):
        await press(pilot, "t", "x")

        (content, _) = written(tmp_path).values()
        assert content.count(b"\n") == 6


async def test_y_offers_value_path_record_and_command() -> None:
    feed = Feed("exports")
    feed.send(foundry())
    async with inspector(feed, MIDDLE, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "ampersand", *"status=partial", "enter", "l", "l", "l", "l", "s", "s", "g")
        found = copies(screen, screen.here)

        assert found["v"] == "962"
        assert found["p"] == "exports/composite_export.json"
        assert json.loads(found["r"]) == record(26)
        assert found["c"] == ("teleloupe show exports/composite_export.json --where status=partial --sort=-duration_ms")


@pytest.mark.parametrize(("key", "copied"), [("v", "error"), ("p", "exports/canary/composite_export.json")])
async def test_a_letter_of_the_copy_menu_copies(key: str, copied: str) -> None:
    feed = Feed("exports")
    feed.send(foundry())
    async with inspector(feed, MIDDLE) as (screen, pilot):
        await press(pilot, "y")
        assert "copy" in text(pilot)

        await press(pilot, key)

        assert screen.app.clipboard == copied


async def test_the_copy_menu_can_be_left_or_used_with_the_cursor() -> None:
    feed = Feed("exports")
    feed.send(foundry())
    async with inspector(feed, MIDDLE) as (screen, pilot):
        await press(pilot, "y", "escape")
        assert screen.app.clipboard == ""

        await press(pilot, "y", "j", "j", "k", "enter")
        assert screen.app.clipboard == "exports/canary/composite_export.json"


async def test_what_is_too_long_for_a_clipboard_goes_into_a_file(tmp_path: Path) -> None:
    feed = feed_in(tmp_path)
    feed.send(snapshot_of([export("a.json", records=[record(0, batch_id="x" * 100_000)])]))
    async with inspector(feed, MIDDLE) as (screen, pilot):
        await press(pilot, "2", "y", "r")

        assert screen.app.clipboard == ""
        (content, _) = written(tmp_path).values()
        assert json.loads(content)["batch_id"] == "x" * 100_000
        assert any("too long for a terminal's clipboard" in note.message for note in screen.app._notifications)


def test_the_wall_lets_no_control_character_through() -> None:
    hostile = "".join(map(chr, [*range(32), *range(127, 160), 0x202E, 0x2066, 0xD800]))

    (segment,) = ControlWall().apply([Segment(f"a{hostile}b", Style(bold=True))], BLACK)

    assert segment.text == f"a{'?' * len(hostile)}b"
    assert segment.style == Style(bold=True)


def test_the_wall_passes_clean_text_as_it_is() -> None:
    segments = [Segment("grün 日本 ▁█ ·")]

    assert ControlWall().apply(segments, BLACK) is segments


def test_without_colours_only_attributes_remain() -> None:
    style = Style(color="red", bgcolor="blue", bold=True, reverse=True, underline=True)

    (segment,) = Colourless().apply([Segment("x", style)], BLACK)

    assert segment.style == Style(bold=True, reverse=True, underline=True)


async def test_every_drawn_line_passes_the_wall() -> None:
    feed = Feed("exports")
    feed.send(foundry())
    async with inspector(feed, SMALL) as (screen, _pilot):
        assert [type(wall) for wall in screen.here.get_line_filters()] == [ControlWall]
        screen.here.get_line_filters()


async def test_no_color_draws_the_cursor_in_reverse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    feed = Feed("exports")
    feed.send(foundry())
    async with inspector(feed, SMALL) as (screen, pilot):
        styles = [
            segment.style
            for strip in pilot.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None
        ]
        assert all(style.color is None and style.bgcolor is None for style in styles)
        assert any(style.reverse for style in styles)
        assert any(isinstance(wall, Colourless) for wall in screen.here.get_line_filters())
