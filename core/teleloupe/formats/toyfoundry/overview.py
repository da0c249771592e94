"""Export directories side by side (Toyfoundry specification, section 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from teleloupe.formats.toyfoundry.lights import loom_digests
from teleloupe.formats.toyfoundry.lineage import folder_of
from teleloupe.formats.toyfoundry.memo import Memo
from teleloupe.formats.toyfoundry.refresh import batch_names, value_of
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.model import Document

_METADATA = {"build_info.json": "build-info", "export_manifest.json": "manifest"}


class ExportSummary(Struct, frozen=True):
    """One JSON export and what the metadata beside it says; counts by ritual and status, most frequent first.

    `same_as` names the exports elsewhere that hold the same records, whatever their line ends.
    """

    path: str
    directory: str
    records: int
    batches: int
    rituals: tuple[tuple[str, int], ...]
    statuses: tuple[tuple[str, int], ...]
    generated_at: str | None
    order_id: str | None
    sha256: str
    same_as: tuple[str, ...] = ()


class Figures(Struct, frozen=True):
    """What is counted in an export alone; `identity` is the same for exports with the same records."""

    batches: int
    rituals: tuple[tuple[str, int], ...]
    statuses: tuple[tuple[str, int], ...]
    identity: str


_memo: Memo[Figures] = Memo()


def export_summaries(documents: Mapping[str, Document]) -> tuple[ExportSummary, ...]:
    """Every JSON export among the documents, by path."""
    exports = [found for found in documents.values() if found.format == "toyfoundry" and found.kind == "export"]
    figures = [_memo.get("figures", _figures, export) for export in exports]
    alike: dict[str, list[str]] = {}
    for export, found in zip(exports, figures, strict=True):
        alike.setdefault(found.identity, []).append(export.path)
    return tuple(
        _summary(export, found, documents, alike[found.identity])
        for export, found in zip(exports, figures, strict=True)
    )


def _figures(export: Document) -> Figures:
    records = [record for record in export.records if isinstance(record, dict | Record)]
    return Figures(
        len(batch_names(records)),
        _counted(str(value_of(record, "ritual")) for record in records),
        _counted(str(value_of(record, "status")) for record in records),
        next(iter(loom_digests(export)), export.sha256),
    )


def _summary(export: Document, figures: Figures, documents: Mapping[str, Document], alike: list[str]) -> ExportSummary:
    folder = folder_of(export.path)
    prefix = f"{folder}/" if folder else ""
    beside = [documents[f"{prefix}{name}"].header for name in _METADATA if f"{prefix}{name}" in documents]
    is_usual = export.name.startswith("composite_export")
    told = beside if is_usual else []
    return ExportSummary(
        export.path,
        folder,
        len(export.records),
        figures.batches,
        figures.rituals,
        figures.statuses,
        _first_text(told, "generated_at", "timestamp"),
        _first_text(told, "order_id"),
        export.sha256,
        tuple(path for path in alike if path != export.path),
    )


def _counted(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(values)
    return tuple(sorted(counts.items(), key=lambda found: (-found[1], found[0])))


def _first_text(headers: list[Mapping[str, object]], *keys: str) -> str | None:
    found = (header.get(key) for key in keys for header in headers)
    return next((value for value in found if isinstance(value, str)), None)
