"""How two chains relate: a store and a snapshot of it, or two runs (section 13). Content ids make it exact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from teleloupe.formats.weftend import chain
from teleloupe.formats.weftend.overview import stream_of
from teleloupe.model import Document

Relation = Literal["equal", "ahead", "behind", "pruned", "unpruned", "diverged", "unrelated"]
PairState = Literal["same", "only-left", "only-right", "differs"]


class Comparison(Struct, frozen=True):
    """Two chains side by side, by recorded chunk ids in the order of each file.

    `conflicts` pairs chunks of the same window with different ids, left first. `relation` says how the right one stands
    to the left one: ahead with newer chunks, behind without the newest, pruned without the oldest only, unpruned with
    older ones only.
    """

    relation: Relation
    is_same_stream: bool
    shared: tuple[str, ...]
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]
    conflicts: tuple[tuple[str, str], ...]


def compared(left: Document, right: Document) -> Comparison | None:
    """The comparison of two stores, snapshots or harness sessions; None when one of them holds no chain."""
    first, second = stream_of(left), stream_of(right)
    if first is None or second is None:
        return None
    return _compared(_run(left), _run(right), is_same_stream=first == second)


def chains_of_stream(document: Document, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """The paths of all other documents that hold a chain of the same stream."""
    own = stream_of(document)
    if own is None:
        return ()
    return tuple(
        path
        for path, other in documents.items()
        if other is not document and other.format == document.format and stream_of(other) == own
    )


def siblings(document: Document, documents: Mapping[str, Document]) -> list[tuple[str, Comparison]]:
    """The other chains of the stream by path, each compared to this one as the left."""
    own = _run(document)
    return [
        (path, _compared(own, _run(documents[path]), is_same_stream=True))
        for path in chains_of_stream(document, documents)
    ]


class ChunkPair(Struct, frozen=True):
    """A chunk of one chain beside that of the other: places in the two files, None where a file lacks it.

    `state` is same, only-left, only-right, or differs: one window, two contents.
    """

    start: int | None
    end: int | None
    left: int | None
    right: int | None
    state: PairState


def chunk_pairs(left: Document, right: Document) -> tuple[ChunkPair, ...]:
    """The chunks of two chains side by side by recorded id, those of one window with different ids too, by window."""
    found = compared(left, right)
    if found is None:
        return ()
    ours, theirs = _places(left), _places(right)
    windows = _run(right).windows | _run(left).windows
    conflicting = {one for pair in found.conflicts for one in pair}
    pairs = [
        *(ChunkPair(*windows[one], ours[one], theirs[one], "same") for one in found.shared),
        *(ChunkPair(*windows[one], ours[one], theirs[other], "differs") for one, other in found.conflicts),
        *(ChunkPair(*windows[one], ours[one], None, "only-left") for one in found.only_left if one not in conflicting),
        *(ChunkPair(*windows[o], None, theirs[o], "only-right") for o in found.only_right if o not in conflicting),
    ]
    return tuple(sorted(pairs, key=_pair_order))


def counterpart(document: Document, documents: Mapping[str, Document]) -> str | None:
    """The chain that a chain is best held against: the nearest one of its stream, one of another kind first."""
    others = chains_of_stream(document, documents)
    return min(
        others,
        key=lambda path: (documents[path].kind == document.kind, _steps(document.path, path), path),
        default=None,
    )


def _steps(path: str, other: str) -> int:
    """How many folders up and down lie between two files."""
    here, there = path.split("/")[:-1], other.split("/")[:-1]
    unlike = (at for at, (left, right) in enumerate(zip(here, there, strict=False)) if left != right)
    return len(here) + len(there) - 2 * next(unlike, min(len(here), len(there)))


class _Run(Struct, frozen=True):
    """A chain: the window of each recorded chunk id in the order of the file, and what its first chunk points at."""

    windows: dict[str, tuple[int | None, int | None]]
    root: str | None

    def follows(self, other: _Run) -> bool:
        """Whether the first chunk points at the last one of the other chain."""
        return bool(self.windows and other.windows) and self.root == next(reversed(other.windows))


def _compared(left: _Run, right: _Run, *, is_same_stream: bool) -> Comparison:
    ours, theirs = left.windows, right.windows
    shared = tuple(one for one in ours if one in theirs)
    only_left = tuple(one for one in ours if one not in theirs)
    only_right = tuple(one for one in theirs if one not in ours)
    by_window = {ours[one]: one for one in only_left}
    conflicts = tuple((by_window[theirs[one]], one) for one in only_right if theirs[one] in by_window)
    relation: Relation = "diverged"
    if not is_same_stream and not shared:
        relation = "unrelated"
    elif is_same_stream and not conflicts:
        relation = _relation(list(ours), list(theirs), shared) if shared else _apart(left, right)
    return Comparison(relation, is_same_stream, shared, only_left, only_right, conflicts)


def _pair_order(pair: ChunkPair) -> tuple[int, int, int]:
    place = pair.left if pair.left is not None else pair.right
    return (-1 if pair.start is None else pair.start, -1 if pair.end is None else pair.end, place or 0)


def _places(document: Document) -> dict[str, int]:
    """Where each recorded chunk id stands first."""
    places: dict[str, int] = {}
    for index, record in enumerate(document.records):
        if (chunk_id := chain.link_of(record).chunk_id) is not None:
            places.setdefault(chunk_id, index)
    return places


def _run(document: Document) -> _Run:
    links = [chain.link_of(record) for record in document.records]
    windows = {link.chunk_id: (link.start, link.end) for link in links if link.chunk_id is not None}
    return _Run(windows, links[0].prev_chunk_id if links else None)


def _apart(left: _Run, right: _Run) -> Relation:
    """How the right chain stands to the left one with which it shares no chunk."""
    if not left.windows and not right.windows:
        return "equal"
    if not left.windows or right.follows(left):
        return "ahead"
    return "behind" if not right.windows or left.follows(right) else "diverged"


def _relation(left: list[str], right: list[str], shared: tuple[str, ...]) -> Relation:
    """How the right chain stands to the left one; both keep the order of the shared chunks or they diverged."""
    if left == right:
        return "equal"
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
    return "pruned" if left_at else "unpruned"
