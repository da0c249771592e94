"""What a half typed filter may go on with: names of columns, and the values most often found in one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any

from teleloupe.model import Column, Table
from teleloupe.safe import cell
from teleloupe.tables import Selection
from teleloupe_tui import terms

LOOKED_AT = 2000  # rows whose values are counted
OFFERED = 20

_VALUE = re.compile(r'([\w./-]+|"(?:[^"\\]|\\.)*")\s*(?:!=|!~|!:|=|:|~)\s*("?[^\s()"]*)$')
_WORD = re.compile(r"(?:^|[\s(])([\w./-]+)$")
_NAME = re.compile(r"[\w./-]*$")


def offers(text: str, table: Table) -> tuple[int, Sequence[str]]:
    """Where the word at the end of a filter begins, and what it may become, the likeliest first."""
    value = _VALUE.search(text)
    column = next((one for one in table.columns if value and value[1] in (one.name, terms.quoted(one.name))), None)
    if value and column:
        return value.start(2), _values(column, table, value[2].lower())
    name = _NAME.search(text)
    start = name.start() if name else len(text)
    return start, _names(table.columns, text[start:].lower())


def begun(text: str, columns: Sequence[Column]) -> str:
    """The column whose name the word at the end of a filter may become; "" where it is a word and no more."""
    word = _WORD.search(text)
    wanted = word[1].lower() if word else ""
    return next((one.name for one in columns if wanted and one.name.lower().startswith(wanted)), "")


def _names(columns: Sequence[Column], begun: str) -> list[str]:
    """Names that begin so, then those that have it inside."""
    found = [one.name for one in columns if begun in one.name.lower()]
    found.sort(key=lambda name: not name.lower().startswith(begun))
    return [terms.named(name) for name in found]


def _values(column: Column, table: Table, begun: str) -> list[str]:
    """Values as a filter spells them."""
    rows = table.rows.rows if isinstance(table.rows, Selection) else table.rows
    counts = Counter(_spelt(column.get(row)) for row in islice(iter(rows), LOOKED_AT))
    bare = begun.lstrip('"')
    found = [value for value, _ in counts.most_common() if value.lstrip('"').lower().startswith(bare)]
    return found[:OFFERED]


def _spelt(value: Any) -> str:
    if value is None:
        return "null"
    text = cell(value)
    is_plain = type(value) in (int, float) or (re.fullmatch(r"[^\s()\"*]+", text) and text not in ("null", ""))
    return text if is_plain else terms.quoted(text)
