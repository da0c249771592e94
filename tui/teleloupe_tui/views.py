"""Each pane as a value: how a snapshot becomes its table, and how that table is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct, structs

from teleloupe import detail, formats, tables
from teleloupe.model import Document, Query, Snapshot, Table, Verdict
from teleloupe.tables import Cause, Finding, Found, Selection
from teleloupe_tui import (
    accounts,
    byte_views,
    changes,
    differences,
    drawing,
    faces,
    fresh,
    hexes,
    hints,
    issue_pages,
    record_trees,
    sums,
    worked,
)
from teleloupe_tui.changes import Change
from teleloupe_tui.differences import Diff
from teleloupe_tui.evidence import Evidence
from teleloupe_tui.fresh import Seen
from teleloupe_tui.hexes import Shown, Viewed
from teleloupe_tui.jobs import Cancel
from teleloupe_tui.keys import spelt
from teleloupe_tui.pages import page
from teleloupe_tui.sums import Reason
from teleloupe_tui.tree import Node, tree
from teleloupe_tui.widgets.showing import Face, News, Showing
from teleloupe_tui.worked import Worked

INLINE_ROWS = 3000  # tables of more rows are filtered, sorted and folded away from the screen's thread


class Context(Struct, frozen=True):
    """What panes are made of: the snapshot, and what of it is selected.

    `content` is the text of the selected file, when it has been read; `now` is in seconds since 1970; `issues` is how
    many the snapshot has; `evidence` is what is known of the selected verdict, `change` the selected row of `diff`.
    `seen` is how things were when all was marked as seen, and `arrived` how many events there were since.
    """

    snapshot: Snapshot
    path: str | None = None
    index: int = 0
    issue: Finding | Cause | None = None
    verdict: Verdict | Reason | None = None
    content: str | None = None
    events: Sequence[Change] = ()
    now: float = 0.0
    issues: int = 0
    evidence: Evidence | None = None
    diff: Diff | None = None
    change: Any = None
    is_read_only: bool = False
    worked: Worked = Worked()
    viewed: Viewed | None = None
    seen: Seen | None = None
    arrived: int = 0

    @property
    def document(self) -> Document | None:
        """The selected file, if it is there."""
        return self.snapshot.documents.get(self.path) if self.path is not None else None


class Asked(Struct, frozen=True):
    """What the reader asked of a pane: its other form or "", filter and sort, and which directories are folded."""

    form: str = ""
    query: Query = Query()
    folded: frozenset[str] = frozenset()


class View(Struct, frozen=True):
    """A pane's title, how to build its table, its faces, what tells rows apart, what gives way when room is short.

    A page shows the fields of one thing, wrapped to the room there is.
    """

    title: str
    build: Callable[[Context, str], Table]
    faces: Callable[[Table, Context, str], tuple[Face, ...]]
    key: Callable[[Table, int], Any]
    drops: tuple[str, ...] | None = None
    number: Callable[[Table, int], str] | None = None
    row_of: Callable[[Table, Any], int | None] | None = None
    can_sort: bool = True
    is_page: bool = False


def arranged(pane: str, context: Context, asked: Asked, cancel: Cancel, found: Found | None = None) -> Table:
    """A pane's table, filtered and sorted as asked. Raises UsageError for a filter that does not fit.

    The work is told to `cancel`; `found` gets the rows filtered so far.
    """
    table, query = VIEWS[pane].build(context, asked.form), asked.query
    if not query.filter and not query.sort:
        return table
    cancel.total = tables.work_in(table, query)
    return tables.arranged(table, query, cancel.step, found)


def showing(pane: str, table: Table, context: Context, asked: Asked, room: int) -> Showing:
    """How a pane draws an arranged table in `room` cells."""
    view = VIEWS[pane]
    is_text = asked.form == "text"
    if pane in worked.PANES and not view.is_page:
        return worked.showing(pane, table, context, asked, room)
    if pane == "bytes" and context.viewed is not None and context.viewed.shown is not None:
        return _of_bytes(context.viewed.shown, context.viewed.at, room)
    if pane == "diff" and context.diff is not None:
        return _of_diff(context.diff, table, asked, room)
    if view.is_page and asked.form == "tree":
        return _of_tree(pane, table, context, asked)
    if view.is_page and not is_text:
        drawn, widths = page(sums.shortened(table, room) if pane == "verdict" else table, room)
        return Showing(drawn, faces.of_page(drawn, widths), _by_field, (), hint=hints.hint(pane, context, "", ""))
    drawn = tree(table, asked.folded) if pane == "files" and asked.form == "tree" else table
    number = _line_number if is_text else view.number
    return Showing(
        drawn,
        faces.of_table(drawn, faces.TEXT) if is_text else view.faces(drawn, context, asked.form),
        _by_position if is_text else view.key,
        None if is_text else _drops(pane, asked.form),
        number,
        hints.hint(pane, context, asked.query.filter, asked.form),
        asked.query.sort,
        None if is_text else view.row_of,
        news=None if is_text else _news(pane, drawn, context, asked.form),
    )


def _news(pane: str, drawn: Table, context: Context, form: str) -> News | None:
    """What of a list is new since the reader looked."""
    seen, key = context.seen, VIEWS[pane].key
    if seen is None:
        return None
    if pane == "live":
        return fresh.of_events(min(context.arrived, len(drawn.rows)))
    if pane == "records":
        return fresh.of_records(seen, context.document, drawn, origin) if context.document else None
    if pane == "files":
        return fresh.of_files(seen, drawn)
    if pane not in ("issues", "sums"):
        return None

    def build(snapshot: Snapshot) -> Table:
        return VIEWS[pane].build(structs.replace(context, snapshot=snapshot), form)

    return fresh.of_rows(seen.tokens(pane, form, key, build), drawn, key)


def _of_diff(diff: Diff, table: Table, asked: Asked, room: int) -> Showing:
    """A difference; rows of bytes are as long as there is room for."""
    view, has_all = asked.form.removesuffix("+"), asked.form.endswith("+")
    drawn = table
    if view == "bytes":
        rows = differences.byte_rows(diff, byte_views.width_for(room), has_all=has_all)
        drawn = structs.replace(table, rows=rows, total=len(rows))
    number = drawing.gutter(diff) if view == "lines" else None
    drops = None if view == "lines" else ("after_offset", "offset") if view == "bytes" else ()
    found = drawing.differences(diff, drawn, asked.form, room)
    hint = ("nothing differs here", "", f"{spelt('equal')} shows what is equal")
    return Showing(drawn, found, _by_position, drops, number, hint)


def _of_tree(pane: str, table: Table, context: Context, asked: Asked) -> Showing:
    """JSON as a tree, as far as it is unfolded."""
    drawn = record_trees.unfolded(table, context.content, asked.folded)
    hint = hints.hint(pane, context, "", "tree")
    return Showing(drawn, record_trees.FACES, record_trees.key, record_trees.DROPS, hint=hint)


def _of_bytes(shown: Shown, at: int, room: int) -> Showing:
    """A file's bytes in rows as long as there is room for."""
    width = hexes.width_for(room, shown.size)
    drawn = hexes.table(shown, width)
    hint = ("this file is empty", "", f"{spelt('bytes')} goes back")
    return Showing(drawn, hexes.faces(shown, width, at), hexes.by_offset, (), hint=hint, row_of=hexes.row_of)


