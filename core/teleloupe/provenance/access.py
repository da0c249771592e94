"""Bytes below one directory, and not beyond it: what claims are checked against."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from msgspec import Struct

from teleloupe import disk

Read = Callable[[str], bytes]


class Access(Struct, frozen=True):
    """How documents of one directory are read again; both raise disk.Unreadable.

    `root` is the absolute POSIX path of the directory; `read` gives stored bytes, `digest` hashes in constant memory.
    """

    root: str
    read: Read
    digest: Callable[[str, str], str]


def below(root: str, asked: str = "", homes: Sequence[str] = ()) -> Access:
    """Access to the files below a directory, or beside a file; links out are refused, but for the file `asked` for.

    `homes` are the directories below the root that may be read, by default all of it.
    """
    absolute = os.path.abspath(os.path.dirname(root) if os.path.isfile(root) else root)
    real_homes = disk.resolved(homes or [absolute])

    def checked(path: str) -> str:
        full = os.path.join(absolute, path)
        if path != asked and disk.leads_out(full, real_homes):
            raise disk.Unreadable(f"{path} is a link out of the watched directory; not read")
        return full

    def read(path: str) -> bytes:
        full = checked(path)
        found = disk.stamp(full)
        return disk.read_slice(full, 0, found.size if found else 0)

    return Access(absolute, read, lambda path, algorithm: disk.digest(checked(path), algorithm))


def giving_way(access: Access, give_way: Callable[[], None]) -> Access:
    """The same access, with `give_way` called before each read."""

    def read(path: str) -> bytes:
        give_way()
        return access.read(path)

    return Access(access.root, read, access.digest)
