"""Going to a record, a line, a JSON Pointer or a file by what is typed."""

from __future__ import annotations

import pytest
from scenes import export, fed, inspector, press, settled, snapshot_of, text
from test_app_inspector import SMALL, said
from textual.widgets import Input

from teleloupe_tui.screens.going import GoTo
from teleloupe_tui.targets import FORMS, closeness, targets

PATHS = ("canary/composite_export.json", "composite_export.csv", "notes.txt", "build/export_manifest.json")


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        ("comp", ["composite_export.csv", "canary/composite_export.json"]),
        ("export", ["build/export_manifest.json", "composite_export.csv", "canary/composite_export.json"]),
        ("canary", ["canary/composite_export.json"]),
        ("cexj", ["canary/composite_export.json"]),
        ("comp csv", ["composite_export.csv"]),
        ("NOTES", ["notes.txt"]),
        ("zzz", []),
        ("", []),
    ],
)
def test_files_are_found_by_parts_of_their_names_the_closest_first(wanted: str, paths: list[str]) -> None:
    assert [target.path for target in targets(wanted, None, PATHS)] == paths


def test_letters_out_of_order_do_not_fit() -> None:
    assert closeness("ton", "notes.txt") is None


@pytest.mark.parametrize(
    ("wanted", "kind", "number", "at"),
    [("3", "record", 2, ""), (":57", "line", 56, ""), ("/2/seed", "place", 0, "/2/seed"), (" 1 ", "record", 0, "")],
)
def test_numbers_lines_and_pointers_are_told_apart(wanted: str, kind: str, number: int, at: str) -> None:
    found = targets(wanted, export("a.json", 3), ())[0]

    assert (found.kind, found.number, found.at) == (kind, number, at)


@pytest.mark.parametrize("wanted", ["0", "4", "9" * 20, "9" * 5000])
def test_a_number_beyond_the_records_is_no_record(wanted: str) -> None:
    assert targets(wanted, export("a.json", 3), ()) == []


async def test_an_empty_question_explains_the_four_forms() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await pilot.press("ctrl+g")
        await pilot.pause()
        assert isinstance(pilot.app.screen, GoTo)
        assert all(form in text(pilot) for form in FORMS)

        await press(pilot, "enter")
        assert not isinstance(pilot.app.screen, GoTo)
        assert screen.here.view == "files"


async def test_a_number_goes_to_the_record() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "ctrl+g", "1", "7")
        assert "record 17 of 29 in composite_export.json" in text(pilot)

        await press(pilot, "enter")
        assert (screen.here.view, screen.here.cursor, screen.index) == ("records", 16, 16)


async def test_a_record_that_the_filter_hides_is_said_to_be_hidden() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "ampersand", *"ritual=parade", "enter", "ctrl+g", "1", "enter")

        assert "record 1 is hidden by the filter" in said(screen)


async def test_a_pointer_goes_to_the_field() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "ctrl+g", *"/4/status", "enter")
        assert (screen.index, screen.here.view) == (4, "record")
        assert screen.here.row.field.name == "status"

        await press(pilot, "ctrl+g", *"/4/nothing", "enter")
        assert "/4/nothing: no field there" in said(screen)


async def test_a_line_goes_to_the_text_once_it_is_read() -> None:
    content = "\n".join(f"line number {number}" for number in range(1, 90))
    feed = fed(snapshot_of([export("a.json", 3)]), texts={"a.json": content})
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "ctrl+g", *":57", "enter")
        assert (screen.here.view, screen.here.cursor) == ("artefact", 56)
        assert "line number 57" in text(pilot)

        await press(pilot, "ctrl+g", *":5000", "enter")
        assert screen.here.cursor == 88
        assert "this is the last of 89 lines" in said(screen)


async def test_a_part_of_a_name_goes_to_the_file() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await press(pilot, "2", "ctrl+g", *"manif", "enter")

        assert screen.here.view == "files"
        assert screen.path is not None
        assert screen.path.endswith("export_manifest.json")
        assert screen.here.key == screen.path


async def test_what_is_typed_after_enter_does_not_change_where_it_goes() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await pilot.press("ctrl+g", *"mint.json")
        question = pilot.app.screen
        assert isinstance(question, GoTo)
        question.take()
        question.narrow(Input.Changed(question.query_one(Input), "nowhere"))
        await settled(pilot)

        assert screen.path == "order031/mint.json"
