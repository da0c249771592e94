"""Dump, table and opcode sequence, held against the payload they must agree with (Bootloader specification, section 7).

The clean case costs one comparison of lists: what the payload would print against what is printed. Only where they
differ is a section read row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from teleloupe.formats.bootloader import rules
from teleloupe.formats.bootloader.findings import Findings
from teleloupe.formats.bootloader.rendering import (
    MAX_ARGUMENTS,
    NO_INSTRUCTIONS,
    ROW_BYTES,
    argument_text,
    characters,
    dump_lines,
    table_text,
)
from teleloupe.formats.bootloader.shapes import Arguments, Columns, DumpRow
from teleloupe.formats.bootloader.values import hex_value
from teleloupe.formats.bootloader.wasm import name_of

ROWS_OF_PREFIX = ("IDX",)  # the table's own head
_FIRST_UNPADDED = 0x10  # from here on an argument looks the same in both dialects


class TableReading(Struct, frozen=True):
    """A table's dialect, and the first row that is not the payload's instruction (None when all are)."""

    columns: Columns
    arguments: Arguments
    first_break: int | None = None


class TableRow(Struct, frozen=True):
    """A disassembly row as it is printed: index and address as texts, because leaking columns do not convert back."""

    line: int
    index: str
    address: str
    name: str
    arguments: tuple[str, ...]


def read_dump(
    content: Sequence[str], first: int, payload: bytes | None, findings: Findings, prefix: str = ""
) -> tuple[DumpRow, ...] | None:
    """The rows of a dump; None when its bytes are the payload's own. Faults go to `findings`."""
    if payload is not None and content == dump_lines(payload):
        return None
    rows = [(_place(prefix, number), dump_row(line)) for number, line in enumerate(content, first) if line.strip()]
    return judged_dump(rows, payload, findings)


def judged_dump(
    rows: Sequence[tuple[int | str, DumpRow | None]], payload: bytes | None, findings: Findings
) -> tuple[DumpRow, ...] | None:
    """The same for rows that are cut already; None stands for one that cannot be read."""
    for index, (place, row) in enumerate(rows):
        if row is None:
            findings.add(rules.DUMP_ROW, place, "this dump row cannot be read")
            continue
        if row.offset != index * ROW_BYTES:
            expected, actual = f"0x{index * ROW_BYTES:04X}", f"0x{row.offset:04X}"
            findings.add(rules.DUMP_OFFSET, place, f"row {index} has another offset", expected=expected, actual=actual)
        shown = characters(row.data)
        if row.characters not in (shown, shown.ljust(ROW_BYTES)):
            findings.add(rules.DUMP_TEXT, place, "the characters are others", expected=shown, actual=row.characters)
    read = tuple(row for _, row in rows if row is not None)
    if payload is None or len(read) < len(rows):
        return read
    data = b"".join(row.data for row in read)
    if data == payload:
        return None
    at = first_difference(data, payload)
    message = f"the dump's {len(data)} bytes are not the payload's {len(payload)}; first difference at byte {at}"
    findings.add(rules.DUMP_MISMATCH, rows[0][0] if rows else "", message)
    return read


def dump_row(line: str) -> DumpRow | None:
    """Offset, hex pairs, first bar after them, characters up to the last bar; None when that cannot be read."""
    cells, bar, rest = line.partition("|")
    shown, closing, after = rest.rpartition("|")
    first, *pairs = cells.split() or [""]
    offset = hex_value(first[2:]) if first[:2].lower() == "0x" else None
    if not bar or not closing or after.strip() or offset is None or not pairs:
        return None
    data = pairs_of(pairs)
    return None if data is None else DumpRow(offset, data, shown)


def pairs_of(pairs: Sequence[str]) -> bytes | None:
    """The bytes of hex pairs, in either case; None when one is none."""
    if any(len(pair) != 2 for pair in pairs):
        return None
    try:
        return bytes.fromhex("".join(pairs))
    except ValueError:
        return None


def judge_sequence(listed: Sequence[int], decoded: Sequence[int], place: str, findings: Findings) -> None:
    """The opcode sequence against the payload's own."""
    if listed == decoded:
        return
    at = next((i for i, (a, b) in enumerate(zip(listed, decoded, strict=False)) if a != b), -1)
    if at < 0:
        message = f"{len(listed)} opcodes listed, {len(decoded)} decoded"
        findings.add(rules.SEQUENCE_MISMATCH, place, message, expected=str(len(decoded)), actual=str(len(listed)))
        return
    message = f"differs at {at}; {listed[at]} listed, {decoded[at]} decoded"
    findings.add(rules.SEQUENCE_MISMATCH, place, message, expected=str(decoded[at]), actual=str(listed[at]))


def read_table(
    content: Sequence[str], first: int, instructions: tuple[bytes, ...] | None, findings: Findings, prefix: str = ""
) -> TableReading:
    """The dialect of a table; what differs from the payload's instructions goes to `findings`."""
    if instructions and (reading := _clean_table(content, instructions)):
        return reading
    rows = table_rows(content, first)
    unreadable = [(index, line) for index, line in enumerate(rows) if isinstance(line, int)]
    for _, line in unreadable:
        findings.add(rules.TABLE_ROW, _place(prefix, line), "this disassembly row cannot be read")
    readable = [row for row in rows if isinstance(row, TableRow)]
    arguments = _arguments_of(readable)
    if unreadable or instructions is None:
        return TableReading("", arguments, unreadable[0][0] if unreadable else None)
    if len(readable) != len(instructions):
        message = f"{len(readable)} rows listed, {len(instructions)} instructions decoded"
        findings.add(rules.TABLE_MISMATCH, _place(prefix, first), message)
        pairs = zip(readable, instructions, strict=False)
        shorter = min(len(readable), len(instructions))
        differs = next((index for index, pair in enumerate(pairs) if list(_instruction_faults(*pair))), shorter)
        return TableReading("", arguments, differs)
    columns, differs_at = _judged_columns(readable, instructions, findings, prefix)
    return TableReading(columns, arguments, differs_at)


