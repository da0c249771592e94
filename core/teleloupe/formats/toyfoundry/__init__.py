"""Toyfoundry telemetry: feeds, rollups, exports and what is said about them (formats/toyfoundry.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from teleloupe.columns import key_of
from teleloupe.formats import Format, Kind, document_of
from teleloupe.formats.toyfoundry import (
    detection,
    digests,
    exports,
    feeds,
    legacy,
    metadata,
    regeneration,
    relations,
    rollups,
    rules,
    shapes,
    sidecars,
    tables,
)
from teleloupe.formats.toyfoundry.lineage import reach
from teleloupe.formats.toyfoundry.products import products
from teleloupe.formats.toyfoundry.views import VIEWS
from teleloupe.formats.toyfoundry.views.origins import annotate
from teleloupe.model import Blob, Detection, Document, Issue

KINDS = (
    Kind("mint-feed", "mint feed"),
    Kind("ritual-feed", "ritual feed"),
    Kind("mint-rollup", "mint rollup"),
    Kind("rollup", "composite rollup"),
    Kind("export", "export"),
    Kind("export-csv", "export as CSV"),
    Kind("clerk", "clerk export"),
    Kind("clerk-csv", "clerk export as CSV"),
    Kind("wide", "wide export"),
    Kind("wide-csv", "wide export as CSV"),
    Kind("build-info", "build info", shapes.BUILD_INFO_FIELDS),
    Kind("manifest", "export manifest", shapes.MANIFEST_FIELDS),
    Kind("schema", "rollup schema"),
    sidecars.KIND,
)

# kind -> what tells its records apart; records that share a key are told apart by their order
KEYS = {
    "export": ("batch_id", "ritual"),
    "export-csv": ("batch_id", "ritual"),
    "mint-feed": ("alfa_id", "timestamp"),
    "ritual-feed": ("timestamp", "ritual"),
    "rollup": ("operation_id",),
    "mint-rollup": ("operation_id",),
    "clerk": ("operation", "batch"),
    "clerk-csv": ("operation", "batch"),
    "wide": ("operation_id", "ritual", "event_index"),
    "wide-csv": ("operation_id", "ritual", "event_index"),
    "build-info": ("name",),
    "manifest": ("name",),
    "sidecar": ("path",),
}

# kind -> how its bytes become a document, reading faults and single-file issues included
PARSERS: Mapping[str, Callable[[Blob, Detection], Document]] = {
    "mint-feed": feeds.parse_feed,
    "ritual-feed": feeds.parse_feed,
    "mint-rollup": rollups.parse_rollup,
    "rollup": rollups.parse_rollup,
    "export": exports.parse_export,
    "export-csv": tables.parse_table,
    "clerk": legacy.parse_legacy,
    "clerk-csv": tables.parse_table,
    "wide": legacy.parse_legacy,
    "wide-csv": tables.parse_table,
    "build-info": metadata.parse_metadata,
    "manifest": metadata.parse_metadata,
    "schema": metadata.parse_schema,
    "sidecar": sidecars.parse,
}

# asked in this order; each gives the issues it found across documents, by the path they blame
RELATIONS: tuple[Callable[[Mapping[str, Document]], Mapping[str, Iterable[Issue]]], ...] = (
    digests.relate_sidecars,
    relations.relate,
)


def parse(blob: Blob, found: Detection) -> Document:
    """The document of any bytes of a kind."""
    parser = PARSERS.get(found.kind)
    return parser(blob, found) if parser else document_of(blob, "toyfoundry", found)


def stream(blob: Blob, found: Detection) -> Iterator[Document]:
    """Ever fuller documents of a large export or feed; any other file at once."""
    if found.kind == "export" and len(blob.data) > exports.STREAMED_BYTES:
        yield from exports.stream_export(blob, found)
    elif found.kind in ("mint-feed", "ritual-feed") and len(blob.data) > feeds.STREAMED_BYTES:
        yield from feeds.stream_feed(blob, found)
    else:
        yield parse(blob, found)


def relate(documents: Mapping[str, Document]) -> Mapping[str, Iterable[Issue]]:
    """The issues found across documents, by the path they blame."""
    issues: dict[str, list[Issue]] = {}
    for relation in RELATIONS:
        for path, found in relation(documents).items():
            issues.setdefault(path, []).extend(found)
    return issues


FORMAT = Format(
    id="toyfoundry",
    title="Toyfoundry",
    source="formats/toyfoundry.md",
    kinds=KINDS,
    rules=rules.ALL + digests.RULES,
    detect=lambda sketch: sidecars.detect(sketch) or detection.detect(sketch),
    parse=parse,
    validate=lambda _document: (),
    relate=relate,
    stream=stream,
    extend=feeds.extend_feed,
    twins=relations.twins,
    regenerate=regeneration.regenerate,
    key=key_of(KEYS),
    views=VIEWS,
    products=products,
    annotate=annotate,
    reach=reach,
    blame=digests.blame,
    absences=frozenset({digests.SIDECAR_MISSING.id, digests.ARTEFACT_MISSING.id}),
)
