"""What each key does, by its id in keys.py."""

from __future__ import annotations

from collections.abc import Callable

from teleloupe.model import Query
from teleloupe.tables import Cause, Finding
from teleloupe_tui import changes, layout, places, views
from teleloupe_tui.layout import SCREENS
from teleloupe_tui.screens import copying, exporting, finding
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.tree import Node

Action = Callable[[Inspector], None]


def open_here(screen: Inspector) -> None:
    """Open what the cursor stands on."""
    opener = _OPENERS.get(screen.here.view)
    if opener:
        opener(screen)


def back(screen: Inspector) -> None:
    """Let go of what runs, else of what is searched, filtered or zoomed, else go back."""
    pane = screen.here
    if screen.jobs.cancel():
        screen.say("cancelled")
        screen.show_status()
    elif screen.snapshot.progress is not None:
        screen.source.cancel()
        screen.say("stopped reading; R reads everything again")
    elif pane.needle:
        finding.look_for(screen, "")
    elif pane.is_filtered or pane.fault:
        pane.ask(query=Query(sort=pane.asked.query.sort))
        screen.show_status()
    elif screen.is_zoomed:
        zoom(screen)
    elif screen.returns:
        screen.go(*screen.returns.pop())
    else:
        _to_parent(screen)


def leave(screen: Inspector) -> None:
    """Back where there is a way back, else out."""
    if screen.returns or screen.screen_name != "files" or screen.pane_name != "files":
        screen.jobs.cancel()
        if screen.returns:
            screen.go(*screen.returns.pop())
        else:
            _to_parent(screen)
    else:
        screen.app.exit()


def zoom(screen: Inspector) -> None:
    """One pane alone, and back."""
    screen.is_zoomed = not screen.is_zoomed
    screen.lay_out()


def turn(screen: Inspector) -> None:
    """The other form of a pane."""
    pane = screen.here
    forms = views.FORMS[pane.view]
    form = forms[(forms.index(pane.asked.form) + 1) % len(forms)]
    pane.is_folding = form == "tree"
    key = pane.key if pane.view == "files" else None
    pane.marks.clear()
    pane.ask(form=form, query=Query() if pane.view == "issues" else pane.asked.query)
    if key is not None:
        pane.feed(screen.context(), row=key)
    screen.read_unasked()
    screen.show_status()


def fold(screen: Inspector, *, is_open: bool) -> None:
    """Unfold the directory under the cursor, or fold it; of a file, its directory."""
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


def step_pane(step: int) -> Action:
    """Focus on the next pane in sight; where there is one only, the other pane of the screen takes its place."""

    def act(screen: Inspector) -> None:
        panes = screen.layout_now.panes
        if len(panes) == 1:
            panes = SCREENS[screen.screen_name]
        at = panes.index(screen.pane_name) if screen.pane_name in panes else 0
        screen.pane_name = panes[(at + step) % len(panes)]
        owner = layout.screen_of(screen.pane_name)
        if owner in ("files", "records") and screen.screen_name in ("files", "records"):
            screen.screen_name = owner
        screen.lay_out()

    return act


def step_file(step: int) -> Action:
    """Select the next file of the ledger, in its order."""

    def act(screen: Inspector) -> None:
        files = screen.pane("files")
        files.feed(screen.context(), row=screen.path)
        row = files.cursor + step
        while 0 <= row < files.count:
            path = views.path_of(files.showing.table.rows[row]) if files.showing else None
            if path is not None:
                files.move_to(row)
                screen.choose(path)
                screen.feed()
                return
            row += step
        screen.say("this is the last file" if step > 0 else "this is the first file")

    return act


def step_issue(step: int) -> Action:
    """Go to the place of the next issue in the list of issues."""

    def act(screen: Inspector) -> None:
        pane = screen.pane("issues")
        was_flat = pane.asked.form == ""
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
        pane.move_to(row)
        _go_to_issue(screen)

    return act


def mark(screen: Inspector) -> None:
    """Mark the row, or take its mark away, and go on."""
    pane = screen.here
    pane.marks ^= {pane.key}
    pane.repaint()
    pane.move_to(pane.cursor + 1)
    screen.show_status()


