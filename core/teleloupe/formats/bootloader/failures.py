"""Why boots failed (Bootloader specification, sections 3.6 and 12)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from teleloupe.formats.bootloader.shapes import Report

FailureClass = Literal["load", "trap", "panic", "bounds", "verify", "other"]


class Failure(Struct, frozen=True):
    """A failed boot: where in the history it stands, and why it failed."""

    generation: Annotated[int, Meta(description="generation that failed to boot")]
    time: Annotated[str, Meta(description="time of day, UTC")]
    kind: Annotated[FailureClass, Meta(description="class of the reason")]
    reason: Annotated[str, Meta(description="the reason as the producer words it")]
    row: Annotated[int, Meta(description="index of the row in the history")]


def class_of(reason: str) -> FailureClass:
    """The class of a failure's reason."""
    if reason.startswith(("Module load failed:", "Instance lost during boot")):
        return "load"
    if "[trap]" in reason or reason.startswith("unreachable"):
        return "trap"
    if reason.startswith("Kernel Panic:"):
        return "panic"
    if reason.startswith("WASM log out of bounds"):
        return "bounds"
    return "verify" if reason.startswith("Output checksum mismatch") else "other"


def failures(report: Report) -> tuple[Failure, ...]:
    """Every failed boot that a report's history tells of, oldest first."""
    rows = report.history.rows if report.history else ()
    return tuple(
        Failure(row.generation, row.time, class_of(row.details), row.details, index)
        for index, row in enumerate(rows)
        if not row.ok
    )


def trap_origin(report: Report) -> Failure | None:
    """The failure that a report's sticky trap goes back to; None when the history does not tell."""
    trap = report.values.get("trap")
    if not trap or report.history is None or report.history.tally.last_failure != trap:
        return None
    return failures(report)[-1]
