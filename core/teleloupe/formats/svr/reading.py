"""Bytes to documents: what can be read, what is wrong with it, which kind it is (SVR specification, sections 2, 3)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, structs

from teleloupe import jsontext
from teleloupe.columns import column, columns_of
from teleloupe.formats import document_of
from teleloupe.formats.svr import shapes
from teleloupe.formats.svr.csvtext import CsvTable, read_csv
from teleloupe.formats.svr.detection import CSV_KINDS, EVENTS, SESSION_KINDS, kind_of_columns, kind_of_value
from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.session import Session, bare_session, bundle_session, place_at_root, place_of_single
from teleloupe.model import Blob, Column, Detection, Document, Issue

_BOM = b"\xef\xbb\xbf"
_TRUNCATED = frozenset({"empty", "truncated"})
_NOT_JSON = frozenset({"non-finite", "overflow", "lone-surrogate", "integer-too-long"})
_CUT_CONSTANT = re.compile(r"(?:\bN|\bNa|\bI[a-z]*)$")  # the beginning of NaN or Infinity, which no JSON has
_LONG_INTEGER = re.compile(r"[0-9]{309}")

EVENT_COLUMNS = columns_of(shapes.Event)


class Lines(Struct, frozen=True, eq=False):
    """Bare events that stand one a line: the session they make and the line number of each, from 1."""

    session: Session
    numbers: Sequence[int]


class Pending(Struct, frozen=True, eq=False):
    """A CSV whose header tells nothing; whether it is ours depends on its neighbours."""

    data: bytes


def parse(blob: Blob, detection: Detection) -> Document:
    """Any bytes to a document with the issues of reading; `header`, `records` and `body` depend on the kind."""
    text, issues = read_text(blob.data)
    if text is None:
        return document_of(blob, "svr", detection, issues=tuple(issues), is_complete=False)
    if detection.kind in CSV_KINDS or (not detection.kind and blob.name.lower().endswith(".csv")):
        return _csv_document(blob, detection, text, issues)
    if detection.kind == EVENTS and _stands_in_lines(blob, text):
        return _lines_document(blob, detection, text, issues)
    return _json_document(blob, detection, text, issues)


def read_text(data: bytes) -> tuple[str | None, list[Issue]]:
    """The text of UTF-8 bytes without a byte order mark, None when they are no UTF-8; and the issues of that."""
    issues = []
    if data.startswith(_BOM):
        data = data[len(_BOM) :]
        issues.append(fault("file.bom", "", "the file starts with a UTF-8 byte order mark, which is skipped"))
    try:
        return data.decode("utf-8"), issues
    except UnicodeDecodeError as broken:
        message = f"the file is not UTF-8, first at byte {broken.start}; store it as UTF-8"
        return None, [*issues, fault("file.encoding", "", message)]


def read_json(text: str) -> tuple[jsontext.Reading, list[Issue], bool]:
    """A JSON text, the issues of reading it, and whether it could be read at all."""
    reading = jsontext.read(text)
    issues = [_duplicate(found.text) for found in reading.faults if found.kind == "duplicate-key"]
    broken = reading.broken
    odd = next((found for found in reading.faults if found.kind in _NOT_JSON), None)
    if odd is None and broken is None:
        if _LONG_INTEGER.search(text) and _has_huge_integer(reading.value):
            return reading, [_malformed("a number is too large for a double")], False
        return reading, issues, True
    if odd is None and broken is not None and broken.kind in _TRUNCATED and not _CUT_CONSTANT.search(text[-9:]):
        message = "the file is empty" if broken.kind == "empty" else "the file ends inside a JSON value"
        return reading, [fault("file.json_truncated", "", f"{message}; its writer may still be busy")], False
    found = odd or broken
    kind = found.kind if found else "malformed"
    return reading, [_malformed(f"the file is not JSON: {kind} at offset {found.offset if found else 0}")], False


def session_of(document: Document) -> Session | None:
    """The session in a document, bare events included; None for other kinds and broken files."""
    if isinstance(document.body, Lines):
        return document.body.session
    return document.body if isinstance(document.body, Session) else None


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


def _stands_in_lines(blob: Blob, text: str) -> bool:
    if text.lstrip()[:1] != "{":
        return False
    first, _, rest = text.strip().partition("\n")
    return blob.name.endswith((".jsonl", ".ndjson")) or (first.rstrip().endswith("}") and bool(rest.strip()))


def _lines_document(blob: Blob, detection: Detection, text: str, issues: list[Issue]) -> Document:
    elements, numbers, found, consumed = read_lines(text, 1)
    offset = len(blob.data) - len(text.encode())
    return lines_document(
        document_of(blob, "svr", detection, issues=tuple(issues)), elements, numbers, found, offset + consumed
    )


def lines_document(
    document: Document, elements: Sequence[Any], numbers: Sequence[int], issues: Sequence[Issue], consumed: int
) -> Document:
    """A document with the events of its lines; `consumed` counts the bytes of all finished lines."""
    is_shaped = shapes.is_shaped(list(elements), list[shapes.Event])
    session = bare_session(elements, place_at_root, is_well_shaped=is_shaped)
    return structs.replace(
        document,
        records=elements,
        columns=EVENT_COLUMNS,
        issues=(*document.issues, *issues),
        is_complete=not any(issue.rule.code == "svr.file.json_truncated" for issue in issues),
        record_at=lambda index: f"line {numbers[index]}",
        body=Lines(session, numbers),
        consumed=consumed,
    )


def read_lines(text: str, first_number: int) -> tuple[list[Any], list[int], list[Issue], int]:
    """One event a line: values, their line numbers, issues, and the bytes of the lines that are finished."""
    elements, numbers, issues, consumed = [], [], list[Issue](), 0
    last = first_number + text.count("\n")
    for number, line in enumerate(text.split("\n"), first_number):
        is_last = number == last
        if not is_last:
            consumed += len(line.encode()) + 1
        if not line.strip():
            continue
        reading, found, is_readable = read_json(line)
        issues += [_in_line(issue, number, is_last=is_last) for issue in found]
        if is_readable:
            elements.append(reading.value)
            numbers.append(number)
    return elements, numbers, issues, consumed


def _in_line(issue: Issue, number: int, *, is_last: bool) -> Issue:
    """An issue of a line; a line that is cut short but not the last one is malformed."""
    if issue.rule.code == "svr.file.json_truncated" and not is_last:
        issue = _malformed("the line is not JSON: it ends inside a value")
    return structs.replace(issue, at=f"line {number}")


def _csv_document(blob: Blob, detection: Detection, text: str, issues: list[Issue]) -> Document:
    table = read_csv(text)
    kind = kind_of_columns(table.header)
    if not kind:
        unknown = Detection("", "")
        return structs.replace(document_of(blob, "svr", unknown, body=Pending(blob.data)), format=None)
    return document_of(
        blob,
        "svr",
        detection,
        kind=kind,
        records=[dict(zip(table.header, row, strict=False)) for row in table.rows],
        columns=_csv_columns(table.header),
        record_at="/rows/{}".format,
        issues=tuple(issues),
        body=table,
    )


def _csv_columns(header: Sequence[str]) -> tuple[Column, ...]:
    known = {known.name: known for known in EVENT_COLUMNS}
    return tuple(
        column(name, known[name].doc, unit=known[name].unit) if name in known else column(name)
        for name in dict.fromkeys(header)
    )


def _has_huge_integer(value: Any) -> bool:
    pending = [value]
    while pending:
        inner = pending.pop()
        if type(inner) is int and abs(inner) > sys.float_info.max:
            return True
        if isinstance(inner, dict):
            pending.extend(inner.values())
        elif isinstance(inner, list):
            pending.extend(inner)
    return False


def _duplicate(key: str) -> Issue:
    return fault("file.duplicate_key", "", f'key "{key[:60]}" occurs twice in one object; the last value counts')


def _malformed(message: str) -> Issue:
    return fault("file.json_malformed", "", message)
