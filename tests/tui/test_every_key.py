"""Every key of the table, pressed where it works: each case tells what that key alone changes.

A key without a case fails `test_every_key_has_a_case`.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ledgers import build
from pseudo_terminal import Terminal
from scenes import Feed, foundry, inspector, press, settled, until
from textual.pilot import Pilot

from teleloupe_tui.keys import KEYS
from teleloupe_tui.launch import Directory, Start
from teleloupe_tui.screens.inspector import Inspector

ROOT = Path(__file__).parents[2]
SMALL, MIDDLE, WIDE = (80, 24), (120, 40), (200, 60)
Look = Callable[[Inspector], Any]
LONG = "composite_export.json"
BAD = "canary/composite_export.json"


class Case(NamedTuple):
    """The keys that lead to where a key is tried, what it changes, and to what."""

    before: tuple[str, ...]
    look: Look
    after: Any
    size: tuple[int, int] = SMALL
    select: str | None = LONG
    place: str = "foundry"


def view(screen: Inspector) -> str:
    """The pane with the focus."""
    return screen.here.view


def cursor(screen: Inspector) -> int:
    """The row of the cursor."""
    return screen.here.cursor


def count(screen: Inspector) -> int:
    """The rows of the pane."""
    return screen.here.count


def column(screen: Inspector) -> str:
    """The column of the cursor."""
    return screen.here.column


def form(screen: Inspector) -> str:
    """Which form of its table the pane shows."""
    return screen.here.asked.form


def order(screen: Inspector) -> list[str]:
    """The columns that rows are sorted by."""
    return [key.column for key in screen.here.asked.query.sort]


def shown_columns(screen: Inspector) -> list[str]:
    """The columns that are drawn, in their order."""
    return list(screen.here.showing.columns) if screen.here.showing else []


def dialog(screen: Inspector) -> str:
    """What stands before the inspector."""
    return type(screen.app.screen).__name__


def heading(screen: Inspector) -> str:
    """The title of the list that stands before the inspector."""
    return getattr(screen.app.screen, "heading", "")


def prompt(screen: Inspector) -> str:
    """What is asked in the line above the keys."""
    return next((found.purpose for found in screen.query("Prompt")), "")  # type: ignore[attr-defined]  # by its name


def toast(screen: Inspector) -> str:
    """The last thing that was said."""
    return next((found.message for found in reversed(list(screen.app._notifications))), "")


def exported(screen: Inspector) -> int:
    """Files beside the directory."""
    return len(list((Path(screen.source.root).parent / "teleloupe-exports").glob("*")))


def place(screen: Inspector) -> tuple[str, str | None]:
    """The pane and the file."""
    return screen.here.view, screen.path


def ended(screen: Inspector) -> tuple[bool, int | None]:
    """Whether the app is at its end, and its status."""
    return screen.app._exit, screen.app.return_code


def reread(screen: Inspector) -> list[str | None]:
    """What the source was asked to look at again."""
    assert isinstance(screen.source, Feed)
    return screen.source.reread_paths


def zoomed(screen: Inspector) -> str:
    """Whether one pane is alone."""
    return "alone" if screen.is_zoomed else "among others"


def following(screen: Inspector) -> str:
    """Whether the cursor goes to what is newest."""
    return "on" if screen.is_following else "off"


def paused(screen: Inspector) -> str:
    """Whether the screen is held still."""
    return "still" if screen.is_paused else "live"


ALL_COLUMNS = ["batch_id", "ritual", "units_processed", "status", "duration_ms"]
CASES: dict[str, Case] = {
    "down": Case(("2",), cursor, 1),
    "up": Case(("2", "G"), cursor, 27),
    "left": Case(("2", "l"), column, "batch_id"),
    "right": Case(("2",), column, "ritual"),
    "half-down": Case(("2",), cursor, 9),
    "half-up": Case(("2", "G"), cursor, 19),
    "page-down": Case(("2",), cursor, 18),
    "page-up": Case(("2", "G"), cursor, 10),
    "top": Case(("2", "G"), cursor, 0),
    "bottom": Case(("2",), cursor, 28),
    "open": Case((), view, "records"),
    "back": Case(("2",), view, "files"),
    "files": Case(("3",), view, "files"),
    "records": Case((), view, "records"),
    "issues": Case((), view, "issues"),
    "sums": Case((), view, "sums"),
    "diff": Case(("d", "1"), view, "diff", MIDDLE, "build_info.json", "git"),
    "stats": Case((), view, "stats"),
    "next-pane": Case((), view, "records", WIDE),
    "previous-pane": Case((), view, "live", WIDE),
    "jump": Case((), dialog, "Jump"),
    "history-back": Case(("3",), view, "files"),
    "history-forward": Case(("3", "alt+left"), view, "issues"),
    "zoom": Case((), zoomed, "alone", MIDDLE),
    "next-file": Case((), place, ("files", "export_manifest.json")),
    "previous-file": Case((), place, ("files", BAD)),
    "next-issue": Case((), place, ("record", BAD), MIDDLE),
    "previous-issue": Case(("e",), place, ("artefact", LONG), MIDDLE),
    "turn": Case((), form, "tree"),
    "compare": Case((), view, "diff", MIDDLE, "build_info.json", "git"),
    "views": Case((), heading, "views of run.json", select="run.json", place="svr"),
    "next-chart": Case(("V", "3"), lambda s: s.working.plot.first, 1, select="run.json", place="svr"),
    "bytes": Case((), view, "bytes", select="run.json", place="svr"),
    "edit": Case((), toast, "no editor is set: VISUAL or EDITOR in the environment names one, as in EDITOR=nano"),
    "versions": Case((), dialog, "Picker", MIDDLE, "build_info.json", "git"),
    "equal": Case(("d",), form, "record+", MIDDLE, "build_info.json", "git"),
    "search": Case((), prompt, "find"),
    "next-found": Case(("2", "slash", *"forge", "enter"), cursor, 4),
    "previous-found": Case(("2", "slash", *"forge", "enter"), cursor, 28),
    "frequency": Case(("2",), view, "values"),
    "go-to": Case((), dialog, "GoTo"),
    "group": Case(("2", "l"), lambda screen: int(screen.working.is_grouped), 1),
    "filter": Case((), prompt, "filter"),
    "like": Case(("2", "l"), count, 8),
    "unlike": Case(("2", "l"), count, 21),
    "sort": Case(("2", "l"), order, ["ritual"]),
    "sort-further": Case(("2", "l", "s", "l"), order, ["ritual", "units_processed"]),
    "hide-column": Case(("2",), shown_columns, ["ritual", "units_processed", "status", "duration_ms"]),
    "show-columns": Case(("2", "minus"), shown_columns, ALL_COLUMNS),
    "column-left": Case(("2", "minus", "l"), shown_columns, ["units_processed", "ritual", "status", "duration_ms"]),
    "column-right": Case(("2", "minus"), shown_columns, ["units_processed", "ritual", "status", "duration_ms"]),
    "narrower": Case(("2",), lambda s: s.here.width_of("batch_id"), 20),
    "wider": Case(("2",), lambda s: s.here.width_of("batch_id"), 28),
    "freeze": Case(("2",), lambda s: s.here.columning.frozen, "batch_id"),
    "mark": Case(("2",), lambda screen: screen.here.marks, {0}),
    "export": Case((), exported, 2),
    "export-as": Case((), dialog, "ExportDialog"),
    "sign": Case(("4", "t"), dialog, "Confirm", MIDDLE, None, "git"),
    "make": Case((), view, "made", MIDDLE, "run.json", "svr"),
    "undo-export": Case(("x",), exported, 0),
    "copy": Case((), heading, "copy"),
    "follow": Case((), following, "on"),
    "pause": Case((), paused, "still"),
    "seen": Case((), toast, "nothing is new"),
    "alert": Case((), prompt, "alert"),
    "reread": Case((), reread, [LONG]),
    "reread-all": Case((), reread, [None]),
    "help": Case((), dialog, "Help"),
    "palette": Case((), dialog, "Palette"),
    "quit": Case((), ended, (True, 0)),
    "quit-now": Case(("2", "X"), ended, (True, 0)),
    "interrupt": Case(("2", "X"), ended, (True, 130)),
}
BEHIND_A_TERMINAL = {"suspend"}  # a stopped process has no Pilot


@asynccontextmanager
async def opened(case: Case, folder: Path) -> AsyncIterator[tuple[Inspector, Pilot[Any]]]:
    """The app over the case's directory, at its size, with its file selected."""
    if case.place == "foundry":
        (folder / "exports").mkdir()
        source: Any = Feed(str(folder / "exports"))
        source.send(foundry())
    elif case.place == "git":
        source = Directory(Start(str(build(folder)), has_memory=False))
    else:
        shutil.copytree(ROOT / "sample_data" / "svr" / "valid" / "golden", folder / "golden")
        source = Directory(Start(str(folder / "golden"), has_memory=False))
    async with inspector(source, case.size, select=case.select) as (screen, pilot):
        await until(pilot, lambda: screen.is_read)
        await settled(pilot)
        yield screen, pilot


