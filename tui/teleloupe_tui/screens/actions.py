"""What each key does, by its id in keys.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from teleloupe.model import Place, Query
from teleloupe.safe import safe
from teleloupe_tui import changes, keys, layout, views
from teleloupe_tui.cells import amount
from teleloupe_tui.columning import STEP
from teleloupe_tui.hexes import Wanted
from teleloupe_tui.keys import spelt
from teleloupe_tui.layout import SCREENS
from teleloupe_tui.screens import (
    arranging,
    branching,
    bytewise,
    comparing,
    copying,
    editing,
    exporting,
    finding,
    going,
    looking,
    making,
    news,
    opening,
    reading,
    signing,
    walking,
)
from teleloupe_tui.screens.inspector import Inspector

Action = Callable[[Inspector], None]
MaybeAsync = Callable[[Inspector], Awaitable[None] | None]


def back(screen: Inspector) -> None:
    """Let go of what runs, else of what is searched, filtered or zoomed, else go back."""
    pane = screen.here
    if screen.jobs.cancel():
        screen.say("cancelled")
        screen.show_status()
    elif screen.snapshot.progress is not None:
        screen.source.cancel()
        screen.say(f"stopped reading; {spelt('reread-all')} reads everything again")
    elif pane.needle:
        finding.look_for(screen, "")
    elif pane.view == "bytes":
        bytewise.leave(screen)
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
        if screen.screen_name == "bytes":
            bytewise.leave(screen)
        elif screen.returns:
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
    if pane.view in ("diff", "change"):
        comparing.turn(screen)
        return
    if pane.view == "bytes":
        bytewise.turn(screen)
        return
    forms = views.FORMS[pane.view]
    form = forms[(forms.index(pane.asked.form) + 1) % len(forms)]
    if form == "tree" and pane.view != "files" and not branching.has_tree(screen):
        form = "text"
    pane.is_folding = form == "tree"
    key = pane.key if pane.view == "files" else None
    pane.marks.clear()
    pane.ask(form=form, query=Query() if pane.view in ("issues", "sums") else pane.asked.query)
    if key is not None:
        pane.feed(screen.context(), row=key)
    reading.read(screen)
    if pane.view == "look":
        screen.lay_out()
    screen.show_status()


def step_pane(step: int) -> Action:
    """Focus on the next pane in sight; where there is one only, the other pane of the screen takes its place."""

    def act(screen: Inspector) -> None:
        if screen.here.view == "diff":
            comparing.turn(screen, step)
            return
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
                if screen.screen_name == "bytes":
                    bytewise.look(screen, Wanted(Place(path)))
                return
            row += step
        screen.say("this is the last file" if step > 0 else "this is the first file")

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


def reread(screen: Inspector) -> None:
    """Read the selected file again."""
    if screen.path is not None:
        screen.source.reread(screen.path)
        screen.content = None
        reading.read(screen)
        screen.say(f"reading {safe(screen.path)} again")


def reread_all(screen: Inspector) -> None:
    """Read everything again."""
    screen.source.reread(None)
    screen.say("reading everything again")


def show_help(screen: Inspector) -> None:
    """What this pane is, and its keys; the chosen one is pressed."""
    from teleloupe_tui.screens.help import Help

    pane = screen.here

    async def chosen(name: str | None) -> None:
        if name in keys.ON_GRID:
            pane.action_move(name)
        elif name is not None:
            await screen.action_do(name)

    rows = amount(pane.count, "row")
    screen.app.push_screen(Help(screen.situation(), " · ".join(filter(None, (rows, pane.order)))), chosen)


def show_jump(screen: Inspector) -> None:
    """Letters over what can have the focus."""
    from teleloupe_tui.screens import jump

    jump.show(screen.app.screen)


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


ACTIONS: dict[str, MaybeAsync] = {
    "open": opening.open_here,
    "back": back,
    "files": _go("files"),
    "records": _go("records"),
    "issues": _go("issues"),
    "sums": _go("sums"),
    "diff": _go("diff"),
    "stats": looking.show_stats,
    "views": looking.choose_view,
    "next-chart": looking.next_charts,
    "frequency": looking.show_frequency,
    "group": looking.show_groups,
    "bytes": bytewise.toggle,
    "edit": editing.edit_here,
    "make": making.make_here,
    "compare": comparing.compare_here,
    "versions": comparing.ask_version,
    "equal": comparing.toggle_equal,
    "sign": signing.ask_fresh,
    "next-pane": step_pane(1),
    "previous-pane": step_pane(-1),
    "jump": show_jump,
    "history-back": walking.step(-1),
    "history-forward": walking.step(1),
    "zoom": zoom,
    "next-file": step_file(1),
    "previous-file": step_file(-1),
    "next-issue": opening.step_issue(1),
    "previous-issue": opening.step_issue(-1),
    "turn": turn,
    "search": finding.ask_search,
    "next-found": comparing.step_change(1),
    "previous-found": comparing.step_change(-1),
    "go-to": going.ask_place,
    "filter": finding.ask_filter,
    "like": finding.keep_alike(),
    "unlike": finding.keep_alike(is_negated=True),
    "sort": arranging.sort,
    "sort-further": arranging.sort_further,
    "hide-column": arranging.hide,
    "show-columns": arranging.show_hidden,
    "column-left": arranging.move(-1),
    "column-right": arranging.move(1),
    "narrower": arranging.widen(-STEP),
    "wider": arranging.widen(STEP),
    "freeze": arranging.freeze,
    "mark": mark,
    "export": exporting.export_now,
    "export-as": exporting.ask_export,
    "undo-export": exporting.undo,
    "copy": copying.ask_copy,
    "follow": follow,
    "pause": news.pause,
    "seen": news.all_seen,
    "alert": news.ask_alert,
    "reread": reread,
    "reread-all": reread_all,
    "help": show_help,
    "palette": lambda screen: screen.app.action_command_palette(),
    "suspend": lambda screen: screen.app.action_suspend_process(),
    "quit": leave,
    "quit-now": lambda screen: screen.app.exit(),
    "interrupt": lambda screen: screen.app.exit(return_code=130),
}
