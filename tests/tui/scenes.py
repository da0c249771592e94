"""Snapshots made by hand, and a source that feeds them to the app when a test says so."""

from __future__ import annotations

import queue
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

from textual.pilot import Pilot

from teleloupe.columns import column
from teleloupe.disk import Unreadable
from teleloupe.lazy import Lazy
from teleloupe.model import Blob, Claim, Column, Document, Issue, Proof, Rule, Snapshot, Verdict
from teleloupe.provenance.explain import Recall
from teleloupe_tui.app import Teleloupe
from teleloupe_tui.launch import Directory, Start
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.source import Source

Opened = tuple[Inspector, Pilot[Any]]
NOW = 1_761_141_600.0  # 2025-10-22T14:00:00Z
DAY_NS = 86_400 * 10**9
NOW_NS = int(NOW) * 10**9

RANGE = Rule("toyfoundry/duration-range", "TF205", "error", "a duration lies outside 0..300000", "section 3")
STALE = Rule("toyfoundry/digest-stale", "TF510", "warning", "the digest is of an older version", "section 5")
NO_SIDECAR = Rule("toyfoundry/no-sidecar", "TF501", "info", "an export has no sidecar", "section 5")

COLUMNS: tuple[Column, ...] = (
    column("batch_id", "which batch the ritual belongs to"),
    column("ritual", "one of forge, drill, parade, purge, promote"),
    column("units_processed", "units that passed", type="integer"),
    column("status", "success, partial or failure"),
    column("duration_ms", "how long the ritual took", unit="ms", type="integer"),
)


class Feed:
    """A source that gives the snapshots it is sent, and texts it was told of."""

    def __init__(self, root: str = "exports", texts: Mapping[str, str] | None = None, mode: str = "native") -> None:
        self.root = root
        self.roots: Sequence[str] = [root]
        self.recall: Recall | None = None
        self.is_read_only = False
        self.texts = dict(texts or {})
        self.reread_paths: list[str | None] = []
        self.is_cancelled = False
        self._mode = mode
        self._snapshots: queue.Queue[Snapshot | Exception] = queue.Queue()

    def send(self, snapshot: Snapshot | Exception) -> None:
        """Let the app see a snapshot, or the stream break."""
        self._snapshots.put(snapshot)

    def snapshots(self, stop: Event) -> Iterator[Snapshot]:
        while not stop.is_set():
            try:
                found = self._snapshots.get(timeout=0.02)
            except queue.Empty:
                continue
            if isinstance(found, Exception):
                raise found
            yield found

    def mode(self) -> str:
        return self._mode

    def read(self, path: str) -> Blob:
        if path not in self.texts:
            raise Unreadable("permission denied")
        data = self.texts[path].encode()
        return Blob(path, data, len(data), 0, "")

    def reread(self, path: str | None) -> None:
        self.reread_paths.append(path)

    def cancel(self) -> None:
        self.is_cancelled = True


def record(number: int, **changes: Any) -> dict[str, Any]:
    """A ritual's record."""
    rituals, states = ("forge", "drill", "parade", "purge"), ("success", "success", "partial")
    return {
        "batch_id": f"alfa-1760288351-{number:08x}",
        "ritual": rituals[number % 4],
        "units_processed": number % 5 + 1,
        "status": states[number % 3],
        "duration_ms": number * 37 % 1000,
        **changes,
    }


def export(path: str, count: int = 6, *, issues: Sequence[Issue] = (), age_days: float = 4, **fields: Any) -> Document:
    """An export with some records."""
    return Document(
        path,
        format="toyfoundry",
        kind="export",
        why="root array; the first object has schema_version and batch_id",
        size=180 * count + 4,
        mtime_ns=NOW_NS - int(age_days * DAY_NS),
        sha256=f"{sum(map(ord, path)) + count:064x}",
        records=fields.pop("records", [record(number) for number in range(count)]),
        columns=COLUMNS,
        issues=tuple(issues),
        **fields,
    )


def manifest(path: str = "export_manifest.json") -> Document:
    """A file with header fields and no records."""
    return Document(
        path,
        format="toyfoundry",
        kind="manifest",
        why="root object with exports",
        size=1095,
        mtime_ns=NOW_NS - DAY_NS,
        sha256="5" * 64,
        header={"schema_version": "1.0", "records": 29, "seed": 18446744073709551615, "exports": {"json": "a.json"}},
    )


def notes(path: str = "notes.txt") -> Document:
    """A file of no known format."""
    return Document(path, size=57, mtime_ns=NOW_NS - 3600 * 10**9, sha256="6" * 64)


