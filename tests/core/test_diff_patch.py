from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.diff.patch import json_patch
from teleloupe.model import UsageError

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("a~/é", max_size=2),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("a~/", max_size=2), inner, max_size=3),
    max_leaves=12,
)


def applied(value: Any, patch: list[dict[str, Any]]) -> Any:
    """RFC 6902, as far as it is used: add, remove, replace."""
    for step in patch:
        *way, last = [part.replace("~1", "/").replace("~0", "~") for part in step["path"].split("/")[1:]] or [None]
        if last is None:
            value = step["value"]
            continue
        holder = value
        for part in way:
            holder = holder[int(part)] if isinstance(holder, list) else holder[part]
        key = int(last) if isinstance(holder, list) else last
        if step["op"] == "remove":
            del holder[key]
        elif step["op"] == "add" and isinstance(holder, list):
            holder.insert(key, step["value"])
        else:
            holder[key] = step["value"]
    return value


@given(VALUES, VALUES)
def test_a_patch_applied_to_the_earlier_document_gives_the_later_one(before: Any, after: Any) -> None:
    patch, count = json_patch(json.dumps(before).encode(), json.dumps(after).encode())
    steps = json.loads(patch)

    assert len(steps) == count
    assert json.dumps(applied(before, steps), sort_keys=True) == json.dumps(after, sort_keys=True)


def test_one_record_among_many_is_one_operation_and_numbers_keep_their_spelling() -> None:
    patch, _ = json_patch(b'[{"a": 1}, {"a": 2}, {"a": 3}]', b'[{"a": 1}, {"a": 18446744073709551616.50}, {"a": 3}]')

    assert patch == b'[\n  {"op": "replace", "path": "/1/a", "value": 18446744073709551616.50}\n]\n'
    assert json_patch(b"[1, 2, 3]", b"[2, 3]") == (b'[\n  {"op": "remove", "path": "/0"}\n]\n', 1)
    assert json_patch(b"[1]", b"[1]") == (b"[]\n", 0)


def test_what_is_no_json_has_no_patch() -> None:
    with pytest.raises(UsageError, match="JSON Patch"):
        json_patch(b"a,b\n", b"[]")
