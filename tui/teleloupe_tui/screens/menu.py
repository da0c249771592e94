"""A short list to choose from, by letter, by cursor or by mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from teleloupe_tui import cells
from teleloupe_tui.screens.dialog import Dialog, move

MARGIN = 10  # border, padding, the letter and a scroll bar


class Item(Struct, frozen=True):
    """A choice: the letter that takes it, the answer it gives, what it says (safe text)."""

    letter: str
    answer: str
    text: str


class Menu(Dialog[str | None]):
    """Answers with the chosen item's answer, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "back", show=False),
        Binding("j", "move('down')", "down", show=False),
        Binding("k", "move('up')", "up", show=False),
    ]

    def __init__(self, title: str, items: Sequence[Item]) -> None:
        super().__init__()
        self.heading = title
        self.items = items

    def compose(self) -> ComposeResult:
        """One line an item."""
        room = max(min(100, self.app.size.width * 9 // 10) - MARGIN, 8)
        options = [
            Option(
                Content.assemble((f"{item.letter}  ", "bold"), cells.fitted(item.text, room).rstrip()), id=item.answer
            )
            for item in self.items
        ]
        listed = OptionList(*options, classes="dialog", markup=False)
        listed.border_title = Content(self.heading)
        listed.border_subtitle = Content("esc back")
        yield listed

    def action_move(self, way: str) -> None:
        """The cursor a line up or down."""
        move(self.query_one(OptionList), f"cursor_{way}")

    def on_key(self, event: events.Key) -> None:
        """A letter takes its item."""
        for item in self.items:
            if event.character == item.letter:
                event.stop()
                self.dismiss(item.answer)

    @on(OptionList.OptionSelected)
    def take(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click takes an item."""
        self.dismiss(event.option.id)
