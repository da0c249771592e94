"""How keys are called, and which of them the reader has put in place of those of the table.

A process has one keyboard, hence one map: the app sets it before its widgets are made.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping

# what a person writes, for the names by which Textual knows keys
SPELLINGS = {"pageup": "pgup", "pagedown": "pgdn", "escape": "esc"}
_RENAMED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_ALIASES = {"return": "enter", "del": "delete", "ins": "insert", "page_up": "pageup", "page_down": "pagedown"}
_PLAIN = frozenset(SPELLINGS) | frozenset(
    ("enter", "tab", "space", "backspace", "delete", "insert", "home", "end", "up", "down", "left", "right")
)
_FUNCTION = re.compile(r"f([1-9]|1\d|2[0-4])")
_MODIFIERS = ("ctrl", "alt", "shift")
_SAME_BYTE = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}

_remapped: dict[str, str] = {}


def use(remapped: Mapping[str, str]) -> None:
    """From now on these keys, by id, in place of those of the table; all others are the table's."""
    _remapped.clear()
    _remapped.update(remapped)


def keys_of(name: str, default: str) -> str:
    """The keys of an id as things stand, comma between them."""
    return _remapped.get(name, default)


def is_remapped(name: str) -> bool:
    """Whether the reader chose the keys of an id."""
    return name in _remapped


def spelt(key: str) -> str:
    """A key as a person writes it: `ctrl+d`, `?`, `pgup`."""
    *modifiers, name = key.split("+")
    return "+".join([*modifiers, _CHARACTERS.get(name) or SPELLINGS.get(name, name)])


def key_named(written: str) -> str | None:
    """Textual's name of a key that a person wrote as `?`, `ctrl+k`, `pgup` or `slash`; None when it is none."""
    if len(written) == 1:
        return _character_name(written)
    *modifiers, name = written.split("+") if not written.endswith("++") else [*written[:-2].split("+"), "+"]
    if any(modifier not in _MODIFIERS for modifier in modifiers) or len(set(modifiers)) < len(modifiers):
        return None
    base = _character_name(name) if len(name) == 1 else _name(name)
    if base is None:
        return None
    found = "+".join([*(modifier for modifier in _MODIFIERS if modifier in modifiers), base])
    return _SAME_BYTE.get(found, found)


def _name(written: str) -> str | None:
    lowered = written.lower()
    found = _ALIASES.get(lowered) or _SPELT.get(lowered, lowered)
    return found if found in _PLAIN or found in _CHARACTERS or _FUNCTION.fullmatch(found) else None


def _character_name(character: str) -> str | None:
    if character.isalnum():
        return character
    if character == " ":
        return "space"
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _RENAMED.get(name, name) or None


_CHARACTERS = {name: character for character in string.punctuation if (name := _character_name(character))}
_SPELT = {spelling: name for name, spelling in SPELLINGS.items()}
