"""Reports in text (Bootloader specification, sections 3 and 5)."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from teleloupe.formats.bootloader import outline as parts
from teleloupe.formats.bootloader import rules
from teleloupe.formats.bootloader.findings import Findings
from teleloupe.formats.bootloader.history import read_history
from teleloupe.formats.bootloader.outline import HEADER_LABELS, SECTIONS, Entry, Outline, Section
from teleloupe.formats.bootloader.payload import kernel_of
from teleloupe.formats.bootloader.rendering import sequence_line
from teleloupe.formats.bootloader.sections import TableReading, judge_sequence, read_dump, read_table, table_rows
from teleloupe.formats.bootloader.shapes import BANNER, Dialect, Kernel, Report
from teleloupe.formats.bootloader.values import READERS, opcode_tokens
from teleloupe.formats.bootloader.wasm import instructions, opcodes

BASIC_LABELS = ["Final Generation", "Generated"]  # all that level basic prints


def read_text(text: str, number: int | None, findings: Findings, *, is_whole: bool) -> Report:
    """Read a text report; `is_whole` is false when the content is known to be only its beginning."""
    found = parts.outline(text)
    if not _is_report(found):
        if BANNER.startswith(text.strip()):
            findings.add(rules.INCOMPLETE, "", "ends inside the banner")
            return Report("text-full", "partial", number)
        findings.add(rules.NOT_A_REPORT, "", "neither the banner nor a label of a report is here")
        return Report("", "broken", number)
    is_basic = is_whole and _is_basic(found)
    is_complete = is_basic or (is_whole and found.is_ended)
    has_crlf = 0 < found.crlf_lines == found.lines
    _judge_frame(found, findings, is_complete=is_complete)
    header = _read_header(found, findings)
    report = Report(
        form="text-basic" if is_basic else "text-full",
        state="ok" if is_complete else "partial",
        number=number,
        values=header.values,
        places=header.places,
        unknown=header.unknown,
        instances=header.instances,
        dialect=Dialect(line_end="\r\n" if has_crlf else "\n"),
    )
    return _with_sections(report, found, header, findings)


def _judge_frame(found: Outline, findings: Findings, *, is_complete: bool) -> None:
    """Line ends, banner and closing line."""
    if found.crlf_lines:
        findings.add(rules.CRLF, "", "CRLF line ends" if found.crlf_lines == found.lines else "mixed line ends")
    if not found.has_banner:
        findings.add(rules.NO_BANNER, "line 1", "the banner is missing", expected=BANNER)
    if not is_complete:
        findings.add(rules.INCOMPLETE, f"line {found.lines}", f"ends after {found.last_label or 'the banner'}")


def _read_header(found: Outline, findings: Findings) -> _Header:
    """The labels' values; a list of instances that the text ends in is left out."""
    header = _Header(findings)
    for entry in found.entries:
        header.take(entry)
    if found.is_listing:
        header.instances = None
    if found.has_banner:
        header.values["tool"] = BANNER
    return header


def _is_report(found: Outline) -> bool:
    """The banner or a label that reports have."""
    if found.has_banner or parts.has_label(found.tail):
        return True
    labels = (entry.label for entry in found.entries if entry.kind == "label")
    return any(label in HEADER_LABELS for label in labels) or any(s.label in SECTIONS for s in found.sections)


def _is_basic(found: Outline) -> bool:
    """Exactly the three lines of level basic."""
    is_short = not found.is_ended and not found.tail and found.has_banner and not found.sections
    return is_short and sorted(entry.label for entry in found.entries) == BASIC_LABELS


