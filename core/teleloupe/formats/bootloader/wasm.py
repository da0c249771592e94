"""The producer's own reading of WebAssembly (Bootloader specification, section 6).

Not a correct decoder: opcode sequence and disassembly are this subset's view of a module, and are judged by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import itemgetter

MAGIC = b"\0asm"
VERSION_1 = b"\1\0\0\0"
CODE_SECTION = 10
SECTION_ORDER = (1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11)
CUSTOM_SECTION = 0

NAMES = {
    0x00: "unreachable", 0x01: "nop", 0x0B: "end", 0x10: "call", 0x1A: "drop",
    0x20: "local.get", 0x21: "local.set", 0x22: "local.tee", 0x41: "i32.const",
}  # fmt: skip

# Opcodes with one LEB128 immediate, `if` with its block type, everything else alone.
_INSTRUCTION = re.compile(rb"[\x10\x20\x21\x22\x41][\x80-\xff]*[\0-\x7f]?|\x04.?|.", re.DOTALL)
_INSTRUCTION_OF_PROTOTYPE = re.compile(rb"[\x10\x20\x21\x22\x41][\x80-\xff]*[\0-\x7f]?|.", re.DOTALL)
_OPCODE = itemgetter(0)
_MAX_SHIFT = 63  # a size beyond this many bits overruns any file


def name_of(opcode: int) -> str:
    """An opcode as the disassembly names it."""
    return NAMES.get(opcode) or f"0x{opcode:02X}"


def instructions(payload: bytes, *, as_prototype: bool = False) -> tuple[bytes, ...]:
    """The instructions of the first function, each its opcode and raw immediates; () where there is none.

    The prototype's decoder takes the block type of `if` for an instruction of its own.
    """
    start, end = _first_body(payload)
    pattern = _INSTRUCTION_OF_PROTOTYPE if as_prototype else _INSTRUCTION
    return tuple(pattern.findall(payload, start, end))


def code_start(payload: bytes) -> int | None:
    """The offset of the first instruction; None where there is none."""
    start, end = _first_body(payload)
    return start if end > start else None


def opcodes(code: tuple[bytes, ...]) -> tuple[int, ...]:
    """The opcodes alone."""
    return tuple(map(_OPCODE, code))


def structure_faults(payload: bytes) -> Iterator[str]:
    """What is wrong with the order and sizes of the sections, in words."""
    previous, has_code = -1, False
    for section, start, size in _sections(payload):
        if start + size > len(payload):
            yield f"section {section} at byte {start} claims {size} bytes of {len(payload) - start}"
        if section != CUSTOM_SECTION and section not in SECTION_ORDER:
            yield f"section id {section} at byte {start} is unknown"
        elif section != CUSTOM_SECTION:
            place = SECTION_ORDER.index(section)
            if place <= previous:
                yield f"section {section} at byte {start} is out of order"
            previous = max(place, previous)
        has_code |= section == CODE_SECTION
    if not has_code:
        yield "there is no code section"


def _sections(payload: bytes) -> Iterator[tuple[int, int, int]]:
    """Id, offset of the body and claimed size of each section."""
    at = len(MAGIC) + len(VERSION_1)
    while at < len(payload):
        size, start = _leb(payload, at + 1)
        yield payload[at], start, size
        at = start + size


def _first_body(payload: bytes) -> tuple[int, int]:
    """Where the first function's instructions begin and end, its final `end` left out; (0, 0) without code."""
    start = next((start for section, start, _ in _sections(payload) if section == CODE_SECTION), None)
    if start is None:
        return 0, 0
    _count, at = _leb(payload, start)
    size, at = _leb(payload, at)
    end = min(at + size - 1, len(payload))
    groups, at = _leb(payload, at)
    while groups and at < len(payload):
        _locals, at = _leb(payload, at)
        at, groups = at + 1, groups - 1
    return (at, end) if at < end else (0, 0)


def _leb(payload: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number and the offset after it; it ends with the data at the latest."""
    value = shift = 0
    while at < len(payload):
        byte = payload[at]
        at += 1
        if shift <= _MAX_SHIFT:
            value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return value, at
