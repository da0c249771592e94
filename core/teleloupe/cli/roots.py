"""Paths given on a command line to one snapshot."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec import structs

from teleloupe.model import Document, Issue, Snapshot, Verdict
from teleloupe.workspace import Workspace


def snapshot_of(paths: Sequence[str], only: str | None = None) -> Snapshot:
    """Everything below the paths; with several, each file's path starts with the one it was found under.

    Raises disk.Unreadable for a path that is not there.
    """
    if len(paths) == 1:
        return Workspace(paths[0], only).refresh()
    return joined([Workspace(path, only).refresh() for path in paths])


def joined(snapshots: Sequence[Snapshot]) -> Snapshot:
    """Several snapshots as one, rooted at the current directory."""
    documents: dict[str, Document] = {}
    related: dict[str, tuple[Issue, ...]] = {}
    verdicts: list[Verdict] = []
    for snapshot in snapshots:
        for path, document in snapshot.documents.items():
            place = _below(snapshot, path)
            documents[place] = structs.replace(document, path=place)
        related |= {_below(snapshot, path): found for path, found in snapshot.related.items()}
        verdicts += [_moved(snapshot, verdict) for verdict in snapshot.verdicts]
    arriving = frozenset(_below(snapshot, path) for snapshot in snapshots for path in snapshot.arriving)
    ordered = dict(sorted(documents.items()))
    return Snapshot(".", 1, ordered, related, tuple(verdicts), arriving)


def _below(snapshot: Snapshot, path: str) -> str:
    root = os.path.dirname(snapshot.root) if os.path.isfile(snapshot.root) else snapshot.root
    return os.path.normpath(os.path.join(root, path)).replace(os.sep, "/")


def _moved(snapshot: Snapshot, verdict: Verdict) -> Verdict:
    claim = structs.replace(verdict.claim, claimant=_below(snapshot, verdict.claim.claimant))
    return structs.replace(verdict, claim=claim, subject=_below(snapshot, verdict.subject))
