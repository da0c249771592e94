"""Records of a directory by what they share: context, thread, file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, Literal

from msgspec import Struct

from teleloupe.columns import getter
from teleloupe.formats.clamp.comparison import percentile
from teleloupe.formats.clamp.moments import Moments, exact_mean, is_score, merged, moments
from teleloupe.formats.clamp.remembered import Remembered
from teleloupe.formats.clamp.times import instant
from teleloupe.model import Document

Sharing = Literal["context", "thread_id", "file"]


class Group(Struct, frozen=True):
    """The records that share a value: how many, how many of them in flight, their scores, durations and times.

    `mean` is over released records with a usable score, None without any; durations are of released records, in ms.
    `path` and `index` say where the first of the records stands.
    """

    name: str
    records: int
    held: int
    mean: float | None
    median_ms: float | None
    p95_ms: float | None
    longest_ms: float | None
    first_ns: int | None
    last_ns: int | None
    path: str
    index: int


class Share(Struct, frozen=True):
    """What one file has of a group: its figures, with the durations of released records in order."""

    path: str
    index: int
    records: int
    held: int
    scores: Moments
    durations_ms: Sequence[float]
    times_ns: Sequence[int]


def groups(documents: Sequence[Document], by: Sharing) -> list[Group]:
    """The groups of all records of session documents, the largest first, then by name."""
    found: dict[str, list[Share]] = {}
    for document in documents:
        for name, share in _SHARES[by](document).items():
            found.setdefault(name, []).append(share)
    joint = (_group(name, shares) for name, shares in found.items())
    return sorted(joint, key=lambda group: (-group.records, group.name))


def _group(name: str, shares: Sequence[Share]) -> Group:
    durations = sorted(chain.from_iterable(share.durations_ms for share in shares))
    times = list(chain.from_iterable(share.times_ns for share in shares))
    scores = merged(share.scores for share in shares)
    return Group(
        name,
        sum(share.records for share in shares),
        sum(share.held for share in shares),
        exact_mean(scores) if scores.count else None,
        durations[(len(durations) - 1) // 2] if durations else None,
        percentile(durations) if durations else None,
        durations[-1] if durations else None,
        min(times, default=None),
        max(times, default=None),
        shares[0].path,
        shares[0].index,
    )


def _shares(by: Sharing, document: Document) -> Mapping[str, Share]:
    """The groups of one file."""
    members: dict[str, list[Any]] = {}
    first: dict[str, int] = {}
    name_of = _name_of(by, document)
    for index, record in enumerate(document.records):
        name = name_of(record)
        if name not in members:
            members[name], first[name] = [], index
        members[name].append(record)
    return {name: _share(document.path, first[name], records) for name, records in members.items()}


def _share(path: str, index: int, records: Sequence[Any]) -> Share:
    released = [record for record in records if not _is_held(record)]
    durations = sorted(float(duration) for duration in map(_DURATION, released) if is_score(duration))
    scores = moments([float(score) for score in map(_SCORE, released) if is_score(score)])
    texts = {text for text in map(_ACQUIRED, records) if isinstance(text, str)}
    times = [moment.ns for text in texts if (moment := instant(text))]
    ends = (min(times), max(times)) if times else ()
    return Share(path, index, len(records), len(records) - len(released), scores, durations, ends)


def _name_of(by: Sharing, document: Document) -> Callable[[Any], str]:
    if by == "file":
        return lambda _record: document.name
    get = getter(by)

    def name(record: Any) -> str:
        value = get(record)
        return value if isinstance(value, str) else ""

    return name


def _is_held(record: Any) -> bool:
    """Whether a record says that its anchor is still held; one that lacks the field does not."""
    has_field = "released_at" in record if isinstance(record, dict) else hasattr(record, "released_at")
    return has_field and _RELEASED(record) is None


_RELEASED, _SCORE, _DURATION, _ACQUIRED = (
    getter(name) for name in ("released_at", "stability_score", "duration_ms", "acquired_at")
)
_SHARINGS: tuple[Sharing, ...] = ("context", "thread_id", "file")
_SHARES = {by: Remembered(partial(_shares, by)) for by in _SHARINGS}
