"""The text of the selected file, read away from the screen: of small files unasked, of large ones when asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from teleloupe import text
from teleloupe.disk import Unreadable
from teleloupe.tables import Cause, Finding
from teleloupe_tui import cells
from teleloupe_tui.jobs import Cancel

if TYPE_CHECKING:
    from teleloupe.model import Document
    from teleloupe_tui.screens.inspector import Inspector
    from teleloupe_tui.source import Source

READ_UNASKED_BYTES = 2 << 20  # text of files up to this size is read for spelling and places without being asked
READERS = ("artefact", "record", "place")  # the panes that have a use for it


class Content(Struct, frozen=True):
    """A file's text, or why there is none, as it was when its digest was `sha256`."""

    path: str
    sha256: str
    text: str


def read(screen: Inspector) -> None:
    """Read the selected file's text where a pane in sight has a use for it, unless it is known."""
    document = subject(screen)
    readers = [screen.panes[name] for name in READERS if name in screen.layout_now.boxes]
    if document is None or not readers or not document.sha256 or _is_known(screen.content, document):
        return
    if document.size <= READ_UNASKED_BYTES or any(pane.asked.form in ("text", "tree") for pane in readers):
        work = partial(_read, screen.source, document.path, document.sha256)
        screen.jobs.run_after("text", "reading the text", work, partial(_take, screen))


def go_to_line(screen: Inspector, line: int) -> None:
    """Show the text of the selected file with the cursor on a line, from 0, as soon as it is read."""
    screen.pane("artefact").ask(form="text")
    screen.go("files", "artefact")
    screen.wanted_line = line
    read(screen)
    _arrive(screen)


def _arrive(screen: Inspector) -> None:
    line, document, pane = screen.wanted_line, screen.document, screen.pane("artefact")
    if line is None or document is None or not _is_known(screen.content, document):
        return
    screen.wanted_line = None
    if pane.asked.form == "text":
        pane.feed(screen.context(), row=min(line, max(pane.count - 1, 0)))
        if line >= pane.count:
            screen.say(f"this is the last of {cells.amount(pane.count, 'line')}")


def subject(screen: Inspector) -> Document | None:
    """The file whose text is of use: the selected one, or that of the issue whose place is in sight."""
    if "place" not in screen.layout_now.boxes:
        return screen.document
    found = screen.panes["issues"].row
    path = found.path if isinstance(found, Finding) else found.places[0].path if isinstance(found, Cause) else None
    return screen.snapshot.documents.get(path) if path is not None else None


def _is_known(content: Content | None, document: Document) -> bool:
    return content is not None and (content.path, content.sha256) == (document.path, document.sha256)


def _read(source: Source, path: str, sha256: str, _cancel: Cancel) -> Content:
    try:
        return Content(path, sha256, text.decode(source.read(path).data).text)
    except Unreadable as fault:
        return Content(path, sha256, fault.reason)


def _take(screen: Inspector, content: Content) -> None:
    screen.content = content
    screen.feed(READERS)
    _arrive(screen)
