"""A session directory's summary computed from its files, with what the contract's four numbers do not tell."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from teleloupe.columns import getter
from teleloupe.formats.clamp.anchors import Release, export_order
from teleloupe.formats.clamp.directory import Folder
from teleloupe.formats.clamp.figures import Numbers, numbers
from teleloupe.formats.clamp.moments import exact_mean, merged
from teleloupe.model import Document

_NAMES = tuple(getter(name) for name in ("context", "thread_id", "acquired_at"))
_SEED = getter("seed")


class Overview(Struct, frozen=True):
    """A directory as the specification reads it (section 5.3), beside what a reader should know about the numbers.

    `released_mean` is over released records alone (None without any), `unique_count` leaves out copies in cumulative
    exports, `out_of_range` counts corrupt scores, `held` in-flight records that no later export shows released;
    `skipped` names files that no aggregator with a JSON library can read.
    """

    numbers: Numbers = Numbers()
    files: int = 0
    released_mean: float | None = None
    released_count: int = 0
    unique_count: int = 0
    out_of_range: int = 0
    held: int = 0
    skipped: tuple[str, ...] = ()


class HeldAnchor(Struct, frozen=True):
    """An in-flight record: where it stands, what it is called, and the later export that shows it released.

    `is_newest` says that it stands in the directory's newest export: while the run lasts it may still be released.
    """

    path: str
    index: int
    seed: int | None
    context: str
    thread: str
    acquired_at: str
    is_newest: bool
    release: Release | None = None


def overview(documents: Sequence[Document], folder: Folder) -> Overview:
    """The overview of a directory from its files and what they say together."""
    sums = [document.body.figures for document in documents]
    found = numbers([one.specification for one in sums], "specification")
    released = merged(one.released for one in sums)
    held = sum((document.path, index) not in folder.releases for document in documents for index in _held(document))
    return Overview(
        found,
        len(documents),
        exact_mean(released) if released.count else None,
        released.count,
        found.count - folder.repeats.copies,
        sum(one.out_of_range for one in sums),
        held,
        tuple(document.path for document in documents if not document.body.figures.is_read),
    )


def held_anchors(documents: Sequence[Document], folder: Folder) -> list[HeldAnchor]:
    """Every in-flight record of a directory, followed across its exports, in their order."""
    ordered = sorted(documents, key=export_order)
    newest = ordered[-1].path if ordered else ""
    return [
        _held_anchor(document, index, folder, is_newest=document.path == newest)
        for document in ordered
        for index in _held(document)
    ]


def _held_anchor(document: Document, index: int, folder: Folder, *, is_newest: bool) -> HeldAnchor:
    context, thread, acquired = (_text(get(document.records[index])) for get in _NAMES)
    release, seed = folder.releases.get((document.path, index)), _SEED(document.records[index])
    return HeldAnchor(
        document.path, index, seed if type(seed) is int else None, context, thread, acquired, is_newest, release
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _held(document: Document) -> tuple[int, ...]:
    held: tuple[int, ...] = document.body.figures.held
    return held
