"""The whole keyboard tour behind a real pseudo-terminal, at the three sizes that the screens are drawn for."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from ledgers import build
from pseudo_screen import Display
from pseudo_terminal import Terminal

from teleloupe_tui import keys, views
from teleloupe_tui.situations import DIFFS, Situation
from teleloupe_tui.tips import TIPS

ROOT = Path(__file__).parents[2]
PATHS = {"PYTHONPATH": os.pathsep.join([str(ROOT / "core"), str(ROOT / "tui")])}
SIZES = [(80, 24), (120, 40), (200, 60)]
DEADLINE_S = 20.0
STILL = 4  # looks in a row at the same screen
ALONE_S = 0.3  # after which an escape is no beginning of another key
ESCAPE, TAB, CTRL_O, CTRL_P, CTRL_D, CTRL_Q = "\x1b", "\t", "\x0f", "\x10", "\x04", "\x11"
# what is typed, and what is on the screen then
GONE = "not: "  # before what is not on the screen any more
FOUND, FILTERED = "finds text in any cell", "tab completes"  # said below what is typed
TOUR: Sequence[tuple[str, str]] = (
    ("", "run.json"),
    ("j", "2/15"),
    ("k", "1/15"),
    ("G", "15/15"),
    ("g", "1/15"),
    (CTRL_D, "/15"),
    ("t", "/15"),
    ("t", "/15"),
    ("G", "15/15"),
    ("\r", "evt-001"),
    ("G", "11/11"),
    ("s", "sort: "),
    ("s", "▼"),
    ("s", "1/11"),
    ("\r", "record 1"),
    ("H", "00 01 02 03"),
    (ESCAPE, "evt-001"),
    ("1", "15/15"),
    ("/", FOUND),
    ("odd", "find: odd"),
    ("\r", GONE + "/ odd"),
    ("n", "14/15"),
    (ESCAPE, "14/15"),
    ("&", FILTERED),
    ("format=svr", "filter: format=svr"),
    ("\r", GONE + "& format"),
    (ESCAPE, "15/15"),
    ("3", "lacks one of its six fields"),
    ("t", "/0/status"),
    ("\r", "schema_version"),
    ("4", "line ends"),
    ("t", "mismatch"),
    ("6", "distinct"),
    ("\r", "share"),
    ("1", "7/15"),
    ("/", FOUND),
    ("build_info.json", "find: build_info"),
    ("\r", GONE + "/ build"),
    (ESCAPE, "8/15"),
    ("d", "[record]"),
    (TAB, "[lines]"),
    (TAB, "[bytes]"),
    ("o", "all"),
    ("q", "8/15"),
    ("f", "follow:on"),
    ("f", "follow:off"),
    ("p", "PAUSED"),
    ("p", "LIVE"),
    ("z", "8/15"),
    ("z", "8/15"),
    ("G", "15/15"),
    ("V", "views of run.json"),
    ("1", "View"),
    ("q", "15/15"),
    ("W", "Made files"),
    ("q", "15/15"),
    ("?", "keys in Files"),
    ("export", "found"),
    (ESCAPE, GONE + "type to find"),
    (CTRL_P, "Search for commands"),
    (ESCAPE, GONE + "Search for"),
    ("X", "enter writes"),
    (ESCAPE, GONE + "enter writes"),
    ("y", "esc back"),
    (ESCAPE, GONE + "esc back"),
    (CTRL_O, "a1 Files"),
    (ESCAPE, " 1 Files"),
)
IN_DIALOGS = ("views of", "keys in", "found", "Search for", "enter writes", "esc back")


class Seat:
    """A terminal and what it shows."""

    def __init__(self, terminal: Terminal, size: tuple[int, int]) -> None:
        self.terminal, self.display = terminal, Display(*size)
        self._fed = 0

    def look(self, seconds: float = 0.05) -> list[str]:
        """The screen as it is now."""
        self.terminal.read(seconds)
        self.display.feed(bytes(self.terminal.output[self._fed :]))
        self._fed = len(self.terminal.output)
        return self.display.text

    def wait_for(self, is_there: Callable[[list[str]], bool], about: object = "") -> list[str]:
        """The screen once a condition holds, and holds still."""
        until = time.monotonic() + DEADLINE_S
        before, still = list[str](), 0
        while time.monotonic() < until:
            shown = self.look()
            still = still + 1 if shown == before else 0
            if is_there(shown) and still == STILL:
                return shown
            before = shown
        raise AssertionError(f"not seen {about}:\n" + "\n".join(before))

    def resize(self, columns: int, lines: int) -> None:
        """The window gets another size."""
        fcntl.ioctl(self.terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.look(0)
        self.display.resize(columns, lines)
        os.killpg(self.terminal.process.pid, signal.SIGWINCH)


def holds(sign: str, shown: list[str]) -> bool:
    """Whether a text is anywhere on the screen."""
    is_there = any(sign.removeprefix(GONE) in line for line in shown)
    return is_there != sign.startswith(GONE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sums of every sort in a repository, and a session with views."""
    root = build(tmp_path)
    shutil.copy(ROOT / "sample_data" / "svr" / "valid" / "golden" / "run.json", root / "run.json")
    broken = json.dumps([{"schema_version": "1.0", "batch_id": "x", "ritual": "forge", "duration_ms": -1}])
    (root / "broken.json").write_text(broken)
    return root


