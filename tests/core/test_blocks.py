"""Blocks cover the content, in order, and are cut only where records end."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.blocks import Head, array_blocks, line_spans

RECORDS = st.lists(
    st.dictionaries(st.text(max_size=3), st.text(alphabet='},{"[] \n\\a', max_size=12), max_size=3), max_size=30
)


def decode(array: bytes) -> list[dict[str, str]] | None:
    try:
        return msgspec.json.decode(array, type=list[dict[str, str]])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


@given(RECORDS, st.integers(1, 60), st.sampled_from([None, 2]))
def test_blocks_of_an_array_give_all_its_records(records: list[dict[str, str]], size: int, indent: int | None) -> None:
    content = json.dumps(records, indent=indent).encode()

    blocks = list(array_blocks(content, decode, size))

    assert [record for block in blocks for record in block.value or ()] == records
    assert all(block.is_proven for block in blocks)
    assert blocks[-1].end == len(content)


def test_what_follows_a_break_is_one_unproven_block() -> None:
    content = b'[{"a": "1"}, {"a": "2"}, {"a": "3}, {"a": "4"}, {"a": "5"}]'

    blocks = list(array_blocks(content, decode, 1))

    assert [block.value for block in blocks[:2]] == [[{"a": "1"}], [{"a": "2"}]]
    assert not blocks[-1].is_proven


def test_what_is_no_array_is_one_block() -> None:
    (block,) = array_blocks(b'{"a": 1}', decode)

    assert (block.start, block.end, block.value) == (0, 8, None)


@given(st.binary(max_size=80), st.integers(1, 20))
def test_line_spans_cover_the_content_and_end_at_line_feeds(content: bytes, size: int) -> None:
    parts = [content[start:end] for start, end in line_spans(content, 0, size)]

    assert b"".join(parts) == content
    assert all(part.endswith(b"\n") for part in parts[:-1])


def test_a_head_sees_only_its_items() -> None:
    items = [1, 2, 3]
    head = Head(items, 2)
    items.append(4)

    assert (list(head), head[-1], head[:5], len(head)) == ([1, 2], 2, [1, 2], 2)
    with pytest.raises(IndexError):
        head[2]
