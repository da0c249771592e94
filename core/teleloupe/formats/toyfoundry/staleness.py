"""Whether rollups and exports are what their sources give today (Toyfoundry specification, section 8)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.lineage import Feeds
from teleloupe.formats.toyfoundry.loom import woven_export
from teleloupe.formats.toyfoundry.memo import Memo
from teleloupe.formats.toyfoundry.ordering import sort_key
from teleloupe.formats.toyfoundry.reading import shown
from teleloupe.formats.toyfoundry.regeneration import records_of_entries, woven
from teleloupe.formats.toyfoundry.shapes import FIELDS, Record
from teleloupe.jsontext import pointer
from teleloupe.model import Document, Issue

STALE_LIMIT = 200_000  # lines or records beyond which a regeneration would hold up every refresh


class Difference(Struct, frozen=True):
    """What a regeneration would do to one entry or record, its place in the stale artefact ("" for an added one)."""

    change: Literal["added", "removed", "changed"]
    at: str
    message: str


_TYPES = {name: int if name in ("units_processed", "duration_ms") else str for name in FIELDS}
_memo: Memo[Sequence[Difference]] = Memo()


def rollup_staleness(rollup: Document, mint: Document, ritual: Document | None) -> tuple[Issue, ...]:
    """TF306: every difference between a rollup and what its feeds give today."""
    found = rollup_differences(rollup, mint, ritual)
    return Findings(rules.ROLLUP_STALE.issue(one.at, one.message) for one in found).issues()


def export_staleness(export: Document, rollup: Document) -> tuple[Issue, ...]:
    """TF307: every difference between an export and what its rollup gives today."""
    found = export_differences(export, rollup)
    return Findings(rules.EXPORT_STALE.issue(one.at, one.message) for one in found).issues()


def rollup_differences(rollup: Document, mint: Document, ritual: Document | None) -> Sequence[Difference]:
    """What a regeneration from the feeds would add, remove or change in a rollup, entry by entry."""
    return _memo.get("rollup", _rollup_differences, rollup, mint, ritual)


def export_differences(export: Document, rollup: Document) -> Sequence[Difference]:
    """What a regeneration from the rollup would add, remove or change in an export, record by record."""
    return _memo.get("export", _export_differences, export, rollup)


def feed_differences(export: Document, mint: Document, ritual: Document | None) -> Sequence[Difference]:
    """As `export_differences`, straight from the feeds, for an export whose rollup was not kept."""
    return _memo.get("feeds", _feed_differences, export, mint, ritual)


def _rollup_differences(rollup: Document, mint: Document, ritual: Document | None) -> list[Difference]:
    weave = woven(Feeds(mint, ritual))
    entries = weave.rollup() if rollup.kind == "rollup" else weave.mint_rollup()
    fresh = {_key(operation_id): entry for operation_id, entry in entries}
    stale: Mapping[str, Any] = rollup.body.entries
    found = []
    source = mint.name if rollup.kind == "mint-rollup" or not ritual else "the feeds"
    for operation_id in sorted(stale.keys() | fresh.keys()):
        if operation_id not in stale:
            found.append(Difference("added", "", f"{shown(operation_id)} would be added from {source}"))
        elif operation_id not in fresh:
            words = f"{shown(operation_id)} would be removed; {source} has nothing of it"
            found.append(Difference("removed", pointer(operation_id), words))
        elif not _is_same(stale[operation_id], fresh[operation_id]):
            changed = _changed_keys(stale[operation_id], fresh[operation_id])
            words = f"{shown(operation_id)} would change in {changed}"
            found.append(Difference("changed", pointer(operation_id), words))
    return found


def _export_differences(export: Document, rollup: Document) -> list[Difference]:
    return _record_differences(export, records_of_entries(rollup.body.entries), rollup.name)


def _feed_differences(export: Document, mint: Document, ritual: Document | None) -> list[Difference]:
    source = "the feeds" if ritual else mint.name
    return _record_differences(export, woven_export(woven(Feeds(mint, ritual))).records, source)


def _record_differences(export: Document, fresh: list[Record], source: str) -> list[Difference]:
    records = [record if type(record) is Record else _as_record(record) for record in export.records]
    if records == fresh:
        return []
    found: list[Difference] = []
    places = _places(records)
    wanted = _places(fresh)
    for key in sorted(places.keys() | wanted.keys()):
        found += _differences(key, records, places.get(key, []), fresh, wanted.get(key, []), source)
    return found


def _differences(
    key: tuple[str, str, str],
    old: Sequence[Any],
    old_at: list[int],
    new: list[Record],
    new_at: list[int],
    source: str,
) -> Iterator[Difference]:
    """Differences among the records of one batch, ritual and status; equal ones go together first."""
    name = " / ".join(map(shown, key))
    matched = Counter(new[at] for at in new_at)
    left = []
    for at in old_at:
        record = old[at]
        if type(record) is Record and matched[record] > 0:
            matched[record] -= 1
        else:
            left.append(at)
    missing = list(matched.elements())
    for at, record in zip(left, missing, strict=False):
        fields = [field for field in FIELDS if _value(old[at], field) != getattr(record, field)]
        changes = ((field, _value(old[at], field), getattr(record, field)) for field in fields)
        words = ", ".join(f"{field} {shown(was)} to {shown(becomes)}" for field, was, becomes in changes)
        yield Difference("changed", pointer(at), f"{name} would change from {source}: {words}")
    for at in left[len(missing) :]:
        yield Difference("removed", pointer(at), f"{name} would be removed; {source} does not give it")
    for _ in missing[len(left) :]:
        yield Difference("added", "", f"{name} would be added from {source}")


def _places(records: Sequence[Any]) -> dict[tuple[str, str, str], list[int]]:
    found: dict[tuple[str, str, str], list[int]] = {}
    for at, record in enumerate(records):
        found.setdefault(sort_key(record) or ("", "", ""), []).append(at)
    return found


def _as_record(record: Any) -> Any:
    """A record that breaks a rule, as the Struct that the loom would write for it; itself where it writes none so."""
    if isinstance(record, dict) and {name: type(value) for name, value in record.items()} == _TYPES:
        return Record(**record)
    return record


def _is_same(one: Any, other: Any) -> bool:
    """Whether two entries of a rollup are written alike; NaN, which equals nothing, is written like any other."""
    return bool(one == other) or json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _value(record: Any, field: str) -> Any:
    if isinstance(record, dict):
        return record.get(field)
    return getattr(record, field, None)


def _changed_keys(old: Any, new: Mapping[str, Any]) -> str:
    if not isinstance(old, dict):
        return "everything"
    names = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return ", ".join(names) or "keys that are null"


def _key(operation_id: Any) -> str:
    """An id as the key that the rollup's file has for it."""
    if isinstance(operation_id, str):
        return operation_id
    if isinstance(operation_id, bool):
        return "true" if operation_id else "false"
    return repr(operation_id)
