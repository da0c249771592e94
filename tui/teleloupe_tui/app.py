"""The app: feeds the inspector from the stream of snapshots, guards the terminal, and ends with a status."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from threading import Event, Thread, Timer
from typing import Any

from textual import events
from textual.app import App, SystemCommand
from textual.command import Provider
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen

from teleloupe.model import Snapshot
from teleloupe_tui import clipboard, keymap, keys, pacing, themes
from teleloupe_tui.config import Config
from teleloupe_tui.filters import Ascii, Colourless, ControlWall
from teleloupe_tui.recall import Recall
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.source import Source
from teleloupe_tui.tally import Tally, tally

INTERRUPTED, TERMINATED, BUG = 130, 143, 70
GREETING_S = 20.0
DEFAULTS = Config()
HANGUP_S = 3.0  # in which to end cleanly when the terminal is gone
SHOWN_FAULTS = 4  # of a configuration, in one toast


def key_commands() -> type[Provider]:
    """The palette's rows, loaded when it is first opened."""
    from teleloupe_tui.screens.palette import KeyCommands

    return KeyCommands


class SnapshotReady(Message, bubble=False):
    """A newer snapshot with its tally. Of several that wait, only the newest is worth showing."""

    def __init__(self, snapshot: Snapshot, counts: Tally) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.counts = counts

    def can_replace(self, message: Message) -> bool:
        """Whether this message makes an earlier one needless."""
        return isinstance(message, SnapshotReady)


