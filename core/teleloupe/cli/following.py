"""`check --watch`: what changed, as it changes, until it is interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Event

from msgspec import structs

from teleloupe.model import Document, Snapshot
from teleloupe.watch import watch


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


def follow(root: str, only: str | None, ignored: Sequence[str], tell: Callable[[Snapshot], None]) -> None:
    """Tell of everything, then of every change, until an interrupt ends it."""
    stop, last = Event(), Snapshot(root)
    try:
        for snapshot in settled(watch(root, stop, only, ignored=ignored)):
            news = changed(last, snapshot)
            if news.documents or news.verdicts or last.generation == 0:
                tell(news)
            last = snapshot
    finally:
        stop.set()
