"""build_info of a summary against the provenance snapshot near it, key by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.clamp.build_info import differences
from teleloupe.formats.clamp.relations import snapshot_of
from teleloupe.formats.clamp.scope import is_below
from teleloupe.formats.clamp.summary import SnapshotBody, SummaryBody
from teleloupe.jsontext import pointer
from teleloupe.model import DIRECTORY, Document, Place, Table


class Key(Struct, frozen=True):
    """One key of build_info or of the snapshot."""

    state: Annotated[str, Meta(description="same, differs, not copied, unknown (no such key in the snapshot)")]
    key: Annotated[str, Meta(description="key of build_info or of the snapshot")]
    recorded: Annotated[Any, Meta(description="what the summary recorded")]
    snapshot: Annotated[Any, Meta(description="what the snapshot says now")]
    summary: Annotated[str, Meta(description="the summary")]
    source: Annotated[str, Meta(description="the snapshot; empty when none is near")]
    place: Place


def build_info_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The recorded provenance of a summary, of those that a snapshot is near, or of all below a directory."""
    rows = [row for summary in _summaries(document, documents) for row in _keys(summary, documents)]
    return table_of("Build info", Key, rows)


def _summaries(document: Document, documents: Mapping[str, Document]) -> Iterator[Document]:
    if isinstance(document.body, SummaryBody):
        yield document
        return
    for other in documents.values():
        if not isinstance(other.body, SummaryBody):
            continue
        if document.kind == DIRECTORY:
            if is_below(other, document):
                yield other
        elif isinstance(document.body, SnapshotBody) and snapshot_of(other, documents) is document:
            yield other


def _keys(summary: Document, documents: Mapping[str, Document]) -> Iterator[Key]:
    snapshot = snapshot_of(summary, documents)
    recorded = summary.header.get("build_info")
    given = recorded if isinstance(recorded, dict) else {}
    if snapshot is None:
        for key, value in given.items():
            place = Place(summary.path, f"/build_info{pointer(key)}")
            yield Key("no snapshot", key, value, None, summary.path, "", place)
        return
    for one in differences(given, snapshot.body.root or {}):
        is_copied = one.word != "not copied"
        place = Place(summary.path, f"/build_info{pointer(one.key)}")
        yield Key(
            one.word,
            one.key,
            one.recorded,
            one.snapshot,
            summary.path,
            snapshot.path,
            place if is_copied else Place(snapshot.path, pointer(one.key)),
        )
