"""Ways to a clipboard: which is taken, and what goes over it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

import pytest

from teleloupe_tui.clipboard import MOST_PACKED, PIECE, Which, native_tool, plan, run_tool, sequences

XTERM = {"TERM": "xterm-256color"}
SHORT, LONG = "ä\x1b", "x" * (MOST_PACKED * 3 // 4 + 1)


def here(*names: str) -> Which:
    """A search path that has these programs alone."""
    return lambda name: f"/usr/bin/{name}" if name in names else None


def test_a_terminal_gets_one_plain_sequence() -> None:
    packed = base64.b64encode(SHORT.encode()).decode()

    assert sequences(SHORT, XTERM) == [f"\x1b]52;c;{packed}\a"]


def test_tmux_gets_the_sequence_plain_and_wrapped() -> None:
    plain, wrapped = sequences(SHORT, {"TERM": "screen", "TMUX": "/tmp/tmux,1,0"})

    assert wrapped == f"\x1bPtmux;\x1b{plain}\x1b\\"


@pytest.mark.parametrize("environment", [{"TERM": "screen.xterm"}, {"TERM": "xterm", "STY": "1.tty"}])
def test_screen_gets_pieces_that_it_passes_on(environment: Mapping[str, str]) -> None:
    (sent,) = sequences("y" * 5000, environment)
    pieces = [piece for piece in sent.split("\x1bP") if piece]

    assert all(piece.endswith("\x1b\\") and len(piece) <= PIECE + 2 for piece in pieces)
    assert "".join(piece.removesuffix("\x1b\\") for piece in pieces) == sequences("y" * 5000, XTERM)[0]


@pytest.mark.parametrize(
    ("text", "environment", "programs", "way"),
    [
        (SHORT, XTERM, (), "osc52"),
        (SHORT, XTERM, ("pbcopy",), "osc52"),
        (LONG, XTERM, (), "file"),
        (LONG, XTERM, ("pbcopy",), "native"),
        (LONG, XTERM, ("wl-copy", "xclip"), "file"),  # nothing is there that they could talk to
        (LONG, XTERM | {"WAYLAND_DISPLAY": "wayland-0"}, ("wl-copy",), "native"),
        (SHORT, {"TERM": "linux"}, (), "file"),
        (SHORT, {"TERM": "linux", "DISPLAY": ":0"}, ("xsel",), "native"),
        (SHORT, XTERM | {"TERM_PROGRAM": "Apple_Terminal"}, ("pbcopy",), "native"),
        (SHORT, XTERM | {"TELELOUPE_CLIPBOARD": "native"}, ("clip.exe",), "native"),
        (SHORT, XTERM | {"TELELOUPE_CLIPBOARD": "native"}, (), "osc52"),
        (SHORT, XTERM | {"TELELOUPE_CLIPBOARD": "file"}, ("pbcopy",), "file"),
        (SHORT, {"TERM": "dumb", "TELELOUPE_CLIPBOARD": "osc52"}, ("pbcopy",), "osc52"),
        (LONG, XTERM | {"TELELOUPE_CLIPBOARD": "osc52"}, ("pbcopy",), "file"),
    ],
)
def test_the_best_way_that_can_carry_a_text_is_taken(
    text: str, environment: Mapping[str, str], programs: tuple[str, ...], way: str
) -> None:
    found = plan(text, environment, which=here(*programs))

    assert found.way == way
    assert (way == "file") == bool(found.why and not found.tool)


def test_the_environment_goes_before_the_configuration() -> None:
    assert plan(SHORT, XTERM, "file").way == "file"
    assert plan(SHORT, XTERM | {"TELELOUPE_CLIPBOARD": "osc52"}, "file").way == "osc52"


def test_wayland_comes_before_x() -> None:
    both = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}

    assert native_tool(both, here("wl-copy", "xclip"))[0] == "/usr/bin/wl-copy"
    assert native_tool(both, here("xclip")) == ("/usr/bin/xclip", "-selection", "clipboard")


def test_a_tool_gets_the_text_and_its_failure_is_told(tmp_path: Path) -> None:
    target = tmp_path / "taken"

    assert run_tool(("/bin/sh", "-c", f"cat > {target}"), SHORT) == ""
    assert target.read_text(encoding="utf-8") == SHORT
    assert run_tool(("/bin/sh", "-c", "exit 3"), SHORT) == "ended with status 3"
    assert run_tool((str(tmp_path / "none"),), SHORT) == "no such file or directory"
