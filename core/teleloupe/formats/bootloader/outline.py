"""A text report cut into its labels and sections (Bootloader specification, section 5)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from teleloupe.formats.bootloader.rendering import DASHES
from teleloupe.formats.bootloader.shapes import BANNER

END = "END OF REPORT"
KERNEL, SEQUENCE, DUMP = "CURRENT KERNEL (BASE64)", "OPCODE SEQUENCE", "HEX DUMP"
TABLE, HISTORY = "DISASSEMBLY", "HISTORY LOG"
SECTIONS = (KERNEL, SEQUENCE, DUMP, TABLE, HISTORY)
INSTANCES = "INSTANCES"
HEADER_LABELS = {
    "Generated": "generated",
    "Final Generation": "generation",
    "Kernel Size": "kernel_size",
    "System Era": "era",
    "Mutations Attempted": "attempted",
    "Mutations Applied": "applied",
    "Mutation Breakdown": "breakdown",
    "Traps": "trap",
    "Gen Duration": "duration",
    "Kernel Size Min/Max": "range",
    "Heuristic Blacklist Entries": "blacklist",
    "Advisor Entries": "advisor",
    INSTANCES: "instances_declared",
}

_LABEL = re.compile(r"([A-Za-z][A-Za-z0-9 /()_.-]{0,63}):(?:[ \t]|$)", re.ASCII)
_SHORTEST_DASH_LINE = 3
_BORDER_ENDS = "-:"  # how dash lines and labels end, but for blanks; rows of tables, which have bars, end in blanks


class Section(Struct):
    """A section's content lines, the number of the first, and whether its closing dashes were seen."""

    label: str
    line: int
    first_line: int
    content: list[str]
    is_closed: bool


class Entry(Struct, frozen=True):
    """Something between the sections: a label with its value, an instance, a stray line, text after the end."""

    kind: Literal["label", "instance", "stray", "trailing"]
    line: int
    label: str
    value: str


class Outline(Struct):
    """A text report's parts in the order of the file.

    `tail` is an unfinished last line, which must never become a value; `is_listing` says that the text ends inside
    the list of instances; `last_label` names what was read last.
    """

    entries: list[Entry]
    sections: list[Section]
    has_banner: bool = False
    is_ended: bool = False
    is_listing: bool = False
    tail: str = ""
    crlf_lines: int = 0
    lines: int = 0
    last_label: str = ""


def outline(text: str) -> Outline:
    """Cut a report; linear in the text's length."""
    lines, tail, crlf = _lines(text)
    found = Outline([], [], tail=tail, crlf_lines=crlf, lines=len(lines))
    marks = [i for i, line in enumerate(lines) if line[-1:] in _BORDER_ENDS or (line[-1] in " \t" and "|" not in line)]
    at = 0
    while at < len(lines) and not found.is_ended:
        at = _header_line(found, lines, marks, at)
    rest = [*enumerate(lines[at:], at + 1), (len(lines) + 1, tail)] if found.is_ended else []
    found.entries.extend(Entry("trailing", number, "", line) for number, line in rest if line.strip())
    return found


def has_label(text: str) -> bool:
    """Whether any line carries a label that reports have."""
    for line in text.split("\n"):
        match = _LABEL.match(line)
        if match and (match[1] in HEADER_LABELS or match[1] in SECTIONS):
            return True
    return False


def _lines(text: str) -> tuple[list[str], str, int]:
    """Whole lines without their ends, the unfinished last one, and how many lines ended in CRLF."""
    lines = text.split("\n")
    tail = lines.pop()
    if tail.rstrip("\r") == END:
        lines.append(tail)
        tail = ""
    if "\r" not in text:
        return lines, tail, 0
    crlf = sum(line.endswith("\r") for line in lines)
    return [line.removesuffix("\r") for line in lines], tail, crlf


def _header_line(found: Outline, lines: Sequence[str], marks: Sequence[int], at: int) -> int:
    """Take the line at an index outside the sections; the index of the next line to take."""
    line = lines[at]
    if not line or line.isspace():
        found.is_listing = False
    elif found.is_listing and line.startswith(("  ", "\t")):
        found.entries.append(Entry("instance", at + 1, "", line[1:] if line[0] == "\t" else line[2:]))
    elif line.rstrip() == END:
        found.is_ended, found.is_listing = True, False
    elif match := _LABEL.match(line):
        return _labelled_line(found, lines, marks, at, match[1], line[match.end() :])
    elif is_dashes(line):
        found.is_listing = False
    elif line.rstrip() == BANNER and not found.has_banner:
        found.has_banner = True
    else:
        found.entries.append(Entry("stray", at + 1, "", line))
    return at + 1


def _labelled_line(found: Outline, lines: Sequence[str], marks: Sequence[int], at: int, label: str, value: str) -> int:
    is_empty = not value.strip()
    found.last_label = label
    found.is_listing = label == INSTANCES
    if is_empty and _opens_section(label, lines, at):
        section, after = _section(lines, marks, at, label)
        found.sections.append(section)
        return after
    is_stray = is_empty and label not in HEADER_LABELS
    found.entries.append(Entry("stray" if is_stray else "label", at + 1, label, lines[at] if is_stray else value))
    return at + 1


def _opens_section(label: str, lines: Sequence[str], at: int) -> bool:
    """A known section's label, or an unknown one with dashes in the next line, if that is there yet."""
    if label in SECTIONS:
        return True
    return label not in HEADER_LABELS and (at + 1 == len(lines) or is_dashes(lines[at + 1]))


def _section(lines: Sequence[str], marks: Sequence[int], at: int, label: str) -> tuple[Section, int]:
    """The section whose label stands at an index, and the index after it."""
    section = Section(label, at + 1, at + 2, [], is_closed=False)
    needed, start = 2, at + 1
    for dashes, (mark, text) in enumerate(_borders(lines, marks, at), 1):
        if text is None:
            section.content.extend(lines[start:mark])
            return section, mark
        section.content.extend(lines[start:mark])
        if text:
            section.content.append(text)
        start = mark + 1
        if dashes == 1:
            section.first_line = start + 1
        if dashes == needed and label == TABLE and any(line.startswith("IDX") for line in section.content):
            section.content.clear()
            section.first_line, label, needed = start + 1, "", needed + 1
        if dashes == needed:
            section.is_closed = True
            return section, start
    section.content.extend(lines[start:])
    return section, len(lines)


def _borders(lines: Sequence[str], marks: Sequence[int], at: int) -> Iterator[tuple[int, str | None]]:
    """Dash lines after an index with the text before the dashes, and labels that end an unclosed section (None)."""
    for position in range(bisect_right(marks, at), len(marks)):
        mark = marks[position]
        line = lines[mark].rstrip()
        if is_dashes(line):
            yield mark, ""
        elif line.endswith(DASHES):
            yield mark, line[: -len(DASHES)]
        elif line.endswith(":") and (match := _LABEL.fullmatch(line)) and _opens_section(match[1], lines, mark):
            yield mark, None


def is_dashes(line: str) -> bool:
    """Whether a line is three or more dashes alone."""
    bare = line.strip()
    return len(bare) >= _SHORTEST_DASH_LINE and not bare.strip("-")
