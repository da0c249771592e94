"""Across files: which contract judges which session, pairs, twins, golden runs; unchanged files are judged once."""

from __future__ import annotations

import copy
import json
from itertools import takewhile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from svr_story import CORRECTED, bundle, events, load

from teleloupe import formats
from teleloupe.formats.svr.contract import NO_CONTRACT
from teleloupe.formats.svr.csvtext import event_csv
from teleloupe.formats.svr.office_fire import BUILT_IN, DRILLS, RUBRIC, SCENARIO
from teleloupe.formats.svr.relations import adopt, contract_files, contract_for, relate
from teleloupe.formats.svr.shelf import Shelf
from teleloupe.model import Blob, Document
from teleloupe.workspace import Workspace


def tree(**files: Any) -> dict[str, Document]:
    return {path: load(content, path) for path, content in sorted(files.items())}


def csv(content: dict[str, Any]) -> bytes:
    return event_csv(content["events"], "timeline")


def told(documents: dict[str, Document]) -> list[tuple[str, str, str]]:
    return sorted((path, issue.code, issue.at) for path, found in relate(documents).items() for issue in found)


def rubric(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(RUBRIC), **changes}


def judge(documents: dict[str, Document], path: str) -> Any:
    return contract_for(documents[path].body, path, Shelf(contract_files(documents)))


def test_the_nearest_rubric_of_the_scenario_judges() -> None:
    files = {
        "a/b/run.json": bundle(),
        "a/rubric.json": rubric(pass_threshold=70),
        "a/b/c/d/rubric.json": rubric(pass_threshold=71),
        "a/b/other.json": rubric(scenario_id="another", pass_threshold=72),
        "rubric.json": rubric(pass_threshold=73),
    }

    assert judge(tree(**files), "a/b/run.json").rubric.pass_threshold == 70
    del files["a/rubric.json"]
    assert judge(tree(**files), "a/b/run.json").rubric.pass_threshold == 71  # as far as the root's, first by path


FOLDERS = st.lists(st.sampled_from("abc"), max_size=3).map("/".join)


def steps(start: str, end: str) -> int:
    here, there = ([part for part in folder.split("/") if part] for folder in (start, end))
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(here, there, strict=False))))
    return len(here) + len(there) - 2 * shared


@given(st.lists(FOLDERS, max_size=6, unique=True), FOLDERS)
def test_the_nearest_file_is_the_one_that_looking_at_all_of_them_finds(places: list[str], folder: str) -> None:
    paths = [f"{place}/rubric.json".lstrip("/") for place in places]
    shelf = Shelf([Document(path, kind="rubric", body={"scenario_id": "s"}) for path in paths])

    found = shelf.nearest(folder, "rubric", "s")

    wanted = min(paths, key=lambda path: (steps(folder, path.rpartition("/")[0]), path), default=None)
    assert (found.path if found else None) == wanted
    assert shelf.nearest(folder, "rubric", "t") is None
    assert shelf.nearest(folder, "scenario", "s") is None


def test_where_the_tree_has_a_rubric_what_it_lacks_is_off() -> None:
    documents = tree(**{"run.json": bundle(), "rubric.json": RUBRIC, "far/scenario.json": SCENARIO})

    found = judge(documents, "run.json")

    assert found.scenario is not None
    assert found.drills is None


def test_without_a_rubric_office_fire_is_built_in_and_other_scenarios_are_unknown() -> None:
    documents = tree(**{"a.json": bundle(), "b.json": bundle() | {"scenario_id": "chemical"}})

    assert judge(documents, "a.json") is BUILT_IN
    assert judge(documents, "b.json") is NO_CONTRACT


def test_session_and_csv_of_one_stem_are_a_pair() -> None:
    content = bundle()

    assert told(tree(**{"x/run.json": content, "x/run.csv": csv(content)})) == []
    assert told(tree(**{"x/run.json": content, "y/run.csv": csv(content)})) == [
        ("x/run.json", "svr.csv.pair_missing", ""),
        ("y/run.csv", "svr.csv.pair_missing", ""),
    ]


def test_a_csv_beside_a_session_that_is_being_written_is_no_orphan() -> None:
    assert told(tree(**{"run.json": b'{"session_id": "s', "run.csv": csv(bundle())})) == []


