"""The table of keys, and what is made of it."""

from __future__ import annotations

from itertools import combinations

import pytest
from textual.binding import Binding

from teleloupe_tui import keys, views
from teleloupe_tui.keys import KEYS
from teleloupe_tui.screens.actions import ACTIONS
from teleloupe_tui.situations import Situation
from teleloupe_tui.widgets.bars import whole


def test_every_key_outside_the_grid_has_an_action_and_every_action_a_key() -> None:
    assert set(ACTIONS) == {key.id for key in KEYS} - keys.ON_GRID


def test_no_key_means_two_things() -> None:
    for one, other in combinations(KEYS, 2):
        assert not set(one.keys.split(",")) & set(other.keys.split(",")), (one.id, other.id)


def test_keys_name_panes_that_exist() -> None:
    assert {pane for key in KEYS for pane in key.panes} <= set(views.VIEWS)


def test_bindings_carry_the_ids_by_which_keys_can_be_remapped() -> None:
    found = keys.bindings(["export", "help"], "do")

    assert [(b.key, b.action, b.id) for b in found if isinstance(b, Binding)] == [
        ("x", "do('export')", "export"),
        ("question_mark,f1", "do('help')", "help"),
    ]


def test_the_footer_leaves_out_what_would_do_nothing() -> None:
    empty = {key.id for key in keys.footer(Situation(pane="records", rows=0))}
    full = {key.id for key in keys.footer(Situation(pane="records", rows=3))}

    assert "export" not in empty
    assert "export" in full


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_footer_keys_are_whole_or_not_there(width: int) -> None:
    groups = [[(key.shown, ""), (f" {key.label}", "")] for key in keys.footer(Situation(rows=3, issues=1))]

    found = "".join(text for text, _ in whole(groups, width))

    assert len(found) <= width
    assert all(part in {f"{key.shown} {key.label}" for key in KEYS} for part in found.split("  ") if part)


def test_a_disabled_key_says_why() -> None:
    assert keys.named("undo-export").why_not(Situation()) == "nothing was exported yet: x writes this view"
    assert keys.named("next-found").why_not(Situation()) == "nothing is searched for yet: / starts a search"
    refused = keys.named("sign").why_not(Situation(is_read_only=True))
    assert refused == "started with --read-only: nothing is written here"
    assert keys.named("sign").why_not(Situation()) == ""


def test_labels_tell_the_present_state() -> None:
    assert keys.label(keys.named("follow"), Situation()) == "follow:off"
    assert keys.label(keys.named("follow"), Situation(is_following=True)) == "follow:on"
    assert keys.label(keys.named("turn"), Situation(pane="files")) == "tree"
    assert keys.label(keys.named("turn"), Situation(pane="files", form="tree")) == "table"


def test_the_page_of_keys_has_every_key_once() -> None:
    page = keys.markdown()

    assert all(page.count(f"| {key.help} |") == 1 for key in KEYS)
    assert (
        "| `x` | export | writes this view, or its marked rows, at once: CSV; issues, sums, differences as reports"
        in page
    )
