"""What kind of file it is: by the top-level keys, first match wins (SVR specification, section 2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from teleloupe.formats.svr import vocabulary as words
from teleloupe.formats.svr.csvtext import read_csv
from teleloupe.model import Detection
from teleloupe.sketch import Sketch

EVENTS, SESSION, GOLDEN_RUN = "events", "session", "golden-run"
TIMELINE_CSV, FULL_CSV, SUMMARY_CSV = "timeline-csv", "full-csv", "summary-csv"
CSV_KINDS = (TIMELINE_CSV, FULL_CSV, SUMMARY_CSV)
SESSION_KINDS = (SESSION, GOLDEN_RUN)
CONTRACT_KINDS = ("rubric", "scenario", "microdrills")

_BY_KEYS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"$schema"}), "schema"),
    (frozenset({"events"}), SESSION),
    (frozenset({"event_id", "event_type"}), EVENTS),
    (frozenset({"objective_breakdown"}), "report"),
    (frozenset({"max_score", "objectives"}), "rubric"),
    (frozenset({"phases"}), "scenario"),
    (frozenset({"microdrills"}), "microdrills"),
    (frozenset({"required_levels"}), "content-manifest"),
    (frozenset({"required_assets"}), "content-manifest"),
    (frozenset({"locale", "strings"}), "locale"),
)
_ALL_KEYS = frozenset().union(*(keys for keys, _ in _BY_KEYS))
_SCORE_KEYS = frozenset(words.SCORE_FIELDS)
_SCHEMA_IDS = "svr."  # what the identifiers of its published schemas begin with
_OWN_KEYS = frozenset({"objective_breakdown", "microdrills", "scenario_id", "participant_id", "event_id"})
_MANY_COLUMNS = 2  # of ours; a file not called .csv needs so many to be taken for a session CSV


def kind_of_value(value: Any, path: str) -> str:
    """The kind of a parsed top-level value; "" when it is none of the format."""
    if isinstance(value, list):
        is_events = bool(value) and all(isinstance(item, dict) and "event_type" in item for item in value)
        return EVENTS if is_events else ""
    return kind_of_keys(value, path) if isinstance(value, dict) else ""


def kind_of_keys(keys: Collection[str], path: str) -> str:
    """The kind of an object by its keys; a session in a folder of golden runs is one of them."""
    names = frozenset(keys)
    kind = "" if names.isdisjoint(_ALL_KEYS) else next((kind for needed, kind in _BY_KEYS if needed <= names), "")
    if not kind and "score_total" in names and names <= _SCORE_KEYS:
        return "expected-score"
    if kind == SESSION or (not kind and "session_id" in keys):
        return GOLDEN_RUN if "golden" in path.lower() else SESSION
    return kind


def kind_of_columns(columns: Collection[str]) -> str:
    """The kind of a CSV by its header; "" when it is none of the format."""
    if "score_claimed" in columns and "event_count" in columns:
        return SUMMARY_CSV
    if "event_type" not in columns and "timestamp" not in columns:
        return ""
    is_full = any(column in columns for column in words.FULL_COLUMNS if column not in words.TIMELINE_COLUMNS)
    return FULL_CSV if is_full else TIMELINE_CSV


def columns_of_line(line: str) -> list[str]:
    """The cells of a header line."""
    return list(read_csv(line).header)


def detect(sketch: Sketch) -> Detection | None:
    """Tell a file of the format by its content; what other producers could have too is not certain."""
    if sketch.root == "object":
        return _of_object(sketch)
    if sketch.root in ("array", "lines"):
        return _of_events(sketch)
    if sketch.root == "text":
        return _of_text(sketch)
    if sketch.root == "empty" and _is_csv_name(sketch.name):
        return Detection("", "its name ends in .csv", is_certain=False)
    return None


def _of_object(sketch: Sketch) -> Detection | None:
    members = sketch.members
    kind = kind_of_keys(members, sketch.blob.path)
    if not kind:
        return None
    if kind == "schema" and str(sketch.get("$id")).startswith(_SCHEMA_IDS):
        return Detection(kind, f"root object with $schema and an $id in {_SCHEMA_IDS}")
    needed = next((keys for keys, of in _BY_KEYS if of == kind and keys <= members.keys()), None)
    named = ", ".join(sorted(needed)) if needed else "score_total" if kind == "expected-score" else "session_id"
    return Detection(kind, f"root object with {named}", is_certain=_is_ours(kind, members))


def _is_ours(kind: str, members: Mapping[str, Any]) -> bool:
    """Whether the keys leave no doubt; `events`, `phases`, `locale` or `$schema` alone are anybody's."""
    return kind not in ("schema", "locale", "content-manifest") and not _OWN_KEYS.isdisjoint(members)


def _of_events(sketch: Sketch) -> Detection | None:
    first = sketch.first
    if "event_type" not in first:
        return None
    place = "first line" if sketch.root == "lines" else "first element"
    return Detection(EVENTS, f"{place} has event_type", is_certain="event_id" in first and "phase" in first)


def _of_text(sketch: Sketch) -> Detection | None:
    columns = columns_of_line(sketch.first_line)
    kind = kind_of_columns(columns)
    ours = sum(column in words.FULL_COLUMNS for column in columns)
    if kind and (_is_csv_name(sketch.name) or ours > _MANY_COLUMNS):
        why = "header of session summaries" if kind == SUMMARY_CSV else "header names event_type or timestamp"
        return Detection(kind, why, is_certain=kind == SUMMARY_CSV or {"event_type", "phase"} <= set(columns))
    return Detection("", "its name ends in .csv", is_certain=False) if _is_csv_name(sketch.name) else None


def _is_csv_name(name: str) -> bool:
    return name.lower().endswith(".csv")
