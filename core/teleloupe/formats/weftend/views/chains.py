"""The chain: a row a chunk, with everything that could be wrong with it in words; samples against the floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from teleloupe.formats.weftend import grammar
from teleloupe.formats.weftend.overview import ChainRow, LinkState, chain_rows
from teleloupe.formats.weftend.views.wording import full_id, short_id, table_of
from teleloupe.model import Chart, Column, Document, Place, Series, Table

_LINKS: dict[LinkState, str] = {
    "root": "root",
    "pruned-root": "root pruned",
    "ok": "ok",
    "broken": "broken",
    "unknown": "unreadable",
}
_Get = Callable[[ChainRow], str | None]


def table(document: Document, _documents: Mapping[str, Document]) -> Table:
    """A row for each chunk, in the order of the file."""
    at = document.record_at
    return table_of(document.path, COLUMNS, chain_rows(document), lambda row: Place(document.path, at(row.index)))


def charts(document: Document, _documents: Mapping[str, Document]) -> tuple[Chart, ...]:
    """The samples of each window against the floor."""
    samples, floors = [], []
    for row in chain_rows(document):
        if row.window_end is not None and row.samples is not None and row.k is not None:
            samples.append((float(row.window_end), float(row.samples)))
            floors.append((float(row.window_end), float(row.k)))
    if not samples:
        return ()
    series = (Series("samples", tuple(samples)), Series("floor k", tuple(floors)))
    return (Chart("Samples against the floor", "line", "end of window (tick)", "pulses", series),)


def _floor(row: ChainRow) -> str | None:
    if row.samples is None or row.k is None:
        return None
    return "met" if row.samples >= row.k else "missed"


def _life(row: ChainRow) -> str | None:
    return None if row.ttl_left is None else "live" if row.ttl_left > 0 else "expired"


def _check(row: ChainRow) -> str:
    if not grammar.is_strict_digest(row.chunk_id) or not row.computed_id:
        return "unreadable"
    return "verified" if row.is_verified else "differs"


def _if_broken(get: _Get) -> _Get:
    return lambda row: (full_id(get(row)) or "none") if row.link == "broken" else None


def _if_differing(get: _Get) -> _Get:
    return lambda row: None if row.is_verified else full_id(get(row)) or None


COLUMNS = (
    Column("chunk", lambda row: row.index, doc="place in the chain, from 0", type="integer"),
    Column("from", lambda row: row.window_start, "tick", "first tick of the window", "integer"),
    Column("to", lambda row: row.window_end, "tick", "last tick of the window", "integer"),
    Column("samples", lambda row: row.samples, "pulses", "samples in the window", "integer"),
    Column("k", lambda row: row.k, "pulses", "the floor that the samples must reach", "integer"),
    Column("floor", _floor, doc="whether the samples reach it: met or missed"),
    Column("coverage", lambda row: row.coverage, doc="share of counts that survived floor and caps", type="number"),
    Column("left", lambda row: row.ttl_left, "ticks", "lifetime left; at 0 and below it has expired", "integer"),
    Column("life", _life, doc="live or expired"),
    Column("id", lambda row: short_id(row.chunk_id), doc="the recorded chunk id, its beginning"),
    Column("check", _check, doc="the content gives this id: verified, differs, or unreadable"),
    Column("link", lambda row: _LINKS[row.link], doc="it names the chunk before: ok, broken, root, root pruned"),
    Column(
        "link expected", _if_broken(lambda row: row.expected_prev), doc="of a broken link: the id of the one before"
    ),
    Column("link found", _if_broken(lambda row: row.found_prev), doc="of a broken link: the id it names"),
    Column("id expected", _if_differing(lambda row: row.computed_id), doc="of a wrong id: what the content gives"),
    Column("id found", _if_differing(lambda row: row.chunk_id), doc="of a wrong id: what is recorded"),
)
