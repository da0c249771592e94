"""What shows one thing in full: a file, the place of an issue, a verdict, a stretch of text; each is a table too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import structs

from teleloupe import detail, jsontext, text
from teleloupe.detail import FIELDS, Field
from teleloupe.model import Column, Document, Place, Snapshot, Table, Verdict
from teleloupe.tables import Cause, Finding, state_of
from teleloupe_tui import cells, places
from teleloupe_tui.keys import spelt

AROUND = 4  # lines shown before and after the place of an issue
SHOWN_PLACES = 200  # of a cause; the list of issues has them all
MOST_TEXT = 32 << 20  # characters that are cut into lines; beyond it a text is for other tools

TEXT = (Column("text", lambda line: line, doc="a line as the file has it"),)
EMPTY = Table("", (), (), lambda _index: Place(""))


class Lines(Sequence[str]):
    """Lines of a text, the first of which is number `start` of its file."""

    def __init__(self, lines: list[str], start: int = 1) -> None:
        self.lines = lines
        self.start = start

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, index: Any) -> Any:
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


def place(snapshot: Snapshot, issue: Finding | Cause, content: str | None) -> Table:
    """An issue: what is wrong, what should be there, what the rule says, and the lines around it."""
    found, rule = issue.issue, issue.issue.rule
    path = issue.path if isinstance(issue, Finding) else issue.places[0].path
    rows = [
        _row("severity", found.severity),
        _row("rule", rule.id, rule.summary),
        _row("code", rule.code, f"source: {rule.source}"),
        _row("file", path),
        _row("at", found.at or "(the whole file)"),
        _row("message", found.message),
    ]
    rows += [
        _row(name, value)
        for name, value in (("expected", found.expected), ("actual", found.actual))
        if value is not None
    ]
    if isinstance(issue, Cause) and issue.count > 1:
        files = cells.amount(len({spot.path for spot in issue.places}), "file")
        rows.append(_row("found", cells.amount(issue.count, "time"), f"in {files}"))
        rows += [_row("", f"{spot.path} {spot.at}".strip()) for spot in issue.places[:SHOWN_PLACES]]
    elif content is not None and path in snapshot.documents:
        rows += _around(content, found.at)
    return _fields(path, rows)


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


def _around(content: str, at: str) -> Iterator[Field]:
    """The lines around a place, its own marked."""
    here = places.line_of(at)
    if here is None:
        span = jsontext.locate(content, at) if at.startswith("/") else None
        if span is None:
            return
        here = text.line_column(content, span[0])[0] - 1
    lines = text.lines(content)
    for number in range(max(0, here - AROUND), min(len(lines), here + AROUND + 1)):
        yield _row(f"{'>' if number == here else ' '}{number + 1:>6}", lines[number])


def _first_line(content: str, at: str) -> int:
    if not at:
        return 1
    here = places.line_of(at)
    if here is not None:
        return here + 1
    span = jsontext.locate(content, at)
    return text.line_column(content, span[0])[0] if span else 1


def _row(name: str, value: Any, meaning: str | None = None, unit: str = "") -> Field:
    return Field(name, value, unit, meaning or "", None, "")


def _fields(title: str, rows: list[Field]) -> Table:
    return Table(title, FIELDS, rows, lambda index: Place(title, rows[index].at), len(rows))
