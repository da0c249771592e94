"""How fast bootloader reports are read: one large report, a long run, one more generation of it.

    bench_bootloader.py [--generations 1100] [--kernel-bytes 31000]

Exit status 1 when a limit is missed. Ratios are to the time that hashing the same bytes takes.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "core"), str(ROOT / "tests" / "core" / "bootloader")]

from bootloader_machine import START, report_of, run_texts, written  # noqa: E402 - needs the path above

from teleloupe import formats  # noqa: E402 - needs the path above
from teleloupe.formats.bootloader.shapes import HistoryRow, Tally  # noqa: E402 - needs the path above
from teleloupe.model import Blob  # noqa: E402 - needs the path above
from teleloupe.workspace import Workspace  # noqa: E402 - needs the path above

REPORT_LIMIT_S, RUN_LIMIT_S, FOLLOW_LIMIT_S = 0.2, 3.0, 0.1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generations", type=int, default=1100)
    parser.add_argument("--kernel-bytes", type=int, default=31_000)
    options = parser.parse_args()
    held = [large_report(options.kernel_bytes), *long_run(options.generations)]
    return 0 if all(held) else 1


def large_report(kernel_bytes: int) -> bool:
    """One report with a large kernel, best of five."""
    code = [b"\x41\x07", b"\x1a"] * (kernel_bytes // 3)
    row = HistoryRow(0, "06:00:00.000", "EXECUTE", ok=True, details="Verification Success")
    data = written(report_of(code, 1, START, [row], Tally().plus(row)))
    blob = Blob("gen_1.txt", data, len(data), 0, "")
    taken = min(timed(lambda: formats.load(blob)) for _ in range(5))
    return told(f"a report of {len(data) // 1000} KB parses", taken, REPORT_LIMIT_S, hashed(data))


def long_run(generations: int) -> list[bool]:
    """A whole run from disk, then one more generation."""
    texts = run_texts(generations + 1)
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(texts[:-1], 1):
            Path(folder, f"gen_{number}.txt").write_bytes(data)
        size = sum(map(len, texts[:-1]))
        workspace = Workspace(folder)
        opened = timed(workspace.refresh)
        name = f"gen_{generations + 1}.txt"
        Path(folder, name).write_bytes(texts[-1])
        followed = timed(lambda: workspace.refresh([name]))
    title = f"a run of {generations} generations, {size / 1e6:.0f} MB"
    reference = hashed(b"".join(texts[:-1]))
    return [
        told(f"{title}, opens", opened, RUN_LIMIT_S, reference),
        told("one more generation is followed", followed, FOLLOW_LIMIT_S, hashed(texts[-1])),
    ]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def hashed(data: bytes) -> float:
    return min(timed(lambda: hashlib.sha256(data)) for _ in range(3))


def told(what: str, taken: float, limit: float, reference: float) -> bool:
    verdict = "ok" if taken <= limit else "TOO SLOW"
    print(f"{what}: {taken:.3f} s (limit {limit} s, {taken / reference:.1f} x hashing) {verdict}")
    return taken <= limit


if __name__ == "__main__":
    sys.exit(main())
