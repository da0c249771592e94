"""The bootloader's part of the demo: a make-believe machine that mutates a kernel and reports on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import structs

from teleloupe.demo.dice import Dice
from teleloupe.formats.bootloader.lineage import spelled
from teleloupe.formats.bootloader.outline import DUMP, HISTORY, KERNEL, SEQUENCE, TABLE
from teleloupe.formats.bootloader.payload import encoded
from teleloupe.formats.bootloader.shapes import BANNER, Dialect, History, HistoryRow, Kernel, Report, Tally
from teleloupe.formats.bootloader.textwriter import text_of
from teleloupe.formats.bootloader.wasm import opcodes

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
RUN = "20260302_060000"
GENERATIONS = 12

_SEED_CODE = (b"\x20\x00", b"\x20\x01", b"\x10\x00")
_DIALECT = Dialect(history="leaky", table="leaky", arguments="padded")
_SECTIONS = frozenset((KERNEL, SEQUENCE, DUMP, TABLE, HISTORY))
_HEAD = (
    b"\0asm\1\0\0\0"
    b"\x01\x06\x01\x60\x02\x7f\x7f\x00"  # one type: two integers, no result
    b"\x02\x0d\x01\x04host\x04emit\x00\x00"  # imports host.emit
    b"\x03\x02\x01\x00\x05\x03\x01\x00\x01"  # one function, one page of memory
    b"\x07\x08\x01\x04boot\x00\x01"  # exports the function as `boot`
)

Files = dict[str, bytes]


def machine(dice: Dice) -> Files:
    """The reports of a run, generation by generation."""
    return {f"seq/{RUN}/gen_{number}.txt": data for number, data in enumerate(reports(dice, GENERATIONS), 1)}


def reports(dice: Dice, generations: int) -> Iterator[bytes]:
    """The reports that a machine writes before each boot."""
    running = _Machine(dice)
    for _ in range(generations):
        running.step()
        yield text_of(running.report(), has_parity=True)


class _Machine:
    """Boots and mutates; `report` says what it would write."""

    def __init__(self, dice: Dice) -> None:
        self.dice, self.code = dice, list(_SEED_CODE)
        self.generation, self.now, self.seconds = 0, START, 0.0
        self.rows: list[HistoryRow] = []
        self.tally = Tally()
        self.smallest, self.largest = 2147483647, 0

    def step(self) -> None:
        before = self.now
        self.now += timedelta(milliseconds=2000 + self.dice.below(6000, "pause", self.generation))
        if self.generation:
            self.seconds = (self.now - before).total_seconds()
        self._log("EXECUTE", "Verification Success")
        self._log("EVOLVE", self._mutate())
        size = len(_module(self.code))
        self.smallest, self.largest = min(self.smallest, size), max(self.largest, size)
        self.generation += 1

    def report(self) -> Report:
        written, tally, payload = self.now + timedelta(milliseconds=1), self.tally, _module(self.code)
        values: dict[str, object] = {
            "tool": BANNER,
            "generated": _stamp(written),
            "generation": self.generation,
            "kernel_size": len(payload),
            "attempted": tally.evolved,
            "applied": tally.inserted + tally.modified + tally.appended,
            "breakdown": {
                "insert": tally.inserted,
                "delete": 0,
                "modify": tally.modified,
                "append": tally.appended,
            },
        }
        if self.seconds:
            values["duration"] = self.seconds
        return Report(
            form="text-full",
            state="ok",
            number=self.generation,
            values=values | {"min": self.smallest, "max": self.largest},
            kernel=Kernel(encoded(payload), payload),
            instructions=tuple(self.code),
            opcodes=opcodes(tuple(self.code)),
            history=History(list(self.rows), range(len(self.rows)), structs.replace(tally)),
            sections=_SECTIONS,
            dialect=_DIALECT,
        )

    def _log(self, action: str, details: str) -> None:
        row = HistoryRow(self.generation, _stamp(self.now)[11:23], action, ok=True, details=details)
        self.rows.append(row)
        self.tally = self.tally.plus(row)

    def _mutate(self) -> str:
        """The producer's turn of mutations: insert, append, remove, modify."""
        turn, dice = (self.generation + 1) % 4, self.dice
        if turn == 3:
            return "No safe deletion targets found (Skipped)"
        number = bytes([1 + dice.below(126, "number", self.generation)])
        sequence = [b"\x41" + number, b"\x41\x21", b"\x6a", b"\x1a"]
        if turn == 2:
            self.code = [*self.code, *sequence]
            return f"Appended [{spelled(sequence)}]"
        at = dice.below(len(self.code) + 1, "at", self.generation)
        self.code[at:at] = sequence
        return f"{'Inserted' if turn else 'Modified'}: [{spelled(sequence)}] at {at}"


def _module(code: list[bytes]) -> bytes:
    """A module whose one function is the code."""
    body = b"\0" + b"".join(code) + b"\x0b"
    function = b"\x01" + _leb(len(body)) + body
    return _HEAD + b"\x0a" + _leb(len(function)) + function


def _leb(value: int) -> bytes:
    """An unsigned LEB128 number."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*groups, value))


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
