"""Toyfoundry artefacts for tests, and how they are loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from teleloupe import formats
from teleloupe.formats.toyfoundry.loom import rollup_text, weave_feed, woven_export
from teleloupe.formats.toyfoundry.weave import Weave
from teleloupe.formats.toyfoundry.writing import export_json
from teleloupe.model import Blob, Document, Issue

EXPORT = "composite_export.json"
TABLE = "composite_export.csv"
MINT_FEED = "forge_mint_alfa.jsonl"
RITUAL_FEED = "forge_rituals.jsonl"
HEADER = "schema_version,batch_id,ritual,units_processed,status,duration_ms\r\n"


def blob(content: bytes, name: str) -> Blob:
    return Blob(name, content, len(content), 0, hashlib.sha256(content).hexdigest())


def load(content: bytes, name: str = EXPORT) -> Document:
    return formats.load(blob(content, name))


def tree(files: Mapping[str, bytes]) -> dict[str, Document]:
    return {path: load(content, path) for path, content in sorted(files.items())}


def found(document: Document) -> set[tuple[str, str]]:
    return {(issue.code, issue.at) for issue in document.issues}


def codes(issues: tuple[Issue, ...] | list[Issue]) -> list[str]:
    return sorted(issue.code for issue in issues)


def record(**changes: Any) -> dict[str, Any]:
    fields = {
        "batch_id": "alfa-1",
        "duration_ms": 0,
        "ritual": "forge",
        "schema_version": "1.0",
        "status": "success",
        "units_processed": 1,
    }
    return fields | changes


def pretty(value: Any) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True) + "\n").encode()


def lines(*entries: Any) -> bytes:
    return "".join(f"{json.dumps(entry)}\n" for entry in entries).encode()


def mint(alfa_id: Any = "alfa-1", **changes: Any) -> dict[str, Any]:
    entry = {
        "timestamp": "2025-11-24T08:00:00.000001+00:00",
        "alfa_id": alfa_id,
        "name": "dawn run",
        "dry_run": False,
        "output_path": f"production\\alfa_batches\\{alfa_id}.json",
        "seed": 1,
        "recipe_name": None,
        "status": "minted",
    }
    return entry | changes


def ritual(**changes: Any) -> dict[str, Any]:
    entry = {
        "timestamp": "2025-11-24T09:00:00+00:00",
        "ritual": "parade",
        "status": "completed",
        "metadata": {"batch_id": "alfa-1", "display": "window", "metrics": {}, "dry_run": False},
    }
    return entry | changes


MINTS = [mint("a"), mint("b"), mint("c", dry_run=True, status="draft")]
EVENTS = [
    ritual(metadata={"batch_id": "b", "metrics": {"units": "3", "duration_ms": "900000"}}),
    ritual(ritual="polish"),
]


def home(mints: list[Any], events: list[Any], woven_mints: list[Any] | None = None) -> dict[str, bytes]:
    """A telemetry directory whose rollups and export were made of `woven_mints`."""
    weave = Weave()
    weave_feed(weave, "mint-feed", [lines(*(mints if woven_mints is None else woven_mints))])
    weave_feed(weave, "ritual-feed", [lines(*events)])
    weave.finish()
    return {
        "t/forge_mint_alfa.jsonl": lines(*mints),
        "t/forge_rituals.jsonl": lines(*events),
        "t/quilt/quilt_rollup.json": "".join(rollup_text(weave.mint_rollup())).encode(),
        "t/quilt/quilt_rollup_all.json": "".join(rollup_text(weave.rollup())).encode(),
        f"t/quilt/exports/{EXPORT}": "".join(export_json(woven_export(weave).records)).encode(),
    }
