"""The console script, in real processes and behind a real pseudo-terminal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pseudo_terminal import Terminal

from teleloupe import disk
from teleloupe.commands import INSPECTOR
from teleloupe.model import UsageError
from teleloupe_tui import config
from teleloupe_tui.__main__ import is_headless
from teleloupe_tui.launch import Start, parsed, start_at, start_of, write_report

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = [sys.executable, "-m", "teleloupe_tui"]
PATHS = {"PYTHONPATH": os.pathsep.join([str(ROOT / "core"), str(ROOT / "tui")])}
ESCAPES = re.compile(rb"\x1b\[[0-9;?<>=$]*[A-Za-z~]|\x1b[>=78]|\x1b\][0-9;]*[^\x07\x1b]*(?:\x07|\x1b\\)")


def run(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The console script without a terminal."""
    environment = {**os.environ, **PATHS, **(env or {})}
    return subprocess.run(
        [*SCRIPT, *arguments], capture_output=True, text=True, env=environment, timeout=60, check=False
    )


def feed_of(folder: Path) -> Path:
    """A directory with one export in it."""
    folder.mkdir(parents=True, exist_ok=True)
    line = '{"timestamp":"2025-10-12T05:31:47.000Z","message":"hello"}\n'
    (folder / "notes.jsonl").write_text(line)
    return folder


@pytest.mark.parametrize("code", ["import teleloupe_tui.__main__", "from teleloupe_tui.__main__ import main; main()"])
def test_headless_commands_load_neither_textual_nor_watchfiles(code: str) -> None:
    script = (
        "import sys\nsys.argv = ['teleloupe', 'formats']\n"
        f"try:\n    exec({code!r})\nexcept SystemExit: pass\n"
        "bad = {'textual', 'rich', 'watchfiles'} & set(sys.modules)\nsys.exit(f'loaded {bad}' if bad else 0)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, **PATHS},
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["list", "."], True),
        (["--help"], True),
        (["--version"], True),
        ([], False),
        (["./list"], False),
        (["--as", "svr"], False),
    ],
)
def test_a_command_is_told_from_a_path(arguments: list[str], answer: bool) -> None:
    assert is_headless(arguments) is answer


def test_arguments_are_paths_and_a_format() -> None:
    assert parsed([]) == ((".",), None, (), "")
    assert parsed(["--as", "clamp", "a"]) == (("a",), "clamp", (), "")
    assert parsed(["a", "--as=svr"]) == (("a",), "svr", (), "")
    assert parsed(["--ignore", "*.tmp", "a", "--ignore=b/"]) == (("a",), None, ("*.tmp", "b/"), "")
    assert parsed(["--", "--as"]) == (("--as",), None, (), "")
    assert parsed(["--alert", "status=failure", "a"]) == (("a",), None, (), "status=failure")
    with pytest.raises(UsageError, match="no condition"):
        parsed(["--alert="])
    with pytest.raises(UsageError, match="no option --frobnicate"):
        parsed(["--frobnicate"])
    for option in ("--as", "--alert", "--ignore"):
        with pytest.raises(UsageError, match=f"{option} needs a value"):
            parsed(["a", option])


