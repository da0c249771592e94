"""How chunks hang together: order, links, head, lifetimes (section 5).

What is recorded is compared, also where it is outside its grammar: that is an issue of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from teleloupe.formats.weftend import grammar, rules
from teleloupe.formats.weftend.constants import MAX_CHUNKS
from teleloupe.formats.weftend.grammar import integer
from teleloupe.formats.weftend.members import over_budget
from teleloupe.formats.weftend.proof import is_clean_stream
from teleloupe.formats.weftend.shapes import Chunk
from teleloupe.model import Issue, Severity

NO_LINK = ""  # where nothing names a chunk, or something that is no text


class Link(Struct, frozen=True, gc=False):
    """What the chain asks of a chunk, as it is recorded; None where it is missing or of another type.

    `prev_chunk_id` is NO_LINK then, since null has a meaning.
    """

    chunk_id: str | None
    prev_chunk_id: str | None
    start: int | None
    end: int | None
    ttl_ticks: int | None
    stream_id: str | None
    path_digest: str | None


NO_CHUNK = Link(None, NO_LINK, None, None, None, None, None)


def link_of(chunk: Any) -> Link:
    """The link of a chunk, be it clean or a decoded value of any kind."""
    if isinstance(chunk, Chunk):
        return Link(
            chunk.chunk_id,
            chunk.prev_chunk_id,
            chunk.window_start_tick,
            chunk.window_end_tick,
            chunk.ttl_seconds,
            chunk.stream_id,
            chunk.payload.bind.path_digest,
        )
    if not isinstance(chunk, dict):
        return NO_CHUNK
    former = chunk.get("prevChunkId", NO_LINK)
    return Link(
        _if_text(chunk.get("chunkId")),
        former if former is None or isinstance(former, str) else NO_LINK,
        integer(chunk.get("windowStartTick")),
        integer(chunk.get("windowEndTick")),
        integer(chunk.get("ttlSeconds")),
        _if_text(chunk.get("streamId")),
        _path_digest(chunk),
    )


def chained(links: Sequence[Link], stream_id: Any, count: int, at: str) -> Iterator[Issue]:
    """Order, links, repeats, stream and path of the chunks at `at`, of which there are `count` in all."""
    if count > MAX_CHUNKS:
        what = "chunks" if len(links) == count else f"chunks, of which the first {len(links)} are judged"
        yield over_budget(at, what, count, MAX_CHUNKS)
    if links and grammar.is_strict_digest(links[0].prev_chunk_id):
        message = "the chain starts after a chunk that was pruned"
        yield rules.CHAIN_ROOT_PRUNED.issue(f"{at}/0/prevChunkId", message, actual=links[0].prev_chunk_id)
    for index in range(1, len(links)):
        yield from _joined(links[index - 1], links[index], f"{at}/{index}")
    yield from _repeats(links, at)
    yield from _strays(links, _if_text(stream_id), at)


def headed(chunks: Sequence[Any], head: Any, at: str) -> Iterator[Issue]:
    """Whether the head is the last chunk; without chunks anything goes (D-24)."""
    if chunks and head != (last_id := link_of(chunks[-1]).chunk_id):
        message = "the head is not the last chunk; the store was cut or not finished"
        yield rules.HEAD_MISMATCH.issue(at, message, expected=_if_digest(last_id), actual=_pointing_at(head))


def last_tick(links: Sequence[Link]) -> int | None:
    """The largest end of a window."""
    return max((link.end for link in links if link.end is not None), default=None)


def updated(links: Sequence[Link], updated_at_tick: int | None, at: str) -> Iterator[Issue]:
    """Whether a store's journal is as late as its latest window."""
    latest = last_tick(links)
    if updated_at_tick is not None and latest is not None and updated_at_tick < latest:
        message = f"the journal stands at tick {updated_at_tick}, before a window's end at {latest}"
        expected = f"at least {latest}"
        yield rules.TICK_ORDER_INVALID.issue(at, message, expected=expected, actual=str(updated_at_tick))


def ticks_left(link: Link, now: int | None) -> int | None:
    """How many ticks a chunk still lives at tick `now`; 0 and below is expired, None is unknown (D-25)."""
    if now is None or link.end is None or link.ttl_ticks is None:
        return None
    return link.ttl_ticks - (now - link.end)


def expired(links: Sequence[Link], now: int | None, severity: Severity, at: str) -> Iterator[Issue]:
    """The chunks that have outlived their ticks at `now`."""
    for index, link in enumerate(links):
        left = ticks_left(link, now)
        if left is not None and left <= 0:
            message = f"expired {-left} ticks ago at tick {now}; the next run prunes it"
            yield rules.TTL_EXPIRED.issue(f"{at}/{index}", message, severity=severity)


def _joined(former: Link, link: Link, at: str) -> Iterator[Issue]:
    """A chunk against the one before it; its recorded id counts, so that one tampered chunk is one issue."""
    if link.start is not None and former.end is not None and link.start <= former.end:
        message = f"the window starts at tick {link.start}, the one before ends at {former.end}"
        expected = f"at least {former.end + 1}"
        yield rules.TICK_ORDER_INVALID.issue(
            f"{at}/windowStartTick", message, expected=expected, actual=str(link.start)
        )
    if link is not NO_CHUNK and link.prev_chunk_id != former.chunk_id:
        message = "the link does not name the chunk before; one is missing, replaced or out of order"
        found = _pointing_at(link.prev_chunk_id)
        yield rules.CHAIN_BROKEN.issue(f"{at}/prevChunkId", message, expected=_if_digest(former.chunk_id), actual=found)


def _repeats(links: Sequence[Link], at: str) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for index, link in enumerate(links):
        if link.chunk_id is None:
            continue
        first = seen.setdefault(link.chunk_id, index)
        if first != index:
            message = f"the chunk is already number {first}"
            yield rules.DUPLICATE_CHUNK.issue(f"{at}/{index}/chunkId", message)


def _strays(links: Sequence[Link], stream_id: str | None, at: str) -> Iterator[Issue]:
    """Chunks of another stream, or bound to another path than the first one."""
    path_digest = next((link.path_digest for link in links[:1]), None)
    for index, link in enumerate(links):
        if None not in (stream_id, link.stream_id) and link.stream_id != stream_id:
            message = "the chunk belongs to another stream than the artefact"
            expected, actual = (one if one and is_clean_stream(one) else None for one in (stream_id, link.stream_id))
            yield rules.STREAM_MISMATCH.issue(f"{at}/{index}/streamId", message, expected=expected, actual=actual)
        if None not in (path_digest, link.path_digest) and link.path_digest != path_digest:
            message = "the chunk binds another path digest than the first one"
            expected, actual = _if_digest(path_digest), _if_digest(link.path_digest)
            place = f"{at}/{index}/payload/bind/pathDigest"
            yield rules.PATH_DIGEST_MISMATCH.issue(place, message, expected=expected, actual=actual)


def _path_digest(value: dict[str, Any]) -> str | None:
    payload = value.get("payload")
    bind = payload.get("bind") if isinstance(payload, dict) else None
    return _if_text(bind.get("pathDigest")) if isinstance(bind, dict) else None


def _if_text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _if_digest(value: Any) -> str | None:
    """A digest as an issue may repeat it; anything else could be a leak."""
    return value if grammar.is_strict_digest(value) or grammar.is_legacy_digest(value) else None


def _pointing_at(value: Any) -> str | None:
    return "null" if value is None else _if_digest(value)
