"""The outline of a file that detection looks at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe import text
from teleloupe.model import Blob
from teleloupe.sketch import PREFIX_BYTES, Sketch


def sketch(data: bytes, path: str = "a") -> Sketch:
    return Sketch(Blob(path, data, len(data), 0, ""))


@given(st.text(st.sampled_from("a\n\r\x0b\x0c\x85\u2028\u3000é \t"), max_size=12))
def test_the_first_line_is_the_first_that_is_not_blank(content: str) -> None:
    found = sketch(content.encode())

    lines = text.lines(found.content.decode())
    assert found.first_line == next((line for line in lines if line.strip()), "")


def test_a_first_line_without_end_is_cut_where_looking_ends() -> None:
    assert sketch(b"x" * (PREFIX_BYTES + 9)).first_line == "x" * PREFIX_BYTES


def test_bytes_that_are_no_text_are_replaced_in_the_first_line() -> None:
    assert sketch(b"a\xff\nb").first_line == "a\ufffd"


@pytest.mark.parametrize(
    ("data", "root"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf[1]", "array"),
        (b'{"a":1}', "object"),
        (b'{"a":1}\n{"a":2}\n', "lines"),
        (b'{\n"a":1}', "object"),
        ("[1]".encode("utf-16"), "array"),
        (b"a,b\n1,2", "text"),
        (b"a\0b", "binary"),
    ],
)
def test_the_root_is_what_the_content_is_at_its_top_level(data: bytes, root: str) -> None:
    assert sketch(data).root == root


def test_one_object_is_a_line_only_where_the_name_says_so() -> None:
    assert sketch(b'{"a":1}', "a.jsonl").root == "lines"
    assert sketch(b'{"a":1}', "a.json").root == "object"


def test_a_member_is_told_to_look_like_an_object_without_being_decoded() -> None:
    found = sketch(b'{"a": {"b": 1}, "c": [{}], "d": "{"}')

    assert [name for name in found.members if found.may_be_object(name)] == ["a"]
