"""How the columns of each table are drawn: titles, widths, order of giving way, and spelling."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import structs

from teleloupe.model import Column, Table
from teleloupe.safe import safe
from teleloupe_tui import cells
from teleloupe_tui.pages import Line, Widths
from teleloupe_tui.tree import Node
from teleloupe_tui.widgets.showing import Face


def of_table(table: Table, kept: Mapping[str, Face]) -> tuple[Face, ...]:
    """Faces for the named columns of a table, in the order of `kept`; their `get` is the table's."""
    columns = {column.name: column for column in table.columns}
    return tuple(structs.replace(face, get=columns[name].get) for name, face in kept.items() if name in columns)


def of_page(table: Table, widths: Widths) -> tuple[Face, ...]:
    """The lines of a page, in the widths they were wrapped to."""
    given = {"field": widths.name, "value": widths.value, "meaning": widths.meaning}
    faces = of_table(table, PAGE)
    return tuple(structs.replace(face, most=given[face.column], least=given[face.column]) for face in faces)


def of_records(table: Table) -> tuple[Face, ...]:
    """A face for each of a format's columns, under the format's own names."""
    return tuple(_record_face(column) for column in table.columns)


def ledger(table: Table, now: float, *, has_sums: bool, is_tree: bool) -> tuple[Face, ...]:
    """The ledger: state, sum, format, kind, records, age, path."""
    faces = of_table(table, LEDGER)
    spelt: dict[str, Callable[[Any], str]] = {"modified": _age_before(now)}
    faces = tuple(structs.replace(face, spell=spelt.get(face.column, face.spell)) for face in faces)
    if is_tree:
        faces = tuple(_branch(face) if face.column == "path" else face for face in faces)
    return faces if has_sums else tuple(face for face in faces if face.column != "sum")


def clock_time(seconds: float) -> str:
    """The local time of day."""
    return time.strftime("%H:%M:%S", time.localtime(seconds))


def _nothing(_row: Any) -> None:
    return None


def _by_word(_row: Any, text: str) -> str:
    return cells.tone(text)


def _quiet(_row: Any, _text: str) -> str:
    return "faint"


def _aside(line: Line, text: str) -> str:
    if line.is_aside:
        return "faint"
    return _LEADS.get(text[:4], "") or cells.tone(text)


def _word(value: Any) -> str:
    return "-" if value is None else cells.shown(value)


def _verdict(word: str | None) -> str:
    return "" if word is None else cells.short_verdict(word)


def _count(value: Any) -> str:
    return cells.number(value) if value else "-"


def _face(column: str, title: str = "", **options: Any) -> Face:
    return Face(column, title or column, _nothing, **options)


_LEADS = {"YES ": "good", "no  ": "faint"}  # how lines of what was tried begin
LEDGER = {
    "state": _face("state", tone=_by_word, most=10),
    "sum": _face("sum", tone=_by_word, spell=_verdict, most=8),
    "format": _face("format", spell=_word, most=12),
    "kind": _face("kind", spell=_word, most=18),
    "records": _face("records", spell=_count, is_right=True),
    "modified": _face("modified", "age", is_right=True),
    "path": _face("path", "artefact", most=400, least=24, gives=1, keeps_end=True),
}
LEDGER_DROPS = ("modified", "format", "kind", "records", "sum")
ISSUES = {
    "severity": _face("severity", tone=_by_word),
    "code": _face("code", most=34),
    "count": _face("count", spell=_count, is_right=True),
    "path": _face("path", most=36, least=16, gives=2, keeps_end=True),
    "at": _face("at", spell=lambda value: cells.shown(value) or "(file)", most=24, least=16, gives=3),
    "message": _face("message", most=400, least=24, gives=1),
}
ISSUES_DROPS = ("count", "code", "path", "at")
CAUSES = {
    "severity": _face("severity", tone=_by_word),
    "count": _face("count", spell=_count, is_right=True),
    "files": _face("files", spell=_count, is_right=True),
    "code": _face("code", most=34),
    "cause": _face("cause", most=90, least=44, gives=2),
    "where": _face("where", most=400, least=16, gives=1, tone=_quiet),
}
CAUSES_DROPS = ("where", "files", "code")
CLAIMS = {
    "verdict": _face("verdict", tone=_by_word, most=18),
    "kind": _face("kind", most=12),
    "subject": _face("subject", "artefact", most=60, least=24, gives=3, keeps_end=True),
    "claimant": _face("claimant", most=60, least=24, gives=2, keeps_end=True),
    "message": _face("message", most=400, least=20, gives=1),
}
CLAIMS_DROPS = ("kind", "message", "claimant")
PAGE = {
    "field": _face("field", tone=_quiet, keeps_end=True),
    "value": _face("value", tone=_aside, marks=lambda line: line.marks),
    "meaning": _face("meaning", tone=_quiet),
}
EVENTS = {
    "when": _face("when", spell=clock_time, most=8, tone=_quiet),
    "sign": _face("sign", " ", most=1, least=1),
    "path": _face("path", most=60, least=20, gives=1, keeps_end=True),
    "event": _face("event", most=60, least=10, gives=2),
}
TEXT = {"text": _face("text", " ", most=400, spell=cells.line)}


def _record_face(column: Column) -> Face:
    title = safe(column.name) + (
        f" [{safe(column.unit)}]" if column.unit and column.unit.lower() not in column.name.lower() else ""
    )
    return Face(column.name, title, column.get, is_right=column.is_numeric)


def _age_before(now: float) -> Callable[[Any], str]:
    return lambda mtime_ns: "" if mtime_ns is None else cells.age(now - mtime_ns / 1e9) if mtime_ns else "-"


def _branch(face: Face) -> Face:
    """The path of a tree's line: indented, a directory with its mark and how many files it holds."""

    def spell(node: Node) -> str:
        mark = "" if node.line else "▸ " if node.is_folded else "▾ "
        count = f"  {cells.amount(node.files, 'file')}" if node.line is None and node.is_folded else ""
        return f"{'  ' * node.depth}{mark or '  '}{cells.shown(node.name)}{count}"

    return structs.replace(face, get=lambda node: node, spell=spell, keeps_end=False)
