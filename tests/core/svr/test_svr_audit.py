"""The values behind the screens: audit, time axis, what is missing, may it leave."""

from __future__ import annotations

from typing import Any

from svr_story import ALARM, BLOCKED, CORRECTED, EXIT, bundle, issues, load, session

from teleloupe.formats.svr.audit import contract_at, score_audit
from teleloupe.formats.svr.contract import contract_of
from teleloupe.formats.svr.course import completeness, phase_timeline, privacy_light, retention_hints
from teleloupe.formats.svr.csvtext import event_csv, read_csv
from teleloupe.formats.svr.instants import SECOND_NS
from teleloupe.formats.svr.office_fire import BUILT_IN, DRILLS, RUBRIC, SCENARIO


def wrong_story() -> dict[str, Any]:
    content = bundle()
    content["score"] |= {"score_total": 72, "status": "conditional_pass"}
    content["report"]["objective_breakdown"][2] |= {"achieved": False, "score_awarded": 0}
    content["report"]["objective_breakdown"][0]["evidence_event_ids"] = ["evt-002", "evt-099"]
    content["report"]["critical_errors"] = [{"code": "ignored_alarm", "trigger_event_id": "evt-004", "penalty": 30}]
    return content


def test_every_tally_says_whether_it_agrees_and_which_events_it_rests_on() -> None:
    found = score_audit(session(wrong_story()), BUILT_IN)

    rows = {tally.name: (tally.amount, tally.disagrees, tally.records) for tally in found.tallies}
    assert found.claimed == (72, "conditional_pass")
    assert found.evidence == (80, "pass")
    assert rows["claimed_score"] == (72, False, ())
    assert rows["claimed_report"] == (80, True, ())
    assert rows["ledger"] == (80, True, (1, 2, 4, 5, 12, 13))
    assert rows["breakdown"] == (45, True, (1, 2, 3, 5, 12, 13))
    assert rows["evidence"] == (80, True, (1, 2, 4, 5, 12, 13))
    assert rows["audit"] == (35, False, (1, 2, 4, 5))


def test_objectives_stand_side_by_side_in_audit_and_re_audit() -> None:
    alarm, _, way_out, _, repeat = score_audit(session(wrong_story()), BUILT_IN).objectives

    assert (way_out.audit, way_out.re_audit, way_out.records) == ("missed", "achieved", (12,))
    assert (way_out.claimed, way_out.is_achieved, way_out.disagrees) == (False, True, True)
    assert (alarm.audit, alarm.re_audit, alarm.cited, alarm.unknown) == ("achieved", "untried", (1,), ("evt-099",))
    assert (repeat.audit, repeat.re_audit, repeat.disagrees) == ("untried", "achieved", False)


def test_penalties_of_evidence_and_report_are_told_apart() -> None:
    found = score_audit(session(wrong_story()), BUILT_IN).penalties

    assert [(p.code, p.record, p.is_in_evidence, p.is_claimed) for p in found] == [
        ("used_blocked_exit", 4, True, False),
        ("ignored_alarm", 3, False, True),
    ]


def test_drills_are_assigned_or_not_and_run_or_not() -> None:
    content = bundle([*CORRECTED[:3], *CORRECTED[6:10]])

    found = score_audit(session(content), BUILT_IN).drills

    assert [(d.microdrill_id, d.is_assigned, d.started, d.completed) for d in found] == [
        ("drill_exit_selection", True, 5, 6),
    ]


def test_a_session_without_score_and_report_is_running() -> None:
    content = {key: value for key, value in bundle().items() if key not in ("score", "report")}

    found = score_audit(session(content), BUILT_IN)

    assert (found.is_running, found.claimed, found.evidence) == (True, (None, None), (80, "pass"))


def test_phases_and_windows_lie_on_one_axis() -> None:
    axis = phase_timeline(session(bundle()), BUILT_IN)

    spans = [(span.phase, span.start_ns // SECOND_NS, span.end_ns // SECOND_NS) for span in axis.phases]
    assert spans == [("audit", 0, 260), ("score_report", 260, 300), ("micro_drill", 300, 410), ("re_audit", 410, 470)]
    assert not any(span.is_overlong for span in axis.phases)
    assert (axis.length_ns, axis.planned_ns) == (470 * SECOND_NS, 900 * SECOND_NS)
    window = axis.windows[0]
    assert (window.objective_id, window.phase, window.closes_ns, window.met_by) == (ALARM, "audit", 90 * SECOND_NS, 1)
    marks = [(mark.record, mark.worth, mark.logged, mark.serves) for mark in axis.marks[3:5]]
    assert marks == [(3, 0, 0, ()), (4, -20, -20, ("used_blocked_exit",))]
    assert (axis.marks[12].worth, axis.marks[12].serves) == (25, (EXIT,))


def test_nobody_can_say_what_an_event_is_worth_whose_objective_has_no_formula() -> None:
    first, *others = RUBRIC["objectives"]
    timed = {**RUBRIC, "objectives": [{**first, "scoring": "timed"}, *others]}

    axis = phase_timeline(session(bundle()), contract_of(timed, SCENARIO, DRILLS))

    assert [mark.worth for mark in axis.marks[1:4]] == [None, 20, 0]


def test_what_is_missing_is_told_with_both_counts() -> None:
    content = bundle()
    del content["events"][3]
    table = read_csv(event_csv(bundle()["events"], "timeline").decode())

    found = completeness(session(content), table, issues(content))

    assert (found.events, found.rows) == (13, 14)
    assert [issue.code for issue in found.issues] == ["svr.event.id_gap"]


def test_the_light_and_the_hints_follow_the_privacy_issues() -> None:
    content = bundle()
    assert (privacy_light(issues(content)), retention_hints(issues(content))) == ("green", ())

    content["events"][3]["details"] = {**BLOCKED, "scene": "http://example.org", "token": "x"}

    assert privacy_light(issues(content)) == "red"
    assert retention_hints(issues(content)) == (
        "remove credentials and revoke them: /events/3/details/token",
        "remove network addresses: /events/3/details/scene",
    )


def test_the_contract_of_a_document_is_found_in_its_snapshot() -> None:
    documents = {"run.json": load(bundle())}

    assert contract_at(documents, "run.json") is BUILT_IN
    assert contract_at(documents, "gone.json") is None
