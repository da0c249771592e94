"""`teleloupe demo` behind a real pseudo-terminal: it shows itself alive, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from pseudo_terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 20.0


def opened(tmp: Path) -> Terminal:
    paths = os.pathsep.join([str(ROOT / "core"), str(ROOT / "tui")])
    environment = {"PYTHONPATH": paths, "TMPDIR": str(tmp)}
    return Terminal([sys.executable, "-m", "teleloupe_tui", "demo"], 100, 30, environment)


def test_a_demo_greets_shows_a_writer_at_work_and_is_gone_after_q(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("checksums, and why they fail")
        terminal.wait_for("live/clamp/")
        terminal.type("q")
        status = terminal.status()

    assert status == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_demo_that_is_killed_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("checksums, and why they fail")
        terminal.process.send_signal(number)
        terminal.status()

        until = time.monotonic() + DEADLINE_S
        while list(tmp_path.iterdir()) and time.monotonic() < until:
            time.sleep(0.05)
        assert list(tmp_path.iterdir()) == []
