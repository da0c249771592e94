"""A snapshot and a query become a table: the same for the screen, the command line and the exporter."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

from msgspec import Struct, structs

from teleloupe import query
from teleloupe.blocks import Head
from teleloupe.model import (
    DIRECTORY,
    SEVERITIES,
    CellType,
    Column,
    Document,
    Issue,
    Place,
    Query,
    Severity,
    Snapshot,
    Table,
    UsageError,
    Verdict,
)
from teleloupe.ordering import CHUNK, PHASES, Step, chunks, rows_in_order, unwatched

Found = Callable[[Table], None]


class Line(Struct, frozen=True):
    """A line of the ledger: a document and what is known of it."""

    document: Document
    state: str
    sums: str
    errors: int
    warnings: int
    infos: int


class Finding(Struct, frozen=True):
    """An issue with the path it sits on."""

    path: str
    issue: Issue


class Cause(Struct, frozen=True):
    """All issues of one rule: how often it is broken, and where."""

    issue: Issue
    count: int
    places: tuple[Place, ...]


def _column(name: str, get: Callable[[Any], Any], doc: str, type: CellType = "string", unit: str = "") -> Column:  # noqa: A002 - a field's name
    return Column(name, get, unit, doc, type)


LEDGER = (
    _column("state", lambda line: line.state, "ok, info, warning, error, arriving, unreadable or unknown"),
    _column("sum", lambda line: line.sums, "what became of the checksums that speak of the file"),
    _column("format", lambda line: line.document.format, "the producer's format"),
    _column("kind", lambda line: line.document.kind, "the kind of artefact"),
    _column("records", lambda line: len(line.document.records), "records in the file", "integer"),
    _column("errors", lambda line: line.errors, "issues that break the specification", "integer"),
    _column("warnings", lambda line: line.warnings, "issues that are legal but suspicious", "integer"),
    _column("size", lambda line: line.document.size, "stored bytes", "integer", "B"),
    _column("modified", lambda line: line.document.mtime_ns or None, "last change, since 1970", "integer", "ns"),
    _column("sha256", lambda line: line.document.sha256 or None, "digest of the stored bytes"),
    _column("path", lambda line: line.document.path, "relative to the root"),
)
ISSUES = (
    _column("severity", lambda row: row.issue.severity, "error, warning or info"),
    _column("code", lambda row: row.issue.rule.code, "the code in the format's specification"),
    _column("count", lambda row: row.issue.count, "how often, the first place being shown", "integer"),
    _column("path", lambda row: row.path, "the file it sits on"),
    _column("at", lambda row: row.issue.at, "JSON Pointer, line, or label"),
    _column("message", lambda row: row.issue.message, "what is wrong"),
    _column("expected", lambda row: row.issue.expected, "what should be there"),
    _column("actual", lambda row: row.issue.actual, "what is there"),
    _column("rule", lambda row: row.issue.rule.id, "the rule that is broken"),
)
CAUSES = (
    _column("severity", lambda row: row.issue.severity, "error, warning or info"),
    _column("count", lambda row: row.count, "issues of this rule", "integer"),
    _column("files", lambda row: len({place.path for place in row.places}), "files it is found in", "integer"),
    _column("code", lambda row: row.issue.rule.code, "the code in the format's specification"),
    _column("cause", lambda row: row.issue.rule.summary, "what the rule says"),
    _column("where", lambda row: _where(row.places), "the first files"),
    _column("rule", lambda row: row.issue.rule.id, "the rule that is broken"),
)
CLAIMS = (
    _column("verdict", lambda verdict: verdict.word, "ok, or the explanation"),
    _column("subject", lambda verdict: verdict.subject, "the artefact that is spoken of"),
    _column("kind", lambda verdict: verdict.claim.kind, "what sort of claim"),
    _column("claimant", lambda verdict: verdict.claim.claimant, "who says so"),
    _column("expected", lambda verdict: verdict.claim.expected, "the claimed digest or measure"),
    _column("actual", lambda verdict: verdict.actual, "what was found"),
    _column("message", lambda verdict: verdict.message, "the explanation in a sentence"),
)


def placeless(title: str, columns: tuple[Column, ...], rows: Sequence[Any]) -> Table:
    """A table whose rows stand nowhere in a file."""
    return Table(title, columns, rows, lambda _index: Place(""), len(rows))


def ledger(snapshot: Snapshot) -> Table:
    """One line a document."""
    verdicts = _by_subject(snapshot.verdicts)
    lines = [_line(snapshot, document, verdicts.get(path, ())) for path, document in snapshot.documents.items()]
    return _table(snapshot.root, LEDGER, lines, lambda line: Place(line.document.path))


def records(document: Document) -> Table:
    """A document's records under its own columns."""
    rows = document.records
    at = document.record_at
    return Table(
        document.path, document.columns, rows, lambda index: Place(document.path, at(index)), len(rows), is_records=True
    )


def issues(snapshot: Snapshot, path: str | None = None) -> Table:
    """Every issue, or those of one document."""
    found = snapshot.issues() if path is None else ((path, issue) for issue in snapshot.issues_of(path))
    rows = [Finding(place, issue) for place, issue in found]
    rows.sort(key=lambda row: SEVERITIES.index(row.issue.severity))
    return _table(path or snapshot.root, ISSUES, rows, lambda row: Place(row.path, row.issue.at))


