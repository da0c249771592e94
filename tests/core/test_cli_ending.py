"""How a command ends: with a report when Teleloupe has a bug, with 130 when it is interrupted, in colour or without."""

from __future__ import annotations

import os
import pty
import re
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from teleloupe import formats
from teleloupe.cli import color, main
from teleloupe.model import Document, Issue

CORE = Path(__file__).parents[2] / "core"
SAMPLES = Path(__file__).parents[2] / "sample_data"
ISSUES = SAMPLES / "clamp" / "invalid" / "inflight"
ANNOUNCING = """
import sys
from teleloupe import disk
from teleloupe.cli import main
read_marked = disk.read_marked
def announced(*words):
    print("reading", file=sys.stderr, flush=True)
    return read_marked(*words)
disk.read_marked = announced
sys.exit(main())
"""  # the command line, saying when it begins to read a file


def run(capfdbinary: pytest.CaptureFixture[bytes], *words: str | Path) -> tuple[int, bytes, bytes]:
    status = main([str(word) for word in words])
    told = capfdbinary.readouterr()
    return status, told.out, told.err


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of the test's own, where crash reports go."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format whose rules fail."""

    def fail(document: Document) -> Iterator[Issue]:
        raise ZeroDivisionError(document.path)

    forms = tuple(structs.replace(form, validate=fail) for form in formats.all_formats())
    monkeypatch.setattr(formats, "all_formats", lambda: forms)


def only_report(place: Path) -> str:
    (report,) = place.glob("teleloupe-crash-*.txt")
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    return report.read_text()


@pytest.mark.parametrize("command", ["check", "list", "verify"])
@pytest.mark.usefixtures("broken")
def test_a_format_that_fails_is_a_bug_with_a_report(
    capfdbinary: pytest.CaptureFixture[bytes], temporary: Path, command: str
) -> None:
    status, out, err = run(capfdbinary, command, ISSUES)

    report = only_report(temporary)
    assert status == 70
    assert out
    assert str(temporary).encode() in err
    assert "ZeroDivisionError in fail (" in report
    assert "test_cli_ending.py" in report


@pytest.mark.usefixtures("broken")
def test_a_bug_in_one_file_is_no_success_of_show_and_export(
    capfdbinary: pytest.CaptureFixture[bytes], temporary: Path
) -> None:
    file = next(path for path in ISSUES.rglob("*.json"))

    assert run(capfdbinary, "show", file)[0] == 70
    assert run(capfdbinary, "export", file)[0] == 70
    assert len(list(temporary.iterdir())) == 2


@pytest.mark.usefixtures("broken")
def test_a_baseline_does_not_accept_a_bug(
    capfdbinary: pytest.CaptureFixture[bytes], temporary: Path, tmp_path: Path
) -> None:
    baseline = tmp_path / "baseline.json"
    baseline.write_bytes(run(capfdbinary, "check", ISSUES, "--output", "json")[1])

    assert run(capfdbinary, "check", ISSUES, "--baseline", baseline)[0] == 70
    assert len(list(temporary.iterdir())) == 2


