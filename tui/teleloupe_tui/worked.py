"""What is worked out away from the screen, as tables and how they are drawn: views of a format, figures, made files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct, structs

from teleloupe import figures, formats, grouping
from teleloupe.detail import FIELDS, Field
from teleloupe.grouping import Group
from teleloupe.model import Chart, Column, Document, Place, Table
from teleloupe.safe import cell, safe
from teleloupe.stats import Frequency, Summary
from teleloupe.tables import Selection
from teleloupe_tui import cells, faces, hints, worked_faces
from teleloupe_tui.accounts import EMPTY
from teleloupe_tui.keys import spelt
from teleloupe_tui.made import MADE, Made, edit_lines
from teleloupe_tui.pages import page
from teleloupe_tui.widgets.showing import Face, Showing

if TYPE_CHECKING:
    from teleloupe_tui.views import Asked, Context

PANES = ("look", "fields", "stats", "values", "made", "edit")
PAGE_COLUMNS = 3  # a view of at most so many columns of text is read as a page
PAGE_ROWS = 200


class Look(Struct, frozen=True, eq=False):
    """A format's view of a file or directory: its table and charts as they are now."""

    view: formats.View
    path: str
    table: Table
    charts: tuple[Chart, ...] = ()


class Tallied(Struct, frozen=True, eq=False):
    """The columns of a list in figures: which list it was, and what it was called."""

    subject: str
    title: str
    rows: int
    summaries: tuple[Summary, ...]


class Counted(Struct, frozen=True, eq=False):
    """The values of a column by how often they occur; as groups, the numbers of the `measured` columns too."""

    subject: str
    title: str
    column: Column
    values: Sequence[Frequency]
    measured: tuple[Column, ...] | None = None


class Worked(Struct, frozen=True, eq=False):
    """All of it, and which rows of it the cursors stand on."""

    look: Look | None = None
    tallied: Tallied | None = None
    counted: Counted | None = None
    made: Made | None = None
    row: int = 0
    edit: int = 0
    telling: str = ""


def fitting(document: Document, others: Mapping[str, Document]) -> list[tuple[formats.View, str]]:
    """The views of a file, of the directory it lies in, and of the whole directory; with the path of each."""
    own = document.path.rpartition("/")[0] or "."
    found = [(view, document.path) for view in formats.views_of(document)]
    for place in dict.fromkeys((own, ".")):
        if place != document.path:
            views = formats.views_of(directory(place, others))
            found += [(view, place) for view in views if _concerns(view, document, others)]
    return found


def directory(path: str, documents: Mapping[str, Document]) -> Document:
    """The document that stands for a directory."""
    return documents.get(path) or Document(path, kind="directory")


def _concerns(view: formats.View, document: Document, others: Mapping[str, Document]) -> bool:
    """Whether a directory's view is of the file's format; of a file without one, of any format that is here."""
    form = formats.named(document.format or "")
    if view is formats.ALL_RECORDS:
        return any(other.records for other in others.values())
    if form is not None:
        return view in form.views
    here = {other.format for other in others.values()}
    return any(view in one.views for one in formats.all_formats() if one.id in here)


# tables


def look(context: Context, _form: str) -> Table:
    """The rows of the chosen view."""
    return context.worked.look.table if context.worked.look else EMPTY


def fields(context: Context, _form: str) -> Table:
    """The row of the view under the cursor, field by field."""
    shown = context.worked.look
    if shown is None or context.worked.row >= len(shown.table.rows):
        return EMPTY
    row, table = shown.table.rows[context.worked.row], shown.table
    found = [Field(c.name, c.get(row), c.unit, c.doc, None, "", is_absent=c.get(row) is None) for c in table.columns]
    return Table(table.title, FIELDS, found, lambda _row: table.locate(context.worked.row), len(found))


def stats(context: Context, _form: str) -> Table:
    """A row a column."""
    found = context.worked.tallied
    return figures.summaries_table(found.title, found.summaries) if found else EMPTY


def values(context: Context, _form: str) -> Table:
    """A row a value."""
    found = context.worked.counted
    if found is None:
        return EMPTY
    if found.measured is None:
        return figures.frequencies_table(found.title, found.column, found.values)
    return grouping.groups_table(found.title, found.column, found.measured, cast("Sequence[Group]", found.values))


def made(context: Context, _form: str) -> Table:
    """A row a file that the producer's rules make."""
    found = context.worked.made
    return (
        Table(found.path, MADE, found.edits, lambda row: Place(found.edits[row].path), len(found.edits))
        if found
        else EMPTY
    )


def edit(context: Context, _form: str) -> Table:
    """What would change in the file under the cursor, line by line."""
    found = context.worked.made
    if found is None or context.worked.edit >= len(found.edits):
        return EMPTY
    return edit_lines(found.edits[context.worked.edit])