def labels() -> set[str]:
    """Every key with every label that it can have in the footer, and every tip."""
    situations = [
        Situation(pane, form, is_following=flag, is_paused=flag, has_needle=not flag, is_unvouched=flag)
        for pane in views.VIEWS
        for form, flag in product(
            (*views.FORMS.get(pane, ("",)), *(["record+"] if pane in DIFFS else [])), (False, True)
        )
    ]
    tips = {f"tip: {keys.spelt(name)} {words}" for name, words in TIPS.items()}
    return tips | {f"{key.first} {keys.label(key, situation)}" for key in keys.KEYS for situation in situations}


def footer(shown: list[str]) -> Iterator[str]:
    """The keys in the last two lines; what stands at the right of the last is where the cursor is."""
    for line in shown[-2:]:
        yield from (group.strip() for group in line.split("  ") if group.strip())


@pytest.mark.parametrize(
    ("size", "extra"), [*((size, ()) for size in SIZES), (SIZES[0], ("--ascii",))], ids=lambda value: str(value)
)
def test_the_whole_tour_keeps_help_and_quit_in_sight_and_cuts_no_label(
    folder: Path, size: tuple[int, int], extra: tuple[str, ...]
) -> None:
    known = labels()
    script = [sys.executable, "-m", "teleloupe_tui", "--no-memory", "--no-config", *extra, str(folder)]
    with Terminal(script, *size, env=PATHS) as terminal:
        seat = Seat(terminal, size)
        for typed, wanted in TOUR:
            terminal.type(typed)
            if typed == ESCAPE:
                time.sleep(ALONE_S)
            sign = {"▼": "v"}.get(wanted, wanted) if extra else wanted
            shown = seat.wait_for(partial(holds, sign), (typed, wanted))
            if wanted.startswith(IN_DIALOGS):
                continue
            assert " ? help  ^p commands  q quit" in shown[-1], (typed, shown)
            groups = [group for group in footer(shown) if not group[0].isdecimal() or "/" not in group]
            assert set(groups) <= known, (typed, set(groups) - known)
            assert not any("Traceback" in line for line in shown)

        terminal.type(CTRL_Q)
        assert terminal.status() == 0


def test_a_window_that_shrinks_and_grows_is_drawn_anew(folder: Path) -> None:
    script = [sys.executable, "-m", "teleloupe_tui", "--no-memory", "--no-config", str(folder)]
    with Terminal(script, 200, 60, env=PATHS) as terminal:
        seat = Seat(terminal, (200, 60))
        seat.wait_for(partial(holds, "batch_a.json"))
        for columns, lines in (*SIZES, (60, 16), (200, 60)):
            seat.resize(columns, lines)
            shown = seat.wait_for(lambda lines: "? help" in lines[-1] and holds("batch_a.json", lines))
            assert "q quit" in shown[-1]

        terminal.type("q")
        assert terminal.status() == 0
