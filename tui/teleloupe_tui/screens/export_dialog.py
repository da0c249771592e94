"""Asks how an export should be: format, rows, place."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from teleloupe_tui.cells import number
from teleloupe_tui.screens.dialog import Dialog


class Wanted(Struct, frozen=True):
    """How an export should be."""

    form: str
    scope: str
    place: str


class Choice(Widget, can_focus=True):
    """One of a few words, all in sight; left and right, or a click, choose."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", show=False),
        Binding("right,l,space", "step(1)", show=False),
    ]

    class Changed(Message):
        """Another word was chosen."""

    def __init__(self, label: str, words: Sequence[str], texts: Sequence[str], *, id: str, at: int = 0) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.label, self.words, self.texts = label, words, texts
        self.at = at

    @property
    def word(self) -> str:
        """The chosen word."""
        return self.words[self.at]

    def render(self) -> Content:
        """The label and the words, the chosen one in brackets."""
        parts: list[tuple[str, str]] = [(f"{self.label:<8}", "bold $text-accent" if self.has_focus else "$muted")]
        for index, text in enumerate(self.texts):
            parts.append(
                (f"[{text}]", "bold reverse" if self.has_focus else "bold") if index == self.at else (f" {text} ", "")
            )
            parts.append((" ", ""))
        return Content.assemble(*parts)

    def action_step(self, step: int) -> None:
        """The next word, around the end."""
        self.choose((self.at + step) % len(self.words))

    def choose(self, at: int) -> None:
        """Take a word by number."""
        self.at = at
        self.refresh()
        self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """Take the word under the pointer."""
        left = 8
        for index, text in enumerate(self.texts):
            if left <= event.x < left + len(text) + 3:
                self.choose(index)
            left += len(text) + 3


class ExportDialog(Dialog[Wanted | None]):
    """Answers with how the export should be, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "back", show=False),
        Binding("enter", "write", "write", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self, scopes: Mapping[str, int], suffixes: Mapping[str, str], place: Callable[[str], str], form: str = ""
    ) -> None:
        super().__init__()
        self.scopes = scopes
        self.suffixes = suffixes
        self.place = place
        self.first = form if form in suffixes else next(iter(suffixes))

    def compose(self) -> ComposeResult:
        """Format, rows, place."""
        with Vertical(classes="dialog form") as form:
            form.border_title = Content("export")
            form.border_subtitle = Content("enter writes  tab next  esc back")
            words = list(self.suffixes)
            yield Choice("format", words, words, id="export-form", at=words.index(self.first))
            yield Choice(
                "rows",
                list(self.scopes),
                [f"{scope} {number(count)}" for scope, count in self.scopes.items()],
                id="export-scope",
            )
            yield Static(Content("place   "), id="export-place-label")
            yield Input(self.place(self.suffixes[self.first]), id="export-place", compact=True, select_on_focus=False)

    @on(Choice.Changed)
    def rename(self) -> None:
        """The place's ending follows the format."""
        place = self.query_one("#export-place", Input)
        place.value = f"{os.path.splitext(place.value)[0]}.{self.suffixes[self._form]}"

    @on(Input.Submitted)
    def action_write(self) -> None:
        """Answer."""
        scope = self.query_one("#export-scope", Choice).word
        self.dismiss(Wanted(self._form, scope, self.query_one("#export-place", Input).value))

    @property
    def _form(self) -> str:
        return self.query_one("#export-form", Choice).word
