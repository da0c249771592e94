"""The parts of the app that need no screen."""

from __future__ import annotations

import pytest
from scenes import export, foundry, notes, record, snapshot_of

from teleloupe import tables
from teleloupe.detail import Field
from teleloupe.model import Place, Table
from teleloupe_tui import cells, changes, fit, layout, pages, places
from teleloupe_tui.tally import tally
from teleloupe_tui.tree import tree


@pytest.mark.parametrize(
    ("text", "size", "shown"),
    [
        ("abc", 5, "abc  "),
        ("abcdef", 4, "abc…"),
        ("", 2, "  "),
        ("日本語", 4, "日 …"),
        ("日本語", 6, "日本語"),
        ("ab", 1, "…"),
    ],
)
def test_text_is_fitted_to_cells_not_characters(text: str, size: int, shown: str) -> None:
    assert cells.fitted(text, size) == shown
    assert cells.width(cells.fitted(text, size)) == size


def test_a_path_keeps_its_end_when_it_is_cut() -> None:
    assert cells.fitted("exports/canary/build_info.json", 16, keeps_end=True) == "…build_info.json"


def test_a_long_value_is_looked_at_only_as_far_as_a_screen_could_need() -> None:
    assert cells.shown("x" * 5_000_000) == "x" * cells.LONGEST_SHOWN


def test_control_characters_and_markup_are_spelt_out() -> None:
    assert cells.shown("\x1b]0;pwned\x07[/nope]\n") == "\\x1b]0;pwned\\x07[/nope]\\n"


@pytest.mark.parametrize(
    ("seconds", "word"),
    [(0.2, "now"), (5, "5s"), (700, "11m"), (4 * 3600, "4h"), (4 * 86400, "4d"), (800 * 86400, "2y")],
)
def test_an_age_is_a_number_and_a_letter(seconds: float, word: str) -> None:
    assert cells.age(seconds) == word


def test_columns_are_dropped_in_their_declared_order_when_room_is_short() -> None:
    needs = [fit.Need(5, 5), fit.Need(4, 4), fit.Need(30, 20, gives=1)]

    assert fit.dropped(needs, [1], 43) == [fit.Slot(0, 5), fit.Slot(1, 4), fit.Slot(2, 30)]
    assert fit.dropped(needs, [1], 35) == [fit.Slot(0, 5), fit.Slot(1, 4), fit.Slot(2, 22)]
    assert fit.dropped(needs, [1], 30) == [fit.Slot(0, 5), fit.Slot(2, 23)]


def test_the_column_whose_turn_it_is_shrinks_first() -> None:
    needs = [fit.Need(20, 10, gives=2), fit.Need(20, 10, gives=1)]

    assert fit.dropped(needs, [], 36) == [fit.Slot(0, 20), fit.Slot(1, 14)]
    assert fit.dropped(needs, [], 28) == [fit.Slot(0, 16), fit.Slot(1, 10)]


def test_wide_tables_scroll_by_columns_and_keep_frozen_ones() -> None:
    needs = [fit.Need(4, 4, is_frozen=True), fit.Need(10, 4), fit.Need(10, 4), fit.Need(10, 4)]

    assert fit.first_to_show(needs, 3, 1, 30) == 2
    assert fit.scrolled(needs, 2, 30) == [fit.Slot(0, 4), fit.Slot(2, 10), fit.Slot(3, 10)]
    assert fit.scrolled(needs, 1, 26) == [fit.Slot(0, 4), fit.Slot(1, 10), fit.Slot(2, 8)]


@pytest.mark.parametrize(
    ("size", "screen", "pane", "panes"),
    [
        ((80, 24), "files", "files", ("files",)),
        ((80, 24), "records", "record", ("record",)),
        ((99, 50), "issues", "issues", ("issues",)),
        ((120, 40), "files", "files", ("files", "artefact")),
        ((120, 40), "records", "records", ("records", "record")),
        ((159, 20), "issues", "place", ("issues", "place")),
        ((160, 20), "files", "files", ("files", "records", "artefact")),
        ((200, 60), "records", "records", ("files", "records", "record", "issues", "live")),
        ((200, 60), "issues", "issues", ("files", "issues", "place", "live")),
    ],
)
def test_the_terminal_size_decides_which_panes_there_are(
    size: tuple[int, int], screen: str, pane: str, panes: tuple[str, ...]
) -> None:
    width, height = size

    found = layout.layout(width, height, screen, pane, height - 5)

    assert found.panes == panes
    assert found.has_borders == (height >= 30 and width >= 100)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (131, 29), (160, 30), (200, 60), (333, 77)])
def test_panes_fill_the_body_without_a_gap_or_an_overlap(size: tuple[int, int]) -> None:
    width, height = size
    for screen, (listed, _) in layout.SCREENS.items():
        boxes = layout.layout(width, height, screen, listed, height - 5).boxes.values()

        covered = {
            (x, y) for box in boxes for x in range(box.x, box.x + box.width) for y in range(box.y, box.y + box.height)
        }

        assert len(covered) == sum(box.width * box.height for box in boxes) == width * (height - 5)