def table_rows(content: Sequence[str], first: int) -> list[TableRow | int]:
    """The rows of a table, the line number where one cannot be read; a table without instructions has none."""
    return [
        _table_row(line, number) or number
        for number, line in enumerate(content, first)
        if line.strip() and line.strip() != NO_INSTRUCTIONS and not line.startswith(ROWS_OF_PREFIX)
    ]


def first_difference(one: Sequence[object], other: Sequence[object]) -> int:
    """The first index at which two sequences differ, the shorter's length where one begins the other."""
    shorter = min(len(one), len(other))
    return next((i for i in range(shorter) if one[i] != other[i]), shorter)


def _place(prefix: str, number: int) -> int | str:
    return f"{prefix}/{number}" if prefix else number


def _clean_table(content: Sequence[str], instructions: tuple[bytes, ...]) -> TableReading | None:
    """The dialect in which the table is just what the instructions print; None when it is in none."""
    if len(content) != len(instructions):
        return None
    columns: Columns = "plain" if len(content) > 1 and content[1].startswith("001 ") else "leaky"
    telling = next((i for i, each in enumerate(instructions) if _tells_arguments(each)), None)
    arguments: Arguments = "padded"
    if telling is not None and content[telling].split()[5:] != argument_text(instructions[telling], "padded").split():
        arguments = "unpadded"
    if "\n".join(content) + "\n" != table_text(instructions, columns, arguments):
        return None
    return TableReading(columns if len(content) > 1 else "", arguments if telling is not None else "")


def _tells_arguments(instruction: bytes) -> bool:
    """Whether an instruction's arguments look different in the two dialects."""
    return len(instruction) > 1 and (
        min(instruction[1 : 1 + MAX_ARGUMENTS]) < _FIRST_UNPADDED or len(instruction) > 1 + MAX_ARGUMENTS
    )


def _table_row(line: str, number: int) -> TableRow | None:
    parts = line.split("|", 2)
    if len(parts) != len(("index", "address", "instruction")):
        return None
    index, address, tokens = parts[0].strip(), parts[1].strip(), parts[2].split()
    if hex_value(index) is None or address[:2] != "0x" or hex_value(address[2:]) is None or not tokens:
        return None
    name, *arguments = tokens
    if any(token[:2] != "0x" or hex_value(token[2:]) is None for token in arguments):
        return None
    return TableRow(number, index.upper(), address[2:].upper(), name, tuple(arguments))


def _judged_columns(
    rows: Sequence[TableRow], instructions: Sequence[bytes], findings: Findings, prefix: str
) -> tuple[Columns, int | None]:
    """Compare row by row; the style that every row's columns fit, and the first row that is another instruction."""
    is_plain = is_leaky = True
    first_break, offset = None, 0
    for index, (row, instruction) in enumerate(zip(rows, instructions, strict=True)):
        place = _place(prefix, row.line)
        plain = f"{index:03d}", f"{offset:04X}"
        leaky = (f"{index:0<3X}", f"{offset:0<4X}") if index else plain
        columns = row.index, row.address
        is_plain, is_leaky = is_plain and columns == plain, is_leaky and columns == leaky
        faults = list(_instruction_faults(row, instruction))
        if row.address not in (plain[1], leaky[1]):
            faults.append(("the address is another", f"0x{plain[1]}", f"0x{row.address}"))
        elif columns not in (plain, leaky):
            expected = f"{plain[0]} or {leaky[0]}"
            findings.add(rules.TABLE_INDEX, place, "the index fits no style", expected=expected, actual=row.index)
        for message, expected, actual in faults:
            findings.add(rules.TABLE_MISMATCH, place, message, expected=expected, actual=actual)
        first_break = index if faults and first_break is None else first_break
        offset += len(instruction)
    return "" if is_plain == is_leaky else "plain" if is_plain else "leaky", first_break


def _instruction_faults(row: TableRow, instruction: bytes) -> Iterator[tuple[str, str, str]]:
    """In what a row names another instruction: the words for it, what is expected, what is there."""
    name = name_of(instruction[0])
    is_spelled_otherwise = name[:2] == row.name[:2] == "0x" and hex_value(row.name[2:]) == instruction[0]
    if row.name != name and not is_spelled_otherwise:
        yield "the name is another", name, row.name
    listed = [hex_value(token[2:]) for token in row.arguments]
    if listed not in ([*instruction[1:]], [*instruction[1 : 1 + MAX_ARGUMENTS]]):
        yield "the arguments are others", argument_text(instruction, "padded"), " ".join(row.arguments)


def _arguments_of(rows: Sequence[TableRow]) -> Arguments:
    """The dialect of the first argument that looks different in the two."""
    for row in rows:
        for token in row.arguments:
            if (hex_value(token[2:]) or 0) < _FIRST_UNPADDED:
                return "padded" if len(token) > len("0x0") else "unpadded"
    return ""
