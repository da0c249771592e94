"""A session directory: which entries count, and what its files say together (sections 1, 5.2, 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from teleloupe.formats.clamp import rules
from teleloupe.formats.clamp.anchors import Release, Repeats, SeedIndex, releases, repeats, seeds_of, sightings
from teleloupe.formats.clamp.content import folded
from teleloupe.formats.clamp.shapes import Body
from teleloupe.model import DIRECTORY, Document, Issue


class Folder(Struct, frozen=True, eq=False):
    """What the files of a session directory say together: repeated anchors, and in-flight ones released later."""

    repeats: Repeats = Repeats()
    releases: Mapping[tuple[str, int], Release] = {}


def is_candidate(name: str) -> bool:
    """Whether the aggregator opens a file of that name: its suffix is exactly .json."""
    return name.endswith(".json") and name != ".json"


def session_folders(documents: Mapping[str, Document]) -> dict[str, tuple[Document, ...]]:
    """The directories that hold session files directly ("" is the root), with all Clamp files the aggregator opens."""
    found: dict[str, list[Document]] = {}
    with_sessions: set[str] = set()
    for path, document in documents.items():
        if document.format != "clamp" or document.kind == DIRECTORY:
            continue
        folder, _, name = path.rpartition("/")
        if isinstance(document.body, Body):
            with_sessions.add(folder)
        if is_candidate(name) and document.body is not None:
            found.setdefault(folder, []).append(document)
    return {folder: tuple(found.get(folder, ())) for folder in sorted(with_sessions)}


def follow(documents: Sequence[Document], index: SeedIndex) -> Folder:
    """Follow the anchors of a directory across its files; `index` is of the same directory at any earlier time."""
    index.update([document for document in documents if type(document.body) is Body])
    if not index.shared:
        return Folder()
    found = sightings(index.involved(), index.shared)
    return Folder(repeats(found), releases(found))


def repeat_issues(found: Repeats) -> Iterator[Issue]:
    """What a directory's repeated records do to its summary."""
    if found.anchors:
        what = "anchor appears" if found.anchors == 1 else "anchors appear"
        message = f"{found.anchors} {what} in several files (cumulative exports): summaries count {found.copies} copies"
        yield rules.RECORD_REPEATED.issue("", message, count=found.anchors)


def held_issues(document: Document, found: Mapping[tuple[str, int], Release]) -> Iterator[Issue]:
    """The in-flight records of a file: a warning each, or the later export that shows it released."""
    return folded(
        _held_issue(document, index, found.get((document.path, index))) for index in document.body.figures.held
    )


def ignored_entries(paths: Iterable[str], folders: Iterable[str]) -> dict[str, list[str]]:
    """The entries of session directories that the aggregator skips: other suffixes, and folders."""
    wanted = set(folders)
    ignored: dict[str, set[str]] = {folder: set() for folder in wanted}
    parents: set[str] = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        parents.add(folder)
        if folder in wanted and not is_candidate(name):
            ignored[folder].add(name)
    for parent in parents:
        below = parent
        while below:
            below, _, name = below.rpartition("/")
            if below in wanted:
                ignored[below].add(name)
    return {folder: sorted(names) for folder, names in ignored.items() if names}


def ignored_issues(names: Iterable[str]) -> Iterator[Issue]:
    """One issue for each entry that the aggregator skips."""
    return folded(rules.DIR_IGNORED.issue(name, f"{name} is not read by the aggregator") for name in names)


def replaced(old: Document, new: Document) -> Iterator[Issue]:
    """A known session file got content that does not repeat what it held.

    Nothing when every record of the old content is still there, as in the next export of the same process.
    """
    if type(old.body) is not Body or type(new.body) is not Body or not (old.is_complete and new.is_complete):
        return
    seeds = dict.fromkeys(seeds_of(old), True)
    if not sightings([old], seeds).keys() <= sightings([new], seeds).keys():
        yield rules.FILE_REPLACED.issue("", f"{new.name} was overwritten; two exports in one second?")


def _held_issue(document: Document, index: int, release: Release | None) -> Issue:
    record = document.records[index]
    context = record.get("context") if isinstance(record, dict) else record.context
    at, name = f"/records/{index}/released_at", f"{context!a:.60}"
    if release is None:
        return rules.INFLIGHT.issue(at, f"anchor {name} was still held when the file was written")
    where = release.path.rpartition("/")[2]
    after = "" if release.duration_ms is None else f" after {release.duration_ms:g} ms"
    message = f"anchor {name} was in flight; released{after} in {where}"
    return rules.INFLIGHT.issue(at, message, severity="info")
