"""Curves of points in braille, two dots by four a cell, with letters on them where there are several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from teleloupe.model import Series
from teleloupe.safe import safe
from teleloupe_tui import cells

Piece = tuple[str, str]
Point = tuple[float, float]

DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column and line within a cell
BLANK = 0x2800
LETTERS = "abcdefghijklmnopqrstuvwxyz"
EVERY = 14  # cells between two letters of a curve
TONES = ("mild", "odd", "good", "fresh", "bad")


def curves(series: Sequence[Series], x: str, width: int, room: int) -> list[list[Piece]]:
    """Curves over a common axis in `room` lines: a legend where there are several, the plot, the axis and its name."""
    from teleloupe_tui.charts import axis, figure

    legend = [_legend(series, width)] if len(series) > 1 else []
    lines = room - 2 - len(legend)
    if lines < 1:
        return legend[:room]
    places = [place for one in series for place, _ in one.points]
    values = [value for one in series for _, value in one.points]
    low, high = _range(values)
    names = figure(high), figure(low)
    size = max(map(len, names))
    breadth = max(width - size - 1, 4)
    board = Board(breadth, lines, (min(places), max(places)), (low, high))
    for number, one in enumerate(series):
        board.trace(one.points, number)
    found = list(legend)
    for line, pieces in enumerate(board.lines(has_letters=len(series) > 1)):
        name = names[0] if line == 0 else names[1] if line == lines - 1 else ""
        found.append([(name.rjust(size), "faint"), ("┤" if name else "│", "faint"), *pieces])
    found.append([(" " * size, ""), (f"└{'─' * breadth}", "faint")])
    ends = axis(figure(min(places)), figure(max(places)), safe(x), breadth)
    return [*found, [(" " * (size + 1), ""), (ends, "faint")]]


class Board:
    """Cells with dots in them, and whose curve was drawn last in each."""

    def __init__(self, width: int, height: int, across: tuple[float, float], up: tuple[float, float]) -> None:
        self.width, self.height = width, height
        self.low, self.bottom = across[0], up[0]
        self.by_x = (2 * width - 1) / ((across[1] - across[0]) or 1)
        self.by_y = (4 * height - 1) / ((up[1] - up[0]) or 1)
        self.dots = [[0] * width for _ in range(height)]
        self.owners: list[list[set[int]]] = [[set() for _ in range(width)] for _ in range(height)]

    def trace(self, points: Sequence[Point], owner: int) -> None:
        """Draw a curve through points in their order."""
        dots = list(self._thinned(points))
        if len(dots) == 1:
            self._dot(*dots[0], owner)
        for start, end in pairwise(dots):
            self._stroke(start, end, owner)

    def lines(self, *, has_letters: bool) -> Iterator[list[Piece]]:
        """The cells as text, in pieces of one curve each."""
        letters = self._letters() if has_letters else {}
        for line in range(self.height):
            pieces: list[Piece] = []
            for column in range(self.width):
                owners = self.owners[line][column]
                text = letters.get((line, column)) or (chr(BLANK + self.dots[line][column]) if owners else " ")
                tone = TONES[max(owners) % len(TONES)] if owners else ""
                if pieces and pieces[-1][1] == tone:
                    pieces[-1] = (pieces[-1][0] + text, tone)
                else:
                    pieces.append((text, tone))
            yield pieces

    def _thinned(self, points: Sequence[Point]) -> Iterator[tuple[int, int]]:
        """Dots of the points; of those that fall into one column in turn, the first, lowest, highest and last."""
        column = -1
        held: list[tuple[int, int]] = []
        for place, value in points:
            dot = round((place - self.low) * self.by_x), round((value - self.bottom) * self.by_y)
            if dot[0] != column and held:
                yield from _ends(held)
                held = []
            column = dot[0]
            held.append(dot)
        yield from _ends(held)

    def _stroke(self, start: tuple[int, int], end: tuple[int, int], owner: int) -> None:
        steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
        for step in range(steps + 1):
            part = step / steps
            self._dot(round(start[0] + (end[0] - start[0]) * part), round(start[1] + (end[1] - start[1]) * part), owner)

    def _dot(self, across: int, up: int, owner: int) -> None:
        down = 4 * self.height - 1 - up
        line, column = min(max(down // 4, 0), self.height - 1), min(max(across // 2, 0), self.width - 1)
        self.dots[line][column] |= DOTS[across % 2][down % 4]
        self.owners[line][column].add(owner)

    def _letters(self) -> dict[tuple[int, int], str]:
        """A curve's letter now and then, where it runs alone; the letters of several curves do not stand together."""
        found: dict[tuple[int, int], str] = {}
        count = 1 + max((max(owners) for line in self.owners for owners in line if owners), default=0)
        for owner in range(count):
            last = -EVERY
            offset = EVERY * owner // count
            for column in range(self.width):
                spot = next((row for row in range(self.height) if self.owners[row][column] == {owner}), None)
                if spot is not None and column >= offset and column - last >= EVERY:
                    found[spot, column] = LETTERS[owner % len(LETTERS)]
                    last = column
        return found


def _ends(dots: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if len(dots) < 5:
        return dots
    return [dots[0], min(dots, key=lambda dot: dot[1]), max(dots, key=lambda dot: dot[1]), dots[-1]]


def _range(values: Sequence[float]) -> tuple[float, float]:
    """From zero where that leaves the curve at least half of the room; a flat curve gets room above it."""
    low, high = min(values), max(values)
    if 0 < low <= high / 2 or (low == high and low > 0):
        low = 0.0
    return (low, high) if high > low else (low, low + 1)


def _legend(series: Sequence[Series], width: int) -> list[Piece]:
    found: list[Piece] = []
    for number, one in enumerate(series):
        text = f"{LETTERS[number % len(LETTERS)]} {safe(one.label)}"
        if sum(cells.width(piece) for piece, _ in found) + cells.width(text) + 2 > width:
            break
        found += [(text, TONES[number % len(TONES)]), ("  ", "")]
    return found[:-1]
