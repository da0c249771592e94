"""What each view is written as, unasked and asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from ledgers import build, pretty, rituals, sha256
from scenes import opened, press, text, until
from textual.pilot import Pilot

from teleloupe_tui.screens import exporting
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.screens.offers import offers

RECORDS = pretty(rituals(4, status="nowhere"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return build(tmp_path)


async def written(screen: Inspector, pilot: Pilot[Any], form: str) -> bytes:
    """The bytes of the present view in a form, through the way that X takes."""
    pane, count = screen.here, len(screen.exports)
    offer = offers(screen, pane)[form]
    place = Path(exporting.default_path(screen, pane, offer.suffix))
    exporting.write(screen, pane.marked, offer, str(place.with_name(f"{count}-{place.name}")))
    await until(pilot, lambda: len(screen.exports) > count)
    saved = Path(screen.exports[-1].path)
    assert Path(f"{saved}.sha256").read_text() == f"{sha256(saved.read_bytes())}  {saved.name}\n"
    return saved.read_bytes()


async def test_original_bytes_of_an_untouched_file_are_the_file(root: Path) -> None:
    async with opened(root, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2")
        assert await written(screen, pilot, "original") == (root / "composite_export.json").read_bytes()

        await press(pilot, "j", "m")
        assert json.loads(await written(screen, pilot, "original")) == [rituals(4)[1]]


async def test_a_file_of_any_kind_is_copied_byte_by_byte(root: Path) -> None:
    (root / "noise.bin").write_bytes(bytes(range(256)))
    async with opened(root, select="noise.bin") as (screen, pilot):
        await press(pilot, "tab")

        assert await written(screen, pilot, "original") == bytes(range(256))


async def test_a_tree_is_written_as_its_json(root: Path) -> None:
    async with opened(root, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "tab", "t")
        assert list(offers(screen, screen.here)) == ["spelt", "pretty", "canonical"]

        await press(pilot, "1", "tab", "t")
        assert list(offers(screen, screen.here)) == ["original"]


async def test_x_on_a_record_writes_it_as_it_is_spelt(root: Path) -> None:
    (root / "composite_export.json").write_bytes(RECORDS.replace(b": 1,", b": 1.0 ,"))
    async with opened(root, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "tab", "x")
        await until(pilot, lambda: bool(screen.exports))

        assert b'"schema_version": "1.0"' in Path(screen.exports[-1].path).read_bytes()
        assert list(offers(screen, screen.here)) == ["spelt", "csv", "markdown", "pretty", "canonical"]
        assert json.loads(await written(screen, pilot, "canonical"))["ritual"] == "forge"


@pytest.mark.parametrize(
    ("form", "begins"),
    [("report", b"# Telemetry check"), ("sarif", b"{"), ("junit", b"<?xml"), ("csv", b"severity,"), ("json", b"[")],
)
async def test_issues_are_written_for_people_and_for_ci(root: Path, form: str, begins: bytes) -> None:
    async with opened(root) as (screen, pilot):
        await press(pilot, "3")
        assert next(iter(offers(screen, screen.here))) == "report"
        assert (await written(screen, pilot, form)).startswith(begins)


async def test_a_report_of_marked_or_filtered_issues_has_these_alone(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await press(pilot, "3", "t")
        whole = json.loads(await written(screen, pilot, "sarif"))["runs"][0]["results"]
        await press(pilot, "m")
        part = json.loads(await written(screen, pilot, "sarif"))["runs"][0]["results"]

        assert len(part) == 1 < len(whole)
        assert part[0] in whole


async def test_sums_are_written_as_report_list_and_table(root: Path) -> None:
    async with opened(root) as (screen, pilot):
        await until(pilot, lambda: bool(screen.snapshot.verdicts))
        await press(pilot, "4")

        assert json.loads(await written(screen, pilot, "report"))["schema"] == "teleloupe.verify/1"
        lines = (await written(screen, pilot, "sha256sums")).decode().splitlines()
        assert f"{sha256((root / 'composite_export.json').read_bytes())}  composite_export.json" in lines


async def test_figures_are_written_as_plots(root: Path) -> None:
    async with opened(root, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "l", "F")
        await until(pilot, lambda: "svg" in offers(screen, screen.here))

        page = ET.fromstring((await written(screen, pilot, "svg")).decode())
        assert page.tag.endswith("svg")
        assert "values of batch_id" in (await written(screen, pilot, "txt")).decode()


async def test_the_dialog_begins_with_what_was_chosen_last(root: Path) -> None:
    async with opened(root) as (_screen, pilot):
        await press(pilot, "X", "right", "right")
        await press(pilot, "enter")
        await press(pilot, "X")

        assert "[jsonl]" in text(pilot)
