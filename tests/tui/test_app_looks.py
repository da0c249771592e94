"""How the screens look at the three sizes they are drawn for (SVG; `pytest --snapshot-update` renews them)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import structs
from scenes import NOW, Feed, export, foundry, notes, settled, snapshot_of, until
from textual.pilot import Pilot

from teleloupe.model import Progress
from teleloupe_tui.app import Teleloupe
from teleloupe_tui.screens.inspector import Inspector

SIZES = ((80, 24), (120, 40), (200, 60))
CONTENT = (
    '[\n  {\n    "batch_id": "alfa-1760288351-00000000",\n    "units_processed": 1.0,\n    "duration_ms": 0\n  }\n]\n'
)
SCENES: dict[str, Sequence[str]] = {
    "files": ("j",),
    "tree": ("t", "j"),
    "records": ("j", "enter", "j", "j", "m", "m"),
    "record": ("enter", "j", "j", "enter", "j"),
    "issues": ("3", "j"),
    "places": ("3", "t"),
    "sums": ("4", "j"),
}


def app_over(feed: Feed, **options: Any) -> Teleloupe:
    """The app at a fixed time."""
    return Teleloupe(feed, clock=lambda: NOW, **options)


def pressing(*keys: str) -> Any:
    """What to do before the picture is taken: wait for the first snapshot, then press keys, settling after each."""

    async def act(pilot: Pilot[Any]) -> None:
        screen = pilot.app.screen_stack[0]
        assert isinstance(screen, Inspector)
        await until(pilot, lambda: screen.snapshot.generation > 0)
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return act


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES)
def test_screen_looks_as_drawn(snap_compare: Any, scene: str, size: tuple[int, int]) -> None:
    feed = Feed(texts={"canary/composite_export.json": CONTENT})
    feed.send(foundry())

    assert snap_compare(app_over(feed), terminal_size=size, run_before=pressing(*SCENES[scene]))


@pytest.mark.parametrize(
    ("name", "keys"),
    [("help", ["question_mark", *"checksum"]), ("export", ["X"]), ("copy", ["y"]), ("find", ["slash", "c", "o"])],
)
def test_dialog_looks_as_drawn(snap_compare: Any, name: str, keys: list[str]) -> None:
    feed = Feed("/data/exports")
    feed.send(foundry())

    assert snap_compare(app_over(feed), terminal_size=(100, 32), run_before=pressing(*keys))


def test_an_empty_directory_looks_inviting(snap_compare: Any) -> None:
    feed = Feed()
    feed.send(snapshot_of([]))

    assert snap_compare(app_over(feed), terminal_size=(80, 24), run_before=pressing())


def test_a_scan_under_way_tells_how_far_it_is(snap_compare: Any) -> None:
    feed = Feed()
    feed.send(structs.replace(snapshot_of([export("a.json", 1200)]), progress=Progress(12, 400, 700, 2000)))

    assert snap_compare(app_over(feed), terminal_size=(80, 24), run_before=pressing())


def test_live_events_line_up(snap_compare: Any) -> None:
    first, grown = export("a.json", 2), export("a.json", 4)
    feed = Feed()
    feed.send(snapshot_of([first]))

    async def act(pilot: Pilot[Any]) -> None:
        await pressing()(pilot)
        screen = pilot.app.screen_stack[0]
        assert isinstance(screen, Inspector)
        for snapshot in (snapshot_of([grown, export("b.json", 1)], 2), snapshot_of([grown, notes("c.txt")], 3)):
            feed.send(snapshot)
            generation = snapshot.generation
            await until(pilot, lambda: screen.snapshot.generation == generation)  # noqa: B023 - awaited at once
            await settled(pilot)

    assert snap_compare(app_over(feed), terminal_size=(200, 60), run_before=act)
