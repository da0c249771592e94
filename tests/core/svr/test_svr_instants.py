"""Timestamps: which texts are instants, and which instants they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.formats.svr.instants import read_timestamp, seconds_text, timestamp_faults, utc_date

NOON_NS = int(datetime(2026, 4, 18, 12, tzinfo=UTC).timestamp()) * 10**9


@pytest.mark.parametrize(
    ("text", "kind", "offset_ns"),
    [
        ("2026-04-18T12:00:00Z", "ok", 0),
        ("2026-04-18T12:00:00.000000001Z", "ok", 1),
        ("2026-04-18T12:00:00.5Z", "ok", 500_000_000),
        ("2026-04-18t12:00:00Z", "noncanonical", 0),
        ("2026-04-18 12:00:00Z", "noncanonical", 0),
        ("2026-04-18T12:00:00z", "noncanonical", 0),
        ("2026-04-18T12:00:00-00:00", "noncanonical", 0),
        ("2026-04-18T14:00:00+02:00", "not_utc", 0),
        ("2026-04-18T06:30:00-05:30", "not_utc", 0),
    ],
)
def test_a_text_with_a_zone_is_an_instant(text: str, kind: str, offset_ns: int) -> None:
    found = read_timestamp(text)

    assert (found.kind, found.instant) == (kind, NOON_NS + offset_ns)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2026-04-18T12:00:00", "no_offset"),
        ("2026-04-18 12:00:00.25", "no_offset"),
        ("", "invalid"),
        ("2026-04-18", "invalid"),
        ("20260418T120000Z", "invalid"),
        ("2026-02-29T12:00:00Z", "invalid"),
        ("0000-01-01T00:00:00Z", "invalid"),
        ("2026-04-18T12:00Z", "invalid"),
        ("2026-04-18T12:00:60Z", "invalid"),
        ("2026-04-18T24:00:00Z", "invalid"),
        ("2026-04-18T12:00:00,5Z", "invalid"),
        ("2026-04-18T12:00:00.1234567890Z", "invalid"),
        ("2026-04-18T12:00:00+0200", "invalid"),
        ("2026-04-18T12:00:00Z\n", "invalid"),
        ("２０２６-04-18T12:00:00Z", "invalid"),
    ],
)
def test_a_text_without_a_zone_or_outside_the_grammar_is_no_instant(text: str, kind: str) -> None:
    found = read_timestamp(text)

    assert (found.kind, found.instant) == (kind, None)


@given(st.integers(min_value=-62_000_000_000, max_value=253_000_000_000), st.integers(0, 999_999_999))
def test_canonical_texts_come_back_to_the_nanosecond(second: int, nanosecond: int) -> None:
    whole = datetime.fromtimestamp(0, UTC).replace(tzinfo=None)
    moment = whole.fromordinal(whole.toordinal() + second // 86_400)
    rest = second % 86_400
    text = f"{moment:%m-%dT}{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}.{nanosecond:09d}Z"

    found = read_timestamp(f"{moment.year:04d}-{text}")

    assert found.kind == "ok"
    assert found.instant == second * 10**9 + nanosecond


@given(st.text(max_size=40))
def test_any_text_is_classified_and_at_most_one_fault(text: str) -> None:
    assert len(list(timestamp_faults(text, "/timestamp"))) == (read_timestamp(text).kind != "ok")


def test_durations_are_told_exactly() -> None:
    assert [seconds_text(ns) for ns in (0, 90 * 10**9, 90_000_000_001, -500_000_000)] == [
        "0", "90", "90.000000001", "-0.5",
    ]  # fmt: skip


def test_the_utc_date_of_an_instant_is_that_of_its_day() -> None:
    assert utc_date(NOON_NS) == "20260418"
    assert utc_date(-1) == "19691231"
