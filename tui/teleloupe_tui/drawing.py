"""How sums by cause and differences are drawn: widths for the room there is, signs, and what is absent."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from teleloupe.diff.records import ABSENT
from teleloupe.model import Table
from teleloupe_tui import cells
from teleloupe_tui.byte_views import ByteRow
from teleloupe_tui.differences import Diff, RecordRow
from teleloupe_tui.fit import GAP
from teleloupe_tui.line_views import LineRow
from teleloupe_tui.widgets.showing import Face

SAMPLE_ROWS = 300
SIGN_TONES = {"~": "odd", "-": "bad", "+": "good", ">": "fresh", "≈": "mild", "=": "faint", "⋯": "faint"}
LEAST_VALUE = 12

REASONS_DROPS = ("where", "fix")


def reasons(table: Table) -> tuple[Face, ...]:
    """Sums by cause."""
    get = {column.name: column.get for column in table.columns}
    return (
        Face("verdict", "verdict", get["verdict"], most=18, tone=lambda _row, text: cells.tone(text)),
        Face("places", "places", get["places"], spell=cells.number, is_right=True),
        Face("cause", "cause", get["cause"], most=60, least=24, gives=3),
        Face("fix", "fix", get["fix"], most=90, least=24, gives=1, tone=_faint),
        Face("where", "where", get["where"], most=400, least=24, gives=2, tone=_faint),
    )


def differences(diff: Diff, table: Table, form: str, room: int) -> tuple[Face, ...]:
    """A view of a difference in some room."""
    view = form.removesuffix("+")
    if view == "lines":
        return (Face("text", " ", lambda row: row, spell=lambda row: cells.line(row.text), most=400, tone=_signed),)
    return _bytes(diff, table) if view == "bytes" else _records(diff, table.rows, room)


def gutter(diff: Diff) -> Callable[[Table, int], str]:
    """The numbers of a line on both sides, and its sign."""
    digits = [len(str(max(len(side[0]), 1))) for side in (diff.lines.before, diff.lines.after)]

    def number(table: Table, index: int) -> str:
        row: LineRow = table.rows[index]
        left, right = (("" if at is None else str(at)) for at in (row.before, row.after))
        return f"{left:>{digits[0]}} {right:>{digits[1]}} {row.sign}"

    return number


def side_text(row: RecordRow, value: Any) -> str:
    """A value of one side; quoted where both sides would look the same."""
    if value is ABSENT:
        return "(absent)"
    if value is None:
        return "null" if row.sign != "≈" else ""
    if (
        isinstance(value, str)
        and _other(row, value) is not ABSENT
        and cells.shown(row.before) == cells.shown(row.after)
    ):
        return json.dumps(value, ensure_ascii=False)
    return cells.shown(value)


def _other(row: RecordRow, value: Any) -> Any:
    return row.after if value is row.before else row.before


def _records(diff: Diff, rows: Sequence[RecordRow], room: int) -> tuple[Face, ...]:
    """Records and fields as wide as they are, within limits; the two sides share the rest."""
    sample = rows[:SAMPLE_ROWS]
    key = min(max((cells.width(row.key) for row in sample), default=0), room * 30 // 100)
    field = min(max((cells.width(row.field) for row in sample), default=0), room * 24 // 100)
    key, field = max(key, 6) if key else 0, max(field, 5) if field else 0
    rest = room - 1 - GAP - (key + GAP if key else 0) - (field + GAP if field else 0)
    side = max((rest - GAP) // 2, LEAST_VALUE)
    before, after = diff.sides
    faces = [_fixed("kind", " ", 1, lambda row: row.sign, _signed)]
    if key:
        faces.append(_fixed("record", "record", key, lambda row: cells.shown(row.key), None, keeps_end=True))
    if field:
        faces.append(_fixed("field", "field", field, lambda row: cells.shown(row.field), None))
    faces.append(_fixed("before", before, side, lambda row: side_text(row, row.before), _absent))
    faces.append(_fixed("after", after, side, lambda row: side_text(row, row.after), _absent))
    return tuple(faces)


def _bytes(diff: Diff, table: Table) -> tuple[Face, ...]:
    get = {column.name: column.get for column in table.columns}
    width = max((len(row.before_bytes) for row in table.rows[:SAMPLE_ROWS]), default=8)
    width = max(width, max((len(row.after_bytes) for row in table.rows[:SAMPLE_ROWS]), default=8), 4)
    before, after = diff.sides
    cell = width * 3 - 1
    return (
        _fixed("kind", " ", 1, lambda row: row.sign, _signed),
        _fixed("offset", "offset", 6, get["offset"], _faint),
        _fixed("before", before, cell, get["before"], _of_bytes),
        _fixed("before_text", "text", width, get["before_text"], _of_bytes),
        _fixed("after_offset", "offset", 6, get["after_offset"], _faint),
        _fixed("after", after, cell, get["after"], _of_bytes),
        _fixed("after_text", "text", width, get["after_text"], _of_bytes),
    )


def _fixed(
    column: str,
    title: str,
    width: int,
    spell: Callable[[Any], str],
    tone: Callable[[Any, str], str] | None,
    *,
    keeps_end: bool = False,
) -> Face:
    return Face(
        column, cells.fitted(title, min(width, len(title))), lambda row: row, spell, most=width, least=width,
        tone=tone, keeps_end=keeps_end,
    )  # fmt: skip


def _faint(_row: Any, _text: str) -> str:
    return "faint"


def _signed(row: Any, _text: str) -> str:
    return SIGN_TONES.get(row.sign, "")


def _absent(row: RecordRow, text: str) -> str:
    return "faint" if text == "(absent)" or row.sign in "=⋯" else ""


def _of_bytes(row: ByteRow, _text: str) -> str:
    return "" if row.sign == "=" else _signed(row, "")
