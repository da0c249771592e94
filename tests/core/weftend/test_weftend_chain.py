"""How chunks hang together: order, links, heads, lifetimes, caps."""

from __future__ import annotations

from typing import Any

import pytest
from weftend_builders import (
    PATH_DIGEST,
    aggregate,
    chain,
    chunk,
    issues,
    journal,
    loaded,
    relinked,
    sealed,
    snapshot,
    store,
    without,
)

from teleloupe.formats.weftend import overview, relations
from teleloupe.model import Document


def test_a_missing_chunk_breaks_one_link() -> None:
    chunks = chain(4)

    found = issues(loaded(store([*chunks[:1], *chunks[2:]])))

    assert found == {("TELEMETRY_CHAIN_BROKEN", "error", "/chunks/1/prevChunkId")}


def test_overlapping_windows_are_refused() -> None:
    first, second = chain(2)
    second = sealed({**second, "windowStartTick": 239})

    found = issues(loaded(store([first, second])))

    assert found == {("TELEMETRY_TICK_ORDER_INVALID", "error", "/chunks/1/windowStartTick")}


def test_a_pruned_root_is_worth_knowing() -> None:
    found = issues(loaded(snapshot(chain(3)[1:])))

    assert found == {("TELEMETRY_CHAIN_ROOT_PRUNED", "info", "/chunks/0/prevChunkId")}


@pytest.mark.parametrize("head", [None, PATH_DIGEST])
def test_a_head_that_is_not_the_last_chunk_is_told(head: str | None) -> None:
    chunks = chain(2)

    assert issues(loaded(snapshot(chunks, headChunkId=head))) == {("TELEMETRY_HEAD_MISMATCH", "error", "/headChunkId")}
    assert issues(loaded(store(chunks, journal=journal(chunks, headChunkId=head)))) == {
        ("TELEMETRY_HEAD_MISMATCH", "error", "/journal/headChunkId")
    }


UNLIKE: list[tuple[dict[str, Any], str, str]] = [
    ({"prevChunkId": "sha256:30cc8dd4"}, "TELEMETRY_CHAIN_BROKEN", "/chunks/1/prevChunkId"),
    ({"prevChunkId": 7}, "TELEMETRY_CHAIN_BROKEN", "/chunks/1/prevChunkId"),
    ({"windowStartTick": -1}, "TELEMETRY_TICK_ORDER_INVALID", "/chunks/1/windowStartTick"),
    ({"streamId": "Other"}, "TELEMETRY_STREAM_MISMATCH", "/chunks/1/streamId"),
    (
        {"payload": aggregate() | {"bind": {"pathDigest": "p"}}},
        "PATH_DIGEST_MISMATCH",
        "/chunks/1/payload/bind/pathDigest",
    ),
]


@pytest.mark.parametrize(("members", "code", "at"), UNLIKE, ids=[str(members) for members, _, _ in UNLIKE])
def test_what_is_outside_its_grammar_is_compared_as_it_is_recorded(members: dict[str, Any], code: str, at: str) -> None:
    first, second = chain(2)

    found = issues(loaded(snapshot([first, sealed(second | members)])))

    assert found == {("FIELD_INVALID", "error", at), (code, "error", at)}


def test_a_link_a_head_or_a_lifetime_that_is_missing_is_none() -> None:
    first, second = chain(2)
    unlinked = sealed(without(second, "prevChunkId"))
    no_head = without(snapshot([first]), "headChunkId")
    timeless = sealed(without(first, "windowEndTick", "streamId", "ttlSeconds"))

    assert ("TELEMETRY_CHAIN_BROKEN", "error", "/chunks/1/prevChunkId") in issues(loaded(store([first, unlinked])))
    assert ("TELEMETRY_HEAD_MISMATCH", "error", "/headChunkId") in issues(loaded(no_head))
    assert {code for code, _, _ in issues(loaded(store([timeless])))} == {"FIELD_INVALID"}


def test_a_chunk_that_is_no_object_has_no_link() -> None:
    found = issues(loaded(snapshot([]) | {"chunks": [chunk(), 7]}))

    assert found == {("FIELD_INVALID", "error", "/chunks/1")}


def test_a_tick_that_no_double_holds_is_not_compared() -> None:
    first, second = chain(2)
    first = sealed(first | {"windowEndTick": 10**4299})

    found = issues(loaded(store([first, second], journal=journal([second], updatedAtTick=-(10**4299)))))

    assert not [code for code, _, _ in found if code.startswith("TELEMETRY_T")]


