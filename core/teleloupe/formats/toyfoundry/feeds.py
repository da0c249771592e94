"""The two append-only feeds, line by line (Toyfoundry specification, sections 2.0 to 2.2)."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from teleloupe import blocks, text
from teleloupe.formats import document_of
from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.feedlines import LineReader, split_lines
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.reading import encoding_issues
from teleloupe.formats.toyfoundry.shapes import MINT_COLUMNS, RITUAL_COLUMNS
from teleloupe.formats.toyfoundry.weave import Weave
from teleloupe.model import Blob, Detection, Document, Issue

_UNPARSED = frozenset({rules.NOT_UTF8, rules.JSON_SYNTAX})
REWOVEN_LINES = 10_000  # before a line without end; what it does to more of them is told when its end is there
STREAMED_BYTES = 4 << 20  # from here on a live application wants to see the first lines early


def parse_feed(blob: Blob, detection: Detection) -> Document:
    """The document of a feed, with every issue that it has on its own."""
    feed = _Feed(blob, detection)
    for start, end in blocks.line_spans(feed.content[: feed.whole_end]):
        feed.take(feed.content[start:end])
    return feed.document(blob, feed.content[feed.whole_end :])


def stream_feed(blob: Blob, detection: Detection) -> Iterator[Document]:
    """Ever fuller documents of a large feed; the last one is `parse_feed`'s."""
    feed = _Feed(blob, detection)
    for start, end in blocks.line_spans(feed.content[: feed.whole_end]):
        feed.take(feed.content[start:end])
        if end < feed.whole_end:
            yield feed.so_far(blob)
    yield feed.document(blob, feed.content[feed.whole_end :])


def extend_feed(document: Document, blob: Blob) -> Document | None:
    """The document of the whole feed from the one so far and the bytes from its `consumed` on; None to parse anew."""
    body = document.body
    if not isinstance(body, FeedBody) or blob.packing or not document.consumed:
        return None
    feed = body.feed
    if feed.version != body.version:
        return None
    end = blob.data.rfind(b"\n") + 1
    for start, stop in blocks.line_spans(blob.data[:end]):
        feed.take(blob.data[start:stop])
    return feed.document(blob, blob.data[end:])


class FeedBody(Struct, frozen=True, eq=False):
    """The state of a feed as of a version of it, and the line of each record."""

    feed: _Feed
    version: int
    lines: Sequence[int]


