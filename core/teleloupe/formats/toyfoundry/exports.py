"""JSON exports, version 1.0: proven clean in C, walked field by field only where that fails (sections 2.5 and 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from operator import attrgetter, lt
from typing import Any

import msgspec

from teleloupe import blocks, jsontext, text
from teleloupe.formats import document_of
from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.fields import record_faults
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.ordering import order_issues
from teleloupe.formats.toyfoundry.reading import Origin, encoding_issues, fault_issues, type_name
from teleloupe.formats.toyfoundry.shapes import FIELDS, RECORD_COLUMNS, Record
from teleloupe.formats.toyfoundry.writing import record_text
from teleloupe.model import Blob, Detection, Document, Issue

STREAMED_BYTES = 4 << 20  # from here on a live application wants to see the first records early
EXACT_BYTES = 4 << 20  # up to here every byte is compared with the loom's form
SAMPLED_BLOCKS = 32  # beyond, every 32nd block and the last are; one writer lays out a whole file alike

RecordBlock = blocks.Block[list[Record]]

_records = msgspec.json.Decoder(list[Record])
_batch_id = attrgetter("batch_id")
_SPACED_COLON = re.compile(rb'"[ \t\r\n]+:')


def parse_export(blob: Blob, detection: Detection) -> Document:
    """The document of an export, with every issue that it has on its own."""
    reading = _Reading(blob, detection)
    for block in reading.cut():
        reading.take(block)
    return reading.whole()


def stream_export(blob: Blob, detection: Detection) -> Iterator[Document]:
    """Ever fuller documents of a large export; the last one is `parse_export`'s."""
    reading = _Reading(blob, detection)
    for block in reading.cut():
        reading.take(block)
        if block.end < len(reading.content):
            yield reading.so_far(block.end)
    yield reading.whole()


def unique_keys(array: bytes, count: int) -> bool:
    """Whether `count` objects, known to have six keys each, can be shown to repeat none; False is no proof of one."""
    colons = len(FIELDS) * count
    if array.count(b":") == colons:
        return True
    return array.count(b'":') == colons and b"\\" not in array and not _SPACED_COLON.search(array)


def _clean_records(array: bytes) -> list[Record] | None:
    """The records of an array in which nothing is wrong with any record; None when something is or may be."""
    try:
        records = _records.decode(array)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if not unique_keys(array, len(records)) or any(map(str.isspace, map(_batch_id, records))):
        return None
    return records


