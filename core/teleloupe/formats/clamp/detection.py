"""Which Clamp artefact a file is, by content first and name second (section 1)."""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec

from teleloupe.formats.clamp.build_info import SNAPSHOT_NAME
from teleloupe.model import Detection
from teleloupe.sketch import Sketch

_SUMMARY_KEYS = ("session_count", "sessionCount", "mean_stability", "meanStability", "sample_count", "stability_mean")
_SNAPSHOT_KEYS = ("digest", "policy_mode", "resolved_at")
_RECORD_KEYS = frozenset(("stability_score", "acquired_at", "released_at"))
_SESSION_NAME = re.compile(r"clamp_run_.*\.json")
_SUMMARY_NAME = re.compile(r"telemetry_summary.*\.json")


def detect(sketch: Sketch) -> Detection | None:
    """The kind of a file; certain when an object that can be read has the kind's keys."""
    members = sketch.members if sketch.root == "object" else {}
    is_read = isinstance(next(iter(members.values()), None), msgspec.Raw)  # as all are, unless the text is broken
    kind, why = _by_keys(members)
    if kind and is_read:
        return Detection(kind, why)
    if kind and _is_salvaged_session(sketch, kind):
        return Detection(kind, f"{why}, as far as it can be read", is_certain=False)
    return _by_name(sketch, is_object=is_read or sketch.content == b"{}")


def _by_keys(keys: Collection[str]) -> tuple[str, str]:
    if "records" in keys:
        return "session", "root object with records"
    if found := next((key for key in _SUMMARY_KEYS if key in keys), None):
        return "summary", f"root object with {found}"
    if "image" in keys and (found := next((key for key in _SNAPSHOT_KEYS if key in keys), None)):
        return "snapshot", f"root object with image and {found}"
    return "", ""


def _is_salvaged_session(sketch: Sketch, kind: str) -> bool:
    """Whether the readable part of a broken file tells: `records` alone is too common a name."""
    if kind != "session":
        return True
    records = sketch.members.get("records")
    first = records[0] if isinstance(records, list) and records else None
    return "stability_score" in sketch.members or (isinstance(first, dict) and bool(first.keys() & _RECORD_KEYS))


def _by_name(sketch: Sketch, *, is_object: bool) -> Detection | None:
    """What the name says of a file whose content does not: a readable one is only taken for a session or snapshot."""
    if _SESSION_NAME.fullmatch(sketch.name):
        return Detection("session", "named clamp_run_*.json", is_certain=False)
    if sketch.name == SNAPSHOT_NAME and (is_object or not _is_json(sketch)):
        return Detection("snapshot", f"named {SNAPSHOT_NAME}", is_certain=False)
    if _SUMMARY_NAME.fullmatch(sketch.name) and not is_object and not _is_json(sketch):
        return Detection("summary", "named telemetry_summary*.json", is_certain=False)
    return None


def _is_json(sketch: Sketch) -> bool:
    try:
        msgspec.json.decode(sketch.content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True
