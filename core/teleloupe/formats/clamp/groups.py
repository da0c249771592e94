"""Records of a directory by what they share: context, thread, file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct

from teleloupe.columns import getter
from teleloupe.formats.clamp.comparison import percentile
from teleloupe.formats.clamp.moments import exact_mean, is_score, moments
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


def groups(documents: Sequence[Document], by: Sharing) -> list[Group]:
    """The groups of all records of session documents, the largest first, then by name."""
    members: dict[str, list[Any]] = {}
    first: dict[str, tuple[str, int]] = {}
    for document in documents:
        name_of = _name_of(by, document)
        for index, record in enumerate(document.records):
            name = name_of(record)
            if name not in members:
                members[name], first[name] = [], (document.path, index)
            members[name].append(record)
    found = (_group(name, records, *first[name]) for name, records in members.items())
    return sorted(found, key=lambda group: (-group.records, group.name))


def _name_of(by: Sharing, document: Document) -> Callable[[Any], str]:
    if by == "file":
        return lambda _record: document.name
    get = getter(by)

    def name(record: Any) -> str:
        value = get(record)
        return value if isinstance(value, str) else ""

    return name


def _group(name: str, records: Sequence[Any], path: str, index: int) -> Group:
    released = [record for record in records if not _is_held(record)]
    scores = [float(score) for score in map(_SCORE, released) if is_score(score)]
    durations = sorted(float(duration) for duration in map(_DURATION, released) if is_score(duration))
    times = list(_times(records))
    return Group(
        name,
        len(records),
        len(records) - len(released),
        exact_mean(moments(scores)) if scores else None,
        durations[(len(durations) - 1) // 2] if durations else None,
        percentile(durations) if durations else None,
        durations[-1] if durations else None,
        min(times, default=None),
        max(times, default=None),
        path,
        index,
    )


def _is_held(record: Any) -> bool:
    """Whether a record says that its anchor is still held; one that lacks the field does not."""
    has_field = "released_at" in record if isinstance(record, dict) else hasattr(record, "released_at")
    return has_field and _RELEASED(record) is None


def _times(records: Sequence[Any]) -> Iterator[int]:
    texts = {text for text in map(_ACQUIRED, records) if isinstance(text, str)}
    return (moment.ns for text in texts if (moment := instant(text)))


_RELEASED, _SCORE, _DURATION, _ACQUIRED = (
    getter(name) for name in ("released_at", "stability_score", "duration_ms", "acquired_at")
)
