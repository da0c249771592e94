"""Why a conduit run is refused, and how a refusal is told (sections 7.5 and 8)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from teleloupe.formats.weftend.canonical import code_units

MAX_TOLD = 32  # D-48
TRUNCATED = "TELEMETRY_ISSUES_TRUNCATED"


class Problem(Struct, frozen=True, order=True):
    """One reason: its code, the file below the release folder, the JSON Pointer inside it, and what is known of it."""

    code: str
    file: str
    path: str = ""
    detail: str = ""


def field_invalid(file: str, path: str, detail: str) -> Problem:
    """A member outside its grammar."""
    return Problem("FIELD_INVALID", file, path, detail)


def ordered(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Each place of a code once, by code, path and detail in code units (K0)."""
    unique = {(one.code, one.file, one.path): one for one in reversed(problems)}
    return tuple(
        sorted(
            unique.values(),
            key=lambda one: (code_units(one.code), code_units(one.path), code_units(one.detail), one.file),
        )
    )


def told(problems: Sequence[Problem]) -> list[str]:
    """The lines of a refusal: the first code in brackets, then a line a problem, at most 32."""
    listed = ordered(problems)
    kept = listed if len(listed) <= MAX_TOLD else listed[: MAX_TOLD - 1]
    lines = [f"[{listed[0].code}]", *(f"{one.code}: {one.file} {one.path}".rstrip() for one in kept)]
    if len(kept) < len(listed):
        lines.append(f"{TRUNCATED}: kept={len(kept)},dropped={len(listed) - len(kept)}")
    return lines
