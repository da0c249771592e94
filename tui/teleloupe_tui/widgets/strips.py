"""The lines of a grid, drawn: its header, a row, and what is said instead of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from teleloupe_tui import cells, fit, ordering
from teleloupe_tui.widgets.columns import PREFIX, Columns
from teleloupe_tui.widgets.showing import Face, Mark, Showing, highlighted, marked

Pen = Callable[[str], Style]
Part = tuple[str, Style]
_GAP, _FENCE = " " * fit.GAP, "│".ljust(fit.GAP)


class Look(Struct, frozen=True):
    """What is special about a row: the cursor, a mark, news; and of its grid: the focus, column, needle and shift.

    Below a row that `is_edge` news begins or ends.
    """

    is_cursor: bool = False
    is_marked: bool = False
    has_focus: bool = False
    column: str = ""
    needle: str = ""
    shift: int = 0
    news: str = ""
    is_edge: bool = False


def header(showing: Showing, columns: Columns, pen: Pen, look: Look) -> list[Segment]:
    """Titles with the sort mark, and at the end how many columns are out of sight."""
    base = pen("") + pen("header")
    parts: list[Part] = [(" " * (PREFIX + columns.number), base)]
    for slot in columns.slots:
        face = showing.faces[slot.column]
        is_current = face.column == look.column and look.has_focus and len(showing.faces) > 1
        title = cells.fitted(face.title + ordering.mark(showing.sort, face.column), slot.width, is_right=face.is_right)
        parts += [(title, base + pen("current") if is_current else base), (_gap(showing, slot), base)]
    line = _joined(parts, columns.width, base)
    hidden = len(showing.faces) - len(columns.slots)
    if showing.drops is not None or not hidden or not columns.slots:
        return line
    is_more = columns.slots[-1].column < len(showing.faces) - 1
    said = f" {'‹' if columns.first else ''}+{hidden}{'›' if is_more else ''}"
    return [*Strip(line).crop(0, columns.width - len(said)), Segment(said, base)]


def row(showing: Showing, columns: Columns, index: int, pen: Pen, look: Look) -> list[Segment]:
    """A row: news, cursor, mark, number, cells."""
    base = pen("") + pen("edge") if look.is_edge else pen("")
    if look.is_cursor:
        base += pen("cursor" if look.has_focus else "behind")
    parts: list[Part] = [(look.news or " ", base + pen("fresh") if look.news else base)]
    parts.append((">" if look.is_cursor else " ", base))
    parts.append(("*", base + pen("marked")) if look.is_marked else (" ", base))
    if columns.number and showing.number:
        text = showing.number(showing.table, index).rjust(columns.number - fit.GAP)
        parts.append((text + _GAP, base + pen("gutter")))
    record = showing.table.rows[index]
    for slot in columns.slots:
        parts += _cell(showing.faces[slot.column], slot.width, record, base, pen, look)
        parts.append((_gap(showing, slot), base))
    return _joined(parts[:-1] if columns.slots else parts, columns.width, base)


def said(text: str, width: int, pen: Pen) -> list[Segment]:
    """A line in place of a row."""
    return [Segment(cells.fitted(f"  {text}" if text else "", width), pen("") + pen("hint"))]


def _gap(showing: Showing, slot: fit.Slot) -> str:
    """What stands behind a column: a fence behind the last one that was frozen."""
    if not showing.is_fenced or not showing.faces[slot.column].is_frozen:
        return _GAP
    following = showing.faces[slot.column + 1 : slot.column + 2]
    return _FENCE if following and not following[0].is_frozen else _GAP


def _joined(parts: list[Part], width: int, base: Style) -> list[Segment]:
    """Parts as one line of some width: neighbours of one style are one segment, which is quicker to draw."""
    segments: list[Segment] = []
    text, style, room = "", base, width
    for more, its_style in parts:
        room -= cells.width(more)
        if its_style == style:
            text += more
            continue
        if text:
            segments.append(Segment(text, style))
        text, style = more, its_style
    if room > 0 and style == base:
        text, room = text + " " * room, 0
    segments.append(Segment(text, style))
    return segments if not room else list(Strip(segments).adjust_cell_length(width, base))


def _cell(face: Face, width: int, record: Any, base: Style, pen: Pen, look: Look) -> list[Part]:
    text = face.spell(face.get(record))
    tone = face.tone(record, text) if face.tone else ""
    style = base + pen(tone) if tone else base
    if look.is_cursor and look.has_focus and face.column == look.column:
        style += pen("cell")
    drawn = cells.fitted(text[look.shift :], width, is_right=face.is_right, keeps_end=face.keeps_end)
    if face.marks and (marks := face.marks(record)) is not None:
        moved = [Mark(mark.start - look.shift, mark.end - look.shift, mark.tone) for mark in marks]
        return marked(drawn, moved, style, pen)
    return highlighted(drawn, look.needle, style, pen("found")) if look.needle else [(drawn, style)]
