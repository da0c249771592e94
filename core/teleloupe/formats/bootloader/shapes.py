"""The parts of a report (Bootloader specification, sections 3, 4 and 8)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

BANNER = "WASM QUINE BOOTLOADER - SYSTEM HISTORY EXPORT"
UNSET_RANGE = (2147483647, 0)  # smallest and largest adopted size before any mutant was adopted
STATISTICS = ("attempted", "applied", "breakdown")  # printed all three together or not at all

Form = Literal["", "text-full", "text-basic", "json"]
State = Literal["ok", "partial", "pending", "broken"]
Columns = Literal["", "plain", "leaky"]
Arguments = Literal["", "padded", "unpadded"]


class HistoryRow(Struct, frozen=True, gc=False):
    """What happened at one boot or mutation (specification, section 3.6)."""

    generation: Annotated[int, Meta(description="generation the row belongs to, recovered from the padded column")]
    time: Annotated[str, Meta(description="time of day, UTC, to the millisecond; the producer prints no date")]
    action: Annotated[str, Meta(description="EXECUTE, EVOLVE or REPAIR")]
    ok: Annotated[bool, Meta(description="whether it succeeded")]
    details: Annotated[str, Meta(description="what was verified or mutated, or why it failed")]


class Tally(Struct, frozen=True):
    """How many rows of each kind a history has, and the details of its last failure (None without one)."""

    evolved: int = 0
    inserted: int = 0
    modified: int = 0
    appended: int = 0
    removed: int = 0
    failed: int = 0
    last_failure: str | None = None

    def plus(self, row: HistoryRow) -> Tally:
        """The tally with one more row."""
        evolved, inserted, modified, appended, removed, failed, last = (
            self.evolved, self.inserted, self.modified, self.appended, self.removed, self.failed, self.last_failure,
        )  # fmt: skip
        if not row.ok:
            failed, last = failed + 1, row.details
        if row.action == "EVOLVE":
            evolved += 1
            inserted += row.details.startswith("Inserted")
            modified += row.details.startswith("Modified")
            appended += row.details.startswith("Appended")
            removed += row.details.startswith(("Deleted", "Pruned"))
        return Tally(evolved, inserted, modified, appended, removed, failed, last)


class History(Struct, frozen=True):
    """The history rows that could be read. `lines` holds their line numbers or indices; `is_whole` that all were.

    `highest` is the latest generation of any row, -1 without rows.
    """

    rows: Sequence[HistoryRow]
    lines: Sequence[int]
    tally: Tally
    highest: int = -1
    column: Columns = ""
    is_whole: bool = True


class DumpRow(Struct, frozen=True):
    """A row of the hex dump as it was listed."""

    offset: int
    data: bytes
    characters: str


class Kernel(Struct, frozen=True):
    """The payload: its base64 text as it stands, the bytes, and whether the text is canonical base64 of them."""

    text: str
    payload: bytes
    is_canonical: bool = True

    @property
    def sha256(self) -> str:
        """The payload's digest."""
        return _digest(self.payload)

    @property
    def is_wasm(self) -> bool:
        """Whether the payload begins like a WebAssembly module of version 1."""
        return self.payload[:8] == b"\0asm\1\0\0\0"


class Dialect(Struct, frozen=True):
    """How the producer's version wrote what can be written in several ways ("" where the file does not tell).

    `is_prototype` says that the table shows the prototype's decoding, which splits `if` from its block type.
    """

    history: Columns = ""
    table: Columns = ""
    arguments: Arguments = ""
    is_prototype: bool = False
    line_end: Literal["\n", "\r\n"] = "\n"
    repairs: tuple[str, ...] = ()


class Report(Struct, frozen=True):
    """A report as it was understood.

    `values` are the header's fields under their canonical names, absent ones left out; `places` tells the line of each
    label (in JSON the pointer of each key). `instructions` are decoded from the payload, opcode and immediates each.
    `dump` and `table` are kept only where they differ from what the payload gives; `sections` names the whole ones.
    `table_break` is the first row of the table that is not the payload's instruction.
    """

    form: Form
    state: State
    number: int | None = None
    values: Mapping[str, Any] = {}
    places: Mapping[str, int | str] = {}
    unknown: Mapping[str, Any] = {}
    kernel: Kernel | None = None
    instructions: tuple[bytes, ...] = ()
    opcodes: tuple[int, ...] | None = None
    instances: list[str] | None = None
    dump: tuple[DumpRow, ...] | None = None
    table: tuple[Mapping[str, Any], ...] | None = None
    table_break: int | None = None
    history: History | None = None
    sections: frozenset[str] = frozenset()
    dialect: Dialect = Dialect()

    def at(self, name: str) -> str:
        """Where a label or section stands: `line N`, a JSON Pointer, or "" when it is absent."""
        place = self.places.get(name, "")
        return f"line {place}" if isinstance(place, int) else place


def size_range(report: Report) -> tuple[int, int] | None:
    """The smallest and largest adopted size as written, None where the report does not say both."""
    smallest, largest = report.values.get("min"), report.values.get("max")
    return None if smallest is None or largest is None else (smallest, largest)


@lru_cache(maxsize=64)  # one report's is asked for again and again, then the next one's
def _digest(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()
