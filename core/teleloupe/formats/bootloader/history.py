"""History rows and their padded generations (Bootloader specification, section 3.6).

Every report of a run repeats the rows of the one before. So clean rows are remembered as a tree: where a report says
what an earlier one said, its rows and their tally are found by one look-up a line and shared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from teleloupe.formats.bootloader import rules
from teleloupe.formats.bootloader.findings import Findings
from teleloupe.formats.bootloader.shapes import Columns, History, HistoryRow, Tally
from teleloupe.formats.bootloader.values import is_time, milliseconds

ACTIONS = ("EXECUTE", "EVOLVE", "REPAIR")
HALF_A_DAY_MS = 12 * 3600 * 1000  # a larger step back is midnight
COLUMN_DIGITS = 4

_CLEAN = re.compile(
    r"\[GEN (\d{1,18})\] ((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3})"
    r" \| (EXECUTE|EVOLVE|REPAIR) * \| (OK|FAIL) * \| (.*)",
    re.ASCII | re.DOTALL,
)
_GENERATION = re.compile(r"\d{1,18}", re.ASCII)
_PARTS = 4
_MAX_REMEMBERED_LINE = 400  # characters; no producer's row is half as long
_MAX_STEPS = 20_000  # remembered rows: some 10 MB, and more than the longest run seen has


class RowText(Struct, frozen=True):
    """A row's five parts as they are printed, its status read."""

    generation: str
    time: str
    action: str
    ok: bool
    details: str


class _Step:
    """A remembered row after its predecessors: the rows that followed it so far, by their text."""

    __slots__ = ("following", "is_leaky", "is_plain", "row", "tally")

    def __init__(self, row: HistoryRow | None, tally: Tally, *, is_leaky: bool, is_plain: bool) -> None:
        self.row, self.tally = row, tally
        self.is_leaky, self.is_plain = is_leaky, is_plain
        self.following: dict[str, _Step] = {}


class _Memory:
    """The tree of remembered rows; once it is full it takes no more, and the next history begins a new one."""

    def __init__(self) -> None:
        self.start, self.steps = self._empty(), 0

    def beginning(self) -> _Step:
        if self.steps >= _MAX_STEPS:
            self.start, self.steps = self._empty(), 0
        return self.start

    def remember(self, after: _Step, line: str, step: _Step) -> None:
        if self.steps < _MAX_STEPS and len(line) <= _MAX_REMEMBERED_LINE:
            after.following[line] = step
            self.steps += 1

    def _empty(self) -> _Step:
        return _Step(None, Tally(), is_leaky=True, is_plain=True)


_memory = _Memory()


def read_history(
    content: Sequence[str], first: int, final: int | None, findings: Findings, prefix: str = ""
) -> History:
    """The rows of a history whose lines are numbered from `first`; what is wrong with them goes to `findings`.

    Places are line numbers, or JSON Pointers that begin with `prefix`.
    """
    return _clean_history(content, first) or _faulty_history(content, first, final, findings, prefix)


def judged_history(
    texts: Iterable[tuple[int, HistoryRow]], prefix: str, findings: Findings, *, is_whole: bool
) -> History:
    """The history of rows whose generations are numbers already, as JSON has them; places begin with `prefix`."""
    rows: list[HistoryRow] = []
    lines: list[int] = []
    judge = _Judge(findings)
    for index, row in texts:
        place = f"{prefix}/{index}"
        if row.generation < judge.highest:
            findings.add(rules.HISTORY_FALLS, place, f"generation {row.generation} after {judge.highest}")
        judge.judge(row, place)
        rows.append(row)
        lines.append(index)
    return History(tuple(rows), lines, judge.tally, judge.highest, "", is_whole and judge.has_times)


def candidates(text: str) -> list[int]:
    """What a printed generation can stand for, ascending: itself, or itself without up to three padded zeros."""
    found = [int(text)]
    if len(text) == COLUMN_DIGITS and text[0] != "0":
        found += [int(text[:-zeros]) for zeros in (1, 2, 3) if text.endswith("0" * zeros)]
    return sorted(found)


def column_of(is_leaky: bool, is_plain: bool) -> Columns:
    """The column's dialect, "" when the rows fit both or neither."""
    if is_leaky == is_plain:
        return ""
    return "leaky" if is_leaky else "plain"


def _clean_history(content: Sequence[str], first: int) -> History | None:
    """A history without any fault; None when it has one."""
    step, rows = _memory.beginning(), []
    for line in content:
        following = step.following.get(line) or _next_step(step, line)
        if following is None or following.row is None:
            return None
        step = following
        rows.append(following.row)
    highest = rows[-1].generation if rows else -1
    lines = range(first, first + len(rows))
    return History(tuple(rows), lines, step.tally, highest, column_of(step.is_leaky, step.is_plain))


