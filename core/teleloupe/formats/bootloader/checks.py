"""What a report says of itself, held against itself (Bootloader specification, section 7)."""

from __future__ import annotations

from teleloupe.formats.bootloader import rules, wasm
from teleloupe.formats.bootloader.findings import Findings
from teleloupe.formats.bootloader.outline import DUMP, HISTORY, KERNEL, TABLE
from teleloupe.formats.bootloader.payload import strict
from teleloupe.formats.bootloader.shapes import STATISTICS, UNSET_RANGE, Report, size_range
from teleloupe.formats.bootloader.values import era_of, moment

_STATISTIC_ROWS = (("insert", "inserted"), ("modify", "modified"), ("append", "appended"))


def judge(report: Report, findings: Findings) -> None:
    """Every rule of one report beyond those of reading it; what is not there, or was cut, is not judged."""
    if report.state == "ok":
        _judge_presence(report, findings)
    _judge_header(report, findings)
    _judge_payload(report, findings)
    _judge_size_range(report, findings)
    _judge_statistics(report, findings)
    _judge_history(report, findings)
    _judge_instances(report, findings)


def _judge_presence(report: Report, findings: Findings) -> None:
    if "generation" not in report.places:
        findings.add(rules.NO_GENERATION, "", "the report does not say its generation")
    if report.form != "text-full":
        return
    for section in (KERNEL, DUMP, TABLE, HISTORY):
        if section not in report.sections:
            findings.add(rules.SECTION_MISSING, "", f"section {section} is missing", apart=section)
    for field, label in (("generated", "Generated"), ("kernel_size", "Kernel Size")):
        if field not in report.places:
            findings.add(rules.HEADER_MISSING, "", f"{label} is missing", apart=field)
    listed = [name for name in STATISTICS if name in report.places]
    if listed and len(listed) < len(STATISTICS):
        message = f"of attempted, applied and breakdown only {' and '.join(listed)}"
        findings.add(rules.PARTIAL_STATISTICS, report.at(listed[0]), message)


def _judge_header(report: Report, findings: Findings) -> None:
    values = report.values
    generation = values.get("generation")
    if _is_stated(report, "generated") and moment(values.get("generated", "")) is None:
        actual = values.get("generated", "")[:60]
        findings.add(rules.BAD_TIMESTAMP, report.at("generated"), "not an ISO 8601 time", actual=actual)
    if None not in (generation, report.number) and generation != report.number:
        message = f"the name says {report.number}, the report {generation}"
        expected, actual = str(generation), str(report.number)
        findings.add(rules.NAME_MISMATCH, report.at("generation"), message, expected=expected, actual=actual)
    era = values.get("era", "")
    if _is_stated(report, "era") and generation is not None and era != era_of(generation):
        message = f"era {era[:40]} at generation {generation}"
        expected, actual = era_of(generation), era[:40]
        findings.add(rules.ERA_MISMATCH, report.at("era"), message, expected=expected, actual=actual)
    if values.get("duration", 0) < 0:
        findings.add(rules.DURATION_NEGATIVE, report.at("duration"), f"duration {values['duration']}")


def _is_stated(report: Report, text: str) -> bool:
    """Whether a text has a value, or a label that stands there without one: the producer's JSON has empty texts."""
    return text in report.values or (text in report.places and report.form != "json")


def _judge_payload(report: Report, findings: Findings) -> None:
    kernel = report.kernel
    if kernel is None:
        return
    at, payload = report.at(KERNEL), kernel.payload
    size = report.values.get("kernel_size")
    if size is not None and size != len(payload):
        message = f"kernel size {size}, payload {len(payload)}"
        expected, actual = str(size), str(len(payload))
        findings.add(rules.SIZE_MISMATCH, report.at("kernel_size"), message, expected=expected, actual=actual)
    if not payload:
        findings.add(rules.PAYLOAD_EMPTY, at, "the payload is empty")
    elif payload[:4] != wasm.MAGIC:
        findings.add(rules.MAGIC, at, "no WebAssembly module", expected=wasm.MAGIC.hex(), actual=payload[:4].hex())
    elif payload[4:8] != wasm.VERSION_1:
        expected, actual = wasm.VERSION_1.hex(), payload[4:8].hex()
        findings.add(rules.VERSION, at, "not WebAssembly version 1", expected=expected, actual=actual)
    else:
        for fault in wasm.structure_faults(payload):
            findings.add(rules.STRUCTURE, at, fault)


