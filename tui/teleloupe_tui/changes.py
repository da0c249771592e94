"""What happened between two snapshots: a line an event, and how many there were of late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from teleloupe.model import Column, Document, Place, Snapshot, Table
from teleloupe_tui import cells
from teleloupe_tui.cells import amount

KEPT_EVENTS = 1000
RATE_BINS = 20
BIN_SECONDS = 30
_BARS = "▁▂▃▄▅▆▇█"


class Change(Struct, frozen=True):
    """An event: when (seconds since 1970), what sort (+ ~ -), of which file, and what it came to."""

    when: float
    sign: str
    path: str
    text: str


def changes(old: Snapshot | None, new: Snapshot, now: float) -> Iterator[Change]:
    """The events that lead from one snapshot to the next; documents are compared by identity."""
    before = old.documents if old else {}
    origins = {after: path for path, after in _rotated(before, new.documents)}
    places = {path: after for after, path in origins.items()}
    for path, document in new.documents.items():
        known = before.get(path)
        if known is document or path in new.arriving:
            continue
        if known and not known.sha256:  # so far it was only arriving
            known = None
        told = _told(known, document)
        if path in origins:
            told = f"rotated from {_name(origins[path])}, {told}"
        elif path in places:
            told = f"rotated to {_name(places[path])}, starts afresh: {told}"
        elif known and _is_afresh(known, document):
            told = f"starts afresh: {told}"
        yield Change(now, "~" if known else "+", path, told)
    for path in before:
        if path not in new.documents:
            yield Change(now, "-", path, f"rotated to {_name(places[path])}" if path in places else "gone")
    for path in sorted(new.arriving - (old.arriving if old else frozenset())):
        yield Change(now, "…", path, "arriving")


def _rotated(before: Mapping[str, Document], after: Mapping[str, Document]) -> Iterator[tuple[str, str]]:
    """Feeds whose content went on under another name, and which: `x.jsonl.1`, `x.jsonl.1.gz`, `x-20251016.jsonl`."""
    came = [document for path, document in after.items() if path not in before and document.records]
    if not came:
        return
    for path, known in before.items():
        document = after.get(path)
        if not known.consumed or (document and not _is_afresh(known, document)):
            continue
        folder, name = path.rpartition("/")[0], known.name
        for one in came:
            is_same_kind = (one.format, one.kind) == (known.format, known.kind)
            is_named_alike = one.path.rpartition("/")[0] == folder and one.name.startswith(name.partition(".")[0])
            if is_same_kind and is_named_alike and len(one.records) >= len(known.records):
                yield path, one.path
                break


def _is_afresh(known: Document, document: Document) -> bool:
    """Whether a feed no longer begins with what it held."""
    return bool(known.consumed and document.size < known.size)


def _name(path: str) -> str:
    """The last part of a path, as safe text."""
    return cells.shown(path.rpartition("/")[2])


def newest(events: Iterable[Change]) -> str | None:
    """The path of the last file that came or changed."""
    return next((change.path for change in reversed(list(events)) if change.sign in "+~"), None)


def sparkline(times: Sequence[float], now: float) -> str:
    """How many events each of the last RATE_BINS bins of BIN_SECONDS saw, as bars, the present at the right."""
    counts = [0] * RATE_BINS
    for when in reversed(times):
        slot = int((now - when) // BIN_SECONDS)
        if slot >= RATE_BINS:
            break
        counts[RATE_BINS - 1 - max(slot, 0)] += 1
    most = max(counts) or 1
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in counts)


def per_minute(times: Sequence[float], now: float) -> int:
    """Events within the last minute."""
    return sum(1 for when in times if now - when < 60)


def _get(name: str) -> Any:
    return lambda change: getattr(change, name)


EVENTS = (
    Column("when", _get("when"), doc="when the event was seen, seconds since 1970", type="number", unit="s"),
    Column("sign", _get("sign"), doc="+ new, ~ changed, - gone, … arriving"),
    Column("path", _get("path"), doc="the file"),
    Column("event", _get("text"), doc="what it came to"),
)


def events_table(root: str, events: Sequence[Change]) -> Table:
    """The events as a table, the newest first."""
    rows = events[::-1]
    return Table(root, EVENTS, rows, lambda index: Place(rows[index].path), len(rows))


def _told(known: Document | None, document: Document) -> str:
    """What a file came to, in a few words."""
    parts = []
    known = None if known and _is_afresh(known, document) else known
    grown = len(document.records) - (len(known.records) if known else 0)
    if known and grown > 0:
        parts.append(f"+{amount(grown, 'record')} ({len(document.records)})")
    elif document.records:
        parts.append(amount(len(document.records), "record"))
    elif document.format:
        parts.append(document.kind or document.format)
    errors = sum(issue.count for issue in document.issues if issue.severity == "error")
    if errors:
        parts.append(amount(errors, "error"))
    elif document.format:
        parts.append("valid")
    else:
        parts.append("unknown")
    return ", ".join(parts)