def test_a_zoomed_pane_is_alone() -> None:
    assert layout.layout(200, 60, "records", "record", 55, is_zoomed=True).boxes == {
        "record": layout.Box(0, 0, 200, 55)
    }


@pytest.mark.parametrize("text", ["one two three four five", "x" * 50, "日本語" * 9, "a/b/c/ddddddddddd/eeeeeeeee", ""])
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str) -> None:
    found = pages.wrapped(text, 12)

    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert all(cells.width(line) <= 12 for line in found)


def test_endless_values_end_with_how_much_is_left_out() -> None:
    found = pages.wrapped("x" * 2000, 10)

    assert len(found) == pages.MOST_LINES
    assert found[-1].startswith("… ")


def test_meanings_get_a_column_where_there_is_room_and_lines_of_their_own_where_not() -> None:
    rows = [Field("units", 3, "", "units that passed", None, "/units"), Field("seed", 7, "ms", "", "7.0", "/seed")]
    table = Table("", (), rows, lambda _index: Place(""), 2)

    wide, narrow = pages.page(table, 60)[0].rows, pages.page(table, 22)[0].rows

    assert [(line.name, line.value, line.meaning) for line in wide] == [
        ("units", "3", "units that passed"),
        ("seed", "7 ms", "spelt 7.0"),
    ]
    assert [(line.name, line.value, line.is_aside) for line in narrow] == [
        ("units", "3", False),
        ("", "units that", True),
        ("", "passed", True),
        ("seed", "7 ms", False),
        ("", "spelt 7.0", True),
    ]


def test_the_tree_puts_files_below_their_directories() -> None:
    ledger = tables.ledger(foundry())

    unfolded, folded = tree(ledger, frozenset()), tree(ledger, frozenset({"canary/"}))

    assert [(node.depth, node.name, node.line is not None) for node in unfolded.rows] == [
        (0, "canary/", False),
        (1, "composite_export.json", True),
        (0, "composite_export.json", True),
        (0, "export_manifest.json", True),
        (0, "notes.txt", True),
        (0, "order031/", False),
        (1, "mint.json", True),
    ]
    assert [node.name for node in folded.rows][:2] == ["canary/", "composite_export.json"]
    assert folded.rows[0].state == "error"
    assert folded.rows[0].records == 4


def test_a_chain_of_lone_directories_is_one_line() -> None:
    ledger = tables.ledger(snapshot_of([export("a/b/c/one.json"), export("a/b/c/two.json")]))

    assert [node.name for node in tree(ledger, frozenset()).rows] == ["a/b/c/", "one.json", "two.json"]


@pytest.mark.parametrize(
    ("at", "index"), [("/2/duration_ms", 2), ("/2", 2), ("", None), ("/exports/json", None), ("/29", None)]
)
def test_the_place_of_an_issue_leads_to_its_record(at: str, index: int | None) -> None:
    assert places.record_of(export("a.json", 6), at) == index


@pytest.mark.parametrize(("at", "index"), [("line 4", 2), ("line 2 /status", 0), ("line 1", None), ("line 99", None)])
def test_a_line_leads_to_its_record_behind_a_header(at: str, index: int | None) -> None:
    document = export("a.csv", 6, record_at=lambda number: f"line {number + 2}")

    assert places.record_of(document, at) == index


def test_changes_are_told_apart_by_identity() -> None:
    kept, before, after = export("kept.json"), export("grown.json", 2), export("grown.json", 5)
    old = snapshot_of([kept, before, notes()])
    new = snapshot_of([kept, after, export("new.json", 1)], 2, arriving=frozenset({"half.json"}))

    found = [(change.sign, change.path, change.text) for change in changes.changes(old, new, 0.0)]

    assert found == [
        ("~", "grown.json", "+3 records (5), valid"),
        ("+", "new.json", "1 record, valid"),
        ("-", "notes.txt", "gone"),
        ("…", "half.json", "arriving"),
    ]


def test_the_rate_is_drawn_with_the_present_at_the_right() -> None:
    assert changes.sparkline([90.0, 99.0, 100.0], 100.0).endswith("▁█")
    assert changes.sparkline([], 100.0) == "▁" * changes.RATE_BINS
    assert changes.per_minute([10.0, 99.0, 100.0], 100.0) == 2


def test_the_tally_counts_repeated_issues_and_orders_verdicts() -> None:
    found = tally(foundry())

    assert (found.files, found.formats, found.records) == (5, 1, 35)
    assert (found.errors, found.warnings, found.infos, found.issues) == (1, 1, 1, 3)
    assert found.sums == (("ok", 1), ("line-endings", 1), ("mismatch", 1))


def test_a_record_made_by_hand_has_the_columns_of_the_export() -> None:
    assert set(record(0)) == {column.name for column in export("a.json").columns}
