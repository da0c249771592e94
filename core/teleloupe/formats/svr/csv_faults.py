"""What is wrong with a session CSV, by itself and against its session (SVR specification, section 10.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from teleloupe.formats.svr import vocabulary as words
from teleloupe.formats.svr.amounts import NUMBER_TEXT, exact_text
from teleloupe.formats.svr.csvtext import CsvTable, event_row
from teleloupe.formats.svr.event_faults import formula_fault
from teleloupe.formats.svr.instants import instant_of, timestamp_faults
from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.session import Session
from teleloupe.jsontext import pointer
from teleloupe.model import Issue

_HEADER = "/header"
_NAMED_AT_MOST = 200  # events in one message


def csv_faults(table: CsvTable, *, is_summary: bool) -> Iterator[Issue]:
    """What a CSV file shows by itself."""
    if table.is_open:
        yield fault("csv.malformed", "", "a quoted cell is never closed")
    if table.has_carriage_returns:
        yield fault("csv.line_ending", "", "lines do not end in LF alone, as the export has it")
    if not is_summary:
        yield from _header_faults(table.header)
    for index, row in enumerate(table.rows):
        if len(row) != len(table.header):
            message = f"the row has {len(row)} cells, the header {len(table.header)}"
            at = f"/rows/{index}"
            yield fault("csv.row_width", at, message, expected=len(table.header), actual=len(row))
        elif not is_summary:
            yield from _row_faults(table.header, row, index)


def pair_faults(table: CsvTable, session: Session) -> Iterator[Issue]:
    """What differs between a CSV and the session of the same stem."""
    if not table.header or not session.has_events:
        return
    if len(table.rows) != len(session.elements):
        message = f"{len(table.rows)} rows for {len(session.elements)} events"
        yield fault("csv.row_count", "", message, expected=len(session.elements), actual=len(table.rows))
        yield from _unmatched_rows(table, session)
        return
    columns = [column if column in words.FULL_COLUMNS else "" for column in table.header]
    for index, (row, element) in enumerate(zip(table.rows, session.elements, strict=True)):
        if len(row) == len(columns):
            expected = event_row(element, columns)
            for column, found, wanted in zip(columns, row, expected, strict=True):
                if column and found != wanted:
                    yield _cell_fault(f"/rows/{index}/{column}", column, found, wanted)


def _header_faults(header: Sequence[str]) -> Iterator[Issue]:
    for column in words.REQUIRED_COLUMNS:
        if column not in header:
            yield fault("csv.header_missing_column", _HEADER, f'column "{column}" is missing; every row must have it')
    if not header:
        return
    optional = [column for column in words.TIMELINE_COLUMNS if column not in words.REQUIRED_COLUMNS]
    absent = [column for column in optional if column not in header]
    if absent:
        yield fault("csv.header_incomplete", _HEADER, f"columns are missing: {', '.join(absent)}")
    for column, count in Counter(header).items():
        if count > 1:
            yield fault("csv.header_duplicate", _HEADER, f'column "{column[:60]}" appears {count} times')
        if column not in words.FULL_COLUMNS:
            yield fault("csv.header_unknown", _HEADER, f'column "{column[:60]}" is not part of the format')
    known = [column for column in dict.fromkeys(header) if column in words.FULL_COLUMNS]
    if known != sorted(known, key=words.FULL_COLUMNS.index):
        expected = ", ".join(sorted(known, key=words.FULL_COLUMNS.index))
        message = "the columns are not in the order of the export"
        yield fault("csv.header_order", _HEADER, message, expected=expected, actual=", ".join(known))


def _row_faults(header: Sequence[str], row: Sequence[str], index: int) -> Iterator[Issue]:
    for column, text in zip(header, row, strict=True):
        at = f"/rows/{index}" + pointer(column)
        if not text:
            if column in words.REQUIRED_COLUMNS:
                yield fault("csv.required_empty", at, f'"{column}" is empty; every row must fill it')
            continue
        if column == "timestamp":
            yield from timestamp_faults(text, at)
        allowed = words.EVENT_ENUMS.get(column)
        if (allowed and text not in allowed) or (column == "score_delta" and not NUMBER_TEXT.fullmatch(text)):
            expected = ", ".join(allowed) if allowed else "a number"
            message = f'"{column}" is "{text[:60]}"; {"one of " if allowed else ""}{expected} is expected'
            yield fault("csv.value_invalid", at, message, expected=expected, actual=text[:60])
        if column != "score_delta" and text[0] in words.FORMULA_STARTS:
            yield formula_fault(text, column, at)


def _unmatched_rows(table: CsvTable, session: Session) -> Iterator[Issue]:
    """Events without an equal row, told in one issue, and rows without an equal event, one issue each."""
    columns = [column if column in words.FULL_COLUMNS else "" for column in table.header]
    kept = [index for index, column in enumerate(columns) if column]
    rows = [
        (index, tuple(row[column] for column in kept))
        for index, row in enumerate(table.rows)
        if len(row) == len(columns)
    ]
    events = [event_row(element, [columns[column] for column in kept]) for element in session.elements]
    spare = Counter(row for _, row in rows)
    missing = []
    for index, event in enumerate(events):
        if spare[event] > 0:
            spare[event] -= 1
        else:
            missing.append(index)
    if missing:
        listed = ", ".join(map(str, missing[:_NAMED_AT_MOST]))
        more = f" and {len(missing) - _NAMED_AT_MOST} more" if len(missing) > _NAMED_AT_MOST else ""
        yield fault("csv.row_missing", "", f"no row for events {listed}{more}")
    unused = Counter(events)
    for index, row in rows:
        if unused[row] > 0:
            unused[row] -= 1
        else:
            yield fault("csv.row_extra", f"/rows/{index}", "the row matches no event")


def _cell_fault(at: str, column: str, found: str, wanted: str) -> Issue:
    is_same = (column == "timestamp" and _same_instant(found, wanted)) or (
        column == "score_delta" and _same_number(found, wanted)
    )
    code = "csv.cell_format" if is_same else "csv.cell_mismatch"
    message = f'the cell is "{found[:60]}", the session has "{wanted[:60]}"'
    return fault(code, at, message, expected=wanted[:200], actual=found[:200])


def _same_instant(left: str, right: str) -> bool:
    instant = instant_of(left)
    return instant is not None and instant == instant_of(right)


def _same_number(left: str, right: str) -> bool:
    number = exact_text(left)
    return number is not None and number == exact_text(right)
