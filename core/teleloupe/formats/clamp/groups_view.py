"""Records by context and by thread: how many, how stable, how long, from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.clamp.groups import Group, Sharing, groups
from teleloupe.formats.clamp.scope import sessions_in_view
from teleloupe.formats.clamp.times import utc_text
from teleloupe.model import Chart, Document, Place, Series, Table

MAX_BARS = 40  # groups that are drawn, the largest
TITLES: dict[Sharing, str] = {"context": "Contexts", "thread_id": "Threads"}

_MS = {"unit": "ms"}


class Sharers(Struct, frozen=True):
    """The records that share a context or thread."""

    name: Annotated[str, Meta(description="what the records share")]
    records: Annotated[int, Meta(description="records, copies in cumulative exports included")]
    held: Annotated[int, Meta(description="records in flight")]
    mean: Annotated[float | None, Meta(description="mean score of released records")]
    median: Annotated[float | None, Meta(description="median duration of released records", extra=_MS)]
    p95: Annotated[float | None, Meta(description="95th percentile of their durations", extra=_MS)]
    longest: Annotated[float | None, Meta(description="longest of their durations", extra=_MS)]
    first: Annotated[str, Meta(description="earliest acquisition, UTC")]
    last: Annotated[str, Meta(description="latest acquisition, UTC")]
    place: Place


def groups_table(by: Sharing, document: Document, documents: Mapping[str, Document]) -> Table:
    """The groups, the largest first; a row leads to the first record of its group."""
    rows = [_row(group) for group in groups(sessions_in_view(document, documents), by)]
    return table_of(TITLES[by], Sharers, rows)


def groups_charts(by: Sharing, document: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """The long durations of the largest groups."""
    found = groups(sessions_in_view(document, documents), by)[:MAX_BARS]
    bars = [(group.name, group.p95_ms) for group in found if group.p95_ms is not None]
    if not bars:
        return ()
    series = tuple(Series(name, ((number, value),)) for number, (name, value) in enumerate(bars))
    return (Chart(f"{TITLES[by]}: 95th percentile of durations", "bars", by, "duration, ms", series),)


def _row(group: Group) -> Sharers:
    return Sharers(
        group.name,
        group.records,
        group.held,
        None if group.mean is None else round(group.mean, 6),
        group.median_ms,
        group.p95_ms,
        group.longest_ms,
        "" if group.first_ns is None else utc_text(group.first_ns),
        "" if group.last_ns is None else utc_text(group.last_ns),
        Place(group.path, f"/records/{group.index}"),
    )
