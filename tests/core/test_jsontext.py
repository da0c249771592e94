"""Reading faulty JSON: what is salvaged, which faults are told and where."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe import jsontext
from teleloupe.jsontext import Fault, one_line, pointer, read, tokens

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(fault.kind, fault.pointer) for fault in read(text).faults]


@given(VALUES)
def test_a_clean_text_reads_as_the_standard_decoder_does(value: Any) -> None:
    text = json.dumps(value)

    reading = read(text)

    assert reading.value == value
    assert not reading.broken


def with_repeats(value: Any) -> str:
    """A value as JSON in which every first member of an object stands twice."""
    if isinstance(value, dict):
        items = [*list(value.items())[:1], *value.items()]
        return "{" + ", ".join(f"{json.dumps(name)}: {with_repeats(item)}" for name, item in items) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(with_repeats, value)) + "]"
    return json.dumps(value).replace(",", r"\u002c" if isinstance(value, str) else ",")


def has_member(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value)
    return isinstance(value, list) and any(map(has_member, value))


@given(VALUES)
def test_repeated_keys_are_told_whatever_commas_the_texts_hold(value: Any) -> None:
    reading = read(with_repeats(value))

    assert reading.value == value
    assert {fault.kind for fault in reading.faults} == ({"duplicate-key"} if has_member(value) else set())


@pytest.mark.parametrize("text", [r'{"a":1,"a":"\u002c"}', r'{"a":1,"a":"\u002C"}', r'{"a,":1,"b":2,"a\u002c":3}'])
def test_a_comma_that_is_spelled_as_an_escape_hides_no_repeated_key(text: str) -> None:
    assert [kind for kind, _ in kinds(text)] == ["duplicate-key"]


@pytest.mark.parametrize("text", ["-0", "-0.0", "1E2", "1.0", "9" * 40, "-9223372036854775809", "5e-324", r'"\u0000"'])
def test_a_value_has_the_type_and_sign_that_the_standard_decoder_gives_it(text: str) -> None:
    assert repr(read(f'[{text},{{"a":{text}}}]').value) == repr(json.loads(f'[{text},{{"a":{text}}}]'))


@given(VALUES, st.integers(min_value=0, max_value=200))
def test_every_prefix_is_truncated_or_whole_and_never_malformed(value: Any, cut: int) -> None:
    text = json.dumps({"a": [value]}, ensure_ascii=False)
    prefix = text[: cut % len(text)]

    broken = read(prefix).broken

    assert broken is not None
    assert broken.kind in ("truncated", "empty")


@pytest.mark.parametrize("end", range(1, 16))
def test_a_text_that_ends_inside_or_after_an_escape_is_truncated(end: int) -> None:
    broken = read(r'"a\u001f\ud83d\ude00'[:end]).broken

    assert broken is not None
    assert (broken.kind, broken.offset) == ("truncated", end)


@given(st.text(max_size=60))
def test_any_text_gives_a_reading(text: str) -> None:
    read(text)


@given(st.text(alphabet='{}[]",:\\u019eE+-.tfnNI \n', max_size=60))
def test_texts_that_the_standard_decoder_refuses_are_broken_here_too(text: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        assert read(text).faults
    else:
        assert not read(text).broken


def test_elements_before_a_break_are_kept() -> None:
    reading = read('{"n": 1, "records": [{"a": 1}, {"a": 2}, {"a": ')

    assert reading.value == {"n": 1, "records": [{"a": 1}, {"a": 2}, {}]}
    assert reading.broken == Fault("truncated", 47, "/records/2/a", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("empty", "")]),
        (" \n", [("empty", "")]),
        ('{"a": 1, "a": 2}', [("duplicate-key", "/a")]),
        ('[{"x": {"a": 1, "a": 2}}]', [("duplicate-key", "/0/x/a")]),
        ("[1, NaN, -Infinity]", [("non-finite", "/1"), ("non-finite", "/2")]),
        ("[nan, -inf]", [("non-finite", "/0"), ("non-finite", "/1")]),
        ("[1e400, 1]", [("overflow", "/0")]),
        ('["\\ud800"]', [("lone-surrogate", "/0")]),
        ('["\\ud83d\\ude00"]', []),
        ("[1] x", [("trailing", "")]),
        ("[1,]", [("malformed", "/1")]),
        ("[1 2]", [("malformed", "")]),
        ("{'a': 1}", [("malformed", "")]),
        ("[tru", [("truncated", "/0")]),
        ("[trux", [("malformed", "/0")]),
        ("[-", [("truncated", "/0")]),
        ("[1.", [("truncated", "/0")]),
        ("[1.x", [("malformed", "")]),
        ('["a\\u00', [("truncated", "/0")]),
        ('["a\\9', [("malformed", "/0")]),
        ('["a\\00', [("malformed", "/0")]),
        ('["a\tb"]', [("malformed", "/0")]),
        ("[" * 2000, [("nesting", "/0" * jsontext.MAX_DEPTH)]),
        ("[" * 600 + "]" * 600, [("nesting", "/0" * jsontext.MAX_DEPTH)]),
        ("[" + "9" * 5000 + "]", [("integer-too-long", "/0")]),
    ],
)
def test_faults_are_told_with_their_places(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


def test_large_integers_stay_exact() -> None:
    assert read("[18446744073709551615, 1e308]").value == [18446744073709551615, 1e308]


def test_the_sign_of_an_integer_is_none_of_its_digits() -> None:
    negative = -int("1" * 4300)

    reading = read(f'{{"a": {negative}, "b": NaN}}')

    assert reading.value["a"] == negative
    assert [fault.kind for fault in reading.faults] == ["non-finite"]


def test_non_finite_numbers_are_read_as_such() -> None:
    assert math.isnan(read("NaN").value)
    assert read("[-Infinity]").value == [-math.inf]


@given(st.lists(st.text(max_size=5) | st.integers(min_value=0), max_size=4))
def test_pointer_tokens_come_back(path: list[str | int]) -> None:
    assert tokens(pointer(*path)) == [str(token) for token in path]


def test_one_line_keeps_every_spelling_and_drops_only_the_blanks_between() -> None:
    assert one_line('{\r\n  "a \\" b": [ 1.50, 1E+2 ,\t"\\u00e9  x" ]\n}\n') == '{"a \\" b":[1.50,1E+2,"\\u00e9  x"]}'
    assert one_line('["cut  off') == '["cut  off'
