"""What newer snapshots do to the screen: events, panes one after the other, marks of what is new, alerts."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from typing import TYPE_CHECKING

from teleloupe.conditions import Lookout, condition
from teleloupe.model import Snapshot, UsageError
from teleloupe_tui import changes, views
from teleloupe_tui.changes import Change
from teleloupe_tui.fresh import Seen
from teleloupe_tui.screens import proving, reading, remembering

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector
    from teleloupe_tui.tally import Tally
    from teleloupe_tui.widgets.pane import Pane
    from teleloupe_tui.widgets.prompt import Prompt

ALERT_HINT = "rings for error, warning, file, sum, or a filter on records · empty: never"
BURST_S = 5.0  # alerts that follow each other so soon ring once


class Alarm:
    """An alert: what is looked out for, how often it came true since that was acknowledged, when it rang last."""

    def __init__(self, lookout: Lookout) -> None:
        self.lookout = lookout
        self.rung = 0
        self.rang_at = float("-inf")


def alarm(text: str, path: str | None) -> Alarm:
    """An alert on a condition; filters speak of records of the file at `path`, or of any. Raises UsageError."""
    return Alarm(Lookout(condition(text), path=path))


def receive(screen: Inspector, snapshot: Snapshot, tally: Tally) -> None:
    """Take a newer snapshot: its events are kept at once; while paused it waits to be shown."""
    now = screen.clock()
    if screen.seen is not None:
        found = list(changes.changes(screen.heard, snapshot, now))
        screen.held.extend(found)
        screen.waiting += len(found)
    elif snapshot.progress is None:  # all of the directory was read once: what comes later is news
        screen.seen = Seen(snapshot)
    screen.heard, screen.latest = snapshot, (snapshot, tally)
    look(screen, snapshot)
    if screen.is_paused:
        screen.show_status()
    else:
        screen.pace.run(lambda: show(screen))


def show(screen: Inspector) -> Iterator[Pane]:
    """Show the newest snapshot, a pane at a step. Without following, nothing moves under the cursor."""
    if screen.latest is None or not screen.is_whole:
        return
    screen.snapshot, screen.tally = screen.latest
    screen.latest, screen.seen_at = None, screen.clock()
    found = list(screen.held)
    screen.events.extend(found)
    screen.arrived += screen.waiting
    screen.held.clear()
    screen.waiting = 0
    if screen.wanted_path in screen.snapshot.documents:
        screen.path, screen.wanted_path = screen.wanted_path, None
        screen.pane("files").feed(screen.context(), row=screen.path)
    elif screen.wanted_path is not None and screen.is_read:
        remembering.give_up(screen)
    screen.show_status()  # the last event is told in the first frame, which the panes would make long
    yield screen.here
    if not screen.is_whole:
        return
    screen.working.refresh()
    for name in views.VIEWS:
        if name in screen.layout_now.boxes:
            screen.pane(name).feed(screen.context())
            yield screen.pane(name)
            if not screen.is_whole:
                return
    screen.show_status()
    if screen.is_following:
        screen.follow(changes.newest(found))
    reading.read(screen)
    proving.prove(screen)
    screen.refresh_shown()


def pause(screen: Inspector) -> None:
    """Hold the screen still, or catch up."""
    screen.is_paused = not screen.is_paused
    if not screen.is_paused:
        screen.pace.run(lambda: show(screen))
    screen.show_status()


def all_seen(screen: Inspector) -> None:
    """Mark everything that is shown as seen, and acknowledge the alert."""
    is_new = screen.arrived or (screen.alarm and screen.alarm.rung)
    if screen.alarm:
        screen.alarm.rung = 0
    if screen.seen is not None:
        screen.seen, screen.arrived = Seen(screen.snapshot), 0
    screen.feed()
    if not is_new:
        screen.say("nothing is new")


def look(screen: Inspector, snapshot: Snapshot) -> None:
    """Ring when what the alert waits for has come true."""
    if screen.alarm is None:
        return
    now = screen.clock()
    found = screen.alarm.lookout.look(snapshot, now)
    if not found:
        return
    if now - screen.alarm.rang_at >= BURST_S:
        screen.app.bell()
    screen.alarm.rang_at = now
    screen.alarm.rung += len(found)
    screen.held.extend(Change(now, "!", met.path, met.words) for met in found)
    screen.waiting += len(found)
    if screen.latest is None:
        screen.latest = screen.snapshot, screen.tally
        if not screen.is_paused:
            screen.pace.run(lambda: show(screen))


def ask_alert(screen: Inspector) -> Awaitable[None]:
    """Ask what to ring for; nothing ends the alert."""
    from teleloupe_tui.widgets.prompt import Prompt

    path = screen.path
    document = screen.document
    columns = document.columns if document else ()

    def fault(wanted: str) -> str:
        try:
            if wanted.strip():
                condition(wanted, columns)
        except UsageError as found:
            return str(found)
        return ""

    def typed(prompt: Prompt, wanted: str) -> None:
        prompt.blame(fault(wanted))

    def entered(wanted: str) -> None:
        if said := fault(wanted):
            screen.say(said, is_bad=True)
            return
        screen.recall.add("alert", wanted)
        screen.alarm = alarm(wanted, path) if wanted.strip() else None
        look(screen, screen.heard)
        screen.say(f"rings for {screen.alarm.lookout.condition.words}" if screen.alarm else "no alert any more")
        screen.show_status()

    text = screen.alarm.lookout.condition.text if screen.alarm else ""
    return screen.ask(
        Prompt("alert", "A", text, typed, entered, lambda _: None, hint=ALERT_HINT, past=screen.recall.of("alert"))
    )
