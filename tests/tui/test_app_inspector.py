"""The inspector under the reader's keys, over snapshots made by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec import structs
from scenes import (
    RANGE,
    Feed,
    export,
    fed,
    inspector,
    lines,
    manifest,
    notes,
    press,
    record,
    settled,
    snapshot_of,
    text,
    until,
    verdicts,
)
from textual import events

from teleloupe_tui.screens.inspector import Inspector

SMALL, MIDDLE, WIDE = (80, 24), (120, 40), (200, 60)


def said(screen: Inspector) -> list[str]:
    """The toasts that are on the screen."""
    return [notification.message for notification in screen.app._notifications]


def names(screen: Inspector) -> list[str]:
    """The paths of the ledger, in its order."""
    table = screen.pane("files").table
    return [table.locate(row).path for row in range(len(table.rows))]


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        (["j"], 1), (["down", "down"], 2), (["j", "j", "k"], 1), (["down", "up"], 0), (["G"], 28), (["end"], 28),
        (["G", "g"], 0), (["end", "home"], 0), (["k"], 0), (["G", "j"], 28),
        (["ctrl+d"], 9), (["ctrl+d", "ctrl+u"], 0), (["pagedown"], 18), (["pagedown", "pageup"], 0),
        (["ctrl+f"], 18), (["ctrl+f", "ctrl+b"], 0),
    ],
)  # fmt: skip
async def test_moving_keys_move_the_cursor(keys: Sequence[str], row: int) -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", *keys)

        assert screen.here.view == "records"
        assert screen.here.cursor == row


async def test_sideways_keys_move_the_column_and_scroll_wide_tables() -> None:
    async with inspector(fed(), (60, 20), select="composite_export.json") as (screen, pilot):
        await press(pilot, "2")
        assert "duration_ms" not in lines(pilot)[2]

        await press(pilot, "l", "right", "l", "l")
        assert screen.here.column == "duration_ms"
        assert "duration_ms" in lines(pilot)[2]

        await press(pilot, "h", "left", "h", "h")
        assert screen.here.column == "batch_id"
        assert "batch_id" in lines(pilot)[2]


async def test_number_keys_go_to_the_screens_that_exist() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        for key, view in (("2", "records"), ("3", "issues"), ("4", "sums"), ("1", "files")):
            await press(pilot, key)
            assert screen.here.view == view

        await press(pilot, "5")
        assert screen.here.view == "files"


async def test_where_no_checksum_speaks_the_sums_tell_which_files_have_none() -> None:
    async with inspector(fed(snapshot_of([export("a.json"), notes()])), SMALL) as (screen, pilot):
        await press(pilot, "4")

        assert [reason.paths for reason in screen.here.table.rows] == [("a.json",)]


async def test_where_no_file_is_of_a_known_format_no_checksum_is_missed() -> None:
    async with inspector(fed(snapshot_of([notes()])), SMALL) as (_screen, pilot):
        await press(pilot, "4")

        assert "none of these is of a known format, so none is missed" in text(pilot)


async def test_a_small_terminal_tells_errors_before_sums_and_whole_beside_a_long_path() -> None:
    path = f"{'deep/' * 20}a.json"
    feed = fed(snapshot_of([export(path, issues=[RANGE.issue("/0/duration_ms", "too long")])], verdicts=verdicts()))
    async with inspector(feed, SMALL) as (_screen, pilot):
        assert "1 error  3 sums: 1 ok 1 eol 1 unknown" in lines(pilot)[0]

        await press(pilot, "2")
        assert lines(pilot)[0].endswith("a.json · LIVE now  1 error")


async def test_enter_goes_from_file_to_records_to_record_and_escape_back() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await press(pilot, "j", "enter")
        assert (screen.here.view, screen.path) == ("records", "composite_export.json")

        await press(pilot, "j", "j", "enter")
        assert screen.here.view == "record"
        assert "how long the ritual took" in text(pilot)
        assert "74 ms" in text(pilot)

        await press(pilot, "escape")
        assert (screen.here.view, screen.here.cursor) == ("records", 2)
        await press(pilot, "escape")
        assert screen.here.view == "files"


async def test_a_file_without_records_opens_its_header_fields() -> None:
    async with inspector(fed(), SMALL, select="export_manifest.json") as (screen, pilot):
        await press(pilot, "enter")

        assert screen.here.view == "artefact"
        assert "18446744073709551615" in text(pilot)


async def test_an_unknown_file_opens_as_text_with_line_numbers() -> None:
    feed = fed(texts={"notes.txt": "first\nsecond \x1b[31mred\nthird"})
    async with inspector(feed, SMALL, select="notes.txt") as (screen, pilot):
        await press(pilot, "enter")

        assert screen.here.view == "artefact"
        assert "2  second \\x1b[31mred" in text(pilot)


async def test_text_that_cannot_be_read_says_why() -> None:
    async with inspector(fed(), SMALL, select="notes.txt") as (_screen, pilot):
        await press(pilot, "enter")

        assert "permission denied" in text(pilot)


async def test_t_shows_a_record_as_the_file_spells_it() -> None:
    feed = fed(snapshot_of([export("a.json", 2)]), texts={"a.json": '[{"x": 1},\n {"units_processed":  2.50}]'})
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "enter", "j", "enter", "t", "t")

        assert screen.here.asked.form == "text"
        assert '2  {"units_processed":  2.50}' in text(pilot)


async def test_t_turns_the_ledger_into_a_tree_and_sideways_keys_fold_it() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await press(pilot, "t")
        assert "▾ canary/" in text(pilot)

        await press(pilot, "g", "left")
        assert "▸ canary/  1 file" in text(pilot)
        await press(pilot, "right", "j", "h")
        assert screen.here.cursor == 0

        await press(pilot, "enter", "t")
        assert "y/composite_export.json" in text(pilot)


async def test_t_keeps_the_cursor_on_its_file() -> None:
    async with inspector(fed(), SMALL, select="order031/mint.json") as (screen, pilot):
        await press(pilot, "t")
        assert screen.here.key == "order031/mint.json"
        await press(pilot, "t")
        assert screen.here.key == "order031/mint.json"


async def test_issues_are_grouped_by_cause_and_enter_leads_to_the_place() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await press(pilot, "3")
        assert "a duration lies outside 0..300000" in text(pilot)

        await press(pilot, "enter")
        assert screen.here.asked.query.filter == 'rule="toyfoundry/duration-range"'
        await press(pilot, "enter")
        assert (screen.here.view, screen.path, screen.index) == ("records", "canary/composite_export.json", 2)

        await press(pilot, "escape")
        assert screen.here.view == "issues"


async def test_e_walks_the_issues_from_anywhere() -> None:
    async with inspector(fed(), MIDDLE) as (screen, pilot):
        await press(pilot, "e")
        assert (screen.path, screen.here.view) == ("canary/composite_export.json", "record")
        assert screen.here.row.field.at == "/2/duration_ms"

        await press(pilot, "e")
        assert (screen.path, screen.here.view) == ("export_manifest.json", "artefact")
        await press(pilot, "1", "E")
        assert screen.path == "canary/composite_export.json"


async def test_an_issue_of_a_header_leads_to_its_field() -> None:
    document = structs.replace(manifest(), issues=(RANGE.issue("/exports/json", "no such file"),))
    feed = Feed()
    feed.send(snapshot_of([notes("a.txt"), document]))
    async with inspector(feed, SMALL) as (screen, pilot):
        await press(pilot, "e")

        assert (screen.path, screen.here.view) == ("export_manifest.json", "artefact")
        assert screen.here.row.field.name == "exports/json"


async def test_brackets_walk_the_files() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await press(pilot, "2", "right_square_bracket")
        assert screen.path == "composite_export.json"
        assert "29" in lines(pilot)[-1]

        await press(pilot, "left_square_bracket", "left_square_bracket")
        assert screen.path == "canary/composite_export.json"
        assert said(screen) == ["this is the first file"]


async def test_tab_goes_round_the_panes() -> None:
    async with inspector(fed(), MIDDLE) as (screen, pilot):
        await press(pilot, "tab")
        assert screen.here.view == "artefact"
        await press(pilot, "tab")
        assert screen.here.view == "files"
        await press(pilot, "shift+tab")
        assert screen.here.view == "artefact"


async def test_tab_in_a_narrow_terminal_brings_the_other_pane() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await press(pilot, "tab")

        assert screen.here.view == "artefact"
        assert screen.here.display


async def test_the_focus_decides_the_screen_among_three_panes() -> None:
    async with inspector(fed(), WIDE) as (screen, pilot):
        assert list(screen.layout_now.boxes) == ["files", "records", "artefact", "issues", "live"]
        await press(pilot, "tab")
        assert (screen.here.view, screen.screen_name) == ("records", "records")
        assert "record" in screen.layout_now.boxes
        await press(pilot, "shift+tab")
        assert (screen.here.view, screen.screen_name) == ("files", "files")


async def test_z_shows_one_pane_alone_and_back() -> None:
    async with inspector(fed(), MIDDLE) as (screen, pilot):
        await press(pilot, "z")
        assert list(screen.layout_now.boxes) == ["files"]
        await press(pilot, "plus")
        assert list(screen.layout_now.boxes) == ["files", "artefact"]
        await press(pilot, "z", "escape")
        assert list(screen.layout_now.boxes) == ["files", "artefact"]


async def test_s_sorts_by_the_current_column_then_reverses_then_gives_file_order_back() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "l", "l", "l", "l")
        durations = [record(number)["duration_ms"] for number in range(29)]
        for expected, mark in ((sorted(durations), "▲"), (sorted(durations, reverse=True), "▼"), (durations, "")):
            await press(pilot, "s")
            assert [row["duration_ms"] for row in screen.here.table.rows] == expected
            assert f"duration_ms{mark}" in lines(pilot)[2].replace(" [ms]", "")


async def test_the_cursor_stays_on_its_record_when_the_order_changes() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "j", "j", "l", "s")

        assert screen.here.row == record(2)
        assert screen.here.column == "ritual"


async def test_a_slash_finds_as_it_is_typed_and_n_goes_on() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "slash", *"PARADE")
        assert screen.here.cursor == 2

        await press(pilot, "enter", "n")
        assert screen.here.cursor == 6
        await press(pilot, "N", "N")
        assert screen.here.cursor == 26
        await press(pilot, "escape")
        assert screen.here.needle == ""


async def test_escape_in_a_search_goes_back_to_where_it_began() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "j", "slash", *"purge")
        assert screen.here.cursor == 3

        await press(pilot, "escape")

        assert screen.here.cursor == 1
        assert screen.here.has_focus


async def test_what_is_not_found_is_said() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "slash", *"[/nope]")

        assert screen.here.cursor == 0
        assert said(screen)[-1] == "records: nothing found"


async def test_a_filter_keeps_rows_and_escape_brings_them_back() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "ampersand", *"status=partial", "enter")
        assert {row["status"] for row in screen.here.table.rows} == {"partial"}
        assert "filter: status=partial" in text(pilot)

        await press(pilot, "escape")
        assert len(screen.here.table.rows) == 29


async def test_a_filter_that_cannot_be_read_says_where_while_it_is_typed() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "ampersand", *"statsu=partial")
        assert "no column 'statsu'" in text(pilot)
        assert "did you mean status?" in text(pilot)

        await press(pilot, "enter")
        assert len(screen.here.table.rows) == 29


async def test_a_question_is_not_covered_by_what_was_said_before() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        screen.say("something said before")
        await settled(pilot)
        assert "something said before" in text(pilot)

        await press(pilot, "ampersand")
        assert "something said before" not in text(pilot)


async def test_a_filter_without_a_hit_says_how_to_get_rows_back() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await press(pilot, "ampersand", *"zzz", "enter")

        assert "no row matches zzz" in text(pilot)
        assert "esc clears the filter" in text(pilot)

        await press(pilot, "enter")
        assert screen.here.view == "files"


async def test_marks_go_with_their_rows_through_sorting() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "m", "space", "l", "s", "g")

        assert screen.here.marks == {0, 1}
        assert sum(line.startswith((" >*", "  *")) for line in lines(pilot)) == 2
        assert "2 marked" in text(pilot)


async def test_a_mark_is_taken_away_by_the_same_key() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await press(pilot, "m", "k", "m")

        assert screen.here.marks == set()


async def test_help_lists_the_keys_of_the_pane_and_why_some_do_nothing() -> None:
    async with inspector(fed(), MIDDLE) as (_screen, pilot):
        await press(pilot, "question_mark")
        assert "keys in Files" in text(pilot)
        await press(pilot, *"next found")
        assert "starts a search)" in text(pilot)

        await press(pilot, "escape", "f1")
        assert "keys in Files" in text(pilot)


async def test_the_palette_does_what_keys_do() -> None:
    async with inspector(fed(), MIDDLE) as (screen, pilot):
        await press(pilot, "ctrl+p")
        await press(pilot, *"Issues")
        await until(pilot, lambda: "what is wrong" in text(pilot))
        await press(pilot, "enter")
        await until(pilot, lambda: screen.here.view == "issues")


async def test_r_reads_the_file_again_and_capital_r_everything() -> None:
    feed = fed()
    async with inspector(feed, SMALL) as (_screen, pilot):
        await press(pilot, "r", "R", "f5")

    assert feed.reread_paths == ["canary/composite_export.json", None, None]


@pytest.mark.parametrize(("keys", "status"), [(["q"], 0), (["ctrl+q"], 0), (["ctrl+c"], 130), (["2", "ctrl+q"], 0)])
async def test_quitting_gives_its_status(keys: Sequence[str], status: int) -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        for key in keys:
            await pilot.press(key)
        await pilot.pause()

        assert (screen.app.return_code or 0) == status
        assert not screen.app.is_running or screen.app._exit


async def test_q_goes_back_before_it_quits() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await press(pilot, "3", "q")

        assert screen.here.view == "files"
        assert not screen.app._exit


async def test_a_key_that_does_nothing_here_says_why() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await press(pilot, "u")

        assert said(screen) == ["nothing was exported yet: x writes this view"]


async def test_an_empty_directory_says_what_will_happen() -> None:
    async with inspector(fed(snapshot_of([])), SMALL) as (_screen, pilot):
        assert "this directory is empty" in text(pilot)
        assert "files show up here" in text(pilot)


async def test_a_clean_directory_says_so() -> None:
    async with inspector(fed(snapshot_of([export("a.json")])), SMALL) as (_screen, pilot):
        await press(pilot, "3")

        assert "no issues" in lines(pilot)[0]
        assert "every file was read" in text(pilot)


async def test_hostile_names_and_values_are_shown_not_obeyed() -> None:
    path = "\x1b]0;pwned\x07[/nope][red]\n.json"
    bad = record(1, status="\x1b[2J[/nope]", batch_id="\x9b31m")
    issue = RANGE.issue("/0\x1b[H", "\x1b[31m[/nope] is wrong", expected="[b]", actual="\r\n")
    feed = fed(snapshot_of([export(path, records=[bad], issues=[issue])]), texts={path: "\x1b[31m[/nope]\n"})
    async with inspector(feed, WIDE, select=path) as (_screen, pilot):
        for keys in (
            ["2"],
            ["enter"],
            ["t"],
            ["3"],
            ["enter"],
            ["enter"],
            ["1"],
            ["t"],
            ["y"],
            ["escape"],
            ["slash", "enter"],
        ):
            await press(pilot, *keys)
            shown = text(pilot)
            assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in shown.replace("\n", ""))
        assert "\\x1b]0;pwned" in shown
        assert "[/nope]" in shown


async def test_a_click_moves_the_cursor_a_double_click_opens() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await pilot.click("#files", offset=(30, 2))
        await settled(pilot)
        assert screen.path == "composite_export.json"

        await pilot.click("#files", offset=(30, 2), times=2)
        await settled(pilot)
        assert screen.here.view == "records"


async def test_a_click_on_a_title_sorts() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await pilot.click("#files", offset=(4, 0))
        await settled(pilot)

        assert [key.column for key in screen.here.asked.query.sort] == ["state"]


async def test_a_click_on_a_screen_name_goes_there() -> None:
    async with inspector(fed(), SMALL) as (screen, pilot):
        await pilot.click("#tabs", offset=(14, 0))
        await settled(pilot)

        assert screen.here.view == "records"


async def test_the_wheel_scrolls_without_moving_the_cursor() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2")
        screen.here._on_mouse_scroll_down  # noqa: B018 - the wheel is Textual's own; what matters is the cursor
        screen.here.scroll_to(y=5, animate=False, immediate=True)
        await settled(pilot)

        assert screen.here.cursor == 0
        assert round(screen.here.scroll_offset.y) == 5
        await press(pilot, "j")
        assert screen.here.cursor == 1
        assert round(screen.here.scroll_offset.y) == 1


async def test_every_size_keeps_help_and_quit_whole() -> None:
    for size in ((40, 12), (60, 20), SMALL, (99, 29), MIDDLE, WIDE):
        async with inspector(fed(), size) as (_screen, pilot):
            assert lines(pilot)[-1].startswith(" ? help  ^p commands  q quit"), size


async def test_resizing_keeps_cursor_filter_order_and_follow() -> None:
    async with inspector(fed(), SMALL, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "ampersand", *"ritual=forge", "enter", "l", "s", "j", "j", "f")
        before = (screen.here.row, screen.here.asked, screen.is_following, screen.here.view)

        for size in (WIDE, (90, 20), MIDDLE, SMALL):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert (screen.here.row, screen.here.asked, screen.is_following, screen.here.view) == before
            assert screen.here.display


async def test_a_tiny_terminal_does_not_break_it() -> None:
    async with inspector(fed(), (12, 5)) as (_screen, pilot):
        await press(pilot, "j", "enter", "t", "3", "question_mark", "escape")


async def test_forms_of_a_document_that_is_gone_say_so() -> None:
    feed = fed(snapshot_of([export("a.json"), notes()]))
    async with inspector(feed, SMALL, select="a.json") as (screen, pilot):
        await press(pilot, "enter")
        feed.send(snapshot_of([notes()], 2))
        await until(pilot, lambda: screen.snapshot.generation == 2)
        await settled(pilot)

        assert "a.json is not there any more" in text(pilot)


async def test_unreadable_roots_are_told_in_the_title() -> None:
    feed = fed(structs.replace(snapshot_of([export("a.json")]), fault="no such file or directory"))
    async with inspector(feed, SMALL) as (_screen, pilot):
        assert "GONE: no such file or directory" in lines(pilot)[0]


async def test_every_theme_can_be_chosen() -> None:
    async with inspector(fed(), MIDDLE) as (screen, pilot):
        for theme in list(screen.app.available_themes):
            screen.app.theme = theme
            await settled(pilot)
            assert "composite_export.json" in text(pilot)


async def test_a_file_without_records_shows_its_header_beside_the_empty_list() -> None:
    async with inspector(fed(), MIDDLE, select="export_manifest.json") as (_screen, pilot):
        await press(pilot, "2")

        assert "export_manifest.json holds no records" in text(pilot)
        assert "18446744073709551615" in text(pilot)


async def test_a_long_path_keeps_its_name_in_the_title() -> None:
    path = "a/" * 60 + "telemetry.json"
    async with inspector(fed(snapshot_of([export(path)])), SMALL) as (_screen, pilot):
        await press(pilot, "2")

        assert "/a/telemetry.json · LIVE" in lines(pilot)[0]


async def test_a_file_that_was_asked_for_is_in_sight_however_far_down_it_stands() -> None:
    feed = Feed()
    feed.send(snapshot_of([export(f"f{number:03}.json", 1) for number in range(200)]))

    async with inspector(feed, select="f150.json") as (screen, pilot):
        assert screen.path == "f150.json"
        await until(pilot, lambda: any("> ok" in line and "f150.json" in line for line in lines(pilot)))


async def test_a_focus_that_is_told_of_late_does_not_bring_back_the_pane_it_was_in() -> None:
    async with inspector(fed(), WIDE) as (screen, pilot):
        await press(pilot, "3")
        screen.post_message(events.DescendantFocus(screen.pane("files")))
        await settled(pilot)

        assert (screen.screen_name, screen.pane_name) == ("issues", "issues")


async def test_a_key_that_comes_after_the_app_was_taken_down_does_nothing() -> None:
    async with inspector(fed(), SMALL) as (screen, _pilot):
        pass

    await screen.action_do("records")

    assert screen.screen_name == "files"
