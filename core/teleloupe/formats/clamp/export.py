"""Summaries as they are written: ours by the contract, and what the producer's builds write (sections 5.1, 10)."""

from __future__ import annotations

import json
import math

from teleloupe.formats.clamp.figures import Build, Numbers


def summary_text(source_directory: str, numbers: Numbers, build: Build, build_info: bytes | None = None) -> bytes:
    """telemetry_summary.json: one line, six decimals, a newline at the end.

    The specification's has both spellings of each field, the producer's builds write only the first; `build_info` is
    JSON text or None to leave it out. A number that no double holds is null.
    """
    mean, variance, drift = (_fraction(value) for value in (numbers.mean, numbers.variance, numbers.drift_ms))
    fields = [
        ("source_directory", "sourceDirectory", _quoted(source_directory)),
        ("session_count", "sessionCount", str(numbers.count)),
        ("mean_stability", "meanStability", mean),
        ("stability_variance", "stabilityVariance", variance),
        ("drift_index", "", drift),
    ]
    members = []
    for name, alias, value in fields:
        members.append(f'"{name}":{value}')
        if alias and build == "specification":
            members.append(f'"{alias}":{value}')
    tail = b"" if build_info is None else b',"build_info":' + build_info
    return b"{" + ",".join(members).encode() + tail + b"}\n"


def _fraction(value: float) -> str:
    """Six decimals as C prints them: what is below zero keeps its sign, even where only zeros are left."""
    return f"{value:.6f}" if math.isfinite(value) else "null"


def _quoted(text: str) -> str:
    """A JSON string; a file name that is no UTF-8 is escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted if quoted.isprintable() else json.dumps(text)
