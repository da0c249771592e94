"""Record differences: matched by key, else by content; encoding said apart."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from teleloupe.columns import key_of
from teleloupe.diff.encoding import remarks
from teleloupe.diff.records import ABSENT, FieldChange, RecordChange, difference, fingerprint
from teleloupe.diff.trees import FileChange, compare_trees
from teleloupe.model import DIRECTORY, Document


class Clean(Struct, frozen=True):
    id: str
    units: int


def by_id(record: Any, _kind: str) -> str | None:
    return record.get("id") if isinstance(record, dict) else record.id


def document(*records: Any, **header: Any) -> Document:
    return Document("x", kind="export", records=records, header=header)


def test_fields_of_a_record_with_the_same_key_are_compared() -> None:
    before = document({"id": "a", "units": 1, "was": "yes", "deep": {"x": 1, "y": [1]}})
    after = document({"id": "a", "units": 1.0, "now": None, "deep": {"x": 1, "y": [1, 2]}})

    assert difference(before, after, by_id).records == (
        RecordChange(
            "changed",
            "a",
            0,
            0,
            (
                FieldChange("/units", 1, 1.0),
                FieldChange("/was", "yes", ABSENT),
                FieldChange("/deep/y", [1], [1, 2]),
                FieldChange("/now", ABSENT, None),
            ),
        ),
    )


def test_added_removed_and_moved_records_stand_in_the_new_order() -> None:
    records = {name: {"id": name} for name in "abcdef"}
    before = document(*(records[name] for name in "abcde"))
    after = document(*(records[name] for name in "eacdf"))

    found = difference(before, after, by_id)

    assert [(change.kind, change.key, change.before, change.after) for change in found.records] == [
        ("moved", "e", 4, 0),
        ("removed", "b", 1, None),
        ("added", "f", None, 4),
    ]
    assert found.counts() == {"changed": 0, "removed": 1, "added": 1, "moved": 1, "same": 3}


def test_a_record_that_moved_and_changed_is_both() -> None:
    before = document({"id": "a", "n": 1}, {"id": "b", "n": 1}, {"id": "c", "n": 1})
    after = document({"id": "c", "n": 2}, {"id": "a", "n": 1}, {"id": "b", "n": 1})

    (change,) = difference(before, after, by_id).records

    assert (change.kind, change.key, change.is_moved) == ("changed", "c", True)


def test_records_that_share_a_key_are_matched_by_what_they_hold_first() -> None:
    before = document({"id": "a", "n": 1}, {"id": "a", "n": 2}, {"id": "a", "n": 3})
    after = document({"id": "a", "n": 2}, {"id": "a", "n": 3})

    assert [(c.kind, c.before) for c in difference(before, after, by_id).records] == [("removed", 0)]


def test_without_a_key_equal_records_hold_the_others_in_place() -> None:
    before = document(*({"n": number} for number in range(6)))
    after = document({"n": 0}, {"n": 1}, {"n": "x"}, {"n": 3}, {"n": 4}, {"n": 5}, {"n": 6})

    assert [(c.kind, c.before, c.after) for c in difference(before, after).records] == [
        ("changed", 2, 2),
        ("added", None, 6),
    ]


def test_a_struct_equals_the_mapping_it_was_read_from() -> None:
    before, after = document(Clean("a", 1), Clean("b", 1)), document({"units": 1, "id": "a"}, {"units": 2, "id": "b"})

    found = difference(before, after, by_id)

    assert [(c.key, c.fields) for c in found.records] == [("b", (FieldChange("/units", 1, 2),))]


@pytest.mark.parametrize(
    "values", [(1, 1.0), (1, True), (1, "1"), (None, float("nan")), ("\ud800", "\ud801"), (2**64, 2**64 + 1)]
)
def test_values_that_look_alike_are_told_apart(values: tuple[Any, Any]) -> None:
    assert fingerprint({"v": values[0]}) != fingerprint({"v": values[1]})


def test_key_order_is_no_difference() -> None:
    assert difference(document({"a": 1, "b": 2}), document({"b": 2, "a": 1})).is_empty


def test_header_fields_are_compared_member_by_member() -> None:
    found = difference(document(build="x", counts={"records": 1}), document(build="x", counts={"records": 2}, order=3))

    assert found.header == (FieldChange("/counts/records", 1, 2), FieldChange("/order", ABSENT, 3))


@given(st.lists(st.integers(0, 8), max_size=12), st.lists(st.integers(0, 8), max_size=12))
def test_every_record_is_accounted_for(before: list[int], after: list[int]) -> None:
    old, new = document(*({"id": str(n)} for n in before)), document(*({"id": str(n)} for n in after))

    for key in (by_id, None):
        counts = difference(old, new, key).counts()
        paired = counts["same"] + counts["moved"] + counts["changed"]
        assert paired + counts["removed"] == len(before)
        assert paired + counts["added"] == len(after)


def test_a_hundred_thousand_records_are_told_apart() -> None:
    records = [{"id": f"b{number}", "units": 1, "status": "success"} for number in range(100_000)]
    changed = [dict(record) for record in records]
    for index in random.Random(1).sample(range(100_000), 1000):
        changed[index]["units"] = 2

    assert difference(document(*records), document(*changed), by_id).counts()["changed"] == 1000


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b"a\n", b"a\n", ()),
        (b"a\r\nb\r\n", b"a\nb\n", ("line ends: CRLF -> LF (2 lines)",)),
        (b"a\r\nb\n", b"a\nb\n", ("line ends: mixed -> LF (2 lines)",)),
        (b"a\n", b"\xef\xbb\xbfa\n", ("byte order mark: none -> utf-8",)),
        (b"a\n", b"a", ("final newline: dropped",)),
        (b'{"a": 1, "b": 2}', b'{"b":2,"a":1}', ("layout: the same JSON values, key order or white space differ",)),
        (b"a\n", b"b\n", ()),
    ],
)
def test_differences_of_encoding_are_said(before: bytes, after: bytes, said: tuple[str, ...]) -> None:
    assert remarks(before, after) == said


def test_files_that_moved_are_matched_by_their_bytes() -> None:
    before = {path: Document(path, sha256=sha) for path, sha in {"a": "1", "b": "2", "c": "3", "d": "4"}.items()}
    after = {path: Document(path, sha256=sha) for path, sha in {"a": "1", "b": "9", "e": "3", "f": "5"}.items()}
    after["g"] = Document("g", kind=DIRECTORY)

    assert compare_trees(before, after) == [
        FileChange("changed", "b", "b"),
        FileChange("removed", "d", None),
        FileChange("moved", "c", "e"),
        FileChange("added", None, "f"),
    ]


def test_a_key_of_fields_takes_structs_and_mappings_and_leaves_out_what_has_none() -> None:
    key = key_of({"export": ("id", "ritual")})

    assert key(Clean("a", 1), "export") == key({"id": "a"}, "export") == ("a", None)
    assert (key({"units": 1}, "export"), key({"id": "a"}, "feed")) == (None, None)
    assert key({"id": ["a"]}, "export") == ("['a']", None)


def test_a_record_without_a_key_is_matched_by_what_it_holds() -> None:
    before = document({"id": "a", "n": 1}, {"n": 1}, {"n": 2})
    after = document({"id": "a", "n": 2}, {"n": 1}, {"n": 3})

    found = difference(before, after, by_id).records

    assert [(c.kind, c.key) for c in found] == [("changed", "a"), ("removed", ""), ("added", "")]
