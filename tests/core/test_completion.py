"""Completion of the command line, asked for as a shell asks: with the script, through the shell where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from teleloupe.cli import main
from teleloupe.commands import COMMANDS, COMPLETE

CORE = Path(__file__).parents[2] / "core"


def offered(*words: str) -> list[str]:
    """What is offered for the last word, as `type,value`."""
    asked = {"COMP_WORDS": " ".join(("teleloupe", *words)), "COMP_CWORD": str(len(words)), COMPLETE: "bash_complete"}
    environment = os.environ | {"PYTHONPATH": str(CORE)} | asked
    done = subprocess.run(
        [sys.executable, "-m", "teleloupe"], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("ver",), ["file,ver", "plain,verify"]),
        (("--vers",), ["file,--vers", "plain,--version"]),
        (("check", "--fail"), ["plain,--fail-on"]),
        (("check", "--output", "s"), ["plain,sarif"]),
        (("list", "--as", "cl"), ["plain,clamp"]),
        (("verify", "some/pa"), ["file,some/pa"]),
        (("export", ".", "--out", "d"), ["dir,d"]),
        (("export", ".", "--to", "csv,js"), ["plain,csv,json", "plain,csv,jsonl"]),
        (("rules", "clamp/seed-z"), ["plain,clamp/seed-zero"]),
        (("completion", "z"), ["plain,zsh"]),
        (("help", "verif"), ["plain,verify"]),
        (("show", "x", "--view", "score-"), ["plain,score-audit"]),
        (("conduit", "--prev"), ["plain,--preview"]),
        (("conduit", "rel"), ["dir,rel"]),
        (("--no-m",), ["file,--no-m", "plain,--no-memory"]),
    ],
)
def test_a_word_is_completed(words: tuple[str, ...], wanted: list[str]) -> None:
    assert offered(*words) == wanted


def test_the_first_word_may_be_any_command_or_a_path_and_loads_none_of_them() -> None:
    assert offered("") == ["file,", *(f"plain,{name}" for name in COMMANDS)]
    script = (
        "import sys\nfrom teleloupe.cli import main\nmain()\n"
        "sys.exit(sorted(name for name in sys.modules if name.startswith('teleloupe.formats')))"
    )
    asked = {"COMP_WORDS": "teleloupe che", "COMP_CWORD": "1", COMPLETE: "bash_complete", "PYTHONPATH": str(CORE)}

    done = subprocess.run([sys.executable, "-c", script], env=os.environ | asked, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0

    printed = capsys.readouterr()
    assert printed.err == ""
    assert f"{COMPLETE}={shell}_complete" in printed.out


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here")
def test_bash_completes_with_the_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["completion", "bash"])
    script = tmp_path / "teleloupe.bash"
    script.write_text(capsys.readouterr().out)
    program = tmp_path / "bin" / "teleloupe"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH={CORE} exec {sys.executable} -m teleloupe "$@"\n')
    program.chmod(0o755)
    typed = (
        f"source {script}; COMP_WORDS=(teleloupe verify --out); COMP_CWORD=2; "
        '_teleloupe_completion teleloupe verify; printf "%s\\n" "${COMPREPLY[@]}"; complete -p teleloupe'
    )

    done = subprocess.run(
        ["bash", "-c", typed],
        env=os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout.splitlines() == ["--output", "complete -o nosort -F _teleloupe_completion teleloupe"]
