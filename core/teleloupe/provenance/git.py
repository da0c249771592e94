"""The only module that asks git: which versions of which files a repository holds, and their bytes.

The repository may be anybody's, so nothing that its configuration names is ever run: no hook, file system monitor,
pager, textual converter, signature check or fetch. Numbers, sizes and time are bounded.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from msgspec import Struct

from teleloupe import disk
from teleloupe.provenance.forms import Form, measure, simple_forms

COMMIT_LIMIT = 10_000
BLOB_LIMIT = 20_000  # versions that are hashed, newest first
BLOB_BYTES = 16 << 20  # of one version
TOTAL_BYTES = 256 << 20  # of all versions together
TIMEOUT_S = 20.0

_SAFE = (
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "core.attributesFile=/dev/null",
    "log.showSignature=false", "log.showRoot=true", "protocol.allow=never", "safe.bareRepository=explicit",
    "gc.auto=0", "maintenance.auto=false", "submodule.recurse=false",
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # names no protocol, so a promisor remote's commands cannot run either
    "LC_ALL": "C",
}


class Version(Struct, frozen=True):
    """A version of a file: object id, path in the repository, the commit that brought it and that commit's date."""

    blob: str
    path: str
    commit: str
    when: str


class Match(Struct, frozen=True):
    """A version some form of whose bytes has the digest that was looked for."""

    version: Version
    form: Form


class _Failed(Exception):
    """Git cannot say; the argument is why."""


class History:
    """The versions of all files that the commits of the repository around a directory hold.

    `problem` says why there are none. Versions are listed and hashed when first asked for; a version's bytes never
    change, so what was hashed stays valid when commits join.
    """

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.problem = ""
        self._stamps: tuple[object, ...] | None = None
        self._top = self._prefix = ""
        self._by_path: dict[str, list[Version]] = {}
        self._by_blob: dict[str, Version] = {}
        self._folders: tuple[str, ...] = ()
        self._digests: dict[tuple[str, str], list[tuple[str, Form]]] = {}
        self._hashed: set[tuple[str, str]] = set()
        self._budget = TOTAL_BYTES

    @property
    def is_stale(self) -> bool:
        """Whether refs have moved since the versions were listed."""
        return self._stamps is not None and self._current_stamps() != self._stamps

    def refresh(self) -> None:
        """List the versions again when refs have moved since."""
        if self._stamps is not None and not self.is_stale:
            return
        self.problem = ""
        try:
            self._top, self._prefix, self._folders = _discover(self.directory)
            versions = list(_versions(self._top))
        except _Failed as failed:
            self.problem, versions = str(failed), []
        self._by_path, self._by_blob = {}, {}
        for version in versions:
            self._by_path.setdefault(version.path, []).append(version)
            self._by_blob.setdefault(version.blob, version)
        self._stamps = self._current_stamps()

    def versions(self, path: str) -> Sequence[Version]:
        """The versions of one file, newest first; `path` is relative to the directory the history was opened for."""
        return self._by_path.get(self._prefix + path, ())

    def count(self) -> int:
        """How many different versions of files there are."""
        return len(self._by_blob)

    def prepare(self, paths: Iterable[str], algorithms: Iterable[str]) -> None:
        """Hash the versions of these files at once, which is quicker than one by one."""
        blobs = [version.blob for path in paths for version in self.versions(path)]
        for algorithm in algorithms:
            self._hash(blobs, algorithm)

    def of_path(self, path: str, expected: str, algorithm: str) -> Match | None:
        """The newest version of this file that has the digest in some form."""
        self.prepare([path], [algorithm])
        forms = dict(reversed(self._digests.get((algorithm, expected), ())))
        version = next((version for version in self.versions(path) if version.blob in forms), None)
        return Match(version, forms[version.blob]) if version else None

    def anywhere(self, expected: str, algorithm: str) -> Match | None:
        """The version of any file that has the digest in some form."""
        self._hash(list(self._by_blob), algorithm)
        for blob, form in self._digests.get((algorithm, expected), ()):
            if blob in self._by_blob:
                return Match(self._by_blob[blob], form)
        return None

    def read(self, blob: str) -> bytes | None:
        """The bytes of a version; None when the repository does not hold it."""
        try:
            return next((data for _, data in _contents(self._top or self.directory, [blob], BLOB_BYTES)), None)
        except _Failed:
            return None

    def _hash(self, blobs: Sequence[str], algorithm: str) -> None:
        missing = [blob for blob in dict.fromkeys(blobs) if (blob, algorithm) not in self._hashed]
        missing = missing[: max(0, BLOB_LIMIT - len(self._hashed))]
        self._hashed.update((blob, algorithm) for blob in missing)
        if not missing:
            return
        try:
            for blob, data in _contents(self._top, missing, self._budget):
                self._budget -= len(data)
                self._note(algorithm, blob, data, ())
                for form, rebuilt in simple_forms(data):
                    self._note(algorithm, blob, rebuilt, form)
        except _Failed as failed:
            self.problem = self.problem or str(failed)

    def _note(self, algorithm: str, blob: str, data: bytes, form: Form) -> None:
        self._digests.setdefault((algorithm, measure(data, algorithm)), []).append((blob, form))

    def _current_stamps(self) -> tuple[object, ...]:
        """Changes whenever a commit, fetch or `git init` does, without running git."""
        above, stamps = self.directory, list[object]()
        while True:
            stamps.append(disk.stamp(os.path.join(above, ".git")) is not None)
            above, below = os.path.dirname(above), above
            if above == below:
                break
        names = ("HEAD", "logs/HEAD", "packed-refs", "refs/heads", "refs/remotes", "FETCH_HEAD")
        return (*stamps, *(disk.stamp(os.path.join(folder, name)) for folder in self._folders for name in names))


