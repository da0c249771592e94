"""What is here, is it valid, do the sums hold: a snapshot in a handful of numbers."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from teleloupe.model import DIRECTORY, Snapshot
from teleloupe.provenance import causes


class Tally(Struct, frozen=True):
    """Counts over a snapshot; `sums` has how many artefacts there are by the worst word that a digest of them has."""

    files: int = 0
    formats: int = 0
    records: int = 0
    size: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    sums: tuple[tuple[str, int], ...] = ()

    @property
    def issues(self) -> int:
        """Issues of every severity."""
        return self.errors + self.warnings + self.infos


def tally(snapshot: Snapshot) -> Tally:
    """Count what a snapshot holds; repeated issues count as often as they occur."""
    severities: Counter[str] = Counter()
    records = size = files = 0
    formats = set()
    for document in snapshot.documents.values():
        files += document.kind != DIRECTORY
        records += len(document.records)
        size += document.size
        formats.add(document.format)
        for issue in document.issues:
            severities[issue.severity] += issue.count
    for issues in snapshot.related.values():
        for issue in issues:
            severities[issue.severity] += issue.count
    return Tally(
        files,
        len(formats - {None}),
        records,
        size,
        severities["error"],
        severities["warning"],
        severities["info"],
        tuple(causes.tally(snapshot.verdicts).items()),
    )
