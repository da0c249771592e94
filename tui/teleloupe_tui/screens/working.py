"""What is worked out away from the screen, and worked out anew when what it was made of changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import structs

from teleloupe import figures, formats, grouping, stats, tables
from teleloupe.disk import Unreadable
from teleloupe.formats import View
from teleloupe.model import Chart, Document, Table, UsageError
from teleloupe.provenance import access
from teleloupe.safe import safe
from teleloupe_tui import charts, layout, made, views, worked
from teleloupe_tui.jobs import Cancel
from teleloupe_tui.layout import Layout
from teleloupe_tui.made import Made
from teleloupe_tui.views import Asked, Context
from teleloupe_tui.widgets.plot import Plot
from teleloupe_tui.worked import Counted, Look, Tallied, Worked

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector
    from teleloupe_tui.widgets.pane import Pane

TELLING = {"look": "working out the view", "stats": "summing up", "values": "counting", "made": "making the files"}


class Working:
    """What of it is wanted, and what is known. Jobs run for the panes in sight only."""

    def __init__(self, screen: Inspector) -> None:
        self.screen = screen
        self.view: View | None = None
        self.view_path = ""
        self.subject = "records"
        self.column = ""
        self.is_grouped = False  # whether the values of the column are shown as groups
        self.made_path = ""
        self.plot = Plot()
        self._known = Worked()
        self._placed = ("", 0)
        self._inputs: dict[str, tuple[Any, ...]] = {}

    def known(self) -> Worked:
        """What panes are made of."""
        panes, running = self.screen.panes, {job.name for job in self.screen.jobs.running}
        look, made_pane = panes["look"], panes["made"]
        row = worked.row_of_line(look.showing, look.cursor) if look.showing else 0
        telling = next((TELLING[name] for name in TELLING if f"work {name}" in running and name in self._inputs), "")
        return structs.replace(
            self._known,
            row=worked.origin(look.table, row),
            edit=worked.origin(made_pane.table, made_pane.cursor),
            telling=telling,
        )

    def refresh(self) -> None:
        """Start what panes in sight need and is not known, or no longer right; show the charts that belong to them."""
        boxes = self.screen.layout_now.boxes
        if self.view is not None and {"look", "fields"} & set(boxes):
            self._start_look(self.view)
        if "stats" in boxes or ("values" in boxes and self.plotted == "values"):
            self._start_stats()
        if "values" in boxes and self.column:
            self._start_values()
        if "made" in boxes or "edit" in boxes:
            self._start_made()
        self.plot.show(self.charts)

    def again(self, name: str) -> None:
        """Work something out anew, and show what is known of it until then."""
        self._inputs.pop(name, None)

    def forget(self, *names: str) -> None:
        """Show nothing of these until they are worked out anew."""
        for name in names:
            self._inputs.pop(name, None)
            self.screen.jobs.cancel(f"work {name}")
        gone: dict[str, None] = {"look": None, "stats": None, "values": None, "made": None}
        fields = {"look": "look", "stats": "tallied", "values": "counted", "made": "made"}
        self._known = structs.replace(self._known, **{fields[name]: gone[name] for name in names})

    # charts

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts of the present screen: the view's, or the spread of the chosen column."""
        known, name = self._known, self.screen.screen_name
        if name == "look":
            is_table = self.screen.panes["look"].asked.form == "table"
            return known.look.charts if known.look and not is_table else ()
        if name == "stats" and known.tallied:
            found = next((one for one in known.tallied.summaries if one.column.name == self.column), None)
            return (self._chart_of(found),) if found and found.count else ()
        return ()

    def _chart_of(self, found: stats.Summary) -> Chart:
        """The same chart for the same summary, so that it is drawn once."""
        now = self.plot.charts
        chart = figures.chart(found)
        return now[0] if now and now[0] == chart else chart

    @property
    def plotted(self) -> str:
        """The pane above which charts are drawn; "" for none."""
        boxes, name = self.screen.layout_now.boxes, self.screen.screen_name
        if self.screen.is_zoomed or not self.charts:
            return ""
        if name == "look":
            return "look" if "look" in boxes else ""
        return "values" if {"stats", "values"} <= set(boxes) else "stats" if "stats" in boxes else ""

    @property
    def _lines_wanted(self) -> int:
        """What the charts have a use for; of figures always the same, so that nothing jumps from column to column."""
        return charts.MOST if self.screen.screen_name == "stats" else max(map(charts.lines_of, self.charts), default=0)

    def make_room(self, found: Layout) -> Layout:
        """The layout with room for the charts above their pane, and the charts in it."""
        self.screen.layout_now = found
        self._placed = self.plotted, self._lines_wanted
        room = layout.with_plot(found, *self._placed)
        plot, box = self.plot, room.plot
        if box is None:
            plot.display = False
            return room
        if not plot.is_attached:
            self.screen.query_one("#body").mount(plot)
        plot.display = True
        plot.styles.offset = (box.x, box.y)
        plot.styles.width, plot.styles.height = box.width, box.height
        plot.set_class(not found.has_borders, "-plain")
        plot.set_class(box.x > 0, "-inner")
        return room

    def _place_again(self) -> None:
        """Lay out anew where charts came or went."""
        if self._placed != (self.plotted, self._lines_wanted):
            self.screen.lay_out()

    # jobs

    def _start_look(self, view: View) -> None:
        documents = self.screen.snapshot.documents
        document = self._document(self.view_path)
        if document is None:
            return
        inputs = (view, document, *_sources(view, document, documents))
        work = partial(_look, view, document, documents)
        self._start("look", inputs, work, lambda found: structs.replace(self._known, look=found))

    def _start_stats(self) -> None:
        inputs, source, title = self._source()
        work = partial(_tallied, self.subject, title, source)
        self._start("stats", inputs, work, lambda found: structs.replace(self._known, tallied=found))

    def _start_values(self) -> None:
        inputs, source, title = self._source()
        work = partial(_grouped if self.is_grouped else _counted, self.subject, title, source, self.column)
        inputs = (*inputs, self.column, self.is_grouped)
        self._start("values", inputs, work, lambda found: structs.replace(self._known, counted=found))

    def _start_made(self) -> None:
        documents = self.screen.snapshot.documents
        document = self._document(self.made_path)
        if document is None:
            return
        inputs = (document, *documents.values())
        work = partial(_made, self.screen.source.root, document, documents)
        self._start("made", inputs, work, lambda found: structs.replace(self._known, made=found))

    def _start(
        self, name: str, inputs: tuple[Any, ...], work: Callable[[Cancel], Any], kept: Callable[[Any], Worked]
    ) -> None:
        if self._inputs.get(name) == inputs:
            return
        self._inputs[name] = inputs
        self.screen.jobs.run_after(f"work {name}", TELLING[name], work, partial(self._take, name, kept))

    def _take(self, name: str, kept: Callable[[Any], Worked], found: Any) -> None:
        if isinstance(found, str):
            self.screen.say(found, is_bad=True)
            return
        self._known = kept(found)
        if name == "stats":
            self._keep_column()
        self.screen.feed(worked.PANES)
        self._place_again()

    def _keep_column(self) -> None:
        """The cursor of the figures stands on the chosen column; on the first where there is no such column."""
        names = [one.column.name for one in self._known.tallied.summaries] if self._known.tallied else []
        if self.column not in names:
            self.column = names[0] if names else ""
        if "stats" in self.screen.layout_now.boxes:
            self.screen.pane("stats").feed(self.screen.context(), row=self.column)

    # what it is made of

    def _document(self, path: str) -> Document | None:
        documents = self.screen.snapshot.documents
        found = documents.get(path)
        is_folder = path == "." or any(other.startswith(f"{path}/") for other in documents)
        return found or (worked.directory(path, documents) if is_folder else None)

    def _source(self) -> tuple[tuple[Any, ...], Callable[[Cancel], Table], str]:
        """What the figures depend on, how to get their rows, and what they are called."""
        context, subject = self.screen.context(), self.subject
        asked = self.screen.panes[subject].asked
        document = context.document
        if subject == "records":
            return (subject, document, asked.query), partial(_rows, subject, context, asked), _name(context)
        if subject == "look":
            look = self._known.look
            title = look.view.title if look else ""
            return (subject, look, asked.query), partial(_rows, subject, context, asked), title
        title = views.VIEWS[subject].title
        return (subject, self.screen.snapshot, asked.query, asked.form), partial(_rows, subject, context, asked), title

    def moved(self, pane: Pane) -> tuple[str, ...]:
        """The panes that show the row a cursor came to."""
        if pane.view == "stats" and pane.row is not None:
            self.column = pane.row.column.name
            return ("values",)
        return {"look": ("fields",), "made": ("edit",)}.get(pane.view, ())


