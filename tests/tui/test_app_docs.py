"""The documentation does what it says: links lead somewhere, commands run, the pictures are those of the app."""

from __future__ import annotations

import asyncio
import html
import importlib.util
import os
import re
import shlex
import sys
from pathlib import Path
from types import ModuleType

import pytest

from teleloupe.cli import STATUSES, main
from teleloupe.commands import COMMANDS
from teleloupe.demo import layout
from teleloupe.provenance.causes import WORDS
from teleloupe_tui import config
from teleloupe_tui.launch import start_of

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
GUIDE = (ROOT / "docs" / "guide.md").read_text("utf-8")
SHOWN = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]
ENDLESS = "--watch"


def loaded_script() -> ModuleType:
    found = importlib.util.spec_from_file_location("screens", ROOT / "docs" / "screens.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["screens"] = module
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("above") / "telemetry"
    if not layout.lay_out(str(root), 1):
        pytest.skip("git is not here, whose history belongs to the demo directory")
    return root


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8"))

    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_readme_and_the_guide_show_pictures() -> None:
    assert len(re.findall(r"!\[.+\]\(docs/screens/\w+\.svg\)", (ROOT / "README.md").read_text("utf-8"))) == 3
    assert "](screens/sums.svg)" in GUIDE


def test_the_guide_explains_every_verdict_and_exit_status() -> None:
    assert [word for word in WORDS if f"`{word}`" not in GUIDE] == []
    assert [status for status in STATUSES if f"| {status} |" not in GUIDE] == []


@pytest.mark.parametrize("line", SHOWN)
def test_a_command_of_the_guide_runs(
    line: str, demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(demo.parent / "cache"))
    words = shlex.split(line)
    if line == "cd telemetry" or ENDLESS in words:
        pytest.skip("nothing ends here that could be looked at")
    if words[1] == "demo":
        monkeypatch.chdir(demo.parent)
        words[3] = "other"
    else:
        monkeypatch.chdir(demo)
    words = words[1 : words.index(">") if ">" in words else None]
    if words[0] not in COMMANDS:
        rest, _ = config.asked(words, {})
        assert os.path.isdir(start_of(rest).root)
        return
    if "--baseline" in words:
        main(["check", "--output", "json"])
        Path("accepted.json").write_text(capsys.readouterr().out)

    assert main(words) in (0, 1)
    assert "bug" not in capsys.readouterr().err


def test_an_answer_that_the_guide_shows_is_the_answer(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(demo)
    shown = re.findall(r"```sh\n([^\n]*)\n```\n\n```text\n(.*?)```", GUIDE, re.DOTALL)

    for line, answer in shown:
        main(shlex.split(line)[1:])
        assert answer in capsys.readouterr().out
    assert len(shown) == 1


def words_of(svg: str) -> list[str]:
    """What a picture says, line by line: not how it is drawn, which is the terminal library's."""
    found: dict[float, list[str]] = {}
    for y, words in re.findall(r'<text [^>]*?y="([\d.]+)"[^>]*>(.*?)</text>', svg):
        found.setdefault(float(y), []).append(html.unescape(words).replace("\N{NO-BREAK SPACE}", " "))
    return ["".join(found[y]).rstrip() for y in sorted(found)]


def test_the_pictures_show_what_the_app_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    screens = loaded_script()
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.chdir(ROOT)

    drawn = asyncio.run(screens.pictures())
    kept = {path.stem: path.read_text("utf-8") for path in (ROOT / "docs" / "screens").iterdir()}

    assert set(kept) == set(screens.SCENES)
    for name, svg in kept.items():
        assert words_of(svg) == words_of(drawn[name]), f"{name}.svg is of an earlier app: make docs"
        assert "http" not in re.sub(r"http://www\.w3\.org/2000/svg|https://www\.textualize\.io", "", svg)
        assert len(svg) < 120_000
