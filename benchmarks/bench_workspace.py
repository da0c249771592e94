"""A full ledger of many small files beside the floor of reading, hashing and decoding them; and write to snapshot."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Queue

import msgspec

from teleloupe import formats
from teleloupe.model import Snapshot
from teleloupe.watch import Watch
from teleloupe.workspace import Workspace

ROUNDS = 5
LEDGER_LIMIT = 4.0  # times the floor
SAMPLES = Path(__file__).parent.parent / "sample_data"
RITUALS = ("forge", "parade", "promote", "purge")


def export(number: int, size: int) -> bytes:
    """A clean Toyfoundry export, with as many records as fill about `size` bytes."""
    records = [
        {
            "batch_id": f"alfa-{1_760_288_351 + number * 100 + place // 4}-47fe5f74",
            "duration_ms": place * 7,
            "ritual": RITUALS[place % 4],
            "schema_version": "1.0",
            "status": "success",
            "units_processed": place + 1,
        }
        for place in range(max(1, size // 185))
    ]
    return (json.dumps(records, indent=2) + "\n").encode()


def session(number: int, size: int) -> bytes:
    """A clean Clamp session, as its exporter writes it: other seeds and times in each record and file."""
    tags = '"backend":"HIP","deviceName":"gfx1100","device_name":"gfx1100"'
    chance = random.Random(number)
    records: list[str] = []
    while not records or sum(map(len, records)) < size:
        started = exported(number) - 60 + 2 * len(records) + chance.random()
        duration_ms = chance.randrange(1, 400_000) / 1000
        acquired, released = (utc(moment, "%Y-%m-%dT%H:%M:%SZ") for moment in (started, started + duration_ms / 1000))
        records.append(
            f'{{"context":"pool","seed":{chance.getrandbits(64)},{tags},"thread_id":"{chance.randrange(4)}",'
            f'"acquired_at":"{acquired}","released_at":"{released}","duration_ms":{duration_ms:.3f},"stability_score":1}}'
        )
    return f'{{{tags},"stability_score":1.000000,"records": [{", ".join(records)}] }}'.encode()


def exported(number: int) -> int:
    """When a session was exported: a minute after the one before."""
    return 1_760_952_800 + 60 * number


def utc(moment: float, form: str) -> str:
    return time.strftime(form, time.gmtime(moment))


def fill(root: Path, kind: str, files: int, size: int) -> None:
    """Files in folders of a hundred; of the samples, as many copies of all formats' valid trees as it takes."""
    if kind == "samples":
        whole = [path for path in SAMPLES.glob("*/valid/**/*") if path.is_file()]
        for copy in range(max(1, files // len(whole))):
            shutil.copytree(SAMPLES, root / f"copy_{copy:04}", ignore=shutil.ignore_patterns("invalid", "README.md"))
        return
    for number in range(files):
        folder = root / f"run_{number // 100:04}"
        folder.mkdir(exist_ok=True)
        if kind == "exports":
            (folder / f"composite_export_{number:05}.json").write_bytes(export(number, size))
        else:
            stamp = utc(exported(number), "%Y%m%dT%H%M%SZ")
            (folder / f"clamp_run_{stamp}.json").write_bytes(session(number, size))


def floor(root: Path) -> None:
    """One thread that walks, reads, hashes and decodes, and does nothing with it."""
    decode = msgspec.json.Decoder().decode
    for folder, _, names in os.walk(root):
        for name in names:
            data = (Path(folder) / name).read_bytes()
            hashlib.sha256(data).hexdigest()
            with suppress(msgspec.DecodeError):  # samples that are no JSON
                decode(data)


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time: files come from the page cache, and other work on the machine does not count."""
    started = time.process_time()
    work()
    return time.process_time() - started


def ledger(root: str) -> float:
    """Seconds of processor time until the snapshot is there, in this process, which should be a fresh one.

    A second ledger in one process would pay for taking the first one apart.
    """
    formats.all_formats()
    started = time.process_time()
    kept = Workspace(root).refresh()
    taken = time.process_time() - started
    del kept
    return taken


def of_fresh_process(root: str) -> float:
    command = [sys.executable, __file__, "--ledger", root]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def floor_and_ledger(root: Path) -> tuple[float, float]:
    """The least time of each, taken in turns: what else the machine does slows both of them down alike."""
    rounds = [(timed(lambda: floor(root)), of_fresh_process(str(root))) for _ in range(ROUNDS)]
    return min(least for least, _ in rounds), min(whole for _, whole in rounds)


def first_rows(root: str) -> float:
    """Seconds until a snapshot with documents is there."""
    started = time.perf_counter()
    next(snapshot for snapshot in Workspace(root).updates() if snapshot.documents)
    return time.perf_counter() - started


def scan(kind: str, files: int, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        fill(root, kind, files, size)
        floor(root)
        least, whole = floor_and_ledger(root)
        early = min(first_rows(folder) for _ in range(ROUNDS))
        space = Workspace(folder)
        documents = space.refresh().documents
        again = min(timed(space.refresh) for _ in range(ROUNDS))
        issues = sum(1 for _ in space.newest.issues())
    print(f"{len(documents)} documents of {kind}, {issues} issues")
    print(f"  floor: read + sha256 + decode   {least * 1000:8.0f} ms")
    verdict = "holds" if whole <= LEDGER_LIMIT * least else "missed"
    print(f"  full ledger                     {whole * 1000:8.0f} ms   {whole / least:.2f} x the floor")
    print(f"  at most {LEDGER_LIMIT:g} x the floor: {verdict}")
    print(f"  first rows                      {early * 1000:8.0f} ms")
    print(f"  sweep that finds nothing        {again * 1000:8.1f} ms")


def latencies(root: Path, writes: int) -> Iterator[float]:
    """Seconds from the end of a write to the snapshot that shows it."""
    shown: Queue[Snapshot] = Queue()
    stop = threading.Event()

    def follow() -> None:
        for snapshot in Watch(str(root)).snapshots(stop):
            shown.put(snapshot)

    thread = threading.Thread(target=follow)
    thread.start()
    while shown.get().progress:
        pass
    for number in range(writes):
        path = f"run_0000/composite_export_{number % 100:05}.json"
        data = export(10_000 + number, 3000)
        digest = hashlib.sha256(data).hexdigest()
        time.sleep(0.06)  # writes one by one: longer than the pause between two snapshots
        (root / path).write_bytes(data)
        written = time.perf_counter()
        while shown.get().documents[path].sha256 != digest:
            pass
        yield time.perf_counter() - written
    stop.set()
    thread.join()


def watch(files: int, size: int, writes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), "exports", files, size)
        found = sorted(latencies(Path(folder), writes))
    last = found[min(len(found) - 1, int(len(found) * 0.99))]
    print(f"write to snapshot, {files} files watched, {writes} writes")
    print(
        f"  median {statistics.median(found) * 1000:.0f} ms, p99 {last * 1000:.0f} ms, worst {found[-1] * 1000:.0f} ms"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--files", type=int, default=10_000)
    arguments.add_argument("--bytes", type=int, default=3500)
    arguments.add_argument("--watched", type=int, default=1000)
    arguments.add_argument("--writes", type=int, default=200)
    arguments.add_argument("--kinds", nargs="+", default=["exports", "sessions", "samples"])
    arguments.add_argument("--ledger", metavar="DIR", help="print the seconds of one full ledger, and nothing else")
    given = arguments.parse_args()
    if given.ledger:
        print(ledger(given.ledger))
        return
    for kind in given.kinds:
        scan(kind, given.files, given.bytes)
    watch(given.watched, given.bytes, given.writes)


if __name__ == "__main__":
    main()
