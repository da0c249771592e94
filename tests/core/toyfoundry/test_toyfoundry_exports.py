"""JSON exports: every fault of a record is told, a clean file is proven clean, streaming ends where parsing does."""

from __future__ import annotations

import json

import pytest
from foundry_files import EXPORT, blob, codes, found, load, pretty, record
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.formats.toyfoundry import FORMAT, exports
from teleloupe.formats.toyfoundry.findings import KEPT_PER_RULE
from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.writing import export_json
from teleloupe.model import Detection

AS_EXPORT = Detection("export", "as asked")


def many(count: int) -> bytes:
    records = [Record(f"alfa-{number:07}", "parade", "partial", number + 1, 5, "1.0") for number in range(count)]
    return "".join(export_json(records)).encode()


def test_a_clean_export_has_structs_and_no_issue() -> None:
    document = load(pretty([record(), record(batch_id="alfa-2")]))

    assert document.issues == ()
    assert document.records == [
        Record("alfa-1", "forge", "success", 1, 0, "1.0"),
        Record("alfa-2", "forge", "success", 1, 0, "1.0"),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"schema_version": "1.1"}, ("TF104", "/0/schema_version")),
        ({"schema_version": 1.0}, ("TF102", "/0/schema_version")),
        ({"ritual": "drill"}, ("TF105", "/0/ritual")),
        ({"status": "completed"}, ("TF106", "/0/status")),
        ({"units_processed": 0}, ("TF107", "/0/units_processed")),
        ({"units_processed": True}, ("TF103", "/0/units_processed")),
        ({"units_processed": 1.0}, ("TF102", "/0/units_processed")),
        ({"duration_ms": 300_001}, ("TF108", "/0/duration_ms")),
        ({"duration_ms": -1}, ("TF108", "/0/duration_ms")),
        ({"duration_ms": None}, ("TF102", "/0/duration_ms")),
        ({"batch_id": " \u3000"}, ("TF110", "/0/batch_id")),
        ({"note": 1}, ("TF109", "/0/note")),
    ],
)
def test_a_fault_is_told_at_its_field(changes: dict[str, object], expected: tuple[str, str]) -> None:
    assert found(load(pretty([record(**changes)]))) == {expected}


def test_all_faults_of_a_record_are_told() -> None:
    document = load(pretty([{"batch_id": "", "ritual": "Drill", "units_processed": -1, "status": 3, "more": 1}]))

    assert found(document) == {
        ("TF101", "/0/schema_version"),
        ("TF110", "/0/batch_id"),
        ("TF105", "/0/ritual"),
        ("TF107", "/0/units_processed"),
        ("TF102", "/0/status"),
        ("TF101", "/0/duration_ms"),
        ("TF109", "/0/more"),
    }


def test_an_alias_is_named_in_the_message() -> None:
    (issue,) = load(pretty([record(ritual="Drill")])).issues

    assert issue.message == "ritual is Drill; an export says forge"


def test_a_repeated_key_is_told_however_it_is_spelt() -> None:
    content = pretty([record()]).replace(b'"duration_ms": 0', b'"duration\\u005fms": 1,\n    "duration_ms": 0')

    assert ("TF007", "/0/duration_ms") in found(load(content))


def test_colons_in_an_id_are_no_repeated_key() -> None:
    assert load(pretty([record(batch_id='2025-11-24T08:00:00 "x": y')])).issues == ()


def test_big_integers_stay_exact() -> None:
    document = load(pretty([record(units_processed=10**30)]))

    assert document.issues == ()
    assert document.records == [Record("alfa-1", "forge", "success", 10**30, 0, "1.0")]


def test_the_records_before_a_break_are_kept_and_the_place_is_told() -> None:
    content = pretty([record(), record(batch_id="alfa-2")])

    document = load(content[:-40])

    assert not document.is_complete
    assert document.records[0] == record()
    assert found(document) == {("TF003", "/1/status")}


def test_order_and_repetition_are_counted_at_their_first_place() -> None:
    records = [record(batch_id=name) for name in ("b", "a", "a", "c", "b")]

    document = load(pretty(records))

    assert [(issue.code, issue.at, issue.count) for issue in document.issues] == [
        ("TF112", "/1", 2),
        ("TF114", "/2", 2),
    ]