def test_a_command_that_fails_tells_of_it_in_two_lines_and_a_report(
    capfdbinary: pytest.CaptureFixture[bytes], temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("\x1b[31m")

    monkeypatch.setattr("teleloupe.cli.ledger.snapshot_of", fail)

    status, out, err = run(capfdbinary, "list", ISSUES)

    report = only_report(temporary)
    assert (status, out, err.count(b"\n")) == (70, b"", 2)
    assert b"\x1b" not in err
    assert "Traceback" in report
    assert "\x1b" not in report


def test_a_report_that_cannot_be_written_is_told_instead(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise PermissionError(13, "permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", fail)
    monkeypatch.setattr("teleloupe.cli.ledger.snapshot_of", lambda *_: 1 // 0)

    status, _, err = run(capfdbinary, "list", ISSUES)

    assert status == 70
    assert b"no report could be written" in err
    assert b"Traceback" in err


@pytest.mark.parametrize(
    ("words", "blamed"),
    [
        (["check", "here.txt", "fifo"], b"fifo: not a regular file"),
        (["list", "here.txt", "absent"], b"absent: no such file or directory"),
        (["verify", "here.txt", "fifo"], b"fifo: not a regular file"),
        (["export", "loop"], b"loop: too many levels of symbolic links"),
        (["show", "loop"], b"loop: too many levels of symbolic links"),
        (["diff", "here.txt", "absent"], b"absent: no such file or directory"),
        (["diff", ".", "absent"], b"absent: no such file or directory"),
    ],
)
def test_the_one_path_that_cannot_be_read_is_named_in_one_line_and_the_status_is_3(
    capfdbinary: pytest.CaptureFixture[bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    blamed: bytes,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("here.txt").write_text("here")
    Path("loop").symlink_to("loop")
    os.mkfifo("fifo")

    assert run(capfdbinary, *words) == (3, b"", b"teleloupe: " + blamed + b"\n")


def test_a_directory_cannot_be_shown_as_a_file_and_what_can_be_done_is_said(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    status, out, err = run(capfdbinary, "show", tmp_path)

    assert (status, out) == (2, b"")
    assert b"is a directory" in err
    assert b"teleloupe list" in err


def test_an_interrupted_check_ends_with_130(tmp_path: Path) -> None:
    sparse = tmp_path / "sparse.json"
    with sparse.open("wb") as file:
        file.truncate(12 << 30)
    words = [sys.executable, "-c", ANNOUNCING, "check", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(CORE)}

    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"reading\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out) == (130, b"")
    assert b"interrupted" in err
    assert b"Traceback" not in err


@pytest.mark.parametrize(("choice", "is_colored"), [("always", True), ("never", False), ("auto", False)])
@pytest.mark.parametrize("command", ["check", "verify"])
def test_color_is_asked_for_or_is_a_terminal_s(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, command: str, choice: str, is_colored: bool
) -> None:
    (tmp_path / "a.bin").write_bytes(b"a")
    (tmp_path / "a.bin.sha256").write_text(f"{'0' * 64}  a.bin\n")

    out = run(capfdbinary, command, tmp_path, "--color", choice, "--fail-on", "never")[1]

    assert (b"\x1b[31m" in out) is is_colored
    assert (b"\x1b[0m" in out) is is_colored


@pytest.mark.parametrize(("choice", "is_colored"), [("always", True), ("never", False), ("auto", False)])
@pytest.mark.parametrize("command", ["list", "show", "diff"])
def test_color_is_the_same_words_in_colour(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, command: str, choice: str, is_colored: bool
) -> None:
    for name, seed in (("clamp_run_20250101T000001Z.json", "1"), ("clamp_run_20250101T000002Z.json", "0")):
        (tmp_path / name).write_text(f'{{"records":[{{"context":"a","seed":{seed}}}]}}')
    paths = {"list": [tmp_path], "show": [tmp_path / name], "diff": sorted(tmp_path.iterdir())}[command]

    plain = run(capfdbinary, command, *paths)[1]
    out = run(capfdbinary, command, *paths, "--color", choice)[1]

    assert (b"\x1b[31m" in out) is is_colored
    assert re.sub(rb"\x1b\[\d+m", b"", out) == plain


@pytest.mark.parametrize(
    ("environment", "is_colored"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ],
)
def test_a_terminal_is_coloured_unless_it_or_the_user_cannot_have_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], is_colored: bool
) -> None:
    for name in ("TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    assert color.is_wanted("auto") is is_colored


def test_data_goes_to_a_pipe_as_it_is_and_to_a_terminal_harmless(tmp_path: Path) -> None:
    record = '{"context":"\x9b31m","seed":1,"thread_id":"\\u001b]0;x\\u0007"}'
    file = tmp_path / "clamp_run_20250101T000001Z.json"
    file.write_text(f'{{"records":[{record}]}}', encoding="utf-8")
    words = [sys.executable, "-m", "teleloupe", "export", str(file), "--columns", "context,thread_id"]
    environment = os.environ | {"PYTHONPATH": str(CORE)}

    piped = subprocess.run(words, capture_output=True, env=environment, check=True).stdout
    ours, theirs = pty.openpty()
    with open(ours, "rb", buffering=0) as screen:
        subprocess.run(words, stdout=theirs, env=environment, check=True)
        os.close(theirs)
        shown = screen.read(65536)

    assert "\x9b31m,\x1b]0;x\x07".encode() in piped
    assert b"\\x9b31m,\\x1b]0;x\\x07" in shown
