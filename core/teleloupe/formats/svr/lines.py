"""One event a line, as a running session writes it: read as far as it goes, read on when it grew (section 2, OD-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct, structs

from teleloupe.columns import columns_of
from teleloupe.formats import document_of
from teleloupe.formats.svr import shapes
from teleloupe.formats.svr.jsonread import malformed, read_json, read_text
from teleloupe.formats.svr.session import Session, bare_session, place_at_root
from teleloupe.model import Blob, Detection, Document, Issue

EVENT_COLUMNS = columns_of(shapes.Event)


class Lines(Struct, frozen=True, eq=False):
    """Bare events that stand one a line: the session they make and the line number of each, from 1.

    `finished` counts the events, `issues` holds the issues of all lines that have their end, which are `count` many.
    """

    session: Session
    numbers: Sequence[int]
    finished: int
    issues: tuple[Issue, ...]
    count: int


def stands_in_lines(name: str, text: str) -> bool:
    """Whether a text is one object a line, by its name or because more follows the first line that ends one."""
    if text.lstrip()[:1] != "{":
        return False
    first, _, rest = text.lstrip().partition("\n")
    return name.endswith((".jsonl", ".ndjson")) or (first.rstrip().endswith("}") and bool(rest.strip()))


def lines_document(blob: Blob, detection: Detection, text: str, issues: Sequence[Issue]) -> Document:
    """The document of a whole file of events."""
    whole = document_of(blob, "svr", detection, issues=tuple(issues))
    nothing = Lines(bare_session((), place_at_root), (), 0, tuple(issues), 0)
    return _read_on(whole, nothing, text, len(blob.data) - len(text.encode()))


def extend(document: Document, blob: Blob) -> Document | None:
    """The document of a file of events that grew, from a blob that starts where its last finished line ended."""
    before = document.body
    if not isinstance(before, Lines):
        return None
    text, faults = read_text(blob.data)
    if text is None or faults:
        return None
    grown = structs.replace(document, size=blob.size, mtime_ns=blob.mtime_ns, sha256=blob.sha256, issues=before.issues)
    return _read_on(grown, before, text, document.consumed)


def _read_on(document: Document, before: Lines, text: str, consumed: int) -> Document:
    """The document with the events of the lines in a text after those of the finished lines before it."""
    elements, numbers = list(before.session.elements[: before.finished]), list(before.numbers[: before.finished])
    *finished, last = text.split("\n")
    issues = list(before.issues)
    for number, line in enumerate(finished, before.count + 1):
        issues += _read_line(line, number, elements, numbers)
    done, told = len(elements), tuple(issues)
    torn = _read_line(last, before.count + len(finished) + 1, elements, numbers, is_last=True)
    is_shaped = shapes.is_shaped(elements, list[shapes.Event])
    session = bare_session(elements, place_at_root, is_well_shaped=is_shaped)
    return structs.replace(
        document,
        records=elements,
        columns=EVENT_COLUMNS,
        issues=(*told, *torn),
        is_complete=not any(issue.rule.code == "svr.file.json_truncated" for issue in torn),
        record_at=lambda index: f"line {numbers[index]}",
        body=Lines(session, numbers, done, told, before.count + len(finished)),
        consumed=consumed + len(text.encode()) - len(last.encode()),
    )


def _read_line(
    line: str, number: int, elements: list[Any], numbers: list[int], *, is_last: bool = False
) -> list[Issue]:
    """Add the event of a line to the others; the issues of reading it. Only a file's last line can be unfinished."""
    if not line.strip():
        return []
    reading, issues, is_readable = read_json(line)
    if is_readable:
        elements.append(reading.value)
        numbers.append(number)
    elif not is_last:
        issues = [malformed("the line is not JSON: it ends inside a value") if _is_cut(i) else i for i in issues]
    return [structs.replace(issue, at=f"line {number}") for issue in issues]


def _is_cut(issue: Issue) -> bool:
    return issue.rule.code == "svr.file.json_truncated"
