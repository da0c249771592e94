"""telemetry_summary.json, in every shape it has had, and rocm_snapshot.json (sections 5 and 7)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from teleloupe import jsontext
from teleloupe.formats import document_of
from teleloupe.formats.clamp import rules
from teleloupe.formats.clamp.build_info import recorded_issues
from teleloupe.formats.clamp.content import Content, folded, read_content
from teleloupe.formats.clamp.dialects import (
    ALIASES,
    DRIFT_MEANING,
    FRACTIONS,
    GROUPS,
    KNOWN_KEYS,
    LEGACY_KEYS,
    TIMED_DIALECTS,
    Dialect,
    dialect_of,
    present,
)
from teleloupe.formats.clamp.figures import Figures
from teleloupe.formats.clamp.mean import PRINTED_SLACK
from teleloupe.formats.clamp.moments import is_score
from teleloupe.formats.clamp.record_rules import text_issues, type_name
from teleloupe.formats.clamp.scanner import scanned
from teleloupe.jsontext import pointer
from teleloupe.model import Blob, Detection, Document, Issue

LONGEST_DRIFT_MS = 315_576_000_000  # ten years: beyond it a placeholder time must be in the range
_MS_PER_YEAR = 31_557_600_000
_SIX_DECIMALS = re.compile(r"-?\d+\.\d{6}", re.ASCII)
_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")


class SummaryBody(Struct, frozen=True, eq=False):
    """What a summary keeps: its dialect, its fields by group name, where each stands, its numbers as written.

    `figures` is what it contributes when it lies among session files, where the line scanner reads it too.
    """

    figures: Figures
    dialect: Dialect = "current"
    values: Mapping[str, Any] = {}
    places: Mapping[str, str] = {}
    spellings: Mapping[str, str] = {}
    is_judged: bool = False


class SnapshotBody(Struct, frozen=True, eq=False):
    """What a snapshot keeps: its text, and its root when that is an object."""

    figures: Figures
    text: str = ""
    root: Mapping[str, Any] | None = None


def parse_summary(blob: Blob, detection: Detection) -> Document:
    """The document of a summary: its header is the summary itself."""
    content = read_content(blob.data)
    sums = Figures(line_scanner=scanned(blob.data))
    if not content.is_whole or not isinstance(content.value, dict):
        return _document(blob, detection, content, SummaryBody(sums), kind="summary")
    top = content.value
    names = {group: found[0] for group in GROUPS if (found := present(top, group))}
    spelled = jsontext.read(content.text, parse_float=str, parse_int=str).value
    numbers = {key: spelled[key] for key, value in top.items() if type(value) in (int, float)}
    body = SummaryBody(
        sums,
        dialect_of(top, has_final_newline=content.text.endswith("\n")),
        {group: top[name] for group, name in names.items()},
        {group: pointer(name) for group, name in names.items()},
        numbers,
        is_judged=True,
    )
    return _document(blob, detection, content, body, kind="summary")


def parse_snapshot(blob: Blob, detection: Detection) -> Document:
    """The document of a provenance snapshot; the contract leaves judging its content to others."""
    content = read_content(blob.data)
    root = content.value if content.is_readable and isinstance(content.value, dict) else None
    body = SnapshotBody(Figures(line_scanner=scanned(blob.data)), content.text, root)
    return _document(blob, detection, content, body, kind="snapshot")


def validate_summary(document: Document) -> Iterator[Issue]:
    """The issues of a summary by itself."""
    body: SummaryBody = document.body
    if not body.is_judged:
        return
    top = document.header
    yield from _shape_issues(top, body)
    yield from _source_issues(body)
    for group in ("session_count", *FRACTIONS):
        yield from _number_issues(group, top, body)
    yield from _range_issues(body)
    yield from recorded_issues(top)
    yield from folded(text_issues("", top))
    extra = (name for name in top if name not in KNOWN_KEYS)
    yield from folded(rules.FIELD_UNKNOWN.issue(pointer(name), f"extra field {pointer(name)}") for name in extra)


def number_of(body: SummaryBody, group: str) -> float | int | None:
    """A finite number of a summary by its group; None when it is absent or none."""
    value = body.values.get(group)
    return value if is_score(value) else None


def _document(blob: Blob, detection: Detection, content: Content, body: Any, *, kind: str) -> Document:
    header = content.value if isinstance(content.value, dict) else {}
    issues = list(content.issues)
    if content.is_whole and not isinstance(content.value, dict):
        issues.append(rules.TOP_NOT_OBJECT.issue("", "top level must be an object", actual=type_name(content.value)))
    return document_of(
        blob,
        "clamp",
        detection,
        kind=kind,
        header=header,
        issues=tuple(issues),
        body=body,
        is_complete=content.is_complete,
    )


def _shape_issues(top: Mapping[str, Any], body: SummaryBody) -> Iterator[Issue]:
    for group in GROUPS:
        names = present(top, group)
        if not names:
            yield rules.SUM_FIELD_MISSING.issue(pointer(group), f"summary lacks {group}")
        for other in names[1:]:
            if not _is_same(top[names[0]], top[other]):
                message = f"{names[0]} and {other} disagree"
                yield rules.SUM_ALIAS_MISMATCH.issue(
                    pointer(other), message, expected=f"{top[names[0]]!r:.80}", actual=f"{top[other]!r:.80}"
                )
    absent = [name for name in ALIASES if name not in top]
    if absent:
        yield rules.SUM_ALIAS_MISSING.issue("", f"producer writes no {', '.join(absent)}", expected=", ".join(absent))
    if top.keys() & LEGACY_KEYS:
        message = f"summary of the {body.dialect} kind; drift_index means {DRIFT_MEANING[body.dialect]}"
        yield rules.SUM_LEGACY.issue("", message)


def _source_issues(body: SummaryBody) -> Iterator[Issue]:
    source = body.values.get("source_directory", ...)
    if source is ...:
        return
    at = body.places["source_directory"]
    if not isinstance(source, str):
        message = f"source_directory must be a string, found {type_name(source)}"
        yield rules.SUM_FIELD_TYPE.issue(at, message, expected="a string", actual=type_name(source))
        return
    if not _ABSOLUTE.match(source):
        yield rules.SUM_SOURCE_RELATIVE.issue(at, "source_directory is not absolute", actual=source[:80])


def _number_issues(group: str, top: Mapping[str, Any], body: SummaryBody) -> Iterator[Issue]:
    """Type of every member of a group, and the form of those written with decimals."""
    for name in present(top, group):
        value = top[name]
        wanted = "an integer" if group == "session_count" else "a finite number"
        types = (int,) if group == "session_count" else (int, float)
        if type(value) not in types or (isinstance(value, float) and not math.isfinite(value)):
            found = type_name(value) if type(value) not in (int, float) else f"{value!r}"
            message = f"{name} must be {wanted}, found {found}"
            yield rules.SUM_FIELD_TYPE.issue(pointer(name), message, expected=wanted, actual=found)
        elif group in FRACTIONS and body.dialect != "alpha" and not _SIX_DECIMALS.fullmatch(body.spellings[name]):
            spelling = body.spellings[name][:40]
            yield rules.SUM_FORMAT.issue(pointer(name), f"{name} is not written with six decimals", actual=spelling)


def _range_issues(body: SummaryBody) -> Iterator[Issue]:
    """Numbers no session files can give."""
    count, mean, variance, drift = (number_of(body, group) for group in ("session_count", *FRACTIONS))
    most = count / (4 * (count - 1)) if type(count) is int and count > 1 else 0.0
    limit = most + PRINTED_SLACK if most else 0.0  # the variance is printed rounded
    if count is not None and count < 0:
        yield _impossible(body, "session_count", "a count cannot be negative")
    if mean is not None and not 0 <= mean <= 1:
        yield _impossible(body, "mean_stability", "the mean of scores lies in 0..1")
    if variance is not None and (variance < 0 or (type(count) is int and variance > limit)):
        yield _impossible(body, "stability_variance", f"the variance of so many scores lies in 0..{most:.6f}")
    if drift is not None and drift < 0:
        yield _impossible(body, "drift_index", "a drift cannot be negative")
    if body.dialect in TIMED_DIALECTS and drift is not None and drift > LONGEST_DRIFT_MS:
        years = drift / _MS_PER_YEAR
        message = f"drift of {years:.0f} years: a record without usable time was given a placeholder"
        yield rules.SUM_DRIFT_EPOCH.issue(body.places["drift_index"], message, actual=f"{drift:.6f}")


def _impossible(body: SummaryBody, group: str, why: str) -> Issue:
    shown = f"{body.values[group]!r:.40}"
    return rules.SUM_RANGE.issue(body.places[group], f"impossible value {shown}: corruption; {why}", actual=shown)


def _is_same(one: Any, other: Any) -> bool:
    """Equality of two spellings' values; 1 and 1.0 are one number, true is none."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
