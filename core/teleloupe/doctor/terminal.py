"""The terminal: what it says of itself, what stands between it and the inspector, and ways to its clipboard."""

from __future__ import annotations

import locale
import shutil
import subprocess
from collections.abc import Iterator, Mapping

from msgspec import Struct

from teleloupe.doctor.findings import Finding

SMALL = (80, 24)  # what every screen is laid out for
TIMEOUT_S = 2.0
# command -> the variable that says that what it talks to is there; "" where it always is
CLIPBOARDS = {"pbcopy": "", "wl-copy": "WAYLAND_DISPLAY", "xclip": "DISPLAY", "xsel": "DISPLAY", "clip.exe": ""}


class Terminal(Struct, frozen=True):
    """The streams and the size as they were found; None for no terminal."""

    is_input: bool
    is_output: bool
    size: tuple[int, int] | None
    encoding: str


def findings(terminal: Terminal, environment: Mapping[str, str]) -> Iterator[Finding]:
    """What the inspector will find."""
    yield _streams(terminal)
    yield _kind(environment, is_terminal=terminal.is_output)
    if terminal.size:
        yield _size(*terminal.size)
    yield _colours(environment)
    yield _characters(terminal.encoding, environment)
    yield from _between(environment)
    yield _clipboard(environment)


def _streams(terminal: Terminal) -> Finding:
    if terminal.is_input and terminal.is_output:
        return Finding("terminal", "streams", "ok", "input and output are a terminal")
    missing = " and ".join(
        name for name, is_there in (("input", terminal.is_input), ("output", terminal.is_output)) if not is_there
    )
    advice = "the inspector needs a terminal; list, check, verify and the other commands do not"
    return Finding("terminal", "streams", "note", f"no terminal: {missing}", advice)


def _kind(environment: Mapping[str, str], *, is_terminal: bool) -> Finding:
    kind = environment.get("TERM", "")
    if kind in ("", "dumb", "unknown"):
        advice = "set TERM to what your terminal is, such as: export TERM=xterm-256color"
        return Finding("terminal", "TERM", "problem" if is_terminal else "note", kind or "not set", advice)
    program = environment.get("TERM_PROGRAM", "")
    return Finding("terminal", "TERM", "ok", f"{kind}{f' ({program})' if program else ''}")


def _size(columns: int, lines: int) -> Finding:
    value = f"{columns}x{lines}"
    if columns >= SMALL[0] and lines >= SMALL[1]:
        return Finding("terminal", "size", "ok", value)
    return Finding("terminal", "size", "note", value, f"{SMALL[0]}x{SMALL[1]} shows everything without cuts")


def _colours(environment: Mapping[str, str]) -> Finding:
    if environment.get("NO_COLOR"):
        return Finding("terminal", "colours", "ok", "none, as NO_COLOR asks")
    if environment.get("COLORTERM", "") in ("truecolor", "24bit"):
        return Finding("terminal", "colours", "ok", "16 million (COLORTERM)")
    kind = environment.get("TERM", "")
    count = "256" if "256" in kind or "direct" in kind or "kitty" in kind else "16"
    return Finding("terminal", "colours", "note", count, "where the terminal has more: export COLORTERM=truecolor")


def _characters(encoding: str, environment: Mapping[str, str]) -> Finding:
    said = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or "no locale"
    if encoding.lower().replace("-", "") == "utf8":
        return Finding("terminal", "characters", "ok", f"UTF-8 ({said})")
    advice = "choose a UTF-8 locale, such as: export LANG=C.UTF-8"
    return Finding("terminal", "characters", "note", f"{encoding} ({said})", advice)


def _between(environment: Mapping[str, str]) -> Iterator[Finding]:
    if environment.get("TMUX"):
        yield _tmux()
    elif environment.get("STY"):
        advice = "screen passes no clipboard on; y then works through a command, or writes a file"
        yield Finding("terminal", "screen", "note", "inside screen", advice)
    elif environment.get("ZELLIJ"):
        yield Finding("terminal", "zellij", "ok", "inside zellij")
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        advice = "the clipboard is the terminal's where you sit, reached by an escape sequence alone (OSC 52)"
        yield Finding("terminal", "ssh", "ok", "over ssh", advice)


def _tmux() -> Finding:
    """Whether tmux takes the escape sequence for the clipboard, or lets it through to the terminal."""
    told, passing = (_answer("tmux", "show-options", "-gv", name) for name in ("set-clipboard", "allow-passthrough"))
    if told in ("off", "external") and passing not in ("on", "all"):
        advice = "to copy with y through the terminal: tmux set -g set-clipboard on"
        return Finding("terminal", "tmux", "note", f"inside tmux, set-clipboard {told}", advice)
    return Finding("terminal", "tmux", "ok", f"inside tmux, set-clipboard {told or 'unknown'}")


def _clipboard(environment: Mapping[str, str]) -> Finding:
    usable = [
        name for name, needed in CLIPBOARDS.items() if shutil.which(name) and (not needed or environment.get(needed))
    ]
    if usable:
        return Finding("terminal", "clipboard", "ok", f"{', '.join(usable)}; escape sequence (OSC 52)")
    advice = "whether the terminal takes it, it does not say; wl-copy, xclip or xsel would be sure"
    return Finding("terminal", "clipboard", "note", "escape sequence (OSC 52) alone", advice)


def preferred_encoding() -> str:
    """The encoding of the user's locale."""
    return locale.getpreferredencoding(do_setlocale=False)


def _answer(*words: str) -> str:
    """What a command prints, without white space around; "" when it does not answer."""
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
