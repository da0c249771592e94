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
from teleloupe.formats.toyfoundry.lineage import Feeds, lineage_of
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


class Sources(Struct, frozen=True, eq=False):
    """What an export is made of, as far as it is at hand: its rollup, and the feeds of that or its own."""

    rollup: Document | None
    feeds: Feeds | None

    def involved(self) -> tuple[Document | None, ...]:
        """The documents themselves, which tell whether anything changed."""
        mint, ritual = (self.feeds.mint, self.feeds.ritual) if self.feeds else (None, None)
        return self.rollup, mint, ritual


def sources_of(document: Document, documents: Mapping[str, Document]) -> Sources:
    """Where the records of an export come from."""
    lineage = lineage_of(documents)
    rollup = lineage.rollup_of(document)
    return Sources(rollup, lineage.feeds_of(rollup) if rollup else lineage.feeds_of_export(document))


def traced_sources(document: Document, documents: Mapping[str, Document]) -> Sources:
    """As `sources_of`, else the feeds around an export, of which it may be a part only."""
    found = sources_of(document, documents)
    has_source = found.rollup is not None or found.feeds is not None
    return found if has_source else Sources(None, lineage_of(documents).feeds_around(document))


class Tracer:
    """Traces the records of one export among the documents of one snapshot; made once, asked for any record."""

    sources: Sources

    def __init__(self, document: Document, documents: Mapping[str, Document]) -> None:
        self._keys = [sort_key(record) for record in document.records] if _is_traceable(document) else []
        seen: dict[Any, int] = {}
        self._turns = [_turn(seen, key) for key in self._keys]
        self.sources = traced_sources(document, documents) if self._keys else Sources(None, None)
        self._rollup, self._feeds = self.sources.rollup, self.sources.feeds
        weaves = self._keys and self._feeds and self._feeds.line_count <= TRACE_LIMIT
        self._weave = woven(self._feeds) if weaves and self._feeds else None
        self._entries: dict[Any, Any] = {}
        if self._rollup:
            self._entries = dict(sorted(self._rollup.body.entries.items()))
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
        alike, turn = self._pieces.get(key, []), self._turns[index]
        return self._told(alike[turn]) if turn < len(alike) else None

    def _told(self, piece: Piece) -> Origin:
        entry = self._entries[piece.operation_id]
        line = _line_of(piece, entry, self._weave)
        feeds = self._feeds
        feed = None if feeds is None or line is None else feeds.mint if piece.bucket is None else feeds.ritual
        return Origin(
            "mint" if piece.bucket is None else "ritual",
            str(piece.operation_id),
            self._rollup.path if self._rollup else None,
            rollup_place(piece),
            feed.path if feed else None,
            line,
            field_origins(entry, piece),
        )


_tracers: dict[str, tuple[tuple[Document | None, ...], Tracer]] = {}
_MOST_TRACERS = 8


def tracer_of(document: Document, documents: Mapping[str, Document]) -> Tracer:
    """The tracer of an export, kept as long as neither the export nor what it is made of changes."""
    involved = (document, *traced_sources(document, documents).involved())
    known = _tracers.get(document.path)
    if known is not None and all(one is other for one, other in zip(known[0], involved, strict=True)):
        return known[1]
    if len(_tracers) >= _MOST_TRACERS:
        _tracers.clear()
    tracer = Tracer(document, documents)
    _tracers[document.path] = involved, tracer
    return tracer


def origin_of(document: Document, index: int, documents: Mapping[str, Document]) -> Origin | None:
    """The way of one record of an export; for more than one, ask `tracer_of`."""
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
    return document.kind in ("export", "export-csv") and len(document.records) <= TRACE_LIMIT


def _turn(seen: dict[Any, int], key: Any) -> int:
    """How many records before had the same key."""
    turn = seen.get(key, 0)
    seen[key] = turn + 1
    return turn


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


def rollup_place(piece: Piece) -> str:
    """Where in the rollup a record comes from, as a pointer."""
    if piece.bucket is None:
        return pointer(str(piece.operation_id), "mint")
    return pointer(str(piece.operation_id), "rituals", piece.bucket, "events", piece.index)
