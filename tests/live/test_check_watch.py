"""`check --watch` tells of what changes, as it changes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SESSION = next((Path(__file__).parents[2] / "sample_data" / "clamp" / "valid").glob("**/clamp_run_*.json"))


def test_every_change_is_told_until_an_interrupt(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1")
    words = [sys.executable, "-m", "teleloupe", "check", str(tmp_path), "--watch", "--output", "jsonl"]

    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        first: dict[str, Any] = json.loads(process.stdout.readline())
        (tmp_path / "clamp_run_20250101T000000Z.json").write_text('{"stability_score": 1.0, "records": 7}')
        told = map(json.loads, process.stdout)
        second: dict[str, Any] = next(entry for entry in told if entry["path"].startswith("clamp_run"))
        process.send_signal(signal.SIGINT)
        status = process.wait(20)

    assert first["path"] == "a.txt"
    assert "clamp.records-not-array" in {issue["code"] for issue in second["issues"]}
    assert status == 130


@pytest.mark.parametrize("condition", ["file", "error", "stability_score>0.5"])
def test_a_condition_that_comes_true_ends_it_with_status_1(tmp_path: Path, condition: str) -> None:
    (tmp_path / "a.txt").write_text("1")
    words = [sys.executable, "-m", "teleloupe", "check", str(tmp_path), "--watch", "--output", "jsonl"]

    with subprocess.Popen([*words, "--until", condition], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        (tmp_path / SESSION.name).write_bytes(SESSION.read_bytes())
        if condition == "error":
            (tmp_path / "clamp_run_20250101T000000Z.json").write_text('{"stability_score": 1.0, "records": 7}')
        told = process.stderr.read().decode()
        status = process.wait(20)

    assert status == 1
    assert "clamp_run_" in told
    assert condition in told


def test_a_sum_that_fails_for_a_while_ends_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1")
    (tmp_path / "a.txt.sha256").write_text(f"{hashlib.sha256(b'1').hexdigest()}  a.txt\n")
    words = [sys.executable, "-m", "teleloupe", "check", str(tmp_path), "--watch", "--quiet", "--until", "sum"]

    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        changed = 0
        while process.poll() is None:  # until the first look is over, a change is no news
            (tmp_path / "a.txt").write_text(f"{changed % 2 + 1}")
            changed += 1
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(3)
        assert process.stderr
        told = process.stderr.read().decode()

    assert process.returncode == 1
    assert told == "a.txt: its checksum holds no more: mismatch\n"


def test_a_condition_needs_a_watch_and_words() -> None:
    for extra in (["--until", "file"], ["--watch", "--until", " "]):
        done = subprocess.run(
            [sys.executable, "-m", "teleloupe", "check", ".", *extra], capture_output=True, check=False
        )

        assert done.returncode == 2


def test_only_one_path_is_followed_and_only_in_lines() -> None:
    for extra in (["b"], ["--output", "sarif"]):
        words = [sys.executable, "-m", "teleloupe", "check", "a", *extra, "--watch"]

        done = subprocess.run(words, capture_output=True, check=False)

        assert done.returncode == 2


def test_it_ends_when_nobody_reads_any_more(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1")
    words = [sys.executable, "-m", "teleloupe", "check", str(tmp_path), "--watch", "--output", "jsonl"]

    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        (tmp_path / "b.txt").write_text("2")
        said = process.stderr.read()
        status = process.wait(20)

    assert (status, said) == (0, b"")