def test_doctor_reads_the_configuration_without_loading_textual(tmp_path: Path) -> None:
    (tmp_path / "teleloupe").mkdir()
    (tmp_path / "teleloupe" / "config.toml").write_text("[look]\ntheme = 7\n")
    script = (
        "import sys\nsys.argv = ['teleloupe', 'doctor']\nfrom teleloupe_tui.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n    status = done.code\n"
        "sys.exit('loaded' if {'textual', 'rich'} & set(sys.modules) else status)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, **PATHS, "XDG_CONFIG_HOME": str(tmp_path)},
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert "config.toml:2: " in done.stdout


@pytest.mark.parametrize("option", INSPECTOR)
def test_every_option_that_the_help_tells_of_is_known(option: str, tmp_path: Path) -> None:
    values = {"FORMAT": "clamp", "GLOB": "*.tmp", "FILE": str(tmp_path / "config.toml"), "WHAT": "error"}
    (tmp_path / "config.toml").write_text("")
    words = [values.get(word, word) for word in option.split()]

    rest, _ = config.asked([*words, str(tmp_path)], {})

    assert start_of(rest).root == str(tmp_path)


def test_a_file_opens_its_directory_with_the_file_selected(tmp_path: Path) -> None:
    file = feed_of(tmp_path / "exports") / "notes.jsonl"

    assert start_at((str(file),)) == Start(str(file.parent), "notes.jsonl")
    assert start_at((str(file.parent),), "clamp") == Start(str(file.parent), None, "clamp")


def test_several_directories_are_opened_together_and_only_they(tmp_path: Path) -> None:
    one, other = feed_of(tmp_path / "deep" / "one"), feed_of(tmp_path / "other")

    assert start_at((str(one), str(other))) == Start(str(tmp_path), roots=("deep/one", "other"))
    assert start_at((str(one), str(other / "notes.jsonl"))) == Start(
        str(tmp_path), "other/notes.jsonl", roots=("deep/one", "other")
    )


def test_directories_in_one_another_are_one(tmp_path: Path) -> None:
    inner = feed_of(tmp_path / "one" / "inner")

    assert start_at((str(inner), str(tmp_path / "one"), str(inner))) == Start(str(tmp_path / "one"))
    assert start_at((str(inner / "notes.jsonl"), str(tmp_path / "one"))) == Start(
        str(tmp_path / "one"), "inner/notes.jsonl"
    )


def test_an_unknown_format_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        start_at((str(tmp_path),), "toyfoundy")

    assert "toyfoundry" in refused.value.hint


def test_a_root_that_does_not_exist_is_one_clear_line() -> None:
    done = run("no/such/\x1b[31mplace")

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "teleloupe: no/such/\\x1b[31mplace: no such file or directory\n"


def test_a_misspelt_command_is_recognised() -> None:
    done = run("chekc")

    assert done.returncode == 3
    assert "did you mean: teleloupe check?" in done.stderr


def test_without_a_terminal_nothing_is_drawn(tmp_path: Path) -> None:
    done = run(str(feed_of(tmp_path / "exports")))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("teleloupe: the inspector needs a terminal, and its input is none\n")
    assert "teleloupe list PATH" in done.stderr


def test_a_dumb_terminal_is_told_what_works_there(tmp_path: Path) -> None:
    with Terminal([*SCRIPT, str(feed_of(tmp_path / "exports"))], env={**PATHS, "TERM": "dumb"}) as terminal:
        assert terminal.status() == 2

        assert b"cannot draw a screen" in terminal.output
        assert b"\x1b" not in terminal.output


@pytest.mark.parametrize(("keys", "status"), [("q", 0), ("\x11", 0), ("\x03", 130)])
def test_the_terminal_is_left_as_it_was(tmp_path: Path, keys: str, status: int) -> None:
    with Terminal([*SCRIPT, str(feed_of(tmp_path / "exports"))], env=PATHS) as terminal:
        terminal.wait_for("notes.jsonl")
        terminal.type(keys)

        assert terminal.status() == status
        assert b"\x1b[?1049l" in terminal.output
        assert b"Traceback" not in terminal.output


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_signals_end_it_cleanly(tmp_path: Path, number: signal.Signals, status: int) -> None:
    with Terminal([*SCRIPT, str(feed_of(tmp_path / "exports"))], env=PATHS) as terminal:
        terminal.wait_for("notes.jsonl")
        os.kill(terminal.process.pid, number)

        assert terminal.status() == status
        assert b"\x1b[?1049l" in terminal.output


def test_a_file_that_is_written_shows_up(tmp_path: Path) -> None:
    folder = feed_of(tmp_path / "exports")
    with Terminal([*SCRIPT, str(folder)], env=PATHS) as terminal:
        terminal.wait_for("LIVE")
        (folder / "fresh.txt").write_text("new")

        terminal.wait_for("fresh.txt")
        terminal.type("q")
        assert terminal.status() == 0


def test_an_empty_directory_opens(tmp_path: Path) -> None:
    with Terminal([*SCRIPT, str(tmp_path)], env=PATHS) as terminal:
        terminal.wait_for("this directory is empty")
        terminal.type("q")
        assert terminal.status() == 0


def hostile_tree(folder: Path) -> Path:
    """Files whose names and contents try to command the terminal."""
    folder.mkdir()
    record = (
        '{"schema_version":"1.0","batch_id":"\\u001b]0;pwned\\u0007","ritual":"\\u009b31m[/nope]",'
        '"units_processed":1,"status":"success\\r\\n\\u202e","duration_ms":0}'
    )
    (folder / "\x1b]0;pwned\x07.json").write_text(f"[{record}]\n")
    (folder / "[red]x[").mkdir()
    (folder / "[red]x[/nope]\n\x1b[2J.jsonl").write_text(record + "\n\x1b]52;c;AAAA\x07\n")
    (folder / "\x9b31mc1.txt").write_text("plain \x1b[31mred\x1b[0m \x9b5n [/nope] \x07\r\n")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).write_text("\x1bP+q\x1b\\")
    return folder


