"""WeftEnd's part of the demo: a release with its pulses, and what the conduit makes of them."""

from __future__ import annotations

from typing import Any

from teleloupe.demo.dice import Dice
from teleloupe.formats.weftend import canonical, conduit
from teleloupe.formats.weftend.release import MANIFEST_FILE, PULSES_FILE, STORE_FILE, TARTARUS_FILE, ReleaseFiles

FLOOR = 25  # the demo's k: what occurs more rarely is not told
SNAPSHOT_FILE = "telemetry_conduit_snapshot.json"
CAPABILITIES = ("net.fetch", "storage.read", "storage.write")

Files = dict[str, bytes]
Value = dict[str, Any]


def conduits(dice: Dice) -> Files:
    """A release after two runs of the conduit, and the snapshot that each published."""
    store: bytes | None = None
    files: Files = {}
    for run, pulses in enumerate((120, 260), 1):
        release = _release(dice, pulses)
        outcome = conduit.run(
            ReleaseFiles(release[MANIFEST_FILE], release[PULSES_FILE], release[TARTARUS_FILE], store),
            conduit.Settings(FLOOR),
        )
        if isinstance(outcome, conduit.Refusal):
            raise TypeError(f"the demo's own release is refused: {outcome.problems}")
        store = outcome.store_bytes
        files |= {f"release/{name}": data for name, data in release.items()}
        files |= {f"release/{STORE_FILE}": store, f"published/run-{run}/{SNAPSHOT_FILE}": outcome.snapshot_bytes}
    return files


def _release(dice: Dice, pulses: int) -> Files:
    buffer = {"schema": "weftend.pulseBuffer/0", "v": 0, "pulses": [_pulse(dice, number) for number in range(pulses)]}
    records = [_record(dice, number) for number in range(0, pulses, 7)]
    return {
        MANIFEST_FILE: _on_disk(_manifest(dice)),
        PULSES_FILE: _on_disk(buffer),
        TARTARUS_FILE: b"".join(_on_disk(record) for record in records),
    }


def _pulse(dice: Dice, number: int) -> Value:
    body: Value = {
        "schema": "weftend.pulse/0",
        "v": 0,
        "pulseSeq": number,
        "kind": dice.one_of(("CAP_DENY", "CAP_DENY", "CAP_ALLOW", "LOAD"), "pulse", number),
        "subject": {"kind": "block", "id": f"block:sha256-{number % 8:02}"},
    }
    if body["kind"] != "LOAD":
        body["capId"] = dice.one_of(CAPABILITIES, "capability", number)
    if body["kind"] == "CAP_DENY":
        body |= {"reasonCodes": ["CAP_NOT_GRANTED"], "counts": {"capsDenied": 1, "capsRequested": 1}}
    return body | {"pulseDigest": canonical.digest(canonical.canonical(body))}


def _record(dice: Dice, number: int) -> Value:
    body = {
        "schema": "weftend.tartarus/0",
        "planDigest": f"sha256:{dice.hex(64, 'plan')}",
        "blockHash": f"block:sha256-{number % 8:02}",
        "kind": "cap.replay",
        "severity": "QUARANTINE",
        "remedy": "REBUILD_FROM_TRUSTED",
        "reasonCodes": ["CAP_REPLAY"],
        "seq": number,
    }
    return body | {"recordId": canonical.digest(canonical.canonical(body))}


def _manifest(dice: Dice) -> Value:
    body = {
        "planDigest": f"sha256:{dice.hex(64, 'plan')}",
        "policyDigest": "policy-demo",
        "blocks": [f"block:sha256-{number:02}" for number in range(8)],
        "pathDigest": f"sha256:{dice.hex(64, 'path')}",
        "evidenceJournalHead": f"sha256:{dice.hex(64, 'evidence')}",
        "buildInfo": {"toolId": "weftend", "toolVer": "0.4.0"},
    }
    release_id = canonical.digest(canonical.canonical(body))
    signature = {"keyId": "demo-key", "sigB64": "ZGVtbw==", "sigKind": "sig.demo.v0"}
    return {"schema": "weftend.release/0", "releaseId": release_id, "manifestBody": body, "signatures": [signature]}


def _on_disk(value: Value) -> bytes:
    return canonical.on_disk(canonical.canonical(value))