@pytest.mark.parametrize("head", [None, PATH_DIGEST])
def test_an_empty_chain_may_have_any_head(head: str | None) -> None:
    assert loaded(snapshot([], headChunkId=head)).issues == ()


def test_a_repeated_chunk_is_told_where_it_stands_again() -> None:
    chunks = chain(2)

    found = issues(loaded(store([*chunks, chunks[1]])))

    assert ("TELEMETRY_DUPLICATE_CHUNK", "error", "/chunks/2/chunkId") in found


def test_strays_of_another_stream_or_path_are_told() -> None:
    first, second, third = chain(3)
    other = aggregate() | {"bind": {"pathDigest": f"sha256:{'0' * 64}"}}
    chunks = relinked([first, second | {"streamId": "telemetry.other"}, third | {"payload": other}])

    assert issues(loaded(store(chunks))) == {
        ("TELEMETRY_STREAM_MISMATCH", "error", "/chunks/1/streamId"),
        ("PATH_DIGEST_MISMATCH", "error", "/chunks/2/payload/bind/pathDigest"),
    }


def test_a_journal_cannot_lag_behind_its_windows() -> None:
    chunks = chain(2)

    found = issues(loaded(store(chunks, journal=journal(chunks, updatedAtTick=478))))

    assert found == {("TELEMETRY_TICK_ORDER_INVALID", "error", "/journal/updatedAtTick")}


@pytest.mark.parametrize(("age", "is_expired"), [(299, False), (300, True)])
def test_a_chunk_expires_at_its_ttl_a_warning_in_a_store_an_error_in_a_snapshot(age: int, is_expired: bool) -> None:
    first = chunk(0, 100, ttlSeconds=300)
    second = chunk(101, 100 + age, first["chunkId"])
    place = "/chunks/0"

    stored = issues(loaded(store([first], journal=journal([first], updatedAtTick=100 + age))))
    shown = issues(loaded(snapshot([first, second])))

    assert stored == ({("TELEMETRY_TTL_EXPIRED", "warning", place)} if is_expired else set())
    assert shown == ({("TELEMETRY_TTL_EXPIRED", "error", place)} if is_expired else set())


def test_more_chunks_than_the_cap_are_told_once() -> None:
    found = issues(loaded(store(chain(169))))

    assert found == {("TELEMETRY_BUDGET_EXCEEDED", "error", "/chunks")}


def test_the_floor_counter_and_its_reason_come_together() -> None:
    value = snapshot([])
    skipped = {**value["dropped"], "kFloorSkipped": 1}
    reason = {"reasonCodes": ["TELEMETRY_K_ANONYMITY_FAIL"]}
    told = {("TELEMETRY_DROPPED_REASON_MISMATCH", "warning", "/dropped/kFloorSkipped")}

    assert issues(loaded(value | reason)) == told
    assert issues(loaded(value | {"dropped": skipped})) == told
    assert issues(loaded(value | {"dropped": skipped} | reason)) == set()


def test_chain_rows_show_ids_and_links_side_by_side() -> None:
    chunks = chain(4)
    chunks[1] = {**chunks[1], "coverage": 0.5}
    document = loaded(store([chunks[0], chunks[1], chunks[3]]))

    rows = overview.chain_rows(document)

    assert [(row.window_start, row.window_end, row.samples, row.k) for row in rows] == [
        (0, 239, 240, 100),
        (240, 479, 240, 100),
        (720, 959, 240, 100),
    ]
    assert [(row.is_verified, row.link, row.ttl_left) for row in rows] == [
        (True, "root", 86400 - 720),
        (False, "ok", 86400 - 480),
        (True, "broken", 86400),
    ]
    assert (rows[1].chunk_id, rows[1].computed_id) == (chunks[1]["chunkId"], sealed(chunks[1])["chunkId"])
    assert (rows[2].expected_prev, rows[2].found_prev) == (chunks[1]["chunkId"], chunks[3]["prevChunkId"])


