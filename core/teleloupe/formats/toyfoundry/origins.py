"""Where an exported value comes from: feed line, rollup event, record (Toyfoundry specification, sections 3 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from teleloupe.formats.toyfoundry.conversions import Mark, Taken
from teleloupe.formats.toyfoundry.flatten import (
    LOOM_ORDER,
    Fields,
    Piece,
    event_fields,
    event_hints,
    metadata_of,
    mint_fields,
    pieces,
)
from teleloupe.formats.toyfoundry.lineage import Lineage
from teleloupe.formats.toyfoundry.ordering import sort_key
from teleloupe.formats.toyfoundry.regeneration import woven
from teleloupe.formats.toyfoundry.shapes import FIELDS
from teleloupe.formats.toyfoundry.weave import Weave
from teleloupe.jsontext import pointer
from teleloupe.model import Document

TRACE_LIMIT = 200_000  # records beyond which nothing is traced: it takes a regeneration


class FieldOrigin(Struct, frozen=True):
    """How a field of a record came about.

    `key` is where the raw value stood in the rollup's event or mint ("" where there was none), `found` that value;
    `notes` say what the loom did in silence, in the words of the rules TF403 to TF408 and TF412.
    """

    field: str
    value: Any
    mark: Mark
    key: str
    found: Any
    notes: tuple[str, ...] = ()


class Origin(Struct, frozen=True):
    """A record's way: the line of a feed, the place in the rollup, and each of its six fields in contract order.

    `line` is None where no feed is at hand. A record of an operation without events comes from its mint: `line` is
    then the one that set the latest status.
    """

    source: Literal["mint", "ritual"]
    operation_id: str
    rollup: str | None
    rollup_at: str
    feed: str | None
    line: int | None
    fields: tuple[FieldOrigin, ...]


class Tracer:
    """Traces the records of one export among the documents of one snapshot; made once, asked for any record."""

    def __init__(self, document: Document, documents: Mapping[str, Document]) -> None:
        self._keys = [sort_key(record) for record in document.records] if _is_traceable(document) else []
        lineage = Lineage(documents)
        self._rollup = lineage.rollup_of(document) if self._keys else None
        self._feeds = lineage.feeds_of(self._rollup) if self._rollup else lineage.telemetry_of(document)
        weaves = self._keys and self._feeds and self._feeds.line_count <= TRACE_LIMIT
        self._weave = woven(self._feeds) if weaves and self._feeds else None
        self._entries: dict[Any, Any] = {}
        if self._rollup:
            self._entries = dict(sorted(self._rollup.body.items()))
        elif self._weave:
            self._entries = dict(self._weave.rollup())
        self._pieces: dict[Any, list[Piece]] = {}
        for found in pieces(self._entries.items()):
            if isinstance(found, Piece):
                self._pieces.setdefault(LOOM_ORDER(found.record), []).append(found)

    def origin(self, index: int) -> Origin | None:
        """The way of a record; None when its sources are not at hand or do not give it today."""
        if not 0 <= index < len(self._keys):
            return None
        key = self._keys[index]
        alike, place = self._pieces.get(key, []), self._keys[:index].count(key)
        return self._told(alike[place]) if place < len(alike) else None

    def _told(self, piece: Piece) -> Origin:
        entry = self._entries[piece.operation_id]
        line = _line_of(piece, entry, self._weave)
        feeds = self._feeds
        feed = None if feeds is None or line is None else feeds.mint if piece.bucket is None else feeds.ritual
        return Origin(
            "mint" if piece.bucket is None else "ritual",
            str(piece.operation_id),
            self._rollup.path if self._rollup else None,
            _rollup_at(piece),
            feed.path if feed else None,
            line,
            field_origins(entry, piece),
        )


def origin_of(document: Document, index: int, documents: Mapping[str, Document]) -> Origin | None:
    """The way of one record of an export; for more than one, keep a Tracer."""
    return Tracer(document, documents).origin(index)


def field_origins(entry: dict[str, Any], piece: Piece) -> tuple[FieldOrigin, ...]:
    """How the six fields of a flattened record came about, from its rollup entry."""
    if piece.bucket is None:
        fields, notes = mint_fields(piece.operation_id, entry.get("mint") or {}), {}
    else:
        event = entry["rituals"][piece.bucket]["events"][piece.index]
        metadata = metadata_of(event) or {}
        fields = event_fields(piece.operation_id, piece.bucket, event, metadata)
        notes = _notes(fields, metadata)
    return tuple(_field_origin(name, fields, notes.get(name, ())) for name in FIELDS)


def _field_origin(name: str, fields: Fields, notes: tuple[str, ...]) -> FieldOrigin:
    if name == "schema_version":
        return FieldOrigin(name, "1.0", "constant", "", None)
    taken: Taken = getattr(fields, name)
    told = notes or tuple(hint.message for hint in taken.hints)
    return FieldOrigin(name, taken.value, taken.mark, ".".join(taken.key), taken.found, told)


def _notes(fields: Fields, metadata: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Notes that concern a field by more than its own key: a dry run decides the status."""
    flags = [hint.message for hint in event_hints(fields, metadata) if hint.key == ("dry_run",)]
    return {"status": (*(hint.message for hint in fields.status.hints), *flags)} if flags else {}


def _is_traceable(document: Document) -> bool:
    return document.kind == "export" and len(document.records) <= TRACE_LIMIT


def _line_of(piece: Piece, entry: dict[str, Any], weave: Weave | None) -> int | None:
    if weave is None:
        return None
    if piece.bucket is None:
        mint = weave.mints.get(piece.operation_id)
        return mint.line if mint else None
    operation = weave.operations.get(piece.operation_id)
    events = operation.buckets.get(piece.bucket, []) if operation else []
    same = entry["rituals"][piece.bucket]["events"][piece.index]
    if piece.index < len(events) and events[piece.index].entry() == same:
        return events[piece.index].line
    return next((event.line for event in events if event.entry() == same), None)


def _rollup_at(piece: Piece) -> str:
    if piece.bucket is None:
        return pointer(str(piece.operation_id), "mint")
    return pointer(str(piece.operation_id), "rituals", piece.bucket, "events", piece.index)
