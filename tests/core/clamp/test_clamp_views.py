"""Clamp's views: exact cells over small directories, and the summary as a product."""

from __future__ import annotations

from typing import Any

import pytest
from clamp_files import loaded, record, session
from msgspec import structs

from teleloupe.formats import clamp
from teleloupe.model import DIRECTORY, Chart, Document, Place, Table
from view_reading import cells

FIRST, SECOND, THIRD = (f"t/clamp_run_20251020T09{minute}00Z.json" for minute in (15, 16, 17))
DONE = record()
HELD = record(seed=7, context="staging", released_at=None, duration_ms=0.0, stability_score=0)
RELEASED = HELD | {"released_at": "2025-10-20T09:12:05Z", "duration_ms": 4000.0, "stability_score": 0.5}
LEAKED = record(seed=8, thread_id="2", released_at=None, duration_ms=0.0, stability_score=0)
CUMULATIVE = {FIRST: session(DONE, HELD, LEAKED), SECOND: session(DONE, RELEASED), THIRD: session(DONE, RELEASED)}
ROOT = Document(".", kind=DIRECTORY)
SUMMARY = "telemetry_summary.json"


def documents_of(files: dict[str, bytes], mtime_ns: int = 0) -> dict[str, Document]:
    return {path: loaded(data, path, mtime_ns) for path, data in files.items()}


def view(name: str) -> Any:
    return next(view for view in clamp.FORMAT.views if view.id == name)


def table(name: str, documents: dict[str, Document], document: Document = ROOT) -> Table:
    found: Table = view(name).table(document, documents)
    return found


def charts(name: str, documents: dict[str, Document], document: Document = ROOT) -> tuple[Chart, ...]:
    found: tuple[Chart, ...] = view(name).charts(document, documents)
    return found


def test_the_live_summary_stands_beside_what_the_summary_file_says() -> None:
    summary = b'{"source_directory":"/ci/t","session_count":6,"mean_stability":0.5,"drift_index":0.0}\n'
    documents = documents_of({**CUMULATIVE, SUMMARY: summary})

    found = table("live-summary", documents)

    assert cells(found, "measure", "files", "summary", "unit", "state") == [
        ("session_count", 7, 6, "records", "differs"),
        ("mean_stability", 0.571429, 0.5, "", "differs"),
        ("stability_variance", 0.202381, None, "", "not said"),
        ("drift_index", 0.0, 0.0, "ms", "same"),
        ("explanation", None, None, "", "unexplained"),
        ("newer_files", 0, None, "files", "fresh"),
        ("released_mean", 0.8, None, "", "live only"),
        ("unique_count", 3, None, "records", "repeated"),
        ("held", 1, None, "records", "held"),
        ("corrupt", 0, None, "records", "none"),
        ("skipped", 0, None, "files", "none"),
        ("files", 3, None, "files", "live only"),
    ]
    assert [found.locate(row) for row in (0, 2, 4, 8)] == [
        Place(SUMMARY, "/session_count"),
        Place(SUMMARY),
        Place(SUMMARY),
        Place("t"),
    ]


def test_the_live_summary_is_made_without_a_summary_file() -> None:
    documents = documents_of({FIRST: session(DONE, record(seed=9, stability_score=2)), SECOND: session(DONE)[:-9]})

    found = table("live-summary", documents, documents[FIRST])

    assert cells(found, "measure", "files", "state")[:4] == [
        ("session_count", 2, "no summary"),
        ("mean_stability", 1.5, "no summary"),
        ("stability_variance", 0.5, "no summary"),
        ("drift_index", 0.0, "no summary"),
    ]
    assert cells(found, "measure", "files", "state", "note")[-3:-1] == [
        ("corrupt", 1, "corrupt", "scores outside 0..1: telemetry corruption"),
        ("skipped", 1, "skipped", SECOND),
    ]
    assert found.locate(len(found.rows) - 2) == Place(SECOND)


def test_a_summary_is_explained_by_the_files_it_was_made_of() -> None:
    summary = (
        b'{"source_directory":"/ci/t","session_count":3,"mean_stability":0.333333,"stability_variance":0.333333,'
        b'"drift_index":0.000000,"build_info":{}}\n'
    )
    documents = documents_of({**CUMULATIVE, SUMMARY: summary})

    rows = cells(table("live-summary", documents), "measure", "state", "note")

    [(_, state, note)] = [row for row in rows if row[0] == "explanation"]
    assert (state, note) == ("explained", f"what the specification build gives without {SECOND}, {THIRD}")