def _next_step(after: _Step, line: str) -> _Step | None:
    """The step of a clean row after another, remembered; None for any other row."""
    match = _CLEAN.fullmatch(line)
    if match is None:
        return None
    printed, time, action, word, details = match.groups()
    before = after.row
    generation = _fitting(printed, before.generation if before else None)
    if generation is None or (before and _is_fall(before.time, time)):
        return None
    row = HistoryRow(generation, time, action, word == "OK", details)
    is_leaky, is_plain = _columns_fitted(printed, generation, is_first=before is None)
    step = _Step(row, after.tally.plus(row), is_leaky=after.is_leaky and is_leaky, is_plain=after.is_plain and is_plain)
    _memory.remember(after, line, step)
    return step


def _is_fall(before: str, time: str) -> bool:
    return 0 < milliseconds(before) - milliseconds(time) <= HALF_A_DAY_MS


def _columns_fitted(printed: str, generation: int, *, is_first: bool) -> tuple[bool, bool]:
    """Whether a printed generation is the leaking column's and whether it is the plain one's."""
    is_plain = printed == f"{generation:04d}"
    return is_plain if is_first else printed == f"{generation:0<4d}", is_plain


def _fitting(printed: str, previous: int | None) -> int | None:
    """The generation that follows on from its predecessor; the first row's begins the log."""
    possible = candidates(printed)
    if previous is None:
        return int(printed) if printed[0] == "0" else possible[0]
    return next((each for each in possible if each in (previous, previous + 1)), None)


def _faulty_history(content: Sequence[str], first: int, final: int | None, findings: Findings, prefix: str) -> History:
    """A history row by row, with every fault."""
    rows: list[HistoryRow] = []
    lines: list[int] = []
    judge, is_whole, is_leaky, is_plain = _Judge(findings), True, True, True
    for number, line in enumerate(content, first):
        if not line.strip():
            continue
        place = f"{prefix}/{number}" if prefix else number
        text = row_text(line)
        if text is None:
            findings.add(rules.HISTORY_ROW, place, "this history row cannot be read", actual=line[:200])
            is_whole = False
            continue
        previous = judge.highest if rows else None
        generation = _resolved(text.generation, previous, final, place, findings)
        fitted = _columns_fitted(text.generation, generation, is_first=not rows)
        is_leaky, is_plain = is_leaky and fitted[0], is_plain and fitted[1]
        row = HistoryRow(generation, text.time, text.action, text.ok, text.details)
        judge.judge(row, place)
        rows.append(row)
        lines.append(number)
    column = column_of(is_leaky, is_plain)
    return History(tuple(rows), lines, judge.tally, judge.highest, column, is_whole and judge.has_times)


def row_text(line: str) -> RowText | None:
    """A row cut into its parts; None when it is no history row. Details may hold bars."""
    parts = line.split(" | ", 3)
    if len(parts) != _PARTS or not parts[0].startswith("[GEN "):
        return None
    printed, closing, time = parts[0][5:].partition("]")
    word = parts[2].strip()
    if not closing or not _GENERATION.fullmatch(printed.strip()) or word not in ("OK", "FAIL"):
        return None
    return RowText(printed.strip(), time.strip(), parts[1].strip(), word == "OK", parts[3])


def _resolved(printed: str, highest: int | None, final: int | None, place: int | str, findings: Findings) -> int:
    """The generation of a row; where none follows on, the nearest that can be meant."""
    found = _fitting(printed, highest)
    if found is not None:
        return found
    possible, highest = candidates(printed), highest or 0
    above = [each for each in possible if each > highest]
    below = [each for each in possible if each < highest]
    within = [each for each in above if final is None or each <= final]
    if within:
        message = f"{printed} does not follow on from {highest}; taken for {within[0]}"
        findings.add(rules.GENERATION_UNCLEAR, place, message)
        return within[0]
    if below:
        findings.add(rules.HISTORY_FALLS, place, f"generation {below[-1]} after {highest}")
        return below[-1]
    return above[0]


class _Judge:
    """Row after row: the tally, the highest generation so far, times that fall, actions nobody knows."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.tally, self.has_times = Tally(), True
        self.highest = -1
        self.last_time = ""

    def judge(self, row: HistoryRow, place: int | str) -> None:
        self.tally = self.tally.plus(row)
        self.highest = max(self.highest, row.generation)
        if row.action not in ACTIONS:
            self.findings.add(rules.UNKNOWN_ACTION, place, f"action {row.action[:40]!r} is unknown")
        if not is_time(row.time):
            self.findings.add(rules.HISTORY_ROW, place, "the time cannot be read", actual=row.time[:40])
            self.has_times = False
            return
        if self.last_time and _is_fall(self.last_time, row.time):
            self.findings.add(rules.TIME_FALLS, place, f"{row.time} after {self.last_time}")
        self.last_time = row.time
