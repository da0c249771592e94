"""Whether rollups and exports are what their sources give today (Toyfoundry specification, section 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.lineage import Feeds
from teleloupe.formats.toyfoundry.ordering import sort_key
from teleloupe.formats.toyfoundry.reading import shown
from teleloupe.formats.toyfoundry.regeneration import records_of_entries, woven
from teleloupe.formats.toyfoundry.shapes import FIELDS, Record
from teleloupe.jsontext import pointer
from teleloupe.model import Document, Issue, Rule

STALE_LIMIT = 200_000  # lines or records beyond which a regeneration would hold up every refresh


def rollup_staleness(rollup: Document, mint: Document, ritual: Document | None) -> tuple[Issue, ...]:
    """What a regeneration from the feeds would add, remove or change in a rollup, entry by entry."""
    weave = woven(Feeds(mint, ritual))
    entries = weave.rollup() if rollup.kind == "rollup" else weave.mint_rollup()
    fresh = {_key(operation_id): entry for operation_id, entry in entries}
    stale: Mapping[str, Any] = rollup.body
    findings = Findings()
    source = mint.name if rollup.kind == "mint-rollup" or not ritual else "the feeds"
    for operation_id in sorted(stale.keys() | fresh.keys()):
        if operation_id not in stale:
            findings.add(_stale(rules.ROLLUP_STALE, "", f"{shown(operation_id)} would be added from {source}"))
        elif operation_id not in fresh:
            words = f"{shown(operation_id)} would be removed; {source} has nothing of it"
            findings.add(_stale(rules.ROLLUP_STALE, pointer(operation_id), words))
        elif stale[operation_id] != fresh[operation_id]:
            changed = _changed_keys(stale[operation_id], fresh[operation_id])
            words = f"{shown(operation_id)} would change in {changed}"
            findings.add(_stale(rules.ROLLUP_STALE, pointer(operation_id), words))
    return findings.issues()


def export_staleness(export: Document, rollup: Document) -> tuple[Issue, ...]:
    """What a regeneration from the rollup would add, remove or change in an export, record by record."""
    fresh = records_of_entries(rollup.body)
    if len(fresh) == len(export.records) and all(map(_is_equal, export.records, fresh)):
        return ()
    findings = Findings()
    places = _places(export.records)
    wanted = _places(fresh)
    for key in sorted(places.keys() | wanted.keys()):
        findings.extend(_differences(key, export.records, places.get(key, []), fresh, wanted.get(key, []), rollup.name))
    return findings.issues()


def _differences(
    key: tuple[str, str, str],
    old: Sequence[Any],
    old_at: list[int],
    new: list[Record],
    new_at: list[int],
    source: str,
) -> Iterator[Issue]:
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
        yield _stale(rules.EXPORT_STALE, pointer(at), f"{name} would change from {source}: {words}")
    for at in left[len(missing) :]:
        yield _stale(rules.EXPORT_STALE, pointer(at), f"{name} would be removed; {source} does not give it")
    for _ in missing[len(left) :]:
        yield _stale(rules.EXPORT_STALE, "", f"{name} would be added from {source}")


def _places(records: Sequence[Any]) -> dict[tuple[str, str, str], list[int]]:
    found: dict[tuple[str, str, str], list[int]] = {}
    for at, record in enumerate(records):
        found.setdefault(sort_key(record) or ("", "", ""), []).append(at)
    return found


def _is_equal(one: Any, other: Record) -> bool:
    return type(one) is Record and bool(one == other)


def _value(record: Any, field: str) -> Any:
    if isinstance(record, dict):
        return record.get(field)
    return getattr(record, field, None)


def _stale(rule: Rule, at: str, words: str) -> Issue:
    return rule.issue(at, words)


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
