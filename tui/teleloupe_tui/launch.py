"""From the shell to the inspector and back: arguments, terminal, source of snapshots, crash report, exit status."""

from __future__ import annotations

import difflib
import io
import os
import sys
import time
from collections.abc import Iterator, Sequence
from threading import Event
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from teleloupe import disk, formats
from teleloupe.commands import BUG, COMMANDS, INTERRUPTED, UNREADABLE, USAGE
from teleloupe.ignoring import ignoring
from teleloupe.model import Blob, Snapshot, UsageError
from teleloupe.provenance.explain import Recall
from teleloupe.provenance.memory import Memory, default_folder
from teleloupe.safe import safe
from teleloupe.streams import check_stdout, say, settle, unwritable
from teleloupe_tui import config, pacing
from teleloupe_tui.config import Loaded

if TYPE_CHECKING:
    from teleloupe.watch import Watch

VALUED = ("--as", "--alert", "--ignore")
FLAGS = ("--read-only", "--no-memory", "--no-state", "--linear")
FRAMES_PER_SECOND = "120"  # at most; nothing is drawn while nothing changes
NO_CONFIG = Loaded()
SWITCH_INTERVAL_S = 0.001  # worker threads give way to the screen five times as often as by default


class Start(Struct, frozen=True):
    """What to inspect: a directory, the file in it to begin with, the format to read everything as.

    `roots` are directories below it, by their paths relative to it, where several were asked for: nothing else is read.
    `has_memory` keeps and recalls verified bytes, `has_state` where the reader was; `is_read_only` forbids writing a
    fresh checksum; what fits a pattern that is `ignored` is not shown. `is_linear` asks for lines of text in place of
    a screen. `greeting` is said first: safe text, keys in it as `{id}`. `alert` is a condition to ring for.
    """

    root: str
    select: str | None = None
    only: str | None = None
    has_memory: bool = True
    has_state: bool = True
    is_read_only: bool = False
    is_linear: bool = False
    ignored: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    greeting: str = ""
    alert: str = ""


class Directory:
    """A watched directory as the app's source; the watcher is loaded by the thread that uses it."""

    def __init__(self, start: Start) -> None:
        self.root = start.root
        self.roots: Sequence[str] = [os.path.join(start.root, path) for path in start.roots] or [start.root]
        self.is_read_only = start.is_read_only
        self._memory = Memory(default_folder(os.environ), time.time_ns) if start.has_memory else None
        self.recall: Recall | None = self._memory.recall if self._memory else None
        self._only, self._ignored, self._below = start.only, start.ignored, start.roots
        self._watch: Watch | None = None

    def snapshots(self, stop: Event) -> Iterator[Snapshot]:
        """Ever newer snapshots of the directory."""
        from teleloupe.watch import Watch

        self._watch = Watch(
            self.root,
            self._only,
            roots=self._below,
            memory=self._memory,
            ignored=self._ignored,
            give_way=pacing.give_way,
        )
        yield from self._watch.snapshots(stop)

    def mode(self) -> str:
        """How changes are noticed."""
        return self._watch.mode() if self._watch else "off"

    def read(self, path: str) -> Blob:
        """A file's bytes as they are now."""
        return disk.read(os.path.join(self.root, path), path)

    def reread(self, path: str | None) -> None:
        """Look again, whatever the stamps say."""
        if self._watch:
            self._watch.reread(path)

    def cancel(self) -> None:
        """End the scan that is under way."""
        if self._watch:
            self._watch.cancel()


def inspect(arguments: list[str]) -> int:
    """Open the inspector and return the exit status: 2 wrong use or no terminal, 3 nothing to read, 70 a bug."""
    try:
        rest, loaded = config.asked(arguments, os.environ)
        start = start_of(rest)
        if not start.is_linear:
            check_terminal(dict(os.environ))
    except disk.Unreadable as fault:
        return _refuse(fault.reason, UNREADABLE)
    except UsageError as fault:
        return _refuse(f"{fault}" + (f"\n  {fault.hint}" if fault.hint else ""), USAGE)
    return run_linear(start, loaded) if start.is_linear else run(start, loaded)


def tour(root: str, greeting: str) -> int:
    """Open the inspector on a demo directory, of which nothing is remembered; the exit status as of `inspect`."""
    try:
        loaded = config.asked([], os.environ)[1]
        check_terminal(dict(os.environ))
    except UsageError as fault:
        return _refuse(f"{fault}\n  without one: teleloupe demo --keep DIR --no-open, and the commands on DIR", USAGE)
    return run(Start(root, has_memory=False, has_state=False, greeting=greeting), loaded)


