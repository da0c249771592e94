"""Bucket totals over the live chunks, as rows and as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from teleloupe.formats.weftend.overview import BucketTotal, bucket_totals
from teleloupe.formats.weftend.views import wording
from teleloupe.model import Chart, Column, Document, Place, Series, Table

MAX_BARS = 64  # of one map: what the specification lets the widest one hold


def table(document: Document, _documents: Mapping[str, Document]) -> Table:
    """A row for each bucket."""
    rows = bucket_totals(document)
    return wording.table_of(document.path, COLUMNS, rows, lambda row: Place(document.path, row.at))


def charts(document: Document, _documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """Bars for each map, only the tallest where there are more than a map may hold."""
    maps: dict[str, list[BucketTotal]] = {}
    for total in bucket_totals(document):
        maps.setdefault(total.map, []).append(total)
    return tuple(
        Chart(wording.map_name(name), "bars", "bucket", "count over live chunks", tuple(map(_bar, _tallest(totals))))
        for name, totals in maps.items()
    )


def _tallest(totals: Sequence[BucketTotal]) -> Sequence[BucketTotal]:
    return totals if len(totals) <= MAX_BARS else sorted(totals, key=lambda total: -total.count)[:MAX_BARS]


def _bar(total: BucketTotal) -> Series:
    return Series(wording.key(total.map, total.key), ((0.0, float(total.count)),))


COLUMNS = (
    Column("map", lambda row: wording.map_name(row.map), doc="the count map"),
    Column("bucket", lambda row: wording.key(row.map, row.key), doc="what is counted"),
    Column("count", lambda row: row.count, doc="sum over the live chunks", type="integer"),
    Column("chunks", lambda row: row.chunks, doc="live chunks that hold the bucket", type="integer"),
)
