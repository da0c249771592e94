"""The files that can be made of a report (Bootloader specification, section 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from teleloupe.formats import Product
from teleloupe.formats.bootloader.jsonwriter import json_of
from teleloupe.formats.bootloader.names import kernel_name
from teleloupe.formats.bootloader.scope import runs_in_view
from teleloupe.formats.bootloader.shapes import Report
from teleloupe.formats.bootloader.textwriter import text_of
from teleloupe.model import Document


def product_name(document: Document, form: str) -> str:
    """The name of what is made of a report, by its ending: json, txt or wasm."""
    report: Report = document.body
    if form == "wasm" and report.number is not None:
        return kernel_name(report.number).replace(".b64", ".wasm")
    return f"{document.name.removesuffix('.gz').removesuffix('.txt')}.{form}"


def products(document: Document, documents: Mapping[str, Document]) -> Iterator[Product]:
    """Canonical JSON, the producer's own text and the .wasm module of a report, or of all reports of runs."""
    if isinstance(document.body, Report):
        yield from _products(document)
        return
    for run in runs_in_view(document, documents):
        for report in run.used.values():
            yield from _products(report)


def regenerate(path: str, documents: Mapping[str, Document]) -> Iterator[tuple[str, bytes]]:
    """The bytes of a report in its form, made of each report beside it that bears its name."""
    document = documents.get(path)
    if document is None or not isinstance(document.body, Report):
        return
    folder, _, name = path.rpartition("/")
    for source in documents.values():
        if source.path.rpartition("/")[0] != folder or not isinstance(source.body, Report):
            continue
        if name in (product_name(source, "json"), product_name(source, "txt")):
            yield from ((source.path, product.data) for product in _products(source) if product.path == path)


def _products(document: Document) -> Iterator[Product]:
    """Of a report that is not whole only the module, if its payload is there."""
    report: Report = document.body
    folder = document.path[: len(document.path) - len(document.name)]
    if report.state == "ok":
        yield Product(f"{folder}{product_name(document, 'json')}", json_of(report))
        yield Product(f"{folder}{product_name(document, 'txt')}", text_of(report, has_parity=True))
    if report.kernel is not None:
        yield Product(f"{folder}{product_name(document, 'wasm')}", report.kernel.payload)
