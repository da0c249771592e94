"""Shapes from before the Order 036 realignment: shown, counted, never judged by the record (section 2.7)."""

from __future__ import annotations

from teleloupe.formats import document_of
from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.reading import read_document, type_name
from teleloupe.formats.toyfoundry.shapes import CLERK_COLUMNS, WIDE_COLUMNS
from teleloupe.model import Blob, Column, Detection, Document, Issue

COLUMNS: dict[str, tuple[Column, ...]] = {
    "clerk": CLERK_COLUMNS,
    "clerk-csv": CLERK_COLUMNS,
    "wide": WIDE_COLUMNS,
    "wide-csv": WIDE_COLUMNS,
}


def parse_legacy(blob: Blob, detection: Detection) -> Document:
    """The document of a clerk or wide export in JSON."""
    reading = read_document(blob)
    issues = [*reading.issues, age_issue(detection.kind)]
    is_array = isinstance(reading.value, list)
    if not is_array and reading.is_complete:
        words = f"an export is an array, this is {type_name(reading.value)}"
        issues.append(rules.WRONG_ROOT.issue("", words, expected="array", actual=type_name(reading.value)))
    return document_of(
        blob,
        "toyfoundry",
        detection,
        records=reading.value if is_array else [],
        columns=COLUMNS[detection.kind],
        issues=tuple(issues),
        is_complete=reading.is_complete,
    )


def age_issue(kind: str) -> Issue:
    """That a file of a legacy kind predates the realignment; one issue a file."""
    rule = rules.CLERK_SHAPE if kind.startswith("clerk") else rules.LEGACY_WIDE
    shape = "a clerk export" if kind.startswith("clerk") else "a wide export"
    return rule.issue("", f"{shape}, from before the Order 036 realignment; it is shown and never regenerated")
