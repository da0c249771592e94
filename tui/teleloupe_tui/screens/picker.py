"""Choosing from a list that may be long: typing narrows it, enter takes the row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from teleloupe_tui import cells
from teleloupe_tui.screens.dialog import Dialog, move

MARGIN = 6
SHOWN = 300  # rows; typing brings up the others


class Picker(Dialog[int | None]):
    """Answers with the number of the chosen text, or None. The texts are safe."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "back", show=False),
        Binding("down,ctrl+n", "move('down')", show=False),
        Binding("up", "move('up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
    ]

    HINT = "type a part of the name"

    def __init__(self, title: str, texts: Sequence[str]) -> None:
        super().__init__()
        self.heading = title
        self.texts = texts

    def compose(self) -> ComposeResult:
        """What is typed, and below it what it leaves."""
        with Vertical(classes="dialog picker") as box:
            box.border_title = Content(self.heading)
            box.border_subtitle = Content("type to narrow  enter takes  esc back")
            yield Input(placeholder=self.HINT, id="picker-text", compact=True)
            yield OptionList(markup=False, id="picker-list")

    def on_mount(self) -> None:
        """Everything is there until something is typed."""
        self.fill("")

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Keep what has the text in it, in any case; a text typed after the answer changes nothing that it chose."""
        event.stop()
        if not self.is_answered:
            self.fill(event.value)

    @on(Input.Submitted)
    def take(self) -> None:
        """The row of the cursor."""
        listed = self.query_one(OptionList)
        option = None if listed.highlighted is None else listed.get_option_at_index(listed.highlighted)
        self.dismiss(int(option.id) if option and option.id else None)

    @on(OptionList.OptionSelected)
    def take_clicked(self, event: OptionList.OptionSelected) -> None:
        """The row that was clicked."""
        self.dismiss(int(event.option.id or 0))

    def action_move(self, way: str) -> None:
        """The cursor of the list, while the keys go to the text."""
        move(self.query_one(OptionList), way if "page" in way else f"cursor_{way}")

    @property
    def room(self) -> int:
        """Cells for a row of the list."""
        return max(min(100, self.app.size.width * 9 // 10) - MARGIN, 8)

    def fill(self, wanted: str) -> None:
        """List what has the text in it."""
        listed = self.query_one(OptionList)
        listed.clear_options()
        fitting = [index for index, text in enumerate(self.texts) if wanted.lower() in text.lower()]
        listed.add_options(
            [
                Option(Content(cells.fitted(self.texts[index], self.room).rstrip()), id=str(index))
                for index in fitting[:SHOWN]
            ]
        )
        listed.highlighted = 0 if fitting else None
