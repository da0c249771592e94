"""Ways to a clipboard: through the terminal (OSC 52), by a tool of the system, or not at all; each says which."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import Literal

from msgspec import Struct

from teleloupe import disk

MOST_PACKED = 74_994  # base64 characters of one sequence; terminals drop longer ones without a word
PIECE = 700  # bytes that GNU screen passes on in one piece
TOOL_TIMEOUT_S = 3.0
SETTING = "TELELOUPE_CLIPBOARD"

Way = Literal["osc52", "native", "file"]
Which = Callable[[str], str | None]
# tools by the variable that says that what they talk to is there ("" for none)
_TOOLS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("pbcopy",)),
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
    ("", ("clip.exe",)),
)


class Plan(Struct, frozen=True):
    """How a text is taken along: the way, the tool's words where it is one, and why it is not the terminal's."""

    way: Way
    tool: tuple[str, ...] = ()
    why: str = ""


def plan(text: str, environment: Mapping[str, str], configured: str = "auto", which: Which = shutil.which) -> Plan:
    """The best way for a text: the terminal where it can take it, else a tool, else a file.

    `TELELOUPE_CLIPBOARD`, before what is configured, chooses: `osc52` whatever the terminal says of itself, `native`,
    or `file`; what cannot work at all gives way to the next.
    """
    wanted = environment.get(SETTING) or configured
    why = _why_too_long(text) or ("" if wanted == "osc52" else _why_not_terminal(environment))
    tool = native_tool(environment, which)
    if wanted == "file":
        return Plan("file", why="it is configured so")
    if wanted == "native" and tool:
        return Plan("native", tool)
    if not why:
        return Plan("osc52")
    return Plan("native", tool, why) if tool and wanted != "osc52" else Plan("file", why=why)


def native_tool(environment: Mapping[str, str], which: Which = shutil.which) -> tuple[str, ...]:
    """The words that run the system's clipboard tool; () where there is none, or nothing for it to talk to."""
    for variable, words in _TOOLS:
        if (not variable or environment.get(variable)) and (found := which(words[0])):
            return (found, *words[1:])
    return ()


def sequences(text: str, environment: Mapping[str, str]) -> list[str]:
    """OSC 52 with the text, as the terminal at hand passes it on.

    tmux gets it plain and wrapped, since its settings decide which of both it takes; GNU screen wrapped in pieces.
    """
    plain = f"\x1b]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}\a"
    if environment.get("TMUX"):
        return [plain, f"\x1bPtmux;\x1b{plain}\x1b\\"]
    if environment.get("STY") or environment.get("TERM", "").startswith("screen"):
        pieces = [plain[at : at + PIECE] for at in range(0, len(plain), PIECE)]
        return ["".join(f"\x1bP{piece}\x1b\\" for piece in pieces)]
    return [plain]


def run_tool(words: tuple[str, ...], text: str) -> str:
    """Give a text to a clipboard tool; why it did not take it, "" when it did."""
    try:
        done = subprocess.run(
            words,
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,  # a tool that stays in the background to serve the text keeps it open
            stderr=subprocess.DEVNULL,
            timeout=TOOL_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"gave no answer in {TOOL_TIMEOUT_S:.0f} s"
    except OSError as fault:
        return disk.reason(fault)
    return "" if done.returncode == 0 else f"ended with status {done.returncode}"


def _why_too_long(text: str) -> str:
    packed = 4 * -(-len(text.encode("utf-8", "replace")) // 3)
    return "it is too long for a terminal's clipboard" if packed > MOST_PACKED else ""


def _why_not_terminal(environment: Mapping[str, str]) -> str:
    if environment.get("TERM", "") in ("linux", "dumb"):
        return "this terminal has no clipboard"
    if environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return "this terminal takes nothing for the clipboard"
    return ""
