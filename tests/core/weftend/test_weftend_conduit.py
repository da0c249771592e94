"""The conduit's computation: what becomes of pulses, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from weftend_builders import (
    EVIDENCE_HEAD,
    PATH_DIGEST,
    Value,
    chain,
    chunk,
    digest_of,
    issues,
    journal,
    loaded,
    manifest,
    pulse,
    pulses,
    record,
    release,
    relinked,
    snapshot,
    store,
    text_of,
    without,
)

from teleloupe.formats.weftend import conduit
from teleloupe.formats.weftend.conduit import Outcome, Refusal, Settings
from teleloupe.formats.weftend.release import ReleaseFiles

NAMES = ("release_manifest.json", "receipts/pulses.json", "tartarus.jsonl", "receipts/telemetry_conduit.json")


def run(files: dict[str, bytes], settings: Settings | None = None) -> Outcome | Refusal:
    return conduit.run(ReleaseFiles(*map(files.get, NAMES)), settings or Settings(20))


def made(files: dict[str, bytes], settings: Settings | None = None) -> Outcome:
    found = run(files, settings)
    assert isinstance(found, Outcome), found
    return found


def refused(files: dict[str, bytes], settings: Settings | None = None) -> list[tuple[str, str, str]]:
    found = run(files, settings)
    assert isinstance(found, Refusal)
    return [(problem.code, problem.file, problem.path) for problem in found.problems]


def with_pulses(*found: Any) -> dict[str, bytes]:
    return release(found)


def test_a_first_run_makes_a_sealed_chunk_of_all_pulses() -> None:
    files = release(pulses(0, 100), [record(number) for number in range(30)])

    outcome = made(files)

    (first,) = outcome.store["chunks"]
    assert first["payload"] == {
        "schema": "weftend.telemetry.aggregate/0",
        "v": 0,
        "bind": {"pathDigest": PATH_DIGEST},
        "kFloor": 20,
        "sampleCount": 100,
        "aggregates": {
            "capDenies": {"net.fetch": 50, "storage.read": 25},
            "reasonFamilies": {"CAP_NOT_GRANTED": 75, "STRICT_SELFTEST_FAILED": 75},
            "tartarusKinds": {"cap.replay": 30},
        },
    }
    assert first["tartarusRefs"] == sorted(record(number)["recordId"] for number in range(30))
    assert (first["evidenceRefs"], first["coverage"], first["prevChunkId"]) == ([EVIDENCE_HEAD], 1, None)
    assert (first["windowStartTick"], first["windowEndTick"], first["ttlSeconds"]) == (0, 99, 86400)
    assert first["chunkId"] == digest_of(without(first, "chunkId") | {"coverage": 1})
    assert outcome.store["journal"] == journal([first])
    assert "reasonCodes" not in outcome.snapshot


def test_buckets_below_the_floor_are_dropped_with_their_refs_and_lower_coverage() -> None:
    files = release(pulses(0, 100), [record(1), record(2)])

    outcome = made(files, Settings(30))

    (first,) = outcome.store["chunks"]
    assert first["payload"]["aggregates"] == {
        "capDenies": {"net.fetch": 50},
        "reasonFamilies": {"CAP_NOT_GRANTED": 75, "STRICT_SELFTEST_FAILED": 75},
        "tartarusKinds": {},
    }
    assert (first["tartarusRefs"], first["coverage"]) == ([], 0.881057)  # 200 of 227
    assert outcome.snapshot["reasonCodes"] == ["INSUFFICIENT_COVERAGE"]


def test_maps_are_cut_to_their_caps_in_code_unit_order() -> None:
    found = [pulse(number, "CAP_DENY", f"cap.a{number // 2:02}") for number in range(140)]

    outcome = made(release(found), Settings(2))

    denies = outcome.store["chunks"][0]["payload"]["aggregates"]["capDenies"]
    assert list(denies) == [f"cap.a{number:02}" for number in range(64)]
    assert outcome.snapshot["reasonCodes"] == ["TELEMETRY_BUDGET_EXCEEDED"]
    assert outcome.store["chunks"][0]["coverage"] == 0.914286


def test_a_second_run_counts_only_new_pulses_and_links() -> None:
    first = made(release(pulses(0, 100)))

    second = made(release(pulses(50, 100), stored=first.store))

    former, latter = second.store["chunks"]
    assert (latter["windowStartTick"], latter["windowEndTick"], latter["payload"]["sampleCount"]) == (100, 149, 50)
    assert latter["prevChunkId"] == former["chunkId"]
    assert {one[1] for one in issues(loaded(second.snapshot_bytes))} == {"info"}


@given(st.integers(1, 60), st.integers(1, 80), st.integers(0, 60))
def test_applying_twice_is_a_no_op_that_counts_one_duplicate(k: int, count: int, later: int) -> None:
    settings = Settings(k)
    state = made(release(pulses(0, count)), settings)
    for first in (0, later):
        files = release(pulses(first, count), [record(number) for number in range(count)], stored=state.store)
        once = made(files, settings)
        files["receipts/telemetry_conduit.json"] = once.store_bytes
        twice = made(files, settings)

        assert twice.store_bytes == once.store_bytes
        is_withheld = once.snapshot["dropped"]["kFloorSkipped"]
        assert twice.snapshot["dropped"]["duplicateSkipped"] == (0 if is_withheld else 1)
        assert not [one for one in issues(loaded(twice.snapshot_bytes)) if one[1] == "error"]
        state = once


def test_under_the_floor_nothing_is_appended_and_the_pulses_wait() -> None:
    withheld = made(release(pulses(0, 10)))

    later = made(release(pulses(0, 40), stored=withheld.store))

    assert withheld.snapshot["dropped"]["kFloorSkipped"] == 1
    assert withheld.snapshot["reasonCodes"] == ["TELEMETRY_K_ANONYMITY_FAIL"]
    assert (withheld.store["journal"]["headChunkId"], withheld.store["journal"]["updatedAtTick"]) == (None, 9)
    assert later.store["chunks"][0]["payload"]["sampleCount"] == 40


def test_an_empty_buffer_is_under_the_floor() -> None:
    outcome = made(release([]))

    assert outcome.snapshot["dropped"]["kFloorSkipped"] == 1
    assert outcome.store["journal"] == journal([])


def test_everything_up_to_the_newest_expired_chunk_is_pruned() -> None:
    chunks = chain(3)
    chunks[1]["ttlSeconds"] = 10
    stored = store(relinked(chunks), journal=journal(relinked(chunks)))

    outcome = made(release(pulses(600, 200), stored=stored))

    assert [one["windowStartTick"] for one in outcome.store["chunks"]] == [480, 720]
    assert outcome.snapshot["dropped"]["ttlPruned"] == 2
    assert "reasonCodes" not in outcome.snapshot


def test_a_chain_that_was_pruned_whole_goes_on_from_its_journal() -> None:
    stored = store([], journal=journal([], headChunkId=PATH_DIGEST, updatedAtTick=49))

    outcome = made(release(pulses(0, 100), stored=stored))

    (only,) = outcome.store["chunks"]
    assert (only["windowStartTick"], only["prevChunkId"]) == (50, PATH_DIGEST)


def test_the_oldest_chunks_go_over_the_cap_also_where_the_store_was_over_it() -> None:
    stored = store(chain(170))

    outcome = made(release(pulses(170 * 240, 100), stored=stored))

    assert len(outcome.store["chunks"]) == 168
    assert outcome.snapshot["dropped"] == {
        "ttlPruned": 0,
        "capPruned": 3,
        "kFloorSkipped": 0,
        "duplicateSkipped": 0,
    }


def test_a_chunk_too_large_is_left_out() -> None:
    outcome = made(release(pulses(0, 100)), Settings(20, max_chunk_bytes=100))

    assert outcome.store["chunks"] == []
    assert outcome.snapshot["dropped"]["capPruned"] == 1
    assert outcome.snapshot["reasonCodes"] == ["TELEMETRY_BUDGET_EXCEEDED"]


def test_stream_and_lifetime_can_be_chosen_for_a_first_run() -> None:
    outcome = made(release(pulses(0, 100)), Settings(20, "telemetry.match", 7))

    assert (outcome.snapshot["streamId"], outcome.store["chunks"][0]["ttlSeconds"]) == ("telemetry.match", 7)


def test_another_stream_than_the_stored_one_is_refused() -> None:
    files = release(pulses(240, 100), stored=store(chain(1)))

    assert refused(files, Settings(20, "telemetry.match")) == [
        ("TELEMETRY_STREAM_MISMATCH", "receipts/telemetry_conduit.json", "/journal/streamId")
    ]


def changed(value: Value, **members: Any) -> Value:
    """A pulse with other members and the digest of them."""
    body = without(value | members, "pulseDigest")
    return body | {"pulseDigest": digest_of(body)}


PULSES = "receipts/pulses.json"
TARTARUS = "tartarus.jsonl"
REFUSALS = [
    (without(release([]), "release_manifest.json"), {("RELEASE_MANIFEST_MISSING", "release_manifest.json", "")}),
    (without(release([]), PULSES), {("PULSES_MISSING", PULSES, "")}),
    (release([]) | {"release_manifest.json": b"[]"}, {("RELEASE_MANIFEST_INVALID", "release_manifest.json", "")}),
    (release([]) | {"release_manifest.json": b"{"}, {("JSON_PARSE_ERROR", "release_manifest.json", "")}),
    (
        release([]) | {"release_manifest.json": text_of(manifest() | {"releaseId": PATH_DIGEST})},
        {("RELEASE_ID_MISMATCH", "release_manifest.json", "/releaseId")},
    ),
    (release([], pathDigest=None), {("PATH_DIGEST_MISSING", "release_manifest.json", "/manifestBody/pathDigest")}),
    (release([], pathDigest="p"), {("FIELD_INVALID", "release_manifest.json", "/manifestBody/pathDigest")}),
    (with_pulses(7), {("FIELD_INVALID", PULSES, "/pulses/0")}),
    (
        with_pulses(pulse(0) | {"kind": "CAP_DENY", "v": 0, "pulseDigest": PATH_DIGEST}),
        {("FIELD_INVALID", PULSES, "/pulses/0/pulseDigest")},
    ),
    (with_pulses(changed(pulse(0), capId="http://x")), {("PRIVACY_STRING_UNTRUSTED", PULSES, "/pulses/0/capId")}),
    (
        with_pulses(changed(pulse(0), reasonCodes=["free text"])),
        {("PRIVACY_STRING_UNTRUSTED", PULSES, "/pulses/0/reasonCodes/0")},
    ),
    (with_pulses(changed(pulse(0), kind="CAP_ASK")), {("ENUM_INVALID", PULSES, "/pulses/0/kind")}),
    (
        with_pulses(changed(pulse(0), note=1)),
        {("FIELD_INVALID", PULSES, "/pulses/0/note"), ("FIELD_INVALID", PULSES, "/pulses/0/pulseDigest")},
    ),
    (with_pulses(pulse(1), pulse(1)), {("TELEMETRY_TICK_ORDER_INVALID", PULSES, "/pulses/1/pulseSeq")}),
    (
        with_pulses(pulse(0, digests={"pathDigest": EVIDENCE_HEAD})),
        {("PATH_DIGEST_MISMATCH", PULSES, "/pulses/0/digests/pathDigest")},
    ),
    (release(pulses(0, 513)), {("FIELD_INVALID", PULSES, "/pulses")}),
    (
        release([], [record(1) | {"kind": "cap.replay", "recordId": PATH_DIGEST}]),
        {("FIELD_INVALID", TARTARUS, "/1/recordId")},
    ),
    (release([], [record(1), record(2, "cap.lost")]), {("ENUM_INVALID", TARTARUS, "/2/kind")}),
    (release([]) | {TARTARUS: b"\r\n{\n"}, {("JSON_PARSE_ERROR", TARTARUS, "/2")}),
    (
        release([]) | {TARTARUS: text_of(record(1)) + b"\n\xff" + text_of(record(2))},
        {("JSON_PARSE_ERROR", TARTARUS, "/2")},
    ),
    (release([]) | {TARTARUS: b"\xef\xbb\xbf" + text_of(record(1))}, {("JSON_PARSE_ERROR", TARTARUS, "/1")}),
    (release([]) | {TARTARUS: b'{"a":1,"a":2}'}, {("CANONICAL_INVALID", TARTARUS, "/1/a")}),
    (
        release(pulses(0, 100), stored=store(chain(1))),
        {("TELEMETRY_TICK_ORDER_INVALID", PULSES, "/pulses")},
    ),
    (
        release(pulses(240, 100), stored=store(chain(1)), pathDigest=EVIDENCE_HEAD),
        {("PATH_DIGEST_MISMATCH", "receipts/telemetry_conduit.json", "/chunks/0/payload/bind/pathDigest")},
    ),
    (
        release(pulses(240, 100), stored=store(chain(1)) | {"schema": "weftend.telemetry.conduitStore/1"}),
        {("TELEMETRY_SCHEMA_INVALID", "receipts/telemetry_conduit.json", "/schema")},
    ),
    (
        release(pulses(240, 100), stored={"schema": "weftend.evidence/0"}),
        {("TELEMETRY_SCHEMA_INVALID", "receipts/telemetry_conduit.json", "/schema")},
    ),
    (
        release(pulses(240, 100), stored=chunk()),
        {("TELEMETRY_SCHEMA_INVALID", "receipts/telemetry_conduit.json", "/schema")},
    ),
    (
        release(pulses(240, 100)) | {"receipts/telemetry_conduit.json": json.dumps(snapshot(chain(1))).encode()},
        {("TELEMETRY_SCHEMA_INVALID", "receipts/telemetry_conduit.json", "/schema")},
    ),
]


@pytest.mark.parametrize(("files", "expected"), REFUSALS, ids=[str(sorted(found)) for _, found in REFUSALS])
def test_a_fault_of_the_inputs_refuses_the_run(files: dict[str, bytes], expected: set[tuple[str, str, str]]) -> None:
    found = refused(files)

    assert expected <= set(found)
    assert next(one[:2] for one in found) in {one[:2] for one in expected}


def test_a_capability_that_would_leak_as_a_bucket_is_refused_at_the_end() -> None:
    found = [pulse(number, "CAP_DENY", "token") for number in range(30)]

    told = refused(release(found))

    assert {code for code, _, _ in told} == {"TELEMETRY_CONDUIT_INVALID"}
    assert ("TELEMETRY_CONDUIT_INVALID", "telemetry_conduit_snapshot.json") in {one[:2] for one in told}


def test_optional_members_that_are_empty_leave_a_pulse_digest_as_it_is() -> None:
    bare = pulse(0, "EXIT", None)
    padded = bare | {"digests": {}, "counts": {}, "reasonCodes": []}

    assert isinstance(run(release([padded])), Outcome)


def test_the_same_inputs_give_the_same_bytes() -> None:
    files = release(pulses(0, 100), [record(number) for number in range(40)])

    assert structs.asdict(made(files)) == structs.asdict(made(dict(reversed(files.items()))))
    assert json.loads(made(files).store_bytes) == made(files).store
