"""Whether an EVOLVE row explains how the code changed (Bootloader specification, section 7, Lineage)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from teleloupe.formats.bootloader.shapes import HistoryRow, Report
from teleloupe.formats.bootloader.wasm import name_of

Code = Sequence[bytes]

_INSERTION = re.compile(r"(?:Inserted|Modified): \[([^\[\]]*)\] at (\d{1,9})", re.ASCII)
_APPENDED = re.compile(r"Appended \[([^\[\]]*)\]", re.ASCII)
_DELETED_NOP = re.compile(r"Deleted NOP at index (\d{1,9})", re.ASCII)
_PRUNED = (("Pruned math sequence", 4), ("Pruned control flow block", 5), ("Deleted balanced pair", 2))
_UNCHANGED = ("No safe deletion targets found", "Instruction set empty")


def spelled(code: Code) -> str:
    """Instructions as EVOLVE rows spell them: the name, and the first immediate byte in decimal."""
    return ", ".join(name_of(each[0]) + (f" {each[1]}" if len(each) > 1 else "") for each in code)


def evolve_row(report: Report) -> HistoryRow | None:
    """The mutation that led from the preceding generation to this one; None when it was rejected or is not told."""
    before = _number(report) - 1
    return next((row for row in _step_rows(report) if row.action == "EVOLVE" and row.generation == before), None)


def is_judged(before: Report, after: Report) -> bool:
    """Whether both payloads and the history are there, and no repair came between, which replaces the kernel."""
    if before.kernel is None or after.kernel is None or after.history is None:
        return False
    return all(row.ok for row in _step_rows(after))


def explains(details: str | None, before: Code, after: Code) -> bool:
    """Whether the details of an EVOLVE row lead from one code to the other; None stands for a rejected mutation."""
    if details is None or details.startswith(_UNCHANGED):
        return before == after
    if match := _INSERTION.fullmatch(details):
        return _is_inserted(match[1], int(match[2]), before, after)
    if match := _APPENDED.fullmatch(details):
        return _is_inserted(match[1], len(before), before, after)
    if match := _DELETED_NOP.fullmatch(details):
        at = int(match[1])
        return at < len(before) and [*before[:at], *before[at + 1 :]] == [*after]
    length = next((length for verb, length in _PRUNED if details.startswith(verb)), 0)
    return length > 0 and _is_without(before, after, length)


def _number(report: Report) -> int:
    """The generation of a report in its run: the number in its name, where there is one."""
    number: int = report.values.get("generation", -1) if report.number is None else report.number
    return number


def _step_rows(report: Report) -> list[HistoryRow]:
    """The rows of a report's generation and of the one before, newest first."""
    found, number = [], _number(report)
    for row in reversed(report.history.rows if report.history else ()):
        if row.generation < number - 1:
            break
        if row.generation <= number:
            found.append(row)
    return found


def _is_inserted(spelling: str, at: int, before: Code, after: Code) -> bool:
    length = len(after) - len(before)
    if length < 0 or at > len(before):
        return False
    rest_agrees = before[:at] == after[:at] and before[at:] == after[at + length :]
    return rest_agrees and spelled(after[at : at + length]) == spelling


def _is_without(before: Code, after: Code, length: int) -> bool:
    """Whether some `length` consecutive instructions less make the one the other."""
    if len(before) - len(after) != length:
        return False
    same = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
    return before[same + length :] == after[same:]
