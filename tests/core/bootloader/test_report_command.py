"""`teleloupe report`: what goes to stdout, to files, and what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from bootloader_machine import Machine, module, run_texts, written

from teleloupe.cli import main
from teleloupe.packing import expand

TEXTS = run_texts(6, seed=3, failing=(4,))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "20260301_060000"
    folder.mkdir()
    for number, data in enumerate(TEXTS, 1):
        (folder / f"gen_{number}.txt").write_bytes(data)
    return folder


def large() -> bytes:
    machine = Machine(3)
    machine.code = [b"\x41\x07", b"\x1a"] * 1000
    return written(machine.report())


def test_parity_gives_the_files_own_bytes(run: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["report", str(run / "gen_6.txt"), "--to", "txt", "--parity"]) == 0

    assert capfdbinary.readouterr() == (TEXTS[5], b"")


def test_json_and_module_go_to_stdout(run: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["report", str(run / "gen_6.txt"), "--to", "json", "--out", "-"]) == 0
    assert json.loads(capfdbinary.readouterr().out)["generation"] == 6

    assert main(["report", str(run / "gen_6.txt"), "--to", "wasm"]) == 0
    code = list([*Machine(3, (4,)).run(6)][-1].instructions)
    assert capfdbinary.readouterr().out == module(code)


def test_a_run_becomes_a_table(run: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["report", str(run), "--to", "csv"]) == 0

    rows = list(csv.DictReader(capfdbinary.readouterr().out.decode().splitlines()))
    assert [row["number"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert list(rows[0]) == [
        "number", "generated", "size", "instructions", "attempted", "applied", "insert", "modify", "append", "removals",
        "duration_ms", "repairs", "trap_class", "instances", "sha256", "issues",
    ]  # fmt: skip


def test_the_newest_history_becomes_a_table(run: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["report", str(run), "--to", "csv", "--table", "history"]) == 0

    rows = list(csv.DictReader(capfdbinary.readouterr().out.decode().splitlines()))
    assert len(rows) == 13
    assert rows[8]["details"] == "wasm3 call 'run': [trap] integer overflow"


def test_a_run_is_converted_into_a_directory(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    assert main(["report", str(run), "--to", "wasm", "--out", str(out), "--quiet"]) == 0
    assert main(["report", str(run), "--to", "json", "--out", str(out), "--quiet"]) == 0

    assert sorted(path.name for path in out.iterdir()) == sorted(
        [f"kernel_{number}.wasm" for number in range(1, 7)] + [f"gen_{number}.json" for number in range(1, 7)]
    )


def test_a_large_report_is_compressed_beside_itself_and_stays(
    run: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (run / "gen_0.txt").write_bytes(large())

    assert main(["report", "--compress", str(run), "--output", "json"]) == 0

    outcomes = json.loads(capfdbinary.readouterr().out)["outcomes"]
    assert [outcome["source"].rpartition("/")[2] for outcome in outcomes if outcome["written"]] == ["gen_0.txt"]
    assert (run / "gen_0.txt").read_bytes() == large()
    assert expand((run / "gen_0.txt.gz").read_bytes()) == (large(), "")


def test_a_cut_report_is_not_written_as_a_whole_one(run: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (run / "gen_6.txt").write_bytes(TEXTS[5][:-20])

    assert main(["report", str(run / "gen_6.txt"), "--to", "json"]) == 3
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert b"is partial, not a whole report; nothing is written" in err
    assert main(["report", str(run), "--to", "txt", "--out", str(run.parent / "out"), "--quiet"]) == 1
    assert main(["report", "--compress", str(run / "gen_6.txt")]) == 3


def test_a_kernel_is_extracted_even_from_a_cut_report(run: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (run / "gen_6.txt").write_bytes(TEXTS[5][:-20])

    assert main(["report", str(run / "gen_6.txt"), "--to", "wasm"]) == 0
    assert capfdbinary.readouterr().out[:4] == b"\0asm"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--to", "json", "--compress"],
        ["--to", "json", "--parity"],
        ["--to", "json"],
        ["--to", "txt", "--out", "."],
        ["--to", "xml"],
        ["--to", "csv", "--output", "json"],
    ],
)
def test_what_cannot_be_meant_is_wrong_use(run: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run)

    assert main(["report", str(run), *arguments]) == 2
    assert (run / "gen_6.txt").read_bytes() == TEXTS[5]


def test_an_absent_file_cannot_be_read_and_an_empty_directory_has_no_report(tmp_path: Path) -> None:
    assert main(["report", str(tmp_path / "gen_1.txt"), "--to", "json"]) == 3
    assert main(["report", str(tmp_path), "--to", "csv"]) == 2


def test_parts_that_no_report_has_are_named_as_left_out(run: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (run / "gen_6.txt").write_bytes(TEXTS[5].replace(b"Gen Duration", b"Uptime: 3 s\nGen Duration"))

    assert main(["report", str(run / "gen_6.txt"), "--to", "txt"]) == 0
    out, err = capfdbinary.readouterr()
    assert b"Uptime" not in out
    assert b"left out, for no report has it: Uptime" in err
