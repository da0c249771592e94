"""Rows as the producer prints them, in each of its dialects (Bootloader specification, sections 3.3 to 3.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, islice
from typing import Literal

from teleloupe.formats.bootloader.shapes import Arguments, Columns, HistoryRow
from teleloupe.formats.bootloader.wasm import name_of

DASHES = "-" * 80
ROW_BYTES = 16
TABLE_HEAD = "IDX | ADDR   | OPCODE       ARGS"
NO_INSTRUCTIONS = "No instructions available."
MAX_ARGUMENTS = 5  # what the padded dialect prints of an instruction's immediate bytes

_DECIMALS = tuple(f"{opcode} " for opcode in range(256))
_REMEMBERED = 1 << 16  # numbers of a column that are kept: a table of a 64 KB kernel
_REMEMBERED_BYTES = 8  # longer instructions are no producer's
_SHOWN = bytes(byte if 32 <= byte <= 126 else 0x2E for byte in range(256))


def characters(data: bytes) -> str:
    """Bytes as the dump's right column shows them, without padding."""
    return data.translate(_SHOWN).decode("ascii")


def dump_lines(payload: bytes) -> list[str]:
    """The hex dump of a payload."""
    pairs, shown = payload.hex(" ").upper(), characters(payload)
    return [
        f"0x{at:04X}  {pairs[at * 3 : at * 3 + 47]:<48} |{shown[at : at + ROW_BYTES]:<16}|"
        for at in range(0, len(payload), ROW_BYTES)
    ]


def sequence_line(opcodes: Iterable[int]) -> str:
    """The opcode sequence: decimals, each followed by a blank."""
    return "".join(map(_DECIMALS.__getitem__, opcodes))


def argument_text(instruction: bytes, arguments: Arguments) -> str:
    """An instruction's immediate bytes."""
    if arguments == "unpadded":
        return " ".join(f"0x{byte:X}" for byte in instruction[1:])
    return " ".join(f"0x{byte:02X}" for byte in instruction[1 : 1 + MAX_ARGUMENTS])


def table_text(instructions: Sequence[bytes], columns: Columns, arguments: Arguments) -> str:
    """The disassembly of instructions, a line feed after each row.

    Leaking columns pad index and address on the wrong side from the second row.
    """
    texts = {each: _row_end(each, arguments) for each in set(instructions)}
    addresses = _numbers("address", columns, sum(map(len, instructions)))
    offsets = islice(accumulate(map(len, instructions), initial=0), len(instructions))
    cells = [""] * (3 * len(instructions))
    cells[0::3] = _numbers("index", columns, len(instructions))[: len(instructions)]
    cells[1::3] = map(addresses.__getitem__, offsets)
    cells[2::3] = map(texts.__getitem__, instructions)
    return "".join(cells)


def _row_end(instruction: bytes, arguments: Arguments) -> str:
    is_short = len(instruction) <= _REMEMBERED_BYTES
    return _short_row_end(instruction, arguments) if is_short else _any_row_end(instruction, arguments)


def _any_row_end(instruction: bytes, arguments: Arguments) -> str:
    return f"{name_of(instruction[0]):<12} {argument_text(instruction, arguments)}\n"


_short_row_end = lru_cache(maxsize=4096)(_any_row_end)


def _numbers(column: Literal["index", "address"], columns: Columns, count: int) -> Sequence[str]:
    """A column's texts for all numbers below a count, with their separators; at least so many."""
    size = 1 << max(10, count.bit_length())
    return _remembered_numbers(column, columns, size) if size <= _REMEMBERED else _all_numbers(column, columns, count)


def _all_numbers(column: Literal["index", "address"], columns: Columns, count: int) -> tuple[str, ...]:
    first, specification = ("000 | ", "0<3X") if column == "index" else ("0x0000 | ", "0<4X")
    if columns != "leaky":
        specification = "03d" if column == "index" else "04X"
    prefix = "" if column == "index" else "0x"
    return first, *(f"{prefix}{number:{specification}} | " for number in range(1, count))


_remembered_numbers = lru_cache(maxsize=8)(_all_numbers)


def history_lines(rows: Sequence[HistoryRow], columns: Columns) -> list[str]:
    """History rows; the leaking column pads the generation on the wrong side from the second row."""
    if columns != "leaky":
        return [_history_line(f"{row.generation:04d}", row) for row in rows]
    later = [_history_line(f"{row.generation:0<4d}", row) for row in rows[1:]]
    return [_history_line(f"{row.generation:04d}", row) for row in rows[:1]] + later


def _history_line(generation: str, row: HistoryRow) -> str:
    word = "OK" if row.ok else "FAIL"
    return f"[GEN {generation}] {row.time} | {row.action:<10} | {word:<4} | {row.details}"
