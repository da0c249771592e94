"""What shows one thing in full: a file, a verdict, a stretch of text; each is a table too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import structs

from teleloupe import detail, spans, text
from teleloupe.detail import FIELDS, Field
from teleloupe.lazy import Lazy
from teleloupe.model import Column, Document, Place, Snapshot, Table, Verdict
from teleloupe.tables import state_of
from teleloupe_tui import cells
from teleloupe_tui.keys import spelt

MOST_TEXT = 32 << 20  # characters that are cut into lines; beyond it a text is for other tools

TEXT = (Column("text", lambda line: line, doc="a line as the file has it"),)
EMPTY = Table("", (), (), lambda _index: Place(""))


class Lines(Lazy[str]):
    """Lines of a text, the first of which is number `start` of its file."""

    def __init__(self, lines: list[str], start: int = 1) -> None:
        self.lines = lines
        self.start = start

    def __len__(self) -> int:
        return len(self.lines)

    def made(self, index: int) -> str:
        """The line, which is there."""
        return self.lines[index]


def text_at(document: Document, at: str, content: str | None) -> Table:
    """The file's own lines, of all of it or of what stands at a place."""
    if content is None:
        return structs.replace(EMPTY, columns=TEXT)
    found = (detail.spelling(content, at) if at else content) or ""
    lines = Lines(text.lines(found[:MOST_TEXT]) if found else [], _first_line(content, at))
    if len(found) > MOST_TEXT:
        more = cells.amount(len(found) - MOST_TEXT, "more character")
        lines.lines.append(f"… {more}; {spelt('copy')} p copies the path")
    return Table(
        f"{document.path} {at}".strip(),
        TEXT,
        lines,
        lambda index: Place(document.path, f"line {lines.start + index}"),
        len(lines),
    )


def line_number(table: Table, row: int) -> str:
    """The number of a line in its file."""
    rows = table.rows
    return str(row + (rows.start if isinstance(rows, Lines) else 1))


def artefact(snapshot: Snapshot, document: Document, content: str | None, now: float) -> Table:
    """What is known of a file, then its header fields."""
    header = detail.header(document, content)
    rows = [*_known(snapshot, document, now), *header.rows]
    return _fields(document.path, rows)


def verdict(judged: Verdict) -> Table:
    """A claim, what was found, and why."""
    claim, proof = judged.claim, judged.proof
    rows = [
        _row("verdict", judged.word, judged.message),
        _row("artefact", judged.subject),
        _row("claimant", claim.claimant, claim.at),
        _row("kind", claim.kind),
        _row("expected", claim.expected, claim.algorithm),
        _row("actual", judged.actual),
    ]
    rows += [_row("tried", form, "yes, it fits" if fits else "no") for form, fits in judged.tried]
    if proof is not None:
        known = structs.asdict(proof).items()
        rows += [_row(f"proof {name}", ", ".join(v) if isinstance(v, tuple) else v) for name, v in known if v]
    return _fields(judged.subject, rows)


def _known(snapshot: Snapshot, document: Document, now: float) -> Iterator[Field]:
    found = snapshot.issues_of(document.path)
    counts = {word: sum(i.count for i in found if i.severity == word) for word in ("error", "warning", "info")}
    said = ", ".join(cells.amount(count, word) for word, count in counts.items() if count)
    yield _row("file", document.path)
    yield _row("state", state_of(snapshot, document), said or "no issues")
    yield _row("format", document.format or "unknown", document.why or None)
    if document.kind:
        yield _row("kind", document.kind)
    yield _row("records", len(document.records))
    yield _row("size", f"{cells.number(document.size)} B", cells.size(document.size) if document.size > 999 else None)
    if document.mtime_ns:
        yield _row("age", cells.age(now - document.mtime_ns / 1e9))
    if document.sha256:
        yield _row("sha256", document.sha256)
    for judged in snapshot.verdicts:
        if judged.subject == document.path:
            yield _row("sum", judged.word, f"{judged.claim.claimant}: {judged.message}".rstrip(": "))
    for issue in found[:3]:
        yield _row(issue.severity, issue.message, issue.at or None)
    if len(found) > 3:
        yield _row("", f"and {cells.amount(len(found) - 3, 'more issue')}", f"{spelt('issues')} lists them")


def _first_line(content: str, at: str) -> int:
    span = spans.locate(content, at)
    return text.line_column(content, span.start)[0] if span else 1


def _row(name: str, value: Any, meaning: str | None = None, unit: str = "") -> Field:
    return Field(name, value, unit, meaning or "", None, "")


def _fields(title: str, rows: list[Field]) -> Table:
    return Table(title, FIELDS, rows, lambda index: Place(title, rows[index].at), len(rows))
