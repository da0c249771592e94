"""How long commands take to start, beside a bare interpreter in the same run."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCRIPT = Path(sys.executable).parent / "teleloupe"


def median_ms(words: list[str], rounds: int) -> float:
    """The first run is not counted: it may have to compile modules, which an installation has done."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times = []
    subprocess.run(words, env=environment, capture_output=True, check=False)
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(words, env=environment, capture_output=True, check=False)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as empty:
        bare = median_ms([sys.executable, "-c", "pass"], rounds)
        helped = median_ms([str(SCRIPT), "--help"], rounds)
        checked = median_ms([str(SCRIPT), "check", empty], rounds)
    print(f"bare interpreter                 {bare:6.0f} ms")
    print(f"teleloupe --help                 {helped:6.0f} ms  {helped - bare:+.0f} ms (target +100)")
    print(f"teleloupe check, empty directory {checked:6.0f} ms  {checked - bare:+.0f} ms (target +120)")


if __name__ == "__main__":
    main()