def start_of(arguments: list[str]) -> Start:
    """What the arguments ask for. Raises Unreadable and UsageError."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    flags = frozenset(FLAGS) & frozenset(arguments[:end])
    rest = [word for number, word in enumerate(arguments) if word not in FLAGS or number >= end]
    paths, only, ignored, alert = parsed(rest)
    ignoring(ignored)
    return structs.replace(
        start_at(paths, only),
        has_memory="--no-memory" not in flags,
        has_state="--no-state" not in flags,
        is_read_only="--read-only" in flags,
        is_linear="--linear" in flags,
        ignored=ignored,
        alert=alert,
    )


def parsed(arguments: list[str]) -> tuple[tuple[str, ...], str | None, tuple[str, ...], str]:
    """Paths, the present directory by default, and what `--as`, `--ignore` and `--alert` say. Raises UsageError."""
    paths: list[str] = []
    ignored: list[str] = []
    only, alert, rest = None, "", list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--":
            paths += rest
            break
        name, is_joined, value = word.partition("=")
        if name == "--as" and (is_joined or rest):
            only = value if is_joined else rest.pop(0)
        elif name == "--alert" and (is_joined or rest):
            from teleloupe.conditions import condition

            alert = condition(value if is_joined else rest.pop(0)).text
        elif name == "--ignore" and (is_joined or rest):
            ignored.append(value if is_joined else rest.pop(0))
        elif name in VALUED:
            raise UsageError(f"{name} needs a value", "teleloupe --help tells of which kind")
        elif word.startswith("-") and word != "-":
            raise UsageError(
                f"no option {safe(word)}",
                "teleloupe [OPTION ...] [PATH ...]; teleloupe --help",
            )
        else:
            paths.append(word)
    return tuple(paths) or (".",), only, tuple(ignored), alert


def start_at(paths: tuple[str, ...], only: str | None = None) -> Start:
    """The directories of the paths; one that is a file is where to begin. Raises Unreadable and UsageError.

    Of directories in one another the outer one is meant.
    """
    if only is not None and formats.named(only) is None:
        raise UsageError(f"no format {only!r}", f"formats: {', '.join(formats.NAMES)}")
    starts = [_start(path) for path in paths]
    roots = _outermost([os.path.realpath(start.root) for start in starts])
    begin = next((start for start in starts if start.select), None)
    if len(roots) == 1:
        outer = next(start.root for start in starts if os.path.realpath(start.root) == roots[0])
        return Start(outer, _below(begin, roots[0]), only)
    root = os.path.commonpath(roots)
    return Start(root, _below(begin, root), only, roots=tuple(os.path.relpath(one, root) for one in roots))


def _outermost(folders: Sequence[str]) -> list[str]:
    """The folders that lie in no other one, each once, in the order given."""
    return [
        one
        for one in dict.fromkeys(folders)
        if not any(other != one and os.path.commonpath([one, other]) == other for other in folders)
    ]


def _below(begin: Start | None, root: str) -> str | None:
    """The file to begin with, as its path below a root."""
    if begin is None or begin.select is None:
        return None
    return os.path.relpath(os.path.join(os.path.realpath(begin.root), begin.select), root)


def check_terminal(environment: dict[str, str]) -> None:
    """Raise UsageError where no screen can be drawn, rather than writing escape codes into a pipe."""
    headless = "without one: teleloupe --linear PATH, teleloupe list PATH, or teleloupe check PATH"
    for stream, name in ((sys.stdin, "input"), (sys.stdout, "output"), (sys.stderr, "error output")):
        if stream is None or not stream.isatty():
            raise UsageError(f"the inspector needs a terminal, and its {name} is none", headless)
    if environment.get("TERM", "") in ("", "dumb", "unknown"):
        raise UsageError(f"this terminal (TERM={safe(environment.get('TERM', ''))}) cannot draw a screen", headless)


def run(start: Start, loaded: Loaded = NO_CONFIG) -> int:
    """Run the app to its end."""
    be_quick()
    from teleloupe_tui.app import Teleloupe

    wanted = config.fitted(loaded.config, os.environ, getattr(sys.__stderr__, "encoding", None) or "utf-8")
    app = Teleloupe(
        Directory(start),
        select=start.select,
        greeting=start.greeting,
        config=wanted,
        faults=loaded.faults,
        alert=start.alert,
        state_folder=config.state_folder(os.environ) if start.has_state else None,
    )
    app.call_later(app.set_interval, pacing.TIDY_S, pacing.tidier())
    try:
        app.run()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as fault:  # noqa: BLE001 - a bug before or after the screen is drawn is reported like any other
        app.crash = app.crash or fault
    return _bug(app.crash) if app.crash is not None else app.return_code or 0


def run_linear(start: Start, loaded: Loaded) -> int:
    """Answer lines with lines, where no screen can be drawn or seen."""
    from teleloupe_tui.linear.running import Unheard
    from teleloupe_tui.linear.running import run as converse

    try:
        check_stdout()
    except UsageError as fault:
        return _refuse(f"{fault}", USAGE)
    for said in loaded.faults:
        say(f"teleloupe: {said}")
    wanted = config.fitted(loaded.config, os.environ, sys.stdout.encoding)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return converse(Directory(start), wanted, sys.stdin or io.StringIO(), sys.stdout, select=start.select)
    except Unheard as unheard:
        return _refuse(f"{unwritable(unheard.fault)}", USAGE)
    except Exception as fault:  # noqa: BLE001 - a bug becomes a report and a status
        return _bug(fault)
    finally:
        settle()


def be_quick() -> None:
    """Let keys be answered at once: threads give way sooner, frames come twice as often, garbage is no hurry.

    To be called before Textual is loaded.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)
    pacing.be_lazy()


def write_report(fault: BaseException) -> str:
    """The path of a report that tells of the bug and of the terminal."""
    from teleloupe import crash

    return crash.write_report([crash.terminal(), *crash.lines_of(fault)])


def _start(path: str) -> Start:
    if os.path.isdir(path):
        if not os.access(path, os.R_OK | os.X_OK):
            raise disk.Unreadable(f"{safe(path)}: permission denied")
        return Start(path)
    if os.path.lexists(path):
        folder, name = os.path.split(path)
        return Start(folder or ".", name)
    near = difflib.get_close_matches(path, COMMANDS, 1)
    hint = f"\n  did you mean: teleloupe {near[0]}?" if near else ""
    raise disk.Unreadable(f"{safe(path) or repr(path)}: no such file or directory{hint}", is_gone=True)


def _bug(fault: BaseException) -> int:
    path = write_report(fault)
    say(f"teleloupe: a bug of ours: {safe(str(fault))}\n  please report it with {path}")
    return BUG


def _refuse(words: str, status: int) -> int:
    say(f"teleloupe: {words}")
    return status
