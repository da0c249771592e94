"""Lines in, lines out: the stream of snapshots and the lines of input meet here."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterable
from threading import Event, Thread
from typing import TextIO

from teleloupe.commands import INTERRUPTED, UNREADABLE, USAGE
from teleloupe.model import Snapshot, UsageError
from teleloupe.safe import safe
from teleloupe_tui import asciis
from teleloupe_tui.cells import amount
from teleloupe_tui.changes import Change, changes
from teleloupe_tui.config import Config
from teleloupe_tui.linear.session import Session
from teleloupe_tui.linear.wording import SIGNS
from teleloupe_tui.source import Source

TICK_S = 0.1
PROMPT = "> "
NO_BREAK = "\N{NO-BREAK SPACE}"  # between groups of digits on a screen
Item = Snapshot | str | Exception | None  # what comes: a snapshot, a line, a broken stream, the end of the input


class Unheard(Exception):
    """An answer that could not be written, for a reason other than that its reader has gone."""

    def __init__(self, fault: OSError) -> None:
        super().__init__(str(fault))
        self.fault = fault


def run(
    source: Source,
    config: Config,
    inputs: TextIO,
    outputs: TextIO,
    *,
    select: str | None = None,
    clock: Callable[[], float] = time.time,
) -> int:
    """Answer line after line to the end of the input.

    The exit status: 0, 2 when a script asked for something that cannot be done, 3 when the directory cannot be read,
    130 when interrupted. Raises Unheard; a bug is raised, too.
    """
    stop = Event()
    try:
        return Linear(source, config, inputs, outputs, clock, stop).run(select)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    finally:
        stop.set()


class Linear:
    """A session between two streams of text."""

    def __init__(
        self,
        source: Source,
        config: Config,
        inputs: TextIO,
        outputs: TextIO,
        clock: Callable[[], float],
        stop: Event,
    ) -> None:
        self._source, self._config, self._clock, self._stop = source, config, clock, stop
        self._inputs, self._outputs = inputs, outputs
        self._is_prompting = inputs.isatty()
        self._coming: queue.Queue[Item] = queue.Queue()
        self._lines: list[str | None] = []  # read ahead while something else was waited for
        self._newest: Snapshot | None = None
        self._status = 0

    def run(self, select: str | None) -> int:
        """The session from its greeting to its end."""
        Thread(target=self._listen, name="snapshots", daemon=True).start()
        snapshot = self._first()
        session = Session(self._source, snapshot, self._clock, self._config.export_dir)
        self._say(session.greet())
        if snapshot.fault:
            return UNREADABLE
        if select is not None:
            self._answer(session, f"open {select}")
        Thread(target=self._read, name="input", daemon=True).start()
        while not session.is_over:
            line = self._line()
            if line is None:
                break
            self._catch_up(session)
            self._answer(session, line)
        return 0 if self._is_prompting else self._status

    # what comes

    def _listen(self) -> None:
        try:
            for snapshot in self._source.snapshots(self._stop):
                self._coming.put(snapshot)
        except Exception as fault:  # noqa: BLE001 - the worker's edge: raised again in the main thread
            self._coming.put(fault)

    def _read(self) -> None:
        for line in self._inputs:
            self._coming.put(line.rstrip("\r\n"))
        self._coming.put(None)

    def _take(self, seconds: float) -> bool:
        """Sort what comes within some time; whether anything came."""
        try:
            item = self._coming.get(timeout=seconds)
        except queue.Empty:
            return False
        if isinstance(item, Exception):
            raise item
        if isinstance(item, Snapshot):
            self._newest = item if item.progress is None else self._newest
        else:
            self._lines.append(item)
        return True

    def _first(self) -> Snapshot:
        while self._newest is None:
            self._take(TICK_S)
        return self._newest

    def _line(self) -> str | None:
        if self._is_prompting and not self._lines:
            self._write(PROMPT)
            self._write()
        while not self._lines:
            self._take(TICK_S)
        return self._lines.pop(0)

    # what is said

    def _say(self, lines: Iterable[str]) -> None:
        for line in lines:
            plain = line.replace(NO_BREAK, " ")
            self._write(f"{asciis.plain(plain) if self._config.is_ascii else plain}\n")
        self._write()

    def _write(self, text: str = "") -> None:
        """Write a text; without one, see to it that all is said."""
        try:
            if text:
                self._outputs.write(text)
            else:
                self._outputs.flush()
        except BrokenPipeError:
            raise
        except OSError as fault:
            raise Unheard(fault) from None

    def _answer(self, session: Session, line: str) -> None:
        try:
            self._say(session.answer(line))
        except UsageError as fault:
            self._status = USAGE
            self._say([f"{fault}" + (f"; {fault.hint}" if fault.hint else "")])
        if session.wants_to_watch is not None:
            self._watch(session, session.wants_to_watch)
            session.wants_to_watch = None

    def _catch_up(self, session: Session) -> list[Change]:
        """The newest snapshot is the one that is asked about from now on."""
        while self._take(0):
            pass
        if self._newest is None or self._newest is session.snapshot:
            return []
        found = list(changes(session.snapshot, self._newest, self._clock()))
        session.snapshot = self._newest
        return found

    def _watch(self, session: Session, seconds: float) -> None:
        until, count = time.monotonic() + seconds, 0
        while time.monotonic() < until and not self._has_end(seconds):
            self._take(TICK_S)
            found = self._catch_up(session)
            count += len(found)
            self._say(map(_told, found))
        if self._lines and self._lines[0] == "":
            self._lines.pop(0)
        self._say([f"{amount(count, 'change')} seen"])

    def _has_end(self, seconds: float) -> bool:
        """Whether a line ends the watching; the end of the input does not where a time was named."""
        return any(line is not None or seconds == float("inf") for line in self._lines)


def _told(change: Change) -> str:
    when = time.strftime("%H:%M:%S", time.localtime(change.when))
    return f"{when} {SIGNS[change.sign]} {safe(change.path)}: {change.text}"
