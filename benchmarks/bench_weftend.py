"""How long stores take to validate, beside msgspec's untyped decode of the same bytes in the same run.

    bench_weftend.py [--mib 48] [--rounds 5]

Chunks at their caps, chunks of a few hundred bytes, the former pretty-printed, and the former with one tampered chunk.
Only the first one has a limit. Exit status 1 when it is missed.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "core"), str(ROOT / "tests" / "core" / "weftend")]

from weftend_builders import aggregate, chunk, store, text_of  # noqa: E402 - needs the path above

from teleloupe import formats  # noqa: E402 - needs the path above
from teleloupe.formats.weftend.constants import MAX_FILE_BYTES, MAX_REFS, TARTARUS_KINDS  # noqa: E402 - needs the path above
from teleloupe.model import Blob  # noqa: E402 - needs the path above

LIMIT_RATIO = 6.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=float, default=48.0, help="size of a store")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    size = min(int(options.mib * 1024 * 1024), MAX_FILE_BYTES)
    full = store_of(size, MAX_REFS)
    small = store_of(size, 0)
    pretty = json.dumps(json.loads(store_of(int(size * 0.8), MAX_REFS)), indent=1).encode()
    tampered = full.replace(b'"sampleCount":240', b'"sampleCount":241', 1)
    held = compared("chunks at their caps", full, options.rounds, LIMIT_RATIO)
    compared("small chunks", small, options.rounds)
    compared("chunks at their caps, pretty-printed", pretty, options.rounds)
    compared("chunks at their caps, one tampered", tampered, options.rounds)
    return 0 if held else 1


def store_of(size: int, refs: int) -> bytes:
    """A store of sealed and linked chunks, at most so many bytes."""
    numbers = random.Random(48)
    chunks: list[dict[str, Any]] = []
    total, former = 500, None
    while True:
        start = 240 * len(chunks)
        maps: dict[str, Any] = full_maps() if refs else {}
        members = {"payload": aggregate(**maps), "ttlSeconds": 604_800}
        members |= {name: digests(numbers, refs) for name in ("evidenceRefs", "tartarusRefs")}
        one = chunk(start, start + 239, former, **members)
        total += len(text_of(one)) + 1
        if total > size:
            whole: bytes = text_of(store(chunks))
            return whole + b"\n"
        chunks.append(one)
        former = one["chunkId"]


def full_maps() -> dict[str, dict[str, int]]:
    return {
        "capDenies": {f"capability.{number:02}": 200 for number in range(64)},
        "reasonFamilies": {f"REASON_{number:02}": 200 for number in range(32)},
        "tartarusKinds": dict.fromkeys(TARTARUS_KINDS, 200),
    }


def digests(numbers: random.Random, count: int) -> list[str]:
    return sorted(f"sha256:{numbers.getrandbits(256):064x}" for _ in range(count))


def compared(name: str, data: bytes, rounds: int, limit: float | None = None) -> bool:
    """Best of the rounds of both, in turns; whether the limit held."""
    blob = Blob("telemetry_conduit.json", data, len(data), 0, "")
    pairs = [(timed(lambda: msgspec.json.decode(data)), timed(lambda: formats.load(blob))) for _ in range(rounds)]
    decoded, validated = (min(times) for times in zip(*pairs, strict=True))
    ratio = validated / decoded
    target = f" (limit {limit:.1f} x)" if limit else ""
    found = {issue.code: issue.count for issue in formats.load(blob).issues if issue.severity == "error"}
    print(f"{name:38} {len(data) / 2**20:5.1f} MiB  decode {decoded * 1000:6.0f} ms", end="")
    print(f"  validate {validated * 1000:6.0f} ms  {ratio:5.2f} x{target}  {found}")
    return limit is None or ratio <= limit


def timed(work: Callable[[], object]) -> float:
    """Seconds, without giving back what was made."""
    gc.collect()
    started = time.perf_counter()
    kept = work()
    taken = time.perf_counter() - started
    del kept
    return taken


if __name__ == "__main__":
    sys.exit(main())
