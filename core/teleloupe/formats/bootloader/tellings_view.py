"""The five representations of a report's payload, and where they part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.bootloader.comparison import Name, Telling, tellings
from teleloupe.formats.bootloader.outline import DUMP, KERNEL, SEQUENCE, TABLE
from teleloupe.formats.bootloader.run_view import HASH_DIGITS
from teleloupe.formats.bootloader.scope import kernel_file, runs_in_view
from teleloupe.formats.bootloader.shapes import Report
from teleloupe.model import Document, Place, Table

_SECTIONS: dict[Name, str] = {"payload": KERNEL, "dump": DUMP, "sequence": SEQUENCE, "table": TABLE}
_WORDS = {True: "agrees", False: "differs", None: "absent"}


class Representation(Struct, frozen=True):
    """One representation of a payload."""

    n: Annotated[int | None, Meta(description="generation")]
    representation: Annotated[Name, Meta(description="payload, hex dump, opcode sequence, disassembly, kernel file")]
    state: Annotated[str, Meta(description="agrees with the payload, differs, absent")]
    first_byte: Annotated[int | None, Meta(description="first byte of the payload that it tells otherwise")]
    payload: Annotated[str, Meta(description="bytes of the payload from there, in hexadecimal")]
    note: Annotated[str, Meta(description="what differs, in the representation's own terms")]
    hash: Annotated[str, Meta(description="beginning of the payload's SHA-256")]
    place: Place


SHOWN_BYTES = 8  # of the payload from the first difference on


def representations_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """The representations of a report; those of every report below a directory."""
    if isinstance(document.body, Report):
        rows = list(_rows(document, documents))
    else:
        reports = [report for run in runs_in_view(document, documents) for report in run.used.values()]
        rows = [row for report in reports for row in _rows(report, documents)]
    return table_of("Representations", Representation, rows)


def _rows(document: Document, documents: Mapping[str, Document]) -> Iterator[Representation]:
    report: Report = document.body
    if report.kernel is None:
        return
    file, digest = kernel_file(document, documents), report.kernel.sha256[:HASH_DIGITS]
    for one in tellings(report, file):
        section = _SECTIONS.get(one.name)
        place = Place(document.path, report.at(section)) if section else Place(file.path if file else document.path)
        yield Representation(
            report.number, one.name, _WORDS[one.agrees], one.first_byte, _bytes(one, report), one.note, digest, place
        )


def _bytes(one: Telling, report: Report) -> str:
    if one.first_byte is None or report.kernel is None:
        return ""
    return report.kernel.payload[one.first_byte : one.first_byte + SHOWN_BYTES].hex(" ").upper()