def test_nothing_from_a_file_reaches_the_terminal_raw(tmp_path: Path) -> None:
    with Terminal([*SCRIPT, str(hostile_tree(tmp_path / "exports"))], 200, 50, env=PATHS) as terminal:
        terminal.wait_for("c1.txt")
        terminal.wait_quiet()
        for keys in (
            "j",
            "j",
            "j",
            "\r",
            "t",
            "\x1b",
            "1",
            "t",
            "2",
            "\r",
            "t",
            "3",
            "\r",
            "\r",
            "1",
            "G",
            "\r",
            "y",
            "\x1b",
            "/[/n\r",
            "x",
            "?",
        ):
            terminal.type(keys)
            terminal.wait_quiet(0.15)
        terminal.type("\x11")
        assert terminal.status() == 0

        drawn = ESCAPES.sub(b"", terminal.output).decode("utf-8", "surrogateescape")
        assert b"pwned\x07" not in terminal.output
        assert "\\x1b]0;pwned\\x07" in drawn
        assert not [
            sequence for sequence in re.findall(rb"\x1b\][^\x07\x1b]*", terminal.output) if b"pwned" in sequence
        ]
        assert not re.findall("[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202e]", drawn)
        assert b"\x1b[2J\xe2" not in terminal.output


def test_no_color_sends_no_colour(tmp_path: Path) -> None:
    with Terminal([*SCRIPT, str(feed_of(tmp_path / "exports"))], env={**PATHS, "NO_COLOR": "1"}) as terminal:
        terminal.wait_for("notes.jsonl")
        terminal.type("j?q")
        terminal.type("\x11")
        terminal.status()

        assert not re.findall(rb"\x1b\[[0-9;]*(?:[34]8;|3[0-7]|4[0-7]|9[0-7]|10[0-7])[0-9;]*m", terminal.output)


CRASHING = """
import sys
from teleloupe_tui import launch
from teleloupe_tui.screens import actions

def broken(screen):
    raise RuntimeError("a bug \\x1b[31mhere")

actions.ACTIONS["follow"] = broken
sys.exit(launch.inspect(sys.argv[1:]))
"""


def test_a_bug_leaves_the_terminal_clean_and_a_report(tmp_path: Path) -> None:
    script = tmp_path / "crashing.py"
    script.write_text(CRASHING)
    folder = feed_of(tmp_path / "exports")
    env = {**PATHS, "TMPDIR": str(tmp_path)}
    with Terminal([sys.executable, str(script), str(folder)], env=env) as terminal:
        terminal.wait_for("notes.jsonl")
        terminal.type("f")

        assert terminal.status() == 70
        after = terminal.output.rpartition(b"\x1b[?1049l")[2]
        (report,) = tmp_path.glob("teleloupe-crash-*.txt")
        assert b"teleloupe: a bug of ours: a bug \\x1b[31mhere" in after
        assert str(report).encode() in after.replace(b"\r\n", b"")
        assert 'raise RuntimeError("a bug' in report.read_text()


def test_the_report_can_be_read_by_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    path = write_report(ValueError("\x1b[31m"))

    assert os.stat(path).st_mode & 0o777 == 0o600
    assert "\x1b" not in Path(path).read_text()


def test_unreadable_directories_are_refused(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        assert start_at((str(tmp_path),)).root == str(tmp_path)
        return
    tmp_path.chmod(0)
    with pytest.raises(disk.Unreadable, match="permission denied"):
        start_at((str(tmp_path),))


@pytest.mark.parametrize("arguments", [[], ["absent"], ["--absent"]], ids=str)
def test_a_refusal_that_nobody_hears_keeps_its_status(arguments: list[str]) -> None:
    line = ["/bin/sh", "-c", 'exec "$0" "$@" 2>&-', *SCRIPT, *arguments]

    done = subprocess.run(line, env={**os.environ, **PATHS}, stdin=subprocess.DEVNULL, timeout=60, check=False)

    assert done.returncode == (3 if "absent" in arguments else 2)


@pytest.mark.parametrize(("word", "module"), [("check", "teleloupe.cli"), ("absent", "teleloupe_tui.launch")])
def test_an_interrupt_while_modules_are_loaded_ends_with_130(word: str, module: str) -> None:
    script = (
        "import os, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(name, *_):\n"
        f"        if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        f"sys.argv = ['teleloupe', {word!r}]\n"
        "sys.meta_path.insert(0, Interrupting)\n"
        "from teleloupe_tui.__main__ import main\n"
        "main()"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env={**os.environ, **PATHS}, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (130, b"")