def _judge_size_range(report: Report, findings: Findings) -> None:
    adopted = size_range(report)
    if adopted is None:
        return
    smallest, largest = adopted
    at = report.at("range") or report.at("min")
    if adopted == UNSET_RANGE:
        findings.add(rules.RANGE_UNSET, at, "no mutant has been adopted yet")
        return
    if smallest > largest:
        findings.add(rules.RANGE_INVERTED, at, f"smallest {smallest}, largest {largest}")
        return
    is_judged = report.state == "ok" or report.history is not None
    kernel = report.kernel
    if not is_judged or kernel is None or not kernel.is_wasm or adopted == (0, 0):
        return
    if not smallest <= len(kernel.payload) <= largest:
        message = f"payload of {len(kernel.payload)} bytes, adopted sizes {smallest} to {largest}"
        findings.add(rules.SIZE_RANGE, at, message, severity="info" if _is_repaired(report) else None)


def _is_repaired(report: Report) -> bool:
    """Whether the payload is that of a repair, which the range of adopted sizes leaves out."""
    if report.history is not None and report.history.rows:
        return not report.history.rows[-1].ok
    return bool(report.values.get("trap"))


def _judge_statistics(report: Report, findings: Findings) -> None:
    values, history = report.values, report.history
    attempted, applied, breakdown = (values.get(name) for name in STATISTICS)
    if breakdown is not None and applied is not None and sum(breakdown.values()) != applied:
        expected, actual = str(applied), str(sum(breakdown.values()))
        message = f"the kinds add up to {sum(breakdown.values())}, applied are {applied}"
        findings.add(rules.BREAKDOWN_SUM, report.at("breakdown"), message, expected=expected, actual=actual)
    if applied is not None and attempted is not None and applied > attempted:
        findings.add(rules.APPLIED_OVER, report.at("applied"), f"applied {applied} of {attempted} attempted")
    if history is None or not history.is_whole:
        return
    tally = history.tally
    if attempted is not None and attempted != tally.evolved:
        expected, actual = str(tally.evolved), str(attempted)
        message = f"attempted {attempted}, EVOLVE rows {tally.evolved}"
        findings.add(rules.ATTEMPTED_HISTORY, report.at("attempted"), message, expected=expected, actual=actual)
    elif breakdown is not None:
        for kind, counted in _STATISTIC_ROWS:
            rows = getattr(tally, counted)
            if breakdown[kind] != rows:
                expected, actual = str(rows), str(breakdown[kind])
                message = f"{kind}={breakdown[kind]}, rows in the history {rows}"
                findings.add(rules.BREAKDOWN_HISTORY, report.at("breakdown"), message, expected=expected, actual=actual)


def _judge_history(report: Report, findings: Findings) -> None:
    history, generation = report.history, report.values.get("generation")
    if history is None:
        return
    if generation is not None and history.highest > generation:
        for line, row in zip(history.lines, history.rows, strict=True):
            if row.generation > generation:
                message = f"generation {row.generation} in a report of {generation}"
                findings.add(rules.HISTORY_BEYOND, _row_place(report, line), message)
    trap = report.values.get("trap")
    if trap and history.is_whole and trap != history.tally.last_failure:
        expected, actual = history.tally.last_failure, trap[:200]
        findings.add(
            rules.TRAP_HISTORY,
            report.at("trap"),
            "the trap is not that of the last failure",
            expected=expected,
            actual=actual,
        )


def _row_place(report: Report, line: int) -> int | str:
    return f"{report.at(HISTORY)}/{line}" if report.form == "json" else line


def _judge_instances(report: Report, findings: Findings) -> None:
    if report.instances is None:
        return
    at = report.at("instances_declared") or report.at("instances")
    declared = report.values.get("instances_declared")
    if declared is not None and declared != len(report.instances):
        expected, actual = str(declared), str(len(report.instances))
        findings.add(
            rules.INSTANCES_COUNT,
            at,
            f"{declared} declared, {len(report.instances)} listed",
            expected=expected,
            actual=actual,
        )
    for number, text in enumerate(report.instances):
        payload = strict(text)
        if payload is None:
            findings.add(rules.INSTANCE_BASE64, at, f"instance {number} is not base64", actual=text[:60])
        elif payload[:4] != wasm.MAGIC:
            findings.add(rules.INSTANCE_WASM, at, f"instance {number} is no WebAssembly module")
