"""A directory's changes as a stream of snapshots. Events are hints; a sweep by stamps, now and then, is the truth."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from threading import Event

import watchfiles
from msgspec import Struct, structs

from teleloupe import disk
from teleloupe.formats import Format
from teleloupe.intake import GiveWay
from teleloupe.model import DIRECTORY, Blob, Snapshot, Watching
from teleloupe.provenance.memory import Memory
from teleloupe.workspace import SETTLE_NS, Workspace, at_once

STEP_MS = 10  # of quiet before events are handed on; the default of 50 makes a change five times as old when shown
DEBOUNCE_MS = 50  # the longest that events without a pause are gathered
TICK_MS = 20  # without events: how often files that settle, and sweeps, are thought of
FRAME_S = 0.05  # between two snapshots; more than twenty a second nobody can see
REST_SHARE = 1.0  # of the time that a look took; others want the processor, and what changes twice is read once
SWEEP_S = 2.0  # between two sweeps where events work
POLL_S = 0.25  # between two sweeps where they do not
HEAL_S = 0.1  # to the sweep after a new directory, whose first events come before the kernel watches it
SWEEP_SHARE, POLL_SHARE = 20, 10  # sweeps take at most this part of the time
REARM_S = 1.0  # until a watcher that broke is replaced
LIMIT_S = 30.0  # until the kernel is asked again for what it had not enough of

# File systems whose events tell only of this machine's writes, if of any; so does everything `fuse.*`.
REMOTE = frozenset({
    "9p", "afs", "ceph", "cifs", "davfs", "drvfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "prl_fs", "smb3",
    "smbfs", "vboxsf", "virtiofs", "vmhgfs",
})  # fmt: skip

Events = Generator[set[str], None, None]
Arm = Callable[[Sequence[str], bool, Event], Events]


class _Tick(Struct, frozen=True):
    """A moment to act: paths that events named, how changes are noticed, and whether only a sweep can tell."""

    paths: frozenset[str] | set[str]
    watching: Watching
    is_doubtful: bool = False


class _Pause(Struct, frozen=True):
    """Why events do not come, and for how long not to ask for them; `seconds` None: never again."""

    why: str
    seconds: float | None = 0.0


NATIVE = Watching("native")
_REQUESTED = _Pause("as asked", None)
_GONE = _Pause("the directory is not there")
_WATCHES = _Pause("the kernel watches no more directories (fs.inotify.max_user_watches)", LIMIT_S)
_INSTANCES = _Pause("the kernel gives no more watchers (fs.inotify.max_user_instances)", LIMIT_S)
_BROKEN = _Pause("the watcher met a file name it cannot tell", REARM_S)


def kernel_events(folders: Sequence[str], is_recursive: bool, stop: Event) -> Events:
    """Paths that something happened to, an empty set for every TICK_MS without; armed before the first set.

    Raises OSError or RuntimeError when the kernel or the library cannot go on.
    """
    try:
        yield from _events(folders, is_recursive, stop, is_lenient=False)
    except PermissionError:  # lenience hides the kernel's limits, too: only where something is unreadable
        yield from _events(folders, is_recursive, stop, is_lenient=True)


def _events(folders: Sequence[str], is_recursive: bool, stop: Event, *, is_lenient: bool) -> Events:
    changes = watchfiles.watch(
        *folders,
        watch_filter=None,
        debounce=DEBOUNCE_MS,
        step=STEP_MS,
        stop_event=stop,
        rust_timeout=TICK_MS,
        yield_on_timeout=True,
        force_polling=False,
        recursive=is_recursive,
        ignore_permission_denied=is_lenient,
    )
    for events in changes:
        yield {path for _, path in events}


class Watch:
    """A watched root, as the app's source of snapshots. Every method may be called from any thread.

    `is_native` False looks again and again instead of listening to events; `arm` is where those come from. `memory`
    keeps the bytes that a checksum holds for; `roots` are directories below the root that stand for it; what fits a
    pattern that is `ignored` is not there. `give_way` is called between two files, and may take a little while.
    """

    def __init__(
        self,
        root: str,
        only: str | None = None,
        *,
        roots: Sequence[str] = (),
        is_native: bool = True,
        arm: Arm = kernel_events,
        forms: Sequence[Format] | None = None,
        memory: Memory | None = None,
        ignored: Sequence[str] = (),
        give_way: GiveWay = at_once,
    ) -> None:
        self.root = root
        self._workspace = Workspace(
            root, only, roots=roots, ignored=ignored, settle_ns=SETTLE_NS, forms=forms, memory=memory, give_way=give_way
        )
        self._is_native, self._arm = is_native, arm
        self._watching = Watching()
        self._asked: deque[str | None] = deque()
        self._cancelled = Event()

    def mode(self) -> str:
        """How changes are noticed: `native`, `polling`, or `off` before the first snapshot."""
        return self._watching.mode

    def read(self, path: str) -> Blob:
        """A file's bytes as they are now; `path` is relative to the root. Raises disk.Unreadable."""
        return disk.read(os.path.join(self._workspace.listing.folder, path), path)

    def reread(self, path: str | None) -> None:
        """Look again at a file, or at everything, whatever its stamp says."""
        self._asked.append(path)

    def cancel(self) -> None:
        """End the scan that is under way; what it did not read stays listed and says so."""
        self._cancelled.set()

    def snapshots(self, stop: Event) -> Iterator[Snapshot]:
        """Ever newer snapshots until `stop` is set: the first change after quiet at once, then twenty a second."""
        pending, sweep_at, rest_until = set[str](), 0.0, 0.0
        for tick in _ticks(self._workspace, stop, self._arm if self._is_native else None):
            now = time.monotonic()
            pending |= tick.paths
            if tick.is_doubtful:
                sweep_at = now
            pending |= self._asked_paths()
            if now < rest_until:
                continue
            is_sweep = now >= sweep_at
            for snapshot in self._look(pending, stop, tick.watching, is_sweep=is_sweep):
                if stop.is_set():
                    return
                yield snapshot
                looked = time.monotonic()
                rest_until = looked + max(FRAME_S, REST_SHARE * (looked - now))
            pending = set()
            if is_sweep:
                sweep_at = time.monotonic() + self._pause_s()
            if self._workspace.listing.has_grown:
                sweep_at = min(sweep_at, now + HEAL_S)

    def _look(self, paths: set[str], stop: Event, watching: Watching, *, is_sweep: bool) -> Iterator[Snapshot]:
        """The snapshots that come of reading these paths, of files that settled, and of a sweep."""
        workspace = self._workspace
        is_news, self._watching = watching != self._watching, watching

        def cancelled() -> bool:
            return stop.is_set() or self._cancelled.is_set()

        if paths or workspace.is_waiting:
            for snapshot in workspace.updates(paths, cancelled):
                yield structs.replace(snapshot, watching=watching)
                is_news = False
        if is_sweep:
            for snapshot in workspace.updates(None, cancelled):
                yield structs.replace(snapshot, watching=watching)
                is_news = False
        self._cancelled.clear()
        if is_news:
            yield structs.replace(workspace.newest, watching=watching)

    def _asked_paths(self) -> set[str]:
        paths = set[str]()
        while self._asked:
            path = self._asked.popleft()
            documents = self._workspace.newest.documents.values()
            paths |= {path} if path is not None else {one.path for one in documents if one.kind != DIRECTORY}
        return paths

    def _pause_s(self) -> float:
        """How long until the next sweep."""
        cost = self._workspace.listing.sweep_s
        return max(SWEEP_S, SWEEP_SHARE * cost) if self._watching.mode == "native" else max(POLL_S, POLL_SHARE * cost)


