"""`--linear`: the inspector as lines of text, through a pipe and behind a terminal that can do nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pseudo_terminal import Terminal
from scenes import NOW, Feed, foundry

from teleloupe.model import UsageError
from teleloupe_tui.linear.session import COMMANDS, PAGE, Session

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = [sys.executable, "-m", "teleloupe_tui", "--linear", "--no-memory", "--no-config"]
PATHS = {"PYTHONPATH": os.pathsep.join([str(ROOT / "core"), str(ROOT / "tui")])}
SAMPLE = ROOT / "sample_data" / "svr" / "valid" / "golden"
BROKEN = ROOT / "sample_data" / "clamp" / "invalid" / "seed-zero"


def piped(script: str, *arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The console script with lines on its standard input."""
    return subprocess.run(
        [*SCRIPT, *map(str, arguments)],
        input=script,
        capture_output=True,
        text=True,
        env={**os.environ, **PATHS, "TERM": "dumb", **(env or {})},
        timeout=60,
        check=False,
    )


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A session over a snapshot by hand."""
    content = '[\n  {},\n  {},\n  {\n    "duration_ms": 300001\n  },\n  {}\n]\n'
    feed = Feed(str(tmp_path / "exports"), texts={"canary/composite_export.json": content})
    return Session(feed, foundry(), lambda: NOW, str(tmp_path / "out"))


def said(session: Session, line: str) -> list[str]:
    return list(session.answer(line))


def test_the_greeting_says_what_is_here_whether_it_is_valid_and_whether_the_sums_hold(session: Session) -> None:
    assert list(session.greet()) == [
        "directory exports: 5 files, 1 format, 35 records, 7.5 KB",
        "valid: no, 1 error, 1 warning, 1 info",
        "sums: 3 artefacts: 1 ok, 1 line ends, 1 unexplained",
        "type help for the commands",
    ]


def test_lists_have_numbered_rows_with_a_label_before_every_value(session: Session) -> None:
    found = said(session, "files")

    assert found[0] == "files: 1 to 5 of 5"
    assert found[1] == (
        "1. path: canary/composite_export.json; state: error; sum: line-endings; format: toyfoundry; kind: export; "
        "records: 4; errors: 1; warnings: 0"
    )
    assert [line.split(".")[0] for line in found[1:]] == ["1", "2", "3", "4", "5"]


def test_rows_are_asked_for_by_number(session: Session) -> None:
    assert [line[:2] for line in said(session, "files 2-3")] == ["fi", "2.", "3.", "2 "]
    assert [line[:2] for line in said(session, "files 4")] == ["fi", "4.", "1 "]
    assert said(session, "files 9-12") == ["files: no more than 5"]


def test_an_empty_line_goes_on_with_the_list(session: Session) -> None:
    said(session, "open composite_export.json")
    first = said(session, "records")

    assert (first[0], len(first)) == (f"records of composite_export.json: 1 to {PAGE} of 29", PAGE + 2)
    assert first[-1] == "9 more; an empty line goes on"
    assert said(session, "")[0] == "records of composite_export.json: 21 to 29 of 29"


def test_a_record_is_given_field_by_field_with_units(session: Session) -> None:
    said(session, "open 2")
    found = said(session, "record 3")

    assert found[0] == "record 3 of 29"
    assert "duration_ms: 74 ms (how long the ritual took)" in found


def test_an_issue_comes_with_its_rule_and_the_lines_around_it(session: Session) -> None:
    found = said(session, "issue 1")

    assert "rule: toyfoundry/duration-range (TF205)" in found
    assert "says: a duration lies outside 0..300000" in found
    assert "expected: 0..300000" in found
    assert any(line.startswith(">") and "300001" in line for line in found), found
    assert found[-1] == "8: ]"


def test_a_sum_comes_with_what_was_tried(session: Session) -> None:
    found = said(session, "sum 2")

    assert found[0].startswith("verdict: line-endings")
    assert "tried: CRLF line ends (yes, it fits)" in found


def test_a_filter_keeps_numbers_so_that_rows_can_still_be_opened(session: Session) -> None:
    found = said(session, "filter errors>0")
    assert found[0] == "files: 1 to 1 of 1, filter errors>0 keeps these of 5"
    assert found[1].startswith("1. path: canary/composite_export.json")
    assert said(session, "filter kind=manifest")[1].startswith("3. path: export_manifest.json")
    assert said(session, "open 3")[0] == "file: export_manifest.json"
    assert said(session, "files")[0].endswith("keeps these of 5")
    assert said(session, "filter")[0] == "files: 1 to 5 of 5"


def test_a_list_is_sorted_by_columns(session: Session) -> None:
    found = said(session, "sort -records path")

    assert found[0] == "files: 1 to 5 of 5, sorted by records descending, path"
    assert found[1].startswith("2. path: composite_export.json")


def test_find_and_next_go_around_the_end(session: Session) -> None:
    first = said(session, "find composite")
    second = said(session, "next")
    around = said(session, "next")

    assert [lines[-1][:2] for lines in (first, second, around)] == ["1.", "2.", "1."]
    assert around[0] == "from the start again"
    assert said(session, "find nowhere") == ["files: nowhere is not there"]


def test_stats_are_figures_of_the_list(session: Session) -> None:
    said(session, "open 2")
    found = said(session, "stats")

    assert found[0] == "columns of records of composite_export.json: 5"
    assert any("column: duration_ms; unit: ms; count: 29; nulls: 0" in line for line in found)


def test_export_writes_the_list_beside_the_directory(session: Session, tmp_path: Path) -> None:
    said(session, "filter errors>0")
    found = said(session, "export jsonl")
    said(session, f"export '{tmp_path}/out/a b.csv'")

    suffixes = sorted(path.suffix for path in (tmp_path / "out").iterdir())
    assert found[0].endswith("1 row, and its checksum")
    assert suffixes == [".csv", ".jsonl", ".sha256", ".sha256"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("nonsense", "no command nonsense"),
        ("rec", "no command rec"),
        ("records", "no file is open"),
        ("record 1", "no file is open"),
        ("open", "open needs a file's number or path"),
        ("open 77", "no file 77"),
        ("issue 0", "no issue 0"),
        ("sum", "sum needs a number"),
        ("files x", "no rows x"),
        ("filter bogus=1", "no column 'bogus'"),
        ("sort bogus", "no column 'bogus'"),
        ("next", "nothing is searched for yet"),
        ("find", "find needs a text"),
        ("watch soon", "watch takes seconds, not soon"),
        ('export "', '": no closing quotation'),
        ("export csv a b", "export takes a form and a path"),
    ],
)
def test_what_cannot_be_done_is_said(session: Session, line: str, fault: str) -> None:
    with pytest.raises(UsageError) as raised:
        said(session, line)

    assert str(raised.value).startswith(fault)


def test_help_has_every_command(session: Session) -> None:
    found = said(session, "help")

    assert [line.split()[0].rstrip(":") for line in found[:-1]] == list(COMMANDS)


def test_a_script_through_a_pipe_is_answered_line_by_line() -> None:
    done = piped("files\nopen run.json\nrecords 1-2\nquit\nfiles\n", SAMPLE)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("directory golden: 3 files, 1 format, 22 records")
    assert "records of run.json: 1 to 2 of 11" in done.stdout
    assert done.stdout.count("files: 1 to 3 of 3") == 1, "nothing is answered after quit"
    assert not {"\x1b", "\r", "\b", "\x07"} & set(done.stdout)


def test_a_script_that_asks_for_what_is_not_there_ends_with_status_2() -> None:
    done = piped("open nothing\nfiles\n", SAMPLE)

    assert done.returncode == 2
    assert "files: 1 to 3 of 3" in done.stdout


def test_a_file_is_opened_at_once() -> None:
    done = piped("record 1\n", SAMPLE / "run.json")

    assert done.returncode == 0
    assert "file: run.json" in done.stdout
    assert "record 1 of 11" in done.stdout


def test_a_path_that_is_not_there_ends_with_status_3() -> None:
    assert piped("", SAMPLE / "none").returncode == 3


def test_without_input_the_summary_is_all() -> None:
    done = piped("", BROKEN)

    assert done.returncode == 0
    assert "valid: no, " in done.stdout


def test_hostile_names_and_values_are_spelt_out(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\n.json").write_text('{"x": "\x1b]0;owned\x07"}')
    done = piped("files\nopen 1\n", tmp_path)

    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "a\\x1b[2J\\n.json" in done.stdout


def test_ascii_is_kept_to_where_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "café.json").write_text("{}")

    assert piped("files\n", "--ascii", tmp_path).stdout.isascii()
    assert "café.json" in piped("files\n", tmp_path, env={"PYTHONIOENCODING": "utf-8"}).stdout


def test_watching_tells_every_change_until_a_line_is_entered(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*SCRIPT, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **PATHS}
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("watch\n")
    process.stdin.flush()
    while "watching;" not in process.stdout.readline():
        pass
    (tmp_path / "new.json").write_text("{}")
    line = process.stdout.readline()
    rest, _ = process.communicate("\nfiles\n", timeout=30)

    assert "new new.json" in line or "arriving new.json" in line
    assert "seen" in rest
    assert "1. path: new.json" in rest
    assert process.returncode == 0


def test_watching_ends_by_itself_after_a_time_and_with_the_input_without_one(tmp_path: Path) -> None:
    done = piped("watch 0.2\nfiles\nwatch\n", tmp_path)

    assert done.returncode == 0
    assert done.stdout.count("0 changes seen") == 2
    assert "files: none" in done.stdout


def test_neither_textual_nor_click_is_loaded() -> None:
    script = (
        f"import sys\nsys.argv = ['teleloupe', '--linear', '--no-memory', {str(SAMPLE)!r}]\n"
        "from teleloupe_tui.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit: pass\n"
        "bad = {'textual', 'click'} & set(sys.modules)\nsys.exit(f'loaded {bad}' if bad else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input="files\nopen 3\nrecords\nrecord 1\nissues\nsums\nstats\nhelp\n",
        capture_output=True,
        text=True,
        env={**os.environ, **PATHS},
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_a_dumb_terminal_is_asked_line_by_line_and_an_interrupt_ends_with_130(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "golden")
    with Terminal([*SCRIPT, str(tmp_path / "golden")], env={**PATHS, "TERM": "dumb"}) as terminal:
        terminal.wait_for("> ")
        terminal.type("files\n")
        terminal.wait_for("3. path: run.json")
        terminal.type("nonsense\n")
        terminal.wait_for("no command nonsense; help lists them")
        os.killpg(terminal.process.pid, signal.SIGINT)

        assert terminal.status() == 130
        assert b"\x1b" not in terminal.output


def test_quitting_at_a_terminal_ends_with_0_whatever_was_asked_before() -> None:
    with Terminal([*SCRIPT, str(SAMPLE)], env={**PATHS, "TERM": "dumb"}) as terminal:
        terminal.wait_for("> ")
        terminal.type("nonsense\nquit\n")

        assert terminal.status() == 0


def test_the_inspector_without_a_terminal_names_the_linear_mode() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "teleloupe_tui", str(SAMPLE)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, **PATHS},
        timeout=60,
        check=False,
    )
    with Terminal([sys.executable, "-m", "teleloupe_tui", str(SAMPLE)], env={**PATHS, "TERM": "dumb"}) as terminal:
        assert terminal.status() == 2
        assert b"teleloupe --linear PATH" in terminal.output
    assert done.returncode == 2
    assert "teleloupe --linear PATH" in done.stderr


@pytest.mark.parametrize(
    ("redirection", "reason"), [(">&-", b"it is closed"), (">/dev/full", b"no space left on device")]
)
def test_an_answer_that_cannot_be_written_is_status_2_and_no_bug(redirection: str, reason: bytes) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full here")
    line = ["/bin/sh", "-c", f'exec "$0" "$@" {redirection}', *SCRIPT, str(BROKEN)]

    done = subprocess.run(
        line, input=b"files\n", stderr=subprocess.PIPE, env={**os.environ, **PATHS}, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (2, b"teleloupe: cannot write to standard output: " + reason + b"\n")


def test_a_session_without_an_input_greets_and_ends() -> None:
    line = ["/bin/sh", "-c", 'exec "$0" "$@" <&-', *SCRIPT, str(BROKEN)]

    done = subprocess.run(line, capture_output=True, env={**os.environ, **PATHS}, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"directory ")


def test_a_reader_that_has_gone_ends_a_session_without_a_word() -> None:
    ours, theirs = os.pipe()
    os.close(ours)

    done = subprocess.run(
        [*SCRIPT, str(BROKEN)],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={**os.environ, **PATHS},
        timeout=60,
        check=False,
    )
    os.close(theirs)

    assert (done.returncode, done.stderr) == (0, b"")
