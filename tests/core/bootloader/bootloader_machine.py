"""A make-believe machine that mutates a kernel and reports on it, the way the real one does."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from teleloupe.formats.bootloader.lineage import spelled
from teleloupe.formats.bootloader.outline import DUMP, HISTORY, KERNEL, SEQUENCE, TABLE
from teleloupe.formats.bootloader.payload import encoded
from teleloupe.formats.bootloader.shapes import BANNER, Dialect, History, HistoryRow, Kernel, Report, Tally
from teleloupe.formats.bootloader.textwriter import text_of
from teleloupe.formats.bootloader.wasm import opcodes

START = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
SEED_CODE = [b"\x20\x00", b"\x20\x01", b"\x10\x00"]
HEAD = Dialect(history="leaky", table="leaky", arguments="padded")
ALL_SECTIONS = frozenset((KERNEL, SEQUENCE, DUMP, TABLE, HISTORY))


def leb(value: int) -> bytes:
    """An unsigned LEB128 number."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*groups, value))


def section(identity: int, body: bytes) -> bytes:
    return bytes([identity]) + leb(len(body)) + body


def module(code: list[bytes]) -> bytes:
    """A module that imports host.emit, has one memory, and exports its one function `boot`."""
    body = b"\0" + b"".join(code) + b"\x0b"
    return b"".join(
        (
            b"\0asm\1\0\0\0",
            section(1, b"\x01\x60\x02\x7f\x7f\x00"),
            section(2, b"\x01\x04host\x04emit\x00\x00"),
            section(3, b"\x01\x00"),
            section(5, b"\x01\x00\x01"),
            section(7, b"\x01\x04boot\x00\x01"),
            section(10, b"\x01" + leb(len(body)) + body),
        )
    )


def kernel(code: list[bytes]) -> Kernel:
    payload = module(code)
    return Kernel(encoded(payload), payload)


class Machine:
    """Boots, mutates, fails now and then; `report` says what it would write."""

    def __init__(self, seed: int = 1, failing: tuple[int, ...] = ()) -> None:
        self.random, self.failing = random.Random(seed), set(failing)
        self.code, self.generation, self.now = list(SEED_CODE), 0, START
        self.rows: list[HistoryRow] = []
        self.tally, self.trap, self.seconds = Tally(), "", 0.0
        self.smallest, self.largest = 2147483647, 0

    def run(self, generations: int) -> Iterator[Report]:
        """The reports of so many generations."""
        for _ in range(generations):
            self.step()
            yield self.report()

    def step(self) -> None:
        if self.generation in self.failing:
            self.failing.discard(self.generation)
            self._pass_time()
            self.trap = "wasm3 call 'run': [trap] integer overflow"
            self._log("REPAIR", self.trap, ok=False)
            self.code = [*self.code, b"\x41\x05", b"\x1a"]
        before = self.now
        self._pass_time()
        if self.generation:
            self.seconds = (self.now - before).total_seconds()
        self._log("EXECUTE", "Verification Success")
        self._log("EVOLVE", self._mutate())
        size = len(module(self.code))
        self.smallest, self.largest = min(self.smallest, size), max(self.largest, size)
        self.generation += 1

    def report(self) -> Report:
        """The report of the generation about to boot, as the newest version prints it."""
        written = self.now + timedelta(milliseconds=1)
        return replace(
            report_of(self.code, self.generation, written, self.rows, self.tally),
            values=self._values(written),
        )

    def _values(self, written: datetime) -> dict[str, object]:
        tally = self.tally
        values: dict[str, object] = {
            "tool": BANNER,
            "generated": stamp(written),
            "generation": self.generation,
            "kernel_size": len(module(self.code)),
            "attempted": tally.evolved,
            "applied": tally.inserted + tally.modified + tally.appended,
            "breakdown": {
                "insert": tally.inserted,
                "delete": 0,
                "modify": tally.modified,
                "append": tally.appended,
            },
        }
        if self.trap:
            values["trap"] = self.trap
        if self.seconds:
            values["duration"] = self.seconds
        return values | {"min": self.smallest, "max": self.largest}

    def _pass_time(self) -> None:
        self.now += timedelta(milliseconds=self.random.randrange(2000, 8000))

    def _log(self, action: str, details: str, *, ok: bool = True) -> None:
        row = HistoryRow(self.generation, stamp(self.now)[11:23], action, ok, details)
        self.rows.append(row)
        self.tally = self.tally.plus(row)

    def _mutate(self) -> str:
        turn = (self.generation + 1) % 4
        if turn == 3:
            return self._remove()
        sequence = self._sequence()
        if turn == 2:
            self.code = [*self.code, *sequence]
            return f"Appended [{spelled(sequence)}]"
        at = self.random.randrange(len(self.code) + 1)
        self.code[at:at] = sequence
        return f"{'Inserted' if turn else 'Modified'}: [{spelled(sequence)}] at {at}"

    def _sequence(self) -> list[bytes]:
        number = bytes([self.random.randrange(1, 127)])
        if self.random.random() < 0.5:
            return [b"\x41" + number, b"\x1a"]
        return [b"\x41" + number, b"\x41\x21", b"\x6a", b"\x1a"]

    def _remove(self) -> str:
        for at, (one, two) in enumerate(zip(self.code, self.code[1:], strict=False)):
            if one[:1] == b"\x41" and two == b"\x1a":
                del self.code[at : at + 2]
                return "Deleted balanced pair [i32.const, drop]"
        return "No safe deletion targets found (Skipped)"


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def report_of(code: list[bytes], generation: int, written: datetime, rows: list[HistoryRow], tally: Tally) -> Report:
    """A whole text report without statistics."""
    found = kernel(code)
    return Report(
        form="text-full",
        state="ok",
        number=generation,
        values={
            "tool": BANNER,
            "generated": stamp(written),
            "generation": generation,
            "kernel_size": len(found.payload),
        },
        kernel=found,
        instructions=tuple(code),
        opcodes=opcodes(tuple(code)),
        history=History(list(rows), range(len(rows)), tally),
        sections=ALL_SECTIONS,
        dialect=HEAD,
    )


def written(report: Report) -> bytes:
    """The producer's bytes of a report."""
    return text_of(report, has_parity=True)


def run_texts(generations: int, seed: int = 1, failing: tuple[int, ...] = ()) -> list[bytes]:
    """The files of a run's generations, the first of them that of generation 1."""
    return [written(report) for report in Machine(seed, failing).run(generations)]
