"""Two generations instruction by instruction, and one report's five tellings of its payload (section 12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

from msgspec import Struct

from teleloupe.formats.bootloader.lineage import evolve_row, explains, is_judged
from teleloupe.formats.bootloader.outline import DUMP, SEQUENCE, TABLE
from teleloupe.formats.bootloader.runs import is_file_of
from teleloupe.formats.bootloader.sections import first_difference
from teleloupe.formats.bootloader.shapes import Kernel, Report
from teleloupe.formats.bootloader.wasm import code_start, name_of, opcodes
from teleloupe.model import Document

MAX_MATCHED = 4_000_000  # pairs of instructions beyond which the middle of a change is not aligned any further


Name = Literal["payload", "dump", "sequence", "table", "kernel file"]


class Hunk(Struct, frozen=True):
    """Instructions that stay, go or come: where they stand in the older and in the newer code."""

    change: Literal["same", "removed", "inserted"]
    before: int
    after: int
    code: tuple[bytes, ...]


class GenerationDiff(Struct, frozen=True):
    """How the code changed, what the history says, and whether that explains it (None when it cannot be judged)."""

    hunks: tuple[Hunk, ...]
    mutation: str
    is_explained: bool | None
    first_byte: int | None


class Telling(Struct, frozen=True):
    """One of a report's representations of its payload.

    `agrees` is None when it is not there. `first_byte` is the payload byte at which it departs, None when it agrees or
    does not tell; `note` says the departure in its own terms.
    """

    name: Name
    agrees: bool | None
    first_byte: int | None = None
    note: str = ""


def generation_diff(before: Report, after: Report) -> GenerationDiff:
    """The change from one generation's code to the next one's."""
    row = evolve_row(after)
    details = row.details if row else None
    explained = explains(details, before.instructions, after.instructions) if is_judged(before, after) else None
    first = None
    if before.kernel and after.kernel and before.kernel.payload != after.kernel.payload:
        first = first_difference(before.kernel.payload, after.kernel.payload)
    return GenerationDiff(tuple(hunks(before.instructions, after.instructions)), details or "", explained, first)


def hunks(before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[Hunk]:
    """What two codes share and where they differ; a single mutation is one run of instructions."""
    head = first_difference(before, after)
    tail = first_difference(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if head:
        yield Hunk("same", 0, 0, tuple(before[:head]))
    yield from _middle(old, new, head)
    if tail:
        yield Hunk("same", len(before) - tail, len(after) - tail, tuple(before[len(before) - tail :]))


def described(instruction: bytes) -> str:
    """An instruction for reading: its name, and its immediate bytes in hexadecimal."""
    return " ".join([name_of(instruction[0]), *(f"0x{byte:02X}" for byte in instruction[1:])])


def tellings(report: Report, kernel_file: Document | None = None) -> tuple[Telling, ...]:
    """The payload and the four others that must agree with it; of the file beside it only the digest is known."""
    if report.kernel is None:
        return ()
    payload = report.kernel.payload
    dumped = payload if report.dump is None else b"".join(row.data for row in report.dump)
    is_canonical = report.kernel.is_canonical
    return (
        Telling("payload", is_canonical, None, "" if is_canonical else "no canonical base64"),
        _bytes_telling("dump", dumped, payload) if DUMP in report.sections else Telling("dump", None),
        _sequence_telling(report),
        _table_telling(report),
        _file_telling(kernel_file, report.kernel),
    )


def _middle(old: Sequence[bytes], new: Sequence[bytes], at: int) -> Iterator[Hunk]:
    if not old or not new or len(old) * len(new) > MAX_MATCHED:
        blocks = [("replace", 0, len(old), 0, len(new))]
    else:
        blocks = list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    for kind, old_from, old_to, new_from, new_to in blocks:
        if kind == "equal":
            yield Hunk("same", at + old_from, at + new_from, tuple(old[old_from:old_to]))
            continue
        if old_to > old_from:
            yield Hunk("removed", at + old_from, at + new_from, tuple(old[old_from:old_to]))
        if new_to > new_from:
            yield Hunk("inserted", at + old_to, at + new_from, tuple(new[new_from:new_to]))


def _bytes_telling(name: Name, told: bytes, payload: bytes) -> Telling:
    if told == payload:
        return Telling(name, agrees=True)
    return _departure(name, first_difference(told, payload), f"{len(told)} bytes against {len(payload)}")


def _sequence_telling(report: Report) -> Telling:
    if SEQUENCE not in report.sections or report.opcodes is None:
        return Telling("sequence", None)
    decoded = opcodes(report.instructions)
    if report.opcodes == decoded:
        return Telling("sequence", agrees=True)
    index = first_difference(report.opcodes, decoded)
    return _departure("sequence", _byte_of(report, index), f"instruction {index}")


def _table_telling(report: Report) -> Telling:
    if TABLE not in report.sections:
        return Telling("table", None)
    if report.table_break is None:
        return Telling("table", agrees=True)
    return _departure("table", _byte_of(report, report.table_break), f"instruction {report.table_break}")


def _file_telling(kernel_file: Document | None, kernel: Kernel) -> Telling:
    if kernel_file is None:
        return Telling("kernel file", None)
    if is_file_of(kernel_file, kernel):
        return Telling("kernel file", agrees=True)
    return _departure("kernel file", None, f"{kernel_file.size} bytes with another digest")


def _departure(name: Name, first_byte: int | None, note: str) -> Telling:
    return Telling(name, agrees=False, first_byte=first_byte, note=note)


def _byte_of(report: Report, index: int) -> int | None:
    """The payload offset of an instruction."""
    start = code_start(report.kernel.payload) if report.kernel else None
    return None if start is None else start + sum(len(each) for each in report.instructions[:index])
