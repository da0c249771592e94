"""A format's own looks at a file or directory, for `show --view`."""

from __future__ import annotations

import os

from teleloupe import formats
from teleloupe.cli.roots import snapshot_of
from teleloupe.model import DIRECTORY, Document, Snapshot, Table, UsageError
from teleloupe.safe import safe


def view_table(path: str, name: str, only: str | None) -> Table:
    """The table of a view of a file, its neighbours known, or of a directory.

    Raises UsageError for a view that does not fit, disk.Unreadable for a path that is not there.
    """
    snapshot, document = _seen(path, only)
    views = formats.views_of(document)
    for view in views:
        if view.id == name:
            return view.table(document, snapshot.documents)
    hint = f"views of it: {', '.join(view.id for view in views)}" if views else "it has none"
    raise UsageError(f"{safe(path)} has no view {safe(name)!r}", hint)


def _seen(path: str, only: str | None) -> tuple[Snapshot, Document]:
    if os.path.isdir(path):
        snapshot = snapshot_of([path], only)
        return snapshot, Document(".", kind=DIRECTORY)
    folder, name = os.path.split(os.path.abspath(path))
    snapshot = snapshot_of([folder if os.path.exists(path) else path], only)
    return snapshot, snapshot.documents[name]