def test_a_summary_older_than_its_files_is_stale() -> None:
    documents = documents_of(CUMULATIVE, mtime_ns=9_000_000_000) | documents_of({SUMMARY: b'{"session_count":7}'})

    rows = cells(table("live-summary", documents), "measure", "files", "state", "note")

    names = ", ".join(path[2:] for path in (FIRST, SECOND, THIRD))
    assert ("newer_files", 3, "stale", f"newer than the summary: {names}") in rows


def test_a_summary_whose_sessions_are_gone_is_shown_alone() -> None:
    documents = documents_of({SUMMARY: b'{"session_count":7,"mean_stability":0.5}'})

    for document in (ROOT, documents[SUMMARY]):
        assert cells(table("live-summary", documents, document), "measure", "files", "summary", "state") == [
            ("session_count", None, 7, "no sessions"),
            ("mean_stability", None, 0.5, "no sessions"),
            ("stability_variance", None, None, "not said"),
            ("drift_index", None, None, "not said"),
        ]


def test_in_flight_anchors_are_followed_to_their_release_or_leak() -> None:
    documents = documents_of({**CUMULATIVE, THIRD: session(DONE, record(seed=9, released_at=None, duration_ms=0))})

    found = table("in-flight", documents)

    assert cells(found, "state", "context", "thread", "seed", "exports", "held_in", "released_in", "held_for") == [
        ("released", "staging", "1", 7, 1, FIRST, SECOND, 4000.0),
        ("leaked", "pool", "2", 8, 1, FIRST, "", None),
        ("held", "pool", "1", 9, 1, THIRD, "", None),
    ]
    assert found.locate(0) == Place(FIRST, "/records/1")
    assert len(table("in-flight", documents, documents[SECOND]).rows) == 0


def test_an_anchor_that_several_exports_show_held_is_one_row() -> None:
    documents = documents_of({FIRST: session(HELD), SECOND: session(HELD), THIRD: session(RELEASED)})

    assert cells(table("in-flight", documents), "state", "exports", "held_in") == [("released", 2, SECOND)]
    assert table("in-flight", documents, documents[FIRST]).locate(0) == Place(FIRST, "/records/0")


def test_anchors_of_a_directory_are_listed_in_the_order_of_their_export() -> None:
    documents = documents_of(dict(reversed(CUMULATIVE.items())))

    found = table("anchors", documents)

    assert cells(found, "context", "seed", "released_at", "file")[1:4] == [
        ("staging", 7, None, FIRST),
        ("pool", 8, None, FIRST),
        ("pool", 12808462179647648691, "2025-10-20T09:12:01Z", SECOND),
    ]
    assert found.locate(4) == Place(SECOND, "/records/1")
    assert [row.index for row in found.rows[-2:]] == [0, 1]


def test_anchors_are_spans_in_seconds_and_open_ones_last_as_long_as_anything_is_known() -> None:
    documents = documents_of(CUMULATIVE)

    [by_file] = charts("anchors", documents)
    [by_thread] = charts("anchors", documents, documents[FIRST])

    assert (by_file.shape, by_file.x) == ("spans", "seconds since 2025-10-20T09:12:01Z")
    assert [(one.label, one.points) for one in by_file.series] == [
        (FIRST[2:], ((0.0, 0.004125), (0.0, 4.0), (0.0, 4.0))),
        (SECOND[2:], ((0.0, 0.004125), (0.0, 4.0))),
        (THIRD[2:], ((0.0, 0.004125), (0.0, 4.0))),
    ]
    assert [(one.label, len(one.points)) for one in by_thread.series] == [("1", 2), ("2", 1)]


def test_alignment_shows_the_delta_of_each_file_and_moves_its_spans() -> None:
    late = record(acquired_at="2025-10-20T09:13:01Z", released_at="2025-10-20T09:13:03Z", duration_ms=2000.0)
    documents = documents_of({FIRST: session(DONE), SECOND: session(late), THIRD: session()})

    assert cells(table("alignment", documents), "file", "earliest", "delta", "records") == [
        (FIRST, "2025-10-20T09:12:01Z", 0.0, 1),
        (SECOND, "2025-10-20T09:13:01Z", -60.0, 1),
        (THIRD, "", None, 0),
    ]
    [chart] = charts("alignment", documents)
    assert [one.points for one in chart.series] == [((0.0, 0.004125),), ((0.0, 2.0),)]


