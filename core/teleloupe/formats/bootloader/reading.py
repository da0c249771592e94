"""A file's bytes to its report and document (Bootloader specification, sections 2, 5 and 9)."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable
from functools import partial
from typing import Any

from msgspec import Struct

from teleloupe.columns import columns_of
from teleloupe.formats import document_of
from teleloupe.formats.bootloader import rules
from teleloupe.formats.bootloader.checks import judge
from teleloupe.formats.bootloader.findings import Findings
from teleloupe.formats.bootloader.jsonform import read_json, squashed
from teleloupe.formats.bootloader.names import is_report_name, is_run_name, kernel_name, number_of
from teleloupe.formats.bootloader.outline import DUMP, HISTORY, SEQUENCE
from teleloupe.formats.bootloader.payload import file_text
from teleloupe.formats.bootloader.shapes import BANNER, UNSET_RANGE, HistoryRow, Report
from teleloupe.formats.bootloader.textform import read_text
from teleloupe.formats.bootloader.wasm import opcodes
from teleloupe.model import GZIP_CUT, GZIP_TOO_LARGE, Blob, Claim, Detection, Document, Issue
from teleloupe.sketch import Sketch

FORMAT_ID = "bootloader"
KIND = "report"
LIMIT_BYTES = 65_536  # of a stored report (specification, section 9)
EXPANSION_LIMIT_BYTES = 64 << 20  # of a compressed report (specification, section 9)
COLUMNS = columns_of(HistoryRow)
HEADER = (
    "generated", "generation", "kernel_size", "era", "attempted", "applied", "breakdown", "trap", "duration",
    "min", "max", "blacklist", "advisor", "instances_declared",
)  # fmt: skip

_TELLING_KEYS = frozenset(
    {
        "gendurationms", "genduration", "heuristicblacklistcount", "heuristicblacklistentries", "mutationsattempted",
        "mutationsapplied", "mutationbreakdown", "kernelsizemin", "kernelsizemax", "kernelsizeminmax",
        "currentkernelbase64", "opcodesequence",
    }
)  # fmt: skip


class Content(Struct, frozen=True):
    """Decoded content: undecodable bytes are escaped, and `bad_offset` is the first of them (-1 without any).

    `is_cut_character` says that nothing is wrong but that the last character is not all there yet.
    """

    text: str
    has_mark: bool = False
    bad_offset: int = -1
    is_cut_character: bool = False


def detect(sketch: Sketch) -> Detection | None:
    """A report by its banner, labels or keys, else by its name."""
    if sketch.root in ("text", "binary", "empty"):
        if sketch.first_line.rstrip() == BANNER:
            return Detection(KIND, "first line is the bootloader's banner")
    elif sketch.root == "object":
        found = [key for key in sketch.members if squashed(key) in _TELLING_KEYS]
        if len(found) > 1:
            return Detection(KIND, f"root object with {found[0]} and {found[1]}")
    if is_report_name(sketch.name):
        return Detection(KIND, "named like a bootloader report", is_certain=False)
    return None


def parse(blob: Blob, detection: Detection) -> Document:
    """The document of a report, whole, cut, pending or broken."""
    findings = Findings()
    report = read_report(blob, findings)
    history = report.history
    is_json = report.form == "json"
    return document_of(
        blob,
        FORMAT_ID,
        detection,
        kind=KIND,
        is_complete=report.state == "ok",
        header=header_of(report),
        records=history.rows if history else (),
        columns=COLUMNS,
        issues=findings.issues(),
        claims=tuple(_claims(blob, report, is_dump_readable=not findings.has(rules.DUMP_ROW))),
        record_at=partial(_record_at, history.lines if history else (), report.at(HISTORY) if is_json else ""),
        body=report,
    )


def validate(document: Document) -> Iterable[Issue]:
    """What the report says of itself, held against itself."""
    findings = Findings()
    judge(document.body, findings)
    return findings.issues()


def read_report(blob: Blob, findings: Findings) -> Report:
    """The report in a file's bytes."""
    number = number_of(blob.name)
    if blob.size > LIMIT_BYTES:
        findings.add(rules.OVER_64K, "", f"{blob.size} bytes on disk; limit {LIMIT_BYTES}")
    if blob.packing and (blob.fault.startswith(GZIP_TOO_LARGE) or len(blob.data) > EXPANSION_LIMIT_BYTES):
        findings.add(rules.EXPANDS_TOO_FAR, "", f"expands to more than {EXPANSION_LIMIT_BYTES} bytes")
        return Report("", "broken", number)
    if blob.packing and blob.fault not in ("", GZIP_CUT):
        findings.add(rules.GZIP_DAMAGED, "", blob.fault)
        return Report("", "broken", number)
    content = decoded(blob.data)
    if content.has_mark:
        findings.add(rules.BOM, "", "begins with a byte order mark")
    text = content.text
    if not text or text.isspace() or (content.is_cut_character and not blob.data[: content.bad_offset].strip()):
        if blob.fault:
            findings.add(rules.INCOMPLETE, "", blob.fault)
        else:
            findings.add(rules.PENDING, "", "no content yet")
        return Report("", "partial" if blob.fault else "pending", number)
    read = read_json if text.lstrip()[:1] in ("{", "[") else read_text
    report = read(text, number, findings, is_whole=not blob.fault)
    if content.bad_offset >= 0 and not (content.is_cut_character and report.state == "partial"):
        findings.add(rules.NOT_UTF8, "", f"not UTF-8 at byte {content.bad_offset}")
    return report


