"""The only package that opens, reads, stamps and writes files."""

from teleloupe.disk.mounts import file_system
from teleloupe.disk.places import (
    Entry,
    Identity,
    Stamp,
    Unreadable,
    entry,
    identity,
    is_wanted,
    stamp,
    stamp_of,
    walk,
)
from teleloupe.disk.reading import (
    READ_LIMIT_BYTES,
    Mark,
    Tick,
    digest,
    read,
    read_marked,
    read_on,
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
    "read",
    "read_marked",
    "read_on",
    "read_slice",
    "remove",
    "stamp",
    "stamp_of",
    "walk",
    "write",
    "write_in_order",
]
