"""`check --watch`: what changed, as it changes, until it is interrupted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, Queue
from threading import Event, Thread

from msgspec import structs

from teleloupe.conditions import Lookout, Met
from teleloupe.model import Document, Snapshot
from teleloupe.watch import watch

BEAT_S = 0.25  # a condition that must hold for a time is looked at so often


def changed(before: Snapshot, after: Snapshot) -> Snapshot:
    """The later snapshot less the documents of which nothing new is known."""

    def is_new(path: str, document: Document) -> bool:
        return before.documents.get(path) is not document or before.issues_of(path) != after.issues_of(path)

    documents = {path: document for path, document in after.documents.items() if is_new(path, document)}
    verdicts = tuple(set(after.verdicts) - set(before.verdicts)) if before.verdicts != after.verdicts else ()
    return structs.replace(after, documents=documents, verdicts=tuple(sorted(verdicts, key=lambda v: v.subject)))


def settled(snapshots: Iterator[Snapshot]) -> Iterator[Snapshot]:
    """The snapshots in which no scan is under way."""
    return (snapshot for snapshot in snapshots if snapshot.progress is None)


def follow(
    root: str,
    only: str | None,
    ignored: Sequence[str],
    tell: Callable[[Snapshot], bool],
    until: Lookout | None = None,
) -> list[Met]:
    """Tell of everything, then of every change, until an interrupt ends it, or what is looked out for comes true.

    It ends, too, when nobody hears: `tell` says whether somebody does.
    """
    stop, last = Event(), Snapshot(root)
    try:
        snapshots = settled(watch(root, stop, only, ignored=ignored))
        for snapshot in beating(snapshots) if until else snapshots:
            news = changed(last, snapshot)
            if (news.documents or news.verdicts or last.generation == 0) and not tell(news):
                break
            last = snapshot
            if until and (found := until.look(snapshot, time.monotonic())):
                return found
    finally:
        stop.set()
    return []


def beating(snapshots: Iterator[Snapshot], seconds: float = BEAT_S) -> Iterator[Snapshot]:
    """The snapshots, the last one again whenever no other has come for a while."""
    heard: Queue[Snapshot | Exception] = Queue()

    def listen() -> None:
        try:
            for snapshot in snapshots:
                heard.put(snapshot)
        except Exception as fault:  # noqa: BLE001 - the thread's edge: raised again below
            heard.put(fault)

    Thread(target=listen, daemon=True).start()
    last: Snapshot | Exception = heard.get()
    while not isinstance(last, Exception):
        yield last
        try:
            last = heard.get(timeout=seconds)
        except Empty:
            continue
    raise last
