"""Stand-ins in ASCII for all that is drawn, cell for cell, for terminals and fonts that have no more."""

from __future__ import annotations

from rich.cells import get_character_cell_size

_BRAILLE = range(0x2800, 0x2900)
_GROUPS = {
    "-": "─━═╌╍┄┅┈┉╴╶╸╺–—‐‑−",
    "|": "│┃║╎╏┆┇┊┋╵╷╹╻▌▐▏▕▎",
    "+": "┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬▅▆",
    "<": "←‹◀◂«",
    ">": "→›▶▸»",
    "^": "↑▲▴",
    "v": "↓▼▾",
    "*": "•●◆■★✱",
    ".": "·⋯∙▁▂",
    ":": "▃▄▍",
    "#": "█▇▉▊▓▒░",
    "=": "▋",
    '"': "▀▔“”",
    "'": "‘’",
    "$": "…",
    "%": "≈",
    "0": "∅",
    "x": "×✗✕",
    " ": "\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}",
}


class _StandIns(dict[int, str]):
    """By code point; what has none is question marks of the same width."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        if point < 0x80:
            found = character
        elif point in _BRAILLE:
            found = " ..:::###"[(point - 0x2800).bit_count()]
        else:
            found = "?" * get_character_cell_size(character)
        self[point] = found
        return found


_STAND_INS = _StandIns({ord(one): plain for plain, group in _GROUPS.items() for one in group} | {0x1F50E: "/ "})


def plain(text: str) -> str:
    """The text in ASCII, of the same width."""
    return text if text.isascii() else text.translate(_STAND_INS)
