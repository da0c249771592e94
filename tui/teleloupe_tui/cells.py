"""Values as text of a certain width: cut, padded, and coloured by what they say."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len, chop_cells, set_cell_size

from teleloupe.safe import cell, safe

LONGEST_SHOWN = 2000  # characters of one value that are looked at for one line of a screen
LONGEST_LINE = 20_000  # of a text
ELLIPSIS = "…"

# what a word means, as the name of a style; a word is always shown beside its colour
TONES: dict[str, str] = {
    "ok": "good",
    "error": "bad",
    "unreadable": "bad",
    "mismatch": "bad",
    "truncated": "bad",
    "missing-artefact": "bad",
    "gone": "bad",
    "warning": "odd",
    "older-version": "odd",
    "elsewhere": "odd",
    "unreadable-claim": "odd",
    "ambiguous-claim": "odd",
    "arriving": "fresh",
    "new": "fresh",
    "changed": "fresh",
    "STALE": "odd",
    "CUT": "bad",
    "MISSING": "bad",
    "MISFIT": "bad",
    "moved": "odd",
    "unread": "odd",
    "unclear": "odd",
    "info": "mild",
    "unknown": "faint",
    "none": "faint",
    "(absent)": "faint",
}
_EXPLAINED = frozenset(
    {
        *("line-endings", "final-newline", "bom", "encoding", "canonical-form", "twin", "regenerated"),
        *("eol", "newline", "encoded", "canon", "regen"),
    }
)  # verdicts that are not `ok` and yet proven harmless


# verdicts in the narrow column of the ledger
_SHORT_VERDICTS = {
    "": "none", "line-endings": "eol", "final-newline": "newline", "encoding": "encoded", "canonical-form": "canon",
    "older-version": "STALE", "regenerated": "regen", "elsewhere": "moved", "truncated": "CUT",
    "missing-artefact": "MISSING", "unreadable-claim": "unread", "ambiguous-claim": "unclear", "mismatch": "MISFIT",
}  # fmt: skip


def short_verdict(word: Any) -> str:
    """A verdict in at most eight letters; capitals need attention."""
    return _SHORT_VERDICTS.get(word or "", shown(word))


def tone(word: str) -> str:
    """The name of the style a state, severity or verdict is drawn in; "" for plain text."""
    return "mild" if word in _EXPLAINED else TONES.get(word, "")


def shown(value: Any) -> str:
    """A value as safe text on one line, no longer than a screen could need."""
    if isinstance(value, str) and len(value) > LONGEST_SHOWN:
        return cell(value[:LONGEST_SHOWN])
    text = cell(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN]


def line(value: str) -> str:
    """A line of a file as safe text, as far as one can reasonably step sideways in it."""
    return safe(value[:LONGEST_LINE])


def width(text: str) -> int:
    """How many terminal cells a text takes."""
    return len(text) if text.isascii() else cell_len(text)


def fitted(text: str, size: int, *, is_right: bool = False, keeps_end: bool = False) -> str:
    """The text in exactly `size` cells: padded, or cut with an ellipsis at its end (at its start: `keeps_end`)."""
    own = width(text)
    if own <= size:
        return text.rjust(size + len(text) - own) if is_right else text.ljust(size + len(text) - own)
    if size <= 1:
        return ELLIPSIS[:size]
    if text.isascii():
        return ELLIPSIS + text[own - size + 1 :] if keeps_end else text[: size - 1] + ELLIPSIS
    if keeps_end:
        kept = chop_cells(text[::-1], size - 1)[0][::-1]
        return ELLIPSIS + kept + " " * (size - 1 - cell_len(kept))
    return set_cell_size(text, size - 1) + ELLIPSIS


def age(seconds: float) -> str:
    """How long ago, in at most four characters: 5s, 12m, 3h, 4d, 2y; "now" below a second."""
    for size, unit in ((365 * 86400, "y"), (86400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return "now"


def size(count: int) -> str:
    """A number of bytes in at most seven characters: 812 B, 5.1 KB, 170 MB."""
    value = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def number(count: int) -> str:
    """A count with thin groups of three: 12 345."""
    return f"{count:,}".replace(",", "\N{NO-BREAK SPACE}")


def amount(count: int, noun: str, plural: str = "") -> str:
    """A count and its noun: 1 file, 12 files."""
    return f"{number(count)} {noun if count == 1 else plural or noun + 's'}"
