"""Numbers as the format adds and writes them: exact decimals, shortest text (SVR specification, sections 6 and 7.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeGuard

NUMBER_TEXT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
EXACT_BELOW = 1 << 53  # integral floats up to here are written as integers
_LARGEST_EXPONENT = 400  # of a number in a text; beyond it no JSON number could follow


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a decoded value is a JSON number; booleans are none."""
    return type(value) is int or type(value) is float


def exact(number: float) -> Fraction:
    """The exact decimal that the shortest text of a number names."""
    return Fraction(number) if type(number) is int else Fraction(repr(number))


def exact_text(text: str) -> Fraction | None:
    """The exact value of a number written as text; None when it is none."""
    if not NUMBER_TEXT.fullmatch(text) or len(text) > _LARGEST_EXPONENT:
        return None
    exponent = re.split("[eE]", text)[1:]
    if exponent and abs(int(exponent[0])) > _LARGEST_EXPONENT:
        return None
    return Fraction(text)


def exact_sum(numbers: Iterable[int | float]) -> Fraction:
    """The exact sum; what is integral is added as such, which is most of it and quick."""
    whole, rest = 0, Fraction(0)
    for number in numbers:
        if type(number) is int:
            whole += number
        else:
            rest += Fraction(repr(number))
    return rest + whole


def plain(amount: Fraction) -> int | float:
    """A JSON number for an exact amount: an integer where it is integral or beyond floats, else the nearest float."""
    try:
        return int(amount) if amount.denominator == 1 else normal(float(amount))
    except OverflowError:
        return int(amount)


def normal(number: float) -> int | float:
    """A number as exports write it: integral floats below 2^53 as integers, minus zero as zero."""
    if type(number) is float and number.is_integer() and abs(number) < EXACT_BELOW:
        return int(number)
    return number


def text_of(number: float | Fraction) -> str:
    """The shortest text of a number."""
    return repr(plain(number) if isinstance(number, Fraction) else normal(number))


def equals(left: Any, right: Any) -> bool:
    """JSON equality: types count, 2 is 2.0, arrays and objects by content."""
    if is_number(left) and is_number(right):
        return left == right
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equals(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(equals, left, right))
    return bool(left == right)