def test_order_is_judged_across_a_record_that_cannot_be_sorted() -> None:
    records = [record(batch_id="b"), record(batch_id=None), record(batch_id="a")]

    assert ("TF112", "/2") in found(load(pretty(records)))


def test_records_of_different_types_are_not_identical() -> None:
    records = [{}, [], {"\ud800": 1}, record(units_processed=True), record(units_processed=1.0), record()]

    assert "TF114" not in codes(load(pretty(records)).issues)


def test_a_record_between_faulty_ones_is_identical_to_one_between_clean_ones() -> None:
    content = many(30_000).replace(b'"batch_id": "alfa-0029998"', b'"batch_id": ""')
    first = content[content.index(b"{") : content.index(b"}") + 1]
    last = content.rindex(b"{")

    document = load(content[:last] + first + b"\n]\n")

    assert ("TF114", "/29999") in found(document)


@pytest.mark.parametrize(
    "content",
    [
        pretty([record()]).replace(b"\n", b"\r\n"),
        pretty([record()])[:-1],
        json.dumps([record()]).encode(),
        json.dumps([{"schema_version": "1.0"} | record()], indent=2).encode() + b"\n",
    ],
)
def test_another_layout_is_worth_knowing(content: bytes) -> None:
    assert codes(load(content).issues) == ["TF113"]


@pytest.mark.parametrize("value", [b'0, \n    "duration_ms": 0', b"1e999", b"-0"])
def test_another_layout_is_told_beside_other_faults(value: bytes) -> None:
    content = pretty([record()]).replace(b'"duration_ms": 0', b'"duration_ms": ' + value)

    assert "TF113" in codes(load(content).issues)


def test_another_layout_of_a_large_export_is_found() -> None:
    content = many(30_000)

    assert load(content).issues == ()
    assert codes(load(content.replace(b"\n", b"\r\n")).issues) == ["TF113"]
    assert codes(load(json.dumps(json.loads(content)).encode()).issues) == ["TF113"]


@pytest.mark.parametrize(("content", "expected"), [(b"", ["TF003"]), (b"{}", ["TF006"]), (b"[]\n", ["TF111"])])
def test_what_holds_no_records_is_told(content: bytes, expected: list[str]) -> None:
    assert codes(load(content).issues) == expected


@pytest.mark.parametrize("change", [b'"parade"', b'"Parade"', b'"par\xffde"', b"parade", b"NaN"])
def test_streaming_ends_with_what_parsing_gives(change: bytes) -> None:
    content = many(30_000)
    content = content[:3_000_000] + content[3_000_000:].replace(b'"parade"', change, 3)

    parsed = exports.parse_export(blob(content, EXPORT), AS_EXPORT)
    streamed = list(exports.stream_export(blob(content, EXPORT), AS_EXPORT))

    assert len(streamed) > 2
    lengths = [len(document.records) for document in streamed]
    assert lengths == sorted(lengths)
    assert repr(list(streamed[-1].records)) == repr(list(parsed.records))
    assert streamed[-1].issues == parsed.issues


def test_an_early_document_does_not_see_later_records() -> None:
    assert FORMAT.stream is not None
    documents = FORMAT.stream(blob(many(60_000), EXPORT), AS_EXPORT)
    first = next(documents)
    seen = len(first.records)

    last = list(documents)[-1]

    assert len(first.records) == seen < len(last.records)


def test_a_flood_of_faults_is_folded() -> None:
    document = load(pretty([record(units_processed=0)] * 5_000))

    units = [issue for issue in document.issues if issue.code == "TF107"]
    assert len(units) == KEPT_PER_RULE + 1
    assert sum(issue.count for issue in units) == 5_000


@given(
    st.lists(
        st.fixed_dictionaries(
            {}, optional={name: st.none() | st.booleans() | st.integers() | st.text() for name in record()}
        )
    )
)
def test_any_records_give_a_document(records: list[dict[str, object]]) -> None:
    document = exports.parse_export(blob(json.dumps(records).encode(), EXPORT), AS_EXPORT)

    assert len(document.records) == len(records)
