"""Order and repetition among the records of an export (Toyfoundry specification, sections 4 and 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.jsontext import pointer
from teleloupe.model import Issue

Key = tuple[str, str, str]


def sort_key(record: Any) -> Key | None:
    """What the loom sorts by: batch id, ritual, status; None for a record that lacks one or has no text there."""
    if type(record) is Record:
        return record.batch_id, record.ritual, record.status
    if not isinstance(record, dict):
        return None
    match record:
        case {"batch_id": str(batch_id), "ritual": str(ritual), "status": str(status)}:
            return batch_id, ritual, status
    return None


def order_issues(records: Sequence[Any]) -> Iterator[Issue]:
    """Records that stand before their predecessor, and records that are there twice; one issue each, counted."""
    misplaced = _misplaced(records)
    if misplaced:
        words = "the record belongs before the one above it; the loom sorts by batch id, ritual and status"
        yield rules.NOT_SORTED.issue(pointer(misplaced[0]), words, count=len(misplaced))
    repeated = _repeated(records)
    if repeated:
        words = "the record is identical to an earlier one, as when a drill and a forge merge"
        yield rules.DUPLICATE_RECORD.issue(pointer(repeated[0]), words, count=len(repeated))


def _misplaced(records: Sequence[Any]) -> list[int]:
    keys = [sort_key(record) for record in records]
    pairs = enumerate(pairwise(keys), 1)
    return [index for index, (before, key) in pairs if before is not None and key is not None and key < before]


def _repeated(records: Sequence[Any]) -> list[int]:
    seen: set[Any] = set()
    repeated = []
    for index, record in enumerate(records):
        identity = record if type(record) is Record else _identity(record)
        if identity in seen:
            repeated.append(index)
        seen.add(identity)
    return repeated


def _identity(record: Any) -> str:
    return repr(sorted(record.items())) if isinstance(record, dict) else repr(record)
