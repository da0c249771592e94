"""What the loom would make of the artefacts at hand: rollups of feeds, exports of rollups (sections 3 to 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from teleloupe.formats.toyfoundry.flatten import Piece, loom_sorted, pieces
from teleloupe.formats.toyfoundry.lineage import Feeds, Lineage, lineage_of
from teleloupe.formats.toyfoundry.loom import rollup_text, woven_export
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.weave import Weave
from teleloupe.formats.toyfoundry.writing import export_csv, export_json
from teleloupe.model import Document


def woven(feeds: Feeds) -> Weave:
    """Both feeds, woven anew from their documents."""
    weave = Weave()
    for document, add in ((feeds.mint, weave.add_mints), (feeds.ritual, weave.add_rituals)):
        if document is not None:
            for line, entry in zip(document.body.lines, document.records, strict=True):
                add(line, (entry,))
    weave.finish()
    return weave


def records_of_entries(entries: Mapping[str, Any]) -> list[Record]:
    """The export records of a composite rollup, in the loom's order."""
    found = pieces(sorted(entries.items()))
    return loom_sorted([piece.record for piece in found if isinstance(piece, Piece)])


def regenerate(path: str, documents: Mapping[str, Document]) -> Iterator[tuple[str, bytes]]:
    """The bytes that the loom would write at a path, by the source they are made of; LF line ends but in CSV."""
    document = documents.get(path)
    if document is None or document.format != "toyfoundry":
        return
    lineage = lineage_of(documents)
    if document.kind in ("rollup", "mint-rollup"):
        yield from _rollups(document, lineage)
    elif document.kind in ("export", "export-csv"):
        yield from _exports(document, lineage, documents)


def _rollups(document: Document, lineage: Lineage) -> Iterator[tuple[str, bytes]]:
    feeds = lineage.feeds_of(document)
    if feeds:
        weave = woven(feeds)
        entries = weave.rollup() if document.kind == "rollup" else weave.mint_rollup()
        yield feeds.mint.path, "".join(rollup_text(entries)).encode("utf-8")


def _exports(document: Document, lineage: Lineage, documents: Mapping[str, Document]) -> Iterator[tuple[str, bytes]]:
    write = export_json if document.kind == "export" else export_csv
    export = documents.get(document.path.removesuffix(".csv") + ".json", document)
    rollup = lineage.rollup_of(export)
    if rollup:
        yield rollup.path, "".join(write(records_of_entries(rollup.body.entries))).encode("utf-8")
    feeds = lineage.feeds_of(rollup) if rollup else lineage.telemetry_of(export)
    if feeds:
        yield feeds.mint.path, "".join(write(woven_export(woven(feeds)).records)).encode("utf-8")
    if export is not document and export.is_complete:
        records = [record for record in export.records if isinstance(record, Record)]
        if len(records) == len(export.records):
            yield export.path, "".join(write(records)).encode("utf-8")
