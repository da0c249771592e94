"""Terms of the filter language made of what the cursor stands on."""

from __future__ import annotations

import json
import re
from typing import Any

from teleloupe.safe import cell

_PLAIN_NAME = re.compile(r"[\w./-]+")


def named(name: str) -> str:
    """A column's name as a filter spells it."""
    return name if _PLAIN_NAME.fullmatch(name) else quoted(name)


def quoted(text: str) -> str:
    """A text in quotes."""
    return json.dumps(text, ensure_ascii=False)


def term(name: str, value: Any, *, is_negated: bool = False) -> str:
    """What lets through the rows with this value in a column, or those without it."""
    sign = "!=" if is_negated else "="
    if value is None:
        return f"{named(name)}{sign}null"
    text = cell(value)
    return f"{named(name)}{sign}{text if type(value) in (int, float) else quoted(text)}"


def both(old: str, new: str) -> str:
    """A filter and one more term that has to hold."""
    old = old.strip()
    if not old:
        return new
    if re.search(r"\bor\b", old, re.IGNORECASE):
        return f"({old}) {new}"
    is_there = re.search(rf"(?:^|\s){re.escape(new)}(?:$|\s)", old) and not re.search(
        r"\bnot\b|[()]", old, re.IGNORECASE
    )
    return old if is_there else f"{old} {new}"