def origin(table: Table, row: int) -> int:
    """The number a row had before filtering and sorting."""
    return table.rows.order[row] if isinstance(table.rows, Selection) else row


def sort_of(pane: str, context: Context | None, form: str) -> str:
    """What lists of a pane have one set of columns: records of one kind of document, rows of one view, one form."""
    if context is None:
        return form
    document = context.document
    if pane == "records" and document is not None:
        return f"{document.format or ''}/{document.kind or ''}"
    return context.worked.look.view.id if pane == "look" and context.worked.look else form


def is_long(pane: str, context: Context) -> bool:
    """Whether a pane's table may take longer to make than a frame lasts."""
    sizes = {"files": len(context.snapshot.documents), "issues": context.issues, "sums": len(context.snapshot.verdicts)}
    document = context.document
    records = len(document.records) if document and pane in ("records", "record") else 0
    if pane == "bytes":
        return False
    if pane == "diff":
        return context.diff is not None and context.diff.size > 1 << 18
    return max(sizes.get(pane, 0), records) > INLINE_ROWS or (
        context.content is not None and len(context.content) > 1 << 20
    )


def path_of(row: Any) -> str | None:
    """The file a row of the ledger, or of the tree, stands for; None for a directory."""
    if isinstance(row, Node):
        return row.path if row.line is not None else None
    path: str = row.document.path
    return path