class _Reading:
    """An export being read, block by block."""

    def __init__(self, blob: Blob, detection: Detection) -> None:
        self.blob, self.detection = blob, detection
        self.findings = Findings()
        self.content = self._utf8(blob.data)
        self.records: list[Any] = []
        self.is_array = self.is_complete = self.is_readable = True
        self.is_rising = self.is_canonical = True
        self._taken = self._lines = self._counted = 0

    def cut(self) -> Iterator[RecordBlock]:
        return blocks.array_blocks(self.content, _clean_records)

    def take(self, block: RecordBlock) -> None:
        """Add a block's records and what is wrong with them."""
        base = len(self.records)
        if block.value is not None:
            self.records.extend(block.value)
        else:
            self._walk(block, base)
        if self.is_rising:
            self.is_rising = _rises(self.records, max(base - 1, 0))
        if self.is_canonical and self.is_readable:
            self.is_canonical = self._looks_canonical(block, base)
        self._taken += 1

    def so_far(self, end: int) -> Document:
        """The document while more blocks follow."""
        records = blocks.Head(self.records, len(self.records))
        issues = self.findings.issues()
        return self._document(records, issues, is_complete=False, consumed=end)

    def whole(self) -> Document:
        """The document once every block is taken."""
        issues = [*self.findings.issues()]
        if self.is_array and self.is_complete and not self.records:
            issues.append(rules.EXPORT_EMPTY.issue("", "the export has no records; its validator fails it"))
        if not self.is_rising:
            issues.extend(order_issues(self.records))
        if self.is_array and self.is_readable and not self.is_canonical:
            issues.append(rules.NOT_CANONICAL.issue("", f"the loom writes it otherwise: {_difference(self.content)}"))
        is_complete = self.is_complete and not self.blob.fault
        return self._document(self.records, tuple(issues), is_complete=is_complete, consumed=len(self.content))

    def _document(self, records: Any, issues: tuple[Issue, ...], *, is_complete: bool, consumed: int) -> Document:
        return document_of(
            self.blob,
            "toyfoundry",
            self.detection,
            kind="export",
            records=records,
            columns=RECORD_COLUMNS,
            issues=issues,
            is_complete=is_complete,
            consumed=consumed,
        )

    def _utf8(self, data: bytes) -> bytes:
        """The content as UTF-8 without a byte order mark."""
        if not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
            return data
        decoded = text.decode(data)
        self.findings.extend(encoding_issues(decoded))
        return decoded.text.encode("utf-8")

    def _walk(self, block: RecordBlock, base: int) -> None:
        """Read a block that is not clean, and name every fault."""
        decoded = text.decode(block.array)
        prefix = 1 if block.start else 0
        if decoded.bad_offset >= 0:
            offset = block.start + decoded.bad_offset - prefix
            self.findings.add(rules.NOT_UTF8.issue("", f"byte {offset} is not UTF-8", actual=str(offset)))
        reading = jsontext.read(decoded.text)
        if reading.faults:
            self.is_readable = False
            faults = [_shifted(fault, base, prefix) for fault in reading.faults]
            origin = self._origin(block.start)
            self.findings.extend(fault_issues(faults, decoded.text[prefix:], origin=origin))
        if reading.broken and reading.broken.kind != "trailing":
            self.is_complete = False
        if isinstance(reading.value, list):
            self._judge(reading.value, base)
        elif reading.value is not None or not reading.broken:
            self.is_array = False
            words = f"an export is an array, this is {type_name(reading.value)}"
            self.findings.add(rules.WRONG_ROOT.issue("", words, expected="array", actual=type_name(reading.value)))

    def _judge(self, records: list[Any], base: int) -> None:
        for index, record in enumerate(records, base):
            for fault in record_faults(record):
                at = jsontext.pointer(index, fault.field) if fault.field else jsontext.pointer(index)
                issue = fault.rule.issue(at, fault.message, expected=fault.expected, actual=fault.actual)
                self.findings.add(issue)
        self.records.extend(records)

    def _origin(self, start: int) -> Origin:
        """The line and column, from 0, of a byte offset that never falls."""
        self._lines += self.content.count(b"\n", self._counted, start)
        self._counted = start
        line_start = self.content.rfind(b"\n", 0, start) + 1
        return self._lines, len(self.content[line_start:start].decode("utf-8", "replace"))

    def _looks_canonical(self, block: RecordBlock, base: int) -> bool:
        """Whether a block is in the loom's form: exactly, or by its line ends where it is one of very many."""
        is_last = block.end == len(self.content)
        is_sampled = is_last or self._taken % SAMPLED_BLOCKS == 0
        if len(self.content) > EXACT_BYTES and not is_sampled:
            return b"\r" not in block.array
        if not self.records:
            return self.content == b"[]\n"
        body = ",\n".join(map(record_text, self.records[base:]))
        expected = f"\n{body}" + ("\n]\n" if is_last else "")
        return self.content[:1] == b"[" and expected.encode() == self.content[block.start : block.end]


def _rises(records: list[Any], start: int) -> bool:
    """Whether every record from `start` is smaller than the next, in the order of all its fields."""
    added = records[start:]
    try:
        return all(map(lt, added, islice(added, 1, None)))
    except TypeError:
        return False


def _shifted(fault: jsontext.Fault, base: int, prefix: int) -> jsontext.Fault:
    """A fault of a block whose first record is number `base`, less the bracket that was put before it."""
    pointer = fault.pointer
    if pointer and prefix:
        first, _, rest = pointer[1:].partition("/")
        pointer = f"/{int(first) + base}" + (f"/{rest}" if rest else "")
    return msgspec.structs.replace(fault, pointer=pointer, offset=max(fault.offset - prefix, 0))


def _difference(content: bytes) -> str:
    """In what its bytes differ, as far as a look can tell."""
    if b"\r" in content:
        return "with LF line ends"
    if not content.endswith(b"\n"):
        return "with a final newline"
    return "keys in alphabetical order, indented by 2"
