"""A writer that never rests: creates, appends to, replaces and deletes files, so many events a second.

    storm.py FOLDER [--seconds 60] [--rate 1000] [--files 1000] [--seed 0]

A quarter of the files each are feeds, exports, the exports' sidecars, and sessions. Prints how many events there were;
with --seconds 0 every file is created once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from teleloupe.model import Snapshot

ONLY_LIVE = {"clamp.file-replaced"}  # what only those can tell who saw the file before
FOLDER_FILES = 100
LONGEST_FEED_BYTES = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(blow(options.folder, options.seconds, options.rate, options.files, random.Random(options.seed)))


def blow(root: Path, seconds: float, rate: int, files: int, rng: random.Random) -> int:
    """Write until the time is over; how many events there were."""
    for number in range(0, files, FOLDER_FILES):
        place(root, number).parent.mkdir(parents=True, exist_ok=True)
    if not seconds:
        for slot in range(files):
            place(root, slot).write_bytes(content(root, slot, slot))
        return files
    started, done, most = time.monotonic(), 0, int(rate * seconds)
    while done < most and time.monotonic() - started < 2 * seconds:
        due = min(int((time.monotonic() - started) * rate) + 1, most)
        for number in range(done, due):
            happen(root, rng.randrange(files), number, rng)
        done = due
        time.sleep(0.002)
    return done


def place(root: Path, slot: int) -> Path:
    """Where a slot's file is."""
    names = ("feed_{0:04}.jsonl", "export_{0:04}.json", "export_{1:04}.json.sha256", "clamp_run_{2}.json")
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(1_760_952_800 + slot))
    return root / f"run_{slot // FOLDER_FILES:02}" / names[slot % 4].format(slot, slot - 1, stamp)


def happen(root: Path, slot: int, number: int, rng: random.Random) -> None:
    """One event in a slot: what is not there is created; else it grows, is replaced, or goes."""
    path, chance = place(root, slot), rng.random()
    if not path.exists():
        path.write_bytes(content(root, slot, number))
    elif chance < 0.1:
        path.unlink()
    elif slot % 4 == 0 and chance < 0.9 and path.stat().st_size < LONGEST_FEED_BYTES:
        with path.open("ab") as file:
            file.write(line(number))
    elif chance < 0.6:
        path.write_bytes(content(root, slot, number))
    else:
        staged = path.with_name(f"{path.name}.draft")
        staged.write_bytes(content(root, slot, number))
        staged.replace(path)


def content(root: Path, slot: int, number: int) -> bytes:
    """New bytes for a slot's file."""
    if slot % 4 == 0:
        return line(number)
    if slot % 4 == 1:
        return export(number)
    if slot % 4 == 3:
        return session(number)
    signed = place(root, slot - 1)
    digest = hashlib.sha256(signed.read_bytes() if signed.exists() else b"").hexdigest()
    return f"{digest}  {signed.name}\n".encode()


def line(number: int) -> bytes:
    """A line of a feed."""
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(1_760_952_800 + number // 10))
    return f'{{"timestamp":"{at}.000Z","value":{number}}}\n'.encode()


def export(number: int) -> bytes:
    """A Toyfoundry export of a few records."""
    records = [
        {
            "batch_id": f"alfa-{1_760_288_351 + number}-47fe5f74",
            "duration_ms": place * 7,
            "ritual": ("forge", "parade", "promote", "purge")[place % 4],
            "schema_version": "1.0",
            "status": "success",
            "units_processed": place + 1,
        }
        for place in range(number % 7 + 1)
    ]
    return (json.dumps(records, indent=2) + "\n").encode()


def session(number: int) -> bytes:
    """A Clamp session of a few records."""
    tags = '"backend":"HIP","deviceName":"gfx1100","device_name":"gfx1100"'
    at = "2025-10-20T09:33:20Z"
    record = (
        f'{{"context":"pool","seed":{number + 1},{tags},"thread_id":"1","acquired_at":"{at}","released_at":"{at}",'
        '"duration_ms":1.500,"stability_score":1}'
    )
    records = ", ".join([record] * (number % 5 + 1))
    return f'{{{tags},"stability_score":1.000000,"records": [{records}] }}'.encode()


def outline(snapshot: Snapshot) -> Any:
    """A snapshot as plain values: every file, what was made of it, every issue and every verdict."""
    files = [
        [path, one.sha256, one.format, one.kind, len(one.records), one.is_complete]
        for path, one in snapshot.documents.items()
    ]
    issues = [
        [path, issue.code, issue.at, issue.message, issue.count]
        for path, issue in snapshot.issues()
        if issue.code not in ONLY_LIVE
    ]
    verdicts = [[one.subject, one.claim.claimant, one.claim.at, one.word] for one in snapshot.verdicts]
    texts = [json.dumps(part) for part in (files, sorted(issues), sorted(verdicts))]
    return [hashlib.sha256(text.encode()).hexdigest() for text in texts]


if __name__ == "__main__":
    main()
