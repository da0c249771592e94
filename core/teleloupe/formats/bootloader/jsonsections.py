"""Dump, table and history as JSON has them: objects, or text rows (Bootloader specification, sections 4.2 and 4.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from teleloupe.formats.bootloader import rules
from teleloupe.formats.bootloader.findings import Findings
from teleloupe.formats.bootloader.history import judged_history, read_history
from teleloupe.formats.bootloader.sections import judged_dump, pairs_of, read_dump, read_table
from teleloupe.formats.bootloader.shapes import DumpRow, History, HistoryRow
from teleloupe.formats.bootloader.wasm import name_of

_HISTORY_TYPES = {"generation": int, "timestamp": str, "action": str, "success": bool, "details": str}
_TABLE_TYPES = {"index": int, "offset": int, "opcode": int, "name": str, "args": list}


def read_json_dump(
    rows: list[Any], place: str, payload: bytes | None, findings: Findings
) -> tuple[DumpRow, ...] | None:
    """The rows of a dump; None when its bytes are the payload's own."""
    if _are_texts(rows):
        return read_dump(rows, 0, payload, findings, place)
    cut = [(f"{place}/{index}", _dump_row(row)) for index, row in enumerate(rows)]
    return judged_dump(cut, payload, findings)


def read_json_table(
    rows: list[Any], place: str, code: tuple[bytes, ...] | None, findings: Findings
) -> tuple[tuple[Mapping[str, Any], ...] | None, int | None]:
    """The rows of a table, None when they are the payload's instructions, and the first that is not."""
    if _are_texts(rows):
        return None, read_table(rows, 0, code, findings, place).first_break
    decoded = table_objects(code or ())
    if code is not None and rows == decoded:
        return None, None
    unreadable = [index for index, row in enumerate(rows) if not _has_types(row, _TABLE_TYPES)]
    for index in unreadable:
        findings.add(rules.TABLE_ROW, f"{place}/{index}", "this disassembly row cannot be read")
    if code is not None and not unreadable:
        _judge_table(rows, decoded, place, findings)
    differs = next((i for i, pair in enumerate(zip(rows, decoded, strict=False)) if pair[0] != pair[1]), len(decoded))
    return tuple(row for row in rows if isinstance(row, dict)), differs if code is not None else None


def read_json_history(rows: list[Any], place: str, values: Mapping[str, Any], findings: Findings) -> History:
    """The rows of a history."""
    if _are_texts(rows):
        return read_history(rows, 0, values.get("generation"), findings, place)
    readable: list[tuple[int, HistoryRow]] = []
    for index, row in enumerate(rows):
        if _has_types(row, _HISTORY_TYPES) and row["generation"] >= 0:
            readable.append((index, HistoryRow(*(row[key] for key in _HISTORY_TYPES))))
        else:
            findings.add(rules.HISTORY_ROW, f"{place}/{index}", "this history row cannot be read")
    return judged_history(readable, place, findings, is_whole=len(readable) == len(rows))


def table_objects(code: Sequence[bytes]) -> list[dict[str, Any]]:
    """The disassembly of instructions as canonical JSON lists it; offsets count from the first instruction."""
    rows, offset = [], 0
    for index, each in enumerate(code):
        name = name_of(each[0])
        rows.append({"index": index, "offset": offset, "opcode": each[0], "name": name, "args": [*each[1:]]})
        offset += len(each)
    return rows


def _are_texts(rows: list[Any]) -> bool:
    return bool(rows) and all(type(row) is str for row in rows)


def _has_types(row: Any, types: Mapping[str, type]) -> bool:
    return isinstance(row, dict) and all(type(row.get(key)) is kind for key, kind in types.items())


def _dump_row(row: Any) -> DumpRow | None:
    if not _has_types(row, {"offset": int, "bytes": str, "ascii": str}):
        return None
    data = pairs_of(row["bytes"].split())
    return None if data is None else DumpRow(row["offset"], data, row["ascii"])


def _judge_table(
    rows: Sequence[Mapping[str, Any]], decoded: Sequence[Mapping[str, Any]], place: str, findings: Findings
) -> None:
    if len(rows) != len(decoded):
        message = f"{len(rows)} rows listed, {len(decoded)} instructions decoded"
        findings.add(rules.TABLE_MISMATCH, place, message)
        return
    for number, (row, other) in enumerate(zip(rows, decoded, strict=True)):
        at = f"{place}/{number}"
        if row["index"] != other["index"]:
            expected, actual = str(other["index"]), str(row["index"])
            findings.add(rules.TABLE_INDEX, at, "the index is another", expected=expected, actual=actual)
        for key in ("offset", "opcode", "name"):
            if row[key] != other[key]:
                expected, actual = str(other[key]), str(row[key])[:60]
                findings.add(rules.TABLE_MISMATCH, at, f"the {key} is another", expected=expected, actual=actual)
        if row["args"] not in (other["args"], other["args"][:5]):
            findings.add(rules.TABLE_MISMATCH, at, "the arguments are others", expected=str(other["args"]))
