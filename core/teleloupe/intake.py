"""One file to its newest document: read anew, or read on where it only grew."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

import msgspec
from msgspec import Struct, structs

from teleloupe import disk, formats
from teleloupe.formats import Format, Loaded
from teleloupe.model import DIRECTORY, Blob, Document, sorted_issues

AHEAD_BYTES = 1 << 20  # of content, which is more than its files where it is packed, read before it is asked for
STREAM_BYTES = 4 << 20  # a smaller file is loaded before anybody could see a part of it

GiveWay = Callable[[], None]

_value = msgspec.json.Decoder(msgspec.Raw)


class Find(Struct, frozen=True, gc=False):
    """A document, and whether more of its file seems to be on its way: the document is then None or the last good one.

    `is_partial` says that it is the outline of a large file that is still being loaded, of which `bytes` were read.
    """

    document: Document | None
    is_arriving: bool = False
    is_partial: bool = False
    bytes: int = 0


class _Growth(Struct, frozen=True):
    """What it takes to read a file on."""

    loaded: Loaded
    mark: disk.Mark


class _Ahead(Struct):
    """A file that was read before it was asked for; not `loaded` when it is what it was."""

    blob: Blob
    mark: disk.Mark | None
    loaded: Loaded | None = None


class Intake:
    """Reads files below a directory; remembers how far it read those that their format can read on."""

    def __init__(self, root: str, only: str | None = None, forms: Sequence[Format] | None = None) -> None:
        self._root, self._only, self._forms = root, only, forms
        self._growths: dict[str, _Growth] = {}
        self._ahead: dict[str, _Ahead] = {}

    def forget(self, path: str) -> None:
        """Read the file anew next time."""
        self._growths.pop(path, None)

    def read_ahead(self, entries: Iterable[disk.Entry], before: Mapping[str, Document], give_way: GiveWay) -> None:
        """Read small files together, which is quicker, for `find` to be asked about next.

        `before` holds the documents so far. A file that cannot be read, or has grown, is left to `find`.
        """
        self._ahead.clear()
        held = 0
        for entry in entries:
            give_way()
            if held > AHEAD_BYTES:
                break
            if entry.fault or entry.path in self._growths:
                continue
            with suppress(disk.Unreadable):
                one = self._ahead[entry.path] = _Ahead(*self._marked(entry))
                held += len(one.blob.data)
        fresh = [one for path, one in self._ahead.items() if not _is_known(before.get(path), one.blob)]
        blobs = [one.blob for one in fresh]
        for one, loaded in zip(fresh, formats.loaded_together(blobs, self._only, self._forms, give_way), strict=True):
            one.loaded = loaded

    def find(self, entry: disk.Entry, before: Document | None, *, is_fresh: bool, tick: disk.Tick | None) -> Find:
        """The newest document of a file. `is_fresh`: its writer may not be done; then half a file is waited for."""
        if entry.fault:
            return Find(_unreadable(entry, entry.fault, before))
        try:
            found = self._read_on(entry, before, is_fresh=is_fresh)
            return _succeeding(before, found or self._read(entry, before, tick, is_fresh=is_fresh))
        except disk.Unreadable as fault:
            self.forget(entry.path)
            return Find(None if fault.is_gone else _unreadable(entry, fault.reason, before))

    def stream(self, entry: disk.Entry, tick: disk.Tick | None) -> Iterator[Find]:
        """Ever fuller documents of a large file that is new; the last one is whole."""
        try:
            blob, mark = self._marked(entry, tick)
        except disk.Unreadable as fault:
            yield Find(None if fault.is_gone else _unreadable(entry, fault.reason, None))
            return
        newest = None
        for loaded in formats.loading(blob, self._only, self._forms):
            if newest:
                yield Find(newest.document, is_partial=True, bytes=newest.document.consumed)
            newest = loaded
        if newest:
            self._keep(entry.path, newest, mark)
            yield Find(newest.document)

    def _read(self, entry: disk.Entry, before: Document | None, tick: disk.Tick | None, *, is_fresh: bool) -> Find:
        ahead = self._ahead.pop(entry.path, None) or _Ahead(*self._marked(entry, tick))
        blob, mark = ahead.blob, ahead.mark
        if _is_known(before, blob):
            return Find(before)
        loaded = ahead.loaded or formats.loaded(blob, self._only, self._forms)
        if not is_fresh or not _is_torn(loaded.document, blob, before):
            self._keep(entry.path, loaded, mark)
            return Find(loaded.document)
        self.forget(entry.path)
        cut = disk.lines_only(blob, 0, mark, None) if loaded.form and loaded.form.extend else None
        if cut is None:
            return Find(before, is_arriving=True)
        whole_lines = formats.loaded(cut[0], self._only, self._forms)
        if not whole_lines.document.is_complete:
            return Find(before, is_arriving=True)
        self._keep(entry.path, whole_lines, cut[1])
        return Find(_same(before, whole_lines.document), is_arriving=True)

    def _marked(self, entry: disk.Entry, tick: disk.Tick | None = None) -> tuple[Blob, disk.Mark | None]:
        return disk.read_marked(os.path.join(self._root, entry.path), entry.path, tick)

    def _read_on(self, entry: disk.Entry, before: Document | None, *, is_fresh: bool) -> Find | None:
        """The document of a file that only grew since it was marked; None when it has to be read anew."""
        growth = self._growths.get(entry.path)
        if growth is None or before is None:
            return None
        start = growth.loaded.parsed.consumed
        read = disk.read_on(os.path.join(self._root, entry.path), entry.path, growth.mark, start)
        if read is None:
            return None
        blob, mark = read
        if blob.fault:
            self._growths[entry.path] = _Growth(growth.loaded, mark)
            return Find(structs.replace(before, size=blob.size, mtime_ns=blob.mtime_ns, sha256=blob.sha256))
        is_cut = is_fresh and _ends_in_half_a_line(blob.data)
        if is_cut:
            cut = disk.lines_only(blob, start, mark, growth.mark)
            if cut is None or cut[1] is None:
                return Find(before, is_arriving=True)
            blob, mark = cut[0], cut[1]
        loaded = formats.extended(growth.loaded, blob)
        if loaded is None:
            return None
        self._keep(entry.path, loaded, mark)
        return Find(loaded.document, is_arriving=is_cut)

    def _keep(self, path: str, loaded: Loaded, mark: disk.Mark | None) -> None:
        """Remember how far a file was read when its format, or at least its digest, can go on from there."""
        is_extended = loaded.form and loaded.form.extend and mark and 0 < loaded.parsed.consumed <= mark.size
        if mark and (is_extended or mark.size > disk.READ_LIMIT_BYTES):
            self._growths[path] = _Growth(loaded, mark)
        else:
            self.forget(path)


def _is_known(before: Document | None, blob: Blob) -> bool:
    return before is not None and before.sha256 == blob.sha256 != ""


def _succeeding(before: Document | None, found: Find) -> Find:
    """The find with what its format says of one document taking the place of another."""
    after = found.document
    if before is None or after is None or after is before or after.format is None or before.format != after.format:
        return found
    issues = formats.succeeded(before, after)
    if not issues:
        return found
    return structs.replace(found, document=structs.replace(after, issues=sorted_issues((*after.issues, *issues))))


def _unreadable(entry: disk.Entry, reason: str, before: Document | None) -> Document:
    kind = DIRECTORY if entry.is_directory else None
    issue = formats.UNREADABLE.issue("", reason)
    document = Document(entry.path, kind=kind, is_complete=False, issues=(issue,))
    return before if before and (before.kind, before.issues) == (kind, document.issues) else document


def _same(before: Document | None, document: Document) -> Document:
    return before if before and before.sha256 == document.sha256 else document


def _is_torn(document: Document, blob: Blob, before: Document | None) -> bool:
    """Whether a file looks as if its writer had not finished it."""
    if not document.is_complete or not blob.data:
        return True
    if before and before.format and document.format is None:
        return True
    is_judged_well = document.format and all(issue.severity != "error" for issue in document.issues)
    return not is_judged_well and _is_cut(blob.data)


def _ends_in_half_a_line(data: bytes) -> bool:
    """Whether something follows the last line feed that is no value yet."""
    rest = data[data.rfind(b"\n") + 1 :]
    return bool(rest.strip()) and not _is_json(rest)


def _is_json(data: bytes) -> bool:
    try:
        _value.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _is_cut(data: bytes) -> bool:
    """Whether JSON ends before its value does."""
    if data.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        _value.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        return "truncated" in str(fault)
    return False
