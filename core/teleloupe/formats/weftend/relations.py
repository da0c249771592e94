"""How two chains relate: a store and a snapshot of it, or two runs (section 13). Content ids make it exact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from teleloupe.formats.weftend import chain
from teleloupe.formats.weftend.overview import portal
from teleloupe.model import Document

Relation = Literal["equal", "ahead", "behind", "pruned", "diverged", "unrelated"]


class Comparison(Struct, frozen=True):
    """Two chains side by side, by recorded chunk ids in the order of each file.

    `conflicts` pairs chunks of the same window with different ids, left first. `relation` says how the right one stands
    to the left one: ahead with newer chunks, behind without the newest, pruned without the oldest only.
    """

    relation: Relation
    is_same_stream: bool
    shared: tuple[str, ...]
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]
    conflicts: tuple[tuple[str, str], ...]


def compared(left: Document, right: Document) -> Comparison | None:
    """The comparison of two stores, snapshots or harness sessions; None when one of them holds no chain."""
    first, second = portal(left), portal(right)
    if first is None or second is None:
        return None
    windows = [_windows(document) for document in (left, right)]
    ids = [list(dict.fromkeys(found)) for found in windows]
    shared = tuple(one for one in ids[0] if one in windows[1])
    only_left, only_right = (
        tuple(one for one in own if one not in other) for own, other in ((ids[0], windows[1]), (ids[1], windows[0]))
    )
    by_window = {windows[0][one]: one for one in only_left}
    conflicts = tuple((by_window[windows[1][one]], one) for one in only_right if windows[1][one] in by_window)
    is_same_stream = first.stream_id == second.stream_id
    relation = _relation(ids[0], ids[1], shared) if is_same_stream and not conflicts else "diverged"
    if not is_same_stream and not shared:
        relation = "unrelated"
    return Comparison(relation, is_same_stream, shared, only_left, only_right, conflicts)


def chains_of_stream(document: Document, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """The paths of all other documents that hold a chain of the same stream."""
    own = portal(document)
    if own is None:
        return ()
    return tuple(
        path
        for path, other in documents.items()
        if other is not document
        and other.format == document.format
        and (found := portal(other)) is not None
        and found.stream_id == own.stream_id
    )


def _windows(document: Document) -> dict[str, tuple[int | None, int | None]]:
    """The window of each recorded chunk id, in the order of the file."""
    links = [chain.link_of(record) for record in document.records]
    return {link.chunk_id: (link.start, link.end) for link in links if link.chunk_id is not None}


def _relation(left: list[str], right: list[str], shared: tuple[str, ...]) -> Relation:
    """How the right chain stands to the left one; both keep the order of the shared chunks or they diverged."""
    if left == right:
        return "equal"
    if not shared:
        return "diverged" if left and right else "ahead" if right else "behind"
    run = list(shared)
    left_at, right_at = left.index(run[0]), right.index(run[0])
    is_one_run = left[left_at : left_at + len(run)] == run == right[right_at : right_at + len(run)]
    left_after, right_after = len(left) - left_at - len(run), len(right) - right_at - len(run)
    if not is_one_run or (left_after and right_after) or (left_at and right_at):
        return "diverged"
    if right_after:
        return "ahead"
    if left_after:
        return "behind"
    return "pruned" if left_at else "ahead"
