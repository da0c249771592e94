"""Letters over everything that can have the focus: a letter goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from teleloupe_tui.layout import NUMBERED
from teleloupe_tui.screens.dialog import Dialog
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.widgets.bars import Tabs

LETTERS = "asdfghjklwertyuiopzxcvbnm"  # q leaves, as everywhere


class Target(Struct, frozen=True):
    """Something to go to: where its letter stands, whether there is room for brackets, and how to get there."""

    x: int
    y: int
    go: Callable[[], Any]
    is_narrow: bool = False


class Jump(Dialog[int | None]):
    """Answers with the number of the chosen target, or None; a screen's number is its target's."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(None)", "back", show=False)]

    def __init__(self, targets: Sequence[Target], numbered: Sequence[int]) -> None:
        super().__init__()
        self.targets = targets
        self.numbered = numbered

    def compose(self) -> ComposeResult:
        """A letter for each."""
        for target, letter in zip(self.targets, LETTERS, strict=False):
            label = Static(Content(letter if target.is_narrow else f"[{letter}]"), classes="jump")
            label.styles.offset = (target.x, target.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        """A letter, or the number of a screen."""
        character = (event.character or "").lower()
        if character.isdecimal() and 0 < int(character) <= len(self.numbered):
            event.stop()
            self.dismiss(self.numbered[int(character) - 1])
        elif character and character in LETTERS[: len(self.targets)]:
            event.stop()
            self.dismiss(LETTERS.index(character))


def show(screen: Screen[Any]) -> None:
    """Draw letters over a screen and go where one is pressed; shown already, they go away."""
    if isinstance(screen, Jump):
        screen.dismiss(None)
        return
    targets = [*_tabs(screen), *_widgets(screen)][: len(LETTERS)]
    screens = [_screen(screen, name) for name in NUMBERED] if isinstance(screen, Inspector) else []
    everywhere = [*targets, *screens]

    async def chosen(number: int | None) -> None:
        if number is not None and (pending := everywhere[number].go()) is not None:
            await pending

    if targets:
        screen.app.push_screen(Jump(targets, range(len(targets), len(everywhere))), chosen)


def _tabs(screen: Screen[Any]) -> Iterator[Target]:
    for tabs in screen.query(Tabs):
        for x, name in tabs.places():
            found = _screen(screen, name)
            yield Target(tabs.region.x + x, tabs.region.y, found.go, is_narrow=True)


def _screen(screen: Screen[Any], name: str) -> Target:
    """A screen of the inspector, by its name."""

    async def go() -> None:
        if isinstance(screen, Inspector):
            await screen.action_do(name)

    return Target(0, 0, go)


def _widgets(screen: Screen[Any]) -> Iterator[Target]:
    for widget in screen.focus_chain:
        region = widget.region
        if region.area and screen.region.contains_point(region.offset):
            yield Target(region.x, region.y, _focus(widget))


def _focus(widget: Widget) -> Callable[[], None]:
    def go() -> None:
        widget.focus(scroll_visible=False)

    return go
