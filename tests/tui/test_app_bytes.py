"""The bytes of what the cursor stands on: at their place, marked, searched, taken along; and the way back."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest
from ledgers import pretty, rituals
from scenes import lines, opened, press, settled, text, until

from teleloupe.model import Place
from teleloupe_tui import hexes
from teleloupe_tui.hexes import Shown, Wanted
from teleloupe_tui.opened import LOCATED_BYTES
from teleloupe_tui.screens import bytewise
from teleloupe_tui.screens.inspector import Inspector

SMALL, MIDDLE = (80, 24), (120, 40)
EXPORT = pretty(rituals(3, status="nowhere"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "composite_export.json").write_bytes(EXPORT)
    (folder / "packed.json.gz").write_bytes(gzip.compress(EXPORT, mtime=0))
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 20)
    (folder / "empty.json").write_bytes(b"")
    (folder / "broken.json").write_bytes(b'[{"schema_version": "1.0", "batch_id": "a", \x1b[31m')
    return folder


def marked(screen: Inspector) -> bytes:
    """The bytes of the place on the screen."""
    shown = screen.viewed.shown
    assert shown is not None
    assert shown.span is not None
    return shown.read(shown.span.start, shown.span.end - shown.span.start)


async def test_h_shows_a_file_in_hex_and_goes_back_to_where_one_was(root: Path) -> None:
    async with opened(root, SMALL, "noise.bin") as (screen, pilot):
        cursor = screen.pane("files").cursor
        await press(pilot, "H")

        assert "00000010  10 11 12 13 14 15 16 17  18 19 1a 1b 1c 1d 1e 1f" in text(pilot)
        assert "5 120 bytes stored" in text(pilot).replace("\N{NO-BREAK SPACE}", " ")

        await press(pilot, "H")
        assert (screen.screen_name, screen.pane_name, screen.pane("files").cursor) == ("files", "files", cursor)


async def test_the_bytes_of_a_field_are_marked_and_under_the_cursor(root: Path) -> None:
    async with opened(root, MIDDLE, "composite_export.json") as (screen, pilot):
        await press(pilot, "2", "j", "tab")
        record = screen.pane("record")
        status = next(row for row, line in enumerate(record.table.rows) if line.name == "status")
        record.feed(screen.context(), row=record.table.rows[status].at)
        await press(pilot, "H")

        assert marked(screen) == b'"nowhere"'
        assert screen.viewed.at == EXPORT.index(b'"nowhere"')
        assert "/1/status: line 15, column 15, 9 bytes" in text(pilot)

        await press(pilot, "escape")
        assert (screen.screen_name, screen.pane_name, record.row.field.name) == ("records", "record", "status")


async def test_in_a_list_of_records_the_record_is_marked_and_the_cursor_is_on_the_cell(root: Path) -> None:
    async with opened(root, MIDDLE, "composite_export.json") as (screen, pilot):
        await press(pilot, "2", "j", "l", "H")

        assert marked(screen).startswith(b'{\n    "batch_id": "alfa-1763974801')
        column = screen.panes["records"].column
        assert EXPORT[: screen.viewed.at].rstrip().endswith(f'"{column}":'.encode())


async def test_e_walks_from_the_bytes_of_one_issue_to_those_of_the_next(root: Path) -> None:
    async with opened(root, MIDDLE, "composite_export.json") as (screen, pilot):
        await press(pilot, "H", "e")
        places = []
        for _ in range(screen.pane("issues").count):
            assert screen.screen_name == "bytes"
            assert screen.viewed.shown is not None
            places.append(screen.viewed.shown.wanted.place)
            await press(pilot, "e")

        assert Place("composite_export.json", "/1/status") in places
        assert len({place.path for place in places}) > 1


async def test_a_packed_file_is_shown_as_stored_and_as_what_is_packed(root: Path) -> None:
    async with opened(root, MIDDLE, "packed.json.gz") as (screen, pilot):
        await press(pilot, "H")
        assert "1f 8b 08" in text(pilot)

        await press(pilot, "t")
        assert f"{len(EXPORT)} bytes unpacked from gzip" in text(pilot)
        assert "5b 0a 20 20 7b" in text(pilot)

        await press(pilot, "H", "2", "H")  # a record lies in what is packed
        assert marked(screen).startswith(b"{")


@pytest.mark.parametrize("name", ["empty.json", "broken.json"])
async def test_empty_and_broken_files_have_bytes_too_and_none_reaches_the_terminal_raw(root: Path, name: str) -> None:
    async with opened(root, SMALL, name) as (_screen, pilot):
        await press(pilot, "H")

        assert "this file is empty" in text(pilot) or '[{"schema_versio' in text(pilot)
        assert "\x1b" not in "".join(lines(pilot))


async def test_slash_finds_text_in_any_case_and_bytes_in_hex(root: Path) -> None:
    async with opened(root, SMALL, "noise.bin") as (screen, pilot):
        await press(pilot, "H", "slash", *"0xff 00", "enter")
        assert screen.viewed.at == 255

        await press(pilot, "n")
        assert screen.viewed.at == 511
        await press(pilot, "N", "N")
        assert screen.viewed.at == 4863  # around the beginning

        await press(pilot, "escape", "slash", *"abc", "enter")
        assert screen.viewed.at == 5 * 1024 - 256 + ord("A")


async def test_the_cursor_moves_by_bytes_and_rows(root: Path) -> None:
    async with opened(root, SMALL, "noise.bin") as (screen, pilot):
        await press(pilot, "H", "l", "l", "j")
        assert screen.viewed.at == 18
        await press(pilot, "G")
        assert screen.viewed.at == 5106
        await press(pilot, "h")
        assert screen.viewed.at == 5105
        assert "byte f1, 241" in text(pilot)


async def test_resizing_keeps_the_byte_under_the_cursor(root: Path) -> None:
    async with opened(root, SMALL, "noise.bin") as (screen, pilot):
        await press(pilot, "H", "j", "j", "j", "l")
        await pilot.resize_terminal(160, 50)
        await settled(pilot)

        assert screen.viewed.at == 49
        assert screen.pane("bytes").row.offset == 32


async def test_x_writes_the_marked_bytes_with_their_sum(root: Path) -> None:
    async with opened(root, MIDDLE, "composite_export.json") as (screen, pilot):
        await press(pilot, "2", "H", "x")
        await until(pilot, lambda: bool(screen.exports))
        written = Path(screen.exports[-1].path)

        assert written.read_bytes() == marked(screen)
        assert hashlib.sha256(marked(screen)).hexdigest() in Path(f"{written}.sha256").read_text()


async def test_a_file_that_changes_is_shown_anew(root: Path) -> None:
    async with opened(root, SMALL, "noise.bin") as (screen, pilot):
        await press(pilot, "H", "l", "l", "l")
        (root / "noise.bin").write_bytes(b"fresh bytes")
        await until(pilot, lambda: "fresh bytes" in text(pilot))

        assert screen.viewed.at == 3


async def test_the_line_of_a_large_file_is_found_without_holding_it(root: Path) -> None:
    line = b'{"a": "' + b"x" * 1000 + b'", "b": 7}\n'
    count = LOCATED_BYTES // len(line) + 1000
    with (root / "large.jsonl").open("wb") as file:
        for _ in range(count // 1000):
            file.write(line * 1000)
        file.write(b'{"b": "here"}\r\n')
    async with opened(root, SMALL, "noise.bin") as (screen, pilot):
        await until(pilot, lambda: "large.jsonl" in screen.snapshot.documents)
        bytewise.look(screen, Wanted(Place("large.jsonl", f"line {count // 1000 * 1000 + 1} /b")))
        await settled(pilot)

        assert marked(screen) == b'"here"'


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_a_search_in_parts_of_any_size_finds_what_one_look_would(size: int) -> None:
    data = b"..needle...NEEDLE......x..needle"
    shown = Shown(Wanted(Place("a")), "", len(data), len(data), hexes.held(data))
    forward = [hexes.search(shown, "Needle", start, 1, lambda _done: None, size) for start in (0, 3, 12, 27)]
    backward = [hexes.search(shown, "Needle", start, -1, lambda _done: None, size) for start in (26, 11, 2)]

    assert [span.start for span in forward if span] == [2, 11, 26, 2]
    assert [span.start for span in backward if span] == [11, 2, 26]
    assert hexes.search(shown, "0x7878", 5, 1, lambda _done: None, size) is None