def causes(snapshot: Snapshot, path: str | None = None) -> Table:
    """Issues grouped by the rule they break, worst and most frequent first."""
    groups: dict[tuple[str, Severity], list[Finding]] = {}
    for row in issues(snapshot, path).rows:
        groups.setdefault((row.issue.rule.id, row.issue.severity), []).append(row)
    rows = [
        Cause(
            found[0].issue,
            sum(row.issue.count for row in found),
            tuple(Place(row.path, row.issue.at) for row in found),
        )
        for found in groups.values()
    ]
    rows.sort(key=lambda row: (SEVERITIES.index(row.issue.severity), -row.count, row.issue.rule.id))
    return _table(path or snapshot.root, CAUSES, rows, lambda row: row.places[0])


def claims(snapshot: Snapshot, path: str | None = None) -> Table:
    """Every claim with its verdict, or those that speak of, or are made by, one document."""
    rows = [
        verdict for verdict in snapshot.verdicts if path is None or path in (verdict.subject, verdict.claim.claimant)
    ]
    return _table(path or snapshot.root, CLAIMS, rows, lambda verdict: Place(verdict.subject))


def arranged(table: Table, wanted: Query, step: Step = unwatched, found: Found | None = None) -> Table:
    """The table filtered, sorted and cut to columns. Raises UsageError for a query that does not fit the table.

    `step` is told of work done, of `work_in(...)` in all, and may raise to end it. While rows are filtered that need
    no sorting, `found` is given, slice by slice, the table of those found so far.
    """
    count, keys = len(table.rows), [(column_named(table, key.column), key.is_descending) for key in wanted.sort]
    columns = tuple(column_named(table, name) for name in wanted.columns) or table.columns
    order: Sequence[int] = range(count)
    if wanted.filter.strip():
        is_wanted, kept = query.sieve(wanted.filter, table.columns), array("q")
        for start, rows in chunks(table.rows, CHUNK):
            kept.extend([start + place for place in is_wanted(rows)])
            step(len(rows))
            if found and not keys:
                found(selected(structs.replace(table, columns=columns), Head(kept, len(kept)), is_rising=True))
        order = kept
        step((count - len(order)) * len(keys) * PHASES)
    for column, is_descending in reversed(keys):
        order = rows_in_order(table.rows, order, column.get, is_descending=is_descending, step=step)
    table = structs.replace(table, columns=columns)
    return table if isinstance(order, range) else selected(table, order, is_rising=not keys)


def work_in(table: Table, wanted: Query) -> int:
    """What `arranged` tells of in all."""
    return len(table.rows) * (bool(wanted.filter.strip()) + len(wanted.sort) * PHASES)


def selected(table: Table, order: Sequence[int], *, is_rising: bool = False) -> Table:
    """Some rows of a table, by number, in an order of their own; `is_rising` when it is the table's."""
    rows = Selection(table.rows, order, is_rising=is_rising)
    return structs.replace(table, rows=rows, locate=lambda index: table.locate(order[index]))


def column_named(table: Table, name: str) -> Column:
    """A column by name. Raises UsageError when the table has none of that name."""
    for column in table.columns:
        if column.name == name:
            return column
    raise UsageError(f"no column {name!r}", f"columns: {', '.join(column.name for column in table.columns)}")


class Selection(Sequence[Any]):
    """Some rows of a sequence, in an order of their own; nothing is copied."""

    def __init__(self, rows: Sequence[Any], order: Sequence[int], *, is_rising: bool = False) -> None:
        self.rows = rows
        self.order = order
        self.is_rising = is_rising

    def place_of(self, number: int) -> int | None:
        """Where the row of a number stands; None when it is not among them."""
        if self.is_rising:
            place = bisect_left(self.order, number)
            return place if place < len(self.order) and self.order[place] == number else None
        try:
            return self.order.index(number)
        except ValueError:
            return None

    def __len__(self) -> int:
        return len(self.order)

    def __iter__(self) -> Iterator[Any]:
        return map(self.rows.__getitem__, self.order)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Selection(self.rows, self.order[index])
        return self.rows[self.order[index]]


def state_of(snapshot: Snapshot, document: Document) -> str:
    """A document's state in a word: its worst severity, `ok`, or why it cannot be judged."""
    if document.path in snapshot.arriving:
        return "arriving"
    found = {issue.rule.id for issue in document.issues}
    if "core/unreadable" in found:
        return "unreadable"
    counts = _counts(snapshot, document)
    worst = next((severity for severity in SEVERITIES if severity in counts), None)
    if worst:
        return worst
    return "ok" if document.format else "unknown"


def _counts(snapshot: Snapshot, document: Document) -> dict[Severity, int]:
    """How many issues a document has of each severity that it has any of."""
    counts: dict[Severity, int] = {}
    for issue in (*document.issues, *snapshot.related.get(document.path, ())):
        counts[issue.severity] = counts.get(issue.severity, 0) + issue.count
    return counts


def _line(snapshot: Snapshot, document: Document, verdicts: Sequence[Verdict]) -> Line:
    counts = _counts(snapshot, document)
    sums = _sums(verdicts) if document.kind != DIRECTORY else ""
    found = (counts.get(severity, 0) for severity in SEVERITIES)
    return Line(document, state_of(snapshot, document), sums, *found)


def _sums(verdicts: Sequence[Verdict]) -> str:
    """One word for all claims on a file: the first that does not hold, else ok; "" when nobody vouches for it."""
    return next((verdict.word for verdict in verdicts if verdict.word != "ok"), "ok" if verdicts else "")


def _by_subject(verdicts: Sequence[Verdict]) -> Mapping[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.subject, []).append(verdict)
    return found


def _table(title: str, columns: tuple[Column, ...], rows: list[Any], place: Callable[[Any], Place]) -> Table:
    return Table(title, columns, rows, lambda index: place(rows[index]), len(rows))


def _where(places: Sequence[Place]) -> str:
    paths = list(dict.fromkeys(place.path for place in places))
    return ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
