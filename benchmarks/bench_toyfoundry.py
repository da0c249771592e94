"""Toyfoundry at size, as ratios of processor time within one run: check, loom; `--records N` sets the size."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar, get_args

import msgspec

from teleloupe import disk, formats
from teleloupe.formats.toyfoundry.shapes import Mint, Record, Ritual, Status
from teleloupe.formats.toyfoundry.writing import export_json
from teleloupe.sketch import Sketch

T = TypeVar("T")
RITUALS: tuple[Ritual, ...] = get_args(Ritual)
STATUSES: tuple[Status, ...] = get_args(Status)
CHECK_LIMIT, MEMORY_LIMIT, LOOM_LIMIT, FIRST_LIMIT_S = 1.6, 3.0, 8.0, 1.0
ROUNDS = 3  # the quickest counts
FLOOR = """
import hashlib, sys, msgspec
from typing import Literal
class Record(msgspec.Struct, frozen=True, gc=False):
    batch_id: str
    ritual: Literal["forge", "parade", "promote", "purge"]
    status: Literal["failure", "partial", "success"]
    units_processed: int
    duration_ms: int
    schema_version: Literal["1.0"]
data = open(sys.argv[1], "rb").read()
hashlib.sha256(data).hexdigest()
records = msgspec.json.decode(data, type=list[Record])
"""  # a process of its own, as the check is: fresh memory costs both the same


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    records = parser.parse_args().records
    with tempfile.TemporaryDirectory() as folder:
        bench_check(Path(folder), records)
        bench_loom(Path(folder), records)


def bench_check(folder: Path, count: int) -> None:
    path = folder / "check" / "composite_export.json"
    path.parent.mkdir()
    with path.open("w") as file:
        file.writelines(export_json(records(count)))
    size = path.stat().st_size
    floor = quickest(lambda: subprocess.run([sys.executable, "-c", FLOOR, path], check=True))
    start, blob = time.perf_counter(), disk.read(str(path), path.name)
    form = formats.named("toyfoundry")
    found = form.detect(Sketch(blob)) if form else None
    if form and form.stream and found:
        next(form.stream(blob, found))
    first = time.perf_counter() - start
    del blob
    command = [sys.executable, "-m", "teleloupe", "check", str(path.parent), "--output", "json"]
    taken = quickest(lambda: subprocess.run(command, check=True, capture_output=True))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    say("check against read + sha256 + decode", taken / floor, CHECK_LIMIT, f"{size / 1e6:.0f} MB in {taken:.2f} s")
    say("check, peak memory against the file", peak / size, MEMORY_LIMIT, f"{peak / 1e6:.0f} MB")
    say("first records, in seconds", first, FIRST_LIMIT_S, "")


def bench_loom(folder: Path, count: int) -> None:
    feed = folder / "mint.jsonl"
    encoder = msgspec.json.Encoder()
    with feed.open("wb") as file:
        file.writelines(encoder.encode(mint) + b"\n" for mint in mints(count))
    decoder = msgspec.json.Decoder()

    def decode_lines() -> None:
        with feed.open("rb") as file:
            for line in file:
                decoder.decode(line)

    floor = quickest(decode_lines)
    target = folder / "out"
    options = ["--telemetry", feed, "--ritual-telemetry", folder / "none.jsonl", "--export", "--export-dir", target]
    command = [sys.executable, "-m", "teleloupe", "loom", *map(str, options), "--quiet"]
    peak_before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    taken = quickest(lambda: subprocess.run(command, check=True, capture_output=True))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    size = feed.stat().st_size
    memory = f"at most {max(peak, peak_before) * 1024 / size:.1f} x the feed in memory"
    say("loom against decoding the feed's lines", taken / floor, LOOM_LIMIT, f"{taken:.2f} s, {memory}")


def records(count: int) -> Iterator[Record]:
    for number in range(count):
        batch_id = f"alfa-{1_760_000_000 + number:010}-{number * 2_654_435_761 % 2**31:08x}"
        yield Record(batch_id, RITUALS[number % 4], STATUSES[number % 3], number % 50 + 1, number * 37 % 300_000, "1.0")


def mints(count: int) -> Iterator[Mint]:
    for number in range(count):
        seed = number * 2_654_435_761 % 2**31
        alfa_id = f"alfa-{1_760_000_000 + number:010}-{seed:08x}"
        moment = f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:00:{number % 60:02}.123456+00:00"
        path = f"production\\alfa_batches\\{alfa_id}.json"
        yield Mint(moment, alfa_id, f"order alfa {number}", False, path, seed, None, "minted")  # noqa: FBT003 - its order


def quickest(work: Callable[[], T]) -> float:
    """Processor seconds, ours and our children's: a busy machine stretches the clock, hardly these."""
    taken = []
    for _ in range(ROUNDS):
        start = processor_s()
        work()
        taken.append(processor_s() - start)
    return min(taken)


def processor_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def say(name: str, found: float, limit: float, detail: str) -> None:
    verdict = "ok" if found <= limit else "MISSED"
    print(f"toyfoundry: {name}: {found:.2f} (at most {limit:g}) {verdict}{f'; {detail}' if detail else ''}")


if __name__ == "__main__":
    main()
