"""A grid that knows what it is about: it turns a snapshot into its table, away from the screen if that takes long."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec import structs
from textual.content import Content

from teleloupe.model import Query, Table, UsageError
from teleloupe_tui import cells, columning, differences, ordering, views, worked
from teleloupe_tui.accounts import EMPTY
from teleloupe_tui.columning import PLAIN, Columning
from teleloupe_tui.hits import Hits
from teleloupe_tui.jobs import Cancel, Deliveries, Jobs
from teleloupe_tui.keys import spelt
from teleloupe_tui.views import Asked, Context
from teleloupe_tui.widgets.columns import PREFIX
from teleloupe_tui.widgets.grid import Grid
from teleloupe_tui.widgets.showing import Showing

GRAVEST_FIRST = ("issues", "sums")


class Pane(Grid):
    """One of the views: what was asked of it, and the table that answers."""

    def __init__(self, view: str, jobs_of_screen: Jobs) -> None:
        super().__init__(id=view)
        self.view = view
        self.asked = Asked(form=views.FORMS.get(view, ("",))[0])
        self.table: Table = EMPTY
        self.context: Context | None = None
        self.fault = ""
        self.is_whole = True  # false while the filter is still at work and `table` has what it found so far
        self.is_tried = False  # whether the filter is being typed: marks of rows that it hides are kept
        self.hits: Hits | None = None
        self.columnings: dict[str, Columning] = {}
        self.doubted: Callable[[str], None] | None = None  # told why, where what was remembered does not fit
        self._plain: Showing | None = None
        self._jobs = jobs_of_screen
        self._titles = ("", "")
        self._shown: tuple[Asked, str | None] | None = None

    def feed(self, context: Context, *, row: Any = None) -> None:
        """Show what a newer context has; `row` is the key of the row to go to, by default the one of now."""
        is_heavy = self._is_heavy(context)
        if not is_heavy:
            self._answered(context, row, _answer(self.view, context, self.asked, self.room, Cancel()))
            return
        is_new = self._shown != (self.asked, context.path)
        work = partial(_answer, self.view, context, self.asked, self.room, screenful=self.page if is_new else 0)
        so_far = partial(self._answered, context, row, is_whole=False)
        self._jobs.run_after(self.view, self._telling, work, partial(self._answered, context, row), so_far)

    def ask(self, **changes: Any) -> None:
        """Ask something else of the view: its form, filter, sort or folded directories."""
        self.asked = structs.replace(self.asked, **changes)
        self._jobs.cancel(self.view)
        self.is_whole = True
        if self.context is not None:
            self.feed(self.context)

    @property
    def columning(self) -> Columning:
        """How the columns of what is shown are wanted."""
        return self.columnings.get(views.sort_of(self.view, self.context, self.asked.form), PLAIN)

    def arrange_columns(self, wanted: Columning) -> None:
        """Show the columns otherwise, here and in all lists of this sort."""
        self.columnings[views.sort_of(self.view, self.context, self.asked.form)] = wanted
        if self._plain is not None:
            self.show(columning.arranged(self._plain, wanted))

    @property
    def room(self) -> int:
        """Cells for the columns of a page: the width less cursor, marks and a scroll bar."""
        border = 2 if self.styles.border_right[0] else 1 if self.styles.border_left[0] else 0
        width = self.styles.width
        return int(width.value if width else self.size.width) - border - PREFIX - 1

    def forget_query(self) -> None:
        """Back to all rows in their own order, as another file's columns need not fit."""
        self.asked = structs.replace(self.asked, query=Query())

    @property
    def marked(self) -> Table:
        """The rows that `x` writes: the marked ones, else all that are shown."""
        key = views.VIEWS[self.view].key
        return self.seen(views.selected_rows(self.table, key, self.marks) if self.marks else self.table)

    def seen(self, table: Table) -> Table:
        """A table of this view with the columns that are not hidden, in their order."""
        return columning.seen(table, self.columning)

    @property
    def is_filtered(self) -> bool:
        """Whether rows may be hidden."""
        return bool(self.asked.query.filter)

    def titled(self, key: str, note: str = "") -> None:
        """Border titles: the name with its counts, and on the lower border the order and the filter."""
        name = f"{key} " if key else ""
        about = self._about()
        count = f"  {self._counted()}" if views.VIEWS[self.view].can_sort else ""
        news = f"  {self.news}" if self.news else ""
        titles = f"{name}{views.VIEWS[self.view].title}{about}{count}{news}{note}", self.order
        if titles != self._titles:  # setting one draws the whole pane
            self._titles = titles
            self.border_title, self.border_subtitle = Content(titles[0]), Content(titles[1])

    def _counted(self) -> str:
        count, total = cells.number(len(self.table.rows)), cells.number(self.table.total)
        if not self.is_whole:
            job = self._jobs.named(self.view)
            return f"{count} so far, {job.cancel.share}" if job else f"{count} before it was stopped"
        unit = (" cause" if count == "1" else " causes") if self.asked.form == "group" else ""
        return f"{count}{unit} of {total}" if self.is_filtered and count != total else f"{count}{unit}"

    @property
    def news(self) -> str:
        """How many rows are new since the reader looked, in words; "" when none is."""
        return self.showing.news.words if self.showing and self.showing.news else ""

    @property
    def order(self) -> str:
        """How the rows are ordered and filtered, in words; "" when they are all there in file order."""
        query = self.asked.query
        if self.view == "diff":
            return differences.order(self.asked.form)
        parts = [f"filter: {cells.shown(query.filter)}"] if query.filter else []
        parts += [ordering.in_words(query.sort)] if query.sort else []
        hidden = columning.in_words(self.columning, self.showing.columns, self.showing.kind) if self.showing else ""
        return " · ".join([*parts, hidden] if hidden else parts)

    def _about(self) -> str:
        if self.view in worked.PANES:
            return worked.about(self.view, self.context.worked) if self.context else ""
        if self.context is None or self.context.document is None or self.view in ("files", "issues", "sums", "live"):
            return ""
        return f"  {cells.shown(self.context.document.name)}" if self.view in ("records", "artefact", "bytes") else ""

    @property
    def _telling(self) -> str:
        query = self.asked.query
        return "filtering" if query.filter else "sorting" if query.sort else "reading"

    def _is_heavy(self, context: Context) -> bool:
        is_plain = not (self.asked.query.filter or self.asked.query.sort)
        if self.view == "records" and is_plain:
            return False
        return views.is_long(self.view, context)

    def _answered(
        self, context: Context, row: Any, answer: tuple[Table, Showing] | str, *, is_whole: bool = True
    ) -> None:
        was_reading = self.context is not None and self.context.snapshot.progress is not None
        self.context, self._shown = context, (self.asked, context.path)
        is_first, self.is_whole = self.is_whole and not is_whole, is_whole
        is_there = self.view != "records" or context.document is not None
        doubted, self.doubted = self.doubted, None if is_there else self.doubted
        if isinstance(answer, str) and doubted:
            if is_there:
                doubted(answer)
            return
        if isinstance(answer, str):
            self.fault = answer
            self.table = EMPTY
            self.show(
                Showing(EMPTY, (), lambda _table, index: index, hint=(answer, "", f"{spelt('back')} clears the filter"))
            )
            return
        self.fault = ""
        self.table, self._plain = answer
        showing = columning.arranged(self._plain, self.columning)
        at = None if row is None else _row_of(showing, row)
        if is_first and at is None:
            at = _row_of(showing, self.key) or 0
        if at is None and was_reading and self.cursor == 0 and self.view in GRAVEST_FIRST:
            at = 0  # what a scan finds later goes above; a reader who has not moved wants the gravest
        self.show(showing, at)
        if self.marks and is_whole and not self.is_tried:
            self.marks = {mark for mark in self.marks if _row_of(showing, mark) is not None}


def _row_of(showing: Showing, key: Any) -> int | None:
    if showing.row_of:
        return showing.row_of(showing.table, key) if key is not None else None
    return next((index for index in range(len(showing.table.rows)) if showing.key(showing.table, index) == key), None)


def _answer(
    view: str, context: Context, asked: Asked, room: int, cancel: Cancel, *, screenful: int = 0
) -> tuple[Table, Showing] | str:
    """A view's table and how it is drawn, or what is wrong with what was asked.

    What a filter has found is delivered once it fills the screen, and now and then from there on.
    """
    deliveries = Deliveries()

    def found(table: Table) -> None:
        if deliveries.is_due(len(table.rows), screenful):
            cancel.deliver((table, views.showing(view, table, context, asked, room)))

    try:
        table = views.arranged(view, context, asked, cancel, found if screenful else None)
    except UsageError as fault:
        return str(fault)
    return table, views.showing(view, table, context, asked, room)
