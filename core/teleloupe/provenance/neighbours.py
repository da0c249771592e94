"""The other files here that a digest may turn out to be of: copied, swapped, moved, or the twin's."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from teleloupe import disk
from teleloupe.model import Document
from teleloupe.provenance.access import Access
from teleloupe.provenance.forms import Form, measure, simple_forms

GROUP_LIMIT = 200  # files of one folder, or of one name, whose other byte forms are tried
SIZE_LIMIT_BYTES = 1 << 20  # of such a file
CACHE_LIMIT = 20_000


class Holder(Struct, frozen=True):
    """A file that has a digest in some form; `is_twin` when it is the same artefact in another kind of file."""

    path: str
    form: Form
    is_twin: bool


class Neighbours:
    """Finds files by SHA-256 among the documents of one directory; forms once hashed are not hashed again."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._documents: Mapping[str, Document] = {}
        self._holders: dict[str, list[str]] = {}  # paths by SHA-256
        self._groups: dict[str, list[str]] = {}  # paths by `folder/` and by name
        self._nearby: dict[str, dict[str, tuple[str, Form]]] = {}
        self._forms_of: dict[str, dict[str, Form]] = {}

    def look_around(self, documents: Mapping[str, Document]) -> None:
        """Take these documents for what is here from now on."""
        if documents.keys() != self._documents.keys():
            self._groups = {}
            for path in documents:
                folder, _, name = path.rpartition("/")
                self._groups.setdefault(f"{folder}/", []).append(path)
                self._groups.setdefault(name, []).append(path)
        self._documents, self._nearby = documents, {}
        self._holders = {}
        for path, document in documents.items():
            if document.sha256:
                self._holders.setdefault(document.sha256, []).append(path)

    def find(self, expected: str, path: str) -> Holder | None:
        """The nearest file other than `path` that has this digest, in its directory or by its name in another form."""
        holders = [holder for holder in self._holders.get(expected, ()) if holder != path]
        form: Form = ()
        if not holders:
            folder, _, name = path.rpartition("/")
            for group in (f"{folder}/", name):
                if found := self._forms_near(group).get(expected):
                    holders, form = [found[0]], found[1]
                    break
        if not holders:
            return None
        nearest = min(holders, key=lambda holder: _distance(holder, path))
        return Holder(nearest, form, is_twin=_stem(nearest) == _stem(path))

    def _forms_near(self, group: str) -> dict[str, tuple[str, Form]]:
        """The digests of the simple forms of a folder's files, or of the files of one name."""
        if group not in self._nearby:
            found: dict[str, tuple[str, Form]] = {}
            for path in self._groups.get(group, ())[:GROUP_LIMIT]:
                if not 0 < self._documents[path].size <= SIZE_LIMIT_BYTES:
                    continue
                for digest, form in self._forms_here(self._documents[path]).items():
                    found.setdefault(digest, (path, form))
            self._nearby[group] = found
        return self._nearby[group]

    def _forms_here(self, document: Document) -> dict[str, Form]:
        """The SHA-256 digests of a file's simple forms."""
        if document.sha256 not in self._forms_of:
            try:
                data = self._access.read(document.path)
            except disk.Unreadable:
                return {}
            if len(self._forms_of) >= CACHE_LIMIT:
                self._forms_of.clear()
            found = {measure(rebuilt, "sha256"): form for form, rebuilt in simple_forms(data)}
            self._forms_of[document.sha256] = found
        return self._forms_of[document.sha256]


def _distance(path: str, other: str) -> tuple[int, str]:
    """How far another file is as an explanation: its twin, its directory, its name elsewhere, anything else."""
    folder, _, name = path.rpartition("/")
    other_folder, _, other_name = other.rpartition("/")
    if _stem(path) == _stem(other):
        return 0, path
    return (1 if folder == other_folder else 2 if name == other_name else 3), path


def _stem(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0] if not name.startswith('.') else name}"
