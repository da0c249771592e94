"""How bytes and trees look (SVG snapshots; `pytest --snapshot-update` renews them)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from scenes import Feed, export, snapshot_of
from test_app_looks import SIZES, app_over, pressing

TEXT = (
    '[\n  {"batch_id": "alfa-1", "units_processed": 1.50, "status": "nöwhere",\n'
    '   "extra": {"deep": [1, 2E+3, {"x": null}]}, "batch_id": "again"}\n]\n'
)
SCENES: dict[str, Sequence[str]] = {
    "bytes": ("2", "l", "l", "l", "H"),
    "tree": ("2", "tab", "t", "j", "j"),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES)
def test_bytes_and_trees_look_as_drawn(snap_compare: Any, tmp_path: Path, scene: str, size: tuple[int, int]) -> None:
    assert snap_compare(over(tmp_path), terminal_size=size, run_before=pressing(*SCENES[scene]))


def test_marked_bytes_are_seen_without_colour(
    snap_compare: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert snap_compare(over(tmp_path), terminal_size=(80, 24), run_before=pressing(*SCENES["bytes"]))


def over(folder: Path) -> Any:
    """The app over one file that is really there."""
    root = folder / "exports"
    root.mkdir()
    (root / "a.json").write_text(TEXT, encoding="utf-8")
    feed = Feed(str(root), texts={"a.json": TEXT})
    feed.send(snapshot_of([export("a.json", 1)]))
    return app_over(feed)
