"""docs/filter.md does what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from teleloupe.columns import column
from teleloupe.model import UsageError
from teleloupe.query import sieve

PAGE = (Path(__file__).parents[2] / "docs" / "filter.md").read_text("utf-8")
_RECORDS = re.search(r"```jsonl\n(.*?)```", PAGE, re.DOTALL)
RECORDS = [json.loads(line) for line in _RECORDS[1].splitlines()] if _RECORDS else []
NUMBERS = ("duration_ms", "seed")
NAMES = dict.fromkeys(name for record in RECORDS for name in record if name != "id")
COLUMNS = tuple(column(name, type="integer" if name in NUMBERS else "string") for name in NAMES)
KEEPING = re.findall(r"^\| `(.+?)` \| ([a-e ]*) ?\| [^|]*\|$", PAGE, re.MULTILINE)
TELLING = re.findall(r"^\| `(.+?)` \| ([^|]+) \|$", PAGE, re.MULTILINE)


def test_the_page_has_examples() -> None:
    assert len(RECORDS) == 5
    assert len(KEEPING) > 30
    assert len(TELLING) > 5


@pytest.mark.parametrize(("text", "kept"), KEEPING)
def test_an_example_keeps_what_the_page_says(text: str, kept: str) -> None:
    kept_rows = sieve(text.replace(r"\|", "|"), COLUMNS)(RECORDS)

    assert [RECORDS[row]["id"] for row in kept_rows] == kept.split()


@pytest.mark.parametrize(("text", "told"), TELLING)
def test_what_cannot_be_read_is_told_as_the_page_says(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)):
        sieve(text, COLUMNS)
