"""The files that the loom would make of what is at hand, beside what is there (sections 3 to 5 and 7)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from teleloupe.formats import Product
from teleloupe.formats.toyfoundry.lineage import EXPORT_NAME, EXPORTS, QUILT, Feeds, folder_of, joined, lineage_of
from teleloupe.formats.toyfoundry.loom import rollup_text, woven_export
from teleloupe.formats.toyfoundry.metadata import TIME_KEYS
from teleloupe.formats.toyfoundry.origins import Sources, sources_of
from teleloupe.formats.toyfoundry.refresh import CannotRefresh, loom_ordered, refreshed_metadata, refreshed_sidecar
from teleloupe.formats.toyfoundry.regeneration import records_of_entries, woven
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.weave import Weave
from teleloupe.formats.toyfoundry.writing import Eol, document_text, encoded, export_csv, export_json
from teleloupe.model import Document

KINDS = ("export", "export-csv", "mint-rollup", "rollup", "build-info", "manifest")

Records = Sequence[Record | dict[str, Any]]


class Job(Struct, frozen=True, eq=False):
    """What is to be made anew: rollups, and the files around a JSON export; either may be missing."""

    sources: Sources
    rollups: tuple[Document, ...]
    export: Document | None
    export_path: str


def products(document: Document, documents: Mapping[str, Document]) -> tuple[Product, ...]:
    """Rollups, exports, sidecars and metadata of the chain that a document is part of, in the loom's order.

    Made of the feeds, else of the rollup, else of the export's own records. Line ends and the style of sidecars stay;
    metadata keeps the time it states, for the loom's clock is not at hand. Nothing where the loom would refuse:
    metadata that cannot be read, or records that cannot be written.
    """
    job = _job(document, documents) if document.format == "toyfoundry" and document.kind in KINDS else None
    if job is None:
        return ()
    try:
        return tuple(_made(job, documents))
    except (CannotRefresh, ValueError, RecursionError):
        return ()


def _job(document: Document, documents: Mapping[str, Document]) -> Job | None:
    lineage = lineage_of(documents)
    if document.kind in ("rollup", "mint-rollup"):
        feeds = lineage.feeds_of(document)
        rollups = _rollups_of(feeds, documents) if feeds else (document,)
        composite = next((rollup for rollup in rollups if rollup.kind == "rollup"), None)
        exports = [found for found in lineage.of_kind("export") if composite and lineage.rollup_of(found) is composite]
        usual = joined(joined(folder_of(document.path), EXPORTS), EXPORT_NAME)
        has_usual = composite is not None and folder_of(document.path).rpartition("/")[2] == QUILT
        path = exports[0].path if exports else usual if has_usual else ""
        return Job(Sources(composite, feeds), rollups if feeds else (), exports[0] if exports else None, path)
    export = (
        lineage.export_of(document) if document.kind in ("build-info", "manifest")
        else lineage.twin_of(document) or document if document.kind == "export-csv"
        else document
    )  # fmt: skip
    if export is None:
        return None
    sources = sources_of(export, documents)
    rollups = _rollups_of(sources.feeds, documents) if sources.rollup and sources.feeds else ()
    path = f"{export.path.removesuffix('.csv')}.json" if export.kind == "export-csv" else export.path
    return Job(sources, rollups, export, path)


def _rollups_of(feeds: Feeds, documents: Mapping[str, Document]) -> tuple[Document, ...]:
    """Every rollup that is made of these feeds."""
    lineage = lineage_of(documents)
    found = lineage.of_kind("mint-rollup", "rollup")
    return tuple(rollup for rollup in found if (own := lineage.feeds_of(rollup)) and own.mint is feeds.mint)


def _made(job: Job, documents: Mapping[str, Document]) -> Iterator[Product]:
    lineage = lineage_of(documents)
    folder = folder_of(job.export_path)
    metadata = [
        found for found in lineage.in_folder(folder, "manifest", "build-info") if _speaks_of(found, job, documents)
    ]
    if unreadable := [found.name for found in metadata if not found.is_complete or not found.header]:
        raise CannotRefresh(f"{unreadable[0]} cannot be read")
    weave = woven(job.sources.feeds) if job.sources.feeds else None
    if weave:
        yield from (Product(rollup.path, _rollup_bytes(rollup, weave)) for rollup in job.rollups)
    if job.export_path:
        yield from _directory(job, _records(job, weave), metadata, documents)


def _directory(
    job: Job, records: Records, metadata: Iterable[Document], documents: Mapping[str, Document]
) -> Iterator[Product]:
    """The export in both forms, their sidecars, and metadata brought up to date with them."""
    eol: Eol = job.export.body.eol if job.export and job.export.kind == "export" and job.export.body else "lf"
    table_path = f"{job.export_path.removesuffix('.json')}.csv"
    made = {
        job.export_path: encoded("".join(export_json(records)), eol),
        table_path: "".join(export_csv(records)).encode("utf-8"),
    }
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in made.items()}
    for path, content in made.items():
        yield Product(path, content)
    for path, digest in digests.items():
        yield Product(f"{path}.sha256", _sidecar(documents.get(f"{path}.sha256"), digest, eol))
    named = {path.rpartition("/")[2]: digest.upper() for path, digest in digests.items()}
    for document in metadata:
        yield Product(document.path, _metadata(document, named, records))


def _records(job: Job, weave: Weave | None) -> Records:
    if weave:
        return woven_export(weave).records
    if job.sources.rollup:
        if not job.sources.rollup.is_complete:
            raise CannotRefresh("the rollup cannot be read to its end")
        return records_of_entries(job.sources.rollup.body.entries)
    if job.export is None or not job.export.is_complete:
        raise CannotRefresh("the export cannot be read to its end")
    return loom_ordered(job.export.records)


def _rollup_bytes(rollup: Document, weave: Weave) -> bytes:
    entries = weave.rollup() if rollup.kind == "rollup" else weave.mint_rollup()
    return encoded("".join(rollup_text(entries)), rollup.body.eol)


def _sidecar(existing: Document | None, digest: str, eol: Eol) -> bytes:
    is_ours = existing is not None and existing.format == "toyfoundry" and existing.kind == "sidecar"
    return refreshed_sidecar(existing.body.content if existing and is_ours and existing.body else None, digest, eol)


def _metadata(document: Document, digests: Mapping[str, str], records: Records) -> bytes:
    """A metadata document brought up to date but for its time."""
    key = TIME_KEYS[document.kind or ""]
    root = dict(document.header)
    fresh = refreshed_metadata(root, key, digests, records, root.get(key, ""))
    if key not in root:
        del fresh[key]
    return encoded(document_text(fresh), document.body.eol)


def _speaks_of(metadata: Document, job: Job, documents: Mapping[str, Document]) -> bool:
    """Whether a document beside an export is about it; one that cannot be read may be."""
    return not metadata.is_complete or lineage_of(documents).export_of(metadata) is job.export
