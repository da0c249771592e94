"""`check --watch` tells of what changes, as it changes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any


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


def test_only_one_path_is_followed_and_only_in_lines() -> None:
    for extra in (["b"], ["--output", "sarif"]):
        words = [sys.executable, "-m", "teleloupe", "check", "a", *extra, "--watch"]

        done = subprocess.run(words, capture_output=True, check=False)

        assert done.returncode == 2