def decoded(data: bytes) -> Content:
    """Text without its byte order mark."""
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        return Content(data[mark:].decode("utf-8"), bool(mark))
    except UnicodeDecodeError as fault:
        is_cut = fault.reason == "unexpected end of data"
        text = data[mark:].decode("utf-8", "backslashreplace")
        return Content(text, bool(mark), mark + fault.start, is_cut)


def header_of(report: Report) -> dict[str, Any]:
    """The header under its canonical names; the unset size range is null."""
    values = report.values
    header = {name: values[name] for name in HEADER if name in values}
    if (values.get("min"), values.get("max")) == UNSET_RANGE:
        header |= {"min": None, "max": None}
    if report.instances is not None:
        header["instances"] = report.instances
    if report.opcodes is not None:
        header["opcodes"] = report.opcodes
    if report.kernel is not None:
        header["kernel"] = {"bytes": len(report.kernel.payload), "sha256": report.kernel.sha256}
    if report.unknown:
        header["unknown"] = report.unknown
    return header


def _record_at(lines: Any, pointer: str, index: int) -> str:
    return f"{pointer}/{lines[index]}" if pointer else f"line {lines[index]}"


def _claims(blob: Blob, report: Report, *, is_dump_readable: bool) -> Iterable[Claim]:
    """What the report states of its payload: size, dump, sequence, and the kernel file of its number beside it."""
    kernel, path = report.kernel, blob.path
    if kernel is None:
        return
    size = report.values.get("kernel_size")
    if size is not None:
        at, actual = report.at("kernel_size"), str(len(kernel.payload))
        yield Claim(path, "size", path, str(size), at, "bytes", actual)
    if DUMP in report.sections and not is_dump_readable:
        note = "a row of the dump cannot be read"
        yield Claim(path, "embedded", path, "", report.at(DUMP), fault="unreadable-claim", note=note)
    elif DUMP in report.sections:
        is_same = report.dump is None
        listed = kernel.sha256 if is_same else _digest(b"".join(row.data for row in report.dump or ()))
        yield Claim(path, "embedded", path, listed, report.at(DUMP), actual=kernel.sha256)
    if report.opcodes is not None:
        decoded_ones = opcodes(report.instructions)
        actual = _digest(bytes(decoded_ones))
        stated = actual if report.opcodes == decoded_ones else _digest(bytes(report.opcodes))
        yield Claim(path, "embedded", path, stated, report.at(SEQUENCE), actual=actual)
    if report.number is not None and is_run_name(blob.name):
        subject = kernel_name(report.number)
        yield Claim(path, "kernel-file", subject, _digest(file_text(kernel).encode()))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
