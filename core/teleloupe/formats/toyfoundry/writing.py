"""The loom's bytes: rollups, exports as JSON and CSV, sidecars (Toyfoundry specification, section 5)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, Literal

from teleloupe.formats.toyfoundry.shapes import FIELDS, Record

Eol = Literal["lf", "crlf"]
CSV_HEADER = ",".join(FIELDS) + "\r\n"
EOL_LOOKED_AT = 64 * 1024  # bytes of an existing artefact that decide its line ends
CHUNK_RECORDS = 4096  # how many records are written at a time, about 700 KB

_QUOTE_NEEDED = re.compile('[,"\r\n]')


def document_text(value: Any) -> str:
    """A rollup or metadata document: indented by 2, keys sorted, ASCII, one final newline."""
    return json.dumps(value, indent=2, sort_keys=True) + "\n"


def record_text(record: Record | Mapping[str, Any]) -> str:
    """An export record as an element of its array, without what separates elements."""
    if isinstance(record, Record):
        return (
            f'  {{\n    "batch_id": {quoted(record.batch_id)},\n    "duration_ms": {record.duration_ms},\n'
            f'    "ritual": "{record.ritual}",\n    "schema_version": "{record.schema_version}",\n'
            f'    "status": "{record.status}",\n    "units_processed": {record.units_processed}\n  }}'
        )
    return "  " + json.dumps(record, indent=2, sort_keys=True).replace("\n", "\n  ")


def export_json(records: Iterable[Record | Mapping[str, Any]]) -> Iterator[str]:
    """The text of a JSON export, in chunks."""
    remaining, is_first = iter(records), True
    while chunk := [record_text(record) for record in islice(remaining, CHUNK_RECORDS)]:
        yield ("[\n" if is_first else ",\n") + ",\n".join(chunk)
        is_first = False
    yield "[]\n" if is_first else "\n]\n"


def export_csv(records: Iterable[Record | Mapping[str, Any]]) -> Iterator[str]:
    """The text of a CSV export, in chunks; CRLF on every platform."""
    yield CSV_HEADER
    remaining = iter(records)
    while chunk := list(islice(remaining, CHUNK_RECORDS)):
        yield "".join(map(_plain_row if _is_plain(chunk) else row_text, chunk))


def row_text(record: Record | Mapping[str, Any]) -> str:
    """A record as a row of a CSV export."""
    values = (getattr(record, field) if isinstance(record, Record) else record[field] for field in FIELDS)
    return ",".join(_csv_cell(cell_text(value)) for value in values) + "\r\n"


def _is_plain(chunk: list[Any]) -> bool:
    """Whether no id in a chunk of records needs quotes, told by one search."""
    if not all(type(record) is Record for record in chunk):
        return False
    return not _QUOTE_NEEDED.search("".join([record.batch_id for record in chunk]))


def _plain_row(record: Any) -> str:
    return (
        f"{record.schema_version},{record.batch_id},{record.ritual},{record.units_processed},"
        f"{record.status},{record.duration_ms}\r\n"
    )


def cell_text(value: Any) -> str:
    """A decoded value as Python's csv module prints it."""
    return "" if value is None else str(value)


def sidecar_text(sha256: str) -> str:
    """The loom's sidecar: a table of one column, the digest in upper-case hex."""
    return f"\nHash\n----\n{sha256.upper()}\n"


def eol_of(content: bytes) -> Eol:
    """The line ends that a file has, told by its beginning."""
    return "crlf" if b"\r\n" in content[:EOL_LOOKED_AT] else "lf"


def encoded(text: str, eol: Eol) -> bytes:
    """Text as the loom writes it on a platform with these line ends."""
    return (text.replace("\n", "\r\n") if eol == "crlf" else text).encode("utf-8")


def _csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTE_NEEDED.search(text) else text
