"""The headless commands: answers, exit statuses, and what they do not load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from teleloupe.cli import main

SAMPLES = Path(__file__).parents[2] / "sample_data"


def run(capfdbinary: pytest.CaptureFixture[bytes], *words: str | Path) -> tuple[int, bytes, bytes]:
    status = main([str(word) for word in words])
    told = capfdbinary.readouterr()
    return status, told.out, told.err


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A Clamp session with a zero seed, in a directory of its own."""
    record = {
        "context": "c", "seed": 0, "thread_id": "1", "acquired_at": "2025-01-01T00:00:00Z",
        "released_at": "2025-01-01T00:00:00Z", "duration_ms": 0.0, "stability_score": 1.0,
    }  # fmt: skip
    path = tmp_path / "telemetry" / "clamp_run_20250101T000001Z.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"stability_score": 1.0, "records": [record, record | {"seed": 2**64 - 1}]}))
    return path


def test_check_answers_in_the_contract_s_shape(capfdbinary: pytest.CaptureFixture[bytes], session: Path) -> None:
    status, out, _ = run(capfdbinary, "check", session.parent, "--output", "json")

    answer: dict[str, Any] = json.loads(out)
    assert (status, answer["schema"], answer["root"]) == (1, "teleloupe.check/1", str(session.parent))
    (document,) = [entry for entry in answer["documents"] if entry["path"] == session.name]
    assert (document["format"], document["kind"], document["records"]) == ("clamp", "session", 2)
    zero = next(issue for issue in document["issues"] if issue["code"] == "clamp.seed-zero")
    assert (zero["rule"], zero["severity"], zero["at"], zero["count"]) == (
        "clamp/seed-zero",
        "error",
        "/records/0/seed",
        1,
    )
    assert answer["summary"]["error"] == 1


@pytest.mark.parametrize(("level", "status"), [("error", 1), ("warning", 1), ("info", 1), ("never", 0)])
def test_fail_on_decides_the_exit_status(
    capfdbinary: pytest.CaptureFixture[bytes], session: Path, level: str, status: int
) -> None:
    assert run(capfdbinary, "check", session.parent, "--fail-on", level)[0] == status


def test_strict_fails_on_the_least_issue_and_on_what_cannot_be_checked(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_bytes(b"hello")
    assert run(capfdbinary, "check", tmp_path)[0] == 0

    status, _, err = run(capfdbinary, "check", tmp_path, "--strict")
    assert (status, err) == (1, b"teleloupe: strict: of no known format: notes.txt\n")
    assert run(capfdbinary, "check", tmp_path, "--strict", "--quiet") == (1, b"", b"")
    assert run(capfdbinary, "check", tmp_path, "--strict", "--ignore", "*.txt")[0] == 0

    accepted = tmp_path.parent / "accepted.json"
    accepted.write_bytes(run(capfdbinary, "check", tmp_path, "--output", "json")[1])
    assert run(capfdbinary, "check", tmp_path, "--strict", "--baseline", accepted)[0] == 0


def test_strict_counts_what_is_worth_knowing_too(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    crlf = SAMPLES / "bootloader" / "invalid" / "crlf"

    assert run(capfdbinary, "check", crlf)[0] == 0
    assert run(capfdbinary, "check", crlf, "--strict")[0] == 1


@pytest.mark.parametrize("command", ["check", "verify"])
def test_strict_and_a_level_exclude_each_other(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, command: str
) -> None:
    status, _, err = run(capfdbinary, command, tmp_path, "--strict", "--fail-on", "never")

    assert status == 2
    assert b"--strict and --fail-on never exclude each other" in err


def test_the_same_input_gives_the_same_bytes(capfdbinary: pytest.CaptureFixture[bytes], session: Path) -> None:
    first = run(capfdbinary, "check", session.parent, "--output", "json")
    again = run(capfdbinary, "check", session.parent, "--output", "json")

    assert first == again


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "sarif", "junit", "github", "markdown"])
def test_every_report_names_the_issue(capfdbinary: pytest.CaptureFixture[bytes], session: Path, form: str) -> None:
    _, out, _ = run(capfdbinary, "check", session.parent, "--output", form)

    assert b"clamp.seed-zero" in out
    assert b"\x1b" not in out


