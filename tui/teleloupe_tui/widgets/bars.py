"""The lines around the panes: what is here, the screens, the selected file, the last event, the keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from textual import events
from textual.content import Content
from textual.message import Message

from teleloupe_tui import cells, keys
from teleloupe_tui.situations import Situation
from teleloupe_tui.widgets.kept import Kept

Part = tuple[str, str]  # text and style
GAP = 2  # cells between groups
LEAST_FIRST = 12  # cells that the first group of a line keeps


class Bar(Kept):
    """A line with groups of text at its left and right. The first group may be cut, others are whole or not there.

    A cut group loses its end, or its start for `keeps_end`. The first `firm` groups at the left come before those at
    the right, the rest after them; `sure` ones at the right come before the whole of the first group.
    """

    ALLOW_SELECT = False

    def __init__(self, *, id: str, firm: int = 1, keeps_end: bool = False) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._firm, self._keeps_end = firm, keeps_end
        self._left: list[list[Part]] = []
        self._right: list[list[Part]] = []
        self._sure = 0

    def say(self, *left: Sequence[Part], right: Sequence[Sequence[Part]] = (), sure: int = 0) -> None:
        """Show other groups; the same again costs nothing."""
        wanted = ([list(group) for group in left], [list(group) for group in right], sure)
        if wanted != (self._left, self._right, self._sure):
            self._left, self._right, self._sure = wanted
            self.refresh()

    def render(self) -> Content:
        """The line."""
        room = self.size.width - 1
        first, firm, rest = self._left[:1], self._left[1 : self._firm], self._left[self._firm :]
        kept = whole(firm, room - LEAST_FIRST, gap=0)
        own = room - width(kept)
        if sure := whole(self._right[: self._sure], own - LEAST_FIRST - 2):
            own -= width(sure) + 2
        left = clipped(first[0] if first else [], own, keeps_end=self._keeps_end) + kept
        right = whole(self._right, room - width(left) - 2)
        left += whole(rest, room - width(left) - width(right) - 2, gap=0)
        return Content.assemble(*left, " " * max(room - width(left) - width(right), 0), *right)


def clipped(parts: Sequence[Part], room: int, *, keeps_end: bool = False) -> list[Part]:
    """The parts that fit, the last of them cut with an ellipsis, at its start for `keeps_end`."""
    found: list[Part] = []
    for text, style in parts:
        size = cells.width(text)
        if size > room:
            if room > 1:
                found.append((cells.fitted(text, room, keeps_end=keeps_end), style))
            break
        found.append((text, style))
        room -= size
    return found


def whole(parts: Sequence[Sequence[Part]], room: int, gap: int = GAP) -> list[Part]:
    """As many groups of parts as fit whole, with gaps between them: nothing is ever cut."""
    found: list[Part] = []
    for group in parts:
        size = width(group)
        if size > room:
            break
        found += [*group, (" " * gap, "")]
        room -= size + gap
    return found[:-1]


def width(parts: Sequence[Part]) -> int:
    """Cells of some parts in a row."""
    return sum(cells.width(text) for text, _ in parts)


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
        super().__init__(id="tabs", firm=9)
        self.tabs: Sequence[Tab] = ()

    def offer(self, tabs: Sequence[Tab], right: Sequence[Sequence[Part]]) -> None:
        """Show these screens."""
        self.tabs = tabs
        groups: list[list[Part]] = [[]]
        for tab in tabs:
            style = "bold underline $text-accent" if tab.is_here else "$text-error" if tab.is_alarming else ""
            groups.append([(" ", ""), (tab.text, style), (" ", "")])
        self.say(*groups, right=right)

    def places(self) -> Iterator[tuple[int, str]]:
        """Where each screen's name begins, and what it is."""
        left = 0
        for tab in self.tabs:
            yield left, tab.screen
            left += cells.width(tab.text) + 2

    def on_click(self, event: events.Click) -> None:
        """Go to the screen under the pointer."""
        under = [(left, tab) for (left, _), tab in zip(self.places(), self.tabs, strict=True) if left <= event.x]
        if under and event.x < under[-1][0] + cells.width(under[-1][1].text) + 2:
            self.post_message(self.Chosen(under[-1][1].screen))


class Footer(Bar):
    """Two lines of keys: those of the pane, whole or not at all; help, commands and quit below them, and a tip."""

    def __init__(self) -> None:
        super().__init__(id="footer")
        self.situation = Situation()
        self.note: Sequence[Part] = ()
        self.tip = ""

    def tell(self, situation: Situation, note: Sequence[Part], tip: str = "") -> None:
        """Show the keys of a situation, a note at the right of the last line, and in the room between a tip."""
        if (situation, list(note), tip) != (self.situation, list(self.note), self.tip):
            self.situation, self.note, self.tip = situation, note, tip
            self.refresh()

    def told(self, situation: Situation) -> list[str]:
        """The keys that there is room for, by their ids."""
        room, found = self._room, []
        for key in keys.footer(situation):
            if (room := room - width(_named(key, situation))) < 0:
                break
            found.append(key.id)
            room -= GAP
        return found

    def render(self) -> Content:
        """Both lines."""
        room = self._room
        groups = [_named(keys.named(name), self.situation) for name in self.told(self.situation)]
        last = [_named(keys.named(name), self.situation) for name in keys.LAST_LINE]
        always = whole(last, room)
        note = clipped(self.note, max(room - width(always) - GAP, 0))
        longest = 2 * len(cells.number(self.situation.rows)) + 1  # so that it stands still while the note grows
        tip: list[Part] = [("   tip: ", "$muted"), (self.tip, "$muted")] if self.tip else []
        if width(tip) > room - width(always) - max(longest, width(note)) - GAP:
            tip = []
        gap = room - width(always) - width(tip) - width(note)
        return Content.assemble(" ", *whole(groups, room), "\n ", *always, *tip, " " * gap, *note)

    @property
    def _room(self) -> int:
        return self.size.width - 2


def _named(key: keys.Key, situation: Situation) -> list[Part]:
    return [(key.first, "bold $text-accent"), (f" {keys.label(key, situation)}", "")]
