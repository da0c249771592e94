"""JSON exports, version 1.0: proven clean in C, walked field by field only where that fails (sections 2.5 and 8)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from operator import attrgetter, lt
from typing import Any

import msgspec
from msgspec import Struct

from teleloupe import blocks, jsontext, text
from teleloupe.formats import document_of
from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.fields import record_faults
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.layout import difference, is_canonical
from teleloupe.formats.toyfoundry.ordering import order_issues
from teleloupe.formats.toyfoundry.reading import Origin, encoding_issues, fault_issues, type_name
from teleloupe.formats.toyfoundry.shapes import FIELDS, RECORD_COLUMNS, Record
from teleloupe.formats.toyfoundry.writing import Eol, eol_of
from teleloupe.model import Blob, Detection, Document, Issue

STREAMED_BYTES = 4 << 20  # from here on a live application wants to see the first records early


class _Clean(Struct, frozen=True, gc=False):
    """Records in which nothing is wrong with any, and whether each is smaller than the next."""

    records: list[Record]
    is_rising: bool


RecordBlock = blocks.Block[_Clean]

_records = msgspec.json.Decoder(list[Record])
_batch_id = attrgetter("batch_id")


def parse_export(blob: Blob, detection: Detection) -> Document:
    """The document of an export, with every issue that it has on its own."""
    reading = _Reading(blob, detection)
    clean = _clean_records(reading.content)
    if clean is not None:
        reading.take(blocks.Block(0, len(reading.content), reading.content, clean))
        return reading.whole()
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
    """Whether `count` objects, known to have six keys each, can be shown to repeat none; False is no proof of one.

    A repeated key can only add to the colons and quotes that six keys and four texts take.
    """
    return array.count(b":") == len(FIELDS) * count or array.count(b'"') == (2 * len(FIELDS) + 8) * count


def _clean_records(array: bytes) -> _Clean | None:
    """The records of an array in which nothing is wrong with any record; None when something is or may be."""
    try:
        records = _records.decode(array)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if not unique_keys(array, len(records)):
        return None
    is_rising = all(map(lt, records, islice(records, 1, None)))
    if _cannot_be_blank(array, records, is_rising) or not any(map(str.isspace, map(_batch_id, records))):
        return _Clean(records, is_rising)
    return None


def _cannot_be_blank(array: bytes, records: list[Record], is_rising: bool) -> bool:
    """Whether the order shows that no id is blank: the first starts beyond the blank, and all of it is plain ASCII."""
    return is_rising and array.isascii() and b"\\" not in array and (not records or records[0].batch_id[0] > " ")


class ExportBody(Struct, frozen=True):
    """The line ends of the file."""

    eol: Eol


class _Reading:
    """An export being read, block by block."""

    def __init__(self, blob: Blob, detection: Detection) -> None:
        self.blob, self.detection = blob, detection
        self.findings = Findings()
        self.eol = eol_of(blob.data)
        self.content = self._utf8(blob.data)
        self.records: list[Any] = []
        self.is_array = self.is_complete = self.is_readable = True
        self.is_rising = True
        self._lines = self._counted = 0

    def cut(self) -> Iterator[RecordBlock]:
        return blocks.array_blocks(self.content, _clean_records)

    def take(self, block: RecordBlock) -> None:
        """Add a block's records and what is wrong with them."""
        base = len(self.records)
        if block.value is None:
            self.is_rising = False
            self._walk(block, base)
            return
        added = block.value.records
        follows = not base or not added or not self.is_rising or self.records[-1] < added[0]
        self.is_rising = self.is_rising and block.value.is_rising and follows
        self.records.extend(added)

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
        if self.is_array and self.is_readable and not is_canonical(self.content, self.records):
            issues.append(rules.NOT_CANONICAL.issue("", f"the loom writes it otherwise: {difference(self.content)}"))
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
            body=ExportBody(self.eol),
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
            faults = [_shifted(fault, base, prefix) for fault in reading.faults]
            origin = self._origin(block.start)
            self.findings.extend(fault_issues(faults, decoded.text[prefix:], origin=origin))
        if reading.broken or decoded.bad_offset >= 0:
            self.is_readable = False
        if reading.broken and reading.broken.kind != "trailing":
            self.is_complete = False
        if isinstance(reading.value, list):
            self._judge(reading.value, base, cut=_cut_record(reading))
        elif reading.value is not None or not reading.broken:
            self.is_array = False
            words = f"an export is an array, this is {type_name(reading.value)}"
            self.findings.add(rules.WRONG_ROOT.issue("", words, expected="array", actual=type_name(reading.value)))

    def _judge(self, records: list[Any], base: int, cut: int | None) -> None:
        """Name the faults of records; one that the text breaks in has told its fault already."""
        for index, record in enumerate(records, base):
            for fault in record_faults(record) if index - base != cut else ():
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


def _cut_record(reading: jsontext.Reading) -> int | None:
    """The number of the record in which a text breaks; None when it breaks in none."""
    place = reading.broken.pointer if reading.broken else ""
    return int(place[1:].partition("/")[0]) if place and isinstance(reading.value, list) else None


def _shifted(fault: jsontext.Fault, base: int, prefix: int) -> jsontext.Fault:
    """A fault of a block whose first record is number `base`, less the bracket that was put before it."""
    pointer = fault.pointer
    if pointer and prefix:
        first, _, rest = pointer[1:].partition("/")
        pointer = f"/{int(first) + base}" + (f"/{rest}" if rest else "")
    return msgspec.structs.replace(fault, pointer=pointer, offset=max(fault.offset - prefix, 0))
