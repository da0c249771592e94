"""SVR's own looks: exact cells, places, charts and products, and no session that breaks them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from svr_story import ALARM, BLOCKED, CORRECTED, EXIT, FIRE, HAZARD, REPEAT, bundle, enter, events, load

from teleloupe.formats.svr import FORMAT
from teleloupe.formats.svr.csvtext import event_csv
from teleloupe.model import DIRECTORY, Chart, Document, Place, Series, Table
from teleloupe.workspace import Workspace
from view_reading import cells, everything

SAMPLES = Path(__file__).parents[3] / "sample_data" / "svr"
TREES = sorted(path for path in [SAMPLES / "valid", *SAMPLES.glob("invalid/*")] if path.is_dir())
FILES = sorted(path for path in SAMPLES.rglob("*.json*") if path.stat().st_size < 20_000)


def snapshot(*documents: Document) -> dict[str, Document]:
    return {document.path: document for document in documents}


def table(name: str, document: Document, *others: Document) -> Table:
    view = next(view for view in FORMAT.views if view.id == name)
    return view.table(document, snapshot(document, *others))


def charts(name: str, document: Document) -> tuple[Chart, ...]:
    view = next(view for view in FORMAT.views if view.id == name)
    return view.charts(document, snapshot(document))


def wrong_story() -> dict[str, Any]:
    content = bundle()
    content["score"] |= {"score_total": 72, "status": "conditional_pass"}
    content["report"]["objective_breakdown"][2] |= {"achieved": False, "score_awarded": 0}
    content["report"]["objective_breakdown"][0]["evidence_event_ids"] = ["evt-002", "evt-099"]
    content["report"]["critical_errors"] = [{"code": "ignored_alarm", "trigger_event_id": "evt-077", "penalty": 30}]
    return content


def running(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in ("score", "report")}


def test_the_score_audit_marks_in_words_which_numbers_differ_from_the_claimed_one() -> None:
    found = table("score-audit", load(wrong_story()))

    assert found.title == "run.json: claimed 72 conditional_pass, by evidence 80 pass"
    assert cells(found, "number", "points", "status", "state", "off_by", "events")[:7] == [
        ("score block", 72, "conditional_pass", "agrees", 0, 0),
        ("report", 80, "pass", "differs", 8, 0),
        ("logged points", 80, None, "differs", 8, 6),
        ("report's items", 45, None, "differs", -27, 5),
        ("reasons", 80, None, "differs", 8, 6),
        ("evidence", 80, "pass", "differs", 8, 6),
        ("evidence, unclamped", 80, None, "not compared", 8, 6),
    ]
    assert cells(found, "event_ids")[5] == ("evt-002, evt-003, evt-005, evt-006, evt-013, evt-014",)
    assert [found.locate(index).at for index in (0, 1, 2)] == [
        "/score/score_total",
        "/report/score_total",
        "/events/1",
    ]


def test_a_status_alone_can_make_the_evidence_differ() -> None:
    content = bundle()
    content["score"]["status"] = "fail"

    assert cells(table("score-audit", load(content)), "number", "state")[5] == ("evidence", "differs")


def test_totals_are_drawn_as_bars() -> None:
    (chart,) = charts("score-audit", load(wrong_story()))

    assert (chart.shape, chart.y) == ("bars", "points")
    assert chart.series[:2] == (Series("score block", ((0.0, 72.0),)), Series("report", ((0.0, 80.0),)))


def test_a_running_session_is_called_so_and_compared_with_nothing() -> None:
    found = table("score-audit", load(running(bundle())))

    assert found.title == "run.json: claimed nothing, by evidence 80 pass, running"
    assert {state for (state,) in cells(found, "state")} == {"absent", "not compared"}


def test_bare_events_are_audited_as_the_session_they_become() -> None:
    lines = "".join(json.dumps(event) + "\n" for event in events(CORRECTED)).encode()

    found = table("score-audit", load(lines, "live.jsonl"))

    assert found.title == "live.jsonl: claimed nothing, by evidence 80 pass, running"
    assert found.locate(2) == Place("live.jsonl", "line 2")


def test_evidence_stands_beside_what_the_report_says() -> None:
    found = table("evidence", load(wrong_story()))

    assert cells(found, "name", "worth", "claimed", "claimed_points", "evidence", "points", "state") == [
        (ALARM, 25, "achieved", 25, "achieved", 25, "agrees"),
        (HAZARD, 20, "achieved", 20, "achieved", 20, "agrees"),
        (EXIT, 25, "missed", 0, "achieved", 25, "differs"),
        (FIRE, 10, "achieved", 10, "achieved", 10, "agrees"),
        (REPEAT, 20, "achieved", 20, "achieved", 20, "agrees"),
        ("used_blocked_exit", -20, "not listed", None, "made", -20, "differs"),
        ("ignored_alarm", -30, "made", -30, "nothing", 0, "differs"),
    ]
    assert cells(found, "event_ids", "cited", "absent")[0] == ("evt-002", "evt-002", "evt-099")
    assert cells(found, "event_ids", "cited", "absent")[6] == ("", "", "evt-077")
    assert [found.locate(index).at for index in (2, 6)] == ["/events/12", "/report/critical_errors/0"]


def test_events_stand_in_time_with_worth_beside_logged_points() -> None:
    content = bundle()
    content["events"][4]["score_delta"] = -10

    found = table("timeline", load(content))

    assert cells(found, "at", "event_id", "phase", "worth", "logged", "state", "serves")[3:6] == [
        (150, "evt-004", "audit", 0, 0, "agrees", ""),
        (160, "evt-005", "audit", -20, -10, "differs", "used_blocked_exit"),
        (200, "evt-006", "audit", 10, 10, "agrees", FIRE),
    ]
    assert found.locate(4) == Place("run.json", "/events/4")


def test_phases_have_their_timeboxes_and_windows_tell_whether_they_were_met() -> None:
    found = table("phases", load(bundle()))

    assert cells(found, "what", "name", "start", "end", "limit", "state", "met_by") == [
        ("session", "sess-20260302-001", 0, 470, 900, "within", None),
        ("phase", "audit", 0, 260, 420, "within", None),
        ("phase", "score_report", 260, 300, 120, "within", None),
        ("phase", "micro_drill", 300, 410, 180, "within", None),
        ("phase", "re_audit", 410, 470, 180, "within", None),
        ("window", ALARM, 0, 90, 90, "met", "evt-002"),
        ("window", ALARM, 410, 500, 90, "met in audit", None),
    ]
    assert found.locate(5) == Place("run.json", "/events/1")


def test_an_overlong_phase_and_one_that_was_never_reached_are_told() -> None:
    steps = (enter(0, "audit"), (500.5, "alarm_activated", "audit", "fail", {"objective_id": ALARM}))

    found = table("phases", load(bundle(steps)))

    assert cells(found, "name", "lasted", "state")[1:4] == [
        ("audit", 500.5, "overlong"),
        ("score_report", None, "not reached"),
        ("micro_drill", None, "not reached"),
    ]
    assert cells(found, "what", "state")[-1] == ("window", "not met")


def test_phases_and_windows_are_drawn_as_spans_in_seconds() -> None:
    phases, windows = charts("phases", load(bundle()))

    assert (phases.shape, phases.x) == ("spans", "since the first instant (s)")
    assert phases.series[:2] == (Series("audit", ((0.0, 260.0),)), Series("audit timebox", ((0.0, 420.0),)))
    assert windows.series[0] == Series(f"{ALARM}, audit", ((0.0, 90.0),))


def test_audit_and_re_audit_stand_side_by_side_with_drills_and_proof() -> None:
    found = table("re-audit", load(bundle()))

    assert found.title == "run.json: the re-audit changed 25 points"
    assert cells(found, "objective", "audit", "re_audit", "change", "proof", "drills", "event_ids") == [
        (ALARM, "achieved", "untried", "not repeated", "", "", "evt-002"),
        (HAZARD, "achieved", "untried", "not repeated", "", "", "evt-003"),
        (EXIT, "missed", "achieved", "improved", "own events", "drill_exit_selection (assigned, completed)", "evt-013"),
        (FIRE, "achieved", "untried", "not repeated", "", "", "evt-006"),
        (REPEAT, "untried", "achieved", "improved", "own events", "", "evt-014"),
    ]


def test_a_correction_without_an_event_of_its_own_rests_on_attestation_only() -> None:
    found = table("re-audit", load(bundle([*CORRECTED[:12], CORRECTED[13]])))

    assert cells(found, "objective", "change", "proof")[2] == (EXIT, "improved", "attestation only")


def test_what_failed_again_and_what_got_worse_are_told_apart() -> None:
    again = (460, "exit_selected", "re_audit", "fail", {"objective_id": EXIT, "details": BLOCKED})
    worse = (465, "alarm_activated", "re_audit", "fail", {"objective_id": ALARM})

    found = table("re-audit", load(bundle([*CORRECTED[:12], again, worse])))

    assert cells(found, "objective", "change")[:3] == [
        (ALARM, "regressed"),
        (HAZARD, "not repeated"),
        (EXIT, "still missed"),
    ]


def test_every_question_of_completeness_is_answered() -> None:
    content = bundle()
    csv = load(event_csv(content["events"], "timeline"), "run.csv")

    found = table("missing", load(content), csv)

    assert cells(found, "question", "state") == [
        (question, "nothing missing")
        for question in (
            "events and rows",
            "blocks",
            "event numbers",
            "cited events",
            "failures",
            "CSV rows",
            "phases",
            "micro-drills",
            "re-audit",
        )
    ]


def test_gaps_absent_citations_and_missing_rows_are_told_at_their_places() -> None:
    content = bundle()
    csv = load(event_csv(content["events"], "timeline"), "a/run.csv")
    del content["events"][3]
    content["report"]["objective_breakdown"][0]["evidence_event_ids"] = ["evt-004"]

    found = table("missing", load(content, "a/run.json"), csv)

    rows = {
        (question, state, found.locate(at)) for at, (question, state) in enumerate(cells(found, "question", "state"))
    }
    assert {
        ("events and rows", "differs", Place("a/run.csv")),
        ("event numbers", "missing", Place("a/run.json", "/events/3/event_id")),
        ("cited events", "missing", Place("a/run.json", "/report/objective_breakdown/0/evidence_event_ids/0")),
        ("CSV rows", "missing", Place("a/run.csv")),
        ("blocks", "nothing missing", Place("a/run.json")),
    } <= rows


def test_a_session_can_be_looked_at_alone() -> None:
    document = load(bundle())

    for view in FORMAT.views:
        assert view.table(document, {}).columns


def test_a_hidden_failure_is_missing() -> None:
    content = bundle()
    content["report"]["critical_errors"] = []

    found = table("missing", load(content))

    assert ("failures", "missing") in cells(found, "question", "state")


def test_the_course_goes_from_audit_to_re_audit() -> None:
    found = table("lineage", load(bundle()))

    assert cells(found, "step", "name", "state", "detail", "at", "events") == [
        ("phase", "audit", "reached", "announced by evt-001", 0, 6),
        ("phase", "score_report", "reached", "announced by evt-007", 260, 1),
        ("phase", "micro_drill", "reached", "announced by evt-008", 300, 3),
        ("phase", "re_audit", "reached", "announced by evt-011", 410, 4),
        (
            "micro-drill",
            "drill_exit_selection",
            "completed",
            "assigned: Critical error used_blocked_exit in audit (evt-005).",
            305,
            2,
        ),
        ("re-audit", "re_audit_started", "there, info", "", 410, 1),
        ("re-audit", "re_audit_completed", "there, success", "", 470, 1),
    ]
    assert found.locate(4) == Place("run.json", "/events/8")


def test_skipped_phases_and_drills_that_were_not_run_are_steps_too() -> None:
    found = table("lineage", load(bundle([*CORRECTED[:6], CORRECTED[12]])))

    assert cells(found, "name", "state", "detail")[1:] == [
        ("score_report", "skipped", ""),
        ("micro_drill", "skipped", ""),
        ("re_audit", "reached", "not announced"),
        ("drill_exit_selection", "not run", "assigned: Critical error used_blocked_exit in audit (evt-005)."),
        ("re_audit_started", "missing", ""),
        ("re_audit_completed", "missing", ""),
    ]


def test_other_files_of_the_session_are_steps_of_its_lineage() -> None:
    content = bundle()
    csv = load(event_csv(content["events"], "timeline"), "run.csv")
    earlier = load(bundle(CORRECTED[:6]), "old/run.json")
    same = load(content | {"exported_at": "2026-03-02T11:00:00Z"}, "copy.json")
    other = load(wrong_story(), "other.json")

    found = table("lineage", load(content), csv, earlier, same, other)

    assert [row for row in cells(found, "step", "name", "state") if row[0] == "file"] == [
        ("file", "run.csv", "as many rows as events"),
        ("file", "old/run.json", "an earlier snapshot"),
        ("file", "copy.json", "the same evidence"),
        ("file", "other.json", "other evidence"),
    ]


def test_the_privacy_light_names_what_to_remove_and_where() -> None:
    content = bundle()
    assert table("privacy", load(content)).title == "run.json: green, may leave"

    content["events"][3]["details"] = {**BLOCKED, "scene": "http://example.org", "token": "x"}
    found = table("privacy", load(content))

    assert found.title == "run.json: red, must not leave"
    assert cells(found, "light", "advice", "at") == [
        ("red", "remove credentials and revoke them", "/events/3/details/token"),
        ("yellow", "remove network addresses", "/events/3/details/scene"),
    ]


def test_a_directory_lists_its_sessions_claimed_beside_recomputed() -> None:
    right, wrong = load(bundle(), "a/right.json"), load(wrong_story(), "a/wrong.json")
    live, outside = load(running(bundle(CORRECTED[:6])), "a/live.json"), load(bundle(), "ab/run.json")
    view = next(view for view in FORMAT.views if view.id == "sessions")

    found = view.table(Document("a", kind=DIRECTORY), snapshot(right, wrong, live, outside))

    names = ("state", "claimed", "evidence", "evidence_status", "audit", "re_audit_delta", "lasted", "privacy", "path")
    assert cells(found, *names) == [
        ("agrees", 80, 80, "pass", 35, 25, 470, "green", "a/right.json"),
        ("differs", 72, 80, "pass", 35, 25, 470, "green", "a/wrong.json"),
        ("running", None, 35, "fail", 35, None, 200, "green", "a/live.json"),
    ]
    assert found.locate(1) == Place("a/wrong.json")


def test_a_session_makes_its_csv_profiles_its_bundle_and_the_recomputed_one() -> None:
    content = wrong_story()
    assert FORMAT.products is not None

    made = {product.path: product.data for product in FORMAT.products(load(content, "a/run.json"), {})}

    assert list(made) == ["a/run.csv", "a/run.full.csv", "a/run.json", "a/run.recomputed.json"]
    assert made["a/run.csv"] == event_csv(content["events"], "timeline")
    assert json.loads(made["a/run.json"]) == content
    assert json.loads(made["a/run.recomputed.json"]) == bundle()


def test_bare_events_make_a_whole_bundle() -> None:
    lines = "".join(json.dumps(event) + "\n" for event in events(CORRECTED)).encode()
    assert FORMAT.products is not None

    made = {product.path: product.data for product in FORMAT.products(load(lines, "live.jsonl"), {})}

    whole = {key: value for key, value in bundle().items() if key != "exported_at"}
    assert json.loads(made["live.json"]) == whole
    assert made["live.recomputed.json"] == made["live.json"]


def test_a_directory_makes_the_summary_of_its_sessions() -> None:
    documents = snapshot(load(bundle(), "a/right.json"), load(wrong_story(), "a/wrong.json"))
    assert FORMAT.products is not None

    (made,) = FORMAT.products(Document("a", kind=DIRECTORY), documents)

    header, first, second = made.data.decode().splitlines()
    assert made.path == "a/sessions.csv"
    assert header.startswith("session_id,participant_id,")
    assert ",80,pass,80,pass," in first
    assert ",72,conditional_pass,80,pass," in second
    assert list(FORMAT.products(Document("b", kind=DIRECTORY), documents)) == []


def test_views_have_ids_of_their_own_and_say_what_is_seen() -> None:
    assert len({view.id for view in FORMAT.views}) == len(FORMAT.views)
    assert all(view.doc and view.title and view.kinds for view in FORMAT.views)


@pytest.mark.parametrize("tree", TREES, ids=lambda path: path.name)
def test_every_sample_can_be_looked_at(tree: Path) -> None:
    documents = dict(Workspace(str(tree)).refresh().documents)

    for document in (*documents.values(), Document(".", kind=DIRECTORY)):
        everything(FORMAT, document, documents)


@given(st.data())
def test_no_mutation_of_a_sample_breaks_a_view(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    document, whole = load(bytes(content), path.name), load(bundle(), "whole.json")

    everything(FORMAT, document, snapshot(document, whole))
