"""Paths given on a command line to one snapshot."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from msgspec import structs

from teleloupe import disk, formats
from teleloupe.model import Document, Issue, Snapshot, Verdict
from teleloupe.workspace import Workspace


def snapshot_of(paths: Sequence[str], only: str | None = None, ignored: Sequence[str] = ()) -> Snapshot:
    """Everything below the paths; with several, each file's path starts with the one it was found under.

    What fits a pattern that is `ignored` is left out. Raises disk.Unreadable for a path that is not there, and for a
    file among them that cannot be read.
    """
    found = [reading(path, lambda place: Workspace(place, only, ignored=ignored).refresh()) for path in paths]
    return found[0] if len(found) == 1 else joined(found)


def joined(snapshots: Sequence[Snapshot]) -> Snapshot:
    """Several snapshots as one, rooted at the current directory."""
    documents: dict[str, Document] = {}
    related: dict[str, tuple[Issue, ...]] = {}
    verdicts: list[Verdict] = []
    for snapshot in snapshots:
        for path, document in snapshot.documents.items():
            place = placed(snapshot, path)
            documents[place] = structs.replace(document, path=place)
        related |= {placed(snapshot, path): found for path, found in snapshot.related.items()}
        verdicts += [_moved(snapshot, verdict) for verdict in snapshot.verdicts]
    arriving = frozenset(placed(snapshot, path) for snapshot in snapshots for path in snapshot.arriving)
    ordered = dict(sorted(documents.items()))
    return Snapshot(".", 1, ordered, related, tuple(verdicts), arriving)


def placed(snapshot: Snapshot, path: str) -> str:
    """A path of a snapshot as one from the current directory, or whole where its root was named whole."""
    root = os.path.dirname(snapshot.root) if os.path.isfile(snapshot.root) else snapshot.root
    return os.path.normpath(os.path.join(root, path)).replace(os.sep, "/")


def reading(path: str, read: Callable[[str], Snapshot]) -> Snapshot:
    """The snapshot of a path; disk.Unreadable names it when it is not there or is a file that cannot be read."""
    try:
        snapshot = read(path)
    except disk.Unreadable as fault:
        raise disk.Unreadable(fault.reason, is_gone=fault.is_gone, path=path) from None
    found = snapshot.documents.get(os.path.basename(path))
    if found is not None and not os.path.isdir(path):
        for issue in found.issues:
            if issue.rule is formats.UNREADABLE:
                raise disk.Unreadable(issue.message, path=path)
    return snapshot


def _moved(snapshot: Snapshot, verdict: Verdict) -> Verdict:
    claim = structs.replace(verdict.claim, claimant=placed(snapshot, verdict.claim.claimant))
    return structs.replace(verdict, claim=claim, subject=placed(snapshot, verdict.subject))
