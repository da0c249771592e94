"""The only package that opens, reads, stamps and writes files."""

from teleloupe.disk.marks import Mark
from teleloupe.disk.mounts import file_system
from teleloupe.disk.places import (
    Entry,
    Identity,
    Stamp,
    Unreadable,
    entry,
    identity,
    is_wanted,
    listed,
    reason,
    stamp,
    stamp_of,
    unwritable,
    walk,
)
from teleloupe.disk.reading import (
    READ_LIMIT_BYTES,
    Tick,
    digest,
    lines_only,
    read,
    read_marked,
    read_on,
    read_parts,
    read_slice,
)
from teleloupe.disk.writing import remove, write, write_in_order

__all__ = [
    "READ_LIMIT_BYTES",
    "Entry",
    "Identity",
    "Mark",
    "Stamp",
    "Tick",
    "Unreadable",
    "digest",
    "entry",
    "file_system",
    "identity",
    "is_wanted",
    "lines_only",
    "listed",
    "read",
    "read_marked",
    "read_on",
    "read_parts",
    "read_slice",
    "reason",
    "remove",
    "stamp",
    "stamp_of",
    "unwritable",
    "walk",
    "write",
    "write_in_order",
]
