from __future__ import annotations

import gc
import weakref

from hypothesis import given
from hypothesis import strategies as st

from teleloupe.jsontree import Node, locate, members, root, spelling

TEXT = ' {"b": 1.50, "a": [1E+2, {"x": null}], "b": "\\u00e9", "big": ' + "9" * 5000 + ', "t": true}'


def tree(text: str) -> Node:
    found = root(text)
    assert found is not None
    return found


def test_members_are_in_file_order_with_repeated_keys_and_original_spelling() -> None:
    found = members(TEXT, tree(TEXT))

    assert [(node.key, node.kind, node.size, node.repeats) for node in found] == [
        ("b", "number", 0, 0),
        ("a", "array", 2, 0),
        ("b", "string", 1, 1),
        ("big", "number", 0, 0),
        ("t", "boolean", 0, 0),
    ]
    assert [spelling(TEXT, node) for node in found][:3] == ["1.50", '[1E+2, {"x": null}]', '"\\u00e9"']
    assert tree(TEXT).size == 5


def test_members_of_members_have_their_pointer_and_depth() -> None:
    array = members(TEXT, tree(TEXT))[1]
    inner = members(TEXT, members(TEXT, array)[1])[0]

    assert (inner.pointer, inner.depth, inner.kind) == ("/a/1/x", 3, "null")
    assert inner.key == "x"


def test_what_is_cut_short_shows_all_before_the_break() -> None:
    text = '{"a": 1, "b": [1, 2, {"c": "cu'
    found = members(text, tree(text))

    assert [(node.key, node.kind) for node in found] == [("a", "number"), ("b", "array")]
    assert [node.kind for node in members(text, found[1])] == ["number", "number", "object"]
    assert [node.kind for node in members(text, members(text, found[1])[2])] == ["broken"]


def test_text_that_is_no_json_has_no_tree() -> None:
    assert root("id,note\n1,2\n") is None
    assert root("  ") is None


def test_nesting_beyond_all_measure_ends_in_a_broken_leaf_or_goes_on() -> None:
    text = "[" * 100_000
    node = tree(text)
    for _ in range(50):
        (node,) = members(text, node)

    assert node.depth == 50


def leaves(text: str, node: Node) -> int:
    found = members(text, node)
    return sum(leaves(text, child) for child in found) if found else 1


@given(st.text(alphabet='[]{}",:0123 tn\\a', max_size=60))
def test_any_text_gives_a_tree_that_ends(text: str) -> None:
    found = root(text)

    assert found is None or leaves(text, found) >= 1
    assert found is None or found.end <= len(text)


def test_texts_that_are_looked_at_no_more_are_not_kept() -> None:
    class Text(str):  # one that can be referred to weakly
        __slots__ = ("__weakref__",)

    texts = [Text(f'{{"a": [{number}, {{}}]}}') for number in range(10)]
    for text in texts:
        (only,) = members(text, tree(text))
        assert members(text, only) == members(text, only)
    kept = [weakref.ref(text) for text in texts]
    del text, texts
    gc.collect()

    assert sum(one() is not None for one in kept) <= 2


def test_locate_finds_the_spelling_of_a_value() -> None:
    text = ' {"a/b": [0, {"c" : 0.800000 , "d": "x"}], "z": 1}'

    span = locate(text, "/a~1b/1/c")

    assert span is not None
    assert text[slice(*span)] == "0.800000"


def test_locate_answers_none_for_what_is_not_there() -> None:
    assert locate('{"a": [1]}', "/a/1") is None
    assert locate('{"a": [1]}', "/b") is None
    assert locate("[1, 2", "/7") is None
