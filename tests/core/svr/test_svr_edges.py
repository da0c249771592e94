"""The rules at their edges: values, dates and texts that no usual session has."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from svr_story import ALARM, BLOCKED, CORRECTED, EXIT, bundle, codes, enter, session

from teleloupe.formats.svr import outcome
from teleloupe.formats.svr.contract import Contract, contract_of
from teleloupe.formats.svr.contract_faults import Files, contract_faults
from teleloupe.formats.svr.office_fire import BUILT_IN, DRILLS, RUBRIC, SCENARIO


def contract(**parts: Any) -> Contract:
    files = {"rubric": RUBRIC, "scenario": SCENARIO, "drills": DRILLS} | parts
    return contract_of(files["rubric"], files["scenario"], files["drills"])


def faults(**parts: Any) -> list[tuple[str, str]]:
    files = Files(**({"rubric": RUBRIC, "scenario": SCENARIO, "drills": DRILLS} | parts))
    return [(issue.code.removeprefix("svr.contract."), issue.at) for issue in contract_faults(files)]


@pytest.mark.parametrize(
    ("stamp", "session_id", "is_dated_right"),
    [
        ("0005-03-02T09:00:00Z", "sess-00050302-001", True),
        ("0001-01-01T00:00:00+01:00", "sess-00010101-001", False),
        ("9999-12-31T23:59:59-01:00", "sess-99991231-001", False),
    ],
)
def test_a_session_is_dated_by_its_first_event_to_both_ends_of_the_calendar(
    stamp: str, session_id: str, is_dated_right: bool
) -> None:
    content = bundle(CORRECTED[:1]) | {"session_id": session_id}
    content["events"][0]["timestamp"] = stamp

    assert (("determinism.session_date_mismatch", "/session_id") not in codes(content)) is is_dated_right


def test_only_objectives_of_a_report_cite_evidence() -> None:
    content = bundle()
    content["report"]["critical_errors"][0]["evidence_event_ids"] = [1]

    at = "/report/critical_errors/0/evidence_event_ids"
    assert codes(content) == [("report.field_unknown", at)]


@pytest.mark.parametrize("refs", ["evt-002", "evt-002, ", "evt-002,evt-003", " evt-002 , , evt-003 "])
def test_a_reason_cites_what_stands_between_its_commas(refs: str) -> None:
    content = bundle()
    content["score"]["why"][0] = f"+25 {ALARM}: it rang ({refs})."

    assert codes(content) == []


def test_a_success_is_told_of_every_detail_that_is_absent_or_differs() -> None:
    rubric = copy.deepcopy(RUBRIC)
    rubric["objectives"][2]["required_detail"] = {"selected_exit": "south_safe", "floor": 2, "door": "a"}
    steps = (
        enter(0, "audit"),
        (10, "exit_selected", "audit", "success", {"objective_id": EXIT, "details": {**BLOCKED, "floor": True}}),
    )

    found = codes(bundle(steps, contract(rubric=rubric)), contract(rubric=rubric))

    assert found.count(("event.outcome_contradicts_detail", "/events/1/outcome")) == 2
    assert found.count(("event.evidence_detail_missing", "/events/1")) == 1


@pytest.mark.parametrize(("most", "assigned"), [(0, 0), (1.0, 1), (2, 2), (-1, 0), (None, 3)])
def test_no_more_drills_are_assigned_than_the_policy_allows(most: object, assigned: int) -> None:
    drills = DRILLS | {"selection_policy": DRILLS["selection_policy"] | {"max_assigned": most}}

    report = outcome.evidence(session(bundle(CORRECTED[:1])), contract(drills=drills))["report"]

    assert len(report["recommended_microdrills"]) == assigned


def test_the_last_event_of_a_summary_is_the_later_in_the_file_where_two_are_as_late() -> None:
    content = bundle(CORRECTED[:3])
    content["events"][1]["timestamp"] = "2026-03-02T09:01:30+00:00"

    row = outcome.summary_row(session(content), BUILT_IN, ())

    assert row[4:7] == ("2026-03-02T09:00:00Z", "2026-03-02T09:01:30Z", "90")


def test_a_scenario_without_its_head_differs_from_the_rubric() -> None:
    headless = {key: value for key, value in SCENARIO.items() if key not in ("scenario_id", "version")}

    found = faults(scenario=headless)

    assert ("scenario_id_mismatch", "/scenario/scenario_id") in found
    assert ("version_mismatch", "/scenario/version") in found


def test_a_phase_without_a_timebox_takes_none_of_the_time() -> None:
    scenario = copy.deepcopy(SCENARIO)
    del scenario["phases"][1]["timebox_seconds"]

    assert ("timebox_total", "/scenario/phases") in faults(scenario=scenario)
    assert ("timebox_total", "/scenario/phases") not in faults(scenario={**scenario, "duration_minutes": 13})


def test_a_number_too_long_for_a_machine_word_still_leaves_a_gap() -> None:
    content = bundle(CORRECTED[:2])
    content["events"][1]["event_id"] = "evt-" + "9" * 30

    assert ("event.id_gap", "/events/1/event_id") in codes(content)


def test_a_scenario_is_held_against_the_first_objective_of_an_id() -> None:
    rubric = copy.deepcopy(RUBRIC)
    rubric["objectives"].append({**rubric["objectives"][0], "label": "Another", "evidence_event": "exit_selected"})

    assert ("required_detail_mismatch", "/scenario/phases/0/objectives/0") not in faults(rubric=rubric)


@pytest.mark.parametrize("has_events", [True, False])
def test_nobody_asks_for_the_evidence_of_an_objective_that_the_rubric_does_not_know(has_events: bool) -> None:
    content = bundle()
    ghost, bare = content["report"]["objective_breakdown"][:2]
    ghost |= {"objective_id": "obj_ghost", "evidence_event_ids": []}
    bare["evidence_event_ids"] = []
    if not has_events:
        del content["events"]

    found = [at for code, at in codes(content) if code == "report.evidence_missing"]

    assert found == ["/report/objective_breakdown/1"]


def test_a_stated_total_is_told_as_it_was_read() -> None:
    content = bundle()
    content["score"]["score_total"], content["report"]["score_total"] = 1e308, 80.0

    tallies = outcome.evidence(session(content), BUILT_IN)["tallies"]

    assert repr((tallies["claimed_score"], tallies["claimed_report"])) == "(1e+308, 80)"
