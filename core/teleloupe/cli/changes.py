"""Comparisons as text, JSON and Markdown: encoding first, then header fields, then records or lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from teleloupe.cli.color import painted_mark
from teleloupe.cli.output import encoded
from teleloupe.diff.comparison import Comparison
from teleloupe.diff.lines import compare, unified
from teleloupe.diff.records import ABSENT, FieldChange, RecordChange
from teleloupe.safe import cell, safe
from teleloupe.text import decode, lines

MARKS = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}
LINE_LIMIT = 2_000  # of a line view as text; JSON has them all


Report = Callable[[Sequence[Comparison], bool], bytes]


def as_text(comparisons: Sequence[Comparison], by_lines: bool, *, is_colored: bool = False) -> bytes:
    """One block a pair; encoding differences are not counted as changes."""
    blocks = ["\n".join(_block(comparison, by_lines, is_colored=is_colored)) for comparison in comparisons]
    return ("\n\n".join(blocks) + "\n" if blocks else "no difference\n").encode("utf-8", "backslashreplace")


def as_markdown(comparisons: Sequence[Comparison], by_lines: bool) -> bytes:
    """A section a pair, records as a table, lines as a fenced diff."""
    parts = [part for comparison in comparisons for part in (*_section(comparison, by_lines), "")]
    text = "\n".join(["# Differences", "", *(parts or ["none", ""])])
    return text.encode("utf-8", "backslashreplace")


def as_json(comparisons: Sequence[Comparison], by_lines: bool) -> bytes:
    """Schema teleloupe.diff/1."""
    entries = [_entry(comparison, by_lines) for comparison in comparisons]
    is_different = any(comparison.is_different for comparison in comparisons)
    return encoded({"schema": "teleloupe.diff/1", "different": is_different, "files": entries})


REPORTS: dict[str, Report] = {"text": as_text, "json": as_json, "markdown": as_markdown}


def _block(comparison: Comparison, by_lines: bool, *, is_colored: bool) -> Iterator[str]:
    paint = painted_mark if is_colored else str
    yield _title(comparison)
    if comparison.note:
        yield f"  {safe(comparison.note)}"
    yield from (f"  encoding: {safe(remark)}" for remark in comparison.encoding)
    if comparison.kind != "changed":
        return
    if by_lines or not comparison.is_understood:
        yield from (line if line.startswith(" ") else paint(line) for line in _line_view(comparison, LINE_LIMIT))
        return
    yield from (paint(f"  {_field_line(field)}") for field in comparison.changes.header)
    for record in comparison.changes.records:
        value = f": {cell(record.value)}" if record.value is not None else ""
        yield paint(f"  {MARKS[record.kind]} {_record_title(record)}{value}")
        yield from (paint(f"      {_field_line(field)}") for field in record.fields)
    yield f"  {_counts(comparison)}"


def _section(comparison: Comparison, by_lines: bool) -> Iterator[str]:
    yield f"## {_inline(_title(comparison))}"
    yield ""
    remarks = [comparison.note] if comparison.note else []
    yield from (f"- {_inline(safe(remark))}" for remark in (*remarks, *comparison.encoding))
    if comparison.kind != "changed":
        return
    if by_lines or not comparison.is_understood:
        view = list(_line_view(comparison, LINE_LIMIT))
        fence = "`" * max(3, *(len(line) - len(line.lstrip(" +-`")) + 3 for line in view), 3) if view else "```"
        yield from ("", f"{fence}diff", *view, fence)
        return
    yield from (
        f"- {_inline(_counts(comparison))}",
        "",
        "| | record | field | before | after |",
        "|:--|:--|:--|:--|:--|",
    )
    yield from (_row(MARKS[field.kind], "", field) for field in comparison.changes.header)
    for record in comparison.changes.records:
        rows = [_row(MARKS[record.kind], _record_title(record), field) for field in record.fields]
        yield from rows or [_whole_row(record)]


def _entry(comparison: Comparison, by_lines: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "before": comparison.before,
        "after": comparison.after,
        "kind": comparison.kind,
        "note": comparison.note or None,
        "encoding": comparison.encoding,
        "header": [_field_entry(field) for field in comparison.changes.header],
        "records": [_record_entry(record) for record in comparison.changes.records],
        "counts": comparison.changes.counts(),
    }
    if by_lines or (comparison.kind == "changed" and not comparison.is_understood):
        entry["lines"] = list(_line_view(comparison, None))
    return entry


def _record_entry(record: RecordChange) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "key": record.key,
        "before": record.before,
        "after": record.after,
        "moved": record.is_moved,
        "fields": [_field_entry(field) for field in record.fields],
        "record": record.value,
    }


def _field_entry(field: FieldChange) -> dict[str, Any]:
    """A field that is absent on one side has no member for it: null is a value."""
    sides = {"before": field.before, "after": field.after}
    return {"kind": field.kind, "at": field.at} | {side: value for side, value in sides.items() if value is not ABSENT}


def _title(comparison: Comparison) -> str:
    if comparison.kind == "same":
        return f"{safe(comparison.after or '')}: the same bytes"
    sides = [safe(name) for name in (comparison.before, comparison.after) if name]
    return f"{comparison.kind}: {' -> '.join(sides)}"


def _line_view(comparison: Comparison, limit: int | None) -> Iterator[str]:
    old, new = (lines(decode(data).text) for data in (comparison.before_data, comparison.after_data))
    for number, line in enumerate(unified(old, new, compare(old, new))):
        if limit is not None and number >= limit:
            yield f"... cut after {limit} lines; --output json has all"
            return
        yield line[:1] + safe(line[1:])


def _field_line(field: FieldChange) -> str:
    name = safe(field.at.removeprefix("/")) or "(the whole)"
    if field.kind == "changed":
        return f"~ {name}: {cell(field.before)} -> {cell(field.after)}"
    return f"{MARKS[field.kind]} {name}: {cell(field.after if field.kind == 'added' else field.before)}"


def _record_title(record: RecordChange) -> str:
    places = [str(index + 1) for index in (record.before, record.after) if index is not None]
    moved = ", moved" if record.is_moved else ""
    where = f"record {' -> '.join(dict.fromkeys(places))}{moved}"
    return f"{safe(record.key)} ({where})" if record.key else where


def _counts(comparison: Comparison) -> str:
    counts = comparison.changes.counts()
    fields = f"{len(comparison.changes.header)} header fields, " if comparison.changes.header else ""
    return f"{fields}records: " + ", ".join(f"{count} {kind}" for kind, count in counts.items())


def _row(mark: str, title: str, field: FieldChange) -> str:
    before, after = ("" if value is ABSENT else _inline(cell(value)) for value in (field.before, field.after))
    return f"| {mark} | {_inline(title)} | {_inline(safe(field.at.removeprefix('/')))} | {before} | {after} |"


def _whole_row(record: RecordChange) -> str:
    value = _inline(cell(record.value))
    sides = f"{value} | " if record.kind == "removed" else f" | {value}"
    return f"| {MARKS[record.kind]} | {_inline(_record_title(record))} | | {sides} |"


def _inline(text: str) -> str:
    """Text that Markdown takes literally inside a table."""
    return "".join(f"\\{character}" if character in "\\|`*_[]<>#" else character for character in text)
