"""A directory as one value: which files are there, what each is, what they say of each other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from teleloupe import disk, formats
from teleloupe.model import DIRECTORY, Document, Issue, Snapshot, sorted_issues
from teleloupe.provenance import access
from teleloupe.provenance.blame import blamed
from teleloupe.provenance.resolve import Resolver


class Workspace:
    """Reads below one root. `refresh` is the only thing that changes it; what it returns never changes."""

    def __init__(self, root: str, only: str | None = None) -> None:
        self.root = root
        self._only = only
        self._documents: dict[str, Document] = {}
        self._generation = 0
        self._resolver = Resolver(access.below(root))

    def refresh(self, paths: Iterable[str] | None = None) -> Snapshot:
        """Read the named paths again, all by default, and return the whole truth."""
        if paths is None:
            self._documents = {}
            paths = [entry.path for entry in disk.walk(self.root)]
        for path in paths:
            self._documents[path] = self._read(path)
        self._generation += 1
        return self._snapshot()

    def _read(self, path: str) -> Document:
        try:
            blob = disk.read(os.path.join(self.root, path), path)
        except disk.Unreadable as fault:
            return Document(path, issues=(formats.UNREADABLE.issue("", fault.reason),), is_complete=False)
        return formats.load(blob, self._only)

    def _snapshot(self) -> Snapshot:
        documents = dict(sorted(self._documents.items()))
        verdicts = self._resolver.resolve(documents)
        related = merged(relate(documents), blamed(verdicts, documents))
        return Snapshot(self.root, self._generation, documents, related, verdicts)


def relate(documents: dict[str, Document]) -> Mapping[str, tuple[Issue, ...]]:
    """The issues across files; directories that are blamed join `documents`."""
    found: dict[str, list[Issue]] = {}
    for form in formats.all_formats():
        for path, issues in form.relate(documents).items():
            if not (listed := list(issues)):
                continue
            if path not in documents:
                documents[path] = Document(path, format=form.id, kind=DIRECTORY, why="judged as a whole")
            found.setdefault(path, []).extend(listed)
    return {path: sorted_issues(issues) for path, issues in found.items()}


def merged(
    related: Mapping[str, tuple[Issue, ...]], of_claims: Mapping[str, list[Issue]]
) -> Mapping[str, tuple[Issue, ...]]:
    """The issues across files together with those of claims."""
    paths = sorted({*related, *of_claims})
    return {path: sorted_issues((*related.get(path, ()), *of_claims.get(path, ()))) for path in paths}
