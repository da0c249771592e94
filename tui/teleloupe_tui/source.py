"""What the app is fed with: a stream of snapshots, and the bytes behind them when they are asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from threading import Event
from typing import Protocol

from teleloupe.model import Blob, Snapshot
from teleloupe.provenance.explain import Recall
from teleloupe.safe import safe


class Source(Protocol):
    """Where snapshots come from. The app calls `snapshots` once, in a thread of its own, and sets `stop` to end it.

    `roots` are the directories that were asked for, `root` the one that holds them all. `recall` gives remembered bytes
    by their SHA-256, where there is a memory; `is_read_only` forbids every key that writes into the directory.
    """

    root: str
    roots: Sequence[str]
    recall: Recall | None
    is_read_only: bool

    def snapshots(self, stop: Event) -> Iterator[Snapshot]:
        """Ever newer snapshots, until `stop` is set."""

    def mode(self) -> str:
        """How changes are noticed: `native` by the kernel's events, `polling` by looking again and again, or `off`."""

    def read(self, path: str) -> Blob:
        """A file's bytes as they are now; `path` is relative to the root. Raises disk.Unreadable."""

    def reread(self, path: str | None) -> None:
        """Look again at a file, or at everything, whatever its stamp says."""

    def cancel(self) -> None:
        """End the scan that is under way; what it did not read says so."""


def name_of(roots: Sequence[str]) -> str:
    """What directories are called together, as safe text: `exports`, or `exports + sessions`."""
    return " + ".join(safe(os.path.basename(os.path.realpath(root)) or root) for root in roots)