def test_distributions_count_released_records_and_lead_to_the_smallest_of_a_bar() -> None:
    documents = documents_of({FIRST: session(HELD, DONE, RELEASED)})

    found = table("distributions", documents)

    assert cells(found, "measure", "low", "unit", "records", "share") == [
        ("duration_ms", 4.125, "ms", 1, 50.0),
        ("duration_ms", pytest.approx(3800.20625), "ms", 1, 50.0),
        ("stability_score", 0.5, "", 1, 50.0),
        ("stability_score", pytest.approx(0.975), "", 1, 50.0),
    ]
    assert [found.locate(row).at for row in range(4)] == [
        "/records/1/duration_ms",
        "/records/2/duration_ms",
        "/records/2/stability_score",
        "/records/1/stability_score",
    ]
    durations, scores = charts("distributions", documents)
    assert (durations.shape, durations.x, len(durations.series)) == ("bars", "duration_ms, ms", 20)
    assert sum(one.points[0][1] for one in scores.series) == 2


def test_records_are_grouped_by_context_and_by_thread() -> None:
    documents = documents_of(CUMULATIVE)

    contexts, threads = table("contexts", documents), table("threads", documents, documents[FIRST])

    names = ("name", "records", "held", "mean", "median", "p95", "longest", "first")
    assert cells(contexts, *names) == [
        ("pool", 4, 1, 1.0, 4.125, 4.125, 4.125, "2025-10-20T09:12:01Z"),
        ("staging", 3, 1, 0.5, 4000.0, 4000.0, 4000.0, "2025-10-20T09:12:01Z"),
    ]
    assert contexts.locate(1) == Place(FIRST, "/records/1")
    assert cells(threads, "name", "records", "held") == [("1", 2, 1), ("2", 1, 1)]
    [chart] = charts("contexts", documents)
    assert [(one.label, one.points) for one in chart.series] == [("pool", ((0, 4.125),)), ("staging", ((1, 4000.0),))]


def test_build_info_is_compared_with_the_snapshot_key_by_key() -> None:
    documents = documents_of(
        {
            SUMMARY: b'{"source_directory":"/ci/t","session_count":0,"build_info":{"image":"i","tag":1}}',
            "rocm_snapshot.json": b'{"image":"j","digest":"d"}',
        }
    )

    for document in (ROOT, *documents.values()):
        found = table("build-info", documents, document)
        assert cells(found) == [
            ("differs", "image", "i", "j", SUMMARY, "rocm_snapshot.json"),
            ("unknown", "tag", 1, None, SUMMARY, "rocm_snapshot.json"),
            ("not copied", "digest", None, "d", SUMMARY, "rocm_snapshot.json"),
        ]
        assert [found.locate(row).at for row in range(3)] == ["/build_info/image", "/build_info/tag", "/digest"]


def test_the_summary_is_a_product_of_its_directory() -> None:
    documents = documents_of({**CUMULATIVE, "rocm_snapshot.json": b'{\n "image": "i"\n}'})
    old = b'{"source_directory":"/ci/t","session_count":0}'
    assert clamp.FORMAT.products is not None

    [product] = clamp.FORMAT.products(ROOT, documents)
    [again] = clamp.FORMAT.products(ROOT, documents | documents_of({SUMMARY: old}))

    assert product.path == SUMMARY
    assert product.data == (
        b'{"source_directory":"t","sourceDirectory":"t","session_count":7,"sessionCount":7,'
        b'"mean_stability":0.571429,"meanStability":0.571429,"stability_variance":0.202381,'
        b'"stabilityVariance":0.202381,"drift_index":0.000000,"build_info":{"image":"i"}}\n'
    )
    assert again.data == product.data.replace(b'"t"', b'"/ci/t"')


def test_views_of_a_directory_leave_out_what_lies_elsewhere() -> None:
    files = {path.replace("t/", folder): data for folder in ("a/t/", "ab/t/") for path, data in CUMULATIVE.items()}
    documents = documents_of(files)

    found = table("live-summary", documents, Document("a", kind=DIRECTORY))

    assert {row.directory for row in found.rows} == {"a/t"}


def test_a_directory_without_sessions_has_empty_views() -> None:
    for each in clamp.FORMAT.views:
        assert len(each.table(ROOT, {}).rows) == 0
        assert each.charts(ROOT, {}) == ()


def test_a_file_that_could_not_be_judged_has_empty_views() -> None:
    crashed = structs.replace(loaded(session(DONE), FIRST), body=None)

    for each in clamp.FORMAT.views:
        assert len(each.table(crashed, {FIRST: crashed}).rows) == 0
