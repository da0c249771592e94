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
_GAP = " " * fit.GAP


class Look(Struct, frozen=True):
    """What is special about a row: the cursor, a mark; and of its grid: the focus, column, needle and shift."""

    is_cursor: bool = False
    is_marked: bool = False
    has_focus: bool = False
    column: str = ""
    needle: str = ""
    shift: int = 0


def header(showing: Showing, columns: Columns, pen: Pen, look: Look) -> Strip:
    """Titles with the sort mark, and at the end how many columns are out of sight."""
    base = pen("") + pen("header")
    segments = [Segment(" " * (PREFIX + columns.number), base)]
    for slot in columns.slots:
        face = showing.faces[slot.column]
        is_current = face.column == look.column and look.has_focus and len(showing.faces) > 1
        title = cells.fitted(face.title + ordering.mark(showing.sort, face.column), slot.width, is_right=face.is_right)
        segments += [Segment(title, base + pen("current") if is_current else base), Segment(_GAP, base)]
    line = Strip(segments).adjust_cell_length(columns.width, base)
    hidden = len(showing.faces) - len(columns.slots)
    if showing.drops is not None or not hidden or not columns.slots:
        return line
    is_more = columns.slots[-1].column < len(showing.faces) - 1
    said = f" {'‹' if columns.first else ''}+{hidden}{'›' if is_more else ''}"
    return Strip([*line.crop(0, columns.width - len(said)), Segment(said, base)])


def row(showing: Showing, columns: Columns, index: int, pen: Pen, look: Look) -> Strip:
    """A row: cursor, mark, number, cells."""
    base = pen("")
    if look.is_cursor:
        base += pen("cursor" if look.has_focus else "behind")
    segments = [Segment(" >" if look.is_cursor else "  ", base)]
    segments.append(Segment("*", base + pen("marked")) if look.is_marked else Segment(" ", base))
    if columns.number and showing.number:
        text = showing.number(showing.table, index).rjust(columns.number - fit.GAP)
        segments.append(Segment(text + _GAP, base + pen("gutter")))
    record = showing.table.rows[index]
    for slot in columns.slots:
        segments += _cell(showing.faces[slot.column], slot.width, record, base, pen, look)
        segments.append(Segment(_GAP, base))
    return Strip(segments).adjust_cell_length(columns.width, base).simplify()


def said(text: str, width: int, pen: Pen) -> Strip:
    """A line in place of a row."""
    return Strip([Segment(cells.fitted(f"  {text}" if text else "", width), pen("") + pen("hint"))])


def _cell(face: Face, width: int, record: Any, base: Style, pen: Pen, look: Look) -> list[Segment]:
    text = face.spell(face.get(record))
    tone = face.tone(record, text) if face.tone else ""
    style = base + pen(tone) if tone else base
    if look.is_cursor and look.has_focus and face.column == look.column:
        style += pen("cell")
    drawn = cells.fitted(text[look.shift :], width, is_right=face.is_right, keeps_end=face.keeps_end)
    if face.marks and (marks := face.marks(record)) is not None:
        moved = [Mark(mark.start - look.shift, mark.end - look.shift, mark.tone) for mark in marks]
        return marked(drawn, moved, style, pen)
    return highlighted(drawn, look.needle, style, pen("found")) if look.needle else [Segment(drawn, style)]