def test_a_baseline_leaves_out_what_is_accepted(
    capfdbinary: pytest.CaptureFixture[bytes], session: Path, tmp_path: Path
) -> None:
    accepted = tmp_path / "accepted.json"
    accepted.write_bytes(run(capfdbinary, "check", session.parent, "--output", "json")[1])

    status, out, _ = run(capfdbinary, "check", session.parent, "--baseline", accepted)

    assert status == 0
    assert b"0 errors" in out


def test_a_baseline_accepts_an_issue_as_often_as_it_was_met_and_a_sum_that_failed(
    capfdbinary: pytest.CaptureFixture[bytes], session: Path, tmp_path: Path
) -> None:
    accepted, answer = tmp_path / "accepted.json", json.loads(session.read_bytes())
    answer["records"] = [answer["records"][1]] * 3  # a seed that is there again, twice
    session.write_text(json.dumps(answer))
    Path(f"{session}.sha256").write_text(f"{'0' * 64}  {session.name}\n")
    accepted.write_bytes(run(capfdbinary, "check", session.parent, "--output", "json")[1])
    words = ("check", session.parent, "--baseline", accepted, "--fail-on", "info")

    same = run(capfdbinary, *words)
    answer["records"] *= 2
    session.write_text(json.dumps(answer))
    more = run(capfdbinary, *words)

    assert (same[0], same[1].count(b"\n")) == (0, 1), "the totals alone"
    assert more[0] == 1
    assert b"clamp.seed-repeated" in more[1]
    assert b"clamp.seed-repeated" in accepted.read_bytes()


def test_a_baseline_that_is_none_is_wrong_use(capfdbinary: pytest.CaptureFixture[bytes], session: Path) -> None:
    status, _, err = run(capfdbinary, "check", session.parent, "--baseline", session)

    assert status == 2
    assert b"no answer of check" in err


@pytest.mark.parametrize("command", ["check", "list", "show", "export"])
def test_a_path_that_is_not_there_is_one_clear_line_and_status_3(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, command: str
) -> None:
    status, out, err = run(capfdbinary, command, tmp_path / "absent\x1b[31m")

    assert (status, out, err.count(b"\n")) == (3, b"", 1)
    assert b"absent\\x1b[31m: no such file or directory" in err


