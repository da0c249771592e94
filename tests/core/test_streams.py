"""The ends of a command's streams: a full disk, a reader that has gone, a stream that was never open."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CORE = Path(__file__).parents[2] / "core"
SAMPLES = Path(__file__).parents[2] / "sample_data"
FAULTY = str(SAMPLES / "clamp" / "invalid" / "seed-zero")
COMMANDS = (
    (["check", FAULTY], 1),
    (["list", FAULTY, "--output", "json"], 0),
    (["list", FAULTY, "--color", "never"], 0),
    (["memory"], 0),
    (["--help"], 0),
    (["show", "--help"], 0),
    (["help", "show"], 0),
    (["--version"], 0),
    (["completion", "bash"], 0),
)  # fmt: skip


def run(words: list[str], redirections: str) -> tuple[int, bytes]:
    """The exit status of the command line under these redirections of a shell, and what it said on stderr."""
    line = f'exec "$0" -m teleloupe "$@" {redirections}'
    environment = os.environ | {"PYTHONPATH": str(CORE)}
    done = subprocess.run(
        ["/bin/sh", "-c", line, sys.executable, *words], capture_output=True, env=environment, check=False, timeout=60
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=" ".join)
def test_an_answer_that_a_full_disk_does_not_take_is_status_2_and_no_bug(words: list[str]) -> None:
    told = b"teleloupe: cannot write to standard output: no space left on device\n"
    assert run(words, ">/dev/full") == (2, told)


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=" ".join)
def test_an_answer_for_which_there_is_no_stdout_is_status_2_and_no_bug(words: list[str]) -> None:
    assert run(words, ">&-") == (2, b"teleloupe: cannot write to standard output: it is closed\n")


@pytest.mark.parametrize(("words", "status"), COMMANDS, ids=str)
def test_a_reader_that_has_gone_changes_no_status(words: list[str], status: int) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    environment = os.environ | {"PYTHONPATH": str(CORE)}
    line = [sys.executable, "-m", "teleloupe", *words]

    done = subprocess.run(line, stdout=theirs, stderr=subprocess.PIPE, env=environment, check=False, timeout=60)
    os.close(theirs)

    assert (done.returncode, done.stderr) == (status, b"")


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(
    ("words", "status"), [(["check", "absent"], 3), (["check", "--absent"], 2), (["rules", "absent"], 2)], ids=str
)
def test_talk_that_nobody_hears_changes_no_status(words: list[str], status: int, redirection: str) -> None:
    if "full" in redirection and not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full here")
    assert run(words, redirection)[0] == status


def test_a_quiet_check_needs_no_stdout() -> None:
    assert run(["check", FAULTY, "--quiet"], ">&-") == (1, b"")


def test_the_faults_of_a_command_line_are_said_without_what_a_terminal_would_obey() -> None:
    status, told = run(["show", "a", "\x1b[31mb"], "")

    assert (status, b"\x1b" in told) == (2, False)
    assert b"unexpected extra argument (\\x1b[31mb)" in told
