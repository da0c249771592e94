"""Line differences by unique anchors: lines that occur once on both sides pin the rest down (patience diff).

Between anchors the search goes on; where nothing is unique a greedy shortest edit is looked for within a fixed budget,
and past it the whole stretch is called replaced. So the time is about linear whatever the input.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from itertools import islice
from operator import lt
from typing import Literal

from msgspec import Struct

MYERS_BUDGET = 1_000_000  # steps spent on stretches without a unique line, all together
DEPTH_LIMIT = 64  # of anchors within anchors; hostile input could nest them line by line
CONTEXT = 3


class Block(Struct, frozen=True):
    """Lines `before[before_start:before_end]` became `after[after_start:after_end]`; equal ones are `same`."""

    kind: Literal["same", "added", "removed", "changed"]
    before_start: int
    before_end: int
    after_start: int
    after_end: int


Range = tuple[int, int, int, int]


def compare(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Block]:
    """The blocks that lead from one sequence of lines to the other, in order and without a gap."""
    numbers: dict[Hashable, int] = {}
    left = [numbers.setdefault(line, len(numbers)) for line in before]
    right = [numbers.setdefault(line, len(numbers)) for line in after]
    return list(_blocks(_matches(left, right), len(left), len(right)))


def unified(
    before: Sequence[str], after: Sequence[str], blocks: Sequence[Block], context: int = CONTEXT
) -> Iterator[str]:
    """Unified diff lines, hunk headers included, without file names and line ends."""
    for hunk in _hunks(blocks, context):
        first, last = hunk[0], hunk[-1]
        old = _span(first.before_start, last.before_end)
        new = _span(first.after_start, last.after_end)
        yield f"@@ -{old} +{new} @@"
        for block in hunk:
            if block.kind == "same":
                yield from (f" {line}" for line in before[block.before_start : block.before_end])
            else:
                yield from (f"-{line}" for line in before[block.before_start : block.before_end])
                yield from (f"+{line}" for line in after[block.after_start : block.after_end])


def longest_rising(values: Sequence[int]) -> list[int]:
    """The positions of a longest strictly rising run of values, gaps allowed."""
    if all(map(lt, values, islice(values, 1, None))):
        return list(range(len(values)))
    tails: list[int] = []  # the smallest last value of a run of each length
    ends: list[int] = []  # where it stands
    previous: list[int] = []
    for position, value in enumerate(values):
        length = bisect_left(tails, value)
        previous.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(value)
            ends.append(position)
        else:
            tails[length], ends[length] = value, position
    run: list[int] = []
    position = ends[-1] if ends else -1
    while position >= 0:
        run.append(position)
        position = previous[position]
    return run[::-1]


def _matches(left: list[int], right: list[int]) -> list[tuple[int, int, int]]:
    """Runs of equal lines as (position before, position after, length), rising in both."""
    found: list[tuple[int, int, int]] = []
    budget = MYERS_BUDGET
    pending: list[tuple[Range, int]] = [((0, len(left), 0, len(right)), 0)]
    while pending:
        (a0, a1, b0, b1), depth = pending.pop()
        head = 0
        while a0 + head < a1 and b0 + head < b1 and left[a0 + head] == right[b0 + head]:
            head += 1
        tail = 0
        while a1 - tail > a0 + head and b1 - tail > b0 + head and left[a1 - tail - 1] == right[b1 - tail - 1]:
            tail += 1
        found += [run for run in ((a0, b0, head), (a1 - tail, b1 - tail, tail)) if run[2]]
        a0, a1, b0, b1 = a0 + head, a1 - tail, b0 + head, b1 - tail
        if a0 == a1 or b0 == b1:
            continue
        anchors = _anchors(left, right, (a0, a1, b0, b1)) if depth < DEPTH_LIMIT else []
        if anchors:
            found += [(a, b, 1) for a, b in anchors]
            pending += [(gap, depth + 1) for gap in _gaps(anchors, (a0, a1, b0, b1))]
        else:
            runs, spent = _shortest_edit(left[a0:a1], right[b0:b1], budget)
            budget -= spent
            found += [(a0 + a, b0 + b, length) for a, b, length in runs]
    return sorted(found)


def _anchors(left: list[int], right: list[int], area: Range) -> list[tuple[int, int]]:
    """The lines that occur once on each side of the area, the longest run of them that is in the same order."""
    a0, a1, b0, b1 = area
    once_left, once_right = _once(left, a0, a1), _once(right, b0, b1)
    common = [(a, once_right[line]) for line, a in once_left.items() if line in once_right]
    return [common[position] for position in longest_rising([b for _, b in common])]


def _once(lines: list[int], start: int, end: int) -> dict[int, int]:
    places: dict[int, int] = {}
    repeated: set[int] = set()
    for place in range(start, end):
        line = lines[place]
        if line in places:
            repeated.add(line)
        else:
            places[line] = place
    for line in repeated:
        del places[line]
    return places


def _gaps(anchors: list[tuple[int, int]], area: Range) -> Iterator[Range]:
    a, b = area[0], area[2]
    for next_a, next_b in (*anchors, (area[1], area[3])):
        if a < next_a or b < next_b:
            yield a, next_a, b, next_b
        a, b = next_a + 1, next_b + 1


def _shortest_edit(left: list[int], right: list[int], budget: int) -> tuple[list[tuple[int, int, int]], int]:
    """Equal runs on a shortest edit path (Myers' greedy search), and the steps it took; no runs when over budget."""
    rows: list[list[int]] = []  # for each number of edits the furthest place before, by diagonal from the lowest
    spent = 0
    for edits in range(len(left) + len(right) + 1):
        row: list[int] = []
        for diagonal in range(-edits, edits + 1, 2):
            a, _ = _furthest(rows, edits, diagonal, len(left), len(right))
            start = a
            while 0 <= a < len(left) and a - diagonal < len(right) and left[a] == right[a - diagonal]:
                a += 1
            spent += 1 + a - start
            row.append(a)
            if a == len(left) and a - diagonal == len(right):
                return _walked_back(rows, len(left), len(right)), spent
        rows.append(row)
        if spent > budget:
            break
    return [], spent


def _furthest(rows: list[list[int]], edits: int, diagonal: int, most_a: int, most_b: int) -> tuple[int, bool]:
    """Where so many edits lead on a diagonal, and whether the last one adds a line; -1 where they lead nowhere."""
    if not edits:
        return 0, False
    row, index = rows[edits - 1], (diagonal + edits) // 2
    added = row[index] if index < len(row) and row[index] - diagonal <= most_b else -1
    removed = row[index - 1] + 1 if index and 0 <= row[index - 1] < most_a else -1
    return (added, True) if added >= removed else (removed, False)


def _walked_back(rows: list[list[int]], a: int, b: int) -> list[tuple[int, int, int]]:
    """The equal runs of the path that ends at (a, b)."""
    runs: list[tuple[int, int, int]] = []
    most_a, most_b = a, b
    for edits in range(len(rows), -1, -1):
        diagonal = a - b
        start, is_added = _furthest(rows, edits, diagonal, most_a, most_b)
        if a > start:
            runs.append((start, start - diagonal, a - start))
        a, b = (start, start - diagonal - 1) if is_added else (start - 1, start - diagonal)
    return runs[::-1]


def _blocks(matches: list[tuple[int, int, int]], before_end: int, after_end: int) -> Iterator[Block]:
    a = b = start_a = start_b = 0
    for next_a, next_b, length in (*matches, (before_end, after_end, 0)):
        if next_a > a or next_b > b or not length:
            if a > start_a:
                yield Block("same", start_a, a, start_b, b)
            if next_a > a or next_b > b:
                kind: Literal["added", "removed", "changed"] = "changed"
                kind = "added" if next_a == a else "removed" if next_b == b else kind
                yield Block(kind, a, next_a, b, next_b)
            start_a, start_b = next_a, next_b
        a, b = next_a + length, next_b + length


def _hunks(blocks: Sequence[Block], context: int) -> Iterator[list[Block]]:
    """Changes with their surroundings; those closer than twice the context stand together."""
    hunk: list[Block] = []
    for index, block in enumerate(blocks):
        if block.kind != "same":
            hunk.append(block)
            continue
        size = block.before_end - block.before_start
        is_last = index == len(blocks) - 1
        if hunk:
            kept = min(size, context) if is_last or size > 2 * context else size
            hunk.append(_cut(block, 0, kept))
            if is_last or size > 2 * context:
                yield hunk
                hunk = []
        if not hunk and not is_last:
            hunk = [_cut(block, size - min(size, context), size)]
    if any(block.kind != "same" for block in hunk):
        yield hunk


def _cut(block: Block, start: int, end: int) -> Block:
    a, b = block.before_start, block.after_start
    return Block("same", a + start, a + end, b + start, b + end)


def _span(start: int, end: int) -> str:
    count = end - start
    return f"{start + 1 if count else start},{count}" if count != 1 else f"{start + 1}"
