"""Help pages: every command has one, ends it with exit statuses and examples, and every example works."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import click
import pytest

from teleloupe.cli import Front, Settings, commands, main
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
    words = shlex.split(re.sub(r'^(?:source <|eval "\$)\((.*)\)"?$', r"\1", line))
    assert words[0] == "teleloupe"
    return words[1 : words.index(">") if ">" in words else None], folder


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "conduit"])
def test_a_help_page_fits_and_ends_with_statuses_and_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= 80 for line in lines)
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


@pytest.mark.parametrize("name", COMMANDS)
def test_help_prints_the_page_of_a_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([name, "--help"])
    page = capsys.readouterr()

    assert main(["help", name]) == 0
    assert capsys.readouterr() == page
    assert main(["help", f"{name}s"]) == 2


def test_help_alone_prints_the_overview(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    page = capsys.readouterr().out

    assert main(["help"]) == 0
    assert capsys.readouterr().out == page


@pytest.mark.parametrize(
    "line",
    [
        "list none", "show none", "check none", "check --watch none", "verify none", "diff none", "diff none other",
        "stats none", "export none", "doctor none", "session none", "report none --to json", "loom --refresh none",
        "loom --rollup none --export --export-dir out", "summarize . --compare none",
    ],
)  # fmt: skip
def test_a_path_that_is_not_there_is_status_3_and_is_named(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(line.split()) == 3
    assert capsys.readouterr().err == "teleloupe: none: no such file or directory\n"


@pytest.mark.parametrize(
    "line",
    [
        "export . --out file/out", "diff checksums/utf-16/composite_export.json --write-expected file/x",
        "summarize clamp/telemetry --out file/x", "demo --keep file/x --no-open",
        "report bootloader/seq/20260302_060000/gen_1.txt --to json --out file/x",
        "session svr/sessions/anon-p012.json --to csv --out file/x", "loom --composite-output file/x",
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_written_is_wrong_use(
    line: str, demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(demo)
    monkeypatch.setenv("XDG_CACHE_HOME", str(demo.parent / "cache"))
    Path("file").write_text("")

    assert main(line.split()) == 2
    assert "cannot write file" in capsys.readouterr().err


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

    status = main(words, Front(lambda root, _greeting: 0 if os.path.isdir(root) else 70, lambda: Settings("", (), "")))

    printed = capsys.readouterr()
    assert words[0] == name
    assert status in {0, 1} & page.statuses.keys()
    assert "bug" not in printed.err
    assert "no such" not in printed.err