def selected_rows(table: Table, key: Callable[[Table, int], Any], marks: AbstractSet[Any]) -> Table:
    """The marked rows of a table, in its order."""
    return tables.selected(table, [row for row in range(len(table.rows)) if key(table, row) in marks])


def _files(context: Context, _form: str) -> Table:
    return tables.ledger(context.snapshot)


def _records(context: Context, _form: str) -> Table:
    document = context.document
    return tables.records(document) if document else accounts.EMPTY


def _issues(context: Context, form: str) -> Table:
    return tables.causes(context.snapshot) if form == "group" else tables.issues(context.snapshot)


def _record(context: Context, form: str) -> Table:
    document = context.document
    if document is not None and not document.records:
        return _artefact(context, form)
    if document is None or context.index >= len(document.records):
        return accounts.EMPTY
    if form == "text":
        return accounts.text_at(document, document.record_at(context.index), context.content)
    if form == "tree":
        return record_trees.table(document, document.record_at(context.index), context.content)
    notes = formats.notes(document, context.index, context.snapshot.documents)
    return detail.fields(document, context.index, context.content, notes)


def _artefact(context: Context, form: str) -> Table:
    document = context.document
    if document is None:
        return accounts.EMPTY
    if form == "text":
        return accounts.text_at(document, "", context.content)
    if form == "tree":
        return record_trees.table(document, "", context.content)
    return accounts.artefact(context.snapshot, document, context.content, context.now)


def _place(context: Context, _form: str) -> Table:
    return issue_pages.page(context.snapshot, context.issue, context.content) if context.issue else accounts.EMPTY


def _verdict(context: Context, _form: str) -> Table:
    if context.verdict is None:
        return accounts.EMPTY
    return sums.account(context.snapshot, context.verdict, context.evidence, is_read_only=context.is_read_only)


def _diff(context: Context, form: str) -> Table:
    return differences.table(context.diff, form) if context.diff else accounts.EMPTY


def _change(context: Context, _form: str) -> Table:
    if context.diff is None or context.change is None:
        return accounts.EMPTY
    return differences.account(context.diff, context.change)


def _bytes(context: Context, _form: str) -> Table:
    shown = context.viewed.shown if context.viewed else None
    return hexes.table(shown, hexes.LEAST_WIDTH) if shown else accounts.EMPTY


def _events(context: Context, _form: str) -> Table:
    return changes.events_table(context.snapshot.root, context.events)


def _ledger_faces(table: Table, context: Context, form: str) -> tuple[Face, ...]:
    return faces.ledger(table, context.now, has_sums=bool(context.snapshot.verdicts), is_tree=form == "tree")


def _issue_faces(table: Table, _context: Context, form: str) -> tuple[Face, ...]:
    return faces.of_table(table, faces.CAUSES if form == "group" else faces.ISSUES)


def _drops(pane: str, form: str) -> tuple[str, ...] | None:
    if form != "group":
        return VIEWS[pane].drops
    return faces.CAUSES_DROPS if pane == "issues" else drawing.REASONS_DROPS