def _name(context: Context) -> str:
    return safe(context.document.name) if context.document else ""


def _rows(subject: str, context: Context, asked: Asked, cancel: Cancel) -> Table:
    return views.arranged(subject, context, asked, cancel)


def _sources(view: View, document: Document, documents: Mapping[str, Document]) -> list[Document]:
    """What a view may have looked at: the files of its format, and all below the document's directory."""
    form = next((form.id for form in formats.all_formats() if view in form.views), None)
    folder = document.path if document.kind == "directory" else document.path.rpartition("/")[0]
    below = "" if folder in ("", ".") else f"{folder}/"
    return [one for path, one in documents.items() if one.format == form or path.startswith(below)]


def _look(view: View, document: Document, documents: Mapping[str, Document], _cancel: Cancel) -> Look:
    return Look(view, document.path, view.table(document, documents), tuple(view.charts(document, documents)))


def _checked(cancel: Cancel, table: Table) -> stats.Check:
    cancel.done, cancel.total = 0, len(table.rows)

    def check(rows: int) -> None:
        cancel.done = rows
        cancel.check()

    return check


def _tallied(subject: str, title: str, source: Callable[[Cancel], Table], cancel: Cancel) -> Tallied | str:
    try:
        table = source(cancel)
        return Tallied(subject, title, len(table.rows), stats.summaries(table, check=_checked(cancel, table)))
    except UsageError as fault:
        return str(fault)


def _counted(subject: str, title: str, source: Callable[[Cancel], Table], name: str, cancel: Cancel) -> Counted | str:
    try:
        table = source(cancel)
        found = stats.frequencies(table, name, _checked(cancel, table))
        return Counted(subject, title, tables.column_named(table, name), found)
    except UsageError as fault:
        return str(fault)


def _grouped(subject: str, title: str, source: Callable[[Cancel], Table], name: str, cancel: Cancel) -> Counted | str:
    try:
        table = source(cancel)
        found = grouping.groups(table, name, _checked(cancel, table))
        return Counted(subject, title, tables.column_named(table, name), found, grouping.measured(table, name))
    except UsageError as fault:
        return str(fault)


def _made(root: str, document: Document, documents: Mapping[str, Document], cancel: Cancel) -> Made:
    form = formats.named(document.format or "")
    makers = [form] if form else formats.all_formats()
    found = [one for maker in makers if maker.products for one in maker.products(document, documents)]
    read = access.below(root).read

    def stored(path: str) -> bytes | None:
        try:
            return read(path)
        except Unreadable as fault:
            return None if fault.is_gone else b""

    return Made(document.path, made.beside(found, stored, cancel.check))
