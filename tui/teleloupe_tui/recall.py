"""What was asked for before: filters, searches and places, of this session and of those before it."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Sequence

from teleloupe import disk

KEPT = 100  # answers to each question
LONGEST = 2000  # characters of an answer worth keeping
LARGEST_BYTES = 1 << 20  # of a file that can be ours


class Recall:
    """The answers to each question, the newest first, each once; kept in the file at `path`, where there is one."""

    def __init__(self, path: str | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._data = b""
        self._answers: dict[str, list[str]] | None = None

    def of(self, question: str) -> Sequence[str]:
        """The answers to a question."""
        return tuple(self._known().get(question, ()))

    def add(self, question: str, answer: str) -> None:
        """Remember an answer as the newest; an empty one is none. Failing to write is no error."""
        answer = answer.strip()
        if not answer or len(answer) > LONGEST:
            return
        known = self._known()
        known[question] = [answer, *(one for one in known.get(question, ()) if one != answer)][:KEPT]
        self._write(known)

    def _known(self) -> dict[str, list[str]]:
        if self._answers is None:
            self._answers = _read(self._path) if self._path else {}
        return self._answers

    def _write(self, known: dict[str, list[str]]) -> None:
        if self._path is not None:
            self._data = json.dumps(known, indent=1).encode()
            threading.Thread(target=self._store, args=(self._path,), name="recall").start()

    def _store(self, path: str) -> None:
        """Write what is newest; off the screen's thread, since writing safely waits for the disk."""
        with self._lock, contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            disk.write(path, self._data, mode=0o600)


def _read(path: str) -> dict[str, list[str]]:
    """What a file holds that is of the right shape; a file that is not ours is forgotten."""
    try:
        data = disk.read_slice(path, 0, LARGEST_BYTES + 1)
        found = json.loads(data) if len(data) <= LARGEST_BYTES else None
    except (disk.Unreadable, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        question: [one for one in answers if isinstance(one, str) and len(one) <= LONGEST][:KEPT]
        for question, answers in found.items()
        if isinstance(answers, list)
    }
