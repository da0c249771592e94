"""Going to a place that is typed: a record, a line, a JSON Pointer, a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from teleloupe.model import DIRECTORY, Document, Place
from teleloupe.safe import safe
from teleloupe_tui import cells
from teleloupe_tui.pages import Line
from teleloupe_tui.screens import looking, reading
from teleloupe_tui.screens.picker import Picker
from teleloupe_tui.targets import FORMS, Target, targets

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector


class GoTo(Picker):
    """Answers with a number of `found`, or None."""

    HINT = "a number, :line, /pointer or a part of a name"

    def __init__(self, document: Document | None, paths: Iterable[str]) -> None:
        super().__init__("go to", ())
        self._document, self._paths = document, tuple(paths)
        self.found: list[Target] = []

    def fill(self, wanted: str) -> None:
        """What fits the text; without one, what may be typed."""
        self.found = targets(wanted, self._document, self._paths) if wanted.strip() else []
        listed = self.query_one(OptionList)
        listed.clear_options()
        room = self.room
        if self.found:
            options = [
                Option(Content(cells.fitted(target.text, room).rstrip()), id=str(number))
                for number, target in enumerate(self.found)
            ]
        else:
            said = ("nothing fits", "") if wanted.strip() else ()
            options = [Option(Content(cells.fitted(text, room).rstrip()), disabled=True) for text in (*said, *FORMS)]
        listed.add_options(options)
        listed.highlighted = 0 if self.found else None


def ask_place(screen: Inspector) -> None:
    """Ask where to go, and go there."""
    paths = [path for path, document in screen.snapshot.documents.items() if document.kind != DIRECTORY]
    question = GoTo(screen.document, paths)

    def answered(number: int | None) -> None:
        if number is not None:
            _go(screen, question.found[number])

    screen.app.push_screen(question, answered)


def _go(screen: Inspector, target: Target) -> None:
    if target.path not in screen.snapshot.documents:
        screen.say(f"{safe(target.path)} is not there any more")
        return
    screen.is_zoomed = False
    if target.kind == "file":
        screen.choose(target.path)
        screen.go("files")
        _stand_on(screen, "files", target.path, target.text)
    elif target.kind == "record":
        screen.choose(target.path, target.number)
        screen.go("records")
        _stand_on(screen, "records", target.number, f"record {cells.number(target.number + 1)}")
    elif target.kind == "line":
        reading.go_to_line(screen, target.number)
    else:
        _go_to_pointer(screen, target)


def _go_to_pointer(screen: Inspector, target: Target) -> None:
    looking.go_to(screen, Place(target.path, target.at))
    document = screen.document
    if document is None or target.at in ("", document.record_at(screen.index)):
        return
    if screen.screen_name == "records":
        screen.go("records", "record")
    pane = screen.here
    pane.ask(form="")
    pane.feed(screen.context(), row=target.at)
    row = pane.row
    if not (isinstance(row, Line) and row.field.at == target.at):
        screen.say(f"{safe(target.at)}: no field there")


def _stand_on(screen: Inspector, name: str, key: object, called: str) -> None:
    pane = screen.pane(name)
    pane.feed(screen.context(), row=key)
    if not screen.jobs.named(name) and pane.key != key and pane.is_filtered:
        screen.say(f"{called} is hidden by the filter")