def snapshot_of(documents: Sequence[Document], generation: int = 1, **fields: Any) -> Snapshot:
    """A snapshot of some documents."""
    found = {document.path: document for document in sorted(documents, key=lambda document: document.path)}
    return Snapshot("exports", generation, found, **fields)


def foundry(generation: int = 1) -> Snapshot:
    """A small directory: exports with and without issues, a manifest, a note, sums that hold and one that does not."""
    bad = export(
        "canary/composite_export.json", 4,
        records=[record(0), record(1), record(2, duration_ms=300001), record(3)],
        issues=[RANGE.issue("/2/duration_ms", "300001 is above 300000", expected="0..300000", actual="300001")],
    )  # fmt: skip
    documents = [
        export("composite_export.json", 29),
        bad,
        export("order031/mint.json", 2, age_days=0.01),
        manifest(),
        notes(),
    ]
    related = {
        "composite_export.json": (NO_SIDECAR.issue("", "no sidecar beside the export"),),
        "export_manifest.json": (STALE.issue("/exports/json", "the digest is older than the file"),),
    }
    return snapshot_of(documents, generation, related=related, verdicts=verdicts())


def verdicts() -> tuple[Verdict, ...]:
    """One sum that holds, one explained by line ends, one that nothing explains."""
    return (
        Verdict(_claim("composite_export.json"), "composite_export.json", "a" * 64, "ok"),
        Verdict(
            _claim("canary/composite_export.json"), "canary/composite_export.json", "b" * 64, "line-endings",
            Proof(("lf->crlf",)), "content unchanged; the digest was taken with CRLF line ends",
            (("the bytes as they are", False), ("CRLF line ends", True)),
        ),
        Verdict(
            _claim("order031/mint.json"), "order031/mint.json", "c" * 64, "mismatch", message="nothing explains it"
        ),
    )  # fmt: skip


def _claim(path: str) -> Claim:
    return Claim(f"{path}.sha256", "sidecar", path, "d" * 64, "line 1")


def fed(*snapshots: Snapshot, **options: Any) -> Feed:
    """A feed that has sent some snapshots, a small directory by default."""
    feed = Feed(**options)
    for snapshot in snapshots or (foundry(),):
        feed.send(snapshot)
    return feed


class Rows(Lazy[Any]):
    """Records that are made when they are looked at."""

    def __init__(self, count: int) -> None:
        self.length = count

    def __len__(self) -> int:
        return self.length

    def made(self, index: int) -> Any:
        return record(index, batch_id=f"batch-{index}")


def long_document(count: int, path: str = "long.json") -> Document:
    """An export of any length."""
    return export(path, records=Rows(count))


@asynccontextmanager
async def inspector(feed: Source, size: tuple[int, int] = (80, 24), **options: Any) -> Any:
    """The app over a feed, with what was sent so far on the screen."""
    app = Teleloupe(feed, clock=options.pop("clock", lambda: NOW), **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        screen = app.screen_stack[0]
        assert isinstance(screen, Inspector)
        await until(pilot, lambda: screen.snapshot.generation > 0)
        await settled(pilot)
        yield screen, pilot


@asynccontextmanager
async def opened(root: Path, size: tuple[int, int] = (120, 40), select: str | None = None) -> AsyncIterator[Opened]:
    """The app over a directory, once all of it was read."""
    async with inspector(Directory(Start(str(root), has_memory=False)), size, select=select) as (screen, pilot):
        await until(pilot, lambda: screen.is_read)
        await settled(pilot)
        yield screen, pilot


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one by one and let the app settle, until it ends."""
    for key in keys:
        await pilot.press(key)
        if pilot.app._exit:
            return
        await settled(pilot)


async def send(feed: Feed, screen: Inspector, pilot: Pilot[Any], snapshot: Snapshot) -> None:
    """Send a snapshot and wait until it is shown."""
    feed.send(snapshot)
    await until(pilot, lambda: screen.snapshot.generation == snapshot.generation)
    await settled(pilot)


async def until(pilot: Pilot[Any], is_so: Callable[[], bool], seconds: float = 10.0) -> None:
    """Let the app work until a condition holds."""
    for _ in range(int(seconds / 0.01)):
        if is_so():
            return
        await pilot.pause(0.01)
    raise AssertionError("the condition did not come true")


async def settled(pilot: Pilot[Any]) -> None:
    """Let the app work until no job runs and what depends on the selection is shown."""
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, Inspector)
    await pilot.pause()
    await until(pilot, lambda: screen.is_settled)
    await pilot.pause()


def lines(pilot: Pilot[Any]) -> list[str]:
    """The screen as text, a string a line."""
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def text(pilot: Pilot[Any]) -> str:
    """The screen as text."""
    return "\n".join(lines(pilot))
