"""How often each opcode stands in the code of the last generations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from teleloupe.formats.bootloader.evolution import opcode_heat
from teleloupe.formats.bootloader.outline import SEQUENCE
from teleloupe.formats.bootloader.scope import report_in_view, runs_in_view
from teleloupe.formats.bootloader.wasm import name_of
from teleloupe.model import Chart, Column, Document, Place, Series, Table

MAX_GENERATIONS = 32  # columns of counts, the last of the run
MAX_BARS = 24  # opcodes that are drawn, the most frequent


class Opcode(Struct, frozen=True):
    """An opcode and its count in each generation shown."""

    opcode: int
    counts: tuple[int, ...]

    @property
    def name(self) -> str:
        """As the disassembly names it."""
        return name_of(self.opcode)


def opcodes_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """Opcodes by how often they occur, the last generations up to a report, or of the newest run, as columns."""
    shown = _shown(document, documents)
    rows = opcode_heat([(number, report.body) for number, report in shown])
    columns = (
        Column("opcode", lambda row: f"0x{row.opcode:02X}", "", "the opcode's byte"),
        Column("name", lambda row: row.name, "", "as the disassembly names it"),
        Column("sum", lambda row: sum(row.counts), "", "occurrences in the generations shown", "integer"),
        *(
            Column(f"g{number}", _count(place), "", f"occurrences in generation {number}", "integer")
            for place, (number, _) in enumerate(shown)
        ),
    )
    newest = shown[-1][1] if shown else document
    place = Place(newest.path, newest.body.at(SEQUENCE)) if shown else Place(document.path)
    return Table("Opcodes", columns, [Opcode(*row) for row in rows], lambda _index: place, len(rows))


def opcodes_charts(document: Document, documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """The opcodes of the last generation shown."""
    shown = _shown(document, documents)[-1:]
    heat = opcode_heat([(number, report.body) for number, report in shown])
    bars = tuple(Series(name_of(opcode), ((opcode, counts[0]),)) for opcode, counts in heat[:MAX_BARS])
    return (Chart(f"Opcodes of generation {shown[0][0]}", "bars", "opcode", "occurrences", bars),) if bars else ()


def _shown(document: Document, documents: Mapping[str, Document]) -> list[tuple[int, Document]]:
    for run in runs_in_view(document, documents)[-1:]:
        report = report_in_view(document, run)
        if report is not None and report.body.number is not None:
            last: int = report.body.number
            return [(number, each) for number, each in run.used.items() if number <= last][-MAX_GENERATIONS:]
    return []


def _count(place: int) -> Callable[[Any], int]:
    def count(row: Opcode) -> int:
        return row.counts[place]

    return count
