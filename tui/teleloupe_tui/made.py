"""Files that a producer's rules make, beside what is there: how they differ, and in which lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from teleloupe.diff.encoding import remarks
from teleloupe.diff.lines import compare, unified
from teleloupe.formats import Product
from teleloupe.model import Column, Place, Table
from teleloupe.text import decode, lines

MOST_BYTES = 8 << 20  # files beyond this size are compared as bytes only
MOST_LINES = 5000  # of one file's changes that are listed


class Edit(Struct, frozen=True):
    """A file as it would be: its path, its bytes, those that are there (None: no file), lines that come and go."""

    path: str
    data: bytes
    before: bytes | None
    added: int = 0
    removed: int = 0
    note: str = ""


class Made(Struct, frozen=True, eq=False):
    """What is made of the document at `path`."""

    path: str
    edits: tuple[Edit, ...]


def word_of(edit: Edit) -> str:
    """`new`, `same` or `differs`."""
    return "new" if edit.before is None else "same" if edit.before == edit.data else "differs"


def _lines_of(edit: Edit) -> str | None:
    parts = [f"+{edit.added}"] if edit.added else []
    parts += [f"-{edit.removed}"] if edit.removed else []
    return " ".join(parts) or None


MADE = (
    Column("state", word_of, doc="new: no such file is here; same: byte by byte; differs"),
    Column("lines", _lines_of, doc="lines that come and go"),
    Column("bytes", lambda row: len(row.data), "B", "size as it would be", "integer"),
    Column("was", lambda row: None if row.before is None else len(row.before), "B", "size as it is", "integer"),
    Column("path", lambda row: row.path, doc="relative to the root"),
    Column("note", lambda row: row.note or None, doc="what of it is only encoding"),
)
TEXT = (Column("text", lambda line: line, doc="a line of the change"),)


def beside(
    products: Iterable[Product], stored: Callable[[str], bytes | None], check: Callable[[], None]
) -> tuple[Edit, ...]:
    """The products compared with the stored bytes of their paths; `check` may raise between two files."""
    found = []
    for product in products:
        check()
        found.append(_edit(product, stored(product.path)))
    return tuple(found)


def edit_lines(edit: Edit) -> Table:
    """A file's change as unified lines; of a new one, its lines."""
    texts = list(_changed_lines(edit)) if word_of(edit) != "same" else []
    if len(texts) > MOST_LINES:
        texts = [*texts[:MOST_LINES], f"… {len(texts) - MOST_LINES} more lines"]
    return Table(edit.path, TEXT, texts, lambda _row: Place(edit.path), len(texts))


def _edit(product: Product, before: bytes | None) -> Edit:
    added = removed = 0
    note = ""
    if before is None:
        added = len(lines(decode(product.data).text))
    elif before != product.data:
        note = "; ".join(remarks(before, product.data))
        if max(len(before), len(product.data)) <= MOST_BYTES:
            for block in compare(lines(decode(before).text), lines(decode(product.data).text)):
                if block.kind != "same":
                    removed += block.before_end - block.before_start
                    added += block.after_end - block.after_start
    return Edit(product.path, product.data, before, added, removed, note)


def _changed_lines(edit: Edit) -> Iterable[str]:
    new = lines(decode(edit.data).text)
    if edit.before is None:
        return [f"+{line}" for line in new[: MOST_LINES + 1]]
    if max(len(edit.before), len(edit.data)) > MOST_BYTES:
        return [f"{len(edit.before)} bytes -> {len(edit.data)} bytes, too many to list their lines"]
    old = lines(decode(edit.before).text)
    return list(unified(old, new, compare(old, new))) or [f"only the encoding differs: {edit.note}"]
