"""Reports as text, laid out as the newest version prints them (Bootloader specification, sections 3.1 and 10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from teleloupe.formats.bootloader.outline import DUMP, END, HISTORY, KERNEL, SEQUENCE, TABLE
from teleloupe.formats.bootloader.rendering import (
    DASHES,
    NO_INSTRUCTIONS,
    TABLE_HEAD,
    characters,
    dump_lines,
    history_lines,
    sequence_line,
    table_text,
)
from teleloupe.formats.bootloader.shapes import BANNER, Dialect, DumpRow, Report, size_range
from teleloupe.formats.bootloader.values import BREAKDOWN_KEYS
from teleloupe.formats.bootloader.wasm import instructions, opcodes

CORRECTED = Dialect(history="plain", table="plain", arguments="padded")  # columns as they were meant

_FIRST_LABELS = (
    ("generated", "Generated: {}"),
    ("generation", "Final Generation: {}"),
    ("kernel_size", "Kernel Size: {} bytes"),
    ("era", "System Era: {}"),
)
_COUNT_LABELS = (("blacklist", "Heuristic Blacklist Entries: {}"), ("advisor", "Advisor Entries: {}"))


def text_of(report: Report, *, has_parity: bool = False) -> bytes:
    """The text of a whole report; with parity in the dialect it was read in, which gives the producer's own bytes."""
    dialect = report.dialect if has_parity else CORRECTED
    lines = [BANNER, *_header_lines(report)]
    if report.form != "text-basic":
        for label, content in _sections(report, dialect):
            lines += ["", f"{label}:", DASHES, *content, DASHES]
        lines.append(END)
    end = dialect.line_end
    text = end.join(lines).replace(f"{NO_INSTRUCTIONS}{end}", NO_INSTRUCTIONS) + end
    return text.encode("utf-8", "surrogatepass")


def _header_lines(report: Report) -> Iterator[str]:
    """The header's lines, each under the condition on which the producer prints it."""
    values = report.values
    yield from (line.format(values[name]) for name, line in _FIRST_LABELS if name in values)
    yield from _statistics(values.get("attempted"), values.get("applied"), values.get("breakdown"))
    if values.get("trap"):
        yield f"Traps: {values['trap']}"
    if values.get("duration"):
        yield f"Gen Duration: {values['duration']:g} ms"
    adopted = size_range(report)
    if adopted and adopted != (0, 0):
        yield f"Kernel Size Min/Max: {adopted[0]}/{adopted[1]}"
    yield from (line.format(values[name]) for name, line in _COUNT_LABELS if values.get(name))
    if values.get("instances_declared"):
        yield f"INSTANCES: {values['instances_declared']}"
        yield from (f"  {text}" for text in report.instances or ())


def _statistics(attempted: int | None, applied: int | None, breakdown: Any) -> Iterator[str]:
    if not attempted and not applied:
        return
    if attempted is not None:
        yield f"Mutations Attempted: {attempted}"
    if applied is not None:
        yield f"Mutations Applied: {applied}"
    if breakdown is not None:
        yield "Mutation Breakdown: " + ", ".join(f"{key}={breakdown[key]}" for key in BREAKDOWN_KEYS)


def _sections(report: Report, dialect: Dialect) -> Iterator[tuple[str, Sequence[str]]]:
    """The sections that the report has; what follows from the kernel is added where the producer's JSON left it out."""
    kernel = report.kernel
    has = report.sections
    if report.form == "json" and has == {KERNEL}:
        has |= {SEQUENCE, DUMP, TABLE}
    if kernel is not None:
        yield KERNEL, [kernel.text]
    if SEQUENCE in has:
        listed = report.opcodes if report.opcodes is not None else opcodes(report.instructions)
        yield SEQUENCE, [sequence_line(listed)]
    if DUMP in has:
        rows = report.dump
        yield DUMP, dump_lines(kernel.payload) if rows is None and kernel else list(map(_dump_line, rows or ()))
    if TABLE in has and kernel is not None:
        code = instructions(kernel.payload, as_prototype=True) if dialect.is_prototype else report.instructions
        rows_of_code = table_text(code, dialect.table, dialect.arguments).split("\n")[:-1]
        yield TABLE, [TABLE_HEAD, DASHES, *(rows_of_code or [NO_INSTRUCTIONS])]
    if HISTORY in has and report.history is not None:
        yield HISTORY, history_lines(report.history.rows, dialect.history)


def _dump_line(row: DumpRow) -> str:
    """A dump row as it was listed."""
    shown = row.characters or characters(row.data)
    return f"0x{row.offset:04X}  {row.data.hex(' ').upper():<48} |{shown:<16}|"
