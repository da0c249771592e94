"""What it costs to summarize Clamp session files, beside a bare msgspec decode of the same files in the same run."""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from teleloupe.cli.summarize import read_directory
from teleloupe.formats.clamp.directory import session_folders
from teleloupe.formats.clamp.figures import numbers
from teleloupe.formats.clamp.overview import Overview, overview
from teleloupe.formats.clamp.relations import followed
from teleloupe.formats.clamp.shapes import TaggedSession
from teleloupe.model import Document
from teleloupe.workspace import Workspace

START_S = 1_760_950_000
RECORDS_A_SECOND = 10


def record(rng: random.Random, second: int, score: str) -> str:
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
    tags = '"backend":"HIP","deviceName":"gfx1100","device_name":"gfx1100"'
    return (
        f'{{"context":"tensor-pool-{rng.randrange(12)}","seed":{rng.getrandbits(63) + 2**63},{tags},'
        f'"thread_id":"139842611050048","acquired_at":"{at}","released_at":"{at}",'
        f'"duration_ms":{rng.random() * 20:.3f},"stability_score":{score}}}'
    )


def session(rng: random.Random, start_s: int, count: int) -> bytes:
    """A file as the exporter writes it; one record in twenty is below 1."""
    scores = ["1" if rng.random() < 0.95 else f"{rng.random():.3g}" for _ in range(count)]
    mean = sum(map(float, scores)) / max(count, 1)
    records = (record(rng, start_s + place // RECORDS_A_SECOND, score) for place, score in enumerate(scores))
    head = f'{{"backend":"HIP","deviceName":"gfx1100","device_name":"gfx1100","stability_score":{mean:.6f},"records": ['
    return (head + ", ".join(records) + "] }").encode()


def fill(folder: Path, files: int, count: int) -> list[Path]:
    rng = random.Random(20251020)
    paths = []
    for place in range(files):
        start_s = START_S + place * 60
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(start_s + 59 + count // RECORDS_A_SECOND))
        path = folder / f"clamp_run_{stamp}.json"
        path.write_bytes(session(rng, start_s, count))
        paths.append(path)
    return paths


def best_s(action: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()  # of this process alone: the machine may be shared
        action()
        times.append(time.process_time() - start)
    return min(times)


def overviews(documents: Mapping[str, Document]) -> list[Overview]:
    """What the live summary shows of each session directory."""
    return [overview(files, followed(folder, files)) for folder, files in session_folders(documents).items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--records", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root, "telemetry")
        folder.mkdir()
        paths = fill(folder, options.files, options.records)
        decoder = msgspec.json.Decoder(TaggedSession)

        def bare() -> None:
            for path in paths:
                decoder.decode(path.read_bytes())

        def summarized() -> None:
            found = read_directory(str(folder), needs_records=False)
            numbers([document.body.figures.specification for document in found.documents], "specification")

        bare()
        pairs = [(best_s(bare, 1), best_s(summarized, 1)) for _ in range(options.rounds)]  # side by side: hosts vary
        bare_s, ours_s = min(bare_s for bare_s, _ in pairs), min(ours_s for _, ours_s in pairs)
        print(f"bare decode           {bare_s:7.2f} s")
        print(f"summarized            {ours_s:7.2f} s  {ours_s / bare_s:.2f} x (target 3)")

        workspace = Workspace(root)
        overviews(workspace.refresh().documents)
        changed, growing = f"telemetry/{paths[-1].name}", []
        for round_number in range(options.rounds):
            paths[-1].write_bytes(session(random.Random(1), START_S, options.records + round_number + 1))
            growing.append(best_s(lambda: overviews(workspace.refresh([changed]).documents), 1))
        print(f"one file grew         {min(growing) * 1000:7.0f} ms (target 100)")


if __name__ == "__main__":
    main()
