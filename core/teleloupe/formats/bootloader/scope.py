"""Which runs and reports a look at a document is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from teleloupe.formats.bootloader.names import is_run_name, kernel_name, normalised_run
from teleloupe.formats.bootloader.runs import runs_of, used_documents
from teleloupe.formats.bootloader.shapes import Report
from teleloupe.model import DIRECTORY, Document


class Run(Struct, frozen=True, eq=False):
    """A run: its directory ("." is the root), all of its reports, and the one that counts for each generation."""

    folder: str
    members: Sequence[Document]
    used: Mapping[int, Document]

    @property
    def newest(self) -> Document | None:
        """The report of the latest generation."""
        return self.used[max(self.used)] if self.used else None

    def before(self, document: Document) -> Document | None:
        """The report of the generation before a report's."""
        number = document.body.number
        return None if number is None else self.used.get(number - 1)


def runs_in_view(document: Document, documents: Mapping[str, Document]) -> list[Run]:
    """The runs at or below a directory, the oldest first; the one that a report belongs to; a stray report alone."""
    if document.kind == DIRECTORY:
        top = "" if document.path == "." else f"{document.path}/"
        found = {folder: own for folder, own in runs_of(documents).items() if f"{folder}/".startswith(top)}
        return [_run(folder, found[folder]) for folder in sorted(found, key=_by_stamp)]
    if not isinstance(document.body, Report):
        return []
    folder = document.path.rpartition("/")[0] or "."
    members = [document]
    if is_run_name(document.name):
        beside = {path: other for path, other in documents.items() if (path.rpartition("/")[0] or ".") == folder}
        members = runs_of(beside).get(folder, members)
    return [_run(folder, members)]


def report_in_view(document: Document, run: Run) -> Document | None:
    """The report that a look at one report of a run is about: the document itself, else the newest."""
    return document if isinstance(document.body, Report) else run.newest


def kernel_file(document: Document, documents: Mapping[str, Document]) -> Document | None:
    """The file beside a report that holds its kernel, if it is there and not empty."""
    folder, slash, name = document.path.rpartition("/")
    number = document.body.number
    found = documents.get(f"{folder}{slash}{kernel_name(number)}") if number is not None and is_run_name(name) else None
    return found if found is not None and found.size else None


def _run(folder: str, members: Sequence[Document]) -> Run:
    return Run(folder, members, used_documents(members))


def _by_stamp(folder: str) -> tuple[str, str]:
    return normalised_run(folder.rpartition("/")[2]), folder
