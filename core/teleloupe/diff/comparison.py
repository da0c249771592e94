"""Two versions of an artefact and what leads from one to the other: encoding, header fields, records."""

from __future__ import annotations

from msgspec import Struct

from teleloupe import formats
from teleloupe.diff.encoding import remarks
from teleloupe.diff.records import Difference, difference
from teleloupe.model import Blob, Document


class Comparison(Struct, frozen=True):
    """Two versions of an artefact and what leads from one to the other.

    `before` or `after` is None where it is not there; `is_understood` when records or fields could be compared; the
    bytes are kept for the line view, `later` is the later version as it was read; `note` says what proves the bytes.
    """

    before: str | None
    after: str | None
    kind: str
    encoding: tuple[str, ...] = ()
    changes: Difference = Difference()
    before_data: bytes = b""
    after_data: bytes = b""
    is_understood: bool = False
    note: str = ""
    later: Document | None = None

    @property
    def is_different(self) -> bool:
        """Whether the bytes differ."""
        return self.kind != "same"

    @property
    def is_encoding_alone(self) -> bool:
        """Whether the bytes differ, but no value and no order of values does."""
        return self.is_different and self.is_understood and self.changes.is_empty


def compared(before: Blob, after: Blob, before_name: str, after_name: str, note: str = "") -> Comparison:
    """What leads from one blob to another; records are matched by the key of the format that both are in."""
    old, new = formats.load(before), formats.load(after)
    is_same = before.data == after.data
    is_understood = bool(old.format and new.format) and _has_content(old, new)
    changes = Difference(same=len(new.records)) if is_same else difference(old, new, _key(old, new))
    return Comparison(
        before_name,
        after_name,
        "same" if is_same else "changed",
        remarks(before.data, after.data, may_be_layout=changes.is_empty or not is_understood),
        changes,
        before.data,
        after.data,
        is_understood=is_understood,
        note=note,
        later=new,
    )


def _key(old: Document, new: Document) -> formats.Key | None:
    """The key of the format that both are in."""
    form = formats.named(old.format) if old.format and old.format == new.format else None
    return form.key if form else None


def _has_content(old: Document, new: Document) -> bool:
    """Whether records or header fields were read, so that a comparison of them means something."""
    return any(document.records or document.header for document in (old, new))
