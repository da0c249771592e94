"""What the conduit writes of an artefact, made of its relatives: a run publishes one chain in several files (7.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from teleloupe.formats.weftend import canonical
from teleloupe.formats.weftend.reading import Body
from teleloupe.model import Document

CHAINS = ("conduit-store", "conduit-snapshot")


def regenerate(path: str, documents: Mapping[str, Document]) -> Iterator[tuple[str, bytes]]:
    """The canonical bytes of the document itself, and what each store and snapshot here holds in its place."""
    document = documents.get(path)
    own = _value(document) if document is not None else None
    if document is None or own is None:
        return
    yield path, _written(own)
    for source in documents.values():
        if source is not document and source.kind in CHAINS and isinstance(value := _value(source), dict):
            yield from ((source.path, _written(found)) for found in _held(document.kind, own, source.kind, value))


def _held(kind: str | None, own: dict[str, Any], source: str | None, value: dict[str, Any]) -> Iterator[Any]:
    """What a chain's file holds of an artefact of a kind; what only the artefact itself can tell is taken from it."""
    chunks = value.get("chunks")
    chunks = [one for one in chunks if isinstance(one, dict)] if isinstance(chunks, list) else []
    if kind == "chunk":
        yield from chunks
    elif kind == "aggregate":
        yield from (one.get("payload") for one in chunks)
    elif kind == "journal" and source == "conduit-store":
        yield value.get("journal")
    elif kind == "conduit-snapshot" and source == "conduit-store":
        journal = value.get("journal")
        stated = journal if isinstance(journal, dict) else {}
        head = {name: stated.get(name) for name in ("streamId", "headChunkId")}
        yield {**own, **head, "chunks": chunks}
    elif kind == "conduit-store" and source == "conduit-snapshot" and isinstance(own.get("journal"), dict):
        head = {name: value.get(name) for name in ("streamId", "headChunkId")}
        yield {**own, "journal": {**own["journal"], **head}, "chunks": chunks}


def _value(document: Document) -> dict[str, Any] | None:
    """The document as a decoded value; None for what cannot be judged."""
    body: Body | None = document.body if document.format == "weftend" else None
    if body is None:
        return None
    value: dict[str, Any] = body.root if isinstance(body.root, dict) else msgspec.to_builtins(body.root)
    return value


def _written(value: Any) -> bytes:
    return canonical.on_disk(canonical.canonical(value))
