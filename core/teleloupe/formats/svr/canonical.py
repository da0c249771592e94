"""JSON as exports write it: canonical bytes, the evidence digest, the normalised bundle (sections 9.5 and 10.4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from teleloupe.formats.svr import vocabulary as words
from teleloupe.formats.svr.amounts import normal

Layout = Mapping[str, Any]  # known key -> layout of its value (None: no order of its own); "[]" for array elements

_EVENT: Layout = dict.fromkeys(words.EVENT_FIELDS)
_SCORE: Layout = dict.fromkeys(words.SCORE_FIELDS)
_REPORT: Layout = {
    **dict.fromkeys(words.REPORT_FIELDS),
    "objective_breakdown": {"[]": dict.fromkeys(words.OBJECTIVE_FIELDS)},
    "critical_errors": {"[]": dict.fromkeys(words.CRITICAL_FIELDS)},
    "recommended_microdrills": {"[]": dict.fromkeys(words.DRILL_FIELDS)},
    "re_audit_delta": dict.fromkeys(words.DELTA_FIELDS),
}
_BUNDLE: Layout = {
    **dict.fromkeys(words.BUNDLE_FIELDS),
    "events": {"[]": _EVENT},
    "score": _SCORE,
    "report": _REPORT,
}


def canonical_json(value: Any) -> str:
    """Canonical JSON: keys by code point, no spaces, numbers in their shortest form, text as it is."""
    return json.dumps(_ordered(value, {}), ensure_ascii=False, separators=(",", ":"))


def evidence_digest(bundle: Mapping[str, Any]) -> str:
    """SHA-256 in lower-case hex over a bundle's canonical JSON without its export time."""
    evidence = {key: value for key, value in bundle.items() if key != "exported_at"}
    return hashlib.sha256(canonical_json(evidence).encode("utf-8", "surrogatepass")).hexdigest()


def export_json(value: Any) -> bytes:
    """A bundle, or a bare list of events, as the normalised JSON export."""
    layout = {"[]": _EVENT} if isinstance(value, list) else _BUNDLE
    text = json.dumps(_ordered(value, layout), ensure_ascii=False, indent=2)
    return f"{text}\n".encode("utf-8", "surrogatepass")


def _ordered(value: Any, layout: Layout) -> Any:
    """The value with known keys first in their order, the others sorted, numbers in their normal form."""
    if isinstance(value, dict):
        known = [key for key in layout if key in value]
        keys = (*known, *sorted(value.keys() - layout.keys())) if known else sorted(value)
        return {key: _ordered(value[key], layout.get(key) or {}) for key in keys}
    if isinstance(value, list | tuple):
        inner = layout.get("[]") or {}
        return [_ordered(item, inner) for item in value]
    return normal(value) if type(value) is float else value
