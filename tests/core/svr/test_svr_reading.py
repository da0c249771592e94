"""Reading: every kind of file, every way in which a text can be broken, files that grow."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from svr_story import bundle, events, load

from teleloupe import formats
from teleloupe.formats.svr.lines import extend
from teleloupe.formats.svr.office_fire import DRILLS, RUBRIC, SCENARIO
from teleloupe.model import Blob, Document

TEXT = json.dumps(bundle(), ensure_ascii=False)
LINES = "".join(json.dumps(event) + "\n" for event in bundle()["events"]).encode()


def told(document: Document) -> list[tuple[str, str]]:
    return [(issue.code, issue.at) for issue in document.issues]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"$schema": "x", "events": []}, "schema"),
        ({"events": []}, "session"),
        ({"session_id": "x"}, "session"),
        (bundle()["report"], "report"),
        (RUBRIC, "rubric"),
        (SCENARIO, "scenario"),
        (DRILLS, "microdrills"),
        ({"required_levels": []}, "content-manifest"),
        ({"locale": "de-DE", "strings": {}}, "locale"),
        ({"score_total": 1, "status": "fail"}, "expected-score"),
        (bundle()["events"], "events"),
        (bundle()["events"][0], "events"),
        ({"score_total": 1, "other": 2}, None),
        ([1, 2], None),
        ([], None),
    ],
)
def test_the_top_level_tells_the_kind(content: Any, kind: str | None) -> None:
    assert load(content).kind == kind


def test_a_schema_is_certain_when_its_identifier_says_whose_it_is() -> None:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "svr.report.schema.json"}

    assert (load(schema).format, load(schema).kind) == ("svr", "schema")


def test_a_session_below_a_folder_of_golden_runs_is_one_of_them() -> None:
    assert load({"session_id": "x"}, "Tests/GoldenRuns/run.json").kind == "golden-run"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbf[1]", [("svr.file.root_type", ""), ("svr.file.bom", "")]),
        ("[1]".encode("utf-16"), [("svr.file.encoding", "")]),
        (b'{"a": "\xfc"}', [("svr.file.encoding", "")]),
        (b"", [("svr.file.json_truncated", "")]),
        (b'{"score_total": NaN}', [("svr.file.json_malformed", "")]),
        (b'{"score_total": N', [("svr.file.json_malformed", "")]),
        (b'{"score_total":-Inf', [("svr.file.json_malformed", "")]),
        (b'{"why": ["No alarm", "I', [("svr.file.json_truncated", "")]),
        (b'{"why": "left: \\"Na', [("svr.file.json_truncated", "")]),
        (b'{"score_total": 1e999}', [("svr.file.json_malformed", "")]),
        (b'{"score_total": ' + b"9" * 400 + b"}", [("svr.file.json_malformed", "")]),
        (b'{"a": "\\ud800"}', [("svr.file.json_malformed", "")]),
        (b'{"a": 1} x', [("svr.file.json_malformed", "")]),
        (b"[" * 500 + b"]" * 500, [("svr.file.json_malformed", "")]),
        (b"42", [("svr.file.root_type", "")]),
        (b'{"b": {"a": 1, "a": 2}}', [("svr.file.duplicate_key", ""), ("svr.file.kind_unknown", "")]),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert told(load(data)) == expected


@given(st.integers(0, len(TEXT) - 1))
def test_every_beginning_of_a_session_is_truncated_and_keeps_its_events(cut: int) -> None:
    document = load(TEXT[:cut].encode())

    assert told(document) == [("svr.file.json_truncated", "")]
    assert not document.is_complete
    assert list(document.records[:-1]) == bundle()["events"][: max(0, len(document.records) - 1)]


def test_one_event_a_line_is_told_by_lines() -> None:
    broken = LINES.splitlines(keepends=True)
    broken[1] = b'{"event_id": \n'
    broken[2] = b"\n"
    row = json.loads(broken[4]) | {"phase": "break"}
    broken[4] = json.dumps(row).encode() + b"\n"

    document = load(b"".join(broken), "run.jsonl")

    assert document.kind == "events"
    assert told(document) == [
        ("svr.file.json_malformed", "line 2"),
        ("svr.event.enum_value", "line 5 /phase"),
        ("svr.event.id_gap", "line 4 /event_id"),
    ]
    assert [document.record_at(i) for i in range(3)] == ["line 1", "line 4", "line 5"]


@given(st.integers(1, len(LINES)), st.integers(0, len(LINES)))
def test_a_grown_file_reads_on_to_the_same_document(first: int, second: int) -> None:
    stages = sorted({first, max(first, second), len(LINES)})
    document = None
    for size in stages:
        part = Blob("run.jsonl", LINES[document.consumed if document else 0 : size], size, 0, str(size))
        parsed = extend(document, part) if document else formats.loaded(part, "svr").parsed
        assert parsed is not None
        if not parsed.consumed:
            return
        document = parsed

    whole = formats.loaded(Blob("run.jsonl", LINES, len(LINES), 0, str(len(LINES))), "svr").parsed
    assert document is not None
    assert list(document.records) == list(whole.records)
    assert (document.issues, document.consumed, document.size) == (whole.issues, whole.consumed, whole.size)


def test_bare_events_get_the_checks_of_events_alone() -> None:
    rows = events([(0, "alarm_activated", "audit", "success", {"score_delta": 99})])
    del rows[0]["actor_id"]

    assert told(load(rows)) == [("svr.event.field_missing", "/0"), ("svr.event.objective_missing", "/0")]
    assert told(load(rows[0])) == [("svr.event.field_missing", ""), ("svr.event.objective_missing", "")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, inner in members for place in places(inner, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


@given(st.sampled_from([bundle(), RUBRIC, SCENARIO, DRILLS]), st.data(), JSON)
def test_any_value_anywhere_is_judged_without_a_crash(content: dict[str, Any], data: st.DataObject, new: Any) -> None:
    odd = changed(content, data.draw(st.sampled_from(places(content))), new)
    files = {"run.json": bundle(), "rubric.json": RUBRIC, "scenario.json": SCENARIO, "microdrills.json": DRILLS}
    name = next(name for name, original in files.items() if original == content)

    documents = {path: load(odd if path == name else whole, path) for path, whole in files.items()}
    form = formats.named("svr")
    assert form is not None
    related = form.relate(documents)

    assert all(issue.rule.id.startswith("svr/") for found in related.values() for issue in found)
    assert formats.CRASHED not in {issue.rule for document in documents.values() for issue in document.issues}
