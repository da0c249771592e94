"""The keys of the pane the reader is in."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from teleloupe_tui import keys, pages, views
from teleloupe_tui.keys import Situation

KEYS_WIDTH = 19
MARGIN = 5  # border, padding and scroll bar


class Help(ModalScreen[None]):
    """Every key that works here, by group; what does nothing just now says why."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss(None)", "back", show=False),
        Binding("j", "scroll('down')", show=False),
        Binding("k", "scroll('up')", show=False),
    ]

    def __init__(self, situation: Situation) -> None:
        super().__init__()
        self.situation = situation

    def compose(self) -> ComposeResult:
        """A scrolling page."""
        with VerticalScroll(classes="dialog page", can_focus=True) as page:
            page.border_title = Content(f"keys in {views.VIEWS[self.situation.pane].title}")
            page.border_subtitle = Content("esc back")
            yield Static(help_text(self.situation, min(100, self.app.size.width * 9 // 10) - MARGIN))

    def action_scroll(self, way: str) -> None:
        """A line up or down."""
        page = self.query_one(VerticalScroll)
        page.scroll_relative(y=1 if way == "down" else -1, animate=False)


def help_text(situation: Situation, width: int) -> Content:
    """The page: a group a paragraph, a key a line, longer texts below their own start."""
    parts: list[tuple[str, str]] = []
    for group in dict.fromkeys(key.group for key in keys.KEYS):
        parts.append((f"{group}\n", "bold $text-accent"))
        for key in (key for key in keys.KEYS if key.group == group and key.works_in(situation.pane)):
            reason = key.why_not(situation)
            said = f"{key.help} ({reason})" if reason else key.help
            for number, line in enumerate(pages.wrapped(said, max(width - KEYS_WIDTH, 20))):
                parts.append((f"  {key.shown if number == 0 else '':<{KEYS_WIDTH - 2}}", "bold"))
                parts.append((f"{line}\n", "$muted" if reason else ""))
        parts.append(("\n", ""))
    return Content.assemble(*parts[:-1])
