"""The three readings: exact for ours, number for number for the producer's."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from clamp_files import loaded, record, session
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.formats.clamp.export import summary_text
from teleloupe.formats.clamp.figures import BUILDS, Numbers, numbers
from teleloupe.formats.clamp.moments import exact_mean, exact_variance, merged, moments, running, running_variance
from teleloupe.formats.clamp.scanner import scanned
from teleloupe.formats.clamp.times import NS_PER_MS, are_canonical, canonical_ns, instant, upstream_ms

SCORES = st.decimals(0, 1, places=3).map(str) | st.sampled_from(
    ["1", "0", "0.9999", "1e-07", "0.000123", "1.5", "-0.25"]
)


def read(parts: list[list[str]]) -> Numbers:
    """The specification's numbers of files with these scores as their records'."""
    documents = []
    for place, scores in enumerate(parts):
        records = [record(seed=index + 1, stability_score="@") for index in range(len(scores))]
        text = session(*records, mean=0.0).decode()
        for score in scores:
            text = text.replace('"@"', score, 1)
        documents.append(loaded(text.encode(), f"clamp_run_20251020T0915{place:02}Z.json"))
    return numbers([document.body.figures.specification for document in documents], "specification")


@given(st.lists(SCORES, max_size=40), st.lists(st.integers(0, 40), max_size=5))
def test_any_split_into_files_gives_the_mean_and_variance_of_exact_fractions(
    scores: list[str], cuts: list[int]
) -> None:
    edges = [0, *sorted(min(cut, len(scores)) for cut in cuts), len(scores)]

    found = read([scores[start:stop] for start, stop in pairwise(edges)])

    values = [Fraction(score) for score in scores]
    count = len(values)
    mean = sum(values) / count if values else Fraction(0)
    variance = sum((value - mean) ** 2 for value in values) / (count - 1) if count > 1 else Fraction(0)
    assert found.count == count
    assert f"{found.mean:.6f}" == f"{float(mean):.6f}"
    assert f"{found.variance:.6f}" == f"{float(variance):.6f}"


@given(st.lists(st.floats(-1e300, 1e300), max_size=12))
def test_moments_of_any_finite_scores_are_close_to_the_running_ones(scores: list[float]) -> None:
    ours, theirs = moments(scores), running(scores)

    assert ours.count == theirs.count == len(scores)
    assert exact_mean(ours) == pytest.approx(theirs.mean, rel=1e-9, abs=1e-12)


def test_merging_single_records_repeats_the_producers_steps() -> None:
    scores = [0.1, 0.7, 0.35, 1.0, 0.999]

    parts = merged(running([score]) for score in scores)

    assert (parts.mean, parts.deviations) == (running(scores).mean, running(scores).deviations)


def test_large_corrupt_scores_show_the_producers_rounding() -> None:
    scores = [1.0, 1.0, 1e21]

    assert exact_mean(moments(scores)) == running(scores).mean
    assert exact_variance(moments(scores)) == running_variance(running(scores))


def test_the_drift_of_the_specification_has_no_placeholders() -> None:
    files = [
        session(record(), record(seed=7, acquired_at="2025-10-20T11:12:03+02:00", released_at="2025-10-20T09:12:03Z")),
        session(record(seed=9, acquired_at="")),
    ]
    documents = [loaded(data) for data in files]

    drifts = {build: numbers([one.body.figures.part(build) for one in documents], build).drift_ms for build in BUILDS}

    assert drifts["specification"] == 2000  # the offset is applied
    assert drifts["library"] == (upstream_ms("2025-10-20T11:12:03Z") or 0)  # offset ignored, record 0 of a file is 0 ms


@pytest.mark.parametrize(
    ("content", "count", "mean", "records"),
    [
        (b'{"stability_score":0.5,"records": [{"stability_score":1}, {"stability_score":1}] }', 1, 0.5, 1),
        (b'{"stability_score":0.5,\n"records": [\n{"stability_score":1},\n{"stability_score":0}\n]}', 2, 0.5, 2),
        (b'{"stability_score":0.000000,"records": [] }', 1, 0.0, 1),
        (b'{ "stability_score" :\t0.25 }', 1, 0.25, 1),
        (b'{"stability_score":"0.9"}', 0, 0.0, 1),
        (b'{"stability_score":nan}', 0, 0.0, 1),
        (b'{"stability_score":0,950000}', 1, 0.0, 1),
        (b'{\n"stability_score":0.9,\n"stability_score":0.7\n}', 1, 0.7, 1),
        (b'{"stability_score":0.9,"stability_score":0.7}', 1, 0.9, 1),
        (b"", 0, 0.0, 0),
        (b"}\n}", 0, 0.0, 0),
    ],
)
def test_the_line_scanner_takes_brace_pairs_by_line(content: bytes, count: int, mean: float, records: int) -> None:
    part = scanned(content)

    assert (part.moments.count, part.moments.mean, part.records) == (count, mean, records)


def test_the_line_scanner_gives_untimed_records_their_index() -> None:
    part = scanned(b'{\n{"acquired_at":"2025-01-01T00:00:00Z"}\n{"acquired_at":5}\n{}\n')

    assert (part.earliest_ns, part.latest_ns) == (1 * NS_PER_MS, 1735689600000 * NS_PER_MS)


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from([b"{", b"}", b"\n", b'"stability_score":', b"1e999", b"0.5"])).map(b"".join)
)
def test_the_line_scanner_reads_any_bytes(content: bytes) -> None:
    assert scanned(content).records <= content.count(b"\n") + 1


@pytest.mark.parametrize(
    ("text", "ours_ms", "theirs_ms"),
    [
        ("2025-01-01T00:00:00Z", 1735689600000, 1735689600000),
        ("2025-01-01T00:00:00.123456789Z", 1735689600123.456789, 1735689600123),
        ("2025-01-01T02:00:00+02:00", 1735689600000, 1735696800000),
        ("2024-02-29T12:00:00Z", 1709208000000, 1709208000000),
        ("2023-02-29T12:00:00Z", None, None),
        ("2025-1-1T0:0:0Z", None, 1735689600000),
        ("2025-01-01T23:60:00Z", None, 1735776000000),
        ("2025-01-01T00:00:00Zjunk", None, 1735689600000),
        ("2025-01-01 00:00:00Z", None, None),
        ("2025-01-01T00:00:00+24:00", None, 1735689600000),
        ("２025-01-01T00:00:00Z", None, None),
        ("", None, None),
    ],
)
def test_times_are_read_as_iso_and_as_the_producer_does(
    text: str, ours_ms: float | None, theirs_ms: int | None
) -> None:
    moment = instant(text)

    assert (moment and moment.ns / NS_PER_MS) == ours_ms
    assert upstream_ms(text) == theirs_ms


@given(st.datetimes(timezones=st.none()).map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")))
def test_the_quick_reading_of_a_canonical_time_is_that_of_any_other(text: str) -> None:
    moment = instant(text)

    assert not are_canonical({text}) or (moment and canonical_ns(text) == moment.ns)


def test_times_in_the_exporters_form_are_told_together() -> None:
    assert are_canonical({"2025-01-31T00:00:00Z", "2025-10-20T23:59:59Z"})


@pytest.mark.parametrize(
    "texts",
    [
        set(),
        {""},
        {"2025-01-01T00:00:00Z", ""},
        {"2025-01-01T00:00:00Z\n"},
        {"2025-02-30T00:00:00Z"},
        {"0000-01-01T00:00:00Z"},
        {"2025-01-01T24:00:00Z"},
    ],
)
def test_other_times_are_left_to_the_reader_of_each(texts: set[str]) -> None:
    assert not are_canonical(texts)


def test_a_summary_is_written_with_both_spellings_and_six_decimals() -> None:
    text = summary_text('/ci/"x"', Numbers(3, 5e-7, 1 / 3, 1000.0), "specification", b'{"image":"i"}')

    assert text == (
        b'{"source_directory":"/ci/\\"x\\"","sourceDirectory":"/ci/\\"x\\"","session_count":3,"sessionCount":3,'
        b'"mean_stability":0.000000,"meanStability":0.000000,"stability_variance":0.333333,"stabilityVariance":0.333333,'
        b'"drift_index":1000.000000,"build_info":{"image":"i"}}\n'
    )


@pytest.mark.parametrize(("scores", "mean"), [("-0.0", b"0.000000"), ("-1e-09", b"-0.000000")])
def test_a_mean_below_zero_keeps_the_sign_that_c_prints(scores: str, mean: bytes) -> None:
    document = loaded(session(record(stability_score=0.25)).replace(b": 0.25", f": {scores}".encode()))

    for build in BUILDS[:2]:
        text = summary_text("/ci", numbers([document.body.figures.part(build)], build), build)
        assert b'"mean_stability":' + mean in text


@pytest.mark.parametrize("value", [-0.0, -1e-9, float("inf"), float("nan")])
def test_a_summary_is_json_whatever_the_numbers(value: float) -> None:
    written: dict[str, Any] = json.loads(summary_text("/\udcff", Numbers(1, value, value, value), "library"))

    assert list(written) == ["source_directory", "session_count", "mean_stability", "stability_variance", "drift_index"]
    assert written["mean_stability"] in (0, None)
