"""How quick the inspector is: keys in a long table, first paint, a large file, many files, news of one of them.

    bench_app.py [--rows 1000000] [--keys 150] [--starts 7] [--file-records 1000000] [--files 10000] [--watched 1000]

Everything runs behind a real pseudo-terminal. A key's time is from typing it to the end of the frame that answers it;
`settled` is to the last byte, when what depends on the cursor has followed. Exit status 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "core"), str(ROOT / "tui"), str(ROOT / "tests" / "tui")]

from pseudo_terminal import Terminal  # noqa: E402 - needs the path above

if TYPE_CHECKING:
    from teleloupe.model import Document

KEY_LIMIT_MS, PAINT_LIMIT_RATIO, LOADING_LIMIT_MS, ROWS_LIMIT_S = 16.0, 1.5, 50.0, 1.0
MANY_LIMIT_S, NEWS_MEDIAN_MS, NEWS_P99_MS = 0.5, 40.0, 150.0
FRAME_S, QUIET_S = 0.002, 0.03  # output that pauses so long is taken to be a whole frame, or all there is
HERE = [sys.executable, str(Path(__file__))]
INSPECTOR = [sys.executable, "-m", "teleloupe_tui", "--no-state"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keys", type=int, default=150)
    parser.add_argument("--starts", type=int, default=7)
    parser.add_argument("--file-records", type=int, default=1_000_000)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--watched", type=int, default=1000)
    parser.add_argument("--child", choices=["table", "empty"])
    options = parser.parse_args()
    if options.child:
        return CHILDREN[options.child](options.rows)
    with compiled():
        held = [
            long_table(options.rows, options.keys),
            first_paint(options.starts),
            while_loading(options.file_records),
            small_files(options.files),
            written_to_painted(options.watched, options.keys),
        ]
    return 0 if all(held) else 1


@contextmanager
def compiled() -> Iterator[None]:
    """Let every process find its modules compiled, as an installation leaves them."""
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = cache
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        painted([*HERE, "--child", "empty"], b"ready")
        painted([*INSPECTOR, folder], b"quit")
        yield


def long_table(rows: int, count: int) -> bool:
    """Keys in a table of many rows: down, page down, to the end and back, a column to the side."""
    with Terminal([*HERE, "--child", "empty"], 120, 40) as terminal:
        terminal.wait_for("ready")
        terminal.wait_quiet()
        told("key to repaint in an empty app, as the machine is now", [echo(terminal, b"j") for _ in range(count)], 0)
    held = []
    with Terminal([*HERE, "--child", "table", "--rows", str(rows)], 120, 40) as terminal:
        started = time.perf_counter()
        terminal.wait_for("batch-0")
        print(f"{rows:,} rows ready after {time.perf_counter() - started:.2f} s")
        terminal.wait_quiet()
        for name, keys in (("down", b"j"), ("page down", b"\x1b[6~"), ("ends", b"Gg"), ("sideways", b"lh")):
            times = [
                echo(terminal, keys[i % len(keys)] if name in ("ends", "sideways") else keys) for i in range(count)
            ]
            held.append(told(f"key to repaint, {name}", times, KEY_LIMIT_MS))
        terminal.type("q")
        terminal.type("q")
    return all(held)


def first_paint(starts: int) -> bool:
    """Process start to first paint, ours against an empty Textual app, taken in turns."""
    ours, empty = [], []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.json").write_text("{}")
        for _ in range(starts):
            empty.append(painted([*HERE, "--child", "empty"], b"ready"))
            ours.append(painted([*INSPECTOR, folder], b"quit"))
    ratio = statistics.median(ours) / statistics.median(empty)
    print(f"first paint {statistics.median(ours):.3f} s, an empty app {statistics.median(empty):.3f} s", end=": ")
    return verdict(f"{ratio:.2f} x", is_held=ratio <= PAINT_LIMIT_RATIO, limit=f"{PAINT_LIMIT_RATIO} x")


def while_loading(records: int) -> bool:
    """A large export is opened: when its first rows show, and what keys take until it is all there."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "composite_export.json")
        size = write_export(path, records)
        with Terminal([*INSPECTOR, str(path)], 120, 40) as terminal:
            started = time.perf_counter()
            terminal.wait_for("composite", 60)
            terminal.type("2")
            terminal.wait_for(b"batch-", 60)
            first = time.perf_counter() - started
            print(f"first rows of a {size / 1e6:.0f} MB export", end=": ")
            held = verdict(f"{first:.2f} s", is_held=first <= ROWS_LIMIT_S, limit=f"{ROWS_LIMIT_S} s")
            times: list[tuple[float, float]] = []
            until = time.perf_counter() + 8
            while time.perf_counter() < until:
                times.append(echo(terminal, b"jk"[len(times) % 2]))
                time.sleep(0.02)
            terminal.type("qq")
        return told("key to repaint while it loads", times, LOADING_LIMIT_MS) and held


def small_files(count: int) -> bool:
    """A directory of many small files: when its first rows show, the time of an empty app's start taken off."""
    with tempfile.TemporaryDirectory() as folder:
        fill(folder, count)
        empty = statistics.median(painted([*HERE, "--child", "empty"], b"ready") for _ in range(3))
        rows = statistics.median(painted([*INSPECTOR, folder], b"f00000.jsonl") for _ in range(3))
    print(f"first rows of {count:,} files {rows:.2f} s after the start, an empty app {empty:.2f} s", end=": ")
    return verdict(f"{rows - empty:.2f} s", is_held=rows - empty <= MANY_LIMIT_S, limit=f"{MANY_LIMIT_S} s")