# how they are drawn


def showing(pane: str, table: Table, context: Context, asked: Asked, room: int) -> Showing:
    """How a pane draws an arranged table in `room` cells."""
    hint = _hint(pane, context, asked)
    if pane == "look" and is_page(table, room):
        lines, widths = page(_as_fields(table), room)
        names = [column.name for column in table.columns]
        drawn = faces.of_page(lines, widths)
        titled = tuple(structs.replace(face, title=safe(name)) for face, name in zip(drawn, names, strict=False))
        return Showing(lines, titled, _by_line, (), hint=hint)
    keys: dict[str, Callable[[Table, int], Any]] = {"stats": by_column, "values": by_value, "made": by_path}
    drops = {"stats": worked_faces.STATS_DROPS, "made": worked_faces.MADE_DROPS}.get(pane)
    if pane == "values" and not worked_faces.is_grouped(table):
        drops = worked_faces.VALUES_DROPS
    return Showing(table, _faces(pane, table), keys.get(pane, _by_position), drops, hint=hint, sort=asked.query.sort)


def is_page(table: Table, room: int) -> bool:
    """Whether a table is read as a page: few columns of text that the room would cut."""
    columns = table.columns
    if not 2 <= len(columns) <= PAGE_COLUMNS or len(table.rows) > PAGE_ROWS or any(c.is_numeric for c in columns):
        return False
    widths = [max((cells.width(cells.shown(c.get(row))) for row in table.rows), default=0) for c in columns]
    return sum(widths) + 2 * len(columns) > room


def about(pane: str, known: Worked) -> str:
    """What a pane's title says after its name."""
    if pane == "look" and known.look:
        return f" {known.look.view.title}  {safe(known.look.path)}"
    if pane == "stats" and known.tallied:
        return f"  {known.tallied.title}  {cells.amount(known.tallied.rows, 'row')}"
    if pane == "values" and known.counted:
        by = "" if known.counted.measured is None else "by "
        return f"  {by}{safe(known.counted.column.name)}  {known.counted.title}"
    return f"  {safe(known.made.path)}" if pane == "made" and known.made else ""


def row_of_line(showing: Showing, row: int) -> int:
    """The row of the table that a line of a page belongs to; other tables have a row a line."""
    line = showing.table.rows[row] if row < len(showing.table.rows) else None
    return getattr(line, "row", row)


def origin(table: Table, row: int) -> int:
    """The number a row had before filtering and sorting."""
    return table.rows.order[row] if isinstance(table.rows, Selection) and row < len(table.rows) else row


def _as_fields(table: Table) -> Table:
    get = [column.get for column in table.columns]

    def field(row: Any) -> Field:
        meaning = cell(get[2](row)) if len(get) > 2 else ""
        return Field(cell(get[0](row)), get[1](row), "", meaning, None, "")

    return Table(table.title, FIELDS, [field(row) for row in table.rows], table.locate, table.total)


def _faces(pane: str, table: Table) -> tuple[Face, ...]:
    if pane == "look":
        return worked_faces.of_look(table)
    if pane == "values" and worked_faces.is_grouped(table):
        return worked_faces.of_groups(table)
    if pane == "stats":
        return worked_faces.of_figures(table)
    named = {
        "values": worked_faces.VALUES,
        "made": worked_faces.MADE_FACES,
        "edit": worked_faces.EDIT,
    }[pane]
    return faces.of_table(table, named)


def _by_position(_table: Table, row: int) -> int:
    return row


def _by_line(table: Table, row: int) -> Any:
    line = table.rows[row]
    return line.row, line.part


def by_column(table: Table, row: int) -> str:
    """The column a row of figures is about."""
    name: str = table.rows[row].column.name
    return name


def by_value(table: Table, row: int) -> Any:
    """The value a row counts."""
    return table.rows[row].value, table.rows[row].is_rest


def by_path(table: Table, row: int) -> str:
    """The path of a file that is made."""
    path: str = table.rows[row].path
    return path


def _hint(pane: str, context: Context, asked: Asked) -> tuple[str, ...]:
    known = context.worked
    if asked.query.filter:
        return hints.no_match(asked.query.filter)
    if known.telling:
        return (known.telling,)
    if pane in ("look", "fields") and known.look is not None:
        return (
            f"{known.look.view.title}: nothing of it in {safe(known.look.path)}",
            "",
            f"{spelt('views')} lists the other views",
        )
    nothing: Sequence[str] = {
        "stats": ("there are no rows to sum up",),
        "values": ("this column has no values",),
        "made": ("nothing is made of this file by its producer's rules",),
        "edit": ("nothing would change",),
    }.get(pane, ("no view is chosen", "", f"{spelt('views')} lists the views of the selected file"))
    return tuple(nothing)