class _Header:
    """Labels, one after the other, as fields; the last value of a label counts."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.values: dict[str, Any] = {}
        self.places: dict[str, int | str] = {}
        self.unknown: dict[str, Any] = {}
        self.instances: list[str] | None = None
        self.unlisted: set[str] = set()

    def take(self, entry: Entry) -> None:
        if entry.kind == "instance" and self.instances is not None:
            self.instances.append(entry.value)
        elif entry.kind == "trailing":
            self.findings.add(rules.TRAILING_TEXT, entry.line, "text after the closing line", actual=entry.value[:200])
        elif entry.kind == "stray":
            self.findings.add(rules.STRAY_LINE, entry.line, "belongs to no label", actual=entry.value[:200])
        elif field := HEADER_LABELS.get(entry.label):
            self._known(field, entry)
        elif entry.kind == "label":
            self.note_unknown(entry.label, entry.line, entry.value.strip())

    def note_place(self, name: str, label: str, line: int) -> None:
        if name in self.places:
            self.findings.add(rules.DUPLICATE, line, f"{label} stands twice; the last one counts", apart=label)
        self.places[name] = line

    def note_unknown(self, label: str, line: int, value: str | list[str] | None) -> None:
        """Keep what stands under an unknown label; None where it was cut."""
        if label not in self.unlisted:
            self.unlisted.add(label)
            self.findings.add(rules.UNKNOWN_LABEL, line, f"label {label!r} is unknown", apart=label)
        if value is not None:
            self.unknown[label] = value

    def _known(self, field: str, entry: Entry) -> None:
        self.note_place(field, entry.label, entry.line)
        if field == "instances_declared":
            self.instances = []
        value = READERS[field](entry.value)
        names = ("min", "max") if field == "range" else (field,)
        for name in names:
            self.values.pop(name, None)
        if value is None:
            message = f"{entry.label}: {entry.value.strip()[:60]!r}"
            self.findings.add(rules.BAD_VALUE, entry.line, message, apart=entry.label)
        elif value != "":
            self.values.update(zip(names, value if field == "range" else (value,), strict=True))


def _with_sections(report: Report, found: Outline, header: _Header, findings: Findings) -> Report:
    """The report with its closed sections decoded and held against each other."""
    closed = _closed_sections(found, header)
    kernel = _kernel(closed.get(parts.KERNEL), findings)
    code = instructions(kernel.payload) if kernel else None
    sequence, dump, table, rows = (closed.get(label) for label in SECTIONS[1:])
    payload, final = kernel.payload if kernel else None, header.values.get("generation")
    history = read_history(rows.content, rows.first_line, final, findings) if rows else None
    of_prototype = _prototype_code(kernel, table, header.values)
    shown = of_prototype or code
    reading = read_table(table.content, table.first_line, shown, findings) if table else TableReading("", "")
    dialect = replace(
        report.dialect,
        history=history.column if history else "",
        table=reading.columns,
        arguments=reading.arguments,
        is_prototype=of_prototype is not None,
    )
    return replace(
        report,
        kernel=kernel,
        instructions=code or (),
        opcodes=_sequence(sequence, code, findings) if sequence else None,
        dump=read_dump(dump.content, dump.first_line, payload, findings) if dump else None,
        table_break=reading.first_break,
        history=history,
        sections=frozenset(closed),
        dialect=dialect,
    )


def _closed_sections(found: Outline, header: _Header) -> dict[str, Section]:
    """The known sections that are whole, the last of each label; unknown ones are noted."""
    closed: dict[str, Section] = {}
    for section in found.sections:
        if section.label not in SECTIONS:
            header.note_unknown(section.label, section.line, section.content if section.is_closed else None)
            continue
        header.note_place(section.label, section.label, section.line)
        if section.is_closed:
            closed[section.label] = section
    return closed


def _kernel(section: Section | None, findings: Findings) -> Kernel | None:
    if section is None:
        return None
    kernel = kernel_of("".join(line.strip() for line in section.content))
    if not kernel.is_canonical:
        findings.add(rules.BASE64, section.first_line, "the kernel is not canonical base64", actual=kernel.text[:60])
    return kernel


def _prototype_code(kernel: Kernel | None, table: Section | None, values: dict[str, Any]) -> tuple[bytes, ...] | None:
    """What the prototype's decoder makes of the payload, where the table shows that it printed the table."""
    if kernel is None or table is None or "era" not in values:
        return None
    rows = len(table_rows(table.content, table.first_line))
    of_prototype = instructions(kernel.payload, as_prototype=True)
    return of_prototype if len(instructions(kernel.payload)) != rows == len(of_prototype) else None


def _sequence(section: Section, code: tuple[bytes, ...] | None, findings: Findings) -> tuple[int, ...]:
    """The opcodes as listed."""
    decoded = None if code is None else opcodes(code)
    if decoded is not None and section.content == [sequence_line(decoded)]:
        return decoded
    listed, bad = opcode_tokens(" ".join(section.content))
    if bad is not None:
        findings.add(rules.BAD_VALUE, section.first_line, f"{parts.SEQUENCE}: {bad[:60]!r}", apart=parts.SEQUENCE)
    if decoded is not None:
        judge_sequence(listed, decoded, f"line {section.first_line}", findings)
    return listed
