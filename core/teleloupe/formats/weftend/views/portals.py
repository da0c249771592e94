"""The portal header of one chain, a line a fact, and of all chains of a directory, a line a chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from teleloupe.columns import column
from teleloupe.formats.weftend import grammar
from teleloupe.formats.weftend.overview import Portal, portal
from teleloupe.formats.weftend.views import wording
from teleloupe.model import Column, Document, Place, Severity, Table

_COUNTERS = {
    "ttlPruned": "chunks dropped in this run because they had expired",
    "capPruned": "chunks dropped in this run because there were too many",
    "kFloorSkipped": "windows withheld in this run because they had too few samples",
    "duplicateSkipped": "windows skipped in this run because they were stored already",
}


class Fact(Struct, frozen=True):
    """A line of the portal header: what is told, its value, what it means, where it stands."""

    fact: str
    value: Any
    about: str
    at: str


class Chain(Struct, frozen=True):
    """A document that holds a chain, and its header."""

    document: Document
    portal: Portal


def facts_table(document: Document, _documents: Mapping[str, Document]) -> Table:
    """The portal header of a store, snapshot or harness session."""
    found = portal(document)
    facts = list(_facts(document, found)) if found else []
    return wording.table_of(document.path, FACT_COLUMNS, facts, lambda fact: Place(document.path, fact.at))


def chains_table(directory: Document, documents: Mapping[str, Document]) -> Table:
    """The headers of all chains in and below a directory."""
    below = f"{directory.path}/" if directory.path not in ("", ".") else ""
    chains = [
        Chain(other, found)
        for path, other in documents.items()
        if other.format == "weftend" and path.startswith(below) and (found := portal(other))
    ]
    return wording.table_of(directory.path, CHAIN_COLUMNS, chains, lambda row: Place(row.document.path))


def _facts(document: Document, found: Portal) -> Iterator[Fact]:
    at = document.body.at
    holder = "/journal" if document.kind == "conduit-store" else at
    yield Fact("verdict", _verdict(document), "what the rules say of the file", "")
    yield Fact("stream", wording.stream(found.stream_id), "what the chunks belong to", f"{holder}/streamId")
    yield Fact("head", wording.full_id(found.head_chunk_id) or "none", "id of the last chunk", f"{holder}/headChunkId")
    yield Fact("chunks", found.chunks, "how many the chain has", f"{at}/chunks")
    yield Fact("now", found.now, "tick that lifetimes are counted from", holder)
    if document.kind != "conduit-store":
        for name, about in _COUNTERS.items():
            yield Fact(name, grammar.counted(found.dropped.get(name)), about, f"{at}/dropped/{name}")
        codes = wording.reasons(found.reason_codes) or "none"
        yield Fact("reasonCodes", codes, "why something was left out", f"{at}/reasonCodes")
    yield Fact("digest", found.digest, "of the canonical bytes", at)


def _verdict(document: Document) -> str:
    counts = [(_count(document, severity), severity) for severity in ("error", "warning")]
    told = [f"{count} {severity}{'s' * (count != 1)}" for count, severity in counts if count]
    return ", ".join(told) or "valid"


def _count(document: Document, severity: Severity) -> int:
    return sum(issue.count for issue in document.issues if issue.severity == severity)


def _counter(name: str, about: str) -> Column:
    def get(row: Chain) -> int | None:
        return grammar.counted(row.portal.dropped.get(name))

    return Column(name, get, doc=about, type="integer")


def _of_portal(name: str, get: Callable[[Portal], Any], about: str) -> Column:
    return Column(name, lambda row: get(row.portal), doc=about)


FACT_COLUMNS = (
    column("fact", "what is told"),
    column("value", "what it is here", type="json"),
    column("about", "what it means"),
)
CHAIN_COLUMNS = (
    _of_portal("stream", lambda found: wording.stream(found.stream_id), "what the chunks belong to"),
    Column("kind", lambda row: row.document.kind, doc="store, snapshot or harness session"),
    _of_portal("head", lambda found: wording.short_id(found.head_chunk_id), "id of the last chunk, its beginning"),
    Column("chunks", lambda row: row.portal.chunks, doc="how many the chain has", type="integer"),
    Column("now", lambda row: row.portal.now, "tick", "tick that lifetimes are counted from", "integer"),
    *(_counter(name, about) for name, about in _COUNTERS.items()),
    _of_portal("reasons", lambda found: wording.reasons(found.reason_codes), "why something was left out"),
    Column("verdict", lambda row: _verdict(row.document), doc="what the rules say of the file"),
    _of_portal("digest", lambda found: found.digest, "digest of the canonical bytes"),
    Column("path", lambda row: row.document.path, doc="the file"),
)
