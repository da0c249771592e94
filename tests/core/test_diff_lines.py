"""Line differences: right whatever the input, readable where lines are unique, bounded where none is."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from teleloupe.diff.lines import Block, compare, longest_rising, unified


def rebuilt(before: list[str], after: list[str], blocks: list[Block]) -> list[str]:
    """The new lines, made of the old ones and the blocks; every block must join on to the one before."""
    made: list[str] = []
    for block in blocks:
        assert block.after_start == len(made)
        is_same = block.kind == "same"
        made += before[block.before_start : block.before_end] if is_same else after[block.after_start : block.after_end]
    starts = [0, *(block.before_end for block in blocks)]
    assert [block.before_start for block in blocks] == starts[:-1]
    assert starts[-1] == len(before)
    return made


@given(st.lists(st.sampled_from("abcd"), max_size=40), st.lists(st.sampled_from("abcd"), max_size=40))
def test_blocks_rebuild_the_new_lines(before: list[str], after: list[str]) -> None:
    assert rebuilt(before, after, compare(before, after)) == after


@given(st.lists(st.integers(), max_size=30))
def test_equal_lines_are_one_block(lines: list[int]) -> None:
    assert compare(lines, lines) == ([Block("same", 0, len(lines), 0, len(lines))] if lines else [])


def test_unique_lines_hold_the_rest_in_place() -> None:
    before = ["{", "id 1", "x", "}", "{", "id 2", "x", "}"]
    after = ["{", "id 0", "x", "}", "{", "id 1", "x", "}", "{", "id 2", "x", "}"]

    assert [block.kind for block in compare(before, after)] == ["same", "added", "same"]


def test_lines_without_a_unique_one_get_a_shortest_edit() -> None:
    blocks = compare(list("abab"), list("abbab"))

    assert [block.kind for block in blocks if block.kind != "same"] == ["added"]


def test_unified_output_has_context_and_joins_near_changes() -> None:
    before = [f"line {number}" for number in range(1, 31)]
    after = [*before[:4], "new", *before[5:8], *before[9:20], "other", *before[20:]]

    assert list(unified(before, after, compare(before, after), context=2)) == [
        "@@ -3,9 +3,8 @@", " line 3", " line 4", "-line 5", "+new", " line 6", " line 7", " line 8", "-line 9",
        " line 10", " line 11",
        "@@ -19,4 +18,5 @@", " line 19", " line 20", "+other", " line 21", " line 22",
    ]  # fmt: skip


def test_unified_output_of_an_empty_side_counts_from_zero() -> None:
    assert list(unified([], ["a"], compare([], ["a"]))) == ["@@ -0,0 +1 @@", "+a"]
    assert list(unified(["a"], [], compare(["a"], []))) == ["@@ -1 +0,0 @@", "-a"]
    assert list(unified(["a"], ["a"], compare(["a"], ["a"]))) == []


@given(st.lists(st.integers(0, 20), max_size=30))
def test_the_rising_run_rises(values: list[int]) -> None:
    run = [values[position] for position in longest_rising(values)]

    assert run == sorted(set(run))
    assert len(run) >= bool(values)


def test_hostile_lines_cost_no_more_than_a_few_friendly_ones() -> None:
    rng = random.Random(7)
    friendly = [str(number) for number in range(50_000)]
    changed = [f"{line}!" if rng.random() < 0.01 else line for line in friendly]
    hostile = [[rng.choice("ab") for _ in range(50_000)] for _ in range(2)]
    nested = [str(min(number, 50_000 - number)) for number in range(50_000)]

    base = _seconds(friendly, changed)

    assert _seconds(*hostile) < 40 * base
    assert _seconds(nested, nested[::-1]) < 40 * base


def _seconds(before: list[str], after: list[str]) -> float:
    """Of the processor alone, whatever else the machine does."""
    start = time.process_time()
    compare(before, after)
    return time.process_time() - start
