"""Rows as the producer prints them, in each of its dialects (Bootloader specification, sections 3.3 to 3.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from teleloupe.formats.bootloader.shapes import Arguments, Columns, HistoryRow
from teleloupe.formats.bootloader.wasm import name_of

DASHES = "-" * 80
ROW_BYTES = 16
TABLE_HEAD = "IDX | ADDR   | OPCODE       ARGS"
NO_INSTRUCTIONS = "No instructions available."
MAX_ARGUMENTS = 5  # what the padded dialect prints of an instruction's immediate bytes

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
    return "".join(f"{opcode} " for opcode in opcodes)


def argument_text(instruction: bytes, arguments: Arguments) -> str:
    """An instruction's immediate bytes."""
    if arguments == "unpadded":
        return " ".join(f"0x{byte:X}" for byte in instruction[1:])
    return " ".join(f"0x{byte:02X}" for byte in instruction[1 : 1 + MAX_ARGUMENTS])


def table_lines(instructions: Sequence[bytes], columns: Columns, arguments: Arguments) -> list[str]:
    """The disassembly of instructions; leaking columns pad index and address on the wrong side from the second row."""
    texts = {each: f"{name_of(each[0]):<12} {argument_text(each, arguments)}" for each in set(instructions)}
    lines, offset = [], 0
    for index, instruction in enumerate(instructions):
        if index and columns == "leaky":
            lines.append(f"{index:0<3X} | 0x{offset:0<4X} | {texts[instruction]}")
        else:
            lines.append(f"{index:03d} | 0x{offset:04X} | {texts[instruction]}")
        offset += len(instruction)
    return lines


def history_lines(rows: Sequence[HistoryRow], columns: Columns) -> list[str]:
    """History rows; the leaking column pads the generation on the wrong side from the second row."""
    if columns != "leaky":
        return [_history_line(f"{row.generation:04d}", row) for row in rows]
    later = [_history_line(f"{row.generation:0<4d}", row) for row in rows[1:]]
    return [_history_line(f"{row.generation:04d}", row) for row in rows[:1]] + later


def _history_line(generation: str, row: HistoryRow) -> str:
    word = "OK" if row.ok else "FAIL"
    return f"[GEN {generation}] {row.time} | {row.action:<10} | {word:<4} | {row.details}"
