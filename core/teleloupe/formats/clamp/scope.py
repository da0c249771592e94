"""Which session directories and files a look at a document is about."""

from __future__ import annotations

from collections.abc import Mapping

from teleloupe.formats.clamp.anchors import export_order
from teleloupe.formats.clamp.directory import session_folders
from teleloupe.formats.clamp.relations import sessions_of
from teleloupe.formats.clamp.shapes import Body
from teleloupe.formats.clamp.summary import SummaryBody
from teleloupe.model import DIRECTORY, Document


def is_below(document: Document, directory: Document) -> bool:
    """Whether a file lies in a directory or below it."""
    return directory.path == "." or document.path.startswith(f"{directory.path}/")


def folders_of(document: Document, documents: Mapping[str, Document]) -> dict[str, tuple[Document, ...]]:
    """The session directories ("" is the root) at or below a directory, around a file, or that a summary speaks of."""
    folders = session_folders(documents)
    if document.kind == DIRECTORY:
        top = "" if document.path == "." else document.path
        return {folder: files for folder, files in folders.items() if not top or f"{folder}/".startswith(f"{top}/")}
    home: str | None = document.path.rpartition("/")[0]
    if isinstance(document.body, SummaryBody):
        spoken_of = sessions_of(document, folders)
        home = spoken_of[0] if spoken_of else None
    return {home: folders[home]} if home is not None and home in folders else {}


def sessions_in_view(document: Document, documents: Mapping[str, Document]) -> list[Document]:
    """A session file itself, or all session files of the directories, in the order of their export in each."""
    if document.kind != DIRECTORY:
        return [document] if isinstance(document.body, Body) else []
    return [
        file
        for files in folders_of(document, documents).values()
        for file in sorted(files, key=export_order)
        if isinstance(file.body, Body)
    ]
