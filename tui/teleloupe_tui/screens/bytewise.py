"""The bytes of what the cursor stands on: opening them at its place, moving and searching in them, and the way back."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial

from msgspec import structs

from teleloupe.model import DIRECTORY, Place
from teleloupe.safe import safe
from teleloupe.spans import Span
from teleloupe.tables import Cause, Finding
from teleloupe_tui import cells, hexes
from teleloupe_tui.hexes import Shown, Wanted
from teleloupe_tui.jobs import Cancel
from teleloupe_tui.line_views import LineRow
from teleloupe_tui.opened import opened
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.views import Asked
from teleloupe_tui.widgets.prompt import Prompt


def toggle(screen: Inspector) -> None:
    """Open the bytes of what the cursor stands on, or go back to it."""
    if screen.screen_name == "bytes":
        leave(screen)
        return
    place, message = place_here(screen)
    if place is None:
        screen.say("no file is selected")
        return
    look(screen, Wanted(place, message, screen.here.column if screen.here.view == "records" else ""))


def leave(screen: Inspector) -> None:
    """Back to where the bytes were opened."""
    screen.pane("bytes").needle = ""
    screen.is_zoomed = screen.viewed.was_zoomed
    screen.go(*(screen.returns.pop() if screen.returns else ("files", "files")))


def look(screen: Inspector, wanted: Wanted, *, keeps_cursor: bool = False) -> None:
    """Show the bytes of a place, the cursor on it unless it stays where it is."""
    path = wanted.place.path
    document = screen.snapshot.documents.get(path)
    if document is None or document.kind == DIRECTORY:
        screen.say(f"{safe(path)} {'is a directory' if document else 'is not there any more'}")
        return
    work = partial(opened, screen.source, document, wanted)
    screen.jobs.run("bytes", "looking at the bytes", work, partial(_show, screen, keeps_cursor))


def turn(screen: Inspector) -> None:
    """The stored bytes of a packed file, or the ones that were packed."""
    shown = screen.viewed.shown
    if shown is not None:
        look(screen, structs.replace(shown.wanted, unpacks=not shown.is_unpacked))


def refresh(screen: Inspector) -> None:
    """Open the bytes anew when their file has changed."""
    shown = screen.viewed.shown
    document = screen.snapshot.documents.get(shown.wanted.place.path) if shown else None
    if shown and document and (document.sha256, document.size) != (shown.sha256, shown.stored_size):
        look(screen, structs.replace(shown.wanted, unpacks=shown.is_unpacked), keeps_cursor=True)


def moved(screen: Inspector) -> None:
    """The cursor came to another row: the byte below or above the one it stood on."""
    pane, viewed = screen.pane("bytes"), screen.viewed
    if pane.showing is None or pane.row is None or viewed.shown is None:
        return
    width = hexes.width_of(pane.showing.table)
    at = min(pane.row.offset + viewed.at % width, viewed.shown.size - 1)
    if at != viewed.at:
        _put(screen, at)


def step(screen: Inspector, by: int) -> None:
    """A byte to the side."""
    shown = screen.viewed.shown
    if shown is not None and shown.size:
        go_to(screen, max(0, min(screen.viewed.at + by, shown.size - 1)))


def go_to(screen: Inspector, at: int) -> None:
    """Put the cursor on a byte."""
    _put(screen, at)
    screen.pane("bytes").feed(screen.context(), row=at)
    screen.show_status()


def ask_search(screen: Inspector) -> Awaitable[None]:
    """Ask for text, or for bytes as `0x…`; the cursor goes to the first found while it is typed."""
    pane, start = screen.pane("bytes"), screen.viewed.at

    def typed(prompt: Prompt, wanted: str) -> None:
        try:
            hexes.wanted(wanted)
        except ValueError:
            prompt.blame("two hex digits are a byte")
            return
        prompt.blame("")
        pane.needle = wanted
        _search(screen, start, 1)

    def left(_wanted: str) -> None:
        pane.needle = ""
        screen.jobs.cancel("search")
        go_to(screen, start)

    return screen.ask(Prompt("find bytes", "/", pane.needle, typed, lambda _wanted: None, left))


def step_found(screen: Inspector, step_by: int) -> None:
    """The next occurrence of what is searched for, or the one before."""
    _search(screen, screen.viewed.at + (1 if step_by > 0 else 0), step_by)


def place_here(screen: Inspector) -> tuple[Place | None, str]:
    """What the cursor stands on, and what is said of it."""
    pane = screen.here
    row = pane.row
    if pane.view in ("issues", "place"):
        found = screen.panes["issues"].row
        if isinstance(found, Finding):
            return Place(found.path, found.issue.at), found.issue.message
        return (found.places[0], found.issue.message) if isinstance(found, Cause) else (None, "")
    own = Place(screen.path) if screen.path is not None else None
    if row is None or pane.showing is None or pane.view in ("stats", "values", "made", "edit"):
        return own, ""
    if pane.view in ("sums", "verdict"):
        listed = screen.panes["sums"]
        return (Place(listed.showing.table.locate(listed.cursor).path) if listed.showing else own), ""
    place = pane.showing.table.locate(pane.cursor)
    if isinstance(row, LineRow) and row.after:
        place = structs.replace(place, at=f"line {row.after}")
    if pane.view == "files" or place.path not in screen.snapshot.documents:
        known = place.path in screen.snapshot.documents
        return (Place(place.path) if known else own), ""
    return place, ""


def about(screen: Inspector) -> tuple[str, str]:
    """Which bytes are shown and where the place lies in them; what stands under the cursor."""
    shown, at = screen.viewed.shown, screen.viewed.at
    if shown is None:
        return "", ""
    what = {True: f"unpacked from {shown.packing}", False: f"stored, {shown.packing}" if shown.packing else "stored"}
    said = [f"{cells.amount(shown.size, 'byte')} {what[shown.is_unpacked]}"]
    if shown.span is not None:
        size = shown.span.end - shown.span.start
        holds = "" if shown.span.is_exact else "what holds "
        name = safe(shown.wanted.place.at) or "the place"
        spot = f"line {shown.line}, column {shown.column}"
        said.append(f"{holds}{name}: {spot}, {cells.amount(size, 'byte')}")
    elif shown.wanted.place.at:
        is_packed = shown.packing and not shown.is_unpacked
        said.append(
            f"{safe(shown.wanted.place.at)} {'lies in what is packed' if is_packed else 'was not found in them'}"
        )
    if shown.fault:
        said.append(safe(shown.fault))
    return "  ".join(said), f"offset {at} (0x{at:x})  {hexes.byte_in_words(shown, at)}" if shown.size else "no bytes"


def _put(screen: Inspector, at: int) -> None:
    screen.viewed.at = at
    pane = screen.pane("bytes")
    if pane.showing is not None and screen.viewed.shown is not None:
        drawn = hexes.faces(screen.viewed.shown, hexes.width_of(pane.showing.table), at)
        pane.showing = structs.replace(pane.showing, faces=drawn)
        pane.repaint()


def _search(screen: Inspector, start: int, step_by: int) -> None:
    shown, needle = screen.viewed.shown, screen.pane("bytes").needle
    screen.jobs.cancel("search")
    screen.show_status()
    if shown is None or not needle or not hexes.wanted(needle)[0]:
        return

    def work(cancel: Cancel) -> Span | None:
        cancel.total = shown.size

        def check(done: int) -> None:
            cancel.done = done
            cancel.check()

        return hexes.search(shown, needle, start, step_by, check)

    def then(found: Span | None) -> None:
        if found is None:
            screen.say("these bytes do not hold it")
        elif screen.viewed.shown is shown:
            screen.viewed.shown = structs.replace(shown, found=found)
            go_to(screen, found.start)

    screen.jobs.run("search", "finding", work, then)


def _show(screen: Inspector, keeps_cursor: bool, found: Shown | str) -> None:
    if isinstance(found, str):
        screen.say(f"no bytes: {safe(found)}", is_bad=True)
        return
    viewed = screen.viewed
    at = viewed.at if keeps_cursor else found.start
    viewed.shown, viewed.at = found, min(at, max(found.size - 1, 0))
    pane = screen.pane("bytes")
    pane.is_folding = True
    pane.asked = Asked(form="unpacked" if found.is_unpacked else "stored" if found.packing else "")
    if screen.screen_name != "bytes":
        pane.needle = ""
        viewed.was_zoomed = screen.is_zoomed
        screen.returns.append((screen.screen_name, screen.pane_name))
        screen.go("bytes")
    pane.feed(screen.context(), row=viewed.at)
    screen.show_status()