class _Feed:
    """A feed that grows. Documents made of it see only what was there when they were made."""

    def __init__(self, blob: Blob, detection: Detection) -> None:
        self.detection = detection
        self.findings = Findings()
        self.reader = LineReader(detection.kind, self.findings)
        self.weave = Weave()
        self.records: list[Any] = []
        self.lines = array("Q")
        self.consumed = self.version = 0
        self.content, self.is_growing = self._utf8(blob)
        self.whole_end = self.content.rfind(b"\n") + 1

    def take(self, block: bytes) -> None:
        """Add a block of whole lines."""
        add = self.weave.add_mints if self.reader.is_mint else self.weave.add_rituals
        for first, entries in self.reader.runs(block):
            self.records.extend(entries)
            self.lines.extend(range(first, first + len(entries)))
            add(first, entries)
        self.consumed += len(block)
        self.version += 1

    def so_far(self, blob: Blob) -> Document:
        """The document while more blocks follow."""
        return self._document(blob, blocks.Head(self.records, len(self.records)), (), is_complete=False)

    def document(self, blob: Blob, tail: bytes) -> Document:
        """The document of all blocks and of a tail without line feed, which may still grow."""
        self.content = b""
        extra = _Tail(self.reader, tail)
        weaves = self._weaves(extra)
        findings = Findings(extra.findings.issues())
        for weave in weaves:
            findings.extend((weave.mint_findings if self.reader.is_mint else weave.ritual_findings).issues())
        late = [fault for weave in weaves for fault in weave.late_faults()]
        findings.extend(fault.rule.issue(fault.at, fault.message) for fault in late)
        causes = [*self.reader.refused, *(cause for weave in weaves for cause in weave.causes), *extra.reader.refused]
        causes += [f"{fault.at}: {fault.message}" for fault in late]
        if causes:
            count = sum(weave.cause_count for weave in weaves) + len(late)
            findings.add(refusal_issue(causes, self.reader.refused_count + count + extra.reader.refused_count))
        records: Sequence[Any] = blocks.Head(self.records, len(self.records))
        lines: Sequence[int] = blocks.Head(self.lines, len(self.lines))
        if extra.records:
            records, lines = [*records, *extra.records], [*lines, *extra.lines]
        is_complete = not extra.is_cut and not blob.fault
        return self._document(blob, records, findings.issues(), lines=lines, is_complete=is_complete)

    def _weaves(self, tail: _Tail) -> tuple[Weave, ...]:
        """What is woven of the lines and a tail; nothing can be taken out of a weave again, so a tail has its own.

        That begins with the lines before the tail, unless there are many.
        """
        if not tail.records:
            return (self.weave,)
        if len(self.records) > REWOVEN_LINES:
            return self.weave, self._woven(tail.lines, tail.records)
        return (self._woven([*self.lines, *tail.lines], [*self.records, *tail.records]),)

    def _woven(self, lines: Sequence[int], records: Sequence[Any]) -> Weave:
        weave = Weave()
        add = weave.add_mints if self.reader.is_mint else weave.add_rituals
        for line, entry in zip(lines, records, strict=True):
            add(line, (entry,))
        return weave

    def _document(
        self,
        blob: Blob,
        records: Sequence[Any],
        issues: tuple[Issue, ...],
        *,
        is_complete: bool,
        lines: Sequence[int] | None = None,
    ) -> Document:
        numbers = blocks.Head(self.lines, len(self.lines)) if lines is None else lines
        return document_of(
            blob,
            "toyfoundry",
            self.detection,
            records=records,
            columns=MINT_COLUMNS if self.reader.is_mint else RITUAL_COLUMNS,
            issues=(*self.findings.issues(), *issues),
            record_at=lambda index: f"line {numbers[index]}",
            body=FeedBody(self, self.version, numbers),
            is_complete=is_complete,
            consumed=self.consumed if self.is_growing else 0,
        )

    def _utf8(self, blob: Blob) -> tuple[bytes, bool]:
        """The content as UTF-8 without a byte order mark, and whether what is appended can be read by itself."""
        decoded = text.decode(blob.data[:4])
        if not decoded.mark:
            return blob.data, True
        self.findings.extend(encoding_issues(text.Text("", decoded.mark)))
        self.reader.refuse(f"the feed starts with a byte order mark of {decoded.mark.upper()}")
        if decoded.mark == "utf-8":
            self.consumed = 3
            return blob.data[3:], True
        return text.decode(blob.data).text.encode("utf-8"), False


class _Tail:
    """What follows the last line feed of a feed: lines that a lone CR ends, and one that nothing ends yet."""

    def __init__(self, before: LineReader, tail: bytes) -> None:
        self.findings = Findings()
        self.reader = LineReader("mint-feed" if before.is_mint else "ritual-feed", self.findings)
        self.records: list[Any] = []
        self.lines: list[int] = []
        self.is_cut = False
        raw_lines = split_lines(tail)
        for number, raw in enumerate(raw_lines, before.next_line):
            is_open = number == before.next_line + len(raw_lines) - 1 and not tail.endswith(b"\r")
            entry = self._open_entry(raw, number) if is_open else self.reader.entry(raw, number)
            if entry is not None:
                self.records.append(entry)
                self.lines.append(number)

    def _open_entry(self, raw: bytes, number: int) -> Any:
        """What a line without end holds; one that does not parse is being written, which is all that is told."""
        findings = Findings()
        reader = LineReader("mint-feed" if self.reader.is_mint else "ritual-feed", findings)
        entry = reader.entry(raw, number)
        if any(issue.rule in _UNPARSED for issue in findings.issues()):
            self.is_cut = True
            words = "the last line has no end and cannot be read; it is still being written, or was cut short"
            self.findings.add(rules.INCOMPLETE_TAIL.issue(f"line {number}", words))
            self.reader.refuse(f"line {number}: {words}")
            return None
        self.findings.extend(findings.issues())
        for cause in reader.refused:
            self.reader.refuse(cause)
        return entry


def refusal_issue(causes: Sequence[str], count: int) -> Issue:
    """That the producer would stop at a file, at what, and how many such causes there are."""
    more = f" and {count - 1} more" if count > 1 else ""
    words = f"the producer stops at this file and exports nothing: {causes[0]}{more}"
    return rules.WOULD_REFUSE.issue("", words, actual="; ".join(causes[:5]))
