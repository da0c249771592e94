"""What this pane is and what every key does in it: typing finds a key, enter presses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from teleloupe_tui import keys, pages, views
from teleloupe_tui.about import ABOUT
from teleloupe_tui.keys import Key
from teleloupe_tui.screens.dialog import Dialog, move
from teleloupe_tui.situations import Situation

KEYS_WIDTH = 19
MARGIN = 7  # border, padding, those of the list, and a scroll bar
Section = tuple[str, Sequence[Key]]


class Help(Dialog[str | None]):
    """Answers with the id of the key to press, or None. `standing` says how the pane stands, as safe text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "dismiss(None)", "back", show=False),
        Binding("down,ctrl+n", "move('cursor_down')", show=False),
        Binding("up", "move('cursor_up')", show=False),
        Binding("pagedown,ctrl+f,ctrl+d", "move('page_down')", show=False, priority=True),
        Binding("pageup,ctrl+b,ctrl+u", "move('page_up')", show=False, priority=True),
    ]

    def __init__(self, situation: Situation, standing: str = "") -> None:
        super().__init__()
        self.situation = situation
        self.standing = standing

    def compose(self) -> ComposeResult:
        """What is typed, and below it the keys that it leaves."""
        with Vertical(classes="dialog help") as box:
            box.border_title = Content(f"keys in {views.VIEWS[self.situation.pane].title}")
            box.border_subtitle = Content("type to find  enter does it  esc back")
            yield Input(placeholder="type a word or a key", id="help-text", compact=True)
            yield OptionList(markup=False, id="help-list")

    def on_mount(self) -> None:
        """Everything is there until something is typed."""
        self._fill("")

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Keep the keys that have to do with what is typed; the key of this screen, first of all, leaves it."""
        event.stop()
        if event.value in keys.named("help").now_spelt and not event.value.isalnum():
            self.dismiss(None)
            return
        self._fill(event.value.strip().lower())

    @on(Input.Submitted)
    def take(self) -> None:
        """The key of the row under the cursor."""
        listed = self.query_one(OptionList)
        option = None if listed.highlighted is None else listed.get_option_at_index(listed.highlighted)
        self.dismiss(option.id if option else None)

    @on(OptionList.OptionSelected)
    def take_clicked(self, event: OptionList.OptionSelected) -> None:
        """The row that was clicked."""
        self.dismiss(event.option.id)

    def action_move(self, way: str) -> None:
        """The cursor of the list, while the keys go to the text."""
        move(self.query_one(OptionList), way)

    def _fill(self, wanted: str) -> None:
        listed = self.query_one(OptionList)
        listed.clear_options()
        width = min(100, self.app.size.width * 9 // 10) - MARGIN
        if wanted:
            sections = found(wanted, self.situation)
        else:
            sections = all_keys(self.situation)
            about = [ABOUT[self.situation.pane], *filter(None, [self.standing]), ""]
            lines = [line for text in about for line in pages.wrapped(text, width) or [""]]
            listed.add_option(Option(Content("\n".join(lines)), disabled=True))
        for heading, rows in sections:
            listed.add_option(Option(Content.assemble((heading, "bold $text-accent")), disabled=True))
            listed.add_options([Option(row(key, self.situation, width), id=key.id) for key in rows])
        listed.scroll_home(animate=False)
        listed.highlighted = next((at for at, option in enumerate(listed.options) if not option.disabled), None)
        if not wanted:
            listed.scroll_home(animate=False)


def all_keys(situation: Situation) -> Iterator[Section]:
    """The keys of the pane alone, then those of every pane by group, then those of others."""
    here = [key for key in keys.KEYS if key.panes and key.works_in(situation.pane)]
    here.sort(key=lambda key: bool(key.why_not(situation)))
    if here:
        yield "In this pane", here
    for group in dict.fromkeys(key.group for key in keys.KEYS):
        if general := [key for key in keys.KEYS if key.group == group and not key.panes]:
            yield f"{group}, in every pane", general
    if others := [key for key in keys.KEYS if not key.works_in(situation.pane)]:
        yield "In other panes", others


def found(wanted: str, situation: Situation) -> Iterator[Section]:
    """The keys that have to do with a word, those that work in the pane first; a key itself finds what it does."""
    fitting = [key for key in keys.KEYS if wanted in _words(key, situation)]
    fitting.sort(key=lambda key: (not _is_named(key, wanted), not key.works_in(situation.pane)))
    yield f"{len(fitting)} found" if fitting else "nothing found", fitting


def row(key: Key, situation: Situation, width: int) -> Content:
    """A key and what it does, longer texts below their own start; why it does nothing just now, or where it does."""
    reason = _reason(key, situation)
    now = key.state(situation) if key.works_in(situation.pane) else ""
    said = f"{key.help}{f' (now: {now})' if now else ''}{f' ({reason})' if reason else ''}"
    parts: list[tuple[str, str]] = []
    for number, line in enumerate(pages.wrapped(said, max(width - KEYS_WIDTH, 20))):
        shown = key.shown if number == 0 else ""
        if len(shown) > KEYS_WIDTH - 3:
            parts.append((f"  {shown}\n", "bold"))
            shown = ""
        end = "" if not parts else "\n" if parts[-1][0][-1:] != "\n" else ""
        parts += [(f"{end}  {shown:<{KEYS_WIDTH - 2}}", "bold"), (line, "$muted" if reason else "")]
    return Content.assemble(*parts)


def _reason(key: Key, situation: Situation) -> str:
    if key.works_in(situation.pane):
        return key.why_not(situation)
    named = [views.VIEWS[pane].title for pane in key.panes]
    return f"in {', '.join(dict.fromkeys(named))}"


def _is_named(key: Key, wanted: str) -> bool:
    return wanted in map(str.lower, key.now_spelt) or key.label.startswith(wanted)


def _words(key: Key, situation: Situation) -> str:
    return " ".join((key.id, key.label, key.help, key.group, keys.label(key, situation), *key.now_spelt)).lower()
