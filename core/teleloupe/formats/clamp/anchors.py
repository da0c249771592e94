"""Anchors across the cumulative exports of one process: repeated, released later, or still held (sections 3, 7, 9)."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from msgspec import Struct

from teleloupe.columns import getter
from teleloupe.formats.clamp.moments import is_score
from teleloupe.formats.clamp.times import stamp_ns
from teleloupe.model import Document

Key = tuple[int, str, str, str]  # seed, context, thread id, acquired_at as printed
Order = tuple[bool, int, str]
Ending = tuple[str, float | None] | None  # release and duration; None while held

_FIELDS = ("seed", "context", "thread_id", "acquired_at", "released_at", "duration_ms")
_getters = tuple(getter(name) for name in _FIELDS)


class Sighting(Struct, frozen=True):
    """One record of an anchor: where it stands, when it was released, how long it was held.

    `released_at` is None while it is held and "" where the file does not say, `duration_ms` None without a usable one.
    """

    path: str
    index: int
    released_at: str | None
    duration_ms: float | None


class Release(Struct, frozen=True):
    """The later export that shows an in-flight anchor released, and how long it was held as far as it says so."""

    path: str
    index: int
    duration_ms: float | None


class Repeats(Struct, frozen=True):
    """How many anchors several files repeat, and how many of all records are such copies."""

    anchors: int = 0
    copies: int = 0


class SeedIndex:
    """Which documents of one directory hold each seed, brought up to date document by document.

    Files of different runs share no seed, so this alone tells which records need to be compared.
    """

    def __init__(self) -> None:
        self.documents: dict[int, Document] = {}
        self.shared: dict[int, list[Document]] = {}
        self._first: dict[int, Document] = {}

    def update(self, documents: Sequence[Document]) -> None:
        """Hold exactly these documents; costs what has changed."""
        current = {id(document): document for document in documents}
        for gone in [self.documents[key] for key in self.documents.keys() - current.keys()]:
            self._remove(gone)
        for fresh in [current[key] for key in current.keys() - self.documents.keys()]:
            self._add(fresh)
        self.documents = current

    def involved(self) -> list[Document]:
        """The documents that share a seed with another, in the order of their export."""
        unique = {id(document): document for holders in self.shared.values() for document in holders}
        return sorted(unique.values(), key=export_order)

    def _add(self, document: Document) -> None:
        seeds = seeds_of(document)
        if self._first.keys().isdisjoint(seeds):
            self._first.update(dict.fromkeys(seeds, document))
            return
        for seed in seeds:
            other = self._first.setdefault(seed, document)
            if other is not document:
                self.shared.setdefault(seed, [other]).append(document)

    def _remove(self, document: Document) -> None:
        for seed in seeds_of(document):
            holders = self.shared.get(seed)
            if holders is None:
                del self._first[seed]
                continue
            holders.remove(document)
            self._first[seed] = holders[0]
            if len(holders) == 1:
                del self.shared[seed]


def export_order(document: Document) -> Order:
    """Sorts exports of one process: by the time in the name, then by path; names without a time come first."""
    return _order(document.path)


def sightings(documents: Iterable[Document], seeds: Mapping[int, Any]) -> dict[Key, list[Sighting]]:
    """Every record of those seeds by its anchor, in the order of the documents."""
    found: dict[Key, list[Sighting]] = {}
    for document in documents:
        for index, record in enumerate(document.records):
            seed, context, thread, acquired, released, duration = (get(record) for get in _getters)
            if type(seed) is not int or seed not in seeds or not _are_texts(context, thread, acquired):
                continue
            is_held = released is None and _says_release(record)
            released_at = None if is_held else released if isinstance(released, str) else ""
            sighting = Sighting(document.path, index, released_at, float(duration) if is_score(duration) else None)
            found.setdefault((seed, context, thread, acquired), []).append(sighting)
    return found


def repeats(found: Mapping[Key, Sequence[Sighting]]) -> Repeats:
    """Count the copies: a later file's record of an anchor with the same release, or after an in-flight one."""
    copies = [_copies(seen) for seen in found.values()]
    return Repeats(sum(map(bool, copies)), sum(copies))


def releases(found: Mapping[Key, Sequence[Sighting]]) -> dict[tuple[str, int], Release]:
    """For each in-flight record that a later export shows released: that release.

    Alignment moves acquired_at, so a key that was never seen released falls back to the one without it.
    """
    exact, loose = _Released(), _Released()
    for key, seen in found.items():
        for sighting in seen:
            if sighting.released_at:
                exact.add(key, sighting)
                loose.add(key[:3], sighting)
    resolved: dict[tuple[str, int], Release] = {}
    for key, seen in found.items():
        for held in (one for one in seen if one.released_at is None):
            if later := exact.after(key, held) or loose.after(key[:3], held):
                resolved[held.path, held.index] = Release(later.path, later.index, later.duration_ms)
    return resolved


class _Released:
    """Released sightings by key, found by the order of their exports."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], list[Sighting]] = {}
        self._orders: dict[tuple[Any, ...], list[Order]] = {}

    def add(self, key: tuple[Any, ...], sighting: Sighting) -> None:
        self._found.setdefault(key, []).append(sighting)

    def after(self, key: tuple[Any, ...], held: Sighting) -> Sighting | None:
        """The first release in an export later than the one that shows the anchor held."""
        seen = self._found.get(key)
        if not seen:
            return None
        if key not in self._orders:
            seen.sort(key=_sighting_order)
            self._orders[key] = [_sighting_order(one) for one in seen]
        place = bisect_right(self._orders[key], _sighting_order(held))
        return seen[place] if place < len(seen) else None


def seeds_of(document: Document) -> set[int]:
    """The seeds of a session's records, as far as they are integers."""
    records = document.records
    if records and isinstance(records[0], Struct):  # a clean session, where nothing else stands for a seed
        return set(map(attrgetter("seed"), records))
    return {seed for record in records if type(seed := _getters[0](record)) is int}


def _are_texts(*values: object) -> bool:
    return all(isinstance(value, str) for value in values)


def _says_release(record: Any) -> bool:
    """Whether a record has the field that is null while its anchor is held."""
    return not isinstance(record, dict) or "released_at" in record


def _copies(seen: Sequence[Sighting]) -> int:
    """How many records repeat one of an earlier file; a file repeats each of them once."""
    endings: Counter[Ending] = Counter()  # of the anchors known so far, as last seen
    copies = 0
    for _, records in groupby(seen, key=attrgetter("path")):
        left = endings.copy()
        for one in records:
            ending = None if one.released_at is None else (one.released_at, one.duration_ms)
            earlier = ending if left[ending] else None
            if left[earlier]:
                left[earlier] -= 1
                endings[earlier] -= 1
                copies += 1
            endings[ending] += 1
    return copies


def _sighting_order(sighting: Sighting) -> Order:
    return _order(sighting.path)


@lru_cache(maxsize=4096)
def _order(path: str) -> Order:
    stamp = stamp_ns(path.rpartition("/")[2])
    return stamp is not None, stamp or 0, path
