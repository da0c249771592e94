"""How the columns of views, figures and made files are drawn."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec import structs

from teleloupe import figures
from teleloupe.model import Table
from teleloupe.stats import Frequency, Summary
from teleloupe_tui import cells, faces
from teleloupe_tui.made import word_of
from teleloupe_tui.widgets.showing import Face

FROZEN_FROM = 4  # columns from which on the first one stays in sight
BAR_CELLS = 10  # of a group, beside its figures
LATER_FIGURES = ("min", "median", "max")  # which stand behind the sum, that has the column's name
LONGEST_LAST = 120  # cells of the last column, which nothing stands behind
STATES = {
    **dict.fromkeys(
        ("valid", "met", "agrees", "same", "equal", "within", "linked", "reached", "green", "pass"), "good"
    ),
    **dict.fromkeys(("broken", "differs", "missed", "corrupt", "invalid", "leaked", "red", "fail", "overlong"), "bad"),
    **dict.fromkeys(("stale", "skipped", "held", "yellow", "amber", "regressed", "absent", "conditional_pass"), "odd"),
    **dict.fromkeys(("untried", "open", "not compared", "not reached", "not listed", "first"), "faint"),
}


def of_look(table: Table) -> tuple[Face, ...]:
    """A format's view: states in words and colours, long numbers shortened, the first of many columns in sight."""
    found = [structs.replace(face, spell=_spelt, tone=_by_state) for face in faces.of_records(table)]
    if len(found) >= FROZEN_FROM:
        found[0] = structs.replace(found[0], is_frozen=True)
    if found and not found[-1].is_right:
        found[-1] = structs.replace(found[-1], most=LONGEST_LAST)
    return tuple(found)


def is_grouped(table: Table) -> bool:
    """Whether the values are groups with the numbers of other columns."""
    return any(column.name == "rows" for column in table.columns)


def of_groups(table: Table) -> tuple[Face, ...]:
    """Groups: the value stays in sight, then rows and share, then the figures of each column under its name."""
    most = max((row.count for row in table.rows if not row.is_rest), default=0)
    short = {"bar": lambda row: figures.bar(row.count, most, BAR_CELLS)}
    found = []
    for face in faces.of_records(table):
        name, _, word = face.column.rpartition(" ")
        if face.column in GROUPS:
            found.append(structs.replace(GROUPS[face.column], get=short.get(face.column, face.get)))
        else:
            title = word if name and word in LATER_FIGURES else face.title
            found.append(structs.replace(face, spell=_spelt, title=title))
    return tuple(found)


def of_figures(table: Table) -> tuple[Face, ...]:
    """Columns in figures; those of a column of times are dates."""
    return tuple(
        structs.replace(face, get=partial(_dated, face.get)) if face.column in _VALUES else face
        for face in faces.of_table(table, STATS)
    )


def _dated(get: Callable[[Any], Any], row: Summary) -> Any:
    """A figure of a column; of moments counted since 1970 the day."""
    value = get(row)
    if not value or row.column.unit != "ns" or not row.column.doc.endswith("since 1970"):
        return value
    return time.strftime("%Y-%m-%d", time.localtime(value / 1e9))


def _spelt(value: Any) -> str:
    if type(value) is float and value == value and len(repr(value)) > 12:
        return f"{value:.6g}"
    return cells.shown(value)


def _by_state(_row: Any, text: str) -> str:
    return STATES.get(text) or cells.tone(text)


def _spelt_count(value: Any) -> str:
    return cells.number(value) if value else "-"


def _quiet(_row: Any, _text: str) -> str:
    return "faint"


def _barred(_row: Any, _text: str) -> str:
    return "mild"


def _rest_quiet(row: Frequency, _text: str) -> str:
    return "faint" if row.is_rest or row.value is None else ""


def _value_text(value: Any) -> str:
    return "(absent)" if value is None else cells.shown(value) or '""'


def _percent(value: float) -> str:
    return f"{value:.1f} %"


def _face(column: str, title: str = "", **options: Any) -> Face:
    return Face(column, title or column, lambda _row: None, **options)


STATS = {
    "column": _face("column", most=32, least=12, gives=4),
    "spread": _face("spread", most=24, least=10, gives=3, tone=_barred),
    "count": _face("count", spell=_spelt_count, is_right=True),
    "nulls": _face("nulls", spell=_spelt_count, is_right=True),
    "distinct": _face("distinct", spell=_spelt_count, is_right=True),
    "min": _face("min", spell=_spelt, most=24, least=9, gives=2, is_right=True),
    "median": _face("median", spell=_spelt, most=24, least=9, gives=2, is_right=True),
    "mean": _face("mean", spell=_spelt, is_right=True),
    "p90": _face("p90", spell=_spelt, most=24, least=9, gives=2, is_right=True),
    "p95": _face("p95", spell=_spelt, most=24, least=9, gives=2, is_right=True),
    "p99": _face("p99", spell=_spelt, most=24, least=9, gives=2, is_right=True),
    "max": _face("max", spell=_spelt, most=24, least=9, gives=2, is_right=True),
    "top": _face("top", most=400, least=16, gives=1, tone=_quiet),
}
_VALUES = ("min", "median", "mean", "p90", "p95", "p99", "max")
STATS_DROPS = ("p90", "mean", "p99", "top", "count", "p95", "nulls", "median", "min", "max")
VALUES = {
    "value": _face("value", spell=_value_text, most=60, least=20, gives=1, tone=_rest_quiet),
    "count": _face("count", spell=cells.number, is_right=True),
    "share": _face("share", spell=_percent, is_right=True),
    "bar": _face("bar", " ", most=20, tone=_barred),
}
VALUES_DROPS = ("bar", "share")
GROUPS = VALUES | {
    "value": structs.replace(VALUES["value"], is_frozen=True, gives=0, most=32, least=12),
    "rows": _face("rows", spell=cells.number, is_right=True),
}
MADE_FACES = {
    "state": _face("state", tone=lambda row, _text: {"same": "good", "new": "fresh"}.get(word_of(row), "odd")),
    "lines": _face("lines", spell=lambda value: cells.shown(value) or "-"),
    "bytes": _face("bytes", spell=cells.number, is_right=True),
    "was": _face("was", spell=_spelt_count, is_right=True),
    "path": _face("path", most=400, least=20, gives=2, keeps_end=True),
    "note": _face("note", most=80, least=12, gives=1, tone=_quiet),
}
MADE_DROPS = ("was", "note", "lines")
_EDIT_TONES = {"+": "good", "-": "bad", "@": "faint", "…": "faint"}
EDIT = {"text": _face("text", " ", most=400, spell=cells.line, tone=lambda _row, text: _EDIT_TONES.get(text[:1], ""))}
