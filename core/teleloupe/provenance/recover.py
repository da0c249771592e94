"""The bytes that a checksum was taken of, given back from a verdict's proof and checked against it."""

from __future__ import annotations

from collections.abc import Mapping

from teleloupe import disk, formats
from teleloupe.model import Document, Proof, Verdict
from teleloupe.provenance.access import Access
from teleloupe.provenance.explain import Recall
from teleloupe.provenance.forms import apply, measure
from teleloupe.provenance.git import History, repository_folder


def recover(
    verdict: Verdict, documents: Mapping[str, Document], access: Access, recall: Recall | None = None
) -> bytes | None:
    """The expected bytes of a claim; None when nothing proves them, or what proved them is gone."""
    proof = verdict.proof or (Proof() if verdict.word == "ok" else None)
    if proof is None or verdict.claim.algorithm == "size":
        return None
    try:
        source = _source(proof, verdict, documents, access, recall)
    except disk.Unreadable:
        return None
    rebuilt = apply(proof.form, source) if source is not None else None
    if rebuilt is None or measure(rebuilt, verdict.claim.algorithm) != verdict.claim.expected:
        return None
    return rebuilt


def _source(
    proof: Proof, verdict: Verdict, documents: Mapping[str, Document], access: Access, recall: Recall | None
) -> bytes | None:
    """The bytes that the proof's form is applied to."""
    if proof.source == "git":
        folder, _ = repository_folder(access.root, verdict.subject)
        return History(folder).read(proof.blob or "")
    if proof.source == "memory":
        found = recall(verdict.claim.expected) if recall else None
        return found[0] if found else None
    if proof.source == "regenerated":
        document = documents.get(verdict.subject)
        form = formats.named(document.format) if document and document.format else None
        made = form.regenerate(verdict.subject, documents) if form and form.regenerate else ()
        return next((data for source, data in made if source == proof.path), None)
    return access.read(proof.path or verdict.subject)
