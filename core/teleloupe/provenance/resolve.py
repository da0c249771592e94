"""Claims to verdicts: which file each speaks of, whether it holds, and the explanation when it does not."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from msgspec import Struct

from teleloupe import disk, formats, subjects
from teleloupe.ignoring import Ignores, nothing
from teleloupe.model import DIRECTORY, Claim, Document, Verdict
from teleloupe.provenance.access import Access
from teleloupe.provenance.explain import Explainer, Explanation, Question, Tried
from teleloupe.provenance.memory import ENTRY_BYTES, Memory
from teleloupe.sidecar import DIGITS

MEASURES = frozenset({*DIGITS, "size"})
IGNORED = "ignored"  # what nobody wants to see has no verdict that is shown
OPTIONAL = frozenset({"kernel-file"})  # claims of what an artefact would be, if the producer wrote it at all


class _Resolved(Struct, frozen=True, gc=False):
    """A verdict with what it was made of; `is_settled` when only those documents could change it."""

    subject: str | None
    document: Document | None
    verdict: Verdict
    is_settled: bool = True


class Resolver:
    """Resolves the claims of one directory again and again; a claim between unchanged documents costs a comparison.

    `memory` is told of bytes that a claim holds for, and asked for those that held once. Of artefacts that are
    ignored no claim is judged.
    """

    def __init__(
        self,
        access: Access,
        *,
        memory: Memory | None = None,
        look_in_git: bool = True,
        is_ignored: Ignores = nothing,
    ) -> None:
        self._access, self._memory, self._is_ignored = access, memory, is_ignored
        self._explainer = Explainer(access, memory.recall if memory else None, look_in_git=look_in_git)
        self._resolved: dict[str, tuple[Document, list[_Resolved]]] = {}
        self._paths: frozenset[str] = frozenset()
        self._measured: dict[tuple[str, str], str] = {}

    @property
    def is_stale(self) -> bool:
        """Whether new commits may explain what nothing explained, although no document changed."""
        return self._explainer.is_stale

    def resolve(self, documents: Mapping[str, Document]) -> tuple[Verdict, ...]:
        """The verdict of every claim, in the order of the documents that make them."""
        paths = frozenset(documents)
        is_same, self._paths = paths == self._paths, paths
        open_questions: list[tuple[list[_Resolved], int, Question, Tried]] = []
        resolved: dict[str, tuple[Document, list[_Resolved]]] = {}
        for path, claimant in documents.items():
            if not claimant.claims:
                continue
            known = self._resolved.get(path)
            before = known[1] if known and known[0] is claimant else None
            judged: list[_Resolved] = []
            for index, claim in enumerate(claimant.claims):
                old = before[index] if before else None
                outcome = self._judge(claim, documents, old, is_same=is_same)
                if isinstance(outcome, tuple):
                    open_questions.append((judged, index, *outcome))
                    outcome = _unexplained(outcome[0])
                judged.append(outcome)
            resolved[path] = claimant, judged
        answers = self._explainer.explain_all(documents, [(question, tried) for *_, question, tried in open_questions])
        for (judged, index, question, _), answer in zip(open_questions, answers, strict=True):
            judged[index] = self._explained(question, answer, is_settled=False)
        self._resolved = resolved
        items = (item for _, judged in resolved.values() for item in judged)
        own = (item.verdict for item in items if item.document or _is_missed(item.verdict))
        return (*own, *(_measured(claim, claim.subject) for claim in _twins(documents)))

    def _judge(
        self, claim: Claim, documents: Mapping[str, Document], old: _Resolved | None, *, is_same: bool
    ) -> _Resolved | tuple[Question, Tried]:
        """The verdict, or the question and what was tried when it takes more than the artefact itself."""
        is_found = old is not None and is_same and old.subject is not None
        place = subjects.Place(old.subject) if old and is_found else _place(claim, documents, self._access.root)
        document = documents.get(place.path) if place.path is not None else None
        if old and old.is_settled and old.subject == place.path and old.document is document:
            return old
        if claim.fault:
            message = claim.note or claim.fault
            return _Resolved(place.path, document, _verdict(claim, place.path, None, claim.fault, message))
        if claim.actual is not None:
            return _Resolved(place.path, document, _measured(claim, place.path))
        if claim.algorithm not in MEASURES:
            message = f"{claim.algorithm} is no digest that is known here"
            return _Resolved(place.path, document, _verdict(claim, place.path, None, "unreadable-claim", message))
        if document is None or document.kind == DIRECTORY:
            return self._missing(claim, place, document)
        return self._compared(claim, document)

    def _compared(self, claim: Claim, document: Document) -> _Resolved | tuple[Question, Tried]:
        actual = self._actual(claim, document)
        if actual is None:
            verdict = _verdict(claim, document.path, None, "mismatch", "the file cannot be read")
            return _Resolved(document.path, document, verdict)
        if actual == claim.expected:
            if self._memory and claim.algorithm == "sha256" and document.size <= ENTRY_BYTES:
                self._memory.remember(actual, lambda: self._access.read(document.path))
            return _Resolved(document.path, document, _verdict(claim, document.path, actual, "ok", ""))
        question = Question(claim, document.path, document)
        answer = self._explainer.own_bytes(question)
        if isinstance(answer, Explanation):
            return self._explained(question, answer, is_settled=True)
        return question, answer

    def _missing(
        self, claim: Claim, place: subjects.Place, document: Document | None
    ) -> _Resolved | tuple[Question, Tried]:
        if place.refusal or document is not None or not claim.expected or claim.kind in OPTIONAL:
            said = place.refusal or ("is a directory" if document is not None else "is not here")
            verdict = _verdict(claim, None, None, "missing-artefact", f"{claim.subject} {said}")
            return _Resolved(place.path, document, verdict, is_settled=False)
        folder = posixpath.dirname(claim.claimant)
        wanted = posixpath.normpath(posixpath.join(folder, claim.subject.replace("\\", "/"))).lstrip("/")
        if self._is_ignored(wanted) or self._is_ignored(claim.subject):
            return _Resolved(None, None, _verdict(claim, None, None, IGNORED, ""), is_settled=False)
        return Question(claim, wanted, None), ()

    def _explained(self, question: Question, answer: Explanation, *, is_settled: bool) -> _Resolved:
        path = question.path if question.document else None
        actual = self._actual(question.claim, question.document) if question.document else None
        verdict = Verdict(
            question.claim,
            path if path is not None else question.claim.claimant,
            actual,
            answer.word,
            answer.proof,
            answer.message,
            answer.tried,
        )
        return _Resolved(path, question.document, verdict, is_settled)

    def _actual(self, claim: Claim, document: Document) -> str | None:
        """What the claim states, measured; None when the file cannot be read."""
        if claim.algorithm == "sha256" or not document.sha256:
            return document.sha256 or None
        if claim.algorithm == "size":
            return str(document.size)
        key = (document.sha256, claim.algorithm)
        if key not in self._measured:
            try:
                self._measured[key] = self._access.digest(document.path, claim.algorithm)
            except disk.Unreadable:
                return None
        return self._measured[key]


def _is_missed(verdict: Verdict) -> bool:
    """Whether an artefact that is not here is one that should be."""
    return verdict.claim.kind not in OPTIONAL and verdict.word != IGNORED


def _twins(documents: Mapping[str, Document]) -> Iterator[Claim]:
    """The claims that no document makes alone."""
    for form in formats.all_formats():
        if form.twins is not None:
            yield from form.twins(documents)


def _place(claim: Claim, documents: Mapping[str, Document], root: str) -> subjects.Place:
    """Where a claim's subject is; a checksum list names its files exactly, metadata may name them from afar."""
    if claim.subject in ("", claim.claimant):
        return subjects.Place(claim.claimant)
    return subjects.find(claim.subject, claim.claimant, documents, root, beside=claim.kind != "sidecar")


def _measured(claim: Claim, path: str | None) -> Verdict:
    """The verdict of a claim that its format has measured."""
    holds = claim.actual == claim.expected
    return _verdict(claim, path, claim.actual, "ok" if holds else "mismatch", "" if holds else claim.note)


def _verdict(claim: Claim, path: str | None, actual: str | None, word: str, message: str) -> Verdict:
    return Verdict(claim, path if path is not None else claim.claimant, actual, word, None, message)


def _unexplained(question: Question) -> _Resolved:
    """Stands in until the explanation is there."""
    return _Resolved(None, None, _verdict(question.claim, None, None, "mismatch", ""), is_settled=False)
