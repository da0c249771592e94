"""Recomputation: what the events give, whatever the session claims."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from svr_story import ALARM, BLOCKED, CORRECTED, EXIT, FIRE, HAZARD, REPEAT, SAFE, Step, bundle, codes, enter, session

from teleloupe.formats.svr import outcome
from teleloupe.formats.svr.contract import NO_CONTRACT, contract_of
from teleloupe.formats.svr.office_fire import BUILT_IN, DRILLS, RUBRIC, SCENARIO


def evidence(content: dict[str, Any]) -> dict[str, Any]:
    return outcome.evidence(session(content), BUILT_IN)


def score_of(*steps: Step) -> tuple[Any, str]:
    given = evidence(bundle(steps))["score"]
    return given["score_total"], given["status"]


def shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(item, order) for item in value] if isinstance(value, list) else value


def test_a_corrected_run_is_scored_event_by_event() -> None:
    given = evidence(bundle())

    assert given["score"] == {
        "score_total": 80,
        "status": "pass",
        "why": [
            "+25 obj_activate_alarm: The alarm went off while the window was open (evt-002).",
            "+20 obj_identify_hazard: The source of danger was spotted (evt-003).",
            "-20 critical used_blocked_exit: A blocked exit was chosen (evt-005).",
            "+10 obj_extinguisher_judgment: The extinguisher was used where that was safe (evt-006).",
            "+25 re-audit obj_use_safe_exit: The south exit, which is safe, was taken (evt-013).",
            "+20 re-audit obj_reaudit_correction: The second run was completed with success (evt-014).",
        ],
    }
    assert given["tallies"] == {
        "claimed_score": 80, "claimed_report": 80, "ledger": 80, "breakdown": 80, "why": 80, "evidence": 80,
        "evidence_raw": 80, "evidence_strict": 80, "evidence_scenario_scope": 30, "audit": 35,
    }  # fmt: skip
    assert given["report"]["re_audit_delta"] == {"score_delta": 25, "improved_objectives": [EXIT]}
    assert [drill["microdrill_id"] for drill in given["report"]["recommended_microdrills"]] == ["drill_exit_selection"]


def test_what_the_evidence_builds_raises_no_issue() -> None:
    assert codes(bundle()) == []


@pytest.mark.parametrize(("second", "total"), [(90, 25), (90.000000001, 0), (0, 25)])
def test_a_window_closes_at_its_limit_to_the_nanosecond(second: float, total: int) -> None:
    alarm = ("alarm_activated", "audit", "success", {"objective_id": ALARM})

    assert score_of(enter(0, "audit"), (second, *alarm))[0] == total


def test_sums_are_exact_where_binary_numbers_are_not() -> None:
    rubric = copy.deepcopy(RUBRIC)
    rubric["objectives"][0]["weight"], rubric["objectives"][1]["weight"] = 30, 32.3
    rubric["critical_errors"][0]["penalty"] = 0.1
    rubric["pass_threshold"] = 62.2
    contract = contract_of(rubric, SCENARIO, DRILLS)
    steps = [CORRECTED[0], CORRECTED[1], CORRECTED[2], CORRECTED[4]]

    given = outcome.evidence(session(bundle(steps, contract)), contract)

    assert (given["score"]["score_total"], given["score"]["status"]) == (62.2, "pass")


def test_a_hard_fail_fails_and_leaves_the_number_alone() -> None:
    ignored = (10, "critical_error", "audit", "fail", {"critical_error_code": "ignored_alarm"})

    assert score_of(*CORRECTED[:3], ignored, CORRECTED[5], CORRECTED[12], CORRECTED[13]) == (70, "fail")


def test_penalties_cost_every_time_and_the_total_stays_above_zero() -> None:
    given = evidence(bundle([CORRECTED[0], *[CORRECTED[4]] * 3]))

    assert (given["score"]["score_total"], given["tallies"]["evidence_raw"]) == (0, -60)


def test_practice_scores_nothing() -> None:
    drilled = (320, "exit_selected", "micro_drill", "success", {"objective_id": EXIT, "details": SAFE})
    slipped = (330, "critical_error", "micro_drill", "fail", {"critical_error_code": "used_blocked_exit"})

    assert score_of(*CORRECTED[:9], drilled, slipped) == (35, "fail")


def test_attestation_credits_only_where_no_event_of_the_re_audit_speaks() -> None:
    completed = (470, "re_audit_completed", "re_audit", "success", {"objective_id": EXIT})
    failed = (460, "exit_selected", "re_audit", "fail", {"objective_id": EXIT, "details": BLOCKED})

    attested, denied = bundle([*CORRECTED[:12], completed]), bundle([*CORRECTED[:12], failed, completed])

    assert evidence(attested)["tallies"]["evidence"] == 80
    assert evidence(attested)["tallies"]["evidence_strict"] == 55
    assert evidence(denied)["tallies"]["evidence"] == 55
    assert ("lineage.attested_only", "/events/12") in codes(attested)
    assert ("lineage.attestation_contradicted", "/events/13") in codes(denied)


def test_details_match_by_json_type() -> None:
    rows = [
        (200, "extinguisher_attempted", "audit", "success", {"objective_id": FIRE, "details": {"safe_to_fight": value}})
        for value in ("true", 1, None)
    ]

    assert score_of(enter(0, "audit"), *rows)[0] == 0


def test_without_a_rubric_nothing_is_recomputed_and_that_is_told() -> None:
    content = bundle()

    given = outcome.evidence(session(content), NO_CONTRACT)

    assert (given["available"], given["score"], given["report"]) == (False, None, None)
    assert given["tallies"]["ledger"] == 80
    assert codes(content, NO_CONTRACT) == [("score.not_recomputable", "")]


@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_never_matters(order: random.Random) -> None:
    content = bundle()
    content["score"]["score_total"] = 68

    other = shuffled(content, order)

    assert evidence(other) == evidence(content)
    assert codes(other) == codes(content)


ATTEMPTS = st.lists(
    st.tuples(st.sampled_from([ALARM, HAZARD, EXIT, FIRE]), st.sampled_from(["success", "fail", "partial"])),
    min_size=1,
    max_size=8,
)
EVENT_OF = {
    ALARM: "alarm_activated",
    HAZARD: "hazard_identified",
    EXIT: "exit_selected",
    FIRE: "extinguisher_attempted",
}
DETAIL_OF: dict[str, dict[str, Any]] = {ALARM: {}, HAZARD: {}, EXIT: SAFE, FIRE: {"safe_to_fight": True}}


@given(ATTEMPTS, ATTEMPTS, st.sampled_from(["success", "fail"]), st.data())
def test_a_failed_event_cannot_be_dropped_unnoticed(
    audit: list[tuple[str, str]], re_audit: list[tuple[str, str]], ending: str, data: st.DataObject
) -> None:
    def attempts(start: int, phase: str, made: list[tuple[str, str]]) -> list[Step]:
        return [
            (start + n, EVENT_OF[name], phase, result, {"objective_id": name, "details": DETAIL_OF[name]})
            for n, (name, result) in enumerate(made)
        ]

    completed = (470, "re_audit_completed", "re_audit", ending, {"objective_id": EXIT})
    steps = [*CORRECTED[:1], *attempts(1, "audit", audit), *CORRECTED[4:5], *CORRECTED[6:12]]
    content = bundle([*steps, *attempts(411, "re_audit", re_audit), completed])
    failed = [i for i, event in enumerate(content["events"]) if event["outcome"] == "fail"]
    left = copy.deepcopy(content)
    del left["events"][data.draw(st.sampled_from(failed))]

    before, after = evidence(content), evidence(left)

    is_changed = (before["score"], before["report"]) != (after["score"], after["report"])
    assert is_changed or set(codes(left)) - set(codes(content))


def test_the_first_contract_entry_of_an_id_counts() -> None:
    rubric = copy.deepcopy(RUBRIC)
    rubric["objectives"].append({**rubric["objectives"][0], "weight": 1})

    found = contract_of(rubric, SCENARIO, DRILLS).rubric
    names = [(o.objective_id, int(o.weight)) for o in found.objectives] if found else []

    assert names == [(ALARM, 25), (HAZARD, 20), (EXIT, 25), (FIRE, 10), (REPEAT, 20)]
