"""What a terminal shows of the bytes written to it: as much of one as full-screen programs use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import get_character_cell_size

_ESCAPES = re.compile(
    r"\x1b\[([0-9;:?<>=$ ]*)([@-~])"  # control sequences
    r"|\x1b[\]P^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # strings to the terminal itself
    r"|\x1b[()][A-Z0-9]|\x1b[=>78MDEHc]"
)
_INCOMPLETE = re.compile(r"\x1b(?:\[[0-9;:?<>=$ ]*|[\]P^_][^\x07\x1b]*\x1b?)?\Z")


class Display:
    """A grid of characters with a cursor; colours are not kept."""

    def __init__(self, columns: int, lines: int) -> None:
        self.columns, self.lines = columns, lines
        self.x = self.y = 0
        self._rows = [[" "] * columns for _ in range(lines)]
        self._rest = ""

    def feed(self, data: bytes) -> None:
        """Obey what was written; a sequence that is not whole waits for its rest."""
        text = self._rest + data.decode("utf-8", "replace")
        cut = _INCOMPLETE.search(text)
        self._rest, text = (text[cut.start() :], text[: cut.start()]) if cut else ("", text)
        at = 0
        for match in _ESCAPES.finditer(text):
            self._write(text[at : match.start()])
            if match[2]:
                self._obey(match[1], match[2])
            at = match.end()
        self._write(text[at:])

    def resize(self, columns: int, lines: int) -> None:
        """Another size, empty until it is drawn to."""
        self.__init__(columns, lines)  # type: ignore[misc]  # as new

    @property
    def text(self) -> list[str]:
        """The lines as they stand."""
        return ["".join(row).rstrip() for row in self._rows]

    def _write(self, text: str) -> None:
        for character in text:
            if character == "\r":
                self.x = 0
            elif character == "\n":
                self.y = min(self.y + 1, self.lines - 1)
            elif character >= " ":
                self._put(character)

    def _put(self, character: str) -> None:
        size = get_character_cell_size(character)
        if self.x + size <= self.columns and self.y < self.lines and size:
            self._rows[self.y][self.x : self.x + size] = [character, *[""] * (size - 1)]
        self.x += size

    def _obey(self, parameters: str, final: str) -> None:
        if not re.fullmatch(r"[0-9;]*", parameters):
            return
        numbers = [int(part or 0) for part in parameters.split(";")]
        if final in "Hf":
            self.y = max(numbers[0], 1) - 1
            self.x = max(numbers[1] if len(numbers) > 1 else 1, 1) - 1
        elif final in "ABCD":
            step = max(numbers[0], 1)
            self.x += {"C": step, "D": -step}.get(final, 0)
            self.y += {"B": step, "A": -step}.get(final, 0)
        elif final in "JK":
            for row in self._erased(final, numbers[0]):
                start = self.x if row == self.y and numbers[0] == 0 else 0
                self._rows[row][start:] = [" "] * (self.columns - start)

    def _erased(self, final: str, how: int) -> Iterator[int]:
        if final == "K":
            yield self.y
        else:
            yield from range(self.lines) if how else range(self.y, self.lines)
