"""Toyfoundry's part of the demo: feeds, and what the loom makes of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from teleloupe.demo.dice import Dice
from teleloupe.formats.toyfoundry import loom
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.weave import Weave
from teleloupe.formats.toyfoundry.writing import document_text, export_csv, export_json, sidecar_text

TELEMETRY = ".toyfoundry/telemetry"
EXPORTS = f"{TELEMETRY}/quilt/exports"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
RITUALS = ("drill", "parade", "purge", "promote")
EXPORTED_AT = "2026-03-02T12:00:00Z"

Files = dict[str, bytes]


def alfa_id(dice: Dice, number: int) -> str:
    """The id of a mint."""
    return f"alfa-{int(_minted_at(number).timestamp())}-{dice.hex(8, 'alfa', number)}"


def mint_line(dice: Dice, number: int) -> bytes:
    """A line of the mint feed."""
    name, alfa = f"demo run {number}", alfa_id(dice, number)
    entry = {
        "timestamp": _stamp(_minted_at(number)),
        "alfa_id": alfa,
        "name": name,
        "dry_run": False,
        "output_path": f"production\\alfa_batches\\{alfa}.json",
        "seed": dice.below(1 << 31, "mint", number),
        "recipe_name": None,
        "status": "minted",
    }
    return _line(entry)


def ritual_line(dice: Dice, number: int, mints: int) -> bytes:
    """A line of the ritual feed, about one of the first so many mints."""
    ritual = dice.one_of(RITUALS, "ritual", number)
    metrics = {
        "units": str(1 + dice.below(9, "units", number)),
        "duration_ms": str(900 + dice.below(60_000, "ms", number)),
    }
    entry = {
        "timestamp": _stamp(START + timedelta(hours=1, seconds=97 * number)),
        "ritual": ritual,
        "status": "completed",
        "metadata": {
            "batch_id": alfa_id(dice, dice.below(mints, "batch", number)),
            "notes": f"{ritual} {number}",
            "metrics": metrics,
            "dry_run": False,
        },
    }
    return _line(entry)


def feeds(dice: Dice, mints: int, rituals: int) -> tuple[bytes, bytes]:
    """The mint feed and the ritual feed."""
    ritual = b"".join(ritual_line(dice, number, mints) for number in range(rituals))
    return b"".join(mint_line(dice, number) for number in range(mints)), ritual


def woven(mint: bytes, ritual: bytes) -> Weave:
    """Both feeds, woven."""
    weave = Weave()
    loom.weave_feed(weave, "mint-feed", [mint])
    loom.weave_feed(weave, "ritual-feed", [ritual])
    weave.finish()
    return weave


def exports(records: Sequence[Record]) -> Files:
    """The export as JSON and CSV, each with its checksum."""
    files = {
        "composite_export.json": "".join(export_json(records)).encode(),
        "composite_export.csv": "".join(export_csv(records)).encode(),
    }
    return files | {f"{name}.sha256": sidecar_text(_digest(data)).encode() for name, data in files.items()}


def foundry(dice: Dice) -> Files:
    """A whole foundry: feeds, rollup, exports, metadata."""
    mint, ritual = feeds(dice, 8, 24)
    weave = woven(mint, ritual)
    made = exports(loom.woven_export(weave).records)
    minted = [alfa_id(dice, number) for number in range(8)]
    files = made | {
        "build_info.json": document_text(_build_info(minted, made)).encode(),
        "export_manifest.json": document_text(_manifest(minted, made)).encode(),
    }
    return {
        f"{TELEMETRY}/forge_mint_alfa.jsonl": mint,
        f"{TELEMETRY}/forge_rituals.jsonl": ritual,
        f"{TELEMETRY}/quilt/quilt_rollup_all.json": "".join(loom.rollup_text(weave.rollup())).encode(),
        **{f"{EXPORTS}/{name}": data for name, data in files.items()},
    }


def _build_info(minted: Sequence[str], made: Files) -> Mapping[str, Any]:
    return {
        "alfas_minted": minted,
        "artifacts": [{"path": f"{EXPORTS}/{name}", "sha256": _digest(made[name])} for name in _artefacts(made)],
        "batch_config": {"forge_version": "demo 1.0", "max_alfa_per_batch": 8, "template_version": "1.0"},
        "build_id": "demo-standard-batch",
        "issuer": "demo_foundry",
        "order_id": "order-2026-03-02-101",
        "recipe": "quilt_exports@1.0",
        "source": "standard_batch",
        "telemetry_summary": {
            "ritual_events": 24,
            "successful_mints": len(minted),
            "total_mint_events": len(minted),
        },
        "timestamp": EXPORTED_AT,
    }


def _manifest(minted: Sequence[str], made: Files) -> Mapping[str, Any]:
    artefacts: list[dict[str, Any]] = [
        {
            "accessible": True,
            "checksum_file": f"{name}.sha256",
            "filename": name,
            "format": name.rpartition(".")[2],
            "path": f"{EXPORTS}/{name}",
            "sha256": _digest(made[name]),
            "type": "telemetry_export",
        }
        for name in _artefacts(made)
    ]
    return {
        "artifacts": artefacts,
        "batch_summary": {
            "alfas_minted": len(minted),
            "batch_id": minted[0].rpartition("-")[0],
            "max_alfa_per_batch": 8,
            "template_version": "1.0",
        },
        "consumer_notes": "Demo data; nothing was minted.",
        "generated_at": EXPORTED_AT,
        "manifest_locations": [f"{EXPORTS}/"],
        "manifest_version": "1.0",
        "order_id": "order-2026-03-02-101",
    }


def _artefacts(made: Files) -> list[str]:
    return [name for name in made if not name.endswith(".sha256")]


def _minted_at(number: int) -> datetime:
    return START + timedelta(seconds=61 * number)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond:06d}+00:00"


def _line(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry).encode() + b"\n"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest().upper()