class StreamEnded(Message, bubble=False):
    """The stream of snapshots broke."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self.fault = fault


class Teleloupe(App[None]):
    """The inspector over a source. `clock` gives seconds since 1970; `select` is the path to begin with.

    `greeting` is safe text that is said first; `alert` is a condition to ring for; in `state_folder` is kept
    where the reader was and what was asked for; None keeps nothing.
    """

    TITLE = "teleloupe"
    CSS_PATH = "app.tcss"
    COMMANDS = App.COMMANDS | {key_commands}

    def __init__(
        self,
        source: Source,
        *,
        clock: Callable[[], float] = time.time,
        select: str | None = None,
        config: Config = DEFAULTS,
        faults: Sequence[str] = (),
        greeting: str = "",
        alert: str = "",
        state_folder: str | None = None,
    ) -> None:
        super().__init__()
        keymap.use(config.keys)
        self._bindings = keys.bound(self._bindings, keys.EVERYWHERE, "everywhere")
        self.config = config
        self.faults = list(faults)
        self.source = source
        self.clock = clock
        self.selected = select
        self.greeting = greeting
        self.alert = alert
        self.state_folder = state_folder
        self.crash: BaseException | None = None
        self._stop = Event()
        self._has_colours = not os.environ.get("NO_COLOR")  # no-color.org: empty is as if it were not there
        self._control, self._colourless, self._ascii = ControlWall(), Colourless(), Ascii()
        for theme in themes.themes():
            self.register_theme(theme)
        self.faults += filter(None, [themes.fault(self.available_themes, config.theme)])
        self.theme = themes.known(self.available_themes, config.theme) or themes.DARK

    def get_default_screen(self) -> Screen[None]:
        """The inspector is the first screen, and the only one that is not a dialog."""
        return Inspector(
            self.source,
            self.clock,
            select=self.selected,
            config=self.config,
            alert=self.alert,
            recall=Recall(os.path.join(folder, "history.json")) if (folder := self.state_folder) else None,
            state_folder=folder,
        )

    def on_mount(self) -> None:
        """Start listening to the stream; obey the shell's signals."""
        self._obey_signals()
        if self.faults:
            more = [f"and {len(self.faults) - SHOWN_FAULTS} more"] if len(self.faults) > SHOWN_FAULTS else []
            words = "\n".join([*self.faults[:SHOWN_FAULTS], *more, "the rest of the configuration is used"])
            self.notify(words, title="configuration", severity="warning", timeout=15, markup=False)
        self.call_after_refresh(Thread(target=self._listen, name="snapshots", daemon=True).start)
        if self.greeting:
            self.notify(self.greeting.format_map(keys.spellings()), title="demo", timeout=GREETING_S, markup=False)

    def on_unmount(self) -> None:
        """End the stream."""
        self._stop.set()

    # the stream

    def _listen(self) -> None:
        try:
            for snapshot in self.source.snapshots(self._stop):
                if self._stop.is_set():
                    return
                self.post_message(SnapshotReady(snapshot, tally(snapshot)))
        except Exception as fault:  # noqa: BLE001 - the worker's edge: raised again in the app's thread
            self.post_message(StreamEnded(fault))

    def on_snapshot_ready(self, message: SnapshotReady) -> None:
        """Show the newest snapshot."""
        screen = self.screen_stack[0]
        if isinstance(screen, Inspector):
            screen.receive(message.snapshot, message.counts)

    def on_stream_ended(self, message: StreamEnded) -> None:
        """Without snapshots there is nothing to show."""
        raise message.fault

    # keys from anywhere

    async def on_event(self, event: events.Event) -> None:
        """A key is answered before other threads go on."""
        if isinstance(event, events.Key):
            pacing.claim()
            self.call_after_refresh(pacing.release)
        await super().on_event(event)

    def action_everywhere(self, name: str) -> None:
        """Keys that work in every dialog too."""
        if name == "interrupt":
            self.exit(return_code=INTERRUPTED)
        elif name == "quit-now":
            self.exit()
        elif name == "jump":
            from teleloupe_tui.screens import jump

            jump.show(self.screen)
        else:
            self.action_suspend_process()

    def action_command_palette(self) -> None:
        """Every command by name."""
        from teleloupe_tui.screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def get_system_commands(self, screen: Screen[Any]) -> Any:  # noqa: ARG002 - Textual's signature
        """What the palette offers beside the keys: only the look, which no key changes."""
        yield SystemCommand("theme", "change the colours", self.action_change_theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables, for themes that are not ours."""
        return dict(themes.variables_for(is_dark=self.current_theme.dark))

    def watch_theme(self, name: str) -> None:
        """One of the themes has no colours at all."""
        self.no_color = name == themes.MONOCHROME or not self._has_colours

    # the terminal

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The last wall, in place of filters for colours that nothing here uses: no control character gets out."""
        colourless = (self._colourless,) if self.no_color else ()
        return (self._control, *colourless, *((self._ascii,) if self.config.is_ascii else ()))

    def copy_to_clipboard(self, text: str) -> None:
        """Set the terminal's clipboard (OSC 52), also through tmux and GNU screen."""
        self._clipboard = text
        if self._driver is not None:
            for sequence in clipboard.sequences(text, os.environ):
                self._driver.write(sequence)

    def _obey_signals(self) -> None:
        """End cleanly when asked to from outside: the terminal is left as it was found."""
        import asyncio

        loop = asyncio.get_running_loop()
        for number, status in ((signal.SIGTERM, TERMINATED), (signal.SIGHUP, 129), (signal.SIGINT, INTERRUPTED)):
            try:
                loop.add_signal_handler(number, partial(self._end, number, status))
            except (NotImplementedError, RuntimeError, ValueError):
                return

    def _end(self, number: signal.Signals, status: int) -> None:
        self.exit(return_code=status)
        if number is signal.SIGHUP:  # with the terminal gone, reading keys from it may never come to an end
            last = Timer(HANGUP_S, os._exit, (status,))
            last.daemon = True
            last.start()

    def _handle_exception(self, error: Exception) -> None:
        """A bug: keep it for the report, leave the terminal clean, end with status 70."""
        self.crash = self.crash or error
        if self.is_headless:
            super()._handle_exception(error)
            return
        self.exit(return_code=BUG)
        self._close_messages_no_wait()
