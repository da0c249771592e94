"""WeftEnd's own looks at its artefacts, and the file it would write itself (section 13)."""

from __future__ import annotations

from collections.abc import Mapping

from teleloupe.formats import Product, View
from teleloupe.formats.weftend.overview import canonical_export
from teleloupe.formats.weftend.views import buckets, chains, comparisons, portals
from teleloupe.model import DIRECTORY, Document

_CHAINS = ("conduit-store", "conduit-snapshot", "harness-session")

VIEWS = (
    View(
        "portal",
        "Portal",
        "verdict, stream, head, counters, reasons and digest of a chain, as the producer's own panel has them",
        _CHAINS,
        portals.facts_table,
    ),
    View(
        "chain",
        "Chain",
        "one row a chunk; look for links that are broken, ids that differ, and floors that are missed",
        _CHAINS,
        chains.table,
        chains.charts,
    ),
    View(
        "buckets",
        "Buckets",
        "every count summed over the chunks that still live; look for buckets that dwarf the others",
        (*_CHAINS, "chunk", "aggregate"),
        buckets.table,
        buckets.charts,
    ),
    View(
        "comparison",
        "Store and snapshot",
        "chunks beside those of the nearest chain of the stream; look for what only one of them holds",
        _CHAINS,
        comparisons.pairs_table,
    ),
    View(
        "siblings",
        "Other chains",
        "one row for each other chain of the stream; look for one that diverged",
        _CHAINS,
        comparisons.siblings_table,
    ),
    View(
        "portals",
        "Conduits",
        "one row for each chain in the directory; look for heads and counters that differ from run to run",
        (DIRECTORY,),
        portals.chains_table,
    ),
)


def products(document: Document, _documents: Mapping[str, Document]) -> tuple[Product, ...]:
    """The document as the producer writes it: canonical bytes and a line feed; nothing for what cannot be judged."""
    found = canonical_export(document) if document.format == "weftend" else None
    return () if found is None else (Product(document.path, found[0]),)
