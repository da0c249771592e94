"""Single artefacts: every rule at its place, nothing where nothing is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from weftend_builders import (
    PATH_DIGEST,
    aggregate,
    chain,
    chunk,
    digest_of,
    issues,
    journal,
    loaded,
    sealed,
    snapshot,
    store,
    text_of,
    without,
)

from teleloupe.formats.weftend.constants import MAX_FILE_BYTES
from teleloupe.formats.weftend.shapes import Chunk
from teleloupe.sketch import WHOLE_BYTES

ARTEFACTS = {
    "aggregate": aggregate(),
    "chunk": chunk(),
    "journal": journal(chain(1)),
    "conduit-store": store(chain(3)),
    "conduit-snapshot": snapshot(chain(3)),
}


@pytest.mark.parametrize("kind", ARTEFACTS)
def test_a_clean_artefact_has_its_kind_and_no_issue(kind: str) -> None:
    document = loaded(ARTEFACTS[kind])

    assert (document.format, document.kind, document.issues) == ("weftend", kind, ())
    assert document.header["canonical_digest"] == digest_of(ARTEFACTS[kind])


def test_clean_chunks_are_typed_records_that_claim_their_ids() -> None:
    chunks = chain(2)

    document = loaded(store(chunks))

    assert all(type(record) is Chunk for record in document.records)
    assert [document.record_at(index) for index in range(2)] == ["/chunks/0", "/chunks/1"]
    assert [(claim.kind, claim.at, f"sha256:{claim.expected}") for claim in document.claims] == [
        ("content-id", "/chunks/0/chunkId", chunks[0]["chunkId"]),
        ("content-id", "/chunks/1/chunkId", chunks[1]["chunkId"]),
    ]
    assert all(claim.actual == claim.expected for claim in document.claims)


def test_v_is_optional_and_takes_part_in_the_id_as_found() -> None:
    payload = without(aggregate(), "v")
    bare = sealed(without(chunk(payload=payload), "v"))

    assert loaded(bare).issues == ()
    assert loaded(bare | {"v": 0}).issues[0].code == "TELEMETRY_CHUNK_ID_MISMATCH"


def in_chunk(**members: Any) -> dict[str, Any]:
    return chunk(**members)


def in_payload(**members: Any) -> dict[str, Any]:
    return chunk(payload=aggregate() | members)


def in_maps(**maps: Any) -> dict[str, Any]:
    return chunk(payload=aggregate(**maps))


NO_COUNTS: dict[str, Any] = {"aggregates": {"capDenies": {}, "reasonFamilies": {}, "tartarusKinds": {}}}
REFS = [f"sha256:{number:064x}" for number in range(513)]
CHUNK_FAULTS = [
    (in_chunk(windowStartTick=-1), {("FIELD_INVALID", "/windowStartTick")}),
    (in_chunk(windowStartTick=True), {("FIELD_INVALID", "/windowStartTick")}),
    (in_chunk(windowEndTick=2**53), {("FIELD_INVALID", "/windowEndTick")}),
    (in_chunk(windowStartTick=900), {("TELEMETRY_TICK_ORDER_INVALID", "/windowEndTick")}),
    (in_chunk(v=1), {("FIELD_INVALID", "/v")}),
    (in_chunk(ttlSeconds=0), {("TELEMETRY_TTL_INVALID", "/ttlSeconds")}),
    (in_chunk(ttlSeconds=604801), {("TELEMETRY_TTL_INVALID", "/ttlSeconds")}),
    (in_chunk(coverage=1.5), {("FIELD_INVALID", "/coverage")}),
    (in_chunk(coverage=True), {("FIELD_INVALID", "/coverage")}),
    (in_chunk(prevChunkId="sha256:30cc8dd4"), {("FIELD_INVALID", "/prevChunkId")}),
    (in_chunk(kAnonymityFloor=101), {("TELEMETRY_K_FLOOR_MISMATCH", "/kAnonymityFloor")}),
    (in_chunk(evidenceRefs=[REFS[1], REFS[0]]), {("FIELD_INVALID", "/evidenceRefs")}),
    (in_chunk(evidenceRefs=[REFS[1], REFS[1]]), {("FIELD_INVALID", "/evidenceRefs")}),
    (in_chunk(evidenceRefs=["sha256:30cc8dd4"]), {("TELEMETRY_DIGEST_LEGACY", "/evidenceRefs/0")}),
    (in_chunk(evidenceRefs=[7]), {("FIELD_INVALID", "/evidenceRefs/0")}),
    (in_chunk(evidenceRefs="none"), {("FIELD_INVALID", "/evidenceRefs")}),
    (in_chunk(tartarusRefs=REFS), {("TELEMETRY_BUDGET_EXCEEDED", "/tartarusRefs")}),
    (in_chunk(payload=None), {("FIELD_INVALID", "/payload")}),
    (in_chunk(streamId="telemetry.Match"), {("FIELD_INVALID", "/streamId")}),
    (in_chunk(streamId=f"telemetry.{'a' * 60}"), {("FIELD_INVALID", "/streamId")}),
    (in_payload(sampleCount=99, **NO_COUNTS), {("TELEMETRY_K_ANONYMITY_FAIL", "/payload/sampleCount")}),
    (in_payload(kFloor=0), {("FIELD_INVALID", "/payload/kFloor")}),
    (in_payload(bind={"pathDigest": "fnv1a32:30cc8dd4"}), {("TELEMETRY_DIGEST_LEGACY", "/payload/bind/pathDigest")}),
    (in_payload(bind={}), {("FIELD_INVALID", "/payload/bind/pathDigest")}),
    (in_payload(schema="weftend.telemetry.aggregate/1"), {("TELEMETRY_SCHEMA_INVALID", "/payload/schema")}),
    (in_maps(capDenies={"net.fetch": 99}), {("INSUFFICIENT_COVERAGE", "/payload/aggregates/capDenies/net.fetch")}),
    (
        in_maps(capDenies={"net.fetch": 241}),
        {("TELEMETRY_COUNT_EXCEEDS_SAMPLES", "/payload/aggregates/capDenies/net.fetch")},
    ),
    (in_maps(tartarusKinds={"cap.replay": 900}), set()),
    (in_maps(tartarusKinds={"cap.lost": 100}), {("ENUM_INVALID", "/payload/aggregates/tartarusKinds/cap.lost")}),
    (in_maps(capDenies={"net.fetch": -1}), {("FIELD_INVALID", "/payload/aggregates/capDenies/net.fetch")}),
    (in_maps(capAllows={"net.fetch": 100}), {("TELEMETRY_MAP_UNKNOWN", "/payload/aggregates/capAllows")}),
    (in_maps(capAllows={"net.fetch": 1.5, "ui.show": 7}), {("FIELD_INVALID", "/payload/aggregates/capAllows")}),
    (
        in_maps(reasonFamilies={f"CODE_{number}": 100 for number in range(33)}),
        {("TELEMETRY_BUDGET_EXCEEDED", "/payload/aggregates/reasonFamilies")},
    ),
    (
        in_maps(capAllows={f"a{number}": 100 for number in range(64)}, more={f"a{number}": 100 for number in range(64)})
        | {},
        {
            ("TELEMETRY_MAP_UNKNOWN", "/payload/aggregates/capAllows"),
            ("TELEMETRY_MAP_UNKNOWN", "/payload/aggregates/more"),
        },
    ),
]


@pytest.mark.parametrize(("value", "expected"), CHUNK_FAULTS, ids=[str(sorted(found)) for _, found in CHUNK_FAULTS])
def test_each_fault_of_a_chunk_is_one_issue_at_its_place(value: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    alone = {(issue.code, issue.at) for issue in loaded(value).issues if issue.severity != "info"}
    stored = {(issue.code, issue.at) for issue in loaded(snapshot([value])).issues if issue.severity != "info"}

    assert alone == expected
    assert {(code, f"/chunks/0{at}") for code, at in expected} <= stored


@pytest.mark.parametrize("name", sorted(chunk()))
def test_every_member_of_a_chunk_but_v_is_required(name: str) -> None:
    value = without(chunk(), name)
    if name not in ("chunkId", "schema"):
        value = sealed(value)

    found = issues(loaded(snapshot([value])))

    expected = set() if name == "v" else {("FIELD_INVALID", "error", f"/chunks/0/{name}")}
    assert expected <= found
    assert (not found) is (name == "v")


def test_all_maps_together_have_a_cap() -> None:
    maps = {name: {f"a{number}": 100 for number in range(64)} for name in ("one", "two", "three")}

    found = issues(loaded(in_maps(capDenies={f"b{number}": 100 for number in range(9)}, **maps)))

    assert ("TELEMETRY_BUDGET_EXCEEDED", "error", "/payload/aggregates") in found


def test_a_changed_payload_is_one_issue_that_names_the_right_id() -> None:
    chunks = chain(3)
    changed = {**chunks[1], "payload": aggregate(samples=241)}

    document = loaded(store([chunks[0], changed, chunks[2]]))

    (issue,) = document.issues
    assert (issue.code, issue.at) == ("TELEMETRY_CHUNK_ID_MISMATCH", "/chunks/1/chunkId")
    assert (issue.expected, issue.actual) == (sealed(changed)["chunkId"], chunks[1]["chunkId"])


def test_an_integral_float_is_an_integer() -> None:
    data = text_of(chunk()).replace(b'"sampleCount":240', b'"sampleCount":240.0')

    assert issues(loaded(data)) == {("TELEMETRY_NON_CANONICAL_BYTES", "info", "")}


def test_other_spacing_is_worth_a_word_and_nothing_more() -> None:
    data = text_of(store(chain(2))).replace(b",", b" ,\n ")

    assert issues(loaded(data)) == {("TELEMETRY_NON_CANONICAL_BYTES", "info", "")}


@pytest.mark.parametrize("spaced", [False, True])
def test_a_repeated_member_is_an_error_wherever_it_stands(spaced: bool) -> None:
    data = text_of(store(chain(2))).replace(b'"coverage":0.875', b'"coverage":0.5,"coverage":0.875', 1)
    data = data.replace(b",", b",  ") if spaced else data

    assert issues(loaded(data)) == {
        ("CANONICAL_INVALID", "error", "/chunks/0/coverage"),
        ("TELEMETRY_NON_CANONICAL_BYTES", "info", ""),
    }


def test_a_dropped_member_with_a_colon_for_a_value_does_not_hide() -> None:
    data = text_of(store(chain(1))).replace(b'{"chunks"', b'{"v":":","chunks"', 1)

    assert ("CANONICAL_INVALID", "error", "/v") in issues(loaded(data))


@pytest.mark.parametrize(
    "data",
    [b"", b" ", b"{", b"\xef\xbb\xbf{}", b"\xff\xfe{\x00}\x00", b'{"a":NaN}', b"{} {}", b"[" * 300, b'{"a":"\xff"}'],
)
def test_bytes_that_are_no_strict_json_are_refused(data: bytes) -> None:
    assert issues(loaded(data, "telemetry_conduit.json")) == {("JSON_PARSE_ERROR", "error", "")}


@pytest.mark.parametrize(
    ("member", "at"),
    [
        (b'"__proto__":1', "/__proto__"),
        (b'"\\u005f_proto__":1', "/__proto__"),
        (b'"streamId":"\\ud800"', "/streamId"),
        (b'"\\udc00":1', "/\udc00"),
        (b'"updatedAtTick":1e999', "/updatedAtTick"),
        (b'"updatedAtTick":' + b"9" * 400, "/updatedAtTick"),
        (b'"updatedAtTick":' + b"9" * 5000, "/updatedAtTick"),
    ],
)
def test_what_other_readers_drop_or_refuse_is_not_canonical(member: bytes, at: str) -> None:
    data = b'{"schema":"weftend.telemetry.journal/0",' + member + b"}"

    assert ("CANONICAL_INVALID", "error", at) in issues(loaded(data))


def test_a_root_that_is_no_object_is_told() -> None:
    assert issues(loaded(b"[]", "telemetry_conduit.json")) == {("SHAPE_INVALID", "error", "")}


def test_a_file_beyond_the_cap_is_not_parsed() -> None:
    data = b'{"chunks":[' + b" " * MAX_FILE_BYTES + b"]}"

    document = loaded(data, "telemetry_conduit.json")

    assert issues(document) == {("TELEMETRY_BUDGET_EXCEEDED", "error", "")}
    assert document.records == ()


def test_unknown_versions_are_told_for_what_claims_to_be_a_conduit_artefact() -> None:
    value = store(chain(1)) | {"schema": "weftend.telemetry.conduitStore/7"}

    document = loaded(value)

    assert (document.kind, issues(document)) == (
        "conduit-store",
        {("TELEMETRY_SCHEMA_INVALID", "error", "/schema")},
    )


def test_foreign_schemas_are_listed_and_not_failed() -> None:
    document = loaded(b'\xef\xbb\xbf{"schema":"weftend.evidence/0","records":[]}')

    assert (document.format, document.kind, document.issues) == ("weftend", "foreign", ())
    assert document.header == {"schema": "weftend.evidence/0", "records": []}


def test_foreign_lines_are_records() -> None:
    document = loaded(b'{"schema":"weftend.tartarus/0","seq":1}\n{"schema":"weftend.tartarus/0","seq":2}\n', "t.jsonl")

    assert (document.kind, [record["seq"] for record in document.records]) == ("foreign", [1, 2])


@pytest.mark.parametrize("last", [("schema", "v"), ("schema",), ("schema", "journal"), ()])
def test_a_large_store_is_known_wherever_its_schema_stands(last: tuple[str, ...]) -> None:
    value = store(chain(420))
    names = [*(name for name in value if name not in last), *last]
    data = json.dumps({name: value[name] for name in names}).encode()

    assert len(data) > WHOLE_BYTES
    assert loaded(data).kind == "conduit-store"


def test_a_stage_is_nobodys_business() -> None:
    assert loaded(store(chain(1)), "telemetry_conduit.json.stage").format is None


def test_a_cut_store_keeps_the_chunks_before_the_cut() -> None:
    data = text_of(store(chain(3)))

    document = loaded(data[: len(data) // 2], "telemetry_conduit.json")

    assert issues(document) == {("JSON_PARSE_ERROR", "error", "")}
    assert not document.is_complete
    assert document.records[0]["chunkId"] == chain(1)[0]["chunkId"]


def test_a_harness_session_is_judged_by_its_seal_and_the_snapshot_it_holds() -> None:
    outputs = {"telemetryConduitSnapshot": snapshot(chain(1), headChunkId=None)}
    session = {"schema": "weftend.harness.session/0", "v": 0, "input": {"releaseDir": "out/x y"}, "outputs": outputs}
    right = session | {"digests": {"sessionDigest": digest_of(session)}}
    wrong = session | {"digests": {"sessionDigest": PATH_DIGEST}}
    legacy = session | {"digests": {"sessionDigest": "fnv1a32:58454e6e"}}
    head = ("TELEMETRY_HEAD_MISMATCH", "error", "/outputs/telemetryConduitSnapshot/headChunkId")

    assert issues(loaded(right)) == {head}
    assert issues(loaded(wrong)) == {head, ("FIELD_INVALID", "error", "/digests/sessionDigest")}
    assert issues(loaded(legacy)) == {head, ("TELEMETRY_DIGEST_LEGACY", "warning", "/digests/sessionDigest")}
    assert loaded(right).record_at(0) == "/outputs/telemetryConduitSnapshot/chunks/0"


def test_hostile_numbers_of_faults_are_counted_not_listed() -> None:
    value = snapshot([]) | {f"x{number}": 0 for number in range(5000)}

    document = loaded(value)

    assert sum(issue.count for issue in document.issues) == 5000
    assert len(document.issues) == 1000
