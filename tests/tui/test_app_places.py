"""The page of an issue: its own file's lines, what is wrong in them marked, what mends it, and the walk over all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ledgers import pretty, rituals
from scenes import opened, press, settled, text
from textual.pilot import Pilot

from teleloupe_tui.pages import Line, Spot
from teleloupe_tui.screens.copying import copies
from teleloupe_tui.screens.inspector import Inspector


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a_good.json").write_bytes(pretty(rituals(3)))
    (folder / "composite_export.json").write_bytes(pretty(rituals(3, status="nowhere")))
    (folder / "wide.json").write_bytes(pretty(rituals(2)).replace(b'"forge"', b'"' + b"x" * 300 + b'"', 1))
    return folder


def marked(screen: Inspector) -> list[str]:
    """What is marked in the lines of the page."""
    return [line.value[mark.start : mark.end] for line in shown_lines(screen) for mark in line.marks or ()]


def shown_lines(screen: Inspector) -> list[Line]:
    """The lines of the page."""
    showing = screen.pane("place").showing
    assert showing is not None
    return list(showing.table.rows)


async def go_to(screen: Inspector, pilot: Pilot[Any], message: str) -> None:
    """Put the cursor of the list of issues on one that says so."""
    issues = screen.pane("issues")
    row = next(row for row in range(issues.count) if message in issues.table.rows[row].issue.message)
    issues.move_to(row)
    await settled(pilot)


async def test_the_lines_are_those_of_the_file_that_the_issue_is_about(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        assert screen.path == "a_good.json"
        await press(pilot, "3", "t")
        await go_to(screen, pilot, "nowhere")

        assert marked(screen) == ['"nowhere"']
        assert ">    15" in text(pilot)
        assert "Toyfoundry specification" in text(pilot)


async def test_a_value_far_to_the_right_is_brought_into_sight(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await press(pilot, "3", "t")
        await go_to(screen, pilot, "xxx")

        (found,) = marked(screen)
        assert found.startswith('"xxx')
        assert any(isinstance(line.field, Spot) for line in shown_lines(screen) if line.marks)


async def test_e_walks_over_all_issues_without_leaving_the_page(root: Path) -> None:
    async with opened(root, (80, 24)) as (screen, pilot):
        await press(pilot, "3", "t", "tab")
        seen = []
        for _ in range(screen.pane("issues").count):
            seen.append(screen.pane("issues").cursor)
            assert screen.pane_name == "place"
            await press(pilot, "e")

        assert seen == list(range(len(seen)))
        assert screen.pane("issues").cursor == 0


async def test_what_mends_an_issue_is_shown_and_copied(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await press(pilot, "3", "t")
        await go_to(screen, pilot, "no sidecar composite_export.json")

        command = "sha256sum composite_export.json > composite_export.json.sha256"
        assert copies(screen, screen.here)["f"] == command
        assert "sha256sum composite_export.json" in text(pilot)
