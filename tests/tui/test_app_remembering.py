"""Where the reader was, kept between two visits of a directory."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from scenes import export, fed, inspector, lines, press, settled, snapshot_of, text, until

from teleloupe.model import SortKey
from teleloupe_tui import config, remembered
from teleloupe_tui.columning import PLAIN, Columning
from teleloupe_tui.launch import start_of
from teleloupe_tui.remembered import List, Unfit, Visit
from teleloupe_tui.screens.inspector import Inspector

MIDDLE = (120, 40)


def said(screen: Inspector) -> str:
    """The toasts that are on the screen."""
    return "\n".join(notification.message for notification in screen.app._notifications)


def kept(folder: Path) -> Visit:
    """What is remembered of the directory of the scenes."""
    found = remembered.load(str(folder), "exports")
    assert found is not None
    return found


def test_a_visit_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    lists = {
        "records": List("", "a>1", (SortKey("b", is_descending=True),), {"x/y": Columning(("c",), widths={"d": 9})})
    }
    visit = remembered.visit("exports", screen="records", pane="record", path="a.json", is_zoomed=True, lists=lists)

    remembered.save(str(tmp_path), visit)

    assert remembered.load(str(tmp_path), "exports") == visit
    assert remembered.load(str(tmp_path), "elsewhere") is None
    assert stat.S_IMODE(os.stat(remembered.path_of(str(tmp_path), "exports")).st_mode) == 0o600


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"format": "x", "root": "y"}', b"\xff", b'{"format":1}', b"[" * 100_000, b" " * 300_000],
)
def test_a_broken_or_alien_file_is_unfit(tmp_path: Path, data: bytes) -> None:
    path = Path(remembered.path_of(str(tmp_path), "exports"))
    path.parent.mkdir()
    path.write_bytes(data)

    with pytest.raises(Unfit):
        remembered.load(str(tmp_path), "exports")


def test_the_file_of_another_directory_is_unfit(tmp_path: Path) -> None:
    remembered.save(str(tmp_path), remembered.visit("one"))
    os.rename(remembered.path_of(str(tmp_path), "one"), remembered.path_of(str(tmp_path), "exports"))

    with pytest.raises(Unfit):
        remembered.load(str(tmp_path), "exports")


def test_directories_that_were_left_longest_ago_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "DIRECTORIES", 3)
    for number in range(5):
        remembered.save(str(tmp_path), remembered.visit(f"d{number}"))
        os.utime(remembered.path_of(str(tmp_path), f"d{number}"), (number, number))

    remembered.save(str(tmp_path), remembered.visit("d5"))

    left = [number for number in range(6) if remembered.load(str(tmp_path), f"d{number}")]
    assert left == [3, 4, 5]


def test_a_folder_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    remembered.save(str(tmp_path / "file"), remembered.visit("exports"))

    assert (tmp_path / "file").read_text() == ""


def test_the_folder_is_below_the_state_home_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")

    assert config.state_folder({"XDG_STATE_HOME": "/s"}) == "/s/teleloupe"
    assert config.state_folder({"XDG_STATE_HOME": "s"}) == os.path.expanduser("~/.local/state/teleloupe")


def test_no_state_is_a_flag(tmp_path: Path) -> None:
    assert start_of([str(tmp_path)]).has_state
    assert not start_of(["--no-state", str(tmp_path)]).has_state


async def test_a_directory_is_opened_as_it_was_left(tmp_path: Path) -> None:
    async with inspector(fed(), MIDDLE, state_folder=str(tmp_path), select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "l", "s", "s", "-", "(", "f", "z")
        order, shown = screen.here.asked.query.sort, screen.here.showing
    async with inspector(fed(), MIDDLE, state_folder=str(tmp_path)) as (screen, pilot):
        await settled(pilot)

        assert (screen.screen_name, screen.pane_name, screen.path) == ("records", "records", "composite_export.json")
        assert screen.here.asked.query.sort == order
        assert screen.here.showing is not None
        assert shown is not None
        assert screen.here.showing.columns == shown.columns
        assert (screen.is_following, screen.is_zoomed) == (True, True)
        assert screen.focused is screen.pane("records")


async def test_a_change_is_kept_while_the_app_runs(tmp_path: Path) -> None:
    async with inspector(fed(), MIDDLE, state_folder=str(tmp_path)) as (screen, pilot):
        await press(pilot, "3")
        screen.remembering.tick()
        assert remembered.load(str(tmp_path), "exports") is None

        screen.remembering.tick()
        await until(pilot, lambda: remembered.load(str(tmp_path), "exports") is not None)

        assert kept(tmp_path).screen == "issues"


async def test_a_file_that_was_asked_for_comes_before_the_one_that_is_remembered(tmp_path: Path) -> None:
    lists = {"files": List(sort=(SortKey("path"),))}
    remembered.save(str(tmp_path), remembered.visit("exports", screen="issues", pane="issues", path="a", lists=lists))

    async with inspector(fed(), MIDDLE, state_folder=str(tmp_path), select="notes.txt") as (screen, _):
        assert (screen.screen_name, screen.path) == ("files", "notes.txt")
        assert screen.here.asked.query.sort == (SortKey("path"),)


async def test_what_was_asked_of_one_files_records_is_not_asked_of_anothers(tmp_path: Path) -> None:
    visit = remembered.visit("exports", path="composite_export.json", lists={"records": List(filter="ritual=forge")})
    remembered.save(str(tmp_path), visit)

    for select, count in (("order031/mint.json", 2), ("composite_export.json", 8)):
        async with inspector(fed(), MIDDLE, state_folder=str(tmp_path), select=select) as (screen, pilot):
            await press(pilot, "2")
            assert screen.here.count == count
        remembered.save(str(tmp_path), visit)


async def test_a_filter_that_no_longer_fits_is_told_and_not_obeyed(tmp_path: Path) -> None:
    lists = {"records": List(filter="gone=1")}
    visit = remembered.visit("exports", screen="records", pane="records", path="composite_export.json", lists=lists)
    remembered.save(str(tmp_path), visit)

    async with inspector(fed(), MIDDLE, state_folder=str(tmp_path)) as (screen, _):
        assert screen.here.count == 29
        assert "filter: gone=1 is remembered and no longer fits" in said(screen)


async def test_a_file_that_is_gone_is_told_and_the_first_one_selected(tmp_path: Path) -> None:
    remembered.save(str(tmp_path), remembered.visit("exports", path="gone.json"))

    async with inspector(fed(), MIDDLE, state_folder=str(tmp_path)) as (screen, pilot):
        await settled(pilot)

        assert "gone.json, where you left, is gone" in said(screen)
        assert screen.path == "canary/composite_export.json"


async def test_a_broken_file_is_told_and_written_anew(tmp_path: Path) -> None:
    path = Path(remembered.path_of(str(tmp_path), "exports"))
    path.parent.mkdir()
    path.write_text("{")

    async with inspector(fed(), MIDDLE, state_folder=str(tmp_path)) as (screen, pilot):
        assert "is broken" in said(screen)
        await press(pilot, "3")

    assert kept(tmp_path).screen == "issues"


async def test_nothing_is_kept_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    async with inspector(fed(), MIDDLE) as (screen, pilot):
        await press(pilot, "3")
        screen.remembering.tick()
        screen.remembering.tick()

    assert list(tmp_path.iterdir()) == []


async def test_columns_are_remembered_by_the_kind_of_document(tmp_path: Path) -> None:
    other = export("other.json", 3)
    feed = fed(snapshot_of([export("a.json", 3), other]))
    async with inspector(feed, MIDDLE, state_folder=str(tmp_path), select="a.json") as (_, pilot):
        await press(pilot, "2", "-")

    assert kept(tmp_path).lists["records"].columns == {"toyfoundry/export": Columning(hidden=("batch_id",))}
    async with inspector(fed(snapshot_of([other])), MIDDLE, state_folder=str(tmp_path), select="other.json") as (
        screen,
        pilot,
    ):
        await press(pilot, "2")
        assert screen.here.columning != PLAIN
        assert "batch_id" not in "".join(line for line in lines(pilot) if "ritual" in line and "status" in line)
        assert "1 column hidden" in text(pilot)
