"""`teleloupe verify` and `teleloupe diff`: answers, statuses, and output that other tools accept."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teleloupe.cli import main

LF, CRLF = b'{"a": 1}\n', b'{"a": 1}\r\n'
Run = Callable[..., tuple[int, str, str]]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def command(*words: str | Path) -> tuple[int, str, str]:
        status = main([str(word) for word in words])
        told = capfdbinary.readouterr()
        return status, told.out.decode(), told.err.decode()

    return command


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """One file that holds, one with other line ends, one that nothing explains."""
    folder = tmp_path / "root"
    (folder / "x").mkdir(parents=True)
    for name, signed in (("good", LF), ("ends", CRLF), ("bad", b"?")):
        (folder / "x" / f"{name}.json").write_bytes(LF)
        (folder / "x" / f"{name}.json.sha256").write_text(f"{sha256(signed)}  {name}.json\n")
    return folder


def test_a_link_that_is_named_is_followed_out_of_its_directory_and_no_other_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    for name in ("asked", "other"):
        (tmp_path / f"{name}.json").write_bytes(LF)
        (tmp_path / "here" / f"{name}.json").symlink_to(tmp_path / f"{name}.json")
        (tmp_path / "here" / f"{name}.json.sha256").write_text(f"{sha256(LF)}  {name}.json\n")

    assert run("verify", tmp_path / "here" / "asked.json")[0] == 0
    status, out, _ = run("verify", tmp_path / "here")
    assert (status, out.splitlines()[-1]) == (1, "2 sums: 0 ok, 2 unexplained")


def test_diff_follows_a_link_that_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there.json").write_bytes(LF)
    (tmp_path / "here" / "a.json").symlink_to(tmp_path / "there.json")
    (tmp_path / "here" / "a.json.sha256").write_text(f"{sha256(CRLF)}  a.json\n")

    status, out, _ = run("diff", tmp_path / "here" / "a.json")

    assert (status, "line ends: CRLF -> LF" in out) == (1, True)


def test_verify_prints_a_line_a_claim_the_fixes_and_the_tally(run: Run, root: Path) -> None:
    status, out, err = run("verify", root)

    lines = out.splitlines()
    assert (status, err) == (1, "")
    assert [line.split()[:3] for line in lines[1:4]] == [
        ["mismatch", "x/bad.json", "x/bad.json.sha256"],
        ["line-endings", "x/ends.json", "x/ends.json.sha256"],
        ["ok", "x/good.json", "x/good.json.sha256"],
    ]
    assert "  (cd x && sha256sum ends.json > ends.json.sha256)" in lines
    assert lines[-1] == "3 sums: 1 ok, 1 line ends, 1 unexplained"


def test_verify_as_json_has_claims_with_proofs_and_what_was_tried(run: Run, root: Path) -> None:
    _, out, _ = run("verify", root, "--output", "json")

    answer: dict[str, Any] = json.loads(out)
    claim = answer["claims"][1]
    assert answer["schema"] == "teleloupe.verify/1"
    assert (claim["subject"], claim["verdict"], claim["expected"]) == ("x/ends.json", "line-endings", sha256(CRLF))
    assert claim["proof"]["form"] == ["lf->crlf"]
    assert claim["tried"][-1] == {"form": "CRLF line ends", "held": True}
    assert answer["summary"] == {"artefacts": 3, "ok": 1, "line-endings": 1, "mismatch": 1}


def test_verify_as_gnu_is_accepted_by_sha256sum_and_leaves_out_what_is_not_proven(run: Run, root: Path) -> None:
    _, out, err = run("verify", root, "--output", "gnu")

    checked = subprocess.run(["sha256sum", "-c"], input=out, cwd=root, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "x/ends.json: OK\nx/good.json: OK\n")
    assert err == "teleloupe: x/bad.json is left out: mismatch\n"


@pytest.mark.parametrize(
    ("file", "fail_on", "status"),
    [("good", "warning", 0), ("ends", "error", 0), ("ends", "warning", 1), ("bad", "error", 1), ("bad", "never", 0)],
)
def test_the_status_tells_how_grave_it_is(run: Run, root: Path, file: str, fail_on: str, status: int) -> None:
    assert run("verify", root / "x" / f"{file}.json", "--fail-on", fail_on)[0] == status


def test_verify_of_a_list_reads_the_files_it_names(run: Run, root: Path) -> None:
    (root / "SHA256SUMS").write_text(f"{sha256(LF)}  x/good.json\n{sha256(LF)}  x/gone.json\n")

    _, out, _ = run("verify", root / "SHA256SUMS", "--output", "json")

    assert [(claim["subject"], claim["verdict"]) for claim in json.loads(out)["claims"]] == [
        ("x/good.json", "ok"),
        ("SHA256SUMS", "elsewhere"),
    ]


def test_verify_of_what_is_not_there_is_status_3(run: Run, tmp_path: Path) -> None:
    assert run("verify", tmp_path / "gone")[0] == 3


def test_diff_of_two_files_names_records_and_fields(run: Run, tmp_path: Path) -> None:
    record = {"schema_version": "1.0", "batch_id": "b1", "ritual": "forge", "units_processed": 1, "status": "success"}
    for name, units in (("a", 1), ("b", 2)):
        content = json.dumps([record | {"units_processed": units, "duration_ms": 0}])
        (tmp_path / f"{name}.json").write_text(content)

    status, out, _ = run("diff", tmp_path / "a.json", tmp_path / "b.json", "--output", "json")

    (compared,) = json.loads(out)["files"]
    assert status == 1
    assert compared["records"][0]["fields"] == [{"kind": "changed", "at": "/units_processed", "before": 1, "after": 2}]
    assert compared["counts"] == {"changed": 1, "removed": 0, "added": 0, "moved": 0, "same": 0}


def test_diff_says_differences_of_encoding_first_and_counts_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(LF)
    (tmp_path / "b.json").write_bytes(CRLF)

    status, out, _ = run("diff", tmp_path / "a.json", tmp_path / "b.json")

    assert status == 1
    assert out.splitlines()[1:] == ["  encoding: line ends: LF -> CRLF (1 lines)"]


def test_diff_of_equal_files_is_status_0(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(LF)

    status, out, _ = run("diff", tmp_path / "a.json", tmp_path / "a.json")

    assert (status, out) == (0, f"{tmp_path}/a.json: the same bytes\n")


def test_diff_of_unknown_files_is_by_lines_and_nothing_is_obeyed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\n\x1b[2Jtwo\n")
    (tmp_path / "b.txt").write_bytes(b"one\nthree\n")

    _, out, _ = run("diff", tmp_path / "a.txt", tmp_path / "b.txt")

    assert out.splitlines()[1:] == ["@@ -1,2 +1,2 @@", " one", "-\\x1b[2Jtwo", "+three"]


def test_diff_of_one_file_is_against_the_bytes_its_checksum_was_taken_of(run: Run, root: Path) -> None:
    written = root.parent / "expected.json"

    status, out, err = run("diff", root / "x" / "ends.json", "--write-expected", written)

    assert (status, written.read_bytes()) == (1, CRLF)
    assert "  encoding: line ends: CRLF -> LF (1 lines)" in out.splitlines()
    assert err == f"wrote 10 bytes to {written}\n"


def test_the_expected_bytes_are_never_written_over_another_file(run: Run, root: Path, tmp_path: Path) -> None:
    artefact, written = root / "x" / "ends.json", tmp_path / "expected.json"
    before = artefact.read_bytes()

    statuses = [run("diff", artefact, "--write-expected", place)[0] for place in (written, written, artefact, root)]

    assert statuses == [1, 1, 2, 2]
    assert artefact.read_bytes() == before != written.read_bytes()


def test_diff_of_one_file_that_holds_is_status_0(run: Run, root: Path) -> None:
    assert run("diff", root / "x" / "good.json")[0] == 0


def test_diff_of_one_file_without_recoverable_bytes_is_status_3(run: Run, root: Path) -> None:
    status, _, err = run("diff", root / "x" / "bad.json")

    assert status == 3
    assert "cannot be recovered: nothing explains the digest" in err


def test_diff_of_directories_names_what_came_went_and_moved(run: Run, root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name, data in {"a": b"a\n", "b": b"b\n", "c": b"c\n"}.items():
        (other / name).write_bytes(data)
    later = tmp_path / "later"
    later.mkdir()
    for name, data in {"a": b"A\n", "moved": b"b\n", "d": b"d\n"}.items():
        (later / name).write_bytes(data)

    status, out, _ = run("diff", other, later, "--output", "json")

    assert status == 1
    found = {(entry["kind"], entry["before"], entry["after"]) for entry in json.loads(out)["files"]}
    assert found == {
        ("changed", f"{other}/a", f"{later}/a"),
        ("removed", f"{other}/c", None),
        ("moved", f"{other}/b", f"{later}/moved"),
        ("added", None, f"{later}/d"),
    }


def test_diff_as_markdown_takes_content_literally(run: Run, tmp_path: Path) -> None:
    for name, batch in (("a", "x|y"), ("b", "`z`")):
        record = {"schema_version": "1.0", "batch_id": batch, "ritual": "forge", "status": "success"}
        (tmp_path / f"{name}.json").write_text(json.dumps([record]))

    _, out, _ = run("diff", tmp_path / "a.json", tmp_path / "b.json", "--output", "markdown")

    assert "x\\|y" in out
    assert "\\`z\\`" in out


def test_a_file_and_a_directory_cannot_be_compared(run: Run, root: Path) -> None:
    assert run("diff", root, root / "x" / "good.json")[0] == 2
    assert run("diff", root)[0] == 2


def test_strict_asks_that_every_file_has_a_sum_that_holds_as_it_stands(run: Run, root: Path) -> None:
    for name in ("bad", "ends"):
        assert run("verify", root / "x" / f"{name}.json", "--strict")[0] == 1
    assert run("verify", root / "x" / "good.json", "--strict")[0] == 0


def test_strict_fails_where_nobody_vouches_for_a_file_or_for_any(run: Run, tmp_path: Path) -> None:
    (tmp_path / "loose").mkdir()
    (tmp_path / "loose" / "clamp_run_20250101T000001Z.json").write_text('{"stability_score": 1.0, "records": []}')

    assert run("verify", tmp_path / "loose")[0] == 0
    status, _, err = run("verify", tmp_path / "loose", "--strict")
    assert (status, err.splitlines()) == (
        1,
        [
            "teleloupe: strict: no checksum speaks of: clamp_run_20250101T000001Z.json",
            f"teleloupe: strict: no checksums in: {tmp_path / 'loose'}",
        ],
    )
