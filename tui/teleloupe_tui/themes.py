"""The looks that are ours: dark, light, both with high contrast, and one without any colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from teleloupe.safe import safe

if TYPE_CHECKING:
    from textual.theme import Theme

DARK, LIGHT = "teleloupe-dark", "teleloupe-light"
CONTRAST_DARK, CONTRAST_LIGHT = "teleloupe-contrast-dark", "teleloupe-contrast-light"
MONOCHROME = "teleloupe-monochrome"
NAMES = (DARK, LIGHT, CONTRAST_DARK, CONTRAST_LIGHT, MONOCHROME)

# name -> the colours of Textual's Theme, and our own variables; every text is readable on every ground (tested)
_COLOURS: dict[str, dict[str, Any]] = {
    DARK: {
        "primary": "#7fb4d8", "secondary": "#8f9db0", "accent": "#d9b46a", "warning": "#e0a458", "error": "#e57373",
        "success": "#86b98a", "foreground": "#d4dae2", "background": "#11151a", "surface": "#171c23",
        "panel": "#1f2630",
    },
    LIGHT: {
        "primary": "#1f6391", "secondary": "#5b6877", "accent": "#7d5a00", "warning": "#8f5200", "error": "#b3261e",
        "success": "#256b2f", "foreground": "#1d232b", "background": "#fbfbf9", "surface": "#f1f1ee",
        "panel": "#e4e5e3",
    },
    CONTRAST_DARK: {
        "primary": "#6cc7ff", "secondary": "#c8d2dd", "accent": "#ffd24a", "warning": "#ffb454", "error": "#ff9c9c",
        "success": "#7ee787", "foreground": "#ffffff", "background": "#000000", "surface": "#0a0a0a",
        "panel": "#161616",
    },
    CONTRAST_LIGHT: {
        "primary": "#003a6b", "secondary": "#2b3138", "accent": "#4a3200", "warning": "#5c2e00", "error": "#7a0000",
        "success": "#003d0c", "foreground": "#000000", "background": "#ffffff", "surface": "#f7f7f7",
        "panel": "#efefef",
    },
    MONOCHROME: {
        "primary": "#ffffff", "secondary": "#ffffff", "accent": "#ffffff", "warning": "#ffffff", "error": "#ffffff",
        "success": "#ffffff", "foreground": "#ffffff", "background": "#000000", "surface": "#000000",
        "panel": "#000000",
    },
}  # fmt: skip
_VARIABLES: dict[str, dict[str, str]] = {
    DARK: {"border": "#36414f", "muted": "#8b97a5", "cursor": "#192f3f"},
    LIGHT: {"border": "#b9c0c7", "muted": "#545f6a", "cursor": "#d3e4f0"},
    CONTRAST_DARK: {"border": "#c8d2dd", "muted": "#d0d0d0", "cursor": "#002f4a"},
    CONTRAST_LIGHT: {"border": "#2b3138", "muted": "#333333", "cursor": "#cfe6ff"},
    MONOCHROME: {"border": "#ffffff", "muted": "#ffffff", "cursor": "#000000"},
}
_DARK_ONES = frozenset({DARK, CONTRAST_DARK, MONOCHROME})


def themes() -> list[Theme]:
    """Ours, for the app to register."""
    from textual.theme import Theme

    return [Theme(name, **_COLOURS[name], dark=name in _DARK_ONES, variables=_VARIABLES[name]) for name in NAMES]


def variables_for(*, is_dark: bool) -> Mapping[str, str]:
    """Our own variables, for themes that are not ours."""
    return _VARIABLES[DARK if is_dark else LIGHT]


def known(names: Mapping[str, object], wanted: str) -> str:
    """The full name of a theme that was asked for with or without our prefix; "" when there is none."""
    return next((name for name in (wanted, f"teleloupe-{wanted}") if name in names), "")


def fault(names: Mapping[str, object], wanted: str) -> str:
    """What is wrong with a theme's name, as safe text; "" when it is known or none was asked for."""
    if not wanted or known(names, wanted):
        return ""
    return f"look.theme: no theme {safe(wanted)}; {', '.join(NAMES)}, and the palette lists more"
