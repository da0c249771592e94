"""Canonical JSON: where RFC 8785 rules, and where upstream departs from it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from teleloupe import jsontext
from teleloupe.formats.weftend.canonical import canonical, digest, digest_without, spelled_out

texts = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)
plain_keys = texts.filter(lambda key: not key.isdigit() and key != "__proto__")
plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain_keys, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_text_is_its_own_canonical_text(value: object) -> None:
    once = canonical(value)

    assert canonical(json.loads(once)) == once
    assert canonical(jsontext.read(once.decode()).value) == once


@given(values | st.lists(st.floats(allow_nan=False) | st.decimals(-1, 1, places=9).map(float) | st.integers()))
def test_the_quick_way_and_the_long_way_write_the_same(value: object) -> None:
    assert canonical(value) == spelled_out(value)


@pytest.mark.parametrize("exponent", range(-30, 30))
def test_a_number_of_any_size_is_written_the_same_either_way(exponent: int) -> None:
    numbers = [sign * digits * 10.0**exponent for sign in (1, -1) for digits in (1, 1.5, 12.25, 123456789.0)]

    for value in ({"a": numbers}, [{"a": number} for number in numbers], *numbers):
        assert canonical(value) == spelled_out(value)


@pytest.mark.parametrize("key", ["0", "10", "007", "4294967295", "__proto__", "a1", "1a", "-1"])
def test_a_key_that_looks_like_an_index_is_ordered_the_same_either_way(key: str) -> None:
    value = {"b": 1, key: 2, "!": {key: 3, "/": 4}}

    assert canonical(value) == spelled_out(value)


@given(plain_values)
def test_values_without_departures_are_written_as_rfc_8785_has_them(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"b":1,"10":2,"a":3,"9":4,"-1":5,"01":6,"0":7}', '{"0":7,"9":4,"10":2,"-1":5,"01":6,"a":3,"b":1}'),
        ('{"4294967295":1,"4294967294":2,"3":3}', '{"3":3,"4294967294":2,"4294967295":1}'),
        ('{"a":1,"__proto__":{"x":1}}', '{"a":1}'),
        ('{"__proto__":1}', "{}"),
        ("[1e400,-1e400]", "[null,null]"),
        ('"\\ude00\\ud83d"', '"\\ude00\\ud83d"'),
        ('{"\\ufb33":1,"\\ud83d\\ude00":2}', '{"\U0001f600":2,"\ufb33":1}'),
        ('{"a":1,"a":2}', '{"a":2}'),
        ("[-0,0.0,1.0,1E2,1e21,9007199254740993,1e-7]", "[0,0,1,100,1e+21,9007199254740992,1e-7]"),
        ('"\\u0000\\u001f\\u007f\\u2028\\/\\b\\t"', '"\\u0000\\u001f\x7f\u2028/\\b\\t"'),
    ],
)
def test_departures_from_rfc_8785_are_upstreams(text: str, expected: str) -> None:
    assert canonical(jsontext.read(text).value).decode() == expected


def test_an_integer_beyond_every_double_is_null() -> None:
    assert canonical([10**400, -(10**400), math.nan]) == b"[null,null,null]"


def test_a_digest_is_of_the_text_without_a_line_feed() -> None:
    assert digest(b"{}") == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert digest_without({"seal": "x"}, "seal") == digest(b"{}")
