"""Is anything missing, and may the file leave: a row for each question, and for each answer that is no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from teleloupe.columns import table_of
from teleloupe.formats.svr.course import MISSING, advice_for, completeness, privacy_light
from teleloupe.formats.svr.reading import csv_table
from teleloupe.formats.svr.relations import csv_of, session_issues
from teleloupe.formats.svr.views.seen import Seen, seen
from teleloupe.model import Document, Issue, Place, Table

_LIGHTS = {"green": "may leave", "yellow": "look first", "red": "must not leave"}


class Gap(Struct, frozen=True):
    """A question of completeness with its answer."""

    question: Annotated[str, Meta(description="what could be missing")]
    state: Annotated[str, Meta(description="nothing missing, missing, differs, or running")]
    detail: Annotated[str, Meta(description="what was found")]
    expected: Annotated[str | None, Meta(description="what should be there")]
    actual: Annotated[str | None, Meta(description="what is there")]
    count: Annotated[int, Meta(description="how often")]
    place: Place


class Exposure(Struct, frozen=True):
    """Something that speaks against handing a file on."""

    light: Annotated[str, Meta(description="green: may leave, yellow: look first, red: must not leave")]
    finding: Annotated[str, Meta(description="what was found")]
    advice: Annotated[str, Meta(description="what to do about it")]
    at: Annotated[str, Meta(description="where it stands")]
    place: Place


def missing_table(document: Document, documents: Mapping[str, Document]) -> Table:
    """A row for each question, more where more than one thing is missing."""
    session = seen(document, documents)
    return table_of(document.path, Gap, list(_gaps(session, documents)) if session else [])


def privacy_table(document: Document, _documents: Mapping[str, Document]) -> Table:
    """A row for each finding; the title says whether the file may leave."""
    light = privacy_light(document.issues)
    rows = [
        Exposure(
            "red" if issue.severity == "error" else "yellow",
            issue.message,
            advice,
            issue.at or "the file",
            Place(document.path, issue.at),
        )
        for issue in document.issues
        if (advice := advice_for(issue))
    ]
    nothing = Exposure("green", "nothing that identifies, measures or gives access", "", "", Place(document.path))
    title = f"{document.path}: {light}, {_LIGHTS[light]}"
    return table_of(title, Exposure, rows or ([nothing] if document.records else []))


def _gaps(session: Seen, documents: Mapping[str, Document]) -> Iterator[Gap]:
    path = session.document.path
    partner = csv_of(path, documents)
    table = csv_table(documents[partner]) if partner else None
    blamed = list(session_issues(session.document, documents, session.contract))
    owner = {id(issue): blamed_path for blamed_path, issue in blamed}
    found = completeness(session.session, table, (issue for _, issue in blamed))
    yield _counts(session, found.events, found.rows, partner)
    if session.is_running:
        yield Gap("blocks", "running", "no score and no report yet", None, None, 1, Place(path))
    for question, codes in MISSING.items():
        told = [issue for issue in found.issues if issue.rule.code in codes]
        yield from (_gap(question, issue, owner[id(issue)]) for issue in told)
        if not told and not (question == "blocks" and session.is_running):
            yield Gap(question, "nothing missing", "", None, None, 0, Place(path))


def _counts(session: Seen, events: int, rows: int | None, partner: str | None) -> Gap:
    path = session.document.path
    if rows is None:
        return Gap(
            "events and rows", "not compared", f"{events} events, no CSV beside them", None, None, 1, Place(path)
        )
    state = "nothing missing" if rows == events else "differs"
    told = f"{events} events, {rows} rows in {partner}"
    return Gap("events and rows", state, told, str(events), str(rows), 1, Place(partner or path))


def _gap(question: str, issue: Issue, path: str) -> Gap:
    state = "not there" if issue.severity == "info" else "missing"
    return Gap(question, state, issue.message, issue.expected, issue.actual, issue.count, Place(path, issue.at))
