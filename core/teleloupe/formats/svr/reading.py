"""Bytes to documents: what can be read, what is wrong with it, which kind it is (SVR specification, sections 2, 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, structs

from teleloupe.columns import column
from teleloupe.formats import document_of
from teleloupe.formats.svr import shapes
from teleloupe.formats.svr.csvtext import CsvTable, read_csv
from teleloupe.formats.svr.detection import (
    CSV_KINDS,
    EVENTS,
    SESSION_KINDS,
    TIMELINE_CSV,
    kind_of_columns,
    kind_of_value,
)
from teleloupe.formats.svr.jsonread import ends_inside_character, read_json, read_text
from teleloupe.formats.svr.lines import EVENT_COLUMNS, Lines, lines_document, stands_in_lines
from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.session import Session, bare_session, bundle_session, place_at_root, place_of_single
from teleloupe.model import Blob, Column, Detection, Document, Issue


class Pending(Struct, frozen=True, eq=False):
    """The bytes of a CSV whose header tells nothing; whether it is ours depends on its neighbours."""

    data: bytes


def parse(blob: Blob, detection: Detection) -> Document:
    """Any bytes to a document with the issues of reading; `header`, `records` and `body` depend on the kind."""
    text, issues = read_text(blob.data)
    if text is None:
        is_cut = ends_inside_character(blob.data)
        return document_of(blob, "svr", detection, issues=tuple(issues), is_complete=not is_cut)
    if detection.kind in CSV_KINDS or (not detection.kind and blob.name.lower().endswith(".csv")):
        return _csv_document(blob, detection, text, issues)
    if detection.kind == EVENTS and stands_in_lines(blob.name, text):
        return lines_document(blob, detection, text, issues)
    return _json_document(blob, detection, text, issues)


def session_of(document: Document) -> Session | None:
    """The session in a document, bare events included; None for other kinds and broken files."""
    if isinstance(document.body, Lines):
        return document.body.session
    return document.body if isinstance(document.body, Session) else None


def adopted(document: Document) -> Document:
    """The document of a CSV that is ours because of its neighbours, with the issues of reading it."""
    text, issues = read_text(document.body.data)
    why, found = "lies beside a session of its name", (*document.issues, *issues)
    fields = _csv_fields(read_csv(text or ""))
    return structs.replace(document, format="svr", kind=TIMELINE_CSV, why=why, issues=found, **fields)


def csv_table(document: Document) -> CsvTable | None:
    """The table of a session CSV."""
    return document.body if isinstance(document.body, CsvTable) else None


def _json_document(blob: Blob, detection: Detection, text: str, issues: list[Issue]) -> Document:
    reading, found, is_readable = read_json(text)
    value = reading.value
    issues = [*issues, *found]
    if not is_readable:
        is_cut = any(issue.rule.code == "svr.file.json_truncated" for issue in found)
        salvaged = _salvaged(value, detection.kind)
        return document_of(blob, "svr", detection, issues=tuple(issues), is_complete=not is_cut, **salvaged)
    kind = kind_of_value(value, blob.path)
    fields: dict[str, Any] = {"kind": kind}
    if kind in SESSION_KINDS:
        session = bundle_session(value, is_well_shaped=shapes.is_shaped(value, shapes.Bundle))
        fields |= {"body": session, **_session_fields(session)}
    elif kind == EVENTS:
        fields |= _bare_fields(value)
    elif isinstance(value, dict):
        fields |= {"header": value, "body": value}
    issues += _kind_faults(value, kind)
    return document_of(blob, "svr", detection, issues=tuple(issues), **fields)


def _kind_faults(value: Any, kind: str) -> Iterator[Issue]:
    if kind:
        return
    if isinstance(value, dict):
        yield fault("file.kind_unknown", "", "the object is none of the kinds that the format knows")
    else:
        name = {list: "array", str: "string", bool: "boolean", type(None): "null"}.get(type(value), "number")
        yield fault("file.root_type", "", f"the top level must be an object, this is {name}", actual=name)


def _session_fields(session: Session) -> dict[str, Any]:
    return {
        "header": {key: value for key, value in session.bundle.items() if key != "events"},
        "records": session.elements,
        "columns": EVENT_COLUMNS,
        "record_at": "/events/{}".format,
    }


def _bare_fields(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        session = bare_session([value], place_of_single, is_well_shaped=shapes.is_shaped(value, shapes.Event))
        return {"body": session, "records": session.elements, "columns": EVENT_COLUMNS, "record_at": lambda _index: ""}
    session = bare_session(value, place_at_root, is_well_shaped=shapes.is_shaped(value, list[shapes.Event]))
    return {"body": session, "records": session.elements, "columns": EVENT_COLUMNS}


def _salvaged(value: Any, kind: str) -> dict[str, Any]:
    """Header and events that stand before a break; nothing is judged by them."""
    if isinstance(value, dict):
        events = value.get("events")
        header = {key: inner for key, inner in value.items() if key != "events"}
        return {
            "header": header,
            "records": events if isinstance(events, list) else (),
            "columns": EVENT_COLUMNS if kind in SESSION_KINDS else (),
            "record_at": "/events/{}".format,
        }
    if isinstance(value, list) and kind == EVENTS:
        return {"records": value, "columns": EVENT_COLUMNS}
    return {}


def _csv_document(blob: Blob, detection: Detection, text: str, issues: list[Issue]) -> Document:
    table = read_csv(text)
    kind = kind_of_columns(table.header)
    if not kind:
        return document_of(blob, None, Detection("", ""), body=Pending(blob.data))
    return document_of(blob, "svr", detection, kind=kind, issues=tuple(issues), **_csv_fields(table))


def _csv_fields(table: CsvTable) -> dict[str, Any]:
    return {
        "records": [dict(zip(table.header, row, strict=False)) for row in table.rows],
        "columns": _csv_columns(table.header),
        "record_at": "/rows/{}".format,
        "body": table,
    }


def _csv_columns(header: Sequence[str]) -> tuple[Column, ...]:
    known = {known.name: known for known in EVENT_COLUMNS}
    return tuple(
        column(name, known[name].doc, unit=known[name].unit) if name in known else column(name)
        for name in dict.fromkeys(header)
    )
