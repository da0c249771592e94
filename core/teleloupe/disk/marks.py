"""How far a file was read, so that what only grew is read on, and whether what was read before still stands."""

from __future__ import annotations

import hashlib
import os

from msgspec import Struct

PART_BYTES = 1 << 16  # of what was read before, checked again at each growth, one part after the other
WINDOW_BYTES = 4096  # looked at every time, at both ends


class Mark(Struct, frozen=True):
    """How far a file was read, enough to go on from there: its bytes so far are hashed in `state`, never changed.

    `states` are those after each whole part; `turn` says which part is checked at the next growth.
    """

    inode: int
    size: int
    state: hashlib._Hash
    head: bytes
    last: bytes
    states: tuple[hashlib._Hash, ...] = ()
    turn: int = 0


class Hashing:
    """A digest in the making, from the beginning or from a mark on, that keeps its state after each whole part."""

    def __init__(self, mark: Mark | None = None) -> None:
        self.size = mark.size if mark else 0
        self.state = mark.state.copy() if mark else hashlib.sha256()
        self.states = list(mark.states) if mark else []

    def feed(self, data: bytes | memoryview) -> None:
        """Add the bytes that follow."""
        rest = memoryview(data)
        while rest:
            piece = rest[: PART_BYTES - self.size % PART_BYTES]
            rest = rest[len(piece) :]
            self.state.update(piece)
            self.size += len(piece)
            if self.size % PART_BYTES == 0:
                self.states.append(self.state.copy())

    def marked(self, inode: int, head: bytes, last: bytes, turn: int = 0) -> Mark:
        """How far the file is read now, given its first and last bytes."""
        return Mark(inode, self.size, self.state, head, last, tuple(self.states), turn)


def stands(descriptor: int, mark: Mark) -> bool:
    """Whether a file still begins and ends, up to a mark, as it did, and one part between is what it was.

    An edit anywhere is noticed after as many growths as the file has parts: of up to one part, at the first.
    """
    last_at = mark.size - len(mark.last)
    is_framed = (
        os.pread(descriptor, len(mark.head), 0) == mark.head
        and os.pread(descriptor, len(mark.last), last_at) == mark.last
    )
    return is_framed and _is_part_unchanged(descriptor, mark)


def _is_part_unchanged(descriptor: int, mark: Mark) -> bool:
    part = mark.turn % -(-mark.size // PART_BYTES)
    start, end = part * PART_BYTES, min((part + 1) * PART_BYTES, mark.size)
    state = mark.states[part - 1].copy() if part else hashlib.sha256()
    state.update(os.pread(descriptor, end - start, start))
    known = mark.states[part] if part < len(mark.states) else mark.state
    return state.digest() == known.digest()
