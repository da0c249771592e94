"""The line scanner: how an aggregator built without a JSON library reads a file (section 5.2)."""

from __future__ import annotations

import math
import re
from array import array

from teleloupe.formats.clamp.figures import EMPTY, Part
from teleloupe.formats.clamp.moments import running
from teleloupe.formats.clamp.times import NS_PER_MS, upstream_ms

_BLANKS = b" \t\r\v\f"
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_SPREAD = re.compile(rb'^[^{\n]*"records"', re.MULTILINE)
_KEPT_BYTES = 512  # of a value: no number or time that is read is longer
# As the exporter writes them, which needs no second look: without blanks, up to what follows.
_PLAIN_NUMBER = re.compile(rb":(-?\d{1,20}(?:\.\d{1,20})?)[,}]")
_PLAIN_TIME = re.compile(rb':"([^"\s]{1,100})"')


def scanned(content: bytes) -> Part:
    """What the scanner makes of a file: a line with `{` starts a record anew, a line with `}` ends it.

    Of a field that several lines of a record hold, the last one wins.
    """
    scores: list[float] = []
    durations: list[float] = []
    times_ns: list[int] = []
    is_inside, score, duration_ms, time = False, None, None, ""
    for line in content.split(b"\n") if b"\n" in content else (content,):
        if b"{" in line:
            is_inside, score, duration_ms, time = True, None, None, ""
        if not is_inside:
            continue
        score = _number(line, b'"stability_score"', score)
        duration_ms = _number(line, b'"duration_ms"', duration_ms)
        time = _time(line, b'"acquired_at"', time)
        if b"}" not in line:
            continue
        is_inside, time_ms = False, upstream_ms(time)
        times_ns.append((len(times_ns) if time_ms is None else time_ms) * NS_PER_MS)
        if score is not None:
            scores.append(score)
            durations += [] if duration_ms is None else [duration_ms]
    if not times_ns:
        return EMPTY
    records, joint = len(times_ns), running(scores)
    is_spread = b"\n" in content and _SPREAD.search(content) is not None
    if records == 1:
        return Part(joint, times_ns[0], times_ns[0], 1, durations=tuple(durations), is_spread=is_spread)
    return Part(joint, min(times_ns), max(times_ns), records, scores=array("d", scores), is_spread=is_spread)


def _number(line: bytes, key: bytes, default: float | None) -> float | None:
    """The finite number that the value of a key begins with; the default for anything else."""
    at = line.find(key)
    if at < 0:
        return default
    if plain := _PLAIN_NUMBER.match(line, at + len(key)):
        return float(plain[1])
    match = _NUMBER.match(_value(line, at + len(key)))
    number = float(match[0]) if match else math.nan
    return number if math.isfinite(number) else default


def _time(line: bytes, key: bytes, default: str) -> str:
    """The text that is the value of a key; the default for anything else."""
    at = line.find(key)
    if at < 0:
        return default
    if plain := _PLAIN_TIME.match(line, at + len(key)):
        return plain[1].decode("latin-1")
    value = _value(line, at + len(key))
    return value[1:].partition(b'"')[0].decode("latin-1") if value[:1] == b'"' else default


def _value(line: bytes, start: int) -> bytes:
    """What follows the next colon, without blanks; b"" when there is none."""
    colon = line.find(b":", start)
    return line[colon + 1 : colon + 1 + _KEPT_BYTES].translate(None, _BLANKS) if colon >= 0 else b""