def test_every_key_has_a_case() -> None:
    known = {key.id for key in KEYS}

    assert known == set(CASES) | BEHIND_A_TERMINAL


@pytest.mark.parametrize(
    ("name", "key"), [(one.id, key) for one in KEYS if one.id in CASES for key in one.keys.split(",")]
)
async def test_key_does_what_it_says(name: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(variable, raising=False)
    case = CASES[name]

    async with opened(case, tmp_path) as (screen, pilot):
        await press(pilot, *case.before)
        before = case.look(screen)
        before = list(before) if isinstance(before, list) else set(before) if isinstance(before, set) else before
        await press(pilot, key)

        assert before != case.after, "the case does not tell whether the key was pressed"
        assert case.look(screen) == case.after


def test_ctrl_z_stops_the_process_and_gives_the_terminal_back(tmp_path: Path) -> None:
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "core"), str(ROOT / "tui")])}
    script = [sys.executable, "-m", "teleloupe_tui", "--no-memory", "--no-config", str(tmp_path)]

    with Terminal(script, env=paths) as terminal:
        terminal.wait_for("this directory is empty")
        shown = len(terminal.output)
        terminal.type("\x1a")
        terminal.wait_until(lambda output: b"\x1b[?1049l" in output[shown:])
        stopped, status = os.waitpid(terminal.process.pid, os.WUNTRACED)
        assert stopped == terminal.process.pid
        assert os.WIFSTOPPED(status)

        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_until(lambda output: b"\x1b[?1049h" in output[shown:])
        terminal.type("q")
        assert terminal.status() == 0
