"""The reader's own editor: which words it is called with, and that it has the terminal to itself."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from ledgers import pretty, rituals
from pseudo_terminal import Terminal
from scenes import Feed, foundry, inspector, settled

from teleloupe_tui.screens.editing import editor_of, words_for

SCRIPT = [sys.executable, "-m", "teleloupe_tui", "--no-memory", "--no-config"]


@pytest.mark.parametrize(
    ("editor", "line", "words"),
    [
        (["vim"], 12, ["vim", "+12", "d/a.json"]),
        (["/usr/bin/nano", "-l"], 3, ["/usr/bin/nano", "-l", "+3", "d/a.json"]),
        (["hx"], 5, ["hx", "+5", "d/a.json"]),
        (["code", "--wait"], 7, ["code", "--wait", "-g", "d/a.json:7"]),
        (["subl"], 7, ["subl", "d/a.json:7"]),
        (["ed"], 7, ["ed", "d/a.json"]),
        (["vim"], 0, ["vim", "d/a.json"]),
    ],
)
def test_each_editor_is_told_the_line_in_its_own_words(editor: list[str], line: int, words: list[str]) -> None:
    assert words_for(editor, "d/a.json", line) == words


def test_an_editor_that_can_is_kept_from_writing() -> None:
    assert words_for(["vim"], "a", 1, is_read_only=True) == ["vim", "-R", "+1", "a"]
    assert words_for(["nano"], "a", 1, is_read_only=True) == ["nano", "-v", "+1", "a"]


def test_a_path_that_looks_like_an_option_is_none() -> None:
    assert words_for(["vim"], "-c quit", 0) == ["vim", "./-c quit"]
    assert words_for(["vim"], "+!ls", 0) == ["vim", "./+!ls"]


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "vi"}, ["code", "--wait"]),
        ({"VISUAL": "", "EDITOR": "'my editor' -x; rm"}, ["my editor", "-x;", "rm"]),
        ({"VISUAL": "'open", "EDITOR": "vi"}, ["vi"]),
        ({}, []),
    ],
)
def test_the_editor_is_taken_from_the_environment(environment: dict[str, str], words: list[str]) -> None:
    assert editor_of(environment) == words


async def test_without_an_editor_it_is_said_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    feed = Feed()
    feed.send(foundry())
    async with inspector(feed) as (screen, pilot):
        await pilot.press("O")
        await settled(pilot)

        assert "EDITOR=nano" in [note.message for note in screen.app._notifications][-1]


async def test_with_read_only_an_editor_that_would_write_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "micro")
    feed = Feed()
    feed.is_read_only = True
    feed.send(foundry())
    async with inspector(feed) as (screen, pilot):
        await pilot.press("O")
        await settled(pilot)

        assert "cannot be kept from writing" in [note.message for note in screen.app._notifications][-1]


def test_the_editor_has_the_terminal_and_its_ctrl_c_ends_it_alone(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "composite_export.json").write_bytes(pretty(rituals(3)))
    editor = tmp_path / "vim"
    editor.write_text("#!/bin/sh\ntrap 'echo left; exit 0' INT\necho \"told: $*\"\nwhile :; do sleep 0.05; done\n")
    editor.chmod(0o755)

    with Terminal([*SCRIPT, str(folder)], env={"VISUAL": str(editor)}) as terminal:
        terminal.wait_for("composite_export.json")
        terminal.type("2")
        terminal.wait_for("alfa-")
        terminal.type("jO")
        terminal.wait_for("told: +10")
        os.killpg(terminal.process.pid, signal.SIGINT)  # as ctrl+c does to all in the foreground
        terminal.wait_for("left")
        terminal.wait_until(lambda output: b"alfa-" in output[output.index(b"left") :])
        terminal.type("\x11")
        assert terminal.process.wait(10) == 0
