"""Help pages: every command has one, ends it with exit statuses and examples, and every example works."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click
import pytest

from teleloupe.cli import Front, commands, main
from teleloupe.cli.manual import Command
from teleloupe.commands import COMMANDS, INSPECTOR
from teleloupe.demo import layout

ENDLESS = "--watch"
PAGES = {name: commands.get_command(click.Context(commands), name) for name in COMMANDS}
EXAMPLES = [
    pytest.param(name, line, id=line)
    for name, page in PAGES.items()
    if isinstance(page, Command)
    for line, _ in page.examples
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("telemetry")
    layout.lay_out(str(root), 1)
    return root


def words_of(line: str) -> tuple[list[str], str]:
    """The words after `teleloupe`, without where the shell would send the answer, and the directory they are for."""
    folder = "."
    if line.startswith("cd "):
        folder, _, line = line.removeprefix("cd ").partition(" && ")
    words = shlex.split(line.removeprefix("source <(").removesuffix(")") if line.startswith("source") else line)
    assert words[0] == "teleloupe"
    return words[1 : words.index(">") if ">" in words else None], folder


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "conduit"])
def test_a_help_page_fits_and_ends_with_statuses_and_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= 100 for line in lines)
    assert lines.index("Exit status:") < lines.index("Examples:")
    assert all(line.endswith(tuple(".])")) for line in lines if line.startswith("  -h"))
    page = PAGES[name]
    assert page is not None
    options = [one for one in page.params if isinstance(one, click.Option)]
    assert [one.name for one in options if not one.help] == []


def test_the_overview_tells_of_the_inspector_and_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0

    printed = capsys.readouterr().out
    assert printed.startswith("Usage: teleloupe [OPTION ...] [PATH ...]\n")
    assert all(f"  {name} " in printed for name in (*INSPECTOR, *COMMANDS))
    assert "Exit status:" in printed


def test_the_conduit_has_the_page_of_its_producer_s_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conduit", "--help"]) == 1
    assert "Examples:\n  teleloupe conduit " in capsys.readouterr().err


@pytest.mark.parametrize(("name", "line"), EXAMPLES)
def test_an_example_works(
    name: str, line: str, demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words, folder = words_of(line)
    if ENDLESS in words:
        pytest.skip("it goes on until it is interrupted; the live tests run it")
    if "--baseline" in words:
        main(["check", str(demo), "--output", "json"])
        (demo / "accepted.json").write_text(capsys.readouterr().out)
    monkeypatch.chdir(demo / folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(demo.parent / "cache"))
    page = PAGES[name]
    assert isinstance(page, Command)

    status = main(words, Front(lambda root, _greeting: 0 if os.path.isdir(root) else 70, lambda: ("", ())))

    printed = capsys.readouterr()
    assert words[0] == name
    assert status in {0, 1} & page.statuses.keys()
    assert "bug" not in printed.err
    assert "no such" not in printed.err