def test_the_portal_shows_what_upstreams_panel_shows() -> None:
    chunks = chain(2)
    dropped = {"ttlPruned": 3, "capPruned": 0, "kFloorSkipped": 1, "duplicateSkipped": 0}
    document = loaded(snapshot(chunks, dropped=dropped, reasonCodes=["TELEMETRY_K_ANONYMITY_FAIL"]))

    shown = overview.portal(document)

    assert shown is not None
    assert (shown.stream_id, shown.head_chunk_id, shown.chunks) == ("telemetry.release.v0", chunks[1]["chunkId"], 2)
    assert (shown.dropped, shown.reason_codes) == (dropped, ("TELEMETRY_K_ANONYMITY_FAIL",))
    assert (shown.now, shown.digest) == (479, document.header["canonical_digest"])


def test_bucket_totals_leave_out_expired_chunks() -> None:
    first = chunk(0, 9, ttlSeconds=10, payload=aggregate(capDenies={"net.fetch": 200, "gone.cap": 100}))
    second = chunk(10, 20, first["chunkId"])
    third = chunk(21, 30, second["chunkId"])

    totals = overview.bucket_totals(loaded(store([first, second, third])))

    assert [(total.map, total.key, total.count, total.chunks) for total in totals] == [
        ("capDenies", "net.fetch", 240, 2),
        ("reasonFamilies", "CAP_NOT_GRANTED", 240, 2),
    ]


def test_a_broken_chain_still_has_rows() -> None:
    chunks: list[Any] = [chain(1)[0], 7, {"payload": 3, "prevChunkId": 5, "windowEndTick": 2**1024 - 1}]

    document = loaded(store(chunks, journal={}))

    rows = overview.chain_rows(document)

    assert [(row.link, row.ttl_left, row.samples) for row in rows] == [
        ("root", None, 240),
        ("unknown", None, None),
        ("broken", None, None),
    ]
    assert overview.chain_rows(loaded(snapshot([chunk(prevChunkId="x")])))[0].link == "unknown"
    assert overview.bucket_totals(document)[0].count == 120


@pytest.mark.parametrize("value", [store(chain(2)), snapshot(chain(1), reasonCodes=None), chunk(), aggregate()])
def test_the_canonical_export_is_the_canonical_text_of_the_document(value: dict[str, object]) -> None:
    document = loaded(value)

    exported = overview.canonical_export(document)
    assert exported is not None
    assert loaded(exported[0]).issues == document.issues
    assert exported[1] == document.header["canonical_digest"]


def test_two_chains_are_compared_by_content_id() -> None:
    chunks = chain(4)
    whole = loaded(store(chunks))

    def relation(other: list[dict[str, object]], of: Document = whole) -> str:
        found = relations.compared(of, loaded(snapshot(other)))
        assert found is not None
        return found.relation

    assert relation(chunks) == "equal"
    assert relation(chunks[:3]) == "behind"
    assert relation(chunks[1:]) == "pruned"
    assert relation([*chunks, chunk(960, 970, chunks[-1]["chunkId"])]) == "ahead"
    assert relation([*chunks[:2], chunk(480, 719, chunks[1]["chunkId"], coverage=1)]) == "diverged"
    assert relation(chunks, loaded(store(chunks[1:]))) == "unpruned"
    assert relation(chunks[2:], loaded(store(chunks[:2]))) == "ahead"
    assert relation(chunks[:2], loaded(store(chunks[2:]))) == "behind"
    assert relation(chunks[3:], loaded(store(chunks[:2]))) == "diverged"
    assert [relation([]), relation(chunks, loaded(store([]))), relation([], loaded(store([])))] == [
        "behind",
        "ahead",
        "equal",
    ]


def test_chunks_of_one_window_with_two_ids_are_in_conflict() -> None:
    chunks = chain(2)
    other = chunk(240, 479, chunks[0]["chunkId"], coverage=1)

    found = relations.compared(loaded(store(chunks)), loaded(snapshot([chunks[0], other])))

    assert found is not None
    assert (found.shared, found.conflicts) == (
        (chunks[0]["chunkId"],),
        ((chunks[1]["chunkId"], other["chunkId"]),),
    )


def test_chains_of_a_stream_find_each_other() -> None:
    documents = {
        "store.json": loaded(store(chain(2)), "store.json"),
        "snapshot.json": loaded(snapshot(chain(1)), "snapshot.json"),
        "other.json": loaded(snapshot([], streamId="telemetry.other"), "other.json"),
        "aggregate.json": loaded(aggregate(), "aggregate.json"),
    }

    assert relations.chains_of_stream(documents["store.json"], documents) == ("snapshot.json",)
