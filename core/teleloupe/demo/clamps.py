"""Clamp's part of the demo: session files with 64-bit seeds, their summary, and where the build came from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from teleloupe import formats
from teleloupe.demo.dice import Dice
from teleloupe.formats.clamp.export import summary_text
from teleloupe.formats.clamp.figures import Build, Part, numbers
from teleloupe.model import Blob

START = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
CONTEXTS = ("kernel-cache", "tensor-pool", "scratch-buffer")
BUILD: Build = "specification"

Files = dict[str, bytes]


def clamps(dice: Dice) -> Files:
    """A build directory: sessions, summary, snapshot."""
    sessions = {f"telemetry/{session_name(number)}": session(dice, number) for number in range(6)}
    build = _snapshot(dice)
    parts = [_figures(name, data) for name, data in sessions.items()]
    summary = summary_text("/srv/demo/build/telemetry", numbers(parts, BUILD), BUILD, build.rstrip(b"\n"))
    return {**sessions, "telemetry_summary.json": summary, "rocm_snapshot.json": build}


def session_name(number: int) -> str:
    """The name of a session file."""
    return f"clamp_run_{START + timedelta(seconds=90 * number + 80):%Y%m%dT%H%M%SZ}.json"


def session(dice: Dice, number: int, *, is_broken: bool = False) -> bytes:
    """A session file; a broken one states a mean that no scores can have."""
    scores = [1000 - dice.below(45, "score", number, record) for record in range(3 + number % 3)]
    records = ", ".join(_record(dice, number, record, score) for record, score in enumerate(scores))
    mean = 1.5 if is_broken else sum(scores) / 1000 / len(scores)
    return f'{{"stability_score":{mean:.6f},"records": [{records}] }}'.encode()


def _record(dice: Dice, number: int, record: int, score: int) -> str:
    acquired = START + timedelta(seconds=90 * number + 11 * record)
    duration_ms = 20 + dice.below(7900, "duration", number, record)
    return (
        f'{{"context":"{dice.one_of(CONTEXTS, "context", number, record)}","seed":{_seed(dice, number, record)},'
        f'"thread_id":"139842611050048","acquired_at":"{_stamp(acquired)}",'
        f'"released_at":"{_stamp(acquired + timedelta(milliseconds=duration_ms))}",'
        f'"duration_ms":{duration_ms}.250,"stability_score":{score / 1000}}}'
    )


def _seed(dice: Dice, number: int, record: int) -> int:
    return (1 << 63) + dice.below(1 << 63, "seed", number, record)


def _snapshot(dice: Dice) -> bytes:
    lines: Sequence[str] = (
        '"image": "example/rocm-dev:6.4.4"',
        f'"digest": "sha256:{dice.hex(64, "image")}"',
        '"resolved_at": "2026-03-02T08:58:40Z"',
        '"policy_mode": "strict"',
        '"signer": "demo"',
    )
    return ("{\n  " + ",\n  ".join(lines) + "\n}\n").encode()


def _figures(name: str, data: bytes) -> Part:
    blob = Blob(name, data, len(data), 0, hashlib.sha256(data).hexdigest())
    return formats.load(blob).body.figures.part(BUILD)  # type: ignore[no-any-return]  # a body is its format's own


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
