"""How views and figures look at the three sizes (SVG snapshots; `pytest --snapshot-update` renews them)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from scenes import Feed, foundry
from test_app_looks import SIZES, app_over, pressing
from test_app_worked import VIEWS

from teleloupe import formats
from teleloupe_tui.config import Config

QUIET = Config(has_tips=False)  # which tip there is depends on which keys could be used while the view was worked out
SCENES: dict[str, Sequence[str]] = {
    "stats": ("2", "6", "j", "j", "j", "j"),
    "values": ("2", "l", "F"),
    "look": ("V", "1", "j"),
    "facts": ("V", "2"),
    "made": ("W",),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES)
def test_what_is_worked_out_looks_as_drawn(
    snap_compare: Any, monkeypatch: pytest.MonkeyPatch, scene: str, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(formats, "views_of", lambda document: list(VIEWS) if document.kind == "export" else [])
    feed = Feed()
    feed.send(foundry())
    app = app_over(feed, config=QUIET)
    app.selected = "composite_export.json"

    assert snap_compare(app, terminal_size=size, run_before=pressing(*SCENES[scene]))


def test_charts_are_read_without_colour(snap_compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(formats, "views_of", lambda document: list(VIEWS) if document.kind == "export" else [])
    feed = Feed()
    feed.send(foundry())
    app = app_over(feed, config=QUIET)
    app.selected = "composite_export.json"

    assert snap_compare(app, terminal_size=(120, 40), run_before=pressing("V", "1"))
