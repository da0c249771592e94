"""Shows the bytes of a checksum file as they are and as they would be, and asks for a yes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from teleloupe.diff.lines import compare
from teleloupe.text import MARKS
from teleloupe_tui import cells, line_views, pages
from teleloupe_tui.screens.dialog import Dialog
from teleloupe_tui.screens.signing import Fresh

MARGIN = 8
SHOWN_LINES = 40


class Confirm(Dialog[bool]):
    """Answers whether to write; only y does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dismiss(True)", "write", show=False),
        Binding("escape,n,q", "dismiss(False)", "back", show=False),
    ]

    def __init__(self, fresh: Fresh) -> None:
        super().__init__()
        self.fresh = fresh

    def compose(self) -> ComposeResult:
        """Path, style, the lines that change."""
        with VerticalScroll(classes="dialog page", can_focus=True) as box:
            box.border_title = Content("write a fresh checksum")
            box.border_subtitle = Content("y writes  esc keeps it as it is")
            room = min(100, self.app.size.width * 9 // 10) - MARGIN
            yield Static(Content.assemble(*_told(self.fresh, room)))


def _told(fresh: Fresh, room: int) -> Iterator[tuple[str, str]]:
    yield cells.shown(fresh.path), "bold"
    if fresh.is_kept_style:
        mark = next((name for sign, name in MARKS if fresh.after.startswith(sign)), "")
        style = f"layout, letters and line ends stay as they are{f', {mark} mark as well' if mark else ''}"
    elif fresh.before is None:
        style = "a new file: one line as sha256sum writes it"
    else:
        style = "no digest to replace in it: it becomes one line as sha256sum writes it"
    yield f"\n{style}; {cells.amount(len(fresh.after), 'byte')}\n\n", "$muted"
    old, new = (line_views.visible_lines(data) for data in (fresh.before or b"", fresh.after))
    shown = 0
    for block in compare(old, new):
        for sign, lines, tone in (
            ("-", old[block.before_start : block.before_end], "$text-error"),
            ("+", new[block.after_start : block.after_end], "$text-success"),
        ):
            is_same = block.kind == "same"
            if is_same and sign == "-":
                continue
            for line in lines[: SHOWN_LINES - shown]:
                for number, piece in enumerate(pages.wrapped(cells.line(line), room)):
                    lead = " " if is_same or number else sign
                    yield f"{lead} {piece}\n", "$muted" if is_same else tone
                shown += 1
