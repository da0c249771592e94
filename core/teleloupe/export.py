"""Tables to files: deterministic bytes, written atomically, with a checksum beside them."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct

from teleloupe import disk
from teleloupe.model import Table, UsageError
from teleloupe.safe import cell, safe
from teleloupe.sidecar import gnu_line

Form = Literal["csv", "json", "jsonl", "markdown", "tsv", "html"]
FORMS: tuple[Form, ...] = get_args(Form)
SUFFIXES: dict[Form, str] = {
    "csv": "csv", "json": "json", "jsonl": "jsonl", "markdown": "md", "tsv": "tsv", "html": "html",
}  # fmt: skip
DEFAULT_FOLDER = "teleloupe-exports"

_MARKDOWN, _ESCAPE = re.compile(r"([\\`|*_<>\[\]])"), r"\\\1"
_STYLE = (
    "body{font-family:system-ui,sans-serif}table{border-collapse:collapse}caption{text-align:left;padding:.5em 0}"
    "th,td{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}.n{text-align:right}"
    "td{white-space:pre-wrap;overflow-wrap:anywhere}"
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Saved(Struct, frozen=True):
    """What an export wrote: the file and its sidecar, and the bytes that stood there before, for taking it back."""

    path: str
    sidecar: str
    rows: int
    replaced: tuple[tuple[str, bytes | None], ...]


class Exists(UsageError):
    """A different file stands where the export would go."""


def encode(table: Table, form: Form, *, raw_cells: bool = False) -> bytes:
    """The table's bytes. JSON keeps whole records; the other forms have the table's columns.

    Text cells that a spreadsheet would run as a formula get an apostrophe before them, unless `raw_cells`.
    """
    if form == "csv":
        return _csv(table, _plain if raw_cells else _defused)
    if form == "tsv":
        return _tsv(table, raw_cells=raw_cells)
    if form == "markdown":
        return _markdown(table)
    if form == "html":
        return _html(table)
    values = [_value(table, row) for row in table.rows]
    if form == "jsonl":
        return b"".join(_json(value) + b"\n" for value in values)
    return (b"[\n" + b",\n".join(b"  " + _json(value) for value in values) + b"\n]\n") if values else b"[]\n"


def default_folder(root: str) -> str:
    """`teleloupe-exports` beside the watched directory, never inside it."""
    return os.path.join(os.path.dirname(os.path.realpath(root)), DEFAULT_FOLDER)


def file_name(stem: str, view: str, form: Form, when: str = "") -> str:
    """A file name from an artefact's path, the view, and a time: nothing in it that a shell or file system minds."""
    parts = [re.sub(r"[^\w.-]+", "_", part).strip("._") for part in (stem.replace("/", "-"), view, when)]
    return f"{'.'.join(part for part in parts if part)[:180] or 'export'}.{SUFFIXES[form]}"


def apart(names: Iterable[str]) -> list[str]:
    """The file names, none of them twice, also where case does not count: later ones get a number."""
    taken, found = set[str](), list[str]()
    for name in names:
        base, suffix = os.path.splitext(name)
        each, number = name, 1
        while each.casefold() in taken:
            number += 1
            each = f"{base}.{number}{suffix}"
        taken.add(each.casefold())
        found.append(each)
    return found


def save(data: bytes, path: str, rows: int, *, may_replace: bool = False) -> Saved:
    """Write an export and its `.sha256` (GNU line). Raises Exists, or UsageError where nothing can be written."""
    name = os.path.basename(path)
    line = f"{gnu_line(hashlib.sha256(data).hexdigest(), name)}\n".encode("utf-8", "surrogateescape")
    sidecar = f"{path}.sha256"
    try:
        before = tuple((target, _standing(target)) for target in (path, sidecar))
        if not may_replace and before[0][1] not in (None, data):
            raise Exists(f"{safe(path)} exists and is different", "choose another place, or replace it")
        disk.write(path, data)
        disk.write(sidecar, line)
    except OSError as fault:
        raise disk.unwritable(path, fault) from None
    return Saved(path, sidecar, rows, before)


def take_back(saved: Saved) -> None:
    """Undo an export: what it wrote goes, what it replaced comes back. Raises OSError."""
    for path, content in saved.replaced:
        if content is None:
            disk.remove(path)
        else:
            disk.write(path, content)


def is_inside(path: str, root: str) -> bool:
    """Whether a path lies in a directory, links resolved."""
    real_root = os.path.realpath(root)
    return os.path.commonpath([os.path.realpath(path), real_root]) == real_root


def _standing(path: str) -> bytes | None:
    try:
        return disk.read_slice(path, 0, disk.READ_LIMIT_BYTES)
    except disk.Unreadable as fault:
        if fault.is_gone:
            return None
        raise OSError(fault.reason) from None


def _value(table: Table, row: Any) -> Any:
    """A row as JSON: the record itself where the row is one, else its cells by column."""
    if isinstance(row, dict) or (isinstance(row, msgspec.Struct) and table.is_records):
        return row
    return {column.name: column.get(row) for column in table.columns}


def _json(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value)
    except (UnicodeEncodeError, TypeError):
        return json.dumps(msgspec.to_builtins(value, enc_hook=str), separators=(",", ":")).encode("ascii")


def _csv(table: Table, spell: Callable[[Any], str]) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow([_defused(column.name) for column in table.columns])
    getters = [column.get for column in table.columns]
    writer.writerows([spell(get(row)) for get in getters] for row in table.rows)
    return lines.getvalue().encode("utf-8", "backslashreplace")


def _tsv(table: Table, *, raw_cells: bool) -> bytes:
    """A line a row, a tab between cells; what would break a line or a cell in two is spelt as an escape."""
    spell = _plain if raw_cells else _defused
    rows = ([column.name for column in table.columns], *([c.get(row) for c in table.columns] for row in table.rows))
    lines = ("\t".join(safe(spell(value)) for value in row) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")


def _html(table: Table) -> bytes:
    """A page of its own with the table in it: no script, nothing loaded from anywhere."""
    sides = [' class="n"' if column.is_numeric else "" for column in table.columns]
    title = html.escape(safe(table.title))
    lines = [
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n<style>{_STYLE}</style>',
        f"<table>\n<caption>{title}</caption>\n<thead>",
        _html_row(((column.name, side) for column, side in zip(table.columns, sides, strict=True)), "th"),
        "</thead>\n<tbody>",
    ]
    for row in table.rows:
        values = [cell(column.get(row)) for column in table.columns]
        lines.append(_html_row(zip(values, sides, strict=True), "td"))
    return "\n".join([*lines, "</tbody>\n</table>\n</html>\n"]).encode("utf-8", "backslashreplace")


def _html_row(cells: Iterable[tuple[str, str]], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}{side}>{html.escape(safe(text))}</{tag}>' for text, side in cells)}</tr>"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else cell(value)


def _defused(value: Any) -> str:
    """Text as a cell that no spreadsheet runs; numbers keep their sign."""
    text = _plain(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA_STARTS) else text


def _markdown(table: Table) -> bytes:
    rows: Iterable[Sequence[str]] = ([cell(column.get(row)) for column in table.columns] for row in table.rows)
    head = [safe(column.name) for column in table.columns]
    rule = ["--:" if column.is_numeric else ":--" for column in table.columns]
    lines = [_markdown_row(head), f"| {' | '.join(rule)} |", *map(_markdown_row, rows)]
    return ("\n".join(lines) + "\n").encode("utf-8", "backslashreplace")


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_MARKDOWN.sub(_ESCAPE, text) for text in cells)} |"
