"""Views of a format, columns in figures, and made files, under the reader's keys."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec import structs
from scenes import (
    Feed,
    export,
    fed,
    inspector,
    long_document,
    manifest,
    notes,
    press,
    settled,
    snapshot_of,
    text,
    until,
)
from test_app_inspector import MIDDLE, SMALL, WIDE, said
from textual import events

from teleloupe import formats
from teleloupe.columns import column
from teleloupe.formats import View
from teleloupe.model import Chart, Document, Place, Series, Table
from teleloupe.workspace import Workspace

SESSION = Path(__file__).parents[2] / "sample_data" / "svr" / "valid" / "golden"
FACTS = (column("fact"), column("value"), column("about"))
STEPS = (column("step"), column("took", unit="ms", type="integer"), column("state"), column("path"))


def steps(document: Document, documents: Mapping[str, Document]) -> Table:
    rows = [
        {"step": f"step {number}", "took": record["duration_ms"], "state": "met" if number % 2 else "differs"}
        for number, record in enumerate(document.records)
    ]
    return Table(document.path, STEPS, rows, lambda row: Place(document.path, f"/{row}"), len(rows))


def charts(document: Document, _documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    took = tuple((float(number), float(record["duration_ms"])) for number, record in enumerate(document.records))
    named = tuple(Series(f"step {number}", ((0.0, y),)) for number, (_, y) in enumerate(took[:4]))
    return (
        Chart("How long", "line", "step", "duration, ms", (Series("took", took),)),
        Chart("The first", "bars", "step", "duration, ms", named),
        Chart("When", "spans", "ms", "", (Series("all", ((0.0, 20.0), (30.0, 50.0))),)),
    )


def facts(document: Document, documents: Mapping[str, Document]) -> Table:
    rows = [
        {"fact": "verdict", "value": "valid " * 12, "about": "what the rules say of all of its records together"},
        {"fact": "files", "value": str(len(documents)), "about": "how many there are"},
    ]
    return Table(document.path, FACTS, rows, lambda _row: Place(document.path), len(rows))


VIEWS = (
    View("steps", "Steps", "one row a step", ("export",), steps, charts),
    View("facts", "Facts", "what is known", ("export",), facts),
)


@pytest.fixture(autouse=True)
def _views_by_hand(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two views of exports, in place of whatever the formats have."""
    if "real" not in request.node.name:
        monkeypatch.setattr(formats, "views_of", lambda document: list(VIEWS) if document.kind == "export" else [])


async def test_v_lists_the_views_by_number_and_shows_the_chosen_one_with_its_charts() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await pilot.press("V")
        await pilot.pause()
        assert "1  Steps: one row a step" in text(pilot)

        await press(pilot, "1")
        assert screen.here.view == "look"
        assert "View Steps  composite_export.json" in text(pilot)
        assert "How long  duration, ms" in text(pilot)
        assert "took [ms]" in text(pilot)

        await press(pilot, "escape")
        assert screen.here.view == "files"


async def test_a_menu_takes_the_first_of_two_keys_that_come_at_once() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await pilot.press("V")
        await pilot.pause()
        menu = pilot.app.screen
        for key in "12":
            menu.post_message(events.Key(key, key))
        await until(pilot, lambda: screen.here.view == "look")
        await settled(pilot)

        assert "View Steps  composite_export.json" in text(pilot)


async def test_c_turns_to_charts_without_room_and_t_gives_the_table_all_of_it() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (_screen, pilot):
        await press(pilot, "V", "1", "c")
        assert "The first  duration, ms" in text(pilot)
        await press(pilot, "c", "c")
        assert "How long" in text(pilot)

        await press(pilot, "t")
        assert "How long" not in text(pilot)
        await press(pilot, "t")
        assert "How long" in text(pilot)


async def test_charts_stand_side_by_side_where_there_is_room() -> None:
    async with inspector(fed(), WIDE, select="composite_export.json") as (_screen, pilot):
        await press(pilot, "V", "1")

        assert "How long" in text(pilot)
        assert "The first" in text(pilot)
        assert "charts 1–2 of 3, c next" in text(pilot)
        assert "step 0" in text(pilot)


async def test_enter_goes_to_the_record_that_a_row_of_a_view_speaks_of_and_escape_back() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "V", "1", "j", "j", "enter")
        assert (screen.here.view, screen.index) == ("records", 2)

        await press(pilot, "escape")
        assert (screen.here.view, screen.here.cursor) == ("look", 2)


