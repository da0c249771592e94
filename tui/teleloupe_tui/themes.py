"""The looks that are ours: dark, light, both with high contrast, and one without any colour."""

from __future__ import annotations

DARK, LIGHT = "teleloupe-dark", "teleloupe-light"
CONTRAST_DARK, CONTRAST_LIGHT = "teleloupe-contrast-dark", "teleloupe-contrast-light"
MONOCHROME = "teleloupe-monochrome"
NAMES = (DARK, LIGHT, CONTRAST_DARK, CONTRAST_LIGHT, MONOCHROME)