def test_wrong_use_is_status_2(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    assert run(capfdbinary, "check", tmp_path, "--output", "nonsense")[0] == 2
    assert run(capfdbinary, "nonsense")[0] == 2
    assert run(capfdbinary, "list", tmp_path, "--where", "(")[0] == 2
    assert run(capfdbinary, "list", tmp_path, "--as", "nonsense")[0] == 2
    assert run(capfdbinary, "rules", "nonsense")[0] == 2


def test_show_keeps_seeds_exact(capfdbinary: pytest.CaptureFixture[bytes], session: Path) -> None:
    _, out, _ = run(capfdbinary, "show", session, "--output", "json")

    answer = json.loads(out)
    assert answer["schema"] == "teleloupe.document/1"
    assert [record["seed"] for record in answer["records"]] == [0, 18446744073709551615]
    assert {column["name"]: column["type"] for column in answer["columns"]}["seed"] == "integer"


def test_show_limits_and_says_so(capfdbinary: pytest.CaptureFixture[bytes], session: Path) -> None:
    _, out, _ = run(capfdbinary, "show", session, "--output", "json", "--limit", "1")

    answer = json.loads(out)
    assert (len(answer["records"]), answer["records_total"]) == (1, 2)


def test_show_prints_a_record_field_by_field(capfdbinary: pytest.CaptureFixture[bytes], session: Path) -> None:
    status, out, _ = run(capfdbinary, "show", session, "--record", "2")

    assert status == 0
    assert b"18446744073709551615" in out
    assert run(capfdbinary, "show", session, "--record", "3")[0] == 2


def test_list_is_the_ledger(capfdbinary: pytest.CaptureFixture[bytes], session: Path) -> None:
    (session.parent / "notes.txt").write_text("hello")

    _, out, _ = run(capfdbinary, "list", session.parent, "--output", "json", "--columns", "path,format,kind")

    rows = {row["path"]: (row["format"], row["kind"]) for row in json.loads(out)}
    assert rows[session.name] == ("clamp", "session")
    assert rows["notes.txt"] == (None, None)


def test_export_filters_and_goes_to_stdout(capfdbinary: pytest.CaptureFixture[bytes], session: Path) -> None:
    _, out, _ = run(capfdbinary, "export", session, "--where", "seed>0", "--columns", "seed,context")

    assert out == b"seed,context\n18446744073709551615,c\n"


def test_export_writes_files_with_sidecars(
    capfdbinary: pytest.CaptureFixture[bytes], session: Path, tmp_path: Path
) -> None:
    place = tmp_path / "out"

    status, _, err = run(capfdbinary, "export", session, "--to", "json,csv", "--out", place)

    assert status == 0
    assert b"2 rows" in err
    stem = session.name
    names = [f"{stem}.records.csv", f"{stem}.records.csv.sha256", f"{stem}.records.json", f"{stem}.records.json.sha256"]
    assert sorted(path.name for path in place.iterdir()) == names


def test_files_of_no_known_format_are_listed_without_issues(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    (tmp_path / "x.bin").write_bytes(b"\x00\xff")

    status, out, _ = run(capfdbinary, "check", tmp_path, "--output", "json", "--fail-on", "info")

    (document,) = json.loads(out)["documents"]
    assert (status, document["format"], document["kind"], document["issues"]) == (0, None, None, [])


def test_formats_and_rules_list_what_is_known(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    kinds = json.loads(run(capfdbinary, "formats", "--output", "json")[1])
    rules = json.loads(run(capfdbinary, "rules", "--output", "json")[1])

    assert ("clamp", "session") in {(row["format"], row["kind"]) for row in kinds}
    assert len({row["rule"] for row in rules}) == len(rules)
    assert all(row["rule"] and row["summary"] and row["source"] for row in rules)


def test_headless_commands_load_neither_textual_nor_watchfiles(tmp_path: Path) -> None:
    program = (
        "import sys; sys.argv = ['teleloupe', 'check', sys.argv[1], '--fail-on', 'never'];"
        "from teleloupe_tui.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as done: assert not done.code, done.code\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'textual', 'rich', 'watchfiles'}, loaded"
    )

    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_ignored_is_neither_listed_nor_checked(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    (tmp_path / "kept.txt").write_text("x")
    (tmp_path / "telemetry_summary.json").write_text("{")

    assert run(capfdbinary, "check", tmp_path)[0] == 1
    status, answer, _ = run(capfdbinary, "check", tmp_path, "--ignore", "*_summary.json", "--output", "json")
    assert (status, [one["path"] for one in json.loads(answer)["documents"]]) == (0, ["kept.txt"])


@pytest.mark.parametrize("command", ["check", "verify"])
def test_quiet_answers_with_the_status_alone(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, command: str
) -> None:
    (tmp_path / "telemetry_summary.json").write_text("{")
    (tmp_path / "a.sha256").write_text("0" * 64)

    assert run(capfdbinary, command, tmp_path, "--quiet") == (1, b"", b"")


def test_the_text_of_list_begins_each_digest_and_the_tables_have_it_whole(
    capfdbinary: pytest.CaptureFixture[bytes], session: Path
) -> None:
    digest = sha256(session.read_bytes()).hexdigest().encode()

    _, out, _ = run(capfdbinary, "list", session.parent)
    _, asked, _ = run(capfdbinary, "list", session.parent, "--columns", "path,sha256")

    assert digest[:12] in out.split()
    assert digest in asked.split()


def test_annotations_and_findings_name_files_from_the_current_directory(
    capfdbinary: pytest.CaptureFixture[bytes], session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    _, told, _ = run(capfdbinary, "check", session.parent.name, "--output", "github")
    _, one, _ = run(capfdbinary, "check", f"{session.parent.name}/{session.name}", "--output", "github")
    _, sarif, _ = run(capfdbinary, "check", session.parent.name, "--output", "sarif")
    _, whole, _ = run(capfdbinary, "check", session.parent, "--output", "sarif")

    assert f"::error file=telemetry/{session.name},".encode() in told
    assert f"::error file=telemetry/{session.name},".encode() in one
    assert f"telemetry/{session.name}" in uris(sarif)
    assert session.as_uri() in uris(whole)


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        (b"clamp_run_a b#1%41?.json", "clamp_run_a%20b%231%2541%3F.json"),
        (b"clamp_run_a:\n\x1b.json", "clamp_run_a%3A%0A%1B.json"),
        ("clamp_run_é.json".encode(), "clamp_run_%C3%A9.json"),
        (b"clamp_run_\xff.json", "clamp_run_%FF.json"),
    ],
)
def test_sarif_names_a_file_by_its_bytes_as_a_uri(
    capfdbinary: pytest.CaptureFixture[bytes], session: Path, name: bytes, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(session.parent)
    os.rename(session, name)

    assert uri in uris(run(capfdbinary, "check", "--output", "sarif")[1])


def uris(sarif: bytes) -> set[str]:
    """The places that results of a SARIF answer name."""
    (answer,) = json.loads(sarif)["runs"]
    places = [result["locations"][0]["physicalLocation"] for result in answer["results"]]
    return {place["artifactLocation"]["uri"] for place in places}


@pytest.mark.parametrize(("form", "answer"), [("json", b"[]\n"), ("jsonl", b""), ("csv", b"schema_version,batch_id")])
def test_a_named_file_without_records_is_an_empty_table(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, form: str, answer: bytes
) -> None:
    (tmp_path / "composite_export.json").write_text("[]\n")

    status, out, err = run(capfdbinary, "export", tmp_path / "composite_export.json", "--to", form)

    assert (status, err) == (0, b"")
    assert out.startswith(answer)


def test_nothing_to_export_is_said(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("unknown\n")
    told = b" holds no records; nothing is written\n"

    for path in (tmp_path, tmp_path / "notes.txt"):
        assert run(capfdbinary, "export", path) == (0, b"", b"teleloupe: " + os.fsencode(path) + told)


def test_an_empty_path_is_told_as_such(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(capfdbinary, "check", "") == (3, b"", b"teleloupe: '': no such file or directory\n")


def test_a_feed_that_is_not_there_is_empty_as_for_the_producer_and_told(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    status, _, err = run(capfdbinary, "loom", "--telemetry", "typo.jsonl", "--composite-output", "all.json")

    assert (status, Path("all.json").read_text()) == (0, "{}\n")
    assert b"typo.jsonl: no such file or directory; it counts as empty" in err


@pytest.mark.parametrize("words", [[], ["--output", "json"], ["--to", "csv"], ["--to", "csv", "--csv", "summary"]])
def test_a_directory_without_a_session_is_told_and_status_3(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, words: list[str]
) -> None:
    status, _, err = run(capfdbinary, "session", tmp_path, *words)

    assert (status, err) == (3, b"teleloupe: " + os.fsencode(tmp_path) + b" holds no session\n")


def test_of_many_artefacts_those_with_the_columns_asked_for_are_exported_and_none_is_wrong_use(
    capfdbinary: pytest.CaptureFixture[bytes], session: Path, tmp_path: Path
) -> None:
    (session.parent / "composite_export.json").write_text('[{"schema_version":"1.0","batch_id":"b"}]\n')
    words = ("export", session.parent, "--out", tmp_path / "out", "--columns")

    status, _, err = run(capfdbinary, *words, "seed")
    written = [path.read_text() for path in (tmp_path / "out").glob("*.csv")]

    assert (status, written) == (0, [f"seed\n0\n{2**64 - 1}\n"])
    assert b"1 without the columns that are asked for left out, 1 with them" in err
    status, out, err = run(capfdbinary, *words, "sede")
    assert (status, out) == (2, b"")
    assert b"no column 'sede'" in err
