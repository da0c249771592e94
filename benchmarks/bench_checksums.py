"""Checksums and differences against their limits; prints figures and ratios, exit 1 when a limit is broken.

    python benchmarks/bench_checksums.py [SIZE_MB]

SIZE_MB is the size of the hashed file, 1024 by default.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from teleloupe import disk
from teleloupe.diff.lines import compare
from teleloupe.diff.records import difference
from teleloupe.formats import load
from teleloupe.formats.toyfoundry import FORMAT
from teleloupe.model import Blob
from teleloupe.workspace import Workspace

COMMITS, FILES_A_COMMIT, CLAIMS = 100, 50, 27
RECORDS, LINES = 100_000, 100_000


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(what: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> bool:
    holds = value >= limit if at_least else value <= limit
    sign = ">=" if at_least else "<="
    print(f"{'ok  ' if holds else 'FAIL'} {what}: {value:.2f} {unit} (limit {sign} {limit} {unit})")
    return holds


def explaining(folder: Path) -> bool:
    """27 sidecars of versions that only git holds, in a repository of thousands of objects."""
    signed = _repository(folder)
    for index, data in enumerate(signed):
        (folder / f"claim{index}.json").write_bytes(b"{}\n")
        (folder / f"claim{index}.json.sha256").write_text(hashlib.sha256(data.replace(b"\n", b"\r\n")).hexdigest())
    objects = subprocess.run(["git", "count-objects", "-v"], cwd=folder, capture_output=True, text=True, check=True)
    workspace = Workspace(str(folder))
    bare = seconds(lambda: Workspace(str(folder), within=["claim0.json"]).refresh())
    taken = seconds(workspace.refresh)
    words = [verdict.word for verdict in workspace.newest.verdicts]
    assert words == ["older-version"] * CLAIMS, words
    (folder / "claim0.json").write_bytes(b"[]\n")
    again = seconds(lambda: workspace.refresh(["claim0.json"]))
    print(f"     objects: {' '.join(objects.stdout.split())}; first file alone {bare * 1000:.0f} ms")
    held = report(f"explain {CLAIMS} claims from {COMMITS * FILES_A_COMMIT} versions", taken, 1.0, "s")
    return report("the same again after a change", again, 0.1, "s") and held


def _repository(folder: Path) -> list[bytes]:
    """Commits of many small versions; those that the claims will be made of, spread over the history."""
    rng = random.Random(3)
    git = ["git", "-c", "user.name=b", "-c", "user.email=b@example", "-c", "gc.auto=0"]
    subprocess.run([*git, "init", "-q", folder], check=True)
    signed: list[bytes] = []
    for commit in range(COMMITS):
        for number in range(FILES_A_COMMIT):
            record = {"commit": commit, "number": number, "values": [rng.random() for _ in range(40)]}
            (folder / f"f{number}.json").write_text(json.dumps(record, indent=2) + "\n")
        signed.append((folder / f"f{commit % FILES_A_COMMIT}.json").read_bytes())
        subprocess.run([*git, "add", "-A"], cwd=folder, check=True)
        subprocess.run([*git, "commit", "-q", "-m", str(commit)], cwd=folder, check=True)
    return [signed[index * (COMMITS - 1) // CLAIMS] for index in range(CLAIMS)]


def hashing(folder: Path, size_mb: int) -> bool:
    """A large file in constant memory, against openssl and sha256sum on the same, warm, file."""
    path = folder / "large.bin"
    block = os.urandom(1 << 20)
    with path.open("wb") as file:
        for _ in range(size_mb):
            file.write(block)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    works: dict[str, Callable[[], object]] = {"ours": lambda: disk.digest(str(path))}
    for name, command in {"openssl": ["openssl", "dgst", "-sha256"], "sha256sum": ["sha256sum"]}.items():
        if shutil.which(command[0]):
            works[name] = partial(_run, [*command, str(path)])
    taken = dict.fromkeys(works, float("inf"))
    for _ in range(4):  # by turns, so that what else the machine does weighs on all alike
        taken = {name: min(taken[name], seconds(work)) for name, work in works.items()}
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    path.unlink()
    ours = taken.pop("ours")
    print(f"     {size_mb} MB: ours {ours:.2f} s, " + ", ".join(f"{name} {took:.2f} s" for name, took in taken.items()))
    held = [report("memory grown while hashing", grown_kb / 1024, 16, "MB")]
    limits = {"openssl": 0.9, "sha256sum": 1.0}
    held += [report(f"speed against {n}", took / ours, limits[n], "x", at_least=True) for n, took in taken.items()]
    return all(held)


def _run(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=True)


def _best(work: Callable[[], object]) -> float:
    return min(seconds(work) for _ in range(3))


def differing() -> bool:
    """Records by key and pretty-printed lines, one in a hundred changed."""
    rng = random.Random(5)
    records = [
        {"batch_id": f"alfa-{index:06d}", "duration_ms": 0, "ritual": "forge", "schema_version": "1.0",
         "status": "success", "units_processed": 1}
        for index in range(RECORDS)
    ]  # fmt: skip
    changed = [dict(record) for record in records]
    for index in rng.sample(range(RECORDS), RECORDS // 100):
        changed[index]["units_processed"] = 2
    old, new = (load(_blob(json.dumps(found).encode())) for found in (records, changed))
    assert (old.kind, len(old.records)) == ("export", RECORDS)
    by_record = _best(lambda: difference(old, new, FORMAT.key))
    lines = json.dumps(records[: LINES // 8], indent=2).split("\n")
    edited = [f"{line} " if rng.random() < 0.01 else line for line in lines]
    by_line = _best(lambda: compare(lines, edited))
    held = report(f"{RECORDS} records against {RECORDS}", by_record, 2.0, "s")
    return report(f"{len(lines)} lines, 1 % changed", by_line, 1.0, "s") and held


def _blob(data: bytes) -> Blob:
    return Blob("composite_export.json", data, len(data), 0, hashlib.sha256(data).hexdigest())


def main() -> int:
    size_mb = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "git").mkdir()
        held = [explaining(folder / "git"), hashing(folder, size_mb), differing()]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