def test_a_csv_beside_a_file_that_is_no_session_is_an_orphan() -> None:
    beside = {"run.json": {"locale": "en-US", "strings": {}}, "run.csv": csv(bundle()), "run.txt": b"notes"}

    assert told(tree(**beside)) == [("run.csv", "svr.csv.pair_missing", "")]


def test_a_csv_that_only_its_session_tells_to_be_one_is_judged_beside_it() -> None:
    alone = {"notes.csv": b"site,room\nLeeds,2\n", "empty.csv": b""}
    paired = tree(**{"run.json": bundle(), "run.csv": b"", "b/run.json": b"{}", "b/run.csv": b""})

    found = adopt(paired)

    assert [document.format for document in tree(**alone).values()] == [None, None]
    assert (adopt(tree(**alone)), told(tree(**alone))) == ({}, [])
    assert [(path, doc.format, doc.kind) for path, doc in found.items()] == [("run.csv", "svr", "timeline-csv")]
    assert [issue.code for issue in found["run.csv"].issues] == ["svr.csv.header_missing_column"] * 4
    assert "run.csv" not in relate(paired | found)


def test_a_csv_is_taken_for_ours_as_long_as_its_session_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps(bundle()))
    (tmp_path / "run.csv").write_bytes(b"")
    space = Workspace(str(tmp_path))

    first = space.refresh().documents["run.csv"]
    (tmp_path / "other.json").write_text("{}")
    second = space.refresh().documents["run.csv"]
    (tmp_path / "run.json").unlink()
    alone = space.refresh().documents["run.csv"]

    assert second is first
    assert (first.kind, alone.kind, alone.issues) == ("timeline-csv", None, ())


def test_one_session_id_in_two_files_is_a_twin_a_snapshot_or_a_collision() -> None:
    content = bundle()
    running = {key: value for key, value in content.items() if key not in ("score", "report", "exported_at")}
    files: dict[str, Any] = {
        "a.json": content,
        "b.json": content | {"exported_at": "2026-03-03T10:00:00Z"},
        "c.json": running | {"events": events(CORRECTED[:4])},
        "d.json": bundle(CORRECTED[:3]) | {"events": events(CORRECTED[1:3])},
    }
    files |= {path.replace("json", "csv"): csv(content) for path, content in files.items()}

    found = [(path, code) for path, code, _ in told(tree(**files)) if "determinism" in code]

    assert found == [
        ("b.json", "svr.determinism.duplicate_export"),
        ("c.json", "svr.determinism.earlier_snapshot"),
        ("d.json", "svr.determinism.session_collision"),
    ]


def test_a_golden_run_needs_exactly_one_session_that_can_be_recomputed() -> None:
    content = bundle()
    pair = {"run.json": content, "run.csv": csv(content)}

    assert told(tree(**pair, **{"expected.json": {"score_total": 80.0, "status": "pass"}})) == []
    assert told(tree(**pair, **{"expected.json": {"score_total": "80"}})) == [
        ("expected.json", "svr.golden.mismatch", "/score_total")
    ]
    assert told(tree(**{"expected.json": {"score_total": 0}})) == [("expected.json", "svr.golden.not_checkable", "")]


def test_contract_faults_sit_on_the_file_they_blame() -> None:
    files = {"c/rubric.json": RUBRIC, "c/scenario.json": SCENARIO, "c/microdrills.json": {**DRILLS, "scenario_id": "x"}}

    found = told(tree(**files))

    assert ("c/microdrills.json", "svr.contract.scenario_id_mismatch", "/microdrills/scenario_id") in found
    assert ("c/rubric.json", "svr.contract.objective_not_staged", "/rubric/objectives/1") in found
    assert ("c/scenario.json", "svr.contract.pass_unreachable", "/scenario/phases") in found


def test_unchanged_files_keep_their_issues_as_the_same_values() -> None:
    documents = tree(**{"a.json": bundle(CORRECTED[:5]), "b/run.json": bundle(CORRECTED[:3])})

    first = relate(documents)
    second = relate({**documents, "c.json": load({"session_id": "sess-20260302-009"}, "c.json")})

    kept = [issue for issue in second["a.json"] if issue.code.startswith("svr.lineage.")]
    assert kept
    assert all(any(issue is known for known in first["a.json"]) for issue in kept)


def test_documents_of_others_are_left_alone() -> None:
    stranger = formats.load(Blob("notes.txt", b"hello", 5, 0, ""))

    assert relate({"notes.txt": stranger}) == {}
