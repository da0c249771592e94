"""One record, or a document's header, as a table of fields: value, unit, meaning, and the spelling in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct, structs

from teleloupe import formats, jsontext, jsontree, spans
from teleloupe.model import Column, Document, Place, Table

MAX_FIELDS = 5000  # of one record that are listed; no producer writes a tenth of it
MAX_SPELLINGS = 300  # of one record that are looked up; each costs a walk over the record


class Field(Struct, frozen=True):
    """A field: its name (nested ones as a path), value, unit, meaning, spelling in the file, and its place.

    `origin` says how the value came about, where the format can tell.
    """

    name: str
    value: Any
    unit: str
    meaning: str
    spelling: str | None
    at: str
    is_absent: bool = False
    origin: str | None = None


FIELDS = (
    Column("field", lambda row: row.name, doc="the field's name; nested fields by their path"),
    Column(
        "value", lambda row: "(absent)" if row.is_absent else row.value, doc="the value as it was read", type="json"
    ),
    Column("unit", lambda row: row.unit or None, doc="the unit of the value"),
    Column("meaning", lambda row: row.meaning or None, doc="what the field says"),
    Column("spelling", lambda row: row.spelling, doc="how the file spells it, where that differs"),
)
ORIGIN = Column("origin", lambda row: row.origin, doc="how the value came about")


def fields(
    document: Document, index: int, content: str | None = None, origins: Mapping[str, str] | None = None
) -> Table:
    """The fields of a record; `content` is the file's text, for the original spelling.

    `origins` says how fields came about, by name; only with some there is a column for it.
    """
    at = document.record_at(index)
    record = document.records[index]
    value = record if isinstance(record, dict) else _members(record, document.columns)
    table = _field_table(document, at, value, document.columns, content)
    if not origins:
        return table
    rows = [structs.replace(row, origin=origins.get(row.name)) for row in table.rows]
    return structs.replace(table, columns=(*FIELDS, ORIGIN), rows=rows)


def header(document: Document, content: str | None = None) -> Table:
    """The document's own top-level fields."""
    form = formats.named(document.format) if document.format else None
    kinds = form.kinds if form else ()
    columns = next((kind.fields for kind in kinds if kind.name == document.kind), ())
    return _field_table(document, "", document.header, columns, content, are_all_expected=False)


def spelling(content: str, at: str) -> str | None:
    """What the file says at a place (see `spans.locate`); None when it is not there."""
    found = spans.locate(content, at)
    return content[found.start : found.end] if found and found.is_exact else None


def _members(record: Any, columns: Sequence[Column]) -> dict[str, Any]:
    found = msgspec.to_builtins(record)
    return found if isinstance(found, dict) else {column.name: column.get(record) for column in columns}


def _field_table(
    document: Document,
    at: str,
    value: Mapping[str, Any],
    columns: Sequence[Column],
    content: str | None,
    *,
    are_all_expected: bool = True,
) -> Table:
    known = {column.name: column for column in columns}
    own = spelling(content, at) if content is not None else None
    rows = list(_rows(_in_file_order(value, own) if at else value, known, at, own))
    if are_all_expected:
        rows += [
            Field(name, None, c.unit, c.doc, None, at, is_absent=True) for name, c in known.items() if name not in value
        ]
    return Table(
        f"{document.path} {at}".strip(), FIELDS, rows, lambda index: Place(document.path, rows[index].at), len(rows)
    )


def _in_file_order(value: Mapping[str, Any], own: str | None) -> Mapping[str, Any]:
    """The fields as the file has them; typed records have the order of their contract."""
    try:
        names = msgspec.json.decode(own, type=dict[str, msgspec.Raw]) if own else {}
    except msgspec.MsgspecError:
        return value
    return {name: value[name] for name in names if name in value} | dict(value)


def _rows(value: Mapping[str, Any], known: Mapping[str, Column], at: str, own: str | None) -> Iterator[Field]:
    joint = "" if at.startswith("/") or not at else " "
    for count, (path, leaf) in enumerate(_leaves(value, ())):
        if count >= MAX_FIELDS:
            yield Field("…", f"more than {MAX_FIELDS} fields", "", "", None, at)
            return
        column = known.get(str(path[0])) if len(path) == 1 else None
        pointer = jsontext.pointer(*path)
        yield Field(
            "/".join(map(str, path)),
            leaf,
            column.unit if column else "",
            column.doc if column else "",
            _differing(own, pointer, leaf) if count < MAX_SPELLINGS else None,
            f"{at}{joint}{pointer}",
        )


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Scalars and empty containers with their paths, depth first in file order, without recursion."""
    pending = [(path, value)]
    while pending:
        path, value = pending.pop()
        members = (
            list(value.items())
            if isinstance(value, Mapping)
            else list(enumerate(value))
            if isinstance(value, list)
            else []
        )
        if members and len(path) < jsontext.MAX_DEPTH:
            pending.extend(((*path, key), member) for key, member in reversed(members))
        elif path:
            yield path, value


def _differing(own: str | None, pointer: str, value: Any) -> str | None:
    """The spelling of a number, or of a text with escapes, where it is not the plain one."""
    if own is None or value is None or isinstance(value, bool) or not own.lstrip().startswith(("{", "[")):
        return None
    span = jsontree.locate(own, pointer)
    if span is None:
        return None
    found = own[slice(*span)]
    plain = f'"{value}"' if isinstance(value, str) else str(value)
    return None if found == plain else found