def watch(
    root: str, stop: Event, only: str | None = None, *, is_native: bool = True, ignored: Sequence[str] = ()
) -> Iterator[Snapshot]:
    """Ever newer snapshots of a root until `stop` is set."""
    return Watch(root, only, is_native=is_native, ignored=ignored).snapshots(stop)


def _ticks(workspace: Workspace, stop: Event, arm: Arm | None) -> Iterator[_Tick]:
    """Moments to act, every few hundredths of a second and at every event, whatever becomes of the events."""
    folder = os.path.abspath(workspace.listing.folder)
    homes = [os.path.abspath(home) for home in workspace.listing.homes] or [folder]
    remote = next(filter(_is_remote, map(disk.file_system, homes)), None)
    pause = _Pause(f"{remote} does not tell of every change", None) if remote else _REQUESTED
    while not stop.is_set():
        if arm and not remote:
            there = [home for home in homes if disk.identity(home)] or homes
            with closing(arm(there, not workspace.listing.is_file, stop)) as events:
                pause = yield from _native(folder, homes, events)
        yield from _polling(homes, stop, pause)


def _is_remote(kind: str) -> bool:
    return kind in REMOTE or kind.startswith("fuse.")


def _identities(homes: Sequence[str]) -> list[disk.Identity | None]:
    return [disk.identity(home) for home in homes]


def _native(folder: str, homes: Sequence[str], events: Events) -> Generator[_Tick, None, _Pause]:
    """Ticks of the kernel's events, until they fail or a directory is another one; and why."""
    identities, is_armed, prefix = _identities(homes), False, folder.rstrip("/") + "/"
    while True:
        try:
            paths = next(events, None)
        except (OSError, RuntimeError) as fault:
            return _reason(fault, homes, is_armed=is_armed)
        if paths is None or not any(identities) or identities != _identities(homes):
            return _GONE
        named = {path[len(prefix) :] for path in paths if path.startswith(prefix)}
        yield _Tick(named, NATIVE, is_doubtful=not is_armed)
        is_armed = True


def _reason(fault: Exception, homes: Sequence[str], *, is_armed: bool) -> _Pause:
    """What ended the events, by what the library raises."""
    if not any(_identities(homes)):
        return _GONE
    if is_armed or isinstance(fault, FileNotFoundError):
        return _BROKEN
    return _INSTANCES if "open files" in str(fault) else _WATCHES


def _polling(homes: Sequence[str], stop: Event, pause: _Pause) -> Iterator[_Tick]:
    """Ticks without events, until the pause is over and the directory there."""
    until = time.monotonic() + (pause.seconds or 0.0)
    is_first = True
    while not stop.is_set():
        if pause.seconds is not None and time.monotonic() >= until and any(_identities(homes)):
            return
        yield _Tick(frozenset(), Watching("polling", pause.why), is_doubtful=is_first)
        is_first = False
        stop.wait(TICK_MS / 1000)
