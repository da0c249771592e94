"""A record as a table, a tree and its own text; folding, and what the tree keeps of the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenes import opened, press, settled, text

from teleloupe_tui.screens.copying import copies
from teleloupe_tui.screens.inspector import Inspector

NESTED = (
    '[\n {"schema_version": "1.0", "batch_id": "alfa-1763971200-00000001", "ritual": "forge", "units_processed": 1.0,\n'
    '  "status": "success", "duration_ms": 1E+2, "batch_id": "again",\n'
    '  "extra": {"deep": [1, 2.50, {"x": null}], "empty": {}}}\n]\n'
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "composite_export.json").write_text(NESTED)
    (folder / "composite_export.csv").write_bytes(
        b"schema_version,batch_id,ritual,units_processed,status,duration_ms\r\n1.0,alfa-1763971200-00000001,forge,1,success,0\r\n"
    )
    return folder


def drawn(screen: Inspector) -> list[str]:
    """The lines of the tree."""
    showing = screen.here.showing
    assert showing is not None
    face = showing.faces[0]
    return [face.spell(face.get(row)) for row in showing.table.rows]


async def test_t_goes_from_table_to_tree_to_text_and_back(root: Path) -> None:
    async with opened(root, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "tab")
        forms = []
        for _ in range(4):
            forms.append(screen.here.asked.form)
            await press(pilot, "t")

        assert forms == ["", "tree", "text", ""]


async def test_the_tree_keeps_order_repeated_keys_and_the_spelling_of_numbers(root: Path) -> None:
    async with opened(root, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "tab", "t")

        assert [line.strip() for line in drawn(screen)] == [
            "▾ /0",
            'schema_version: "1.0"',
            'batch_id: "alfa-1763971200-00000001"',
            'ritual: "forge"',
            "units_processed: 1.0",
            'status: "success"',
            "duration_ms: 1E+2",
            'batch_id (again, 2): "again"',
            "▾ extra",
            "▾ deep",
            "[0]: 1",
            "[1]: 2.50",
            "▾ [2]",
            "x: null",
            "empty: {}",
        ]
        columns = {column.name: column for column in screen.here.table.columns}
        assert screen.here.showing is not None
        deep = screen.here.showing.table.rows[9]
        assert (columns["type"].get(deep), columns["size"].get(deep)) == ("array", "3 elements")


async def test_h_l_and_enter_fold_and_unfold_and_step_in_and_out(root: Path) -> None:
    async with opened(root, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "tab", "t", "G", "k", "h")
        assert screen.here.row.key == "[2]"

        await press(pilot, "h")
        assert screen.here.row.is_folded
        assert drawn(screen)[screen.here.cursor].strip() == '▸ [2]: {"x": null}'

        await press(pilot, "h", "enter")
        assert screen.here.row.key == "deep"
        assert len(drawn(screen)) == 11

        await press(pilot, "l", "l")
        assert screen.here.row.key == "[0]"


async def test_y_takes_a_value_and_h_shows_the_bytes_of_a_line_of_the_tree(root: Path) -> None:
    async with opened(root, select="composite_export.json") as (screen, pilot):
        await press(pilot, "2", "tab", "t", "G")
        screen.here.move_to(11)
        await settled(pilot)
        found = copies(screen, screen.here)
        assert (found["v"], found["a"]) == ("2.50", "/0/extra/deep/1")

        await press(pilot, "H")
        shown = screen.viewed.shown
        assert shown is not None
        assert shown.span is not None
        assert NESTED.encode()[shown.span.start : shown.span.end] == b"2.50"


async def test_what_is_no_json_has_no_tree(root: Path) -> None:
    async with opened(root, select="composite_export.csv") as (screen, pilot):
        await press(pilot, "2", "tab", "t")

        assert screen.here.asked.form == "text"


async def test_a_whole_file_is_a_tree_too(root: Path) -> None:
    async with opened(root, select="composite_export.json") as (screen, pilot):
        await press(pilot, "1", "tab", "t")

        assert drawn(screen)[0].strip() == "▾ (all of the file)"
        assert "units_processed: 1.0" in text(pilot)
