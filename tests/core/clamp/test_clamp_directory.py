"""Session directories: repeated records, anchors followed across exports, ignored entries, views and live figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clamp_files import loaded, record, related, session

from teleloupe.formats import clamp
from teleloupe.formats.clamp.alignment import alignment
from teleloupe.formats.clamp.anchors import Release, SeedIndex
from teleloupe.formats.clamp.build_info import differences, recorded_by
from teleloupe.formats.clamp.directory import follow, is_candidate, replaced
from teleloupe.formats.clamp.groups import groups
from teleloupe.formats.clamp.overview import Overview, held_anchors, overview
from teleloupe.formats.clamp.timeline import Bin, histogram, intervals
from teleloupe.formats.clamp.times import NS_PER_S
from teleloupe.model import Document
from teleloupe.workspace import Workspace

FIRST, SECOND, THIRD = (f"t/clamp_run_20251020T09{minute}00Z.json" for minute in (15, 16, 17))
DONE = record()
HELD = record(seed=7, context="staging", released_at=None, duration_ms=0.0, stability_score=0)
RELEASED = HELD | {"released_at": "2025-10-20T09:12:05Z", "duration_ms": 4000.0, "stability_score": 1}
LEAKED = record(seed=8, released_at=None, duration_ms=0.0, stability_score=0)
CUMULATIVE = {FIRST: session(DONE, HELD), SECOND: session(DONE, RELEASED), THIRD: session(DONE, RELEASED, LEAKED)}


def documents_of(files: dict[str, bytes]) -> dict[str, Document]:
    return {path: loaded(data, path) for path, data in files.items()}


def test_cumulative_exports_repeat_their_anchors() -> None:
    found = clamp.FORMAT.relate(documents_of(CUMULATIVE))

    assert [(issue.rule.id, issue.at, issue.count, issue.message) for issue in found["t"]] == [
        (
            "clamp/record-repeated",
            "",
            2,
            "2 anchors appear in several files (cumulative exports): summaries count 4 copies",
        )
    ]


def test_an_anchor_released_in_a_later_export_is_only_worth_knowing() -> None:
    found = clamp.FORMAT.relate(documents_of(CUMULATIVE))

    assert [(issue.severity, issue.at, issue.message) for issue in found[FIRST]] == [
        (
            "info",
            "/records/1/released_at",
            "anchor 'staging' was in flight; released after 4000 ms in clamp_run_20251020T091600Z.json",
        )
    ]
    assert [(issue.severity, issue.at) for issue in found[THIRD]] == [("warning", "/records/2/released_at")]


def test_an_earlier_release_does_not_resolve_a_later_hold() -> None:
    found = related({FIRST: session(RELEASED), SECOND: session(HELD)})

    assert found[SECOND] == {("inflight", "warning", "/records/0/released_at")}


def test_an_aligned_export_is_recognised_without_its_acquisition_time() -> None:
    moved = RELEASED | {"acquired_at": "2025-10-21T09:12:01Z", "released_at": "2025-10-21T09:12:05Z"}

    assert related({FIRST: session(HELD), SECOND: session(moved)})[FIRST] == {
        ("inflight", "info", "/records/0/released_at")
    }


def test_anchors_of_one_second_are_repeated_each_by_itself() -> None:
    two = session(DONE, DONE | {"duration_ms": 7.5})
    held = session(DONE, DONE | {"released_at": None, "duration_ms": 0.0, "stability_score": 0})

    for files in ({FIRST: two, SECOND: two}, {FIRST: held, SECOND: two}, {FIRST: two, SECOND: session(), THIRD: two}):
        documents = documents_of(files)
        assert [issue.count for issue in clamp.FORMAT.relate(documents)["t"]] == [1]
        assert overview(list(documents.values()), follow(list(documents.values()), SeedIndex())).unique_count == 2


def test_a_record_without_its_release_is_not_followed() -> None:
    cut = {name: value for name, value in HELD.items() if name != "released_at"}

    assert related({FIRST: session(cut), SECOND: session(RELEASED)}) == {}
    assert related({FIRST: session(HELD), SECOND: session(cut)})[FIRST] == {
        ("inflight", "warning", "/records/0/released_at")
    }


@pytest.mark.parametrize("duration", ["soon", None, 10**400])
def test_a_release_without_a_usable_duration_is_still_one(duration: Any) -> None:
    files = {FIRST: session(HELD), SECOND: session(RELEASED | {"duration_ms": duration})}

    found = clamp.FORMAT.relate(documents_of(files))

    name = "clamp_run_20251020T091600Z.json"
    assert [issue.message for issue in found[FIRST]] == [f"anchor 'staging' was in flight; released in {name}"]


def test_records_that_merely_share_a_seed_are_not_repeated() -> None:
    other = record(context="other")

    assert related({FIRST: session(DONE), SECOND: session(other)}) == {}


def test_following_a_directory_step_by_step_gives_what_following_it_at_once_gives() -> None:
    documents = documents_of(CUMULATIVE)
    index, steps = SeedIndex(), [[FIRST], [FIRST, THIRD], [SECOND, THIRD], [FIRST, SECOND, THIRD], [SECOND], [FIRST]]

    for step in steps:
        held = [documents[path] for path in step]
        stepwise, fresh = follow(held, index), follow(held, SeedIndex())
        assert (stepwise.repeats, stepwise.releases) == (fresh.repeats, fresh.releases)


def test_entries_the_aggregator_skips_are_named_on_the_directory() -> None:
    files = {FIRST: session(DONE), "t/notes.txt": b"x", "t/sub/deep/a.json": b"{}", "t/.json": b"{}", "t/a.JSON": b"{}"}

    assert related(files)["t"] == {("dir-ignored", "info", name) for name in ("notes.txt", "sub", ".json", "a.JSON")}


def test_a_directory_without_sessions_is_not_judged() -> None:
    assert related({"t/notes.txt": b"x", "t/other.json": b"[]"}) == {}


@pytest.mark.parametrize(
    ("name", "expected"), [("a.json", True), (".a.json", True), (".json", False), ("a.JSON", False)]
)
def test_the_aggregator_opens_files_by_their_exact_suffix(name: str, expected: bool) -> None:
    assert is_candidate(name) is expected


def overview_of(files: dict[str, bytes]) -> Overview:
    documents = tuple(documents_of(files).values())
    return overview(documents, follow(documents, SeedIndex()))


def test_an_overview_tells_what_the_four_numbers_do_not() -> None:
    found = overview_of(CUMULATIVE)

    assert (found.numbers.count, found.unique_count, found.files) == (7, 3, 3)
    assert (found.released_mean, found.released_count, found.held) == (1.0, 5, 1)
    assert f"{found.numbers.mean:.6f}" == "0.714286"


def test_an_overview_names_files_that_are_left_out() -> None:
    files = {FIRST: session(DONE, record(seed=9, stability_score=2)), SECOND: session(DONE)[:-9]}

    found = overview_of(files)

    assert (found.skipped, found.out_of_range, found.numbers.count) == ((SECOND,), 1, 2)


def test_held_anchors_are_followed_in_the_order_of_the_exports() -> None:
    documents = list(documents_of(CUMULATIVE).values())

    found = held_anchors(documents, follow(documents, SeedIndex()))

    assert [(one.path, one.context, one.is_newest, one.release) for one in found] == [
        (FIRST, "staging", False, Release(SECOND, 1, 4000.0)),
        (THIRD, "pool", True, None),
    ]


def test_an_overwritten_export_is_told_from_the_next_cumulative_one() -> None:
    old, fuller, other = (loaded(data, FIRST) for data in (*list(CUMULATIVE.values())[:2], session(record(seed=99))))

    assert list(replaced(old, fuller)) == []
    assert [issue.rule.id for issue in replaced(old, other)] == ["clamp/file-replaced"]


def test_a_watched_export_that_is_overwritten_says_so_until_it_changes_again(tmp_path: Path) -> None:
    contents = [*list(CUMULATIVE.values())[:2], session(record(seed=99))]
    name = FIRST.rpartition("/")[2]
    space, told = Workspace(str(tmp_path)), []

    for content in (*contents, contents[2]):
        (tmp_path / name).write_bytes(content)
        snapshot = space.refresh([name])
        told.append("clamp/file-replaced" in {issue.rule.id for issue in snapshot.issues_of(name)})

    assert told == [False, False, True, True]


def test_alignment_moves_each_file_by_its_own_delta() -> None:
    late = record(acquired_at="2025-10-20T09:13:01Z", released_at="2025-10-20T09:13:02Z", duration_ms=1000.0)
    documents = list(documents_of({FIRST: session(DONE), SECOND: session(late, HELD | {"acquired_at": ""})}).values())

    view = alignment(documents)

    assert view.deltas_ns() == {FIRST: 0, SECOND: -60 * NS_PER_S}
    starts = [intervals(one)[0].start_ns + view.deltas_ns()[one.path] for one in documents]
    assert starts == [view.reference_ns, view.reference_ns]
    assert view.shifts[0].hints == ()


def test_alignment_hints_at_files_that_were_aligned_before() -> None:
    early = record(acquired_at="1970-01-01T00:00:01Z", released_at="1970-01-01T00:00:01Z")
    documents = list(documents_of({FIRST: session(early), SECOND: session(early)}).values())

    assert alignment(documents).shifts[1].hints == (
        "times lie before the year 2000",
        "another file starts in the same second",
    )


def test_intervals_are_ordered_by_start_and_open_while_held() -> None:
    found = intervals(loaded(session(HELD, record(acquired_at="2025-10-20T09:12:00Z", duration_ms=900)), FIRST))

    assert [(one.context, one.end_ns is None, one.duration_ms) for one in found] == [
        ("pool", False, 900),
        ("staging", True, 0),
    ]


def test_histograms_hold_every_value_once() -> None:
    assert histogram([]) == ()
    assert histogram([2.0, 2.0]) == (Bin(2.0, 2.0, 2),)
    assert histogram([-1e308, 0.0, 1e308]) == (Bin(-1e308, 1e308, 3),)
    assert [one.count for one in histogram([0, 1, 2, 3, 4], bins=2)] == [2, 3]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("context", [("pool", 4, 1), ("staging", 3, 1)]),
        ("thread_id", [("1", 7, 2)]),
        ("file", [(THIRD[2:], 3, 1), (FIRST[2:], 2, 1), (SECOND[2:], 2, 0)]),
    ],
)
def test_records_are_grouped_by_what_they_share(by: Any, expected: list[Any]) -> None:
    found = groups(list(documents_of(CUMULATIVE).values()), by)

    assert [(group.name, group.records, group.held) for group in found] == expected


def test_provenance_is_compared_key_by_key() -> None:
    found = differences({"image": "i", "tag": 1}, {"image": "j", "digest": "d"})

    assert [(one.key, one.word) for one in found] == [
        ("image", "differs"),
        ("tag", "unknown"),
        ("digest", "not copied"),
    ]


def test_each_build_records_a_snapshot_in_its_own_way() -> None:
    text = '{"digest": null, "image": "i", "policy_mode": "strict", "n": 1.50}'
    root = {"digest": None, "image": "i", "policy_mode": "strict", "n": 1.5}

    assert recorded_by("specification", text, root) == b'{"digest":null,"image":"i","policy_mode":"strict","n":1.50}'
    assert recorded_by("library", text, root) == b'{"image":"i","policy_mode":"strict"}'
    assert recorded_by("line-scanner", text, root) == b'{"image":"i","digest":"image","policy_mode":"strict"}'
