"""The rules of a session file that look at all of its records (section 7.1)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from teleloupe.formats.clamp import rules
from teleloupe.formats.clamp.content import folded
from teleloupe.formats.clamp.shapes import CONTRACT_FIELDS, TAG_FIELDS, TOP_FIELDS
from teleloupe.formats.clamp.times import EPOCH_ERA_END_NS, NS_PER_S, instant, stamp_ns
from teleloupe.jsontext import pointer
from teleloupe.model import Issue

DOUBLE_EXACT = 2**53  # integers up to here survive a trip through a double
DOUBLE_DIGITS_END = 10**17  # the shortest spelling of a double has at most 17 digits
_RECORD_FIELDS = frozenset((*CONTRACT_FIELDS, *TAG_FIELDS))
_TOP_FIELDS = frozenset(("records", *TOP_FIELDS))
Tags = tuple[str | None, str | None, str | None]
_PRODUCER_NAME = re.compile(r"clamp_run_\d{8}T\d{6}Z\.json", re.ASCII)


def seed_issues(seeds: Sequence[Any]) -> Iterator[Issue]:
    """Seeds used twice, and files whose large seeds all went through doubles."""
    exact = [seed for seed in seeds if type(seed) is int and seed]
    if len(set(exact)) != len(exact):
        yield from folded(_repeated_seeds(seeds, Counter(exact)))
    if exact and max(exact) > DOUBLE_EXACT and all(_is_rounded(seed) for seed in exact if seed > DOUBLE_EXACT):
        message = "all large seeds look rounded (file rewritten by jq 1.6 or JavaScript): the originals are lost"
        yield rules.SEED_ROUNDED.issue("", message, count=sum(seed > DOUBLE_EXACT for seed in exact))


def tag_issues(top: Mapping[str, Any], rows: Sequence[tuple[Any, ...]]) -> Iterator[Issue]:
    """Deprecated and undocumented tags; `rows` holds the values (hashable) of TAG_FIELDS for each record."""
    tags = _tags([top.get(name) for name in TAG_FIELDS])
    every = _combinations(rows)
    is_set = mirrors = 0
    for own, count in [(tags, 1), *every.items()]:
        is_set += count if _is_filled(own[0]) or _is_filled(own[1]) else 0
        mirrors += count if own[2] is not None else 0
    if is_set:
        places = "place" if is_set == 1 else "places"
        yield rules.DEPRECATED_SET.issue("", f"deprecated backend or deviceName set in {is_set} {places}", count=is_set)
    if mirrors:
        message = "device_name copies deviceName; the contract has no such field"
        yield rules.DEVICE_NAME_MIRROR.issue("", message, count=mirrors)
    if not every.keys() <= {tags} or not _is_consistent(tags, tags):
        yield from _disagreement(tags, every, rows)


def era_issues(records: Sequence[Any]) -> Iterator[Issue]:
    """Times before the year 2000, which come of alignment or a synthetic clock."""
    early = [
        f"/records/{index}/{name}"
        for index, record in enumerate(records)
        if isinstance(record, dict)
        for name in ("acquired_at", "released_at")
        if isinstance(text := record.get(name), str) and (moment := instant(text)) and moment.ns < EPOCH_ERA_END_NS
    ]
    if early:
        yield rules.TIME_EPOCH_ERA.issue(early[0], "times near 1970: aligned or synthetic clock", count=len(early))


def unknown_fields(top: Mapping[str, Any], records: Sequence[Any]) -> Iterator[Issue]:
    """Fields outside the contract, once for each name and level."""
    for name in top:
        if name not in _TOP_FIELDS:
            yield rules.FIELD_UNKNOWN.issue(pointer(name), f"extra field {pointer(name)}")
    first: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for index, record in enumerate(records):
        if isinstance(record, dict) and not record.keys() <= _RECORD_FIELDS:
            for name in record.keys() - _RECORD_FIELDS:
                first.setdefault(name, index)
                counts[name] += 1
    for name, index in sorted(first.items()):
        at = pointer("records", index, name)
        yield rules.FIELD_UNKNOWN.issue(at, f"extra field {pointer(name)} in records", count=counts[name])


def file_name_issues(name: str, latest_event_ns: int | None) -> Iterator[Issue]:
    """A name that is not the exporter's, or whose time lies before what the file tells of."""
    if not _PRODUCER_NAME.fullmatch(name):
        yield rules.NAME_UNEXPECTED.issue("", "name is not clamp_run_<timestamp>.json", actual=name)
    exported_ns = stamp_ns(name)
    if exported_ns is not None and latest_event_ns is not None and latest_event_ns >= exported_ns + NS_PER_S:
        late_s = (latest_event_ns - exported_ns) / NS_PER_S
        message = f"events are up to {late_s:g} s later than the export: aligned, clock step, or renamed"
        yield rules.NAME_BEFORE_EVENTS.issue("", message)


def _repeated_seeds(seeds: Sequence[Any], counts: Mapping[int, int]) -> Iterator[Issue]:
    """One issue a value, at its second record."""
    repeated = [seed for seed, count in counts.items() if count > 1]
    wanted, seen, second = set(repeated), set[int](), dict[int, int]()
    for index, seed in enumerate(seeds):
        if len(second) == len(repeated):
            break
        if type(seed) is int and seed in wanted:
            if seed in seen:
                second.setdefault(seed, index)
            seen.add(seed)
    for seed in repeated:
        message = f"seed {seed if seed.bit_length() < 256 else 'of many digits'} used by {counts[seed]} records"
        yield rules.SEED_REPEATED.issue(f"/records/{second[seed]}/seed", message, count=counts[seed])


def _is_rounded(seed: int) -> bool:
    """Whether a seed is the shortest spelling of its double, padded with zeros."""
    if seed % 10 and seed >= DOUBLE_DIGITS_END:
        return False
    return seed.bit_length() < 1024 and int(Decimal(repr(float(seed)))) == seed


def _combinations(rows: Sequence[tuple[Any, ...]]) -> dict[Tags, int]:
    """How many records bear each combination of tags."""
    distinct = set(rows)
    if len(distinct) == 1:
        return {_tags(distinct.pop()): len(rows)}
    counts: Counter[Tags] = Counter()
    for own, count in Counter(rows).items():
        counts[_tags(own)] += count
    return dict(counts)


def _tags(values: Iterable[Any]) -> Tags:
    """Tags as text; None for an absent one or one that is no text."""
    backend, device, mirror = values
    return (
        backend if isinstance(backend, str) else None,
        device if isinstance(device, str) else None,
        mirror if isinstance(mirror, str) else None,
    )


def _disagreement(top: Tags, every: Mapping[Tags, int], rows: Sequence[tuple[Any, ...]]) -> Iterator[Issue]:
    odd = {own for own in every if not _is_consistent(own, top)}
    is_top_odd = not _is_consistent(top, top)
    if not odd and not is_top_odd:
        return
    at = ""
    if not is_top_odd:
        at = next(f"/records/{index}" for index, own in enumerate(rows) if _tags(own) in odd)
    count = is_top_odd + sum(every[own] for own in odd)
    yield rules.DEVICE_DISAGREES.issue(at, "tags disagree (normal after a merge)", count=count)


def _is_consistent(own: Tags, top: Tags) -> bool:
    _, device, mirror = own
    if device is not None and mirror is not None and device != mirror:
        return False
    if own == top:
        return True
    pairs = zip(own, top, strict=True)
    return all(tag == above for tag, above in pairs if _is_filled(tag) and above is not None)


def _is_filled(tag: str | None) -> bool:
    return tag is not None and bool(tag.strip())
