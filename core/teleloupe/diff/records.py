"""Two documents to the records and fields that were added, removed, changed or moved."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

from teleloupe.diff.lines import compare, longest_rising
from teleloupe.jsontext import pointer
from teleloupe.model import Document

ABSENT = msgspec.UNSET  # what a field that is not there has for a value
DEPTH_LIMIT = 16  # of objects that are compared member by member; deeper ones are compared as a whole

Key = Callable[[Any, str], Hashable]


class FieldChange(Struct, frozen=True):
    """A field by its JSON Pointer inside the record or header, and its values; ABSENT where it is not there."""

    at: str
    before: Any
    after: Any

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """Whether the field came, went or changed."""
        return "added" if self.before is ABSENT else "removed" if self.after is ABSENT else "changed"


class RecordChange(Struct, frozen=True):
    """A record that differs: its key ("" without one), its index on each side (None where it is not), changed fields.

    `is_moved` tells that it stands in another order among the records that both sides have; `value` is the record
    itself where only one side has it.
    """

    kind: Literal["added", "removed", "changed", "moved"]
    key: str
    before: int | None
    after: int | None
    fields: tuple[FieldChange, ...] = ()
    is_moved: bool = False
    value: Any = None


class Difference(Struct, frozen=True):
    """What leads from one document to another; `same` counts the records that are equal and in order."""

    header: tuple[FieldChange, ...] = ()
    records: tuple[RecordChange, ...] = ()
    same: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether values and order are the same on both sides."""
        return not self.header and not self.records

    def counts(self) -> dict[str, int]:
        """How many records were changed, removed, added and moved, and how many are the same."""
        found = dict.fromkeys(("changed", "removed", "added", "moved"), 0)
        for record in self.records:
            found[record.kind] += 1
        return {**found, "same": self.same}


def difference(before: Document, after: Document, key: Key | None = None) -> Difference:
    """The changes from one document to another, records matched by the format's key, else by what they hold."""
    header = tuple(_field_changes(before.header, after.header, ()))
    old, new = _side(before, key), _side(after, key)
    pairs = _by_content(old, new) if old.keys is None or new.keys is None else _by_key(old, new)
    matched, same = _matched(old, new, pairs)
    found = sorted([*matched, *_one_sided(old, new, pairs)], key=lambda item: item[:2])
    return Difference(header, tuple(change for *_, change in found), same)


def fingerprint(record: Any) -> bytes:
    """Bytes that are equal for equal records alone: 1, 1.0, true and "1" are four values, key order is none."""
    try:
        encoded = msgspec.json.encode(record, order="sorted")
    except (UnicodeEncodeError, msgspec.MsgspecError, TypeError):
        return json.dumps(builtins(record), sort_keys=True, default=str).encode()
    if b"null" in encoded and type(record) is dict:
        return json.dumps(record, sort_keys=True, default=str).encode()  # NaN is not null
    return encoded


def builtins(record: Any) -> Any:
    """A record as its file has it."""
    return record if isinstance(record, dict | list | str | int | float | None) else msgspec.to_builtins(record)


class _Side(Struct, frozen=True):
    """The records of a document, what tells them equal, and their keys: a record without one has its content."""

    records: Sequence[Any]
    prints: list[bytes]
    keys: list[Hashable] | None


Pairs = list[tuple[int, int]]
Placed = tuple[int, int, RecordChange]  # index in the new document, place among those that went behind it


def _side(document: Document, key: Key | None) -> _Side:
    prints = _fingerprints(document.records)
    if key is None or not document.kind:
        return _Side(document.records, prints, None)
    keys = [key(record, document.kind) for record in document.records]
    if keys.count(None) == len(keys):
        return _Side(document.records, prints, None)
    if None in keys:
        keys = [found if value is None else value for value, found in zip(keys, prints, strict=True)]
    return _Side(document.records, prints, keys)


def _fingerprints(records: Sequence[Any]) -> list[bytes]:
    """The fingerprints of many records, all at once where no record needs a second look."""
    encode = msgspec.json.Encoder(order="sorted").encode
    try:
        encoded = list(map(encode, records))
    except (UnicodeEncodeError, msgspec.MsgspecError, TypeError):
        return list(map(fingerprint, records))
    pairs = zip(records, encoded, strict=True)
    return [fingerprint(record) if type(record) is dict and b"null" in found else found for record, found in pairs]


