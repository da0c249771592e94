"""What the loom makes of every line of a feed (sections 3, 4 and 10)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, structs

from teleloupe.columns import getter, table_of
from teleloupe.formats.toyfoundry import rules
from teleloupe.formats.toyfoundry.findings import Findings
from teleloupe.formats.toyfoundry.flatten import Fields, event_fields, has_lone_surrogate, mint_fields
from teleloupe.formats.toyfoundry.lineage import RITUAL_FEED_NAME, lineage_of
from teleloupe.formats.toyfoundry.reading import shown
from teleloupe.formats.toyfoundry.staleness import STALE_LIMIT
from teleloupe.formats.toyfoundry.states import OperationState
from teleloupe.formats.toyfoundry.weave import Weave
from teleloupe.model import Document, Place, Table

Fate = Literal["record", "merged", "no record", "dropped", "left out", "unreadable", "being written"]

_FATE = (
    "record; merged: counted into the record of another line; no record: the operation's events give them; "
    "dropped: silently; left out: the producer would stop here"
)


class Row(Struct, frozen=True):
    """A line of a feed, what becomes of it, and the record it gives."""

    line: Annotated[int, Meta(description="number of the line in the feed")]
    time: Annotated[str | None, Meta(description="its timestamp")]
    event: Annotated[str, Meta(description="ritual and status as the feed has them; of a mint its status")]
    becomes: Annotated[Fate, Meta(description=_FATE)]
    batch_id: Annotated[str | None, Meta(description="the record's batch, or the operation it is filed under")]
    ritual: Annotated[str | None, Meta(description="the record's ritual")]
    units: Annotated[int | None, Meta(description="the record's units_processed")]
    status: Annotated[str | None, Meta(description="the record's status")]
    duration: Annotated[int | None, Meta(description="the record's duration_ms", extra={"unit": "ms"})]
    marks: Annotated[str, Meta(description="values that are not as the feed has them")]
    reason: Annotated[str, Meta(description="why it gives no record, or what the loom did in silence")]
    place: Place


class Taken(Struct):
    """A usable line while the feed is woven: its entry, whether it stays, and what was said of it."""

    entry: Any
    said: str
    fate: Literal["", "dropped", "left out"]


_LINE = re.compile(r"line (\d+)(?: |$)")
_NO_FIELDS = (None, None, None, None, None, "")
_latest: list[tuple[tuple[Document | None, ...], Table]] = []


def table(document: Document, documents: Mapping[str, Document]) -> Table:
    """Every line of a feed but the blank ones; the title tells how many give a record."""
    pair = lineage_of(documents).pair_of(document)
    involved = (document, *pair)
    if not _latest or not all(one is other for one, other in zip(_latest[0][0], involved, strict=True)):
        _latest[:] = [(involved, _table(document, *pair))]
    return _latest[0][1]


def _table(document: Document, mint: Document | None, ritual: Document | None) -> Table:
    if sum(len(feed.records) for feed in (mint, ritual) if feed) > STALE_LIMIT:
        return table_of(f"{document.name}: too many lines to be followed one by one", Row, [])
    rows = sorted(_rows(document, mint, ritual), key=lambda row: row.line)
    counts = Counter(row.becomes for row in rows)
    told = ", ".join(f"{count} {fate}" for fate, count in counts.most_common())
    return table_of(f"{len(rows)} lines: {told}" if rows else "no lines", Row, rows)


def _rows(document: Document, mint: Document | None, ritual: Document | None) -> Iterator[Row]:
    weave = Weave()
    taken = {feed.path: _woven(weave, feed) for feed in (mint, ritual) if feed and feed.body is not None}
    late = list(weave.late_faults())
    weave.finish()
    own = taken.get(document.path, {})
    for fault in late:
        if fault.feed == ("mint" if document.kind == "mint-feed" else "ritual"):
            _leave_out(own, int(fault.at.split()[1]), fault.message)
    yield from _unreadable(document, own)
    if document.kind == "mint-feed":
        yield from (_mint_row(document, line, found, weave) for line, found in own.items())
        return
    events = {
        event.line: event_fields(operation_id, bucket, event.entry(), event.metadata)
        for operation_id, operation in weave.operations.items()
        for bucket, found in operation.buckets.items()
        for event in found
    }
    yield from (_ritual_row(document, line, found, events.get(line)) for line, found in own.items())


def _woven(weave: Weave, feed: Document) -> dict[int, Taken]:
    """Add a feed line by line, so that what is said can be told of the line that it is said of."""
    is_mint = feed.kind == "mint-feed"
    add = weave.add_mints if is_mint else weave.add_rituals
    taken = {}
    for line, entry in zip(feed.body.lines, feed.records, strict=True):
        weave.mint_findings, weave.ritual_findings = Findings(), Findings()
        left_out, causes = weave.left_out, weave.cause_count
        add(line, (entry,))
        said = "; ".join(issue.message for issue in (*weave.mint_findings.issues(), *weave.ritual_findings.issues()))
        is_gone = weave.left_out > left_out
        taken[line] = Taken(entry, said, "" if not is_gone else "left out" if weave.cause_count > causes else "dropped")
    return taken


def _leave_out(taken: dict[int, Taken], line: int, why: str) -> None:
    """Mark a line that was found out only once all were gathered, with all of a mint whose id is none."""
    found = taken.get(line)
    if found is None:
        return
    alfa_id = _alfa_id(found.entry)
    for one in taken.values() if type(alfa_id) not in (str, type(None)) else (found,):
        if one is found or _is_alike(_alfa_id(one.entry), alfa_id):
            one.fate, one.said = "left out", f"{why}; the line is left out"


def _is_alike(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _unreadable(document: Document, taken: Mapping[int, Taken]) -> Iterator[Row]:
    """The lines that hold nothing usable, with what was wrong with them."""
    said: dict[int, list[str]] = {}
    cut = set()
    for issue in document.issues:
        found = _LINE.match(issue.at)
        if found and int(found[1]) not in taken:
            said.setdefault(int(found[1]), []).append(issue.message)
            cut |= {int(found[1])} if issue.rule == rules.INCOMPLETE_TAIL else set()
    for line, messages in said.items():
        fate: Fate = "being written" if line in cut else "unreadable"
        why = "; ".join(dict.fromkeys(messages))
        yield Row(line, None, "", fate, *_NO_FIELDS, why, Place(document.path, f"line {line}"))


def _mint_row(document: Document, line: int, found: Taken, weave: Weave) -> Row:
    alfa_id = _alfa_id(found.entry)
    status = getter("status")(found.entry)
    row = _row(document, line, found, alfa_id, "" if status is None else shown(status))
    state = None if found.fate else weave.mints.get(alfa_id)
    if state is None:
        return row
    operation = weave.operations.get(alfa_id)
    if operation is not None and (events := _event_count(operation)):
        given = f"the operation's records come from its events in {RITUAL_FEED_NAME}, {events} in number"
        return structs.replace(row, becomes="no record", reason=_joined(given, found.said))
    if state.line != line:
        given = f"counted into the record of line {state.line}"
        return structs.replace(row, becomes="merged", reason=_joined(given, found.said))
    return _with_fields(row, mint_fields(alfa_id, state.entry()))


def _ritual_row(document: Document, line: int, found: Taken, fields: Fields | None) -> Row:
    said = (getter("ritual")(found.entry), getter("status")(found.entry))
    event = " ".join(shown(value) for value in said if value is not None)
    row = _row(document, line, found, None, event)
    return row if found.fate or fields is None else _with_fields(row, fields)


def _row(document: Document, line: int, found: Taken, operation_id: Any, event: str) -> Row:
    """The row of a line that gives no record, so far as is known yet."""
    time = getter("timestamp")(found.entry)
    batch_id = None if operation_id is None else shown(operation_id)
    cells = (batch_id, None, None, None, None, "")
    place = Place(document.path, f"line {line}")
    return Row(line, None if time is None else shown(time), event, found.fate or "left out", *cells, found.said, place)


def _with_fields(row: Row, fields: Fields) -> Row:
    """The row of a line that gives a record."""
    if has_lone_surrogate(fields.batch_id.value):
        words = "the batch id holds half a surrogate pair; the record is left out"
        return structs.replace(row, becomes="left out", reason=_joined(words, row.reason))
    named = (
        ("batch id", fields.batch_id),
        ("ritual", fields.ritual),
        ("units", fields.units_processed),
        ("status", fields.status),
        ("duration", fields.duration_ms),
    )
    return structs.replace(
        row,
        becomes="record",
        batch_id=fields.batch_id.value,
        ritual=fields.ritual.value,
        units=fields.units_processed.value,
        status=fields.status.value,
        duration=fields.duration_ms.value,
        marks=", ".join(f"{name} {taken.mark}" for name, taken in named if taken.mark != "measured"),
    )


def _event_count(operation: OperationState) -> int:
    return sum(map(len, operation.buckets.values()))


def _alfa_id(entry: Any) -> Any:
    return getter("alfa_id")(entry)


def _joined(*parts: str) -> str:
    return "; ".join(filter(None, parts))
