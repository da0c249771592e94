"""Feeds: no good line is lost, and what was read once need not be read again."""

from __future__ import annotations

import json

import pytest
from foundry_files import MINT_FEED, RITUAL_FEED, blob, codes, found, lines, load, mint, ritual
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.formats.toyfoundry import feeds
from teleloupe.formats.toyfoundry.shapes import Mint
from teleloupe.model import Detection, Document

AS_MINT, AS_RITUAL = Detection("mint-feed", "as asked"), Detection("ritual-feed", "as asked")
ODD_VALUES: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4) | st.floats() | st.just([])
)
ODD_LINES = st.one_of(
    st.builds(lambda value: json.dumps(mint(value)), ODD_VALUES),
    st.builds(lambda value: json.dumps(mint(timestamp=value)), ODD_VALUES),
    st.just(json.dumps(mint())),
    st.text(max_size=12),
)


def told(document: Document) -> object:
    places = [document.record_at(index) for index in range(len(document.records))]
    return list(document.records), places, document.issues, document.is_complete, document.consumed


def test_a_clean_feed_has_structs_and_line_numbers() -> None:
    document = load(lines(mint(), mint("alfa-2")), MINT_FEED)

    assert document.issues == ()
    assert [type(entry) for entry in document.records] == [Mint, Mint]
    assert document.record_at(1) == "line 2"


def test_good_lines_around_bad_ones_are_kept() -> None:
    content = lines(mint()) + b"\n{broken\n[1]\n" + b'{"alfa_id": "\xff"}\n' + lines(mint("alfa-2"))

    document = load(content, MINT_FEED)

    assert [entry.alfa_id for entry in document.records] == ["alfa-1", "alfa-2"]
    assert [document.record_at(index) for index in range(2)] == ["line 1", "line 6"]
    assert codes(document.issues) == ["TF001", "TF003", "TF006", "TF411"]


ONE = json.dumps(mint())
HALVES = ONE.replace(', "name"', ',\n"name"')


@pytest.mark.parametrize(
    "content",
    [f"{ONE}{ONE}\n\n", f"{HALVES}{ONE}\n", f"\n{ONE} {ONE}\n", f"{ONE}{ONE}\r\n\r\n"],
    ids=["blank line after", "cut line before", "blank line before", "CRLF"],
)
def test_two_entries_on_a_line_are_refused_although_another_line_has_none(content: str) -> None:
    document = load(content.encode(), MINT_FEED)

    assert len(document.records) == 0
    assert set(codes(document.issues)) == {"TF003", "TF411"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_of_the_producer_counts(end: str) -> None:
    content = (end.join(json.dumps(entry) for entry in (mint(), mint("a\u2028b"))) + end).encode()

    assert len(load(content, MINT_FEED).records) == 2


def test_an_unfinished_last_line_waits() -> None:
    content = lines(mint(), mint("alfa-2"))

    document = load(content[:-30], MINT_FEED)

    assert not document.is_complete
    assert found(document) >= {("TF004", "line 2")}
    assert document.consumed == len(lines(mint()))


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        (b'{"a', ["TF004", "TF411"]),
        (b'{"a": "\xc3', ["TF004", "TF411"]),
        (b"nu", ["TF004", "TF411"]),
        (b"[1]", ["TF006", "TF411"]),
        (b"null", ["TF006", "TF411"]),
        (b'{"a": %s}' % (b"1" * 4301), ["TF009", "TF411"]),
    ],
)
def test_a_last_line_without_end_is_unfinished_only_where_it_does_not_parse(tail: bytes, expected: list[str]) -> None:
    document = load(lines(mint()) + tail, MINT_FEED)

    assert (codes(document.issues), document.is_complete) == (expected, "TF004" not in expected)


def test_a_last_line_without_end_that_parses_is_a_record() -> None:
    document = load(lines(mint(), mint("alfa-2"))[:-1], MINT_FEED)

    assert document.issues == ()
    assert [document.record_at(index) for index in range(2)] == ["line 1", "line 2"]


@pytest.mark.parametrize("end", ["", "\n", "\r"])
def test_a_last_line_is_judged_beside_the_others_whatever_ends_it(end: str) -> None:
    content = lines(mint()) + json.dumps(mint(timestamp="2025-11-24T08:00:00")).encode() + end.encode()

    assert found(load(content, MINT_FEED)) == {("TF409", "line 2 /timestamp"), ("TF411", "")}


