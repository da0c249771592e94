"""Privacy rules: what they catch, what they let pass, and that no message repeats a leak."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weftend_builders import aggregate, chain, chunk, issues, journal, loaded, snapshot, store

from teleloupe.formats.weftend import privacy

FIELD, TIME, STRING = "PRIVACY_FIELD_FORBIDDEN", "PRIVACY_TIMESTAMP_FORBIDDEN", "PRIVACY_STRING_UNTRUSTED"


def codes_of_string(text: str) -> set[str]:
    return {issue.code for issue in privacy.of_string(text, "")}


def codes_of_name(name: str) -> set[str]:
    return {issue.code for issue in privacy.of_name(name, "")}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ops@example.org", {FIELD, STRING}),
        ("10.0.0.1", {FIELD}),
        ("v1.2.3.4", set()),
        ("https://host/p", {FIELD}),
        ("/srv/data", {FIELD}),
        ("\\\\server\\share", {FIELD, STRING}),
        ("C:\\Users\\a", {FIELD, STRING}),
        ("A:detail", set()),
        ("%APPDATA%", {FIELD, STRING}),
        ("$env:USERNAME", {FIELD, STRING}),
        ("${HOME}", {FIELD, STRING}),
        ("5f2b7c1e-8d34-4f6a-9c0b-ca9d457afba3", {FIELD}),
        ("2026-02-04T11:58:12Z", {TIME}),
        ("20260204T115812", {TIME}),
        ("20260204t115812", set()),
        ("two words", {STRING}),
        ("no\u00a0break", {STRING}),
        ("mark\ufeff", {STRING}),
        ("é" * 257, {STRING}),
        ("a" * 128, set()),
        ("a" * 129, {STRING}),
        ("net.fetch", set()),
        ("telemetry.demo", set()),
    ],
)
def test_strings_are_searched_for_identity_time_and_free_text(text: str, codes: set[str]) -> None:
    assert codes_of_string(text) == codes


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("userId", {FIELD}),
        ("USER-ID", {FIELD}),
        ("file_path", {FIELD}),
        ("updatedAt", {TIME}),
        ("timestampMs", {TIME}),
        ("generated_at", {TIME}),
        ("wallClock", {TIME}),
        ("utcOffset", {TIME}),
        ("updatedAtTick", set()),
        ("ttlSeconds", set()),
        ("format", set()),
        ("note", set()),
    ],
)
def test_names_are_known_by_their_words(name: str, codes: set[str]) -> None:
    assert codes_of_name(name) == codes


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("TIMESTAMP_PRESENT", set()),
        ("SECRET_ZONE_REQUIRED", set()),
        ("SECRET", {FIELD}),
        ("date", {TIME}),
        ("net.10.0.0.1", {FIELD}),
        ("cap.123456", {FIELD}),
        ("cap.deadbeefdeadbeef", {FIELD}),
        ("404", {STRING}),
        ("free text", {STRING}),
    ],
)
def test_keys_of_count_maps_hide_no_identifier(key: str, codes: set[str]) -> None:
    assert {issue.code for issue in privacy.of_key(key, "")} == codes


@pytest.mark.parametrize("scale", [1, 1000, 1_000_000])
def test_a_number_that_could_be_a_clock_is_one(scale: int) -> None:
    first, last = 946_684_800 * scale, 4_102_444_800 * scale - 1

    assert [list(privacy.of_number(number, "")) == [] for number in (first, last)] == [False, False]
    assert privacy.is_epoch(first - 1) is False
    assert list(privacy.of_number(float(first), "")) != []


def test_a_tick_that_is_a_clock_is_told_in_clean_and_unclean_files_alike() -> None:
    value = chunk(windowStartTick=1_770_009_753, windowEndTick=1_770_009_754)
    expected = {(TIME, "error", f"/chunks/0/{name}") for name in ("windowStartTick", "windowEndTick")}

    assert issues(loaded(snapshot([value]))) == expected
    assert expected < issues(loaded(snapshot([value], note=1)))


def test_a_stream_may_not_name_a_host_or_a_day() -> None:
    quad, day = (chunk(streamId=f"telemetry.{part}") for part in ("10.0.0.1", "2026-02-04"))

    assert (FIELD, "error", "/streamId") in issues(loaded(quad))
    assert (TIME, "error", "/streamId") in issues(loaded(day))


def test_reason_codes_with_details_are_no_free_text() -> None:
    marker = "TRUST_REASONS_TRUNCATED:kept=31,dropped=9"

    assert loaded(snapshot([], reasonCodes=[marker])).issues == ()
    assert issues(loaded(snapshot([], reasonCodes=["CODE:10.0.0.1"]))) == {(FIELD, "error", "/reasonCodes/0")}


LEAK = "alice@workstation-07.example.net saw /home/alice at 10.1.2.3"
PLACES: list[Any] = [
    chunk(note=LEAK),
    chunk(streamId=LEAK),
    {**chunk(), "chunkId": LEAK},
    chunk(prevChunkId=LEAK),
    chunk(evidenceRefs=[LEAK]),
    chunk(payload=LEAK),
    chunk(payload=aggregate() | {"bind": {"pathDigest": LEAK}}),
    chunk(payload=aggregate() | {"schema": LEAK}),
    chunk(payload=aggregate(capDenies={"net.fetch": LEAK})),
    chunk(payload=aggregate() | {"aggregates": LEAK}),
    chunk(payload=aggregate(more={"x": [LEAK]})),
    chunk(windowStartTick=LEAK, windowEndTick={"x": LEAK}, ttlSeconds=LEAK, coverage=LEAK, v=LEAK),
    chunk(streamId="telemetry.workstation.10.1.2.3"),
]


@pytest.mark.parametrize("value", [*PLACES, *(snapshot([place]) for place in PLACES), snapshot([], reasonCodes=[LEAK])])
def test_no_message_repeats_a_leak(value: dict[str, Any]) -> None:
    found = loaded(value).issues

    assert found
    told = " ".join(f"{issue.message} {issue.expected} {issue.actual}" for issue in found)
    assert not any(part in told for part in ("alice", "workstation", "10.1.2.3", "/home"))


def test_a_clock_in_a_journal_is_told_by_name_text_and_number() -> None:
    value = store(chain(1), journal=journal(chain(1), updatedAt="2026-02-04T11:58:12Z", epochMs=1_770_009_753_000))

    assert issues(loaded(value)) == {
        ("FIELD_INVALID", "error", "/journal/updatedAt"),
        (TIME, "error", "/journal/updatedAt"),
        (STRING, "error", "/journal/updatedAt"),
        ("FIELD_INVALID", "error", "/journal/epochMs"),
        (TIME, "error", "/journal/epochMs"),
    }


@given(st.text(max_size=40))
def test_any_text_in_an_unknown_member_is_untrusted(text: str) -> None:
    found = loaded(snapshot([]) | {"x": [{"y": text}]}).issues

    assert (STRING, "/x/0/y") in {(issue.code, issue.at) for issue in found}
