"""The files that a run of the loom writes, in the producer's order; content that needs a digest is made last."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Literal

from teleloupe import disk
from teleloupe.formats.toyfoundry import loom, refresh, writing
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.writing import Eol, document_text, encoded, export_csv, export_json, sidecar_text
from teleloupe.safe import safe

JSON_NAME, CSV_NAME = "composite_export.json", "composite_export.csv"
MANIFEST_NAME, BUILD_INFO_NAME = "export_manifest.json", "build_info.json"
TIME_KEYS = {MANIFEST_NAME: "generated_at", BUILD_INFO_NAME: "timestamp"}

AskedEol = Literal["lf", "crlf", "auto"]
Files = list[tuple[str, bytes | Iterable[bytes]]]
Records = Sequence[Record | dict[str, Any]]


class Refused(Exception):
    """Nothing may be written; the message says why."""


class Hashed:
    """Parts of a file that is hashed while it is written."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts, self._state = parts, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            self._state.update(part)
            yield part

    @property
    def sha256(self) -> str:
        """The lower-case hex digest of what was written so far."""
        return self._state.hexdigest()


class ExportDirectory:
    """An export directory that is written anew: its metadata as it is now, the exports with their digests."""

    def __init__(self, folder: str, records: Records, eol: AskedEol, now: str) -> None:
        self.folder, self.records, self.now, self.asked = folder, records, now, eol
        self.eol = eol_of(eol, self.path(JSON_NAME))
        self.made = {
            JSON_NAME: Hashed(encoded(chunk, self.eol) for chunk in export_json(records)),
            CSV_NAME: Hashed(chunk.encode("utf-8") for chunk in export_csv(records)),
        }

    def path(self, name: str) -> str:
        """The path of a file in the directory."""
        return os.path.join(self.folder, name)

    def exported(self, metadata: dict[str, dict[str, Any]]) -> Files:
        """The files of an export, the metadata refreshed as the producer does it."""
        renew = {MANIFEST_NAME: refresh.exported_manifest, BUILD_INFO_NAME: refresh.exported_build_info}
        files: Files = [(self.path(name), parts) for name, parts in self.made.items()]
        files += [(self.path(f"{name}.sha256"), _later(partial(self._sidecar, name))) for name in self.made]
        for name, root in metadata.items():
            files.append((self.path(name), _later(partial(self._exported, name, renew[name], root))))
        return files

    def refreshed(self, metadata: dict[str, dict[str, Any]]) -> Files:
        """The files of a refresh: sidecars in the style that is there, counts and lists of the metadata too."""
        files: Files = [(self.path(name), parts) for name, parts in self.made.items()]
        files += [(self.path(f"{name}.sha256"), _later(partial(self._kept_sidecar, name))) for name in self.made]
        for name, root in metadata.items():
            files.append((self.path(name), _later(partial(self._refreshed, name, root))))
        return files

    def _sidecar(self, name: str) -> bytes:
        return encoded(sidecar_text(self.made[name].sha256), self.eol)

    def _kept_sidecar(self, name: str) -> bytes:
        path = self.path(f"{name}.sha256")
        try:
            existing = disk.read(path, name).data
        except disk.Unreadable:
            existing = None
        return refresh.refreshed_sidecar(existing, self.made[name].sha256, self.eol)

    def _exported(self, name: str, renew: Callable[..., dict[str, Any]], root: dict[str, Any]) -> bytes:
        return self._document(name, renew(root, self._digests(), self.now))

    def _refreshed(self, name: str, root: dict[str, Any]) -> bytes:
        document = refresh.refreshed_metadata(root, TIME_KEYS[name], self._digests(), self.records, self.now)
        return self._document(name, document)

    def _document(self, name: str, document: dict[str, Any]) -> bytes:
        return encoded(document_text(document), eol_of(self.asked, self.path(name)))

    def _digests(self) -> dict[str, str]:
        return {name: parts.sha256.upper() for name, parts in self.made.items()}


def metadata_of(folder: str) -> dict[str, dict[str, Any]]:
    """The metadata documents of a directory by name. Raises Refused for one that cannot be parsed."""
    found = {}
    for name in (MANIFEST_NAME, BUILD_INFO_NAME):
        path = os.path.join(folder, name)
        try:
            found[name] = refresh.metadata_root(disk.read(path, name).data)
        except disk.Unreadable as fault:
            if not fault.is_gone:
                raise Refused(f"{safe(path)}: {fault.reason}") from None
        except refresh.CannotRefresh as reason:
            raise Refused(f"{safe(path)}: {safe(str(reason))}") from None
    return found


def records_of(folder: str) -> Records:
    """The records of the export in a directory. Raises Refused, or disk.Unreadable where there is none."""
    path = os.path.join(folder, JSON_NAME)
    try:
        return refresh.export_records(disk.read(path, JSON_NAME).data)
    except refresh.CannotRefresh as reason:
        raise Refused(f"{safe(path)}: {safe(str(reason))}") from None


def rollup_file(path: str, entries: Iterable[tuple[Any, dict[str, Any]]], eol: AskedEol) -> Files:
    """A rollup of either kind as the one file it is."""
    chosen = eol_of(eol, path)
    return [(path, (encoded(chunk, chosen) for chunk in loom.rollup_text(entries)))]


def eol_of(asked: AskedEol, path: str) -> Eol:
    """The line ends to write a file with; auto keeps those of the file that is there."""
    if asked != "auto":
        return asked
    try:
        return writing.eol_of(disk.read_slice(path, 0, writing.EOL_LOOKED_AT))
    except disk.Unreadable:
        return "lf"


def _later(make: Callable[[], bytes]) -> Iterator[bytes]:
    """Content that is made when it is asked for."""
    yield make()
