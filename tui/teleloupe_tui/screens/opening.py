"""What enter opens, and the way from an issue to its place."""

from __future__ import annotations

from collections.abc import Callable

from teleloupe.model import Place, Query
from teleloupe.tables import Cause, Finding
from teleloupe_tui import views
from teleloupe_tui.hexes import Wanted
from teleloupe_tui.screens import branching, bytewise, looking, reading
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.sums import Reason
from teleloupe_tui.tree import Node


def open_here(screen: Inspector) -> None:
    """Open what the cursor stands on."""
    opener = _OPENERS.get(screen.here.view)
    if opener:
        opener(screen)


def fold(screen: Inspector, *, is_open: bool) -> None:
    """Unfold the directory under the cursor, or fold it; of a file, its directory. In bytes: a byte to the side."""
    if screen.here.view == "bytes":
        bytewise.step(screen, 1 if is_open else -1)
        return
    if screen.here.view in ("record", "artefact"):
        branching.fold(screen, is_open=is_open)
        return
    pane = screen.pane("files")
    node = pane.row
    if not isinstance(node, Node):
        return
    if node.line is None and is_open:
        pane.ask(folded=pane.asked.folded - {node.path})
    elif node.line is None and not node.is_folded:
        pane.ask(folded=pane.asked.folded | {node.path})
    elif not is_open:
        above = [row for row in range(pane.cursor) if pane.showing and pane.showing.table.rows[row].depth < node.depth]
        if above:
            pane.move_to(above[-1])


def step_issue(step: int) -> Callable[[Inspector], None]:
    """Go to the place of the next issue in the list of issues; from a page of one to that of the next.

    In the bytes it is the bytes of the next.
    """

    def act(screen: Inspector) -> None:
        pane = screen.pane("issues")
        was_flat, chosen = pane.asked.form == "", pane.row
        if not was_flat:
            pane.asked = views.Asked()
        pane.feed(screen.context())
        if not pane.count:
            screen.say("no issues in this directory")
            return
        is_there = screen.screen_name != "issues" and was_flat
        row = (
            (pane.cursor + step) % pane.count
            if is_there or screen.screen_name == "issues"
            else (0 if step > 0 else pane.count - 1)
        )
        if isinstance(chosen, Cause) and screen.screen_name == "issues":
            row = next((at for at in range(pane.count) if pane.table.rows[at].issue == chosen.issue), row)
        pane.move_to(row)
        if screen.pane_name == "place":
            return
        if screen.screen_name == "bytes" and isinstance(pane.row, Finding):
            screen.choose(pane.row.path)
            bytewise.look(screen, Wanted(Place(pane.row.path, pane.row.issue.at), pane.row.issue.message))
            return
        _go_to_issue(screen)

    return act


def _open_file(screen: Inspector) -> None:
    pane = screen.pane("files")
    if isinstance(pane.row, Node) and pane.row.line is None:
        fold(screen, is_open=pane.row.is_folded)
        return
    document = screen.document
    if document is None or not pane.count:
        return
    if document.records:
        screen.go("records")
        return
    artefact = screen.pane("artefact")
    artefact.ask(form="" if document.format else "text")
    screen.go("files", "artefact")
    reading.read(screen)


def _open_record(screen: Inspector) -> None:
    if screen.pane("records").count:
        screen.go("records", "record")


def _open_issue(screen: Inspector) -> None:
    pane = screen.pane("issues")
    if isinstance(pane.row, Cause):
        rule = pane.row.issue.rule.id
        pane.marks.clear()
        pane.ask(form="", query=Query(f'rule="{rule}"'))
        screen.show_status()
    elif isinstance(pane.row, Finding):
        screen.returns.append(("issues", screen.pane_name))
        _go_to_issue(screen)


def _go_to_issue(screen: Inspector) -> None:
    """The record an issue lies in, or the file when it lies in none."""
    found = screen.pane("issues").row
    if isinstance(found, Finding) and found.path in screen.snapshot.documents:
        looking.go_to(screen, Place(found.path, found.issue.at))


def _open_claim(screen: Inspector) -> None:
    """The claims of a cause, one by one; the page of a claim."""
    pane = screen.pane("sums")
    if isinstance(pane.row, Reason) and pane.row.verdicts:
        word = pane.row.word
        pane.marks.clear()
        pane.ask(form="", query=Query(f'verdict="{word}"'))
        screen.show_status()
        return
    screen.go("sums", "verdict")


def _open_event(screen: Inspector) -> None:
    path = screen.here.row.path if screen.here.row else None
    if path is not None and path in screen.snapshot.documents:
        screen.choose(path)
        screen.pane("files").feed(screen.context(), row=path)
        screen.go("files")


_OPENERS: dict[str, Callable[[Inspector], None]] = {
    "look": looking.open_row,
    "fields": looking.open_row,
    "record": branching.toggle,
    "artefact": branching.toggle,
    "stats": looking.open_column,
    "values": looking.filter_by_value,
    "made": lambda screen: screen.go("made", "edit"),
    "files": _open_file,
    "records": _open_record,
    "issues": _open_issue,
    "place": _open_issue,
    "sums": _open_claim,
    "diff": lambda screen: screen.go("diff", "change"),
    "live": _open_event,
}
