"""`teleloupe summarize` on real files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from clamp_files import record, session

from teleloupe.cli import main

ONE, TWO = "clamp_run_20251020T091500Z.json", "clamp_run_20251020T091600Z.json"


@pytest.fixture
def telemetry(tmp_path: Path) -> Path:
    folder = tmp_path / "telemetry"
    folder.mkdir()
    (folder / ONE).write_bytes(session(record(), record(seed=7, stability_score=0.5)))
    (folder / TWO).write_bytes(session(record(seed=8, acquired_at="2025-10-20T09:12:00Z", duration_ms=1000)))
    (folder / "notes.txt").write_bytes(b"{")
    return folder


def test_the_summary_is_printed_as_the_contract_has_it(telemetry: Path, capfdbinary: Any) -> None:
    status = main(["summarize", str(telemetry)])

    source = json.dumps(str(telemetry)).encode()
    written = capfdbinary.readouterr()
    assert status == 0
    assert written.out == (
        b'{"source_directory":%s,"sourceDirectory":%s,"session_count":3,"sessionCount":3,"mean_stability":0.833333,'
        b'"meanStability":0.833333,"stability_variance":0.083333,"stabilityVariance":0.083333,'
        b'"drift_index":1000.000000}\n' % (source, source)
    )
    assert written.err == b""


def test_the_snapshot_beside_the_directory_is_copied_verbatim(telemetry: Path, capfdbinary: Any) -> None:
    (telemetry.parent / "rocm_snapshot.json").write_text('{ "image": "i", "size": 1.50 }\n')

    main(["summarize", str(telemetry)])

    assert capfdbinary.readouterr().out.endswith(b',"build_info":{"image":"i","size":1.50}}\n')


def test_a_line_scanning_build_counts_files(telemetry: Path, capfdbinary: Any) -> None:
    main(["summarize", str(telemetry), "--build", "line-scanner"])

    written = json.loads(capfdbinary.readouterr().out)
    assert (written["session_count"], written["mean_stability"]) == (2, 0.875)


def test_a_line_scanning_build_computes_on_from_file_to_file(tmp_path: Path, capfdbinary: Any) -> None:
    scores = [
        ["0.952", "0.909"],
        ["1", "0.918", "0.916", "0.943", "0.914", "0.978", "0.975", "1", "0.948", "0.909", "0.973", "0.97", "0.928"],
        ["0.972"],
    ]
    for place, of_file in enumerate(scores):
        lines = "\n".join(f'{{"stability_score": {score}}}' for score in of_file)
        (tmp_path / f"{place}.json").write_text(f'{{"records": [\n{lines}\n]}}')

    main(["summarize", str(tmp_path), "--build", "line-scanner"])

    # The mean is 0.9503125: the last bit of the producer's sum, which no other order of adding has, rounds it down.
    assert b'"session_count":16,"mean_stability":0.950312,' in capfdbinary.readouterr().out


def test_a_library_build_skips_a_file_with_a_number_beyond_a_double(telemetry: Path, capfdbinary: Any) -> None:
    huge = session(record(stability_score="oops"), record(seed=7), mean=0).replace(b"4.125", b"1e999", 1)
    (telemetry / "bad.json").write_bytes(huge)

    assert main(["summarize", str(telemetry), "--build", "library"]) == 0
    assert json.loads(capfdbinary.readouterr().out)["session_count"] == 3


def test_a_library_build_that_would_abort_writes_nothing(telemetry: Path, capfdbinary: Any) -> None:
    (telemetry / "bad.json").write_bytes(session(record(stability_score="oops"), mean=0))

    status = main(["summarize", str(telemetry), "--build", "library"])

    written = capfdbinary.readouterr()
    assert (status, written.out) == (1, b"")
    assert b"bad.json: /records/0/stability_score is no number" in written.err


def test_files_that_cannot_be_read_are_named(telemetry: Path, capfdbinary: Any) -> None:
    (telemetry / "cut.json").write_bytes(session(record())[:40])

    status = main(["summarize", str(telemetry)])

    written = capfdbinary.readouterr()
    assert status == 0
    assert b"cut.json: JSON ends in the middle of record 0; 0 complete records before it; left out" in written.err
    assert json.loads(written.out)["session_count"] == 3


def test_a_missing_directory_is_a_summary_of_zeros(tmp_path: Path, capfdbinary: Any) -> None:
    status = main(["summarize", str(tmp_path / "none")])

    written = capfdbinary.readouterr()
    assert status == 0
    assert json.loads(written.out)["session_count"] == 0
    assert b"its summary is all zeros" in written.err


def test_a_summary_is_written_where_asked(telemetry: Path, capfdbinary: Any) -> None:
    out = telemetry.parent / "telemetry_summary.json"

    main(["summarize", str(telemetry), "--out", str(out)])

    assert capfdbinary.readouterr().out == b""
    assert json.loads(out.read_bytes())["session_count"] == 3
    assert main(["summarize", str(telemetry), "--compare", str(out)]) == 0


def test_comparing_names_the_build_that_fits(telemetry: Path, capfdbinary: Any) -> None:
    existing = telemetry.parent / "telemetry_summary.json"
    main(["summarize", str(telemetry), "--build", "line-scanner", "--out", str(existing)])

    status = main(["summarize", str(telemetry), "--compare", str(existing)])
    words = capfdbinary.readouterr().out
    main(["summarize", str(telemetry), "--compare", str(existing), "--output", "json"])
    answer = json.loads(capfdbinary.readouterr().out)

    assert status == 1
    assert b"session_count: says 2, files give 3" in words
    assert b"made by: line-scanner build (current shape), from all 2 files" in words
    assert answer["explained_by"] == ["line-scanner"]
    assert answer["files"] == [ONE, TWO]


def test_comparing_with_something_else_is_input_that_cannot_be_read(telemetry: Path, capfdbinary: Any) -> None:
    assert main(["summarize", str(telemetry), "--compare", str(telemetry / "notes.txt")]) == 3
    assert b"notes.txt" in capfdbinary.readouterr().err


@pytest.mark.parametrize("content", ["{}", '{"source_directory": "telemetry"}', '{"records": []}'])
def test_an_object_without_the_numbers_of_a_summary_is_none(telemetry: Path, capfdbinary: Any, content: str) -> None:
    other = telemetry.parent / "other.json"
    other.write_text(content)

    assert main(["summarize", str(telemetry), "--compare", str(other)]) == 3
    assert b"it has none of the numbers of one" in capfdbinary.readouterr().err


def test_json_output_tells_what_the_contract_lacks(telemetry: Path, capfdbinary: Any) -> None:
    held = record(seed=9, released_at=None, duration_ms=0.0, stability_score=0)
    (telemetry / "more.json").write_bytes(session(record(), held))

    main(["summarize", str(telemetry), "--output", "json"])

    answer = json.loads(capfdbinary.readouterr().out)
    assert answer["schema"] == "teleloupe.summarize/1"
    assert (answer["session_count"], answer["unique_count"], answer["in_flight"]) == (5, 4, 1)
    assert answer["released_mean"] == 0.875
