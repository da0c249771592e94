"""The file under the cursor in the reader's own editor, at the line of the cursor."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from functools import partial

from textual.app import SuspendNotSupported

from teleloupe import disk
from teleloupe.model import DIRECTORY
from teleloupe.safe import safe
from teleloupe_tui.hexes import Shown, Wanted
from teleloupe_tui.opened import opened
from teleloupe_tui.screens import bytewise
from teleloupe_tui.screens.inspector import Inspector

# what editors want to be told of a line, by the name of their program
_PLUS = ("+{line}", "{path}")
_COLON = ("{path}:{line}",)
_LINES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "hx", "helix", "kak", "joe"), _PLUS),
    **dict.fromkeys(("code", "codium", "code-insiders", "cursor"), ("-g", "{path}:{line}")),
    **dict.fromkeys(("subl", "sublime_text", "zed"), _COLON),
}
# what keeps them from writing
_LOOKING: dict[str, str] = {**dict.fromkeys(("vi", "vim", "nvim"), "-R"), "nano": "-v"}


def edit_here(screen: Inspector) -> None:
    """Open what the cursor stands on; with --read-only in an editor that can be kept from writing."""
    place, message = bytewise.place_here(screen)
    document = screen.snapshot.documents.get(place.path) if place else None
    if place is None or document is None or document.kind == DIRECTORY:
        screen.say("no file is under the cursor")
        return
    editor = editor_of(os.environ)
    if not editor:
        screen.say("no editor is set: VISUAL or EDITOR in the environment names one, as in EDITOR=nano")
    elif screen.source.is_read_only and name_of(editor) not in _LOOKING:
        screen.say(f"started with --read-only, and {safe(name_of(editor))} cannot be kept from writing")
    else:
        work = partial(opened, screen.source, document, Wanted(place, message, unpacks=True))
        screen.jobs.run("edit", "looking for the line", work, partial(_edit, screen, editor, place.path))


def editor_of(environment: Mapping[str, str]) -> list[str]:
    """The words of VISUAL, else EDITOR; [] where neither names a program."""
    for name in ("VISUAL", "EDITOR"):
        try:
            if words := shlex.split(environment.get(name, "")):
                return words
        except ValueError:  # a quote that stays open
            continue
    return []


def name_of(editor: list[str]) -> str:
    """The name of an editor's program."""
    return os.path.basename(editor[0]).removesuffix(".exe")


def words_for(editor: list[str], path: str, line: int, *, is_read_only: bool = False) -> list[str]:
    """The command that opens a file at a line, counted from 1 (0: none is known), without a shell."""
    name = name_of(editor)
    looking = [_LOOKING[name]] if is_read_only and name in _LOOKING else []
    path = f"./{path}" if path.startswith(("-", "+")) else path
    form = _LINES.get(name, ("{path}",)) if line else ("{path}",)
    return [*editor, *looking, *(part.replace("{line}", str(line)).replace("{path}", path) for part in form)]


def _edit(screen: Inspector, editor: list[str], name: str, found: Shown | str) -> None:
    if isinstance(found, str):
        screen.say(f"{safe(name)}: {safe(found)}", is_bad=True)
        return
    path = os.path.join(screen.source.root, name)
    words = words_for(editor, path, found.line, is_read_only=screen.source.is_read_only)
    try:
        with screen.app.suspend():
            fault = _run(words)
    except SuspendNotSupported:
        screen.say("this terminal cannot be handed to an editor")
        return
    screen.app.refresh(layout=True)
    if fault:
        screen.say(f"{safe(name_of(editor))}: {safe(fault)}", is_bad=True)
    screen.source.reread(name)


def _run(words: list[str]) -> str:
    """Wait for a program that has the terminal; why it could not be run, "" when it was. Its ctrl+c is not ours."""
    before, wakeup = signal.signal(signal.SIGINT, lambda *_: None), signal.set_wakeup_fd(-1)
    try:
        subprocess.run(words, check=False)
    except OSError as fault:
        return disk.reason(fault)
    finally:
        signal.set_wakeup_fd(wakeup)
        signal.signal(signal.SIGINT, before)
    return ""
