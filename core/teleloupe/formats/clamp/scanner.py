"""The line scanner: how an aggregator built without a JSON library reads a file (section 5.2)."""

from __future__ import annotations

import math
import re

from msgspec import Struct

from teleloupe.formats.clamp.figures import EMPTY, Part
from teleloupe.formats.clamp.moments import running
from teleloupe.formats.clamp.times import NS_PER_MS, upstream_ms

_BLANKS = b" \t\r\v\f"
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_KEPT_BYTES = 512  # of a value: no number or time that is read is longer


class _Scanned(Struct):
    """The record being read."""

    score: float | None = None
    time: str = ""
    duration_ms: float | None = None


def scanned(content: bytes) -> Part:
    """What the scanner makes of a file: a line with `{` starts a record anew, a line with `}` ends it."""
    scores: list[float] = []
    durations: list[float] = []
    earliest = latest = None
    records, current = 0, None
    for line in content.split(b"\n") if b"\n" in content else (content,):
        if b"{" in line:
            current = _Scanned()
        if current is None:
            continue
        _take(current, line)
        if b"}" not in line:
            continue
        time_ms = upstream_ms(current.time)
        time_ns = (records if time_ms is None else time_ms) * NS_PER_MS
        earliest = time_ns if earliest is None else min(earliest, time_ns)
        latest = time_ns if latest is None else max(latest, time_ns)
        if current.score is not None:
            scores.append(current.score)
            durations += [] if current.duration_ms is None else [current.duration_ms]
        records, current = records + 1, None
    if not records:
        return EMPTY
    return Part(running(scores), earliest, latest, records, tuple(durations) if records == 1 else ())


def _take(record: _Scanned, line: bytes) -> None:
    """Take the fields that a line holds; a later line wins over an earlier one."""
    score = _number(line, b'"stability_score"')
    record.score = record.score if score is None else score
    duration_ms = _number(line, b'"duration_ms"')
    record.duration_ms = record.duration_ms if duration_ms is None else duration_ms
    value = _value(line, b'"acquired_at"')
    if value[:1] == b'"':
        record.time = value[1:].partition(b'"')[0].decode("latin-1")


def _number(line: bytes, key: bytes) -> float | None:
    """The finite number that the value of a key begins with; None for anything else."""
    match = _NUMBER.match(_value(line, key))
    number = float(match[0]) if match else math.nan
    return number if math.isfinite(number) else None


def _value(line: bytes, key: bytes) -> bytes:
    """What follows the first mention of a key and its colon, without blanks; b"" when it is not there."""
    at = line.find(key)
    colon = line.find(b":", at + len(key)) if at >= 0 else -1
    return line[colon + 1 : colon + 1 + _KEPT_BYTES].translate(None, _BLANKS) if colon >= 0 else b""
