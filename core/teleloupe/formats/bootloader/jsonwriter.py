"""Canonical JSON of a report: the producer's key names, payloads nested (Bootloader specification, section 4.3)."""

from __future__ import annotations

import json
from typing import Any

from teleloupe.formats.bootloader.jsonsections import table_objects
from teleloupe.formats.bootloader.outline import DUMP, HISTORY, TABLE
from teleloupe.formats.bootloader.rendering import ROW_BYTES, characters
from teleloupe.formats.bootloader.shapes import DumpRow, HistoryRow, Report

KEYS = {
    "tool": "tool",
    "generated": "generated",
    "generation": "generation",
    "kernelSize": "kernel_size",
    "mutationsAttempted": "attempted",
    "mutationsApplied": "applied",
    "mutationBreakdown": "breakdown",
    "trapCode": "trap",
    "genDurationMs": "duration",
    "kernelSizeMin": "min",
    "kernelSizeMax": "max",
    "heuristicBlacklistCount": "blacklist",
    "advisorEntryCount": "advisor",
}


def json_of(report: Report) -> bytes:
    """A report as canonical JSON; what the report does not have stays absent."""
    return json.dumps(json_value(report), indent=2).encode("ascii") + b"\n"


def json_value(report: Report) -> dict[str, Any]:
    """The members of the canonical JSON, in their order."""
    members = {key: report.values[name] for key, name in KEYS.items() if name in report.values}
    if report.opcodes is not None:
        members["opcodeSequence"] = report.opcodes
    if report.instances is not None:
        members["instances"] = report.instances
    elif "instances_declared" in report.values:
        members["instances"] = report.values["instances_declared"]
    if report.kernel is not None:
        members["kernel"] = report.kernel.text
    if DUMP in report.sections:
        members["hexDump"] = [_dump_object(row) for row in _dump_rows(report)]
    if TABLE in report.sections and (report.table is not None or report.kernel is not None):
        members["disassembly"] = table_objects(report.instructions) if report.table is None else list(report.table)
    if HISTORY in report.sections and report.history is not None:
        members["history"] = [_history_object(row) for row in report.history.rows]
    return members


def _dump_rows(report: Report) -> tuple[DumpRow, ...]:
    """The rows as listed, which are the payload's own where nothing else was kept."""
    if report.dump is not None or report.kernel is None:
        return report.dump or ()
    payload = report.kernel.payload
    chunks = [(at, payload[at : at + ROW_BYTES]) for at in range(0, len(payload), ROW_BYTES)]
    return tuple(DumpRow(at, chunk, characters(chunk)) for at, chunk in chunks)


def _dump_object(row: DumpRow) -> dict[str, Any]:
    shown = characters(row.data)
    listed = shown if row.characters == shown.ljust(ROW_BYTES) else row.characters
    return {"offset": row.offset, "bytes": row.data.hex(" ").upper(), "ascii": listed}


def _history_object(row: HistoryRow) -> dict[str, Any]:
    return {
        "generation": row.generation,
        "timestamp": row.time,
        "action": row.action,
        "success": row.ok,
        "details": row.details,
    }
