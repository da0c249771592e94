"""A session's records to what they contribute to the summary of their directory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from teleloupe.columns import getter
from teleloupe.formats.clamp.figures import EMPTY, Build, Figures, Part
from teleloupe.formats.clamp.moments import Moments, is_score, moments
from teleloupe.formats.clamp.shapes import CleanRecord
from teleloupe.formats.clamp.times import NS_PER_MS, are_canonical, canonical_ns, instant, upstream_ms
from teleloupe.model import Document

_SCORE = getter("stability_score")


def clean_figures(records: Sequence[CleanRecord], line_scanner: Part) -> Figures:
    """The figures of records that have the contract's types; whole columns at a time, for the common case."""
    scores = [record.stability_score for record in records]
    acquired = [record.acquired_at for record in records]
    released = [record.released_at for record in records]
    if not are_canonical(begun := set(acquired)):
        return figures([_mapping(record) for record in records], line_scanner)
    held = [index for index, text in enumerate(released) if text is None] if None in released else []
    ended = {text for text in released if text is not None} - begun
    is_canonical = not ended or are_canonical(ended)
    earliest_ns, latest_ns = canonical_ns(min(begun)), canonical_ns(max(begun))
    ended_ns = [canonical_ns(max(ended))] if ended and is_canonical else _read_ns(ended)
    joint = moments(scores)
    part = Part(joint, earliest_ns, latest_ns, len(records))
    return Figures(
        specification=part,
        library=part,
        line_scanner=line_scanner,
        released=_released(scores, held, joint),
        held=tuple(held),
        latest_event_ns=max((latest_ns, *ended_ns)),
        out_of_range=_out_of_range(scores),
        is_canonical=is_canonical,
    )


def figures(records: Sequence[Any], line_scanner: Part, *, is_library_readable: bool = True) -> Figures:
    """The figures of any decoded records; what is no record still has its place in the producer's count of indexes."""
    mappings: list[Mapping[str, Any]] = [record if isinstance(record, dict) else {} for record in records]
    values = [record.get("stability_score") for record in mappings]
    counted = [index for index, value in enumerate(values) if is_score(value)]
    scores = [float(values[index] or 0) for index in counted]
    joint = moments(scores)
    texts = [_text(record.get("acquired_at")) for record in mappings]
    moments_read = [instant(texts[index]) for index in counted]
    times_ns = [moment.ns for moment in moments_read if moment]
    untimed = tuple(index for index, text in enumerate(texts) if upstream_ms(text) is None)
    held = tuple(
        index for index, record in enumerate(mappings) if "released_at" in record and record["released_at"] is None
    )
    is_held = set(held)
    return Figures(
        specification=Part(joint, min(times_ns, default=None), max(times_ns, default=None), len(records)),
        library=_library_part(joint, texts) if is_library_readable else EMPTY,
        line_scanner=line_scanner,
        released=_released(scores, [place for place, index in enumerate(counted) if index in is_held], joint),
        abort_at=_abort_at(mappings) if is_library_readable else "",
        untimed=untimed if is_library_readable else (),
        held=held,
        latest_event_ns=max(
            _read_ns({*texts, *(_text(record.get("released_at")) for record in mappings)}), default=None
        ),
        out_of_range=_out_of_range(scores),
    )


def counted_scores(document: Document, build: Build) -> Iterator[float]:
    """The scores that one of the producer's builds counts in a file, in its order."""
    found: Figures = document.body.figures
    if build == "line-scanner":
        part = found.line_scanner
        yield from part.scores or [part.moments.mean] * part.moments.count
    elif found.library.moments.count:
        for record in document.records:
            score = _SCORE(record)
            if is_score(score):
                yield float(score)


def _library_part(joint: Moments, texts: Sequence[str]) -> Part:
    """The JSON-library build's part: a time it cannot read is the record's index in milliseconds."""
    read = [upstream_ms(text) for text in texts]
    times_ns = [(index if time is None else time) * NS_PER_MS for index, time in enumerate(read)]
    return Part(joint, min(times_ns, default=None), max(times_ns, default=None), len(texts))


def _released(scores: Sequence[float], held: Sequence[int], joint: Moments) -> Moments:
    """The moments without the scores at the places `held`."""
    if not held:
        return joint
    left_out = set(held)
    return moments([score for place, score in enumerate(scores) if place not in left_out])


def _abort_at(records: Sequence[Mapping[str, Any]]) -> str:
    """Where a JSON-library build stops: the first score that is there and no number (true and false are none)."""
    for index, record in enumerate(records):
        if type(record.get("stability_score", 0)) not in (int, float):
            return f"/records/{index}/stability_score"
    return ""


def _read_ns(texts: Iterable[str | None]) -> list[int]:
    return [moment.ns for text in texts if text and (moment := instant(text))]


def _out_of_range(scores: Sequence[float]) -> int:
    if not scores or (min(scores) >= 0 and max(scores) <= 1):
        return 0
    return sum(not 0 <= score <= 1 for score in scores)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _mapping(record: CleanRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in ("acquired_at", "released_at", "stability_score")}
