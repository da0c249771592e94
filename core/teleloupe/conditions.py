"""What a reader wants to be told of, and when it comes true between two snapshots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from teleloupe import query
from teleloupe.model import DIRECTORY, Column, Document, Issue, Snapshot, UsageError, Verdict, at_least

Kind = Literal["error", "warning", "file", "sum", "records"]
HOLD_S = 1.0  # a file is often written before its sidecar: a sum that fails is believed when it still fails after this

_WORDS: dict[Kind, str] = {
    "error": "a new error",
    "warning": "a new warning or error",
    "file": "a new file",
    "sum": "a checksum that holds no more",
}
_Claimed = tuple[str, str, str, str]


class Condition(Struct, frozen=True):
    """`error`, `warning`, `file`, `sum`, or a filter that new or changed records fit."""

    kind: Kind
    text: str

    @property
    def words(self) -> str:
        """What is looked out for."""
        return _WORDS.get(self.kind) or f"records that fit {self.text}"


class Met(Struct, frozen=True):
    """A condition came true: of which file, and what happened."""

    path: str
    words: str


def condition(text: str, columns: Sequence[Column] = ()) -> Condition:
    """The condition that a text states. Raises UsageError for nothing, and for a filter that does not fit `columns`."""
    wanted = text.strip()
    if not wanted:
        raise UsageError("no condition", "error, warning, file, sum, or a filter on records")
    for kind in _WORDS:
        if wanted == kind:
            return Condition(kind, wanted)
    if columns:
        query.matcher(wanted, columns)
    return Condition("records", wanted)


class Lookout:
    """Looks out for a condition from snapshot to snapshot; the first one is where it starts from.

    `path` limits a filter to the records of one file. A sum must have failed for `hold_s` seconds.
    """

    def __init__(self, condition: Condition, *, path: str | None = None, hold_s: float = HOLD_S) -> None:
        self.condition = condition
        self._path, self._hold_s = path, hold_s
        self._before: Snapshot | None = None
        self._failing: dict[_Claimed, float] = {}

    def look(self, snapshot: Snapshot, now: float) -> list[Met]:
        """What came true since the last look; the same snapshot again may make a failing sum certain.

        A snapshot of a scan that goes on is passed over: what files say of each other is not known in it.
        """
        if snapshot.progress is not None:
            return []
        before, self._before = self._before, snapshot
        if before is None:
            return []
        if self.condition.kind == "sum":
            return list(self._sums(before, snapshot, now))
        return [] if before is snapshot else list(self._changes(before, snapshot))

    def _changes(self, before: Snapshot, after: Snapshot) -> Iterator[Met]:
        kind = self.condition.kind
        if kind == "file":
            yield from (Met(path, "a new file") for path, one in after.documents.items() if _is_new(before, one))
        elif kind == "records":
            yield from self._records(before, after)
        else:
            yield from _issues(before, after, at_least(kind))

    def _records(self, before: Snapshot, after: Snapshot) -> Iterator[Met]:
        for path, document in after.documents.items():
            known = before.documents.get(path)
            if known is document or not document.records or self._path not in (None, path):
                continue
            try:
                fits = query.matcher(self.condition.text, document.columns)
            except UsageError:  # it speaks of other columns than this file has
                continue
            found = [row for row in _fresh(known, document) if fits(document.records[row])]
            if found:
                yield Met(path, f"record {found[0] + 1}{_more(found)}: {self.condition.text}")

    def _sums(self, before: Snapshot, after: Snapshot, now: float) -> Iterator[Met]:
        words = {_claimed(verdict): verdict for verdict in after.verdicts}
        held = {_claimed(verdict) for verdict in before.verdicts if verdict.word == "ok"}
        for claimed, verdict in words.items():
            if verdict.word == "ok":
                self._failing.pop(claimed, None)
            elif claimed in held:
                self._failing.setdefault(claimed, now)
        for claimed, since in list(self._failing.items()):
            if claimed not in words:
                del self._failing[claimed]
            elif now - since >= self._hold_s:
                del self._failing[claimed]
                yield Met(words[claimed].subject, f"its checksum holds no more: {words[claimed].word}")


def _is_new(before: Snapshot, document: Document) -> bool:
    """Whether a file was not there before, or only began to arrive."""
    known = before.documents.get(document.path)
    return document.kind != DIRECTORY and bool(document.sha256) and (known is None or not known.sha256)


def _issues(before: Snapshot, after: Snapshot, severities: Sequence[str]) -> Iterator[Met]:
    """Files with issues of these severities that they did not have."""
    for path, document in after.documents.items():
        is_same = before.documents.get(path) is document and before.related.get(path) == after.related.get(path)
        if is_same:
            continue
        known = set(map(_key, before.issues_of(path)))
        found = [one for one in after.issues_of(path) if one.severity in severities and _key(one) not in known]
        if found:
            yield Met(path, f"{found[0].severity} {found[0].code}{_more(found)}: {found[0].message}")


def _fresh(known: Document | None, document: Document) -> Iterator[int]:
    """The positions of records that are new or another than before."""
    old: Sequence[object] = known.records if known else ()
    for row, record in enumerate(document.records):
        if row >= len(old) or (old[row] is not record and old[row] != record):
            yield row


def _more(found: Sequence[object]) -> str:
    """What follows the first of some things."""
    return f" and {len(found) - 1} more" if len(found) > 1 else ""


def _key(issue: Issue) -> tuple[str, str]:
    return issue.rule.id, issue.at


def _claimed(verdict: Verdict) -> _Claimed:
    return verdict.subject, verdict.claim.claimant, verdict.claim.kind, verdict.claim.at
