"""An issue in full: what is wrong, what should be there, the rule, what mends it, and its place, marked in the file."""

from __future__ import annotations

from collections.abc import Iterator

from teleloupe import mending, spans, text
from teleloupe.detail import FIELDS, Field
from teleloupe.model import Issue, Place, Snapshot, Table
from teleloupe.spans import Span
from teleloupe.tables import Cause, Finding
from teleloupe_tui import cells
from teleloupe_tui.pages import Spot

AROUND = 4  # lines shown before and after the place
MOST_MARKED = 30  # lines of a long place that are shown
SHOWN_PLACES = 200  # of a cause; the list of issues has them all


def page(snapshot: Snapshot, issue: Finding | Cause, content: str | None) -> Table:
    """An issue, or the first of a cause with all its places; `content` is the text of its file, where that is known."""
    place = Place(issue.path, issue.issue.at) if isinstance(issue, Finding) else issue.places[0]
    rows = [*_told(issue.issue, place), *_mended(snapshot, place.path, issue.issue)]
    if content is not None and place.path in snapshot.documents:
        rows += _around(content, place.at, issue.issue.message)
    if isinstance(issue, Cause) and issue.count > 1:
        rows += _places(issue)
    return Table(place.path, FIELDS, rows, lambda index: Place(place.path, rows[index].at), len(rows))


def _told(issue: Issue, place: Place) -> Iterator[Field]:
    rule = issue.rule
    yield _row("severity", issue.severity)
    yield _row("message", issue.message)
    yield _row("file", place.path)
    yield _row("at", place.at or "(the whole file)")
    if issue.expected is not None:
        yield _row("expected", issue.expected)
    if issue.actual is not None:
        yield _row("actual", issue.actual)
    yield _row("rule", f"{rule.id} ({rule.code})" if rule.code not in rule.id else rule.id)
    yield _row("says", rule.summary)
    yield _row("source", rule.source)


def _mended(snapshot: Snapshot, path: str, issue: Issue) -> Iterator[Field]:
    for number, fix in enumerate(mending.fixes(snapshot, path, issue)):
        yield _row("" if number else "fix", fix)


def _places(cause: Cause) -> Iterator[Field]:
    files = cells.amount(len({spot.path for spot in cause.places}), "file")
    yield _row("found", f"{cells.amount(cause.count, 'time')} in {files}")
    for spot in cause.places[:SHOWN_PLACES]:
        yield _row("", f"{spot.path} {spot.at}".strip())


def _around(content: str, at: str, message: str) -> Iterator[Field]:
    """The lines of a place and those around them, what the place names marked."""
    span = spans.locate(content, at) if at else spans.mentioned(content, message)
    if span is None:
        return
    if not span.is_exact:
        yield _row("place", "not in the file; what would hold it is marked")
    first = text.line_column(content, span.start)[0]
    stop = first + AROUND + min(content.count("\n", span.start, span.end), MOST_MARKED)
    for number, line in _lines(content, max(1, first - AROUND), stop):
        start, end = max(span.start, line.start), min(span.end, line.end)
        is_marked = start < end or (number == first and span.start == span.end)
        name = f"{'>' if is_marked else ' '}{number:>6}"
        start, end = (start - line.start, end - line.start) if is_marked else (0, 0)
        end = max(end, start + 1) if is_marked else 0  # an empty place is marked where it would begin
        own_at = at if number == first else ""
        yield Spot(name, content[line.start : line.end], "", "", None, own_at, start=start, end=end)


def _lines(content: str, first: int, last: int) -> Iterator[tuple[int, Span]]:
    """Lines by number, counted from 1, without their ends."""
    at = 0
    for number in range(1, last + 1):
        if at >= len(content):
            return
        match = text.LINE_END.search(content, at)
        if number >= first:
            yield number, Span(at, match.start() if match else len(content))
        at = match.end() if match else len(content)


def _row(name: str, value: str) -> Field:
    return Field(name, value, "", "", None, "")
