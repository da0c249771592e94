"""`teleloupe session`: what it prints, writes and returns, wherever the machine stands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from svr_story import CORRECTED, bundle, events

from teleloupe.cli import main
from teleloupe.formats.svr.canonical import export_json
from teleloupe.formats.svr.csvtext import event_csv
from teleloupe.formats.svr.office_fire import DRILLS, RUBRIC, SCENARIO


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.json").write_text(json.dumps(bundle()))
    (tmp_path / "deep").mkdir()
    wrong = bundle(CORRECTED[:6])
    wrong["score"]["score_total"] = 72
    (tmp_path / "deep" / "b.json").write_text(json.dumps(wrong))
    return tmp_path


def answer(capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> Any:
    main(["session", *words, "--output", "json"])
    return json.loads(capfdbinary.readouterr().out)


def exported(capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> bytes:
    assert main(["session", *words]) == 0
    return capfdbinary.readouterr().out


def test_the_report_says_what_is_claimed_and_what_the_evidence_gives(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    status = main(["session", str(folder / "deep" / "b.json")])

    text = capfdbinary.readouterr().out.decode()
    assert status == 1
    assert "claimed   72 fail" in text
    assert "evidence  35 fail" in text
    assert "error svr.score.recompute_mismatch /score/score_total the total is 72, the evidence gives 35" in text


def test_json_has_the_blocks_as_claimed_and_as_recomputed(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    found = answer(capfdbinary, str(folder / "a.json"))

    assert found["schema"] == "teleloupe.session/1"
    assert found["claimed"] == {"score": bundle()["score"], "report": bundle()["report"]}
    assert found["evidence"]["score"] == bundle()["score"]
    assert found["evidence"]["report"] == bundle()["report"]
    assert found["issues"] == []


def test_exports_go_to_stdout(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = str(folder / "a.json")

    assert exported(capfdbinary, path, "--to", "csv") == event_csv(bundle()["events"], "timeline")
    assert exported(capfdbinary, path, "--to", "csv", "--csv", "full") == event_csv(bundle()["events"], "full")
    assert exported(capfdbinary, path, "--to", "json") == export_json(bundle())


@pytest.mark.parametrize("name", ["run.json", "run.jsonl"])
def test_bare_events_become_a_complete_bundle(
    name: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    rows = events(CORRECTED)
    text = json.dumps(rows) if name == "run.json" else "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / name).write_text(text)

    built = exported(capfdbinary, str(tmp_path / name), "--to", "json", "--now", "2026-03-02T10:00:00Z")
    found = answer(capfdbinary, str(tmp_path / name))

    assert built == export_json(bundle())
    assert found["evidence"] is None
    assert found["built"]["score"] == bundle()["score"]


def test_a_directory_is_exported_file_by_file(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("out")

    assert main(["session", str(folder), "--to", "csv", "--out", str(out)]) == 0

    written = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.csv")}
    assert written == {
        "a.csv": event_csv(bundle()["events"], "timeline"),
        "deep/b.csv": event_csv(bundle(CORRECTED[:6])["events"], "timeline"),
    }


def test_many_sessions_do_not_fit_on_stdout(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["session", str(folder), "--to", "csv"]) == 2
    assert b"name a directory with --out" in capfdbinary.readouterr().err


def test_a_contract_directory_judges_and_its_faults_are_told(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    contract = tmp_path_factory.mktemp("contract")
    for name, content in (("rubric", RUBRIC | {"pass_threshold": 90}), ("scenario", SCENARIO), ("drills", DRILLS)):
        (contract / f"{name}.json").write_text(json.dumps(content))

    main(["session", str(folder / "a.json"), "--contract", str(contract), "--output", "json"])

    captured = capfdbinary.readouterr()
    assert json.loads(captured.out)["evidence"]["score"]["status"] == "conditional_pass"
    assert b"svr.contract.pass_unreachable" in captured.err


def test_a_contract_beside_the_file_judges_it(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (folder / "rubric.json").write_text(json.dumps(RUBRIC | {"pass_threshold": 90}))

    assert answer(capfdbinary, str(folder / "a.json"))["evidence"]["score"]["status"] == "conditional_pass"


@pytest.mark.parametrize("content", [b"", b"\xff", b"[1, 2]", b'{"a": 1}'])
def test_what_holds_no_session_is_refused(
    content: bytes, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "x.json").write_bytes(content)

    assert main(["session", str(tmp_path / "x.json"), "--output", "json"]) == 3
    assert json.loads(capfdbinary.readouterr().out)["evidence"] is None


def test_what_cannot_be_read_in_a_directory_is_told_and_left_out(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    os.mkfifo(folder / "pipe.json")

    assert main(["session", str(folder), "--to", "csv", "--csv", "summary"]) == 0

    captured = capfdbinary.readouterr()
    assert len(captured.out.splitlines()) == 3
    assert b"pipe.json: not a regular file" in captured.err


def test_a_missing_file_and_a_time_that_is_none_are_refused(tmp_path: Path) -> None:
    assert main(["session", str(tmp_path / "gone.json")]) == 3
    assert main(["session", str(tmp_path), "--now", "yesterday"]) == 2


@pytest.mark.parametrize("words", [["--output", "json"], ["--to", "csv", "--csv", "summary"]])
def test_locale_and_time_zone_change_nothing(words: list[str], folder: Path) -> None:
    def run(**places: str) -> bytes:
        command = [sys.executable, "-m", "teleloupe.cli", "session", str(folder), *words]
        code = f"import sys; from teleloupe.cli import main; sys.exit(main({command[3:]!r}))"
        surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **places}
        return subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, check=False).stdout

    plain = run(TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")

    assert plain
    assert run(TZ="Asia/Kathmandu", LC_ALL="de_DE.UTF-8", PYTHONHASHSEED="2") == plain
    assert run(TZ="America/St_Johns", LC_ALL="tr_TR.UTF-8", LANG="tr_TR", PYTHONHASHSEED="3") == plain
