"""Exports: bytes that never change, and files that differ from them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from svr_story import CORRECTED, bundle, enter, events, load, session

from teleloupe.formats.svr import outcome
from teleloupe.formats.svr.canonical import canonical_json, evidence_digest, export_json
from teleloupe.formats.svr.csv_faults import csv_faults, pair_faults
from teleloupe.formats.svr.csvtext import event_csv, read_csv
from teleloupe.formats.svr.office_fire import BUILT_IN
from teleloupe.formats.svr.vocabulary import TIMELINE_COLUMNS


def test_the_timeline_has_one_row_an_element_even_a_broken_one() -> None:
    rows = [*events([CORRECTED[0], CORRECTED[1]]), ["lost"], {"timestamp": None, "score_delta": True, "phase": [1]}]

    assert event_csv(rows, "timeline") == (
        b"timestamp,event_type,phase,actor_id,outcome,objective_id,critical_error_code,score_delta\n"
        b"2026-03-02T09:00:00Z,phase_transition,audit,system,info,,,\n"
        b"2026-03-02T09:00:40Z,alarm_activated,audit,system,success,obj_activate_alarm,,25\n"
        b",,,,,,,\n"
        b",,[1],,,,,true\n"
    )


def test_cells_are_quoted_only_where_they_must_be() -> None:
    row = {"actor_id": 'a "b",\nc', "target_id": "=x", "details": {"b": 1.0, "a": -0.0, "ä": 1e16}}

    written = event_csv([row], "full").decode()

    assert written.splitlines()[1] == ',,,"a ""b"",'
    assert written.endswith('\nc",,,,,,,,=x,"{""a"":0,""b"":1,""ä"":1e+16}"\n')


CELLS = st.text(st.characters(codec="utf-8"), max_size=6)


@given(
    st.lists(st.fixed_dictionaries({"timestamp": CELLS.filter(bool), "phase": CELLS, "actor_id": CELLS}), max_size=5)
)
def test_written_rows_read_back_as_they_were(rows: list[dict[str, str]]) -> None:
    table = read_csv(event_csv(rows, "timeline").decode())

    assert [dict(zip(table.header, row, strict=True)) for row in table.rows] == [
        {**dict.fromkeys(TIMELINE_COLUMNS, ""), **row} for row in rows
    ]
    assert not list(pair_faults(table, session({"events": rows})))


@given(st.text(alphabet='a",\r\n', max_size=30))
def test_any_text_is_read_as_csv(text: str) -> None:
    list(csv_faults(read_csv(text), is_summary=False))


def test_a_quote_that_is_never_closed_swallows_the_rest() -> None:
    table = read_csv('a,b\n1,"x""y\n2,3\n')

    assert table.rows == (("1", 'x"y\n2,3\n'),)
    assert table.is_open


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (",25\n", ",25.00\n", [("svr.csv.cell_format", "/rows/1/score_delta")]),
        ("09:00:40Z", "10:00:40+01:00", [("svr.csv.cell_format", "/rows/1/timestamp")]),
        (",info,", ",success,", [("svr.csv.cell_mismatch", "/rows/0/outcome")]),
        (
            "2026-03-02T09:00:00Z,phase_transition,audit,system,info,,,\n",
            "",
            [("svr.csv.row_count", ""), ("svr.csv.row_missing", "")],
        ),
    ],
)
def test_a_csv_is_compared_with_its_session(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    rows = events(CORRECTED[:2])
    text = event_csv(rows, "timeline").decode().replace(old, new, 1)

    found = pair_faults(read_csv(text), session({"events": rows}))

    assert [(issue.code, issue.at) for issue in found] == expected


def test_the_normalised_bundle_has_its_keys_in_order() -> None:
    content = {
        "zeta": {"b": 1, "a": 2.0},
        "events": [{"details": {"b": 1, "a": []}, "extra": None, "event_id": "é"}],
        "report": {"why": [], "critical_errors": [{"why": "w", "code": "c"}], "session_id": "s"},
        "session_id": "s",
    }

    assert export_json(content).decode() == (
        '{\n  "session_id": "s",\n  "events": [\n    {\n      "event_id": "é",\n      "details": {\n        "a": [],\n'
        '        "b": 1\n      },\n      "extra": null\n    }\n  ],\n  "report": {\n    "session_id": "s",\n'
        '    "critical_errors": [\n      {\n        "code": "c",\n        "why": "w"\n      }\n    ],\n    "why": []\n'
        '  },\n  "zeta": {\n    "a": 2,\n    "b": 1\n  }\n}\n'
    )


def test_the_digest_is_of_the_evidence_not_of_its_writing() -> None:
    content = bundle()
    again = json.loads(json.dumps(content, indent=3, sort_keys=True)) | {"exported_at": "2027-01-01T00:00:00Z"}
    other = bundle()
    other["events"][1]["score_delta"] = 24

    assert evidence_digest(again) == evidence_digest(content)
    assert evidence_digest(other) != evidence_digest(content)


def test_canonical_json_sorts_by_code_point_and_keeps_text() -> None:
    value: dict[str, Any] = {
        "b": [1.0, 1.5, -0.0, 1e16, 10**20],
        "a": "ü\n",
        "Z": None,
        "\U0001f600": True,
        "\ufb00": False,
    }

    assert canonical_json(value) == (
        '{"Z":null,"a":"ü\\n","b":[1,1.5,0,1e+16,100000000000000000000],"\ufb00":false,"\U0001f600":true}'
    )


def test_bare_events_become_a_bundle_that_nothing_is_wrong_with() -> None:
    bare = load(events(CORRECTED)).body

    whole = outcome.as_bundle(bare, "office_fire_mvp", "2026-03-02T10:00:00Z")
    built = outcome.built(whole, BUILT_IN)

    assert dict(built) == bundle()
    assert export_json(built) == export_json(bundle())


def test_the_summary_tells_a_session_in_a_row() -> None:
    content = bundle([*CORRECTED[:5], enter(260, "score_report")])

    row = outcome.summary_row(session(content), BUILT_IN, load({"session_id": ""}).issues)

    header, unnamed, named = outcome.summary_csv([("b.json", row), ("a.json", ("", *row[1:]))]).decode().splitlines()

    rest = ",anon-p001,office_fire_mvp,6,2026-03-02T09:00:00Z,2026-03-02T09:04:20Z,260,25,fail,25,fail,25,,1,2,6,1,0"
    assert header.startswith("session_id,participant_id,scenario_id,event_count,")
    assert (unnamed, named) == (rest, f"sess-20260302-001{rest}")
