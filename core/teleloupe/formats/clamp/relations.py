"""What Clamp files say of each other: sessions among themselves, a summary of its sessions and its snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from teleloupe.formats.clamp import rules
from teleloupe.formats.clamp.anchors import SeedIndex
from teleloupe.formats.clamp.build_info import SNAPSHOT_PLACES, snapshot_issues
from teleloupe.formats.clamp.comparison import compare, comparison_issues
from teleloupe.formats.clamp.directory import (
    Folder,
    follow,
    held_issues,
    ignored_entries,
    ignored_issues,
    repeat_issues,
    session_folders,
)
from teleloupe.formats.clamp.shapes import Body
from teleloupe.formats.clamp.summary import SnapshotBody, SummaryBody
from teleloupe.model import DIRECTORY, Document, Issue

# Archives and some file systems keep times to two seconds: nothing closer tells which file is newer.
TIME_SLACK_NS = 2_000_000_000


class _Known(Struct):
    """A directory as it was last judged, so that one changed file costs only itself."""

    documents: tuple[Document, ...]
    index: SeedIndex
    folder: Folder


_known: dict[str, _Known] = {}  # of the latest snapshot only; identity of documents decides what still holds


def relate(documents: Mapping[str, Document]) -> Mapping[str, list[Issue]]:
    """The issues found across files: on sessions, on summaries, on session directories ("." is the root)."""
    folders = session_folders(documents)
    found: dict[str, list[Issue]] = {}
    for folder in _known.keys() - folders.keys():
        _known.pop(folder, None)
    judged = {folder: followed(folder, own) for folder, own in folders.items()}
    for folder, own in judged.items():
        found[folder or "."] = [*repeat_issues(own.repeats)]
    for folder, names in (ignored_entries(_files(documents), folders) if folders else {}).items():
        found[folder or "."] += ignored_issues(names)
    for path, document in documents.items():
        if document.format != "clamp":
            continue
        if isinstance(document.body, Body) and document.body.figures.held:
            found[path] = [*held_issues(document, judged[path.rpartition("/")[0]].releases)]
        elif isinstance(document.body, SummaryBody) and document.body.is_judged:
            found[path] = [*_summary_issues(document, documents, folders)]
    return {path: issues for path, issues in found.items() if issues}


def sessions_of(document: Document, folders: Mapping[str, Sequence[Document]]) -> tuple[str, Sequence[Document]] | None:
    """The session directory a summary speaks of, and the files there: the one beside it that its path ends in.

    Failing that, `telemetry` beside it, the only session directory beside it, or the one it lies in.
    """
    home = document.path.rpartition("/")[0]
    prefix = f"{home}/" if home else ""
    source = document.body.values.get("source_directory")
    own_name = source.replace("\\", "/").rstrip("/").rpartition("/")[2] if isinstance(source, str) else ""
    beside = [
        folder
        for folder in folders
        if folder != home and folder.startswith(prefix) and "/" not in folder[len(prefix) :]
    ]
    for folder in (f"{prefix}{own_name}", f"{prefix}telemetry", beside[0] if len(beside) == 1 else home, home):
        if folder in folders:
            return folder, folders[folder]
    return None


def snapshot_of(document: Document, documents: Mapping[str, Document]) -> Document | None:
    """The provenance snapshot of a summary: beside it, in build/ beside it, or the same one directory up."""
    return snapshot_beside(document.path.rpartition("/")[0], documents)


def snapshot_beside(home: str, documents: Mapping[str, Document]) -> Document | None:
    """The provenance snapshot of a summary that lies, or is to lie, in a directory ("" is the root)."""
    for place in SNAPSHOT_PLACES:
        path = _joined(home, place)
        found = documents.get(path) if path is not None else None
        if found is not None and isinstance(found.body, SnapshotBody) and found.body.root is not None:
            return found
    return None


def newer_files(summary: Document, files: Sequence[Document]) -> list[Document]:
    """The session files that changed after their summary, which then is stale."""
    return [file for file in files if file is not summary and file.mtime_ns > summary.mtime_ns + TIME_SLACK_NS]


def followed(folder: str, documents: tuple[Document, ...]) -> Folder:
    """A session directory's files followed across each other; the same answer until one of them changes."""
    known = _known.pop(folder, None)  # taken, so that nobody else changes its index meanwhile
    if known is not None and known.documents == documents:
        _known[folder] = known
        return known.folder
    index = known.index if known is not None else SeedIndex()
    judged = follow(documents, index)
    _known[folder] = _Known(documents, index, judged)
    return judged


def _files(documents: Mapping[str, Document]) -> Iterator[str]:
    return (path for path, document in documents.items() if document.kind != DIRECTORY)


def _summary_issues(
    document: Document, documents: Mapping[str, Document], folders: Mapping[str, tuple[Document, ...]]
) -> Iterator[Issue]:
    body: SummaryBody = document.body
    sessions = sessions_of(document, folders)
    if sessions is not None:
        folder, files = sessions
        yield from comparison_issues(body, compare(body, files))
        yield from _place_issues(document, folder, files)
    recorded, snapshot = document.header.get("build_info"), snapshot_of(document, documents)
    if isinstance(recorded, dict) and snapshot is not None and snapshot.body.root is not None:
        yield from snapshot_issues(recorded, snapshot.body.root, snapshot.path)


def _place_issues(document: Document, folder: str, files: Sequence[Document]) -> Iterator[Issue]:
    """What depends on the host: newer session files, and a summary that came from elsewhere."""
    newer = len(newer_files(document, files))
    if newer:
        what = "file is" if newer == 1 else "files are"
        message = f"{newer} {what} newer than the summary (an aborting aggregator leaves the old one)"
        yield rules.SUM_STALE.issue("", message, count=newer)
    source = document.body.values.get("source_directory")
    if isinstance(source, str) and folder and not f"/{source.replace(chr(92), '/').strip('/')}".endswith(f"/{folder}"):
        at = document.body.places["source_directory"]
        message = f"made in {source:.120} (normal for CI artifacts)"
        yield rules.SUM_SOURCE_ELSEWHERE.issue(at, message, actual=source[:120])


def _joined(home: str, place: str) -> str | None:
    """A relative path below the root; None when it leads out of it."""
    parts = home.split("/") if home else []
    for part in place.split("/"):
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return None
    return "/".join(parts)
