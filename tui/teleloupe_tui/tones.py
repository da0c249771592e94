"""What the styles of a grid look like, by name: colours are the theme's variables, and none is needed to read it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color


class Tone(Struct, frozen=True):
    """Theme variables for text and background ("" leaves what is there), attributes, and those without colours."""

    text: str = ""
    background: str = ""
    attributes: str = ""
    colourless: str = ""


TONES: dict[str, Tone] = {
    "": Tone("foreground", "background"),
    "header": Tone("muted", attributes="underline", colourless="underline"),
    "current": Tone("text-primary", attributes="bold", colourless="bold"),
    "cursor": Tone(background="cursor", colourless="reverse"),
    "behind": Tone(background="panel"),
    "cell": Tone(attributes="underline", colourless="underline"),
    "edge": Tone(attributes="underline", colourless="underline"),
    "found": Tone("background", "accent", colourless="reverse"),
    "gutter": Tone("muted"),
    "hint": Tone("muted"),
    "good": Tone("text-success"),
    "bad": Tone("text-error", attributes="bold", colourless="bold"),
    "odd": Tone("text-warning"),
    "mild": Tone("text-primary"),
    "fresh": Tone("text-accent"),
    "faint": Tone("muted"),
    "spot": Tone("text-accent", attributes="bold underline", colourless="bold underline"),
    "byte": Tone(attributes="reverse", colourless="not reverse bold"),
    "marked": Tone("text-accent", attributes="bold", colourless="bold"),
}


def style(name: str, variables: Mapping[str, str], *, has_colours: bool) -> Style:
    """The style of a name under a theme."""
    tone = TONES[name]
    if not has_colours:
        return Style.parse(tone.colourless or "none")
    text, background = _colour(variables.get(tone.text, "")), _colour(variables.get(tone.background, ""))
    if background is None and tone.background and tone.colourless:  # a theme of the terminal's own colours
        return Style.parse(tone.colourless)
    return Style(color=text, bgcolor=background) + Style.parse(tone.attributes or "none")


def _colour(written: str) -> RichColor | None:
    """A theme's colour; None for one that lets through what is behind it, or is a share of the terminal's own."""
    if not written or " " in written:
        return None
    found = Color.parse(written)
    return found.rich_color if found.a or found.ansi is not None else None
