"""Why a digest does not hold: the search, cheap to dear, that ends with a proof or with `mismatch`.

Toyfoundry specification, section 6.3: the same file before others, what it is before what it was, what is here
before what is remembered. Nothing is ever guessed: each answer rebuilds bytes whose digest equals the claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import is_

from msgspec import Struct

from teleloupe import disk, formats
from teleloupe.model import Claim, Document, Proof
from teleloupe.provenance import wording
from teleloupe.provenance.access import Access
from teleloupe.provenance.forms import (
    CRLF,
    LF,
    SIZE_LIMIT_BYTES,
    Form,
    apply,
    attempts,
    beginning,
    measure,
    word_of,
)
from teleloupe.provenance.git import History, Match, repository_folder
from teleloupe.provenance.neighbours import CACHE_LIMIT, Neighbours

SIZE_FORMS: tuple[Form, ...] = ((CRLF,), (LF,), ("strip-bom",), ("add-bom",))  # more would make sizes match by chance

Recall = Callable[[str], tuple[bytes, str] | None]
Tried = tuple[tuple[str, bool], ...]


class Explanation(Struct, frozen=True):
    """The verdict's word, its proof, the sentence, and every form tried with whether it gave the digest."""

    word: str
    proof: Proof | None
    message: str
    tried: Tried


class Question(Struct, frozen=True):
    """A claim that does not hold as it stands; `document` is None when its artefact is not here.

    `path` is then where the artefact would be.
    """

    claim: Claim
    path: str
    document: Document | None


