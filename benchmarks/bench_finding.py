"""How quick a long table is filtered, searched, sorted and grouped, and what keys take meanwhile.

    bench_finding.py [--rows 1000000] [--only core|screen]

Figures of the core have beside them a floor measured in the same run: one pass in plain Python, or one sort in C. The
hold is the longest time for which a thread that only wants to tick was kept waiting. The inspector runs behind a real
pseudo-terminal. Exit status 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "core"), str(ROOT / "tui"), str(ROOT / "tests" / "tui"), str(ROOT / "benchmarks")]

from bench_app import echo, records_of, told, verdict  # noqa: E402 - needs the path above
from pseudo_terminal import Terminal  # noqa: E402 - needs the path above

from teleloupe import grouping, searching, tables  # noqa: E402 - needs the path above
from teleloupe.columns import column  # noqa: E402 - needs the path above
from teleloupe.model import Place, Query, SortKey, Table  # noqa: E402 - needs the path above

SORT_LIMIT_S, HOLD_LIMIT_MS, FIRST_LIMIT_MS, KEY_LIMIT_MS = 1.5, 20.0, 150.0, 50.0
SWITCH_S = 0.001  # as the inspector has it
RARE = 5000  # a row in so many has a value of its own
STATUSES = ("success", "failure", "partial")
FILTERS = ("status=failure", "duration_ms>990000", "rare", "ritual~^par", "status=failure or not ritual:for*")
SORTED = ("duration_ms", "batch_id", "status")
HERE = [sys.executable, str(Path(__file__))]


class Row(Struct, gc=False):
    """A record like those of an export."""

    batch_id: str
    ritual: str
    units_processed: int
    status: str
    duration_ms: int | None


COLUMNS = (
    column("batch_id"),
    column("ritual"),
    column("units_processed", type="integer"),
    column("status"),
    column("duration_ms", unit="ms", type="integer"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["core", "screen"])
    parser.add_argument("--child", action="store_true")
    options = parser.parse_args()
    if options.child:
        return inspector(options.rows)
    held = core(options.rows) if options.only != "screen" else []
    held += screen(options.rows) if options.only != "core" else []
    return 0 if all(held) else 1


def rows_of(count: int) -> list[Row]:
    """Records, of which one in `RARE` is odd."""
    chance = random.Random(1)
    return [
        Row(
            f"batch-{number}",
            "rare" if number % RARE == RARE - 1 else ("forge", "drill", "parade")[number % 3],
            number % 7,
            STATUSES[number % 3],
            None if number % 11 == 0 else chance.randrange(10**6),
        )
        for number in range(count)
    ]


def core(count: int) -> list[bool]:
    """What the work takes by itself."""
    sys.setswitchinterval(SWITCH_S)
    rows = rows_of(count)
    gc.freeze()
    table = Table("t", COLUMNS, rows, lambda row: Place("t", f"/{row}"), count)
    values = [row.duration_ms or 0 for row in rows]
    plain = floor("one pass in plain Python", lambda: [row for row in rows if row.status == "failure"])
    one_sort = floor("one sort in C", lambda: sorted(range(count), key=values.__getitem__))
    queries = [(f"filter {text}", Query(text), plain, 0.0) for text in FILTERS]
    queries += [(f"sort by {name}", Query(sort=(SortKey(name),)), one_sort, SORT_LIMIT_S) for name in SORTED]
    several = (SortKey("status"), SortKey("duration_ms", is_descending=True))
    queries.append(("sort by status, then duration_ms", Query(sort=several), one_sort, 0.0))
    held = [timed(name, least, partial(tables.arranged, table, query), limit) for name, query, least, limit in queries]
    held.append(timed("search for every rare", plain, lambda: searching.hits(table, "rare", 0)))
    held.append(timed("group by status", plain, lambda: grouping.groups(table, "status")))
    return held


def floor(name: str, work: Callable[[], Any]) -> float:
    """Seconds of the processor."""
    started = time.process_time()
    work()
    taken = time.process_time() - started
    print(f"floor: {name}: {taken:.2f} s")
    return taken


def timed(name: str, least: float, work: Callable[[], Any], limit_s: float = 0.0) -> bool:
    """Seconds of the processor, times the floor, and how long the interpreter was held."""
    waits: list[float] = [0.0]
    is_over = threading.Event()
    ticker = threading.Thread(target=_tick, args=(waits, is_over))
    ticker.start()
    started = time.process_time()
    work()
    taken = time.process_time() - started
    is_over.set()
    ticker.join()
    print(f"{name}: {taken:.2f} s, {taken / least:.1f} x the floor", end=", ")
    if limit_s:
        print("holds" if taken <= limit_s else "MISSES", f"{limit_s} s", end=", ")
    longest = max(waits) * 1000
    is_held = verdict(
        f"longest hold {longest:.0f} ms", is_held=longest <= HOLD_LIMIT_MS, limit=f"{HOLD_LIMIT_MS:.0f} ms"
    )
    return is_held and (not limit_s or taken <= limit_s)


def _tick(waits: list[float], is_over: threading.Event) -> None:
    """Time of our own processor, so that what others do on the machine counts little."""
    while not is_over.is_set():
        started = time.process_time()
        time.sleep(0.001)
        waits.append(time.process_time() - started)


def screen(count: int) -> list[bool]:
    """First hits after the key that asks for them, and keys while the work goes on."""
    held = []
    with Terminal([*HERE, "--child", "--rows", str(count)], 120, 40) as terminal:
        terminal.wait_for("batch-0", 120)
        terminal.wait_quiet()
        terminal.type("&")
        terminal.wait_quiet()
        for text in ("duration_ms=null ritual=rare", "batch-777", "ritual~^r"):
            terminal.type("\x15")
            terminal.wait_quiet(0.2)
            for letter in text[:-1]:
                terminal.type(letter)
                terminal.wait_quiet(0.05)
            held.append(first(terminal, f"filter {text}", text[-1], FIRST_HITS[text]))
            terminal.wait_quiet(0.2)
        terminal.type("\x15")
        terminal.wait_quiet(0.3)
        letters = b'"parade" or "drill" and not "nothing like this"'
        times = [echo(terminal, letter) for letter in letters]
        held.append(told("key to repaint while filters run", times, KEY_LIMIT_MS))
        terminal.type("\x1b")
        terminal.wait_quiet(0.5)
        terminal.type("/")
        terminal.wait_quiet()
        for letter in "batch-54321":
            terminal.type(letter)
            terminal.wait_quiet(0.05)
        held.append(first(terminal, "search batch-543210", "0", b"batch-543210"))
        terminal.type("\r")
        terminal.wait_quiet(0.5)
        terminal.type("g")
        terminal.type("lllls")
        times = [echo(terminal, b"jk"[number % 2]) for number in range(40)]
        held.append(told("key to repaint while it sorts", times, KEY_LIMIT_MS))
        terminal.type("\x11")
    return held


def first(terminal: Terminal, name: str, key: str, shown: bytes) -> bool:
    """Milliseconds from the last key of a question until its first hit is painted."""
    terminal.output.clear()
    started = time.perf_counter()
    terminal.type(key)
    terminal.wait_for(shown, 20)
    taken = (time.perf_counter() - started) * 1000
    print(f"{name}: first hits", end=" ")
    return verdict(f"{taken:.0f} ms", is_held=taken <= FIRST_LIMIT_MS, limit=f"{FIRST_LIMIT_MS:.0f} ms")


FIRST_HITS = {
    "duration_ms=null ritual=rare": f"batch-{RARE * 2 - 1}".encode(),
    "batch-777": b"batch-7770",
    "ritual~^r": f"batch-{RARE - 1}".encode(),
}


def inspector(count: int) -> int:
    """The inspector over one document of many records."""
    from scenes import export

    return records_of(structs.replace(export("long.json", records=rows_of(count)), columns=COLUMNS))


if __name__ == "__main__":
    sys.exit(main())
