"""`teleloupe doctor`: what it finds out, and what it says to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from teleloupe.cli import Front, Settings, main
from teleloupe.doctor import install, surroundings, terminal, watching
from teleloupe.doctor.findings import Finding
from teleloupe.doctor.terminal import Terminal

CORE = Path(__file__).parents[2] / "core"
GOOD = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
SCREEN = Terminal(is_input=True, is_output=True, size=(120, 40), encoding="UTF-8")


def named(found: Iterable[Finding], name: str) -> Finding:
    (one,) = [finding for finding in found if finding.name == name]
    return one


def test_it_answers_in_text_and_json_without_textual(tmp_path: Path) -> None:
    script = "import sys\nfrom teleloupe.cli import Front, Settings, main\nstatus = main(sys.argv[1:])\n"
    script += "sys.exit('loaded' if {'textual', 'rich'} & set(sys.modules) else status)"
    environment = os.environ | {"PYTHONPATH": str(CORE), "HOME": str(tmp_path), "TERM": "xterm"}

    def doctor(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", script, "doctor", *words]
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)

    text, answer = doctor(), json.loads(doctor("--output", "json").stdout)

    assert (text.returncode, text.stderr) == (0, "")
    assert answer["schema"] == "teleloupe.doctor/1"
    topics = {finding["topic"] for finding in answer["findings"]}
    assert topics == {"install", "terminal", "watching", "surroundings", "places"}
    assert all(topic in text.stdout.splitlines() for topic in topics)
    assert text.stdout.splitlines()[-1].endswith("0 problems")


def test_a_fault_of_the_configuration_is_a_problem_and_makes_the_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def front(*faults: str) -> Front:
        return Front(lambda _root, _greeting: 0, lambda: Settings("config.toml", faults, str(tmp_path)))

    assert main(["doctor"], front()) == 0
    assert main(["doctor", "--color", "always"], front("config.toml:3: no theme 'x'")) == 1
    assert "config.toml:3: no theme 'x'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "bounds", "is_fine"),
    [
        ("8.2.8", ">=6,<9", True),
        ("9.0", ">=6,<9", False),
        ("5.9.1", ">=6,<9", False),
        ("0.1.4", ">=0.1.4", True),
        ("1.2rc1", "", True),
    ],
)
def test_a_version_is_held_against_what_is_needed(version: str, bounds: str, is_fine: bool) -> None:
    assert install.fits(version, bounds) is is_fine


def test_a_good_terminal_gives_nothing_to_do() -> None:
    found = [one for one in terminal.findings(SCREEN, GOOD) if one.name != "clipboard"]

    assert {finding.grade for finding in found} == {"ok"}
    assert named(found, "size").value == "120x40"


@pytest.mark.parametrize(
    ("environment", "name", "grade"),
    [
        ({"TERM": "dumb"}, "TERM", "problem"),
        ({"COLORTERM": ""}, "colours", "note"),
        ({"NO_COLOR": "1"}, "colours", "ok"),
        ({"STY": "1.pts"}, "screen", "note"),
        ({"SSH_TTY": "/dev/pts/1"}, "ssh", "ok"),
    ],
)
def test_what_a_terminal_lacks_is_told(environment: dict[str, str], name: str, grade: str) -> None:
    assert named(terminal.findings(SCREEN, GOOD | environment), name).grade == grade


def test_a_small_terminal_and_one_that_is_none_are_noted() -> None:
    small = Terminal(is_input=True, is_output=True, size=(60, 20), encoding="ascii")
    none = Terminal(is_input=False, is_output=False, size=None, encoding="UTF-8")

    assert named(terminal.findings(small, GOOD), "size").grade == "note"
    assert named(terminal.findings(small, GOOD), "characters").grade == "note"
    assert named(terminal.findings(none, {}), "TERM").grade == "note"
    assert named(terminal.findings(none, {}), "streams").value == "no terminal: input and output"


def test_a_clipboard_command_counts_where_what_it_talks_to_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "xclip").write_text("#!/bin/sh\n")
    (tmp_path / "xclip").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert named(terminal.findings(SCREEN, GOOD), "clipboard").grade == "note"
    assert named(terminal.findings(SCREEN, GOOD | {"DISPLAY": ":0"}), "clipboard").grade == "ok"


@pytest.mark.parametrize(
    ("clipboard", "passing", "grade"),
    [("on", "off", "ok"), ("external", "off", "note"), ("external", "on", "ok"), ("off", "", "note")],
)
def test_tmux_is_asked_whether_it_takes_the_clipboard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clipboard: str, passing: str, grade: str
) -> None:
    program = f"#!/bin/sh\ncase $3 in set-clipboard) echo {clipboard};; *) echo {passing};; esac\n"
    (tmp_path / "tmux").write_text(program)
    (tmp_path / "tmux").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    assert named(terminal.findings(SCREEN, GOOD | {"TMUX": "/run/tmux"}), "tmux").grade == grade


def test_a_change_is_waited_for_and_timed(tmp_path: Path) -> None:
    assert 0 < watching.latency_ms() < 1000 * watching.PATIENCE_S
    assert named(watching.findings(str(tmp_path)), "events").value.startswith("native, ")


def test_git_and_editor_that_are_not_there_are_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    found = list(surroundings.findings({"EDITOR": "nonesuch -w", "HOME": str(tmp_path)}))

    assert named(found, "git").grade == "note"
    assert (named(found, "editor").grade, "nonesuch is not found" in named(found, "editor").advice) == ("note", True)


def test_a_place_that_cannot_be_written_to_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    found = surroundings.findings({"XDG_CACHE_HOME": str(tmp_path / "file")})

    assert named(found, "cache").grade == "problem"
    assert surroundings.kept("state", str(tmp_path / "none")).grade == "ok"
