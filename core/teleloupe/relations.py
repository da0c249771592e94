"""What documents say of each other: the issues across files and of claims, found again only where something changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from teleloupe import formats
from teleloupe.formats import Format
from teleloupe.model import DIRECTORY, Document, Issue, Verdict, sorted_issues
from teleloupe.provenance.blame import blamed
from teleloupe.provenance.resolve import Resolver

Issues = Mapping[str, tuple[Issue, ...]]


class Related(Struct, frozen=True, eq=False):
    """What neighbours make of documents; blamed directories, as documents; issues across documents; resolved claims."""

    adopted: Mapping[str, Document] = {}
    directories: Mapping[str, Document] = {}
    issues: Issues = {}
    verdicts: tuple[Verdict, ...] = ()


class Relations:
    """Judges the documents of one directory together, again and again."""

    def __init__(self, resolver: Resolver, forms: Sequence[Format] | None = None) -> None:
        self._given = forms
        self._resolver = resolver
        self._before: Mapping[str, Document] = {}
        self._found: dict[str, Issues] = {}
        self._directories: dict[str, Document] = {}

    @property
    def _forms(self) -> Sequence[Format]:
        return formats.all_formats() if self._given is None else self._given

    @property
    def is_stale(self) -> bool:
        """Whether a judgement may come out otherwise although no document changed: a repository has new commits."""
        return self._resolver.is_stale

    def judge(self, documents: dict[str, Document]) -> Related:
        """The issues and verdicts of these documents, which are sorted by path."""
        if not documents:  # and no format is imported for an empty directory
            self._before, self._found, self._directories = documents, {}, {}
            return Related()
        adopted = self._adopted(documents)
        documents = documents | adopted
        changed = _changed_formats(self._before, documents)
        self._before = documents
        for form in self._forms:
            if changed is None or form.id in changed or form.id not in self._found:
                self._found[form.id] = formats.related(form, documents)
        self._directories = self._blamed_directories(documents)
        whole = with_directories(documents, self._directories)
        verdicts = self._resolver.resolve(whole)
        issues = _merged([*self._found.values(), blamed(verdicts, whole)])
        return Related(adopted, self._directories, issues, verdicts)

    def _adopted(self, documents: Mapping[str, Document]) -> dict[str, Document]:
        """The documents of files that no format knew by themselves, as those have them that know their neighbours."""
        unknown = any(document.format is None for document in documents.values())
        asked = [form.adopt for form in self._forms if form.adopt] if unknown else []
        return {path: document for adopt in asked for path, document in adopt(documents).items()}

    def _blamed_directories(self, documents: Mapping[str, Document]) -> dict[str, Document]:
        """What is blamed and no file: one document for each such directory, the same every time."""
        found = dict[str, Document]()
        for form in self._forms:
            for path in self._found[form.id]:
                if path not in documents and path not in found:
                    before = self._directories.get(path)
                    is_same = before is not None and before.format == form.id
                    found[path] = before if before and is_same else _directory(path, form.id)
        return found


def with_directories(documents: dict[str, Document], directories: Mapping[str, Document]) -> dict[str, Document]:
    """Documents of files and of directories together, sorted by path."""
    return dict(sorted({**documents, **directories}.items())) if directories else documents


def _directory(path: str, form: str) -> Document:
    return Document(path, format=form, kind=DIRECTORY, why="judged as a whole")


def _changed_formats(old: Mapping[str, Document], new: Mapping[str, Document]) -> set[str] | None:
    """The formats whose documents changed; None when anything may be judged otherwise: a file came, went, or is odd."""
    if len(old) != len(new):
        return None
    changed = set[str]()
    for path, document in new.items():
        before = old.get(path)
        if before is document:
            continue
        if before is None or before.format is None or document.format is None:
            return None
        changed |= {before.format, document.format}
    return changed


def _merged(parts: Iterable[Mapping[str, Sequence[Issue]]]) -> Issues:
    found: dict[str, list[Issue]] = {}
    for part in parts:
        for path, issues in part.items():
            found.setdefault(path, []).extend(issues)
    return {path: sorted_issues(found[path]) for path in sorted(found)}
