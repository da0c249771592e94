"""The loom: golden bytes, and what holds for any feeds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from foundry_files import lines, load, mint, pretty, ritual
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.formats.toyfoundry.conversions import (
    UnusableTime,
    duration_of,
    instant_of,
    integer_of,
    mint_units,
    ritual_of,
    units_of,
)
from teleloupe.formats.toyfoundry.loom import flattened, rollup_text, weave_feed, woven_export
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.weave import Weave
from teleloupe.formats.toyfoundry.writing import document_text, export_csv, export_json, row_text

SCALARS = st.none() | st.booleans() | st.integers(-3, 400_000) | st.floats() | st.text(max_size=3)
IDS = st.sampled_from(["a", "b", "alfa-1", "", "é", "Z"]) | SCALARS
TIMES = (
    st.sampled_from(
        ["2025-11-24T08:00:00Z", "2025-11-23T08:00:00+01:00", "2025-11-24", "", "soon", "2025-11-24T07:59:59.9999999Z"]
    )
    | SCALARS
)
METADATA = st.fixed_dictionaries(
    {},
    optional={
        "batch_id": IDS,
        "units": SCALARS,
        "duration_ms": SCALARS,
        "dry_run": SCALARS,
        "metrics": st.dictionaries(st.sampled_from(["units", "duration", "count"]), SCALARS) | SCALARS,
    },
)
ALFA_IDS = st.sampled_from(["a", "b", "alfa-1", "", "é", "Z", None, 3, 10])  # others do not survive as JSON keys
MINTS = st.fixed_dictionaries(
    {"alfa_id": ALFA_IDS},
    optional={"timestamp": TIMES, "status": IDS, "dry_run": SCALARS, "name": SCALARS, "output_path": IDS},
)
EVENTS = st.fixed_dictionaries(
    {"ritual": st.sampled_from(["drill", "Parade", " purge ", "x"]) | SCALARS, "metadata": METADATA | SCALARS},
    optional={"timestamp": TIMES, "status": st.sampled_from(["completed", "error", "odd"]) | SCALARS, "name": IDS},
)


def woven(mints: Iterable[Any], rituals: Iterable[Any] = ()) -> Weave:
    weave = Weave()
    weave_feed(weave, "mint-feed", [lines(*mints)])
    weave_feed(weave, "ritual-feed", [lines(*rituals)])
    weave.finish()
    return weave


def exported(weave: Weave) -> str:
    return "".join(export_json(woven_export(weave).records))


def test_a_mint_and_its_rituals_become_these_bytes() -> None:
    drill = ritual(ritual="Drill", metadata={"batch_id": "alfa-1", "metrics": {"units": "3", "duration_ms": "-5"}})
    weave = woven([mint(), mint("café,2", dry_run=True, status="draft")], [ritual(), drill])

    assert exported(weave) == (
        '[\n  {\n    "batch_id": "alfa-1",\n    "duration_ms": 0,\n    "ritual": "forge",\n'
        '    "schema_version": "1.0",\n    "status": "success",\n    "units_processed": 3\n  },\n'
        '  {\n    "batch_id": "alfa-1",\n    "duration_ms": 0,\n    "ritual": "parade",\n'
        '    "schema_version": "1.0",\n    "status": "success",\n    "units_processed": 1\n  },\n'
        '  {\n    "batch_id": "caf\\u00e9,2",\n    "duration_ms": 0,\n    "ritual": "forge",\n'
        '    "schema_version": "1.0",\n    "status": "partial",\n    "units_processed": 1\n  }\n]\n'
    )
    assert "".join(export_csv(woven_export(weave).records)) == (
        "schema_version,batch_id,ritual,units_processed,status,duration_ms\r\n"
        "1.0,alfa-1,forge,3,success,0\r\n1.0,alfa-1,parade,1,success,0\r\n"
        '1.0,"café,2",forge,1,partial,0\r\n'
    )


def test_nothing_becomes_an_empty_array_and_an_empty_object() -> None:
    assert (exported(woven([])), "".join(rollup_text(woven([]).rollup()))) == ("[]\n", "{}\n")


@given(st.lists(MINTS, max_size=8), st.lists(EVENTS, max_size=8))
def test_an_export_of_the_rollup_is_the_export_of_the_feeds(mints: list[Any], events: list[Any]) -> None:
    weave = woven(mints, events)
    direct = woven_export(weave)

    saved = json.loads("".join(rollup_text(weave.rollup())))

    assert "".join(export_json(flattened(sorted(saved.items())).records)) == "".join(export_json(direct.records))


@given(st.lists(MINTS, max_size=8), st.lists(EVENTS, max_size=8))
def test_exported_records_are_sorted_and_clean_but_for_blank_ids(mints: list[Any], events: list[Any]) -> None:
    records = woven_export(woven(mints, events)).records

    document = load("".join(export_json(records)).encode())

    assert [(record.batch_id, record.ritual, record.status) for record in records] == sorted(
        (record.batch_id, record.ritual, record.status) for record in records
    )
    assert {issue.code for issue in document.issues} <= {"TF110", "TF111", "TF114"}
    assert all(record.batch_id.strip() == "" for record in records) or document.kind == "export"


@given(st.lists(MINTS, max_size=8), st.lists(EVENTS, max_size=8))
def test_a_lean_weave_gives_the_same_export(mints: list[Any], events: list[Any]) -> None:
    lean = Weave(is_lean=True)
    weave_feed(lean, "mint-feed", [lines(*mints)])
    weave_feed(lean, "ritual-feed", [lines(*events)])
    lean.finish()

    full = woven(mints, events)

    assert woven_export(lean) == woven_export(full)
    assert (lean.left_out, lean.cause_count, lean.causes) == (full.left_out, full.cause_count, full.causes)


@given(st.lists(MINTS, max_size=6), st.lists(EVENTS, max_size=6))
def test_rollups_are_written_as_the_standard_library_writes_them(mints: list[Any], events: list[Any]) -> None:
    weave = woven(mints, events)

    assert "".join(rollup_text(weave.rollup())) == document_text(dict(weave.rollup()))
    assert "".join(rollup_text(weave.mint_rollup())) == document_text(dict(weave.mint_rollup()))


@given(st.lists(st.sampled_from([json.dumps(mint()), "{", "[]", "null", "", "nope"]), max_size=12))
def test_malformed_lines_lose_no_good_line(entries: list[str]) -> None:
    weave = Weave()

    weave_feed(weave, "mint-feed", [b"%s\n" % entry.encode() for entry in entries])

    assert weave.mint_count == entries.count(json.dumps(mint()))
    assert weave.left_out == sum(entry in ("{", "[]", "null", "nope") for entry in entries)


def test_a_feed_may_come_in_any_parts() -> None:
    content = lines(mint("é"), mint("b"))
    parts = [content[at : at + 7] for at in range(0, len(content), 7)]
    weave = Weave()

    weave_feed(weave, "mint-feed", parts)

    assert list(weave.mints) == ["é", "b"]


def test_what_stops_the_producer_is_left_out_and_named() -> None:
    naive = mint(timestamp="2025-11-24T08:00:00")
    weave = woven(
        [mint(), naive, mint(7), mint(["x"])], [ritual(metadata=[1]), ritual(ritual=5), ritual(timestamp="soon")]
    )

    assert list(weave.mints) == ["alfa-1"]
    assert (weave.left_out, weave.cause_count, weave.operations) == (6, 6, {})


def test_integer_ids_sort_as_numbers_in_the_rollup_and_as_text_in_the_export() -> None:
    weave = woven([mint(10), mint(9)])

    assert list(json.loads("".join(rollup_text(weave.rollup())))) == ["9", "10"]
    assert [record.batch_id for record in woven_export(weave).records] == ["10", "9"]


def test_a_broken_entry_of_a_rollup_is_left_out_and_the_others_stay() -> None:
    rollup = {"a": None, "b": {"rituals": {"parade": {"events": [None, {"status": "completed"}]}}}, "c": {"mint": 5}}

    found = flattened(sorted(rollup.items()))

    assert found.records == [Record("b", "parade", "success", 1, 0, "1.0")]
    assert [refused.at for refused in found.refused] == ["/a", "/b/rituals/parade/events/0", "/c/mint"]


def test_an_infinite_duration_counts_as_unusable() -> None:
    event = {"status": "completed", "metadata": {"duration_ms": float("inf"), "duration": 7}}

    found = flattened([("a", {"rituals": {"purge": {"events": [event]}}})])

    assert found.records == [Record("a", "purge", "success", 1, 7, "1.0")]
    assert [(refused.is_left_out, refused.rule.code) for refused in found.refused] == [(False, "TF005")]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (True, 1),
        (-0.9, 0),
        (2.9, 2),
        (" 1_000\n", 1000),
        ("١٢", 12),
        ("1.5", None),
        ("", None),
        (float("nan"), None),
        ([1], None),
        (None, None),
        ("9" * 4301, None),
        (float("-inf"), None),
    ],
)
def test_integers_are_what_python_makes_of_them(raw: object, expected: int | None) -> None:
    assert integer_of(raw) == expected


@pytest.mark.parametrize(
    ("raw", "value", "mark"),
    [
        ("parade", "parade", "measured"),
        (" Purge\u00a0", "purge", "aliased"),
        ("DRILL", "forge", "aliased"),
        ("mint", "forge", "coerced"),
        (None, "forge", "defaulted"),
    ],
)
def test_a_ritual_is_normalised(raw: object, value: str, mark: str) -> None:
    taken = ritual_of(raw)

    assert (taken.value, taken.mark) == (value, mark)


def test_units_and_durations_tell_how_they_came_about() -> None:
    assert [units_of(metadata).mark for metadata in ({}, {"units_processed": 2}, {"units": 2}, {"units": "2"})] == [
        "defaulted",
        "measured",
        "aliased",
        "coerced",
    ]
    assert [duration_of({"duration_ms": value}).mark for value in (5, 300_001, -1, "x")] == [
        "measured",
        "clamped",
        "clamped",
        "defaulted",
    ]
    assert mint_units(4).mark == "defaulted"


@pytest.mark.parametrize(
    "value", ["2025-11-24T24:00:00Z", "20251124T24", "2025-11-24T08:00:00z", "Z", 0, False, [], "now"]
)
def test_a_time_that_stops_the_producer_is_unusable(value: object) -> None:
    with pytest.raises(UnusableTime):
        instant_of(value)


@pytest.mark.parametrize(
    "value", ["2025-11-24", "20251124T080000", "2025-W48-1", "2025-11-24T08Z", "2025-11-24T08:00,5Z"]
)
def test_every_form_that_python_reads_is_a_time(value: str) -> None:
    assert instant_of(value) is not None


@pytest.mark.parametrize("batch_id", ["=1+1", " a", "a;b", "'a", "a\tb"])
def test_only_what_must_be_is_quoted(batch_id: str) -> None:
    assert row_text(Record(batch_id, "forge", "success", 1, 0, "1.0")) == f"1.0,{batch_id},forge,1,success,0\r\n"


def test_pretty_text_of_tests_is_the_loom_s() -> None:
    assert pretty([{"b": 1, "a": []}]).decode() == document_text([{"b": 1, "a": []}])
