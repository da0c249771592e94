"""Numbers that look random and are the same for the same seed, on every machine and Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct

Item = TypeVar("Item")


class Dice(Struct, frozen=True):
    """Every throw is named; the same seed and name give the same number."""

    seed: int

    def below(self, limit: int, *name: object) -> int:
        """A number from 0 up to, and not including, the limit."""
        return int.from_bytes(self._digest(name)[:16], "big") % limit

    def one_of(self, items: Sequence[Item], *name: object) -> Item:
        """One of some items."""
        return items[self.below(len(items), *name)]

    def hex(self, digits: int, *name: object) -> str:
        """Lower-case hex digits, at most 64."""
        return self._digest(name).hex()[:digits]

    def _digest(self, name: tuple[object, ...]) -> bytes:
        return hashlib.sha256("/".join(map(str, (self.seed, *name))).encode()).digest()
