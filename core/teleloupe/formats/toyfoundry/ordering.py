"""Order and repetition among the records of an export (Toyfoundry specification, sections 4 and 8)."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

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
    known = [(index, key) for index, record in enumerate(records) if (key := sort_key(record)) is not None]
    return [index for (_, before), (index, key) in pairwise(known) if key < before]


def _repeated(records: Sequence[Any]) -> list[int]:
    seen: set[Any] = set()
    repeated = []
    for index, record in enumerate(records):
        identity = record if type(record) is Record else _identity(record)
        if identity in seen:
            repeated.append(index)
        seen.add(identity)
    return repeated


def _identity(record: Any) -> Hashable:
    """What is equal for identical records, one that was read as a Struct included; 1, 1.0 and true differ."""
    try:
        return msgspec.convert(record, Record)
    except (msgspec.ValidationError, UnicodeEncodeError):  # the latter for half a surrogate pair
        return json.dumps(record, sort_keys=True)