def _by_path(table: Table, row: int) -> str:
    return table.locate(row).path


def _by_issue(table: Table, row: int) -> Any:
    found = table.rows[row]
    return (found.path, found.issue.at, found.issue.rule.id) if isinstance(found, Finding) else found.issue.rule.id


def _by_claim(table: Table, row: int) -> Any:
    found = table.rows[row]
    if isinstance(found, Reason):
        return found.word, found.title
    return found.subject, found.claim.claimant, found.claim.kind, found.claim.at


def _by_position(_table: Table, row: int) -> int:
    return row


def _by_field(table: Table, row: int) -> Any:
    line = table.rows[row]
    return (
        (line.field.at or f"{line.row} {line.field.name}", line.part)
        if line.part
        else line.field.at or f"{line.row} {line.field.name}"
    )


def _by_event(table: Table, row: int) -> Any:
    return table.rows[row]


def _row_of_record(table: Table, number: int) -> int | None:
    if not isinstance(table.rows, Selection):
        return number if number < len(table.rows) else None
    return table.rows.place_of(number)


def _number(table: Table, row: int) -> str:
    return str(origin(table, row) + 1)


def _line_number(table: Table, row: int) -> str:
    return accounts.line_number(table, row)


def _page(title: str, build: Callable[[Context, str], Table]) -> View:
    return View(title, build, lambda _table, _context, _form: (), _by_field, (), can_sort=False, is_page=True)


def _claims(context: Context, form: str) -> Table:
    return sums.by_cause(context.snapshot) if form == "group" else tables.claims(context.snapshot)


def _claim_faces(table: Table, _context: Context, form: str) -> tuple[Face, ...]:
    return drawing.reasons(table) if form == "group" else faces.of_table(table, faces.CLAIMS)


def _event_faces(table: Table, _context: Context, _form: str) -> tuple[Face, ...]:
    return faces.of_table(table, faces.EVENTS)


def _record_faces(table: Table, _context: Context, _form: str) -> tuple[Face, ...]:
    return faces.of_records(table)


VIEWS: dict[str, View] = {
    "files": View("Files", _files, _ledger_faces, _by_path, faces.LEDGER_DROPS),
    "artefact": _page("Artefact", _artefact),
    "records": View("Records", _records, _record_faces, origin, None, _number, _row_of_record),
    "record": _page("Record", _record),
    "issues": View("Issues", _issues, _issue_faces, _by_issue, faces.ISSUES_DROPS),
    "place": _page("Place", _place),
    "sums": View("Sums", _claims, _claim_faces, _by_claim, faces.CLAIMS_DROPS),
    "verdict": _page("Verdict", _verdict),
    "diff": View("Diff", _diff, lambda _table, _context, _form: (), _by_position, can_sort=False),
    "change": _page("Change", _change),
    "look": View("View", worked.look, lambda _table, _context, _form: (), _by_position),
    "fields": _page("Row", worked.fields),
    "stats": View("Stats", worked.stats, lambda _table, _context, _form: (), worked.by_column),
    "values": View("Values", worked.values, lambda _table, _context, _form: (), worked.by_value),
    "made": View("Made files", worked.made, lambda _table, _context, _form: (), worked.by_path),
    "edit": View("Change", worked.edit, lambda _table, _context, _form: (), _by_position, can_sort=False),
    "bytes": View("Bytes", _bytes, lambda _table, _context, _form: (), _by_position, can_sort=False),
    "live": View("Live", _events, _event_faces, _by_event, ("event",), can_sort=False),
}
FORMS = {
    "files": ("", "tree"),
    "issues": ("group", ""),
    "sums": ("group", ""),
    "artefact": ("", "tree", "text"),
    "record": ("", "tree", "text"),
    "diff": ("record", "lines", "bytes"),
    "look": ("", "table"),
}
