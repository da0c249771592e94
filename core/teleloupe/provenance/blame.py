"""Verdicts to issues: each format says what became of the claims that its documents make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from teleloupe import formats
from teleloupe.model import Document, Issue, Verdict


def blamed(verdicts: Sequence[Verdict], documents: Mapping[str, Document]) -> Mapping[str, list[Issue]]:
    """The issues of resolved claims, by the path that they sit on."""
    by_format: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        claimant = documents.get(verdict.claim.claimant)
        if claimant is not None and claimant.format:
            by_format.setdefault(claimant.format, []).append(verdict)
    found: dict[str, list[Issue]] = {}
    for name, own in by_format.items():
        form = formats.named(name)
        if form is not None and form.blame is not None:
            for path, issue in form.blame(own):
                found.setdefault(path, []).append(issue)
    return found
