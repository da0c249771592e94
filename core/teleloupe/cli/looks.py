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
    snapshot, document = seen(path, only)
    views = formats.views_of(document)
    for view in views:
        if view.id == name:
            return view.table(document, snapshot.documents)
    hint = f"views of it: {', '.join(view.id for view in views)}" if views else "it has none"
    raise UsageError(f"{safe(path)} has no view {safe(name)!r}", hint)


def seen(path: str, only: str | None) -> tuple[Snapshot, Document]:
    """A file's or directory's document, and the snapshot with all that may be related to it.

    Raises disk.Unreadable for a path that is not there.
    """
    if os.path.isdir(path):
        snapshot = snapshot_of([path], only)
        return snapshot, Document(".", kind=DIRECTORY)
    whole = os.path.abspath(path)
    root = os.path.dirname(whole)
    for _ in range(max(form.reach(whole.replace(os.sep, "/")) for form in formats.all_formats())):
        root = os.path.dirname(root)
    snapshot = snapshot_of([root if os.path.exists(path) else path], only)
    return snapshot, snapshot.documents[os.path.relpath(whole, root).replace(os.sep, "/")]
