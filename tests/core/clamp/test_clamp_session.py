"""Session files: the clean path, every rule on its own, and what becomes of broken files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from clamp_files import NAME, codes, loaded, record, session
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.formats import CRASHED
from teleloupe.formats.clamp.content import ISSUE_LIMIT
from teleloupe.formats.clamp.rules import RULES
from teleloupe.formats.clamp.shapes import PlainRecord, TaggedRecord

TAGS = {"backend": "HIP", "deviceName": "gfx1100", "device_name": "gfx1100"}
FIELDS = ["context", "seed", "thread_id", "acquired_at", "released_at", "duration_ms", "stability_score"]
EPOCH = "1970-01-01T00:00:01Z"
AT_ACQUIRED = ("error", "/records/0/acquired_at")


def test_a_clean_file_of_the_v04_writer_is_decoded_to_structs() -> None:
    document = loaded(session(record()))

    assert document.records == [PlainRecord(**record())]
    assert document.issues == ()


def test_a_clean_file_of_the_current_writer_keeps_its_order_and_tells_of_its_tags_once() -> None:
    document = loaded(session(record(**TAGS), record(seed=7, **TAGS), **TAGS))

    assert [type(one) for one in document.records] == [TaggedRecord, TaggedRecord]
    assert [(issue.rule.id, issue.count) for issue in document.issues] == [
        ("clamp/deprecated-set", 3),
        ("clamp/device-name-mirror", 3),
    ]


def test_seeds_stay_exact_to_the_last_bit() -> None:
    seeds = [2**64 - 1, 2**63 + 1, 2**53 + 1]

    document = loaded(session(*(record(seed=seed) for seed in seeds)))

    assert [one.seed for one in document.records] == seeds
    assert document.issues == ()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"seed": 0}, {("seed-zero", "error", "/records/0/seed")}),
        ({"seed": 2**64}, {("seed-range", "error", "/records/0/seed")}),
        ({"seed": -1}, {("seed-range", "error", "/records/0/seed")}),
        ({"seed": 1.0}, {("seed-inexact", "error", "/records/0/seed")}),
        ({"seed": True}, {("field-type", "error", "/records/0/seed")}),
        ({"seed": "7"}, {("field-type", "error", "/records/0/seed")}),
        ({"seed": 12808462179647648000}, {("seed-rounded", "warning", "")}),
        ({"context": ""}, {("context-empty", "warning", "/records/0/context")}),
        ({"context": "a\x1b[31m"}, {("enc-control-char", "warning", "/records/0/context")}),
        ({"context": "Ã¤"}, {("enc-mojibake", "warning", "/records/0/context")}),
        ({"context": "ä – ö"}, set()),
        ({"context": "í¡¢"}, set()),  # the bytes of half a surrogate pair, which UTF-8 does not have
        ({"acquired_at": "Ã¤"}, {("time-format", *AT_ACQUIRED), ("enc-mojibake", "warning", AT_ACQUIRED[1])}),
        ({"thread_id": ""}, {("thread-empty", "warning", "/records/0/thread_id")}),
        ({"thread_id": "\x7f"}, {("enc-control-char", "warning", "/records/0/thread_id")}),
        ({"acquired_at": ""}, {("acquired-empty", "error", "/records/0/acquired_at")}),
        ({"released_at": ""}, {("released-empty", "error", "/records/0/released_at")}),
        ({"acquired_at": None}, {("field-type", "error", "/records/0/acquired_at")}),
        ({"acquired_at": "yesterday"}, {("time-format", "error", "/records/0/acquired_at")}),
        ({"acquired_at": "2025-10-20T11:12:01+02:00"}, {("time-not-utc", "error", "/records/0/acquired_at")}),
        ({"acquired_at": "2025-10-20T09:12:01"}, {("time-no-zone", "warning", "/records/0/acquired_at")}),
        ({"acquired_at": "2025-10-20T09:12:01.0Z"}, {("time-noncanonical", "info", "/records/0/acquired_at")}),
        ({"acquired_at": EPOCH, "released_at": EPOCH}, {("time-epoch-era", "info", "/records/0/acquired_at")}),
        ({"acquired_at": "2025-10-20T09:12:02Z"}, {("release-before-acquire", "error", "/records/0/released_at")}),
        ({"duration_ms": -0.001}, {("duration-negative", "error", "/records/0/duration_ms")}),
        ({"duration_ms": -0.0}, set()),
        ({"duration_ms": 1000.0004}, set()),
        ({"duration_ms": 1000.0006}, {("duration-mismatch", "warning", "/records/0/duration_ms")}),
        ({"extra": 1}, {("field-unknown", "info", "/records/0/extra")}),
        ({"backend": 5}, {("field-type", "error", "/records/0/backend")}),
        ({"backend": " "}, set()),
    ],
)
def test_a_fault_of_one_field_is_named_at_its_place(fields: dict[str, Any], expected: set[Any]) -> None:
    assert codes(loaded(session(record(**fields)))) == expected


@pytest.mark.parametrize("score", [1.5, -0.25])
def test_a_score_out_of_range_is_still_in_the_mean(score: float) -> None:
    document = loaded(session(record(stability_score=score), record(seed=7), mean=(score + 1) / 2))

    assert ("score-range", "error", "/records/0/stability_score") in codes(document)
    assert "mean-mismatch" not in {code for code, _, _ in codes(document)}


@pytest.mark.parametrize("name", FIELDS)
def test_missing_fields_are_one_issue_a_record(name: str) -> None:
    fields = {key: value for key, value in record().items() if key != name}

    document = loaded(session(fields, mean=1.0))

    assert ("field-missing", "error", "/records/0") in codes(document)
    assert "inflight" not in {code for code, _, _ in codes(document)}


@pytest.mark.parametrize(
    ("scores", "mean", "is_told"),
    [
        (["1", "1"], 0.9995, False),  # 1 stands for anything from 0.9995 to 1.005
        (["1", "1"], 0.999498, True),
        (["0.9", "0.9"], 0.9005, False),
        (["0.900", "0.900"], 0.9005, False),
        (["0.9000", "0.9000"], 0.9005, True),
        (["0.0123"], 0.01235, False),
        (["0.0123"], 0.012352, True),
        (["0"], 0.000001, True),
        (["1e-99999999999999999999", "0e99999999999999999999"], 0.000001, True),
    ],
)
def test_a_mean_is_compared_by_the_rounding_of_its_scores(scores: list[str], mean: float, is_told: bool) -> None:
    records = [record(seed=place + 1, stability_score=0.25) for place in range(len(scores))]
    text = session(*records, mean=mean).decode()
    for score in scores:
        text = text.replace('"stability_score": 0.25', f'"stability_score": {score}', 1)

    assert (("mean-mismatch", "error", "/stability_score") in codes(loaded(text.encode()))) is is_told


def test_an_unclean_file_is_compared_by_the_same_tokens() -> None:
    text = session(record(stability_score=0.25, extra=1), mean=0.0123).decode().replace(": 0.25", ": 0.01234")

    assert ("mean-mismatch", "error", "/stability_score") in codes(loaded(text.encode()))


@pytest.mark.parametrize(("score", "mean"), [("1e308", "1e308"), ("-1e308", "0"), ("1" + "0" * 308, "0.5")])
def test_scores_whose_sum_no_double_holds_are_judged(score: str, mean: str) -> None:
    records = session(record(stability_score=0.25), record(seed=7, stability_score=0.25), mean=0.125).decode()

    found = codes(loaded(records.replace(": 0.25", f": {score}").replace(": 0.125", f": {mean}").encode()))

    errors = {("score-range", "error", f"/records/{index}/stability_score") for index in (0, 1)}
    faults = {"1e308": {"mean-range"}}.get(mean, {"mean-mismatch"})
    assert found == errors | {(fault, "error", "/stability_score") for fault in faults}


@pytest.mark.parametrize("records", ["", ', "records": null', ', "records": {}', ', "records": []'])
def test_a_mean_out_of_range_is_told_whatever_the_records_are(records: str) -> None:
    document = loaded(f'{{"stability_score": 1.5{records}}}'.encode())

    assert ("mean-range", "error", "/stability_score") in codes(document)


def test_a_field_of_records_at_the_top_level_is_an_extra_one_of_any_type() -> None:
    assert codes(loaded(session(record(), context=5))) == {("field-unknown", "info", "/context")}


def test_a_comma_in_a_name_is_no_repeated_key() -> None:
    document = loaded(session(record(context="a, b, c")))

    assert isinstance(document.records[0], PlainRecord)
    assert document.issues == ()


def test_a_repeated_key_is_told_though_the_decoder_lets_it_pass() -> None:
    data = session(record()).replace(b'"seed":', b'"seed": 5, "seed":')

    assert codes(loaded(data)) == {("json-duplicate-key", "warning", "/records/0/seed")}


def test_tags_that_disagree_are_told_once_at_the_first() -> None:
    document = loaded(session(record(**TAGS), record(seed=7, **TAGS | {"backend": "CPU"}), **TAGS))

    assert ("device-disagrees", "info", "/records/1") in codes(document)


def test_a_repeated_seed_is_told_once_at_its_second_record() -> None:
    document = loaded(session(*(record(seed=42) for _ in range(3))))

    assert [(issue.rule.id, issue.at, issue.count) for issue in document.issues] == [
        ("clamp/seed-repeated", "/records/1/seed", 3)
    ]


def test_in_flight_anchors_are_in_the_mean_as_zero() -> None:
    held = record(seed=7, released_at=None, duration_ms=0.0, stability_score=0)

    document = loaded(session(record(), held))

    assert [(issue.rule.id, issue.message) for issue in document.issues] == [
        ("clamp/mean-includes-inflight", "mean counts 1 in-flight anchors as 0; released only: 1.000000")
    ]


@pytest.mark.parametrize(
    ("data", "code", "is_complete"),
    [
        (b"", "file-empty", False),
        (b" \n", "file-empty", False),
        (b"\xef\xbb\xbf", "file-empty", False),
        (session(record())[:-20], "json-truncated", False),
        (session(record())[:-1], "json-truncated", False),
        (session(record()) + b"{}", "json-invalid", True),
        (session(record()).replace(b"4.125", b"nan"), "json-nonfinite", True),
        (session(record()).replace(b"4.125", b"-inf"), "json-nonfinite", True),
        (session(record()).replace(b"4.125", b"4,125"), "json-locale-number", True),
        (session(record()).replace(b"12808462179647648691", b"12.808.462"), "json-locale-number", True),
        (session(record()).replace(b"12808462179647648691", b"12,808,462"), "json-locale-number", True),
        ("[]".encode("utf-16"), "enc-utf16", True),
        (b"[]", "top-not-object", True),
        (b"42", "top-not-object", True),
    ],
)
def test_a_file_that_cannot_be_judged_has_one_error(data: bytes, code: str, is_complete: bool) -> None:
    document = loaded(data)

    errors = [issue.rule.id for issue in document.issues if issue.severity == "error"]
    assert errors == [f"clamp/{code}"]
    assert document.kind == "session"
    assert document.is_complete is is_complete


def test_the_records_before_a_cut_are_kept() -> None:
    data = session(record(), record(seed=7), record(seed=8))

    document = loaded(data[: data.index(b'"seed": 8')])

    assert [one["seed"] for one in document.records] == [12808462179647648691, 7]
    assert document.issues[0].message == "JSON ends in the middle of record 2; 2 complete records before it"


def test_a_byte_that_is_no_utf8_is_told_and_the_rest_is_judged() -> None:
    document = loaded(session(record(seed=0, context="x")).replace(b'"x"', b'"\xe9"'))

    assert codes(document) == {("enc-invalid-utf8", "error", ""), ("seed-zero", "error", "/records/0/seed")}
    assert not document.body.figures.is_read


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (NAME, set()),
        ("unit_a_20251020T091500Z.json", {("name-unexpected", "info", "")}),
        ("clamp_run_20251020T091200Z.json", {("name-before-events", "warning", "")}),
        ("clamp_run_20251020T091201Z.json", set()),
    ],
)
def test_a_name_is_held_against_the_exporters_and_the_events(name: str, expected: set[Any]) -> None:
    assert codes(loaded(session(record()), name)) == expected


def test_hostile_repetition_is_folded_into_a_count() -> None:
    document = loaded(b'{"stability_score": 0, "records": [' + b",".join([b"1"] * 2 * ISSUE_LIMIT) + b"]}")

    assert len(document.issues) == ISSUE_LIMIT
    assert sum(issue.count for issue in document.issues) == 2 * ISSUE_LIMIT


def test_every_rule_has_its_own_id_and_code() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.code == rule.id.replace("/", ".") for rule in RULES)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["", EPOCH]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FIELDS, *TAGS, "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["records", "stability_score", *TAGS, "x"]), VALUES, max_size=4))
def test_any_object_gives_a_document(top: dict[str, Any]) -> None:
    document = loaded(json.dumps(top).encode())

    assert CRASHED not in {issue.rule for issue in document.issues}


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys([*FIELDS, *TAGS, "x"], VALUES)), max_size=4), VALUES)
def test_any_records_give_a_document(records: list[Any], mean: Any) -> None:
    document = loaded(json.dumps({"stability_score": mean, "records": records}).encode())

    assert CRASHED not in {issue.rule for issue in document.issues}


@given(st.data())
def test_any_mutation_of_a_session_gives_a_document(data: st.DataObject) -> None:
    content = bytearray(session(record(**TAGS), record(seed=7, released_at=None, **TAGS), **TAGS))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))

    document = loaded(bytes(content))

    assert CRASHED not in {issue.rule for issue in document.issues}
