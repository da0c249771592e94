"""Fields as a page: names at the left, values and meanings wrapped beside them so that nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from teleloupe.detail import Field
from teleloupe.model import Column, Table
from teleloupe.safe import safe
from teleloupe_tui import cells
from teleloupe_tui.fit import GAP
from teleloupe_tui.widgets.showing import Mark

_JOINT = "  · "
MOST_LINES = 60  # of one value; the text has the rest
LEAST_MEANING = 22  # a column of meanings narrower than this is worse than a line of its own


class Spot(Field, frozen=True):
    """A line of a file, some characters of which are the matter; it is never wrapped, but shown around them."""

    start: int = 0
    end: int = 0


class Line(Struct, frozen=True):
    """A line of the page: its field, which of the field's lines it is, and the texts in its columns."""

    field: Field
    row: int
    part: int
    name: str
    value: str
    meaning: str
    is_aside: bool = False  # whether `value` holds a piece of the meaning
    marks: tuple[Mark, ...] | None = None


class Widths(Struct, frozen=True):
    """The columns of a page; `meaning` is 0 where meanings get lines of their own."""

    name: int
    value: int
    meaning: int


COLUMNS = (
    Column("field", lambda line: line.name),
    Column("value", lambda line: line.value),
    Column("meaning", lambda line: line.meaning),
)


def page(fields: Table, room: int) -> tuple[Table, Widths]:
    """The lines of a table of fields for some room, and the widths they were wrapped to."""
    widths = widths_for(fields.rows, room)
    lines = [line for row, field in enumerate(fields.rows) for line in _lines(row, field, widths)]
    columns = COLUMNS if widths.meaning else COLUMNS[:2]
    return Table(fields.title, columns, lines, lambda index: fields.locate(lines[index].row), len(fields.rows)), widths


def widths_for(fields: Sequence[Field], room: int) -> Widths:
    """Names as wide as they are up to two fifths; meanings in a column of their own where there is room for both."""
    name = min(max((cells.width(_name(field)) for field in fields), default=5), max(room * 2 // 5, 8))
    rest = max(room - name - GAP, 8)
    if not any(map(_meaning, fields)):
        return Widths(name, rest, 0)
    value = min(max((cells.width(_value(field)) for field in fields), default=5), max(rest * 55 // 100, 8))
    meaning = rest - value - GAP
    return Widths(name, value, meaning) if meaning >= LEAST_MEANING else Widths(name, rest, 0)


def _lines(row: int, field: Field, widths: Widths) -> Iterator[Line]:
    if isinstance(field, Spot):
        yield _spotted(row, field, widths)
        return
    value, meaning = _value(field), _meaning(field)
    asides: list[str] = []
    if meaning and not widths.meaning:
        if cells.width(value) + cells.width(meaning) + len(_JOINT) <= widths.value and value:
            value += _JOINT + meaning
        else:
            asides = wrapped(meaning, widths.value)
    values = wrapped(value, widths.value) or ([] if asides else [""])
    meanings = wrapped(meaning, widths.meaning) if widths.meaning else []
    for part in range(max(len(values) + len(asides), len(meanings))):
        is_aside = part >= len(values)
        text = (asides[part - len(values)] if part < len(values) + len(asides) else "") if is_aside else values[part]
        said = meanings[part] if part < len(meanings) else ""
        yield Line(field, row, part, _name(field) if part == 0 else "", text, said, is_aside)


def _spotted(row: int, spot: Spot, widths: Widths) -> Line:
    """A line of a file, cut so that the characters that matter are in sight, and these marked."""
    words, room = spot.value, widths.value
    before, own, after = (safe(part) for part in (words[: spot.start], words[spot.start : spot.end], words[spot.end :]))
    if cells.width(before) + cells.width(own) + cells.width(after) > room:
        kept = max(room - cells.width(own[:room]) - 1, room // 4) if own else room
        before = cells.fitted(before, kept, keeps_end=True).lstrip() if cells.width(before) > kept else before
    if spot.start < spot.end and not own:
        own = "∅"  # nothing stands where something should
    mark = (Mark(len(before), len(before) + len(own), "spot"),) if own else ()
    return Line(spot, row, 0, _name(spot), before + own + after, "", marks=mark)


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` cells, broken at blanks where there are any; bounded in number."""
    found: list[str] = []
    while text and len(found) < MOST_LINES:
        if cells.width(text[: width + 1]) <= width:
            found.append(text)
            return found
        cut = len(cells.fitted(text[: width + 1], width).rstrip("… ")) if not text[: width + 1].isascii() else width
        cut = max(cut, 1)
        at = max(text.rfind(" ", cut // 2, cut + 1), text.rfind("/", cut // 2, cut) + 1)
        at = at if at > 0 else cut
        found.append(text[:at])
        text = text[at:].lstrip(" ") if at < cut + 1 else text[at:]
    if text:
        found[-1] = f"… {cells.amount(len(text), 'more character')}"
    return found


def _name(field: Field) -> str:
    return cells.shown(field.name)


def _value(field: Field) -> str:
    text = "(absent)" if field.is_absent else cells.shown(field.value)
    return f"{text} {cells.shown(field.unit)}" if field.unit and text and not field.is_absent else text


def _meaning(field: Any) -> str:
    spelt = f"spelt {cells.shown(field.spelling)}" if field.spelling else ""
    return "; ".join(filter(None, (cells.shown(field.origin or ""), spelt, cells.shown(field.meaning or ""))))
