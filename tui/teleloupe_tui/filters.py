"""The last wall before the terminal: whatever a widget drew, no control character and, if asked, no colour gets out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from teleloupe_tui import asciis

# C0, DEL, C1 and what turns the direction of writing; `safe` has spelt them out long before, unless a widget forgot it
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_STAND_IN = "?"


class ControlWall(LineFilter):
    """Replaces every control character of drawn text by a question mark of the same width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the base's signature
        """The same segments, without control characters in their text."""
        found: Callable[[str], object] = _CONTROL.search
        if not any(found(segment.text) for segment in segments):
            return segments
        return [Segment(_CONTROL.sub(_STAND_IN, text), style, None) for text, style, _ in segments]


class Colourless(LineFilter):
    """Keeps bold, dim, underline and reverse, and drops every colour (NO_COLOR)."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the base's signature
        """The same segments in the terminal's own two colours."""
        return [Segment(text, style and _without_colour(style), control) for text, style, control in segments]


class Ascii(LineFilter):
    """Puts characters that every terminal and font has in place of all others."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the base's signature
        """The same segments in ASCII, of the same width."""
        if all(segment.text.isascii() for segment in segments):
            return segments
        return [Segment(asciis.plain(text), style, control) for text, style, control in segments]


@lru_cache(1024)
def _without_colour(style: Style) -> Style:
    return Style(bold=style.bold, dim=style.dim, italic=style.italic, underline=style.underline, reverse=style.reverse)
