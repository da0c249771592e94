"""A chain beside others of its stream: store against snapshot chunk by chunk, and one row for each other chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from teleloupe.formats.weftend.chain import link_of
from teleloupe.formats.weftend.relations import (
    ChunkPair,
    Comparison,
    PairState,
    chunk_pairs,
    compared,
    counterpart,
    siblings,
)
from teleloupe.formats.weftend.views.wording import short_id, table_of
from teleloupe.model import Column, Document, Place, Table

_STATES: dict[PairState, str] = {
    "same": "same",
    "differs": "differs",
    "only-left": "only here",
    "only-right": "only there",
}


class Sibling(Struct, frozen=True):
    """Another chain of the stream, and how it stands to the one that is looked at."""

    document: Document
    comparison: Comparison


def pairs_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The chunks of a chain beside those of its counterpart: a snapshot's for a store, and the reverse."""
    path = counterpart(document, documents)
    if path is None:
        return table_of(f"{document.path}: alone in its stream", _pair_columns(document, document), (), _nowhere)
    other = documents[path]
    found = compared(document, other)
    relation = f", which is {found.relation}" if found else ""

    def place(pair: ChunkPair) -> Place:
        if pair.left is not None:
            return Place(document.path, document.record_at(pair.left))
        return Place(path, other.record_at(pair.right or 0))

    title = f"{document.path} against {path}{relation}"
    return table_of(title, _pair_columns(document, other), chunk_pairs(document, other), place)


def siblings_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """A row for each other chain of the stream."""
    rows = [Sibling(documents[path], found) for path, found in siblings(document, documents)]
    return table_of(document.path, SIBLING_COLUMNS, rows, lambda row: Place(row.document.path))


def _nowhere(_row: Any) -> Place:
    return Place("")


def _pair_columns(left: Document, right: Document) -> tuple[Column, ...]:
    def id_at(document: Document, place: int | None) -> str | None:
        return None if place is None else short_id(link_of(document.records[place]).chunk_id)

    return (
        Column("from", lambda pair: pair.start, "tick", "first tick of the window", "integer"),
        Column("to", lambda pair: pair.end, "tick", "last tick of the window", "integer"),
        Column("state", lambda pair: _STATES[pair.state], doc="same, differs, only here or only there"),
        Column("here", lambda pair: id_at(left, pair.left), doc="chunk id in this file, its beginning"),
        Column("there", lambda pair: id_at(right, pair.right), doc="chunk id in the other file, its beginning"),
    )


SIBLING_COLUMNS = (
    Column("path", lambda row: row.document.path, doc="the other file"),
    Column("kind", lambda row: row.document.kind, doc="store, snapshot or harness session"),
    Column("relation", lambda row: row.comparison.relation, doc="equal, ahead, behind, pruned, unpruned or diverged"),
    Column("shared", lambda row: len(row.comparison.shared), "chunks", "in both files", "integer"),
    Column("here", lambda row: len(row.comparison.only_left), "chunks", "only in this file", "integer"),
    Column("there", lambda row: len(row.comparison.only_right), "chunks", "only in the other file", "integer"),
    Column("conflicts", lambda row: len(row.comparison.conflicts), "windows", "with unlike contents", "integer"),
)
