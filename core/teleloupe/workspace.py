"""A directory as one value: which files are there, what each is, what they say of each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct, structs

from teleloupe import disk, formats, garbage
from teleloupe.beside import Beside
from teleloupe.formats import Format
from teleloupe.ignoring import ignoring
from teleloupe.intake import STREAM_BYTES, Find, GiveWay, Intake
from teleloupe.listing import Listing
from teleloupe.model import Document, Progress, Snapshot
from teleloupe.provenance import access
from teleloupe.provenance.memory import Memory
from teleloupe.provenance.resolve import Resolver
from teleloupe.relations import Related, Relations, with_directories

SETTLE_NS = 250_000_000  # a writer silent this long is taken to be done
PUBLISH_NS = 100_000_000  # while a scan lasts, its progress is worth a look this often
COSTLY_NS = 50_000_000  # a file that takes longer to load rests between two loads
WAIT_S = 0.05  # between two looks at how far a file too large to be held is hashed
REST_FACTOR = 4  # so that a large file that keeps changing takes a fifth of the time
TOGETHER_FILES, SMALL_BYTES = 64, 32 << 10  # so many small files are read together, in some 10 ms

Clock = Callable[[], int]
Cancelled = Callable[[], bool]


def at_once() -> None:
    """Gives way to nobody."""


class _Arrival(Struct, frozen=True):
    """A file whose writer does not seem done: its stamp, and since when it has not changed."""

    stamp: disk.Stamp
    since_ns: int


class _CancelledError(Exception):
    """Reading was cancelled in the middle of a file."""


class Workspace:
    """Reads below one root, a directory or a single file. `refresh` and `updates` are all that changes it.

    `settle_ns` is how long half a file is waited for; 0, for a look at things as they are, waits for nothing. `clock`
    gives nanoseconds since the epoch. `within` limits what is read to some paths below the root; a link `asked` for
    by name is followed also out of it. `roots` are directories below the root that stand for it: nothing else there is
    looked at. What fits a pattern that is `ignored` is not there. `memory` keeps bytes that a checksum holds for, and
    knows those of earlier days. `give_way` is called before a file is read, and may take a little while.
    """

    def __init__(
        self,
        root: str,
        only: str | None = None,
        *,
        within: Sequence[str] = (),
        roots: Sequence[str] = (),
        asked: str = "",
        ignored: Sequence[str] = (),
        settle_ns: int = 0,
        clock: Clock = time.time_ns,
        forms: Sequence[Format] | None = None,
        memory: Memory | None = None,
        give_way: GiveWay = at_once,
    ) -> None:
        self.root = root
        is_ignored = ignoring(ignored)
        self.listing = Listing(root, within, asked, is_ignored, roots)
        self._settle_ns, self._clock = settle_ns, clock
        self._intake = Intake(self.listing.folder, only, forms)
        self._give_way = give_way
        reach = access.giving_way(access.below(root, asked, self.listing.homes), give_way)
        self._relations = Relations(Resolver(reach, memory=memory, is_ignored=is_ignored), forms)
        self._documents: dict[str, Document] = {}
        self._arrivals: dict[str, _Arrival] = {}
        self._rests: dict[str, int] = {}
        self._resting: set[str] = set()
        self._related = Related()
        self._is_opened = self._is_changed = False
        self.newest = Snapshot(root)

    @property
    def is_waiting(self) -> bool:
        """Whether some file will want another look although nothing changes: refresh with no paths is that look."""
        return bool(self._arrivals or self._resting)

    def refresh(
        self,
        paths: Iterable[str] | None = None,
        publish: Callable[[Snapshot], None] | None = None,
        cancelled: Cancelled = lambda: False,
    ) -> Snapshot:
        """Look at everything, or read the named paths again, and return the whole truth.

        `publish` hears of snapshots while a long scan lasts; `cancelled` ends it, what was not read saying so. Raises
        disk.Unreadable when the root cannot be listed.
        """
        for snapshot in self.updates(paths, cancelled, is_published=publish is not None):
            if publish and snapshot.progress:
                publish(snapshot)
        if self.listing.fault:
            raise self.listing.fault
        return self.newest

    def updates(
        self, paths: Iterable[str] | None = None, cancelled: Cancelled = lambda: False, *, is_published: bool = True
    ) -> Iterator[Snapshot]:
        """The snapshots of a refresh: about ten a second while it lasts, with progress, then the whole truth.

        No snapshot when nothing changed. A root that cannot be listed is told by the snapshot's fault.
        """
        fault = self.listing.fault
        changes = self.listing.sweep() if paths is None else self.listing.look(paths)
        named = frozenset(changes.entries) if paths is not None else frozenset[str]()
        due = self.listing.look(self._due())
        for path in (*changes.gone, *due.gone):
            self._drop(path)
        with garbage.kept():
            for so_far in self._load({**changes.entries, **due.entries}, named, cancelled, is_published=is_published):
                if is_published:
                    yield self._partial(so_far)
            self._is_opened = True
            is_due = self._is_changed or self._relations.is_stale
            if is_due or self.newest.generation == 0 or fault is not self.listing.fault:
                self.newest = self._whole()
                yield self.newest

    def _due(self) -> set[str]:
        """The files that wait and whose time has come."""
        now = self._clock()
        due = {path for path, arrival in self._arrivals.items() if not 0 <= now - arrival.since_ns < self._settle_ns}
        due |= {path for path in self._resting if now >= self._rests.get(path, 0)}
        self._resting -= due
        return due

    def _load(
        self, entries: dict[str, disk.Entry], named: frozenset[str], cancelled: Cancelled, *, is_published: bool
    ) -> Iterator[Progress]:
        """Load files in order of their paths; tell now and then how far that is."""
        publish_at = self._clock() + PUBLISH_NS
        done, total = 0, sum(entry.stamp.size for entry in entries.values())
        order = sorted(entries)
        for index, path in enumerate(order):
            self._give_way()
            if index % TOGETHER_FILES == 0:
                self._read_ahead([entries[one] for one in order[index : index + TOGETHER_FILES]])
            entry = entries[path]
            is_streamed = is_published and entry.stamp.size >= STREAM_BYTES and path not in self._documents
            for find in self._finds(entry, cancelled, is_named=path in named, is_streamed=is_streamed):
                if not find.is_partial or find.document:
                    self._take(entry, find)
                if find.is_partial and find.document and cancelled():
                    self._leave([entry], "cancelled before all of it was read")
                    break
                if self._clock() >= publish_at:
                    read = find.bytes if find.is_partial else entry.stamp.size
                    yield Progress(index, len(order), done + read, total, path)
                    publish_at = self._clock() + PUBLISH_NS
            done += entry.stamp.size
            if cancelled():
                self._leave([entries[path] for path in order[index + 1 :]], "cancelled before it was read")
                return

    def _read_ahead(self, entries: Sequence[disk.Entry]) -> None:
        """Read the small files among those that are next, if several; what takes long is timed, and thus read alone."""
        small = [one for one in entries if one.stamp.size <= SMALL_BYTES and one.path not in self._rests]
        self._intake.read_ahead(small if len(small) > 1 else (), self._documents, self._give_way)

    def _finds(self, entry: disk.Entry, cancelled: Cancelled, *, is_named: bool, is_streamed: bool) -> Iterator[Find]:
        """What is found in a file; several ever fuller finds when it is streamed."""
        started = self._clock()
        since = self._unchanged_since(entry, started, is_named=is_named)
        is_fresh = 0 <= started - since < self._settle_ns
        if is_fresh and started < self._rests.get(entry.path, 0):
            self._resting.add(entry.path)
            return

        hashed = 0

        def tick(count: int) -> None:
            nonlocal hashed
            hashed = count
            if cancelled():
                raise _CancelledError

        try:
            if is_streamed and not is_fresh and entry.stamp.size <= disk.READ_LIMIT_BYTES:
                yield from self._intake.stream(entry, tick)
                return
            before = self._last_good(entry.path)
            work = partial(self._intake.find, entry, before, is_fresh=is_fresh, tick=tick)
            if entry.stamp.size > disk.READ_LIMIT_BYTES:
                found = Beside(work)
                while not found.is_there(WAIT_S):
                    yield Find(None, is_partial=True, bytes=hashed)
                find = found.get()
            else:
                find = work()
        except _CancelledError:
            self._leave([entry], "cancelled before it was read")
            return
        if find.is_arriving:
            self._arrivals[entry.path] = _Arrival(entry.stamp, since)
        self._rest(entry.path, started)
        yield find

    def _unchanged_since(self, entry: disk.Entry, now: int, *, is_named: bool) -> int:
        """When a file was last written, by our own clock where we saw it change; its own may be another machine's."""
        arrival = self._arrivals.get(entry.path)
        if arrival and arrival.stamp == entry.stamp and not is_named:
            return arrival.since_ns
        return now if self._is_opened else min(now, entry.stamp.mtime_ns)

    def _rest(self, path: str, started: int) -> None:
        finished = self._clock()
        if self._settle_ns and finished - started > COSTLY_NS:
            self._rests[path] = finished + REST_FACTOR * (finished - started)
        else:
            self._rests.pop(path, None)

    def _take(self, entry: disk.Entry, find: Find) -> None:
        """Make a find part of the truth."""
        path = entry.path
        if find.is_arriving:
            self._is_changed |= path not in self.newest.arriving
            self._put(find.document or _bare(entry, self._documents.get(path)))
            return
        self._is_changed |= self._arrivals.pop(path, None) is not None
        if find.document is None:
            self._drop(path)
        else:
            self._put(find.document)
        if find.document is None or (not entry.fault and _is_unreadable(find.document)):
            self.listing.doubt(path)

    def _put(self, document: Document) -> None:
        if self._documents.get(document.path) is not document:
            self._documents[document.path] = document
            self._is_changed = True

    def _drop(self, path: str) -> None:
        self._arrivals.pop(path, None)
        self._rests.pop(path, None)
        self._resting.discard(path)
        self._intake.forget(path)
        self._is_changed |= self._documents.pop(path, None) is not None

    def _leave(self, entries: Iterable[disk.Entry], why: str) -> None:
        """List files without their content; they are read when they change or are named."""
        for entry in entries:
            issue = formats.NOT_WHOLE.issue("", why)
            before = self._documents.get(entry.path) or Document(entry.path)
            size, mtime_ns, issues = entry.stamp.size, entry.stamp.mtime_ns, (*before.issues, issue)
            left = structs.replace(before, size=size, mtime_ns=mtime_ns, sha256="", is_complete=False, issues=issues)
            self._put(left)

    def _last_good(self, path: str) -> Document | None:
        document = self._documents.get(path)
        return None if document is None or (path in self._arrivals and not document.sha256) else document

    def _sorted(self) -> dict[str, Document]:
        return dict(sorted(self._documents.items()))

    def _partial(self, progress: Progress) -> Snapshot:
        """What is known while a scan lasts; what files say of each other is left as it was."""
        documents = with_directories(self._sorted(), self._related.directories)
        return self._snapshot(documents, progress)

    def _whole(self) -> Snapshot:
        documents = self._sorted()
        self._related = self._relations.judge(documents)
        self._is_changed = False
        documents |= self._related.adopted
        return self._snapshot(with_directories(documents, self._related.directories), None)

    def _snapshot(self, documents: dict[str, Document], progress: Progress | None) -> Snapshot:
        fault = self.listing.fault
        return Snapshot(
            self.root,
            self.newest.generation + 1,
            documents,
            self._related.issues,
            self._related.verdicts,
            frozenset(self._arrivals),
            progress,
            fault=fault.reason if fault else "",
        )


def _bare(entry: disk.Entry, before: Document | None) -> Document:
    """Stands for a file that has not been seen whole yet."""
    size, mtime_ns = entry.stamp.size, entry.stamp.mtime_ns
    if before and (before.size, before.mtime_ns) == (size, mtime_ns):
        return before
    return Document(entry.path, why="its writer is not done", size=size, mtime_ns=mtime_ns, is_complete=False)


def _is_unreadable(document: Document) -> bool:
    return any(issue.rule is formats.UNREADABLE for issue in document.issues)