def repository_folder(root: str, path: str) -> tuple[str, str]:
    """The directory to open the history of a file from, a repository below the root first, and the path from there."""
    folder = path.rpartition("/")[0]
    while folder and disk.stamp(os.path.join(root, folder, ".git")) is None:
        folder = folder.rpartition("/")[0]
    return os.path.join(root, folder) if folder else root, path[len(folder) :].lstrip("/")


def _discover(directory: str) -> tuple[str, str, tuple[str, ...]]:
    """The repository's top directory, the directory's place below it, and the folders that change with commits."""
    lines = (
        _run(directory, "rev-parse", "--show-toplevel", "--show-prefix", "--absolute-git-dir", "--git-common-dir")
        .decode("utf-8", "surrogateescape")
        .split("\n")
    )
    if len(lines) < 4 or not lines[0]:
        raise _Failed("not inside a git working tree")
    folders = dict.fromkeys((lines[2], os.path.join(directory, lines[3])))
    return lines[0], lines[1], tuple(folders)


def _versions(top: str) -> Iterator[Version]:
    """Every version that a commit reachable from any ref brought, newest commit first."""
    listing = _run(
        top, "log", "--all", f"--max-count={COMMIT_LIMIT}", "--raw", "-z", "--no-abbrev", "--no-renames", "-c",
        "--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-color", "--no-mailmap", "--no-notes",
        "--ignore-submodules=all", "--format=%x01%H%x00%cI",
    )  # fmt: skip
    commit = when = ""
    tokens = iter(listing.decode("utf-8", "surrogateescape").split("\0"))
    for token in tokens:
        if token.startswith("\1"):
            commit, when = token[1:], next(tokens, "")
        elif token.lstrip("\n").startswith(":"):
            path, fields = next(tokens, ""), token.split()
            parents = len(fields[0]) - len(fields[0].lstrip(":"))
            mode, blob = fields[parents], fields[2 * parents + 1]
            if mode.startswith("100") and blob.strip("0"):
                yield Version(blob, path, commit, when)


def _contents(top: str, blobs: Sequence[str], budget: int) -> Iterator[tuple[str, bytes]]:
    """The bytes of blobs as git finds them; large ones are passed over, and all end with the budget."""
    import tempfile

    with tempfile.TemporaryFile() as names:
        names.write("".join(f"{blob}\n" for blob in blobs).encode())
        names.seek(0)
        with _started(top, ("cat-file", "--batch"), names) as process:
            output = process.stdout
            while budget > 0 and output is not None and (header := output.readline()):
                name, kind, size = (*header.decode().split(), "", "")[:3]
                if not size.isdigit():
                    continue
                budget -= int(size)
                if kind == "blob" and int(size) <= BLOB_BYTES:
                    yield name, output.read(int(size))
                else:
                    _pass_over(output, int(size))
                output.read(1)


def _pass_over(output: IO[bytes], size: int) -> None:
    while size > 0 and (part := output.read(min(size, 1 << 20))):
        size -= len(part)


@contextlib.contextmanager
def _started(directory: str, words: Sequence[str], stdin: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A git process that is ended when it takes too long or is no longer wanted; what it says on stderr is lost."""
    try:
        process = subprocess.Popen(
            _command(directory, words),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
    except OSError as fault:
        raise _Failed(f"git does not answer: {type(fault).__name__}") from None
    watchdog = threading.Timer(TIMEOUT_S, process.kill)
    watchdog.start()
    try:
        with process:
            try:
                yield process
            finally:
                process.kill()
    finally:
        watchdog.cancel()


def _run(directory: str, *words: str) -> bytes:
    """What git prints; raises _Failed with what it says otherwise."""
    try:
        done = subprocess.run(
            _command(directory, words),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            env=_environment(),
            check=False,
        )
    except FileNotFoundError:
        raise _Failed("git is not installed") from None
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise _Failed(f"git does not answer: {type(fault).__name__}") from None
    if done.returncode:
        raise _Failed(_reason(done.stderr.decode("utf-8", "replace")))
    return done.stdout


def _command(directory: str, words: Sequence[str]) -> list[str]:
    return ["git", "--no-pager", *(word for setting in _SAFE for word in ("-c", setting)), "-C", directory, *words]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _ENVIRONMENT


def _reason(said: str) -> str:
    if "not a git repository" in said:
        return "not a git repository"
    if "dubious ownership" in said:
        return "git refuses the repository: it belongs to another user"
    if "does not have any commits" in said:
        return "the repository has no commits"
    first = next(iter(said.strip().splitlines()), "no reason given")
    return f"git fails: {first[:160]}"