class Explainer:
    """Answers questions about one directory. Bytes once transformed, hashed or read from git are not worked on again.

    `recall` gives the remembered bytes of a SHA-256 digest and when that was.
    """

    def __init__(self, access: Access, recall: Recall | None = None, *, look_in_git: bool = True) -> None:
        self._access, self._recall, self._look_in_git = access, recall, look_in_git
        self._documents: Mapping[str, Document] = {}
        self._neighbours = Neighbours(access)
        self._own: dict[tuple[str, str, str], Explanation | Tried] = {}
        self._histories: dict[str, History] = {}
        self._relatives: dict[str, list[Document]] = {}  # documents by format, as they were when regenerating
        self._made: dict[str, dict[tuple[str, str], dict[str, tuple[str, Form]]]] = {}

    @property
    def is_stale(self) -> bool:
        """Whether a repository that was asked has new commits."""
        return any(history.is_stale for history in self._histories.values())

    def own_bytes(self, question: Question) -> Explanation | Tried:
        """The explanation by another form of the artefact's own bytes, else what was tried of them."""
        claim, document = question.claim, question.document
        if document is None:
            return ()
        key = (claim.expected, claim.algorithm, document.sha256)
        if key not in self._own:
            if len(self._own) >= CACHE_LIMIT:
                self._own.clear()
            self._own[key] = self._search_own_bytes(claim, document)
        return self._own[key]

    def explain_all(
        self, documents: Mapping[str, Document], questions: Sequence[tuple[Question, Tried]]
    ) -> list[Explanation]:
        """Explanations from beyond the artefacts' own bytes, for questions with what was tried of those."""
        if not questions:
            return []
        self._look_around(documents)
        self._prepare_histories([question for question, _ in questions])
        return [self._explain(question, tried) for question, tried in questions]

    def history_of(self, path: str) -> tuple[History, str] | None:
        """The history of the repository around a file, and the file's path in it; None when git is not to be asked."""
        if not self._look_in_git:
            return None
        folder, place = repository_folder(self._access.root, path)
        if folder not in self._histories:
            self._histories[folder] = History(folder)
        return self._histories[folder], place

    def _look_around(self, documents: Mapping[str, Document]) -> None:
        """Take these documents for what is here; forget what was regenerated of formats whose documents changed."""
        self._documents = documents
        self._neighbours.look_around(documents)
        relatives: dict[str, list[Document]] = {}
        for document in documents.values():
            if document.format:
                relatives.setdefault(document.format, []).append(document)
        for name, found in relatives.items():
            before = self._relatives.get(name, ())
            if len(before) != len(found) or not all(map(is_, before, found)):
                self._made.pop(name, None)
        self._relatives = relatives

    def _search_own_bytes(self, claim: Claim, document: Document) -> Explanation | Tried:
        tried: list[tuple[str, bool]] = [("the bytes as they are", False)]
        if document.size > SIZE_LIMIT_BYTES:
            return (*tried, (f"no other form: larger than {SIZE_LIMIT_BYTES >> 20} MiB", False))
        try:
            data = self._access.read(document.path)
        except disk.Unreadable as fault:
            return (*tried, (f"no other form: {fault.reason}", False))
        for label, form in _own_forms(claim, data):
            tried.append((label, form is not None))
            if form is not None:
                return Explanation(word_of(form), Proof(form), wording.of_own_bytes(form, data), tuple(tried))
        return tuple(tried)

    def _prepare_histories(self, questions: Iterable[Question]) -> None:
        """Refresh every history once, and hash the versions that will be asked for in one go."""
        asked: dict[int, tuple[History, list[str], set[str]]] = {}
        for question in questions:
            if question.claim.algorithm != "size" and (found := self.history_of(question.path)):
                history, path = found
                _, paths, algorithms = asked.setdefault(id(history), (history, [], set()))
                paths.append(path)
                algorithms.add(question.claim.algorithm)
        for history, paths, algorithms in asked.values():
            history.refresh()
            history.prepare(paths, algorithms)

    def _explain(self, question: Question, own_tried: Tried) -> Explanation:
        tried, written = list(own_tried), question.claim.subject
        if question.claim.algorithm == "size" and question.document is not None:
            return Explanation("mismatch", None, wording.OF_SIZE, own_tried)
        if question.claim.algorithm == "size":
            return Explanation("missing-artefact", None, f"{written} is not here", own_tried)
        for label, found in self._stages(question):
            tried.append((label, found is not None))
            if found is not None:
                return Explanation(*found, tuple(tried))
        if question.document is None:
            return Explanation("missing-artefact", None, f"{written} is not here", tuple(tried))
        history = self.history_of(question.path)
        said = (
            (history[0].problem or f"{_amount(history[0].count(), 'version')}, none of them")
            if history
            else "not asked"
        )
        return Explanation("mismatch", None, wording.of_nothing(said), tuple(tried))

    def _stages(self, question: Question) -> Iterator[tuple[str, tuple[str, Proof, str] | None]]:
        """What is tried beyond the own bytes: a label, and the word, proof and sentence when it is the answer."""
        history = self.history_of(question.path)
        if history and not history[0].problem:
            count = len(history[0].versions(history[1]))
            yield f"{_amount(count, 'version')} of this file in git", self._older_version(question, *history)
        yield f"{_amount(len(self._documents) - 1, 'other file')} here", self._elsewhere(question)
        if self._recall:
            yield "bytes remembered from an earlier check", self._remembered(question)
        if question.document is not None and question.document.format:
            yield "what the producer would write", self._regenerated(question)
        if history and history[0].problem:
            yield f"git: {history[0].problem}", None
        elif history:
            yield (
                f"{_amount(history[0].count(), 'version')} of any file in git",
                self._any_version(question, history[0]),
            )

    def _older_version(self, question: Question, history: History, path: str) -> tuple[str, Proof, str] | None:
        match = history.of_path(path, question.claim.expected, question.claim.algorithm)
        return _from_git(question, match, is_own=True) if match else None

    def _any_version(self, question: Question, history: History) -> tuple[str, Proof, str] | None:
        match = history.anywhere(question.claim.expected, question.claim.algorithm)
        return _from_git(question, match, is_own=False) if match else None

    def _remembered(self, question: Question) -> tuple[str, Proof, str] | None:
        if self._recall is None or question.claim.algorithm != "sha256":
            return None
        found = self._recall(question.claim.expected)
        if found is None:
            return None
        word = "older-version" if question.document else "missing-artefact"
        return word, Proof(source="memory", when=found[1]), wording.of_memory(found[1])

    def _elsewhere(self, question: Question) -> tuple[str, Proof, str] | None:
        found = self._neighbours.find(question.claim.expected, question.path)
        if found is None or question.claim.algorithm != "sha256":
            return None
        is_twin = found.is_twin and question.document is not None
        message = wording.of_other(found.path, found.form, is_gone=question.document is None)
        return "twin" if is_twin else "elsewhere", Proof(found.form, "twin" if is_twin else "file", found.path), message

    def _regenerated(self, question: Question) -> tuple[str, Proof, str] | None:
        document, claim = question.document, question.claim
        form = formats.named(document.format) if document and document.format else None
        if form is None or form.regenerate is None:
            return None
        made = self._made.setdefault(form.id, {})
        key = (question.path, claim.algorithm)
        if key not in made:
            made[key] = {
                measure(written, claim.algorithm): (source, ends)
                for source, rebuilt in form.regenerate(question.path, self._documents)
                for ends in ((LF,), (CRLF,), ())
                if (written := apply(ends, rebuilt)) is not None
            }
        if claim.expected not in made[key]:
            return None
        source, ends = made[key][claim.expected]
        return "regenerated", Proof(ends, "regenerated", source), wording.of_regeneration(source, ends)


def _own_forms(claim: Claim, data: bytes) -> Iterator[tuple[str, Form | None]]:
    """Each step over a file's own bytes with the form that gives the expected measure, None when none does."""
    if claim.algorithm == "size":
        rebuilt = ((form, apply(form, data)) for form in SIZE_FORMS)
        fitting = (form for form, made in rebuilt if made is not None and str(len(made)) == claim.expected)
        yield "other line ends and byte order mark", next(fitting, None)
        return
    for label, forms in attempts(data):
        yield label, next((form for form, made in forms if measure(made, claim.algorithm) == claim.expected), None)
    yield "a beginning of the file", beginning(data, claim.expected, claim.algorithm)


def _from_git(question: Question, match: Match, *, is_own: bool) -> tuple[str, Proof, str]:
    version = match.version
    commit = version.commit[:10]
    proof = Proof(match.form, "git", version.path, version.blob, commit, version.when)
    word = "older-version" if question.document else "missing-artefact"
    return word, proof, wording.of_version(version.path, commit, version.when, match.form, is_own=is_own)


def _amount(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
