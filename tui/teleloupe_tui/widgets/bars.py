"""The lines around the panes: what is here, the screens, the selected file, the last event, the keys."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from teleloupe_tui import cells, keys
from teleloupe_tui.keys import Situation

Part = tuple[str, str]  # text and style


class Bar(Widget):
    """A line with something at its left and something at its right; the left gives way, never the right."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._left: Sequence[Part] = ()
        self._right: Sequence[Part] = ()

    def say(self, left: Sequence[Part], right: Sequence[Part] = ()) -> None:
        """Show other text; the same text again costs nothing."""
        if (list(left), list(right)) != (list(self._left), list(self._right)):
            self._left, self._right = left, right
            self.refresh()

    def render(self) -> Content:
        """The line."""
        room = self.size.width - sum(cells.width(text) for text, _ in self._right) - (2 if self._right else 0)
        left = clipped(self._left, max(room, 0))
        used = sum(cells.width(text) for text, _ in left)
        gap = self.size.width - used - sum(cells.width(text) for text, _ in self._right)
        return Content.assemble(*left, " " * max(gap, 0), *self._right)


def clipped(parts: Sequence[Part], room: int) -> list[Part]:
    """The parts that fit, the last of them cut with an ellipsis."""
    found: list[Part] = []
    for text, style in parts:
        size = cells.width(text)
        if size > room:
            if room > 1:
                found.append((cells.fitted(text, room), style))
            break
        found.append((text, style))
        room -= size
    return found


def whole(parts: Sequence[Sequence[Part]], room: int, gap: int = 2) -> list[Part]:
    """As many groups of parts as fit whole, with gaps between them: nothing is ever cut."""
    found: list[Part] = []
    for group in parts:
        size = sum(cells.width(text) for text, _ in group)
        if size > room:
            break
        found += [*group, (" " * gap, "")]
        room -= size + gap
    return found[:-1]


class Tab(Struct, frozen=True):
    """A screen in the line of screens."""

    screen: str
    text: str
    is_here: bool = False
    is_alarming: bool = False


class Tabs(Bar):
    """The screens; a click goes to one."""

    class Chosen(Message):
        """A screen was clicked."""

        def __init__(self, screen: str) -> None:
            super().__init__()
            self.screen_name = screen

    def __init__(self) -> None:
        super().__init__(id="tabs")
        self.tabs: Sequence[Tab] = ()

    def offer(self, tabs: Sequence[Tab], right: Sequence[Part]) -> None:
        """Show these screens."""
        self.tabs = tabs
        parts: list[Part] = []
        for tab in tabs:
            style = "bold $text-accent underline" if tab.is_here else "$text-error" if tab.is_alarming else ""
            parts += [(" ", ""), (f"{tab.text}", style), (" ", "")]
        self.say(parts, right)

    def on_click(self, event: events.Click) -> None:
        """Go to the screen under the pointer."""
        left = 0
        for tab in self.tabs:
            left += cells.width(tab.text) + 2
            if event.x < left:
                self.post_message(self.Chosen(tab.screen))
                return


class Footer(Bar):
    """Two lines of keys: those of the pane, whole or not at all; help, commands and quit below them."""

    def __init__(self) -> None:
        super().__init__(id="footer")
        self.situation = Situation()
        self.note: Sequence[Part] = ()

    def tell(self, situation: Situation, note: Sequence[Part]) -> None:
        """Show the keys of a situation, and a note at the right of the last line."""
        if (situation, list(note)) != (self.situation, list(self.note)):
            self.situation, self.note = situation, note
            self.refresh()

    def render(self) -> Content:
        """Both lines."""
        room = self.size.width - 2
        groups = [_named(key, self.situation) for key in keys.footer(self.situation)]
        last = [_named(keys.named(name), self.situation) for name in keys.LAST_LINE]
        always = whole(last, room)
        used = sum(cells.width(text) for text, _ in always)
        note = clipped(self.note, max(room - used - 2, 0))
        gap = room - used - sum(cells.width(text) for text, _ in note)
        return Content.assemble(" ", *whole(groups, room), "\n ", *always, " " * gap, *note)


def _named(key: keys.Key, situation: Situation) -> list[Part]:
    shown = key.shown_as or keys.SPELLINGS.get(first := key.keys.split(",")[0], first)
    return [(shown, "bold $text-accent"), (f" {keys.label(key, situation)}", "")]