async def test_a_view_of_facts_is_a_page_in_narrow_panes_and_a_table_in_wide_ones() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (_screen, pilot):
        await press(pilot, "V", "2")
        assert "together" in text(pilot)
        assert "valid valid valid…" not in text(pilot)


async def test_views_are_searched_filtered_sorted_and_marked_like_every_list() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "V", "1", "ampersand", *"state=met", "enter")
        assert screen.here.count == 14

        await press(pilot, "l", "s", "s", "m")
        assert len(screen.here.marks) == 1
        took = [row["took"] for row in screen.here.table.rows]
        assert took == sorted(took, reverse=True)

        await press(pilot, "tab")
        assert screen.here.view == "fields"


async def test_a_view_follows_the_file_and_says_when_it_has_nothing() -> None:
    feed = fed(snapshot_of([export("a.json", 3)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "V", "1")
        assert screen.here.count == 3

        feed.send(snapshot_of([export("a.json", 5)], 2))
        await until(pilot, lambda: screen.here.count == 5)

        feed.send(snapshot_of([export("a.json", 0)], 3))
        await until(pilot, lambda: screen.here.count == 0)
        await settled(pilot)
        assert "Steps: nothing of it in a.json" in text(pilot)


async def test_a_change_elsewhere_leaves_a_view_as_it_is() -> None:
    one = export("a/a.json", 3)
    feed = fed(snapshot_of([one]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "V", "1")
        before = screen.working.known().look

        feed.send(snapshot_of([one, structs.replace(notes("b/notes.txt"), format="svr")], 2))
        await until(pilot, lambda: screen.snapshot.generation == 2)
        await settled(pilot)

        assert screen.working.known().look is before


async def test_where_there_are_no_views_v_says_so() -> None:
    async with inspector(fed(), SMALL, select="export_manifest.json") as (screen, pilot):
        await press(pilot, "V")

        assert said(screen) == ["export_manifest.json: toyfoundry has no views of its own for this"]


async def test_six_sums_up_the_records_and_the_list_of_issues() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "6")
        assert screen.here.view == "stats"
        assert "Stats  composite_export.json  29 rows" in text(pilot)
        assert [row.column.name for row in screen.here.table.rows][:2] == ["batch_id", "ritual"]

        await press(pilot, "j")
        assert "forge" in text(pilot)

        await press(pilot, "3", "6")
        assert "Stats  Issues  3 rows" in text(pilot)


async def test_figures_and_values_stand_side_by_side_with_the_spread_of_the_chosen_column() -> None:
    async with inspector(fed(), MIDDLE, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "6", "j", "j", "j", "j")

        assert screen.working.column == "duration_ms"
        assert "duration_ms, ms  rows" in text(pilot)
        assert "Values  duration_ms" in text(pilot)


async def test_f_counts_the_column_of_the_cursor_and_enter_filters_by_a_value() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "l", "F")
        assert screen.here.view == "values"
        assert [(row.value, row.count) for row in screen.here.table.rows] == [
            ("forge", 8), ("drill", 7), ("parade", 7), ("purge", 7),
        ]  # fmt: skip

        await press(pilot, "j", "enter")
        assert screen.here.view == "records"
        assert screen.here.asked.query.filter == 'ritual="drill"'
        assert screen.here.count == 7

        await press(pilot, "l", "l", "F", "enter")
        assert screen.here.asked.query.filter == 'ritual="drill" status="partial"'
        await press(pilot, "escape", "escape")
        assert screen.here.view == "files"


async def test_f_counts_issues_and_files_too() -> None:
    async with inspector(fed(), MIDDLE) as (screen, pilot):
        await press(pilot, "l", "l", "F")
        assert screen.working.column == "format"
        assert [row.value for row in screen.here.table.rows] == ["toyfoundry", None]

        await press(pilot, "j", "enter")
        assert screen.pane("files").asked.query.filter == "format=null"
        assert screen.pane("files").count == 1

        await press(pilot, "3", "t", "F")
        assert screen.working.column == "severity"
        assert {row.value for row in screen.here.table.rows} == {"error", "warning", "info"}


async def test_figures_follow_the_file() -> None:
    feed = fed(snapshot_of([export("a.json", 3)]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "2", "6", "j")
        assert screen.here.table.rows[1].count == 3

        feed.send(snapshot_of([export("a.json", 9)], 2))
        await until(pilot, lambda: screen.here.table.rows[1].count == 9)
        assert screen.here.cursor == 1


async def test_long_figures_can_be_cancelled() -> None:
    async with inspector(fed(snapshot_of([long_document(3_000_000)])), SMALL) as (screen, pilot):
        await press(pilot, "2")
        await pilot.press("6")
        await until(pilot, lambda: any(job.name == "work stats" for job in screen.jobs.running))
        await pilot.pause(0.05)
        assert "summing up" in text(pilot)

        await pilot.press("escape")
        await settled(pilot)
        assert "cancelled" in said(screen)


async def test_the_command_of_a_view_and_of_figures_can_be_copied() -> None:
    from teleloupe_tui.screens.copying import command

    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "V", "1")
        assert command(screen, screen.here) == "teleloupe show exports/composite_export.json --view steps"

        await press(pilot, "2", "6")
        assert command(screen, screen.here) == "teleloupe stats exports/composite_export.json"
        await press(pilot, "2", "l", "F")
        assert command(screen, screen.here) == "teleloupe stats exports/composite_export.json --column ritual"


# made files


@pytest.fixture
def session(tmp_path: Path) -> tuple[Path, str]:
    """A directory with a session, and the session's path in it."""
    root = tmp_path / "sessions"
    shutil.copytree(SESSION, root)
    return root, "run.json"


def fed_from(root: Path) -> Feed:
    feed = Feed(str(root))
    feed.send(structs.replace(Workspace(str(root)).refresh(), generation=1))
    return feed


async def test_real_made_files_are_shown_beside_what_is_there_and_written_elsewhere(session: tuple[Path, str]) -> None:
    root, name = session
    async with inspector(fed_from(root), MIDDLE, select=name) as (screen, pilot):
        await press(pilot, "W")
        assert screen.here.view == "made"
        states = {edit.path: edit.before is None for edit in screen.here.table.rows}
        assert len(states) >= 3
        assert states[name] is False

        await pilot.press("W")
        await pilot.pause()
        await press(pilot, "e")
        (folder,) = (root.parent / "teleloupe-exports").iterdir()
        assert {path.name for path in folder.iterdir()} == {Path(path).name for path in states}

        await press(pilot, "u")
        await until(pilot, lambda: not list(folder.rglob("*.json")))


async def test_real_made_files_replace_what_is_there_only_after_a_yes(session: tuple[Path, str]) -> None:
    root, name = session
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    async with inspector(fed_from(root), MIDDLE, select=name) as (screen, pilot):
        await press(pilot, "W")
        for answer in ("n", "escape"):
            await pilot.press("W", "i")
            await pilot.pause()
            await press(pilot, answer)
            assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before

        made = {root / edit.path: edit.data for edit in screen.here.table.rows}
        await pilot.press("W", "i")
        await pilot.pause()
        await press(pilot, "y")
        assert {path: path.read_bytes() for path in made} == made

        await press(pilot, "u")
        assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


async def test_real_made_files_are_never_written_in_place_when_only_reading(session: tuple[Path, str]) -> None:
    root, name = session
    feed = fed_from(root)
    feed.is_read_only = True
    async with inspector(feed, MIDDLE, select=name) as (_screen, pilot):
        await press(pilot, "W")
        await pilot.press("W")
        await pilot.pause()

        assert "in place" not in text(pilot)


async def test_real_made_files_are_not_written_over_what_changed_meanwhile(session: tuple[Path, str]) -> None:
    root, name = session
    async with inspector(fed_from(root), MIDDLE, select=name) as (screen, pilot):
        await press(pilot, "W")
        (root / name).write_bytes(b"{}")
        await pilot.press("W", "i")
        await pilot.pause()
        await press(pilot, "y")

        assert (root / name).read_bytes() == b"{}"
        assert said(screen)[-1] == "not written: a file changed meanwhile"


async def test_where_no_files_are_made_w_says_so() -> None:
    async with inspector(fed(), SMALL, select="notes.txt") as (screen, pilot):
        await press(pilot, "W", "W")

        assert said(screen) == ["nothing is made of this file by its producer's rules"]


async def test_the_figures_of_ages_are_dates() -> None:
    async with inspector(fed(snapshot_of([manifest(), notes()])), WIDE) as (screen, pilot):
        await press(pilot, "6")
        stats = screen.pane("stats")
        row = next(row for row in stats.table.rows if row.column.name == "modified")
        faces = {face.column: face for face in stats.showing.faces} if stats.showing else {}

        assert [faces[name].spell(faces[name].get(row)) for name in ("min", "max")] == ["2025-10-21", "2025-10-22"]
