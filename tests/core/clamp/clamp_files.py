"""Clamp files for tests: records, sessions and documents from a few words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from teleloupe import formats
from teleloupe.formats import clamp
from teleloupe.model import Blob, Document

NAME = "clamp_run_20251020T091500Z.json"


def record(**fields: Any) -> dict[str, Any]:
    base = {
        "context": "pool",
        "seed": 12808462179647648691,
        "thread_id": "1",
        "acquired_at": "2025-10-20T09:12:01Z",
        "released_at": "2025-10-20T09:12:01Z",
        "duration_ms": 4.125,
        "stability_score": 1,
    }
    return base | fields


def session(*records: Any, mean: Any = ..., **top: Any) -> bytes:
    if mean is ...:
        scores = [one["stability_score"] for one in records]
        mean = round(sum(scores) / len(scores), 6) if scores else 0.0
    head = {} if mean is None else {"stability_score": mean}
    return json.dumps({**top, **head, "records": list(records)}, ensure_ascii=False).encode()


def loaded(data: bytes, path: str = NAME, mtime_ns: int = 0) -> Document:
    return formats.load(Blob(path, data, len(data), mtime_ns, ""))


def codes(document: Document) -> set[tuple[str, str, str]]:
    return {(issue.rule.id.removeprefix("clamp/"), issue.severity, issue.at) for issue in document.issues}


def related(files: Mapping[str, bytes | Document]) -> dict[str, set[tuple[str, str, str]]]:
    """What `relate` finds over files, by path, as `codes` has it."""
    documents = {path: data if isinstance(data, Document) else loaded(data, path) for path, data in files.items()}
    found = clamp.FORMAT.relate(dict(sorted(documents.items())))
    return {
        path: {(one.rule.id.removeprefix("clamp/"), one.severity, one.at) for one in issues}
        for path, issues in found.items()
    }
