"""The one screen behind all views: it holds a snapshot and what of it is selected, and feeds the panes in sight."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.screen import Screen

from teleloupe.export import Saved, default_folder, is_inside
from teleloupe.model import Document, Snapshot
from teleloupe_tui import changes, keys, layout, views
from teleloupe_tui.changes import Change
from teleloupe_tui.config import Config
from teleloupe_tui.differences import Diff
from teleloupe_tui.evidence import Claimed, Evidence
from teleloupe_tui.fresh import Seen
from teleloupe_tui.hexes import Viewed
from teleloupe_tui.jobs import Done, Jobs
from teleloupe_tui.pacing import Pace
from teleloupe_tui.recall import Recall
from teleloupe_tui.screens import news, proving, reading, status, walking
from teleloupe_tui.screens.placing import place_panes
from teleloupe_tui.screens.remembering import Remembering
from teleloupe_tui.screens.working import Working
from teleloupe_tui.situations import Situation
from teleloupe_tui.source import Source, name_of
from teleloupe_tui.tally import Tally
from teleloupe_tui.tips import Tips
from teleloupe_tui.trail import Trail
from teleloupe_tui.views import Context
from teleloupe_tui.widgets.bars import Bar, Footer, Tabs
from teleloupe_tui.widgets.grid import Grid
from teleloupe_tui.widgets.kept import Kept
from teleloupe_tui.widgets.pane import Pane

if TYPE_CHECKING:
    from teleloupe_tui.widgets.prompt import Prompt

SETTLE_S = 0.03  # a cursor that rests so long wants to see what it stands on
TICK_S = 1.0
DEFAULTS = Config()
# what shows the row that the cursor of a list stands on
DEPENDENTS = {
    "files": ("records", "artefact", "record"),
    "records": ("record",),
    "issues": ("place",),
    "sums": ("verdict",),
    "diff": ("change",),
}


class Body(Kept, Container):
    """Where the panes stand."""


class Inspector(Kept, Screen[None]):
    """Files, records, issues and sums of one directory, live."""

    AUTO_FOCUS = ""  # the pane that is here takes it when it is laid out

    def __init__(
        self,
        source: Source,
        clock: Callable[[], float],
        *,
        select: str | None = None,
        config: Config = DEFAULTS,
        recall: Recall | None = None,
        alert: str = "",
        state_folder: str | None = None,
    ) -> None:
        super().__init__(id="inspector")
        self.recall = recall or Recall()
        self.tips = Tips(self.recall, are_wanted=config.has_tips)
        self._bindings = keys.bound(self._bindings, {key.id for key in keys.KEYS} - keys.ON_GRID, "do")
        self.source = source
        self.config = config
        self.clock = clock
        self.snapshot = Snapshot(source.root)
        self.tally = Tally()
        self.seen_at = clock()
        self.latest: tuple[Snapshot, Tally] | None = None
        self.heard = self.snapshot
        self.held: deque[Change] = deque(maxlen=changes.KEPT_EVENTS)  # events of snapshots that are not shown yet
        self.waiting = 0
        self.arrived = 0
        self.seen: Seen | None = None
        self.alarm = news.alarm(alert, select) if alert else None
        self.events: deque[Change] = deque(maxlen=changes.KEPT_EVENTS)
        self.path: str | None = select
        self.index = 0
        self.content: reading.Content | None = None
        self.evidence: dict[Claimed, Evidence] = {}
        self.diff: Diff | None = None
        self.viewed = Viewed()
        self.compare_again: Callable[[], None] | None = None
        self.screen_name = "files"
        self.pane_name = "files"
        self.returns: list[tuple[str, str]] = []
        self.trail = Trail()
        self.exports: list[Saved] = []
        self.forms_chosen: dict[str, str] = {}  # in which each view was written last
        self.root_name = name_of(source.roots)
        self.is_following = False
        self.is_paused = False
        self.is_zoomed = False
        self.wanted_path = select
        self.wanted_line: int | None = None  # of the selected file's text, once it is read
        self.body = Body(id="body")
        self.jobs = Jobs(self)
        self.working = Working(self)
        self.panes = {view: Pane(view, self.jobs) for view in views.VIEWS}  # mounted when first seen
        self.layout_now = layout.Layout({}, has_borders=False)
        self._due: set[str] | None = None
        self._is_resting = False
        self.pace = Pace(self)
        self._laid_out_for: Size | None = None
        self.remembering = Remembering(self, state_folder)
        self.remembering.restore()

    def compose(self) -> ComposeResult:
        """Title, screens, panes, facts, the last event, keys."""
        yield Bar(id="title", firm=2, keeps_end=True)
        yield Tabs()
        with self.body:
            yield self.panes["files"]
        yield Bar(id="facts")
        yield Bar(id="judged")
        yield Bar(id="ticker")
        yield Footer()

    def on_mount(self) -> None:
        """Start the clock."""
        self.set_interval(TICK_S, self.tick)
        if self.remembering.fault:
            self.say(self.remembering.fault, is_bad=True)

    def on_unmount(self) -> None:
        """Keep where the reader was."""
        self.remembering.close()

    def tick(self) -> None:
        """What changes without news: ages, and an alert that had to be sure."""
        news.look(self, self.heard)
        self.remembering.tick()
        self.show_status()

    @property
    def is_read(self) -> bool:
        """Whether all of the directory was read once: what comes later is news."""
        return self.seen is not None

    @property
    def is_whole(self) -> bool:
        """Whether its widgets are there: not before they are mounted, and not while they are taken down at the end."""
        return self.is_mounted and self.body.is_attached

    # panes

    def pane(self, name: str) -> Pane:
        """A pane by name."""
        pane = self.panes[name]
        if not pane.is_attached:
            pane.display = False
            self.body.mount(pane)
        return pane

    @property
    def here(self) -> Pane:
        """The pane with the focus, or that had it last."""
        return self.pane(self.pane_name)

    def go(self, screen: str, pane: str | None = None) -> None:
        """Bring a screen up, with the focus on one of its panes, its list by default."""
        self.screen_name = screen
        self.pane_name = pane or layout.SCREENS[screen][0]
        self.lay_out()
        self.trail.arrive(walking.here(self))

    def lay_out(self) -> None:
        """Place the panes for the terminal's size, feed those in sight, and put the focus where it belongs."""
        if self.size.width and self.is_whole:
            place_panes(self)
            self.here.focus(scroll_visible=False)
            self.feed()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the panes out anew; what they show, and where the cursor stands, is theirs."""
        if event.size != self._laid_out_for:
            self._laid_out_for = event.size
            self.lay_out()

    def on_descendant_focus(self) -> None:
        """Remember where the focus is, not where it was; a pane of another screen brings that screen up."""
        widget = self.focused
        if not isinstance(widget, Pane) or widget.view == self.pane_name:
            return
        self.pane_name = widget.view
        owner = layout.screen_of(widget.view)
        if owner in ("files", "records") and self.screen_name in ("files", "records") and owner != self.screen_name:
            self.screen_name = owner
            self.lay_out()
        self.show_status()

    @property
    def export_folder(self) -> str:
        """Where exports go unless a place is named: never into what is watched."""
        roots, wanted = self.source.roots, self.config.export_dir
        return wanted if wanted and not any(is_inside(wanted, root) for root in roots) else default_folder(roots[0])

    # feeding

    @property
    def document(self) -> Document | None:
        """The selected file, if it is there."""
        return self.snapshot.documents.get(self.path) if self.path is not None else None

    def context(self) -> Context:
        """What panes are made of, as things stand."""
        of = reading.subject(self)
        content = self.content if self.content and of and self.content.path == of.path else None
        return Context(
            self.snapshot,
            self.path,
            self.index,
            self.panes["issues"].row,
            self.panes["sums"].row,
            content.text if content else None,
            tuple(self.events) if "live" in self.layout_now.boxes else (),
            self.clock(),
            self.tally.issues,
            proving.known(self),
            self.diff,
            self.panes["diff"].row if self.diff else None,
            self.source.is_read_only,
            self.working.known(),
            viewed=self.viewed,
            seen=self.seen,
            arrived=self.arrived,
        )

    def feed(self, names: Iterable[str] | None = None) -> None:
        """Give the panes in sight, or some of them, what they show; lists come before what shows one of their rows."""
        if not self.is_whole:
            return
        self.working.refresh()
        for name in views.VIEWS:
            if name in self.layout_now.boxes and (names is None or name in names):
                self.pane(name).feed(self.context())
        self.show_status()

    def feed_soon(self, names: Iterable[str]) -> None:
        """Feed panes that depend on the selection, and the lines around them, once the cursor has been drawn."""
        if self._due is None:
            self._due = set()
            self.call_after_refresh(self._feed_due)
        self._due.update(names)

    def _feed_due(self) -> None:
        due, self._due = self._due, None
        self.feed(due or ())
        if not self._is_resting:
            self._is_resting = True
            self.set_timer(SETTLE_S, self._rested)

    def _rested(self) -> None:
        self._is_resting = False
        reading.read(self)
        proving.prove(self)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is under way: no job, and nothing that waits for the cursor to rest."""
        return not (self._due is not None or self._is_resting or self.pace.is_busy or self.jobs.running)

    def receive(self, snapshot: Snapshot, tally: Tally) -> None:
        """Take a newer snapshot; while paused, and while an earlier one is being drawn, it only waits."""
        news.receive(self, snapshot, tally)

    def refresh_shown(self) -> None:
        """Compare, or look at the bytes, anew when the file on the screen has changed."""
        from teleloupe_tui.screens import bytewise, comparing

        if self.screen_name == "diff":
            comparing.refresh(self)
        elif self.screen_name == "bytes":
            bytewise.refresh(self)

    def follow(self, path: str | None) -> None:
        """Go to the file that changed last, and to its last record."""
        files, records = self.pane("files"), self.pane("records")
        if path is not None and self.screen_name == "files":
            files.feed(self.context(), row=path)
        elif self.screen_name == "records" and records.count:
            records.move_to(records.count - 1)

    # selecting

    @on(Grid.Moved)
    def select(self, event: Grid.Moved) -> None:
        """What the cursor stands on is what the other panes show."""
        event.stop()
        pane = event.grid
        if not isinstance(pane, Pane):
            return
        if pane.view == "files" and pane.row is not None and self.wanted_path is None:
            path = views.path_of(pane.row)
            if path is not None:
                self.choose(path)
        elif pane.view == "records" and pane.showing is not None:
            self.index = views.origin(pane.showing.table, pane.cursor) if pane.count else 0
        elif pane.view == "bytes":
            from teleloupe_tui.screens.bytewise import moved

            moved(self)
        self.feed_soon(DEPENDENTS.get(pane.view, ()) or self.working.moved(pane))

    def choose(self, path: str, index: int = 0) -> None:
        """Select a file and one of its records."""
        if path != self.path:
            old, new = self.snapshot.documents.get(self.path or ""), self.snapshot.documents.get(path)
            records = self.panes["records"]
            if old is None or new is None or [c.name for c in old.columns] != [c.name for c in new.columns]:
                records.forget_query()
            records.marks.clear()
            records.cursor = index
        self.path, self.index = path, index

    # keys and messages

    def situation(self) -> Situation:
        """What labels and readiness of keys depend on."""
        return status.situation(self)

    async def action_do(self, name: str) -> None:
        """Do what a key, the palette or the mouse asks for, or say why not."""
        from teleloupe_tui.screens.actions import ACTIONS

        if not self.is_whole:
            return
        situation = self.situation()
        key = keys.meant(name, situation.pane)
        if not key.works_in(situation.pane):
            self.say(f"{key.label} does nothing in this pane")
        elif reason := key.why_not(situation):
            self.say(reason)
        else:
            self.tips.use(key.id)
            self.trail.leave(walking.here(self))
            if (pending := ACTIONS[key.id](self)) is not None:
                await pending
            self.trail.arrive(walking.here(self))

    async def ask(self, prompt: Prompt) -> None:
        """Put a question in the line above the keys, in place of one that stands there; it gets the next key."""
        await self.query("Prompt").remove()
        self.app.clear_notifications()  # they would cover the question
        for name in ("#ticker", "#judged"):  # the prompt takes their lines
            self.query_one(name).display = False
        prompt.closed = self.lay_out
        await self.mount(prompt, before="#ticker")
        prompt.take_keys()

    def say(self, words: str, *, is_bad: bool = False) -> None:
        """A toast; `words` is safe text."""
        self.app.notify(words, severity="error" if is_bad else "information", timeout=4, markup=False)

    def show_status(self) -> None:
        """Bring every line around the panes up to date."""
        if self.is_whole:
            status.show(self)

    @on(Grid.Opened)
    async def open_row(self, event: Grid.Opened) -> None:
        """A double click is enter."""
        event.stop()
        await self.action_do("open")

    @on(Grid.Sorted)
    async def sort_column(self, event: Grid.Sorted) -> None:
        """A click on a title is s."""
        event.stop()
        await self.action_do("sort")

    @on(Grid.Folded)
    def fold(self, event: Grid.Folded) -> None:
        """A step to the side in the tree folds or unfolds."""
        from teleloupe_tui.screens.opening import fold

        event.stop()
        fold(self, is_open=event.is_open)

    @on(Tabs.Chosen)
    async def choose_screen(self, event: Tabs.Chosen) -> None:
        """A click on a screen's name goes there."""
        await self.action_do(event.screen_name)

    @on(Done)
    def finish_job(self, event: Done) -> None:
        """Hand a job's outcome to whoever waits for it."""
        if self.is_whole:
            self.jobs.finish(event)
            self.show_status()
