"""Python's search for garbage, held back while values are made that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_NEVER = 1_000_000  # collections of one generation before one of the next

_lock = Lock()
_usual: list[tuple[int, int, int]] = []  # one entry for each `kept` that goes on


@contextmanager
def kept() -> Iterator[None]:
    """Only young objects are searched meanwhile: the old ones, again and again, would cost more than reading them.

    May be nested, in several threads too; the last one to end restores what the first one found.
    """
    with _lock:
        young, middle, oldest = gc.get_threshold()
        _usual.append(_usual[0] if _usual else (young, middle, oldest))
        gc.set_threshold(young, _NEVER, _NEVER)
    try:
        yield
    finally:
        with _lock:
            usual = _usual.pop()
            if not _usual:
                gc.set_threshold(*usual)
