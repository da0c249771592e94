"""What a file says is shown, never obeyed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.safe import cell, safe


@given(st.text(alphabet=st.characters(codec=None), max_size=40))
def test_no_control_format_or_surrogate_character_survives(text: str) -> None:
    shown = safe(text)

    assert not [character for character in shown if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [bold]text[/nope]", "plain [bold]text[/nope]"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x9b2J", "\\x9b2J"),
        ("right\u202eleft", "right\\u202eleft"),
        ("\ud800", "\\ud800"),
        ("name\udcff", "name\\xff"),
        ("漢字 é 🙂", "漢字 é 🙂"),
    ],
)
def test_dangerous_characters_are_spelt_out(text: str, shown: str) -> None:
    assert safe(text) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "true"),
        (18446744073709551615, "18446744073709551615"),
        (0.1, "0.1"),
        ([1, "a"], '[1,"a"]'),
        ({"k": "\x1b"}, '{"k":"\\u001b"}'),
        ({"k": "\ud800"}, '{"k":"\\ud800"}'),
    ],
)
def test_values_are_written_on_one_line(value: object, shown: str) -> None:
    assert cell(value) == shown