def test_lines_that_a_lone_cr_ends_are_judged_beside_each_other() -> None:
    content = lines(ritual(), ritual(timestamp=None)).replace(b"\n", b"\r")

    assert found(load(content, RITUAL_FEED)) == {("TF409", "line 2 /timestamp"), ("TF411", "")}


@given(st.lists(ODD_LINES, max_size=8), st.data())
def test_reading_on_gives_what_reading_anew_gives(entries: list[str], data: st.DataObject) -> None:
    content = "\n".join([json.dumps(mint()), *entries]).encode("utf-8", "replace") + data.draw(
        st.sampled_from([b"", b"\n"])
    )
    first = data.draw(st.integers(len(json.dumps(mint())) + 1, max(len(content), len(json.dumps(mint())) + 1)))
    document = feeds.parse_feed(blob(content[:first], MINT_FEED), AS_MINT)
    rest = content[document.consumed :]

    extended = feeds.extend_feed(document, blob(rest, MINT_FEED))

    if document.consumed:
        assert extended is not None
        assert repr(told(extended)) == repr(told(feeds.parse_feed(blob(content, MINT_FEED), AS_MINT)))


def test_a_document_stays_as_it_was_when_its_feed_grows() -> None:
    document = feeds.parse_feed(blob(lines(mint()), MINT_FEED), AS_MINT)

    extended = feeds.extend_feed(document, blob(lines(mint("alfa-2")), MINT_FEED))

    assert extended is not None
    assert (len(document.records), len(extended.records)) == (1, 2)
    assert feeds.extend_feed(document, blob(b"", MINT_FEED)) is None


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (ritual(metadata={"display": "window"}), ("TF402", "line 1")),
        (ritual(ritual="polish"), ("TF403", "line 1 /ritual")),
        (ritual(status="finished"), ("TF404", "line 1 /status")),
        (ritual(metadata={"batch_id": "b", "duration_ms": 300_001}), ("TF405", "line 1 /metadata/duration_ms")),
        (
            ritual(metadata={"batch_id": "b", "metrics": {"duration": "3s"}}),
            ("TF406", "line 1 /metadata/metrics/duration"),
        ),
        (ritual(metadata={"batch_id": "b", "units": 0}), ("TF407", "line 1 /metadata/units")),
        (ritual(metadata={"batch_id": "b", "dry_run": "false"}), ("TF408", "line 1 /metadata/dry_run")),
        (ritual(status="error", metadata={"batch_id": "b", "dry_run": True}), ("TF412", "line 1 /status")),
        (ritual(timestamp=5), ("TF409", "line 1 /timestamp")),
        (ritual(metadata=[1]), ("TF410", "line 1 /metadata")),
    ],
)
def test_what_the_loom_does_in_silence_is_told(entry: dict[str, object], expected: tuple[str, str]) -> None:
    assert expected in found(load(lines(entry), RITUAL_FEED))


def test_a_drill_is_an_alias_and_no_coercion() -> None:
    assert load(lines(ritual(ritual="Drill")), RITUAL_FEED).issues == ()


def test_times_with_and_without_zone_do_not_mix() -> None:
    document = load(lines(mint(), mint(timestamp="2025-11-24T09:00:00")), MINT_FEED)

    assert found(document) == {("TF409", "line 2 /timestamp"), ("TF411", "")}


def test_an_event_without_time_beside_timed_ones_is_told() -> None:
    document = load(lines(ritual(), {key: value for key, value in ritual().items() if key != "timestamp"}), RITUAL_FEED)

    assert found(document) == {("TF409", "line 2 /timestamp"), ("TF411", "")}


def test_a_repeated_key_in_a_line_is_told() -> None:
    content = lines(ritual()).replace(b'"display"', b'"batch_id": "x", "display"')

    assert ("TF007", "line 1 /metadata/batch_id") in found(load(content, RITUAL_FEED))


def test_streaming_a_feed_ends_with_what_parsing_gives() -> None:
    content = lines(*(mint(f"alfa-{number}") for number in range(20_000)))

    documents = list(feeds.stream_feed(blob(content, MINT_FEED), AS_MINT))

    assert len(documents) > 2
    assert list(documents[-1].records) == list(feeds.parse_feed(blob(content, MINT_FEED), AS_MINT).records)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_feed(content: bytes) -> None:
    for detection in (AS_MINT, AS_RITUAL):
        document = feeds.parse_feed(blob(content, RITUAL_FEED), detection)
        assert all(isinstance(document.record_at(index), str) for index in range(len(document.records)))
