"""The producer of the demo: appends, replaces, half-writes, breaks and mends files below `live/`, step by step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from teleloupe import disk
from teleloupe.demo import clamps, foundry, machine, training
from teleloupe.demo.dice import Dice
from teleloupe.formats.toyfoundry.loom import woven_export

LIVE = "live"
MINTS = 6
GENERATIONS = 40  # the run ends there
SESSIONS = 12  # then the first one is written again
PIECES = 8  # in which a slow file is written
FEED_LIMIT = 5_000  # lines; then the feed begins anew

Pause = Callable[[float], None]


class Writer:
    """Writes below `root`/live. Each step is a second's work, told in a line; `pause` waits within one."""

    def __init__(self, root: str, seed: int, pause: Pause) -> None:
        self._root, self._dice, self._pause = os.path.join(root, LIVE), Dice(seed), pause
        self._mint, _ = foundry.feeds(self._dice, MINTS, 0)
        self._reports = machine.reports(self._dice, GENERATIONS)
        self._generation = self._lines = self._events = 0

    def begin(self) -> None:
        """What is there before the first step."""
        self._write("foundry/forge_mint_alfa.jsonl", self._mint)
        for number in range(6):
            self._append_feed(number)
        self._export()

    def steps(self) -> Iterator[str]:
        """Work without end; each line says what was done."""
        number = 0
        while True:
            self._append_feed(number + 6)
            yield self._step(number)
            number += 1

    def _step(self, number: int) -> str:
        turn = number % 12
        session = f"clamp/{clamps.session_name(number // 12 % SESSIONS)}"
        if turn == 5:
            self._write(session, clamps.session(self._dice, number // 12 % SESSIONS, is_broken=True))
            return f"{session} is broken: a mean that is none"
        if turn == 9:
            self._write(session, clamps.session(self._dice, number // 12 % SESSIONS))
            return f"{session} is mended"
        if turn == 1:
            self._dribble(session, clamps.session(self._dice, number // 12 % SESSIONS))
            return f"{session} arrived in pieces"
        if turn in (3, 11):
            self._export()
            return "foundry/composite_export.json is replaced, with its checksum"
        if turn in (2, 6, 10) and (report := next(self._reports, None)) is not None:
            self._generation += 1
            path = f"seq/{machine.RUN}/gen_{self._generation}.txt"
            self._write(path, report)
            return f"{path} is new"
        name, line, is_first = training.live_event(self._dice, self._events)
        self._events += 1
        self._append(f"svr/{name}", line, anew=is_first)
        return f"svr/{name} grew"

    def _append_feed(self, number: int) -> None:
        is_anew = self._lines % FEED_LIMIT == 0
        self._lines += 1
        self._append("foundry/forge_rituals.jsonl", foundry.ritual_line(self._dice, number, MINTS), anew=is_anew)

    def _export(self) -> None:
        feed = disk.read(os.path.join(self._root, "foundry/forge_rituals.jsonl"), "forge_rituals.jsonl").data
        made = foundry.exports(woven_export(foundry.woven(self._mint, feed)).records)
        disk.write_in_order([(os.path.join(self._root, "foundry", name), data) for name, data in made.items()])

    def _write(self, path: str, data: bytes) -> None:
        disk.write(os.path.join(self._root, path), data)

    def _append(self, path: str, data: bytes, *, anew: bool = False) -> None:
        """As a producer appends: to the file itself."""
        place = os.path.join(self._root, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb" if anew else "ab") as file:
            file.write(data)

    def _dribble(self, path: str, data: bytes) -> None:
        """As a slow producer writes: half a file for a while."""
        size = -(-len(data) // PIECES)
        for start in range(0, len(data), size):
            self._append(path, data[start : start + size], anew=start == 0)
            self._pause(0.1)