def _by_content(old: _Side, new: _Side) -> Pairs:
    """Equal records in order, and between them as many others as face each other."""
    pairs: Pairs = []
    for block in compare(old.prints, new.prints):
        count = min(block.before_end - block.before_start, block.after_end - block.after_start)
        pairs += [(block.before_start + step, block.after_start + step) for step in range(count)]
    return pairs


def _by_key(old: _Side, new: _Side) -> Pairs:
    """Records of the same key; where several share one, equal ones first and the others in order."""
    old_keys, new_keys = old.keys or [], new.keys or []
    only = dict(zip(new_keys, range(len(new_keys)), strict=True))
    if len(only) == len(new_keys) and len(set(old_keys)) == len(old_keys):
        return [(at, only[value]) for at, value in enumerate(old_keys) if value in only]
    places: dict[Hashable, list[int]] = {}
    for index, value in enumerate(new_keys):
        places.setdefault(value, []).append(index)
    groups: dict[Hashable, list[int]] = {}
    for index, value in enumerate(old_keys):
        if value in places:
            groups.setdefault(value, []).append(index)
    pairs: Pairs = []
    for value, here in groups.items():
        there = places[value]
        pairs += [(here[0], there[0])] if len(here) == len(there) == 1 else _of_group(here, there, old, new)
    return sorted(pairs)


def _of_group(here: list[int], there: list[int], old: _Side, new: _Side) -> Pairs:
    equal: dict[bytes, list[int]] = {}
    for index in reversed(there):
        equal.setdefault(new.prints[index], []).append(index)
    pairs: Pairs = [(index, equal[old.prints[index]].pop()) for index in here if equal.get(old.prints[index])]
    taken_here, taken_there = {a for a, _ in pairs}, {b for _, b in pairs}
    rest_here = (index for index in here if index not in taken_here)
    rest_there = (index for index in there if index not in taken_there)
    return pairs + list(zip(rest_here, rest_there, strict=False))


def _matched(old: _Side, new: _Side, pairs: Pairs) -> tuple[list[Placed], int]:
    """The pairs that differ or have moved, and how many are neither."""
    in_order = set(longest_rising([b for _, b in pairs]))
    found: list[Placed] = []
    for position, (a, b) in enumerate(pairs):
        is_moved = position not in in_order
        if old.prints[a] != new.prints[b]:
            fields = tuple(_field_changes(builtins(old.records[a]), builtins(new.records[b]), ()))
            found.append((b, 0, RecordChange("changed", _label(old.keys, a), a, b, fields, is_moved)))
        elif is_moved:
            found.append((b, 0, RecordChange("moved", _label(old.keys, a), a, b, (), is_moved)))
    return found, len(pairs) - len(found)


def _one_sided(old: _Side, new: _Side, pairs: Pairs) -> Iterator[Placed]:
    """The records without a partner; one that went stands behind the record that it followed."""
    partners = dict(pairs)
    followed = -1
    for a in range(len(old.records)):
        if a in partners:
            followed = partners[a]
        else:
            value = builtins(old.records[a])
            yield followed, a + 1, RecordChange("removed", _label(old.keys, a), a, None, value=value)
    for b in sorted(set(range(len(new.records))) - set(partners.values())):
        yield b, 0, RecordChange("added", _label(new.keys, b), None, b, value=builtins(new.records[b]))


def _label(keys: Sequence[Hashable] | None, index: int) -> str:
    if keys is None:
        return ""
    value = keys[index]
    parts = value if isinstance(value, tuple) else () if isinstance(value, bytes) else (value,)
    return " ".join(str(part) for part in parts if part is not None)


def _field_changes(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[FieldChange]:
    """The members that differ, objects inside objects compared member by member, in the order of the old side."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping) or len(path) >= DEPTH_LIMIT:
        if fingerprint(before) != fingerprint(after):
            yield FieldChange(pointer(*path), before, after)
        return
    for name in (*before, *(name for name in after if name not in before)):
        if name not in after:
            yield FieldChange(pointer(*path, name), builtins(before[name]), ABSENT)
        elif name not in before:
            yield FieldChange(pointer(*path, name), ABSENT, builtins(after[name]))
        else:
            yield from _field_changes(builtins(before[name]), builtins(after[name]), (*path, name))