def written_to_painted(count: int, changes: int) -> bool:
    """Many files are watched; one is written by rename: how long until the line that tells of it is painted."""
    with tempfile.TemporaryDirectory() as folder:
        fill(folder, count)
        with Terminal([*INSPECTOR, folder], 120, 40) as terminal:
            terminal.wait_for("LIVE", 60)
            terminal.wait_quiet()
            times = [news(terminal, Path(folder), number) for number in range(changes)]
            terminal.type("q")
    ordered = sorted(times)
    median, p99 = statistics.median(ordered), ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    print(f"write to painted line, {count:,} files watched: p99 {p99:.0f} ms, median", end=" ")
    is_held = median <= NEWS_MEDIAN_MS and p99 <= NEWS_P99_MS
    return verdict(f"{median:.0f} ms", is_held=is_held, limit=f"{NEWS_MEDIAN_MS:.0f} and {NEWS_P99_MS:.0f} ms")


def news(terminal: Terminal, folder: Path, number: int) -> float:
    """Milliseconds from the rename of a new file into its place until its name is painted."""
    name, draft = f"news{number:04}.txt", folder.parent / f".draft{os.getpid()}"
    draft.write_text("x")
    terminal.output.clear()
    started = time.perf_counter()
    draft.rename(folder / name)
    terminal.wait_for(name)
    taken = (time.perf_counter() - started) * 1000
    terminal.wait_quiet(0.1)
    return taken


def fill(folder: str, count: int) -> None:
    """Many small feeds."""
    for number in range(count):
        Path(folder, f"f{number:05}.jsonl").write_text('{"timestamp":"2025-10-12T05:31:47.000Z","value":1}\n')


def echo(terminal: Terminal, key: int | bytes) -> tuple[float, float]:
    """Milliseconds from a key to the end of the first frame that it made the app write, and to the last byte."""
    terminal.type(bytes([key]) if isinstance(key, int) else key)
    started = time.perf_counter()
    frame = last = started
    is_first = bool(terminal.read(1.0))
    while is_first:
        frame = time.perf_counter()
        is_first = bool(terminal.read(FRAME_S))
    last = frame
    while terminal.read(QUIET_S):
        last = time.perf_counter()
    return (frame - started) * 1000, (last - started) * 1000


def painted(command: Sequence[str], text: bytes) -> float:
    """Seconds from the start of a process until it has written a text."""
    started = time.perf_counter()
    with Terminal(command, 120, 40, {"PYTHONPATH": os.pathsep.join(sys.path[:2])}) as terminal:
        terminal.wait_for(text)
        return time.perf_counter() - started


def told(name: str, times: Sequence[tuple[float, float]], limit: float) -> bool:
    frames, settled = sorted(frame for frame, _ in times), sorted(last for _, last in times)
    p95 = int(len(times) * 0.95)
    print(f"{name}: median {statistics.median(frames):.1f} ms, max {frames[-1]:.1f} ms", end=", ")
    print(f"settled p95 {settled[p95]:.1f} ms", end=", p95 ")
    if not limit:
        print(f"{frames[p95]:.1f} ms")
        return True
    return verdict(f"{frames[p95]:.1f} ms", is_held=frames[p95] <= limit, limit=f"{limit:.0f} ms")


def verdict(measured: str, *, is_held: bool, limit: str) -> bool:
    print(f"{measured} ({'holds' if is_held else 'MISSES'} {limit})")
    return is_held


def write_export(path: Path, records: int) -> int:
    """A Toyfoundry export of many records; its size."""
    line = (
        '  {{\n    "schema_version": "1.0",\n    "batch_id": "batch-{0}-1760288351-{0:08x}",\n    "ritual": "forge",\n'
        '    "units_processed": {1},\n    "status": "success",\n    "duration_ms": {2}\n  }}'
    )
    with path.open("w") as file:
        file.write("[\n")
        for number in range(records):
            file.write((",\n" if number else "") + line.format(number, number % 7 + 1, number % 3000))
        file.write("\n]\n")
    return path.stat().st_size


def table_app(rows: int) -> int:
    """The app over one document of many records, which are made as they are painted."""
    from scenes import long_document

    return records_of(long_document(rows))


def records_of(document: Document) -> int:
    """The app at the records of one document, called long.json."""
    from teleloupe_tui.launch import be_quick

    be_quick()
    from scenes import Feed, snapshot_of

    from teleloupe_tui.app import Teleloupe
    from teleloupe_tui.screens.inspector import Inspector

    feed = Feed("bench")
    feed.send(snapshot_of([document]))
    app = Teleloupe(feed, select="long.json")
    app.call_later(gc.freeze)

    async def open_records() -> None:
        while not (isinstance(app.screen, Inspector) and app.screen.is_whole):
            await asyncio.sleep(0.01)
        await app.run_action("screen.do('records')")

    app.call_later(lambda: app.run_worker(open_records()))
    app.run()
    return 0


def empty_app(_rows: int) -> int:
    """What an app costs that shows one word."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Empty(App[None]):
        keys = 0

        def compose(self) -> ComposeResult:
            yield Static("ready")

        def on_key(self) -> None:
            self.keys += 1
            self.query_one(Static).update(f"ready {self.keys}")

    Empty().run()
    return 0


CHILDREN: dict[str, Callable[[int], int]] = {"table": table_app, "empty": empty_app}

if __name__ == "__main__":
    sys.exit(main())