def follow(screen: Inspector) -> None:
    """Follow what is newest, or keep still."""
    screen.is_following = not screen.is_following
    if screen.is_following:
        screen.follow(changes.newest(screen.events))
    screen.show_status()


def pause(screen: Inspector) -> None:
    """Hold the screen still, or catch up."""
    screen.is_paused = not screen.is_paused
    screen.apply()
    screen.show_status()


def reread(screen: Inspector) -> None:
    """Read the selected file again."""
    if screen.path is not None:
        screen.source.reread(screen.path)
        screen.content = None
        screen.read_unasked()


def reread_all(screen: Inspector) -> None:
    """Read everything again."""
    screen.source.reread(None)
    screen.say("reading everything again")


def show_help(screen: Inspector) -> None:
    """The keys that work here."""
    from teleloupe_tui.screens.help import Help

    screen.app.push_screen(Help(screen.situation()))


def _go(name: str) -> Action:
    def act(screen: Inspector) -> None:
        screen.returns.clear()
        screen.is_zoomed = False
        screen.go(name)

    return act


def _to_parent(screen: Inspector) -> None:
    listed, detail = SCREENS[screen.screen_name]
    if screen.pane_name == detail:
        screen.go(screen.screen_name, listed)
    elif screen.screen_name != "files" or screen.pane_name != "files":
        screen.go("files")


def _open_file(screen: Inspector) -> None:
    pane = screen.pane("files")
    if isinstance(pane.row, Node) and pane.row.line is None:
        fold(screen, is_open=pane.row.is_folded)
        return
    document = screen.context().document
    if document is None:
        return
    if document.records:
        screen.go("records")
        return
    artefact = screen.pane("artefact")
    artefact.ask(form="" if document.format else "text")
    screen.go("files", "artefact")
    screen.read_unasked()


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
    document = screen.snapshot.documents.get(found.path) if isinstance(found, Finding) else None
    if document is None:
        return
    index = places.record_of(document, found.issue.at)
    screen.choose(document.path, index or 0)
    screen.pane("files").feed(screen.context(), row=document.path)
    if index is None:
        screen.go("files", "artefact")
        screen.read_unasked()
        return
    screen.go("records", "record" if len(screen.layout_now.boxes) > 1 else "records")
    screen.pane("records").feed(screen.context(), row=index)
    _to_field(screen, found.issue.at)


def _to_field(screen: Inspector, at: str) -> None:
    """The field an issue names, in the pane of the record."""
    record = screen.pane("record")
    record.feed(screen.context())
    record.feed(screen.context(), row=at)


def _open_claim(screen: Inspector) -> None:
    screen.go("sums", "verdict")


def _open_event(screen: Inspector) -> None:
    path = screen.here.row.path if screen.here.row else None
    if path is not None and path in screen.snapshot.documents:
        screen.choose(path)
        screen.pane("files").feed(screen.context(), row=path)
        screen.go("files")


_OPENERS: dict[str, Action] = {
    "files": _open_file,
    "records": _open_record,
    "issues": _open_issue,
    "place": _open_issue,
    "sums": _open_claim,
    "live": _open_event,
}
ACTIONS: dict[str, Action] = {
    "open": open_here,
    "back": back,
    "files": _go("files"),
    "records": _go("records"),
    "issues": _go("issues"),
    "sums": _go("sums"),
    "next-pane": step_pane(1),
    "previous-pane": step_pane(-1),
    "zoom": zoom,
    "next-file": step_file(1),
    "previous-file": step_file(-1),
    "next-issue": step_issue(1),
    "previous-issue": step_issue(-1),
    "turn": turn,
    "search": finding.ask_search,
    "next-found": finding.step(1),
    "previous-found": finding.step(-1),
    "filter": finding.ask_filter,
    "sort": finding.sort,
    "mark": mark,
    "export": exporting.export_now,
    "export-as": exporting.ask_export,
    "undo-export": exporting.undo,
    "copy": copying.ask_copy,
    "follow": follow,
    "pause": pause,
    "reread": reread,
    "reread-all": reread_all,
    "help": show_help,
    "palette": lambda screen: screen.app.action_command_palette(),
    "suspend": lambda screen: screen.app.action_suspend_process(),
    "quit": leave,
    "quit-now": lambda screen: screen.app.exit(),
    "interrupt": lambda screen: screen.app.exit(return_code=130),
}
