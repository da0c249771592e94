"""A file's bytes as rows of hex and text, read in windows; those of one place marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct

from teleloupe import disk
from teleloupe.lazy import Lazy
from teleloupe.model import Column, Place, Table
from teleloupe.spans import Span
from teleloupe_tui import cells
from teleloupe_tui.byte_views import letters
from teleloupe_tui.widgets.showing import Face, Mark

WINDOW_BYTES = 1 << 16
WINDOWS = 64  # kept of a file, four megabytes
SEARCH_BYTES = 4 << 20  # looked at between two questions whether to go on
OFFSET_DIGITS = 8
LEAST_WIDTH = 8  # bytes in a row
Read = Callable[[int, int], bytes]


class Wanted(Struct, frozen=True):
    """What is to be opened: a place, or what a message names where the place is a whole file.

    `column` is the one of a record for the cursor to begin on; `unpacks` says whether packed bytes are unpacked, by
    default where the place is one inside them.
    """

    place: Place
    message: str = ""
    column: str = ""
    unpacks: bool | None = None


class Shown(Struct, frozen=True, eq=False):
    """The bytes that are looked at: what was asked for, how many there are, and how to read some of them.

    `sha256` and `stored_size` are the document's when they were opened; `start` is where the cursor begins; `span` is
    the place's, `line` and `column` are where it begins, from 1;
    `packing` is that of the stored bytes, `is_unpacked` says that these are what was in them; `found` is what a search
    came to.
    """

    wanted: Wanted
    sha256: str
    stored_size: int
    size: int
    read: Read
    start: int = 0
    span: Span | None = None
    line: int = 0
    column: int = 0
    packing: str = ""
    is_unpacked: bool = False
    fault: str = ""
    found: Span | None = None


class Viewed(Struct):
    """What the screen of bytes holds: the bytes, the offset of the cursor, and what to come back to."""

    shown: Shown | None = None
    at: int = 0
    was_zoomed: bool = False


class Line(Struct, frozen=True):
    """A row of bytes at an offset, read when it is painted."""

    offset: int
    size: int
    read: Read

    @property
    def data(self) -> bytes:
        """The bytes; fewer, or none, where the file has become shorter."""
        return self.read(self.offset, self.size)


class Lines(Lazy[Line]):
    """All bytes in rows of one width."""

    def __init__(self, shown: Shown, width: int) -> None:
        self.shown = shown
        self.width = width

    def __len__(self) -> int:
        return (self.shown.size + self.width - 1) // self.width

    def made(self, index: int) -> Line:
        """The row that begins at so many widths."""
        offset = index * self.width
        return Line(offset, min(self.width, self.shown.size - offset), self.shown.read)


def windowed(path: str) -> Read:
    """Bytes of a stored file through a few windows; what cannot be read any more is empty."""

    @lru_cache(maxsize=WINDOWS)
    def window(number: int) -> bytes:
        try:
            return disk.read_slice(path, number * WINDOW_BYTES, WINDOW_BYTES)
        except disk.Unreadable:
            return b""

    def read(offset: int, size: int) -> bytes:
        first, last = offset // WINDOW_BYTES, max(offset + size - 1, offset) // WINDOW_BYTES
        joined = b"".join(window(number) for number in range(first, last + 1))
        return joined[offset - first * WINDOW_BYTES :][:size]

    return read


def held(data: bytes) -> Read:
    """Bytes that are in memory."""
    return lambda offset, size: data[offset : offset + size]


def width_for(room: int, size: int) -> int:
    """How many bytes a row has room for beside its offset and their text."""
    return next((width for width in (64, 32, 16) if _needed(width, size) <= room), LEAST_WIDTH)


def table(shown: Shown, width: int) -> Table:
    """The bytes in rows."""
    rows = Lines(shown, width)
    place = shown.wanted.place
    return Table(place.path, COLUMNS, rows, lambda _row: place, len(rows))


def faces(shown: Shown, width: int, at: int) -> tuple[Face, ...]:
    """Offset, hex and text, with the bytes of the place and the one under the cursor marked."""
    digits = _digits(shown.size)
    stretches = [(shown.span, "spot"), (shown.found, "found"), (Span(at, at + 1), "byte")]

    def marks(row: Line, cell: Callable[[int], int], size: int) -> list[Mark]:
        found = []
        for span, tone in stretches:
            start, end = (max(span.start - row.offset, 0), min(span.end - row.offset, row.size)) if span else (0, 0)
            if start < end:
                found.append(Mark(cell(start), cell(end - 1) + size, tone))
        return found

    title = " ".join(f"{number:02x}" for number in range(width))
    middle = width // 2 * 3 - 1
    return (
        _face("offset", "offset", digits, lambda row: f"{row.offset:0{digits}x}", tone=lambda _row, _text: "faint"),
        _face("hex", title[:middle] + " " + title[middle:], width * 3, lambda row: _hexed(row.data, width),
              marks=lambda row: marks(row, lambda number: _hex_at(number, width), 2)),
        _face("text", "text", width, lambda row: letters(row.data), marks=lambda row: marks(row, lambda n: n, 1)),
    )  # fmt: skip


def by_offset(table: Table, row: int) -> int:
    """What tells a row from others whatever its width: its first byte."""
    offset: int = table.rows[row].offset
    return offset


def row_of(table: Table, offset: int) -> int:
    """The row that holds a byte."""
    return offset // width_of(table)


def width_of(table: Table) -> int:
    """How many bytes a row has."""
    return table.rows.width if isinstance(table.rows, Lines) else LEAST_WIDTH


def wanted(text: str) -> tuple[bytes, bool]:
    """What a search asks for: `0x7b 22` is bytes, all else is text in any case. Raises ValueError for half a byte."""
    if text.lower().startswith("0x"):
        return bytes.fromhex(text[2:]), True
    return text.encode("utf-8", "surrogateescape").lower(), False


def search(
    shown: Shown, needle: str, start: int, step: int, check: Callable[[int], None], part_bytes: int = SEARCH_BYTES
) -> Span | None:
    """The next occurrence at or after `start`, or (step -1) before it, around the end; None when there is none.

    `check` hears how many bytes were looked at, which are `part_bytes` at a time, and stops by raising.
    """
    pattern, is_exact = wanted(needle)
    done, overlap = 0, len(pattern) - 1
    parts = _forward if step > 0 else _backward
    for first, last in parts(shown.size, min(max(start, 0), shown.size), overlap, part_bytes):
        data = shown.read(first, last - first)
        data = data if is_exact else data.lower()
        at = data.find(pattern) if step > 0 else data.rfind(pattern)
        if at >= 0:
            return Span(first + at, first + at + len(pattern))
        done += last - first
        check(done)
    return None


def _forward(size: int, start: int, overlap: int, part: int) -> Iterator[tuple[int, int]]:
    """Stretches to look through in turn: from `start` to the end, then from the beginning; each reaches a little on."""
    for first in range(start, size, part):
        yield first, min(first + part + overlap, size)
    for first in range(0, start, part):
        yield first, min(first + part + overlap, start + overlap, size)


def _backward(size: int, start: int, overlap: int, part: int) -> Iterator[tuple[int, int]]:
    """The same from `start` to the beginning, then from the end."""
    for last in range(start, 0, -part):
        yield max(last - part, 0), min(last + (overlap if last < start else 0), size)
    for last in range(size, start, -part):
        yield max(last - part, start - overlap, 0), min(last + (overlap if last < size else 0), size)


def byte_in_words(shown: Shown, at: int) -> str:
    """What stands at an offset: the byte as a number and a sign, and the character that it begins."""
    data = shown.read(at, 4)
    if not data:
        return ""
    byte = data[0]
    said = f"byte {byte:02x}, {byte}"
    if 32 <= byte < 127:
        return f"{said}, '{chr(byte)}'"
    if byte in _NAMES:
        return f"{said}, {_NAMES[byte]}"
    for size in (2, 3, 4):
        try:
            character = data[:size].decode()
        except UnicodeDecodeError:
            continue
        if len(character) == 1 and byte >= 0xC2:
            return f"{said}, begins U+{ord(character):04X} '{cells.shown(character)}'"
    return said


def _needed(width: int, size: int) -> int:
    return _digits(size) + 2 + width * 3 + 2 + width


def _digits(size: int) -> int:
    return max(OFFSET_DIGITS, len(f"{max(size - 1, 0):x}"))


def _hexed(data: bytes, width: int) -> str:
    half = width // 2
    return f"{data[:half].hex(' '):<{half * 3}} {data[half:].hex(' ')}"


def _hex_at(number: int, width: int) -> int:
    return number * 3 + (1 if number >= width // 2 else 0)


def _face(column: str, title: str, width: int, spell: Callable[[Line], str], **options: Any) -> Face:
    return Face(column, title, lambda row: row, spell, most=width, least=width, **options)


_NAMES = {
    0: "NUL", 9: "tab", 10: "line feed", 13: "carriage return", 27: "escape", 127: "delete",
    0xEF: "as in a UTF-8 byte order mark",
}  # fmt: skip
COLUMNS = (
    Column("offset", lambda row: row.offset, doc="offset of the first byte", type="integer"),
    Column("hex", lambda row: row.data.hex(" "), doc="the bytes"),
    Column("text", lambda row: letters(row.data), doc="the bytes as text, a dot for what is no printable ASCII"),
)
