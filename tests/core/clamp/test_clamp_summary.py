"""Summaries: their own rules, their files, their snapshot, and who made them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from clamp_files import codes, loaded, record, related, session

from teleloupe.formats.clamp.comparison import compare, percentile, reading
from teleloupe.formats.clamp.explanation import explain
from teleloupe.formats.clamp.figures import Numbers

SNAPSHOT = {"image": "rocm:6", "digest": "sha256:ab", "policy_mode": "strict", "signer": "ci"}
A, B, C = (f"telemetry/clamp_run_20251020T09{minute}00Z.json" for minute in (15, 16, 17))
FILES = {
    A: session(record(), record(seed=7, acquired_at="2025-10-20T09:12:00Z", duration_ms=900, stability_score=0.9)),
    B: session(record(seed=8), record(seed=9, stability_score=0.8)),
}


ALIAS = ("sum-alias-missing", "info", "")


def summary(**changes: Any) -> bytes:
    fields = {
        "source_directory": "/ci/telemetry",
        "sourceDirectory": "/ci/telemetry",
        "session_count": 4,
        "sessionCount": 4,
        "mean_stability": 0.925,
        "meanStability": 0.925,
        "stability_variance": 0.009167,
        "stabilityVariance": 0.009167,
        "drift_index": 1000,
        "build_info": {"image": "rocm:6"},
    }
    fields = {name: value for name, value in (fields | changes).items() if value is not ...}
    parts = [
        f'"{name}":{value:.6f}' if is_fraction(name, value) else f'"{name}":{json.dumps(value)}'
        for name, value in fields.items()
    ]
    return ("{" + ",".join(parts) + "}\n").encode()


def is_fraction(name: str, value: Any) -> bool:
    return "ount" not in name and type(value) in (int, float)


def told(data: bytes, files: dict[str, bytes] = FILES) -> set[tuple[str, str, str]]:
    return related({**files, "telemetry_summary.json": data}).get("telemetry_summary.json", set())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"drift_index": ...}, {("sum-field-missing", "error", "/drift_index")}),
        ({"sessionCount": 5}, {("sum-alias-mismatch", "error", "/sessionCount")}),
        ({"sessionCount": 4.0}, {("sum-field-type", "error", "/sessionCount")}),  # of the same value
        ({"source_directory": "/\x1b", "sourceDirectory": "/\x1b"}, set()),
        (
            {"source_directory": "/Ã¤", "sourceDirectory": "/Ã¤"},
            {("enc-mojibake", "warning", f"/{name}") for name in ("source_directory", "sourceDirectory")},
        ),
        ({"session_count": "4", "sessionCount": ...}, {("sum-field-type", "error", "/session_count"), ALIAS}),
        ({"meanStability": ...}, {ALIAS}),
        ({"mean_stability": 1.5, "meanStability": 1.5}, {("sum-range", "error", "/mean_stability")}),
        ({"stability_variance": 0.4, "stabilityVariance": 0.4}, {("sum-range", "error", "/stability_variance")}),
        (
            {"session_count": 10, "sessionCount": 10, "stability_variance": 0.277778, "stabilityVariance": 0.277778},
            set(),
        ),
        (
            {"session_count": 2, "sessionCount": 2, "stability_variance": 0.500001, "stabilityVariance": 0.500001},
            {("sum-range", "error", "/stability_variance")},
        ),
        ({"drift_index": -1}, {("sum-range", "error", "/drift_index")}),
        (
            {"session_count": -1, "sessionCount": -1, "stability_variance": 0, "stabilityVariance": 0},
            {("sum-range", "error", "/session_count")},
        ),
        ({"drift_index": 315576000001}, {("sum-drift-epoch", "warning", "/drift_index")}),
        ({"drift_index": 315576000000}, set()),
        (
            {"source_directory": "telemetry", "sourceDirectory": "telemetry"},
            {("sum-source-relative", "warning", "/source_directory")},
        ),
        ({"source_directory": "C:\\ci", "sourceDirectory": "C:\\ci"}, set()),
        ({"build_info": ...}, {("buildinfo-missing", "warning", "/build_info")}),
        ({"build_info": []}, {("sum-field-type", "error", "/build_info")}),
        ({"build_info": {"signer": "policy_mode"}}, {("buildinfo-suspect", "warning", "/build_info/signer")}),
        ({"variance": 0.009167}, {("sum-legacy", "info", "")}),
        ({"extra": "x"}, {("field-unknown", "info", "/extra")}),
    ],
)
def test_a_fault_of_a_summary_is_named_at_its_place(changes: dict[str, Any], expected: set[Any]) -> None:
    assert codes(loaded(summary(**changes), "telemetry_summary.json")) == expected


def test_a_number_without_six_decimals_is_told() -> None:
    data = summary().replace(b'"mean_stability":0.925000', b'"mean_stability":9.25e-1')

    assert codes(loaded(data, "telemetry_summary.json")) == {("sum-format", "info", "/mean_stability")}


def test_a_summary_of_its_files_is_clean() -> None:
    assert told(summary()) == set()


def test_every_number_is_compared_within_its_tolerance() -> None:
    near = summary(mean_stability=0.925001, meanStability=0.925001, drift_index=1000.002)
    far = summary(
        mean_stability=0.925002, meanStability=0.925002, drift_index=1000.003, session_count=3, sessionCount=3
    )

    assert told(near) == set()
    assert told(far) == {
        ("sum-count-mismatch", "warning", "/session_count"),
        ("sum-mean-mismatch", "warning", "/mean_stability"),
        ("sum-drift-mismatch", "warning", "/drift_index"),
    }


def test_a_drift_of_decades_is_compared_as_finely_as_one_of_seconds() -> None:
    long = {A: session(record(acquired_at="1970-01-01T00:00:00Z"), record(seed=8)), B: FILES[B]}
    drift = 1760951521000  # to 2025-10-20T09:12:01Z

    for declared, found in ((drift, set()), (drift + 0.003, {("sum-drift-mismatch", "warning", "/drift_index")})):
        numbers = {"mean_stability": 0.95, "stability_variance": 0.01}
        aliases = {"meanStability": 0.95, "stabilityVariance": 0.01}
        assert told(summary(**numbers, **aliases, drift_index=declared), long) == found


def test_a_difference_names_the_build_that_explains_it() -> None:
    # One line a file: the scanner takes the top-level mean and the first time of each.
    data = summary(
        session_count=2, sessionCount=2, drift_index=1000, stability_variance=0.00125, stabilityVariance=0.00125
    )
    documents = [loaded(content, path) for path, content in FILES.items()]

    line_scanner = reading(documents, "line-scanner")

    assert line_scanner
    assert line_scanner == Numbers(2, line_scanner.mean, line_scanner.variance, 0.0)
    assert (line_scanner.mean, line_scanner.variance) == pytest.approx((0.925, 0.00125))
    stepped = data.replace(b'"drift_index":1000.000000', b'"drift_index":0.000000')
    assert compare(loaded(stepped, "telemetry_summary.json").body, documents).explained_by == ("line-scanner",)


def test_an_explanation_finds_the_files_that_were_not_there_yet() -> None:
    documents = [
        loaded(content, path) for path, content in {**FILES, C: session(record(seed=11, stability_score=0.1))}.items()
    ]

    explained = explain(loaded(summary(), "telemetry_summary.json").body, documents)

    assert explained.explained_by == ("specification",)
    assert explained.left_out == (C,)


def test_an_explanation_names_the_records_behind_a_placeholder_drift() -> None:
    untimed = {C: session(record(seed=11, acquired_at="", stability_score=0.95))}
    documents = [loaded(content, path) for path, content in {**FILES, **untimed}.items()]
    library = reading(documents, "library")
    assert library is not None

    data = summary(
        session_count=5, sessionCount=5, mean_stability=library.mean, meanStability=library.mean,
        stability_variance=library.variance, stabilityVariance=library.variance, drift_index=library.drift_ms,
    )  # fmt: skip
    explained = explain(loaded(data, "telemetry_summary.json").body, documents)

    assert explained.explained_by == ("library",)
    assert explained.untimed == ((C, 0),)


def test_a_library_build_reads_nothing_from_a_directory_it_aborts_in() -> None:
    documents = [loaded(session(record(stability_score="oops"), mean=0.5), A)]

    assert reading(documents, "library") is None
    assert reading(documents, "specification") == Numbers()


def test_earlier_shapes_are_compared_by_their_own_drift() -> None:
    # The 95th percentile of 4.125, 900, 4.125, 4.125 is the element at floor(0.95 * 3) of the sorted ones.
    legacy = {"variance": 0.009167, "driftPercentile": 4.125, "drift_index": 4.125}

    assert percentile([1, 2, 3, 4]) == 3
    assert told(summary(**legacy)) == set()
    assert told(summary(**{**legacy, "driftPercentile": 1000, "drift_index": 1000})) == {
        ("sum-drift-mismatch", "warning", "/drift_index")
    }


def test_the_alpha_shape_is_read_by_its_own_names() -> None:
    data = b'{"source_directory":"/ci/telemetry","sample_count":4,"stability_mean":0.925,"stability_variance":0.025,'
    document = loaded(data + b'"duration_mean":1,"duration_variance":0,"drift_ms":1}', "telemetry_summary.json")

    assert document.body.dialect == "alpha"
    assert document.body.values["session_count"] == 4
    assert "sum-field-missing" not in {code for code, _, _ in codes(document)}
    assert told(data + b'"duration_mean":1,"duration_variance":0,"drift_ms":1}') == set()


def test_the_five_key_shape_is_told_by_its_missing_newline() -> None:
    five = {
        "sourceDirectory": ...,
        "sessionCount": ...,
        "meanStability": ...,
        "stabilityVariance": ...,
        "build_info": ...,
    }

    assert loaded(summary(**five), "x.json").body.dialect == "current"
    assert loaded(summary(**five).rstrip(), "x.json").body.dialect == "five keys"
    stretched = loaded(summary(**five, drift_index=1735689600000).rstrip(), "x.json")
    assert ("sum-drift-epoch", "warning", "/drift_index") in codes(stretched)


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (b'{"stability_score": 1,\n"records": [\n{"stability_score": 0.5,\n"duration_ms": 3}\n]}', 1),
        (b'{"records": [\n{"stability_score": 0.5, "duration_ms": 3},\n{"stability_score": 1}\n]}', 0),
        (b'{"stability_score": 1, "records": [ {"stability_score": 0.5} ] }', 0),
    ],
)
def test_line_scanners_of_phase3_see_a_list_of_records_only_on_a_line_without_a_brace(
    content: bytes, count: int
) -> None:
    found = reading([loaded(content)], "line-scanner", "phase3")

    assert found == Numbers(count, 0.5 * count, 0.0, 3.0 * count)


def test_build_info_is_held_against_the_snapshot_key_by_key() -> None:
    files = {**FILES, "rocm_snapshot.json": json.dumps(SNAPSHOT).encode()}

    assert told(summary(build_info=SNAPSHOT), files) == set()
    assert told(summary(build_info={"image": "rocm:6", "digest": True, "tag": "6"}), files) == {
        ("buildinfo-differs", "warning", "/build_info/digest"),
        ("buildinfo-differs", "warning", "/build_info/tag"),
        ("buildinfo-partial", "info", "/build_info"),
    }


@pytest.mark.parametrize("place", ["rocm_snapshot.json", "build/rocm_snapshot.json"])
def test_a_snapshot_is_looked_for_up_to_one_directory_above(place: str) -> None:
    found = related(
        {"out/telemetry_summary.json": summary(build_info={"image": "other"}), place: json.dumps(SNAPSHOT).encode()}
    )

    assert ("buildinfo-differs", "warning", "/build_info/image") in found["out/telemetry_summary.json"]


def test_newer_files_make_a_summary_stale() -> None:
    second = 1_000_000_000
    files = {
        "telemetry_summary.json": loaded(summary(), "telemetry_summary.json", mtime_ns=10 * second),
        A: loaded(FILES[A], A, mtime_ns=11 * second),
        B: loaded(FILES[B], B, mtime_ns=13 * second),
    }

    assert related(files)["telemetry_summary.json"] == {("sum-stale", "warning", "")}


def test_a_summary_from_elsewhere_is_worth_knowing() -> None:
    elsewhere = summary(source_directory="/ci/sessions", sourceDirectory="/ci/sessions")

    assert told(elsewhere) == {("sum-source-elsewhere", "info", "/source_directory")}
