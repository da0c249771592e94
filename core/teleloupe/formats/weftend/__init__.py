"""WeftEnd telemetry: aggregates, chunks, journals, stores, snapshots and harness sessions."""

from __future__ import annotations

from teleloupe.columns import key_of
from teleloupe.formats import Format, Kind
from teleloupe.formats.weftend import fields
from teleloupe.formats.weftend.detection import detect
from teleloupe.formats.weftend.judging import validate
from teleloupe.formats.weftend.reading import parse
from teleloupe.formats.weftend.regeneration import regenerate
from teleloupe.formats.weftend.rules import RULES, TITLE
from teleloupe.formats.weftend.views import VIEWS, products

FORMAT = Format(
    id="weftend",
    title="WeftEnd",
    source=TITLE,
    kinds=(
        Kind("aggregate", "k-anonymous aggregate", fields.AGGREGATE_FIELDS),
        Kind("chunk", "telemetry chunk", fields.CHUNK_FIELDS),
        Kind("journal", "stream journal", fields.JOURNAL_FIELDS),
        Kind("conduit-store", "conduit store", fields.STORE_FIELDS),
        Kind("conduit-snapshot", "conduit snapshot", fields.SNAPSHOT_FIELDS),
        Kind("harness-session", "harness session with a conduit snapshot", fields.SESSION_FIELDS),
        Kind("foreign", "another WeftEnd artefact"),
    ),
    rules=RULES,
    detect=detect,
    parse=parse,
    validate=validate,
    views=VIEWS,
    products=products,
    regenerate=regenerate,
    key=key_of(dict.fromkeys(("chunk", "conduit-store", "conduit-snapshot", "harness-session"), ("chunkId",))),
)
