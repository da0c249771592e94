"""What holds for any chain and any change of it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from weftend_builders import aggregate, chain, chunk, loaded, snapshot, store, text_of

from teleloupe.formats.weftend import artefacts, canonical, proof, shapes
from teleloupe.formats.weftend.judging import validate
from teleloupe.formats.weftend.reading import read_strictly

STORED = text_of(store(chain(2)))
SECOND = STORED.index(text_of(chain(2)[1]))
LAST = SECOND + len(text_of(chain(2)[1]))


def _chunk(members: dict[str, Any]) -> dict[str, Any]:
    return chunk(**members)


counts = st.integers(0, 400) | st.integers(-2, 2**60)
caps = st.sampled_from(["net.fetch", "storage.read", "ui.secret-read", "404", "__proto__", "token", "a b", "x.123456"])
codes = st.sampled_from(["CAP_NOT_GRANTED", "SECRET", "TIMESTAMP_PRESENT", "lower", ""])
maps = st.fixed_dictionaries(
    {
        "capDenies": st.dictionaries(caps, counts, max_size=4),
        "reasonFamilies": st.dictionaries(codes, counts, max_size=4),
        "tartarusKinds": st.dictionaries(
            st.sampled_from(["cap.replay", "stamp.missing", "cap.lost"]), counts, max_size=2
        ),
    }
)
digests = st.integers(0, 2**256 - 1).map(lambda number: f"sha256:{number:064x}")
chunks = st.fixed_dictionaries(
    {},
    optional={
        "coverage": st.floats(0, 1) | st.sampled_from([0, 1, 1.0, 1e-7, 0.00001, 2]),
        "evidenceRefs": st.lists(digests | st.just("fnv1a32:30cc8dd4"), max_size=4),
        "tartarusRefs": st.lists(digests, max_size=4, unique=True).map(sorted),
        "windowStartTick": st.integers(0, 300),
        "windowEndTick": st.integers(0, 300) | st.integers(0, 2**53),
        "ttlSeconds": st.sampled_from([0, 1, 86400, 604800, 604801]),
        "kAnonymityFloor": st.sampled_from([0, 1, 100]),
        "streamId": st.sampled_from(["telemetry.a", "telemetry.10.0.0.1", "telemetry.2026-01-01", "free text", ""]),
        "payload": st.builds(
            lambda k, samples, found: aggregate(k, samples, **found), st.sampled_from([1, 25, 100]), counts, maps
        ),
    },
).map(_chunk)


@given(chunks)
def test_what_is_proven_silent_is_silent(value: dict[str, Any]) -> None:
    proven = proof.prove(canonical.canonical(value), "chunk")

    if proven is not None:
        seal = proven.seals[0]
        found = [issue for issue in artefacts.chunk(value, seal, "") if issue.severity != "info"]
        assert not seal.is_silent or found == []


@given(chunks)
def test_the_quick_canonical_text_is_the_canonical_text(value: dict[str, Any]) -> None:
    text = canonical.canonical(value)
    proven = proof.prove(text, "chunk")

    if proven is not None:
        assert isinstance(proven.root, shapes.Chunk)
        assert proof.canonical_text(proven.root) == text
        assert proven.seals[0].computed_id == proof.seal_of_value(value).computed_id
        assert proven.seals[0].size_bytes == len(text)
        assert proven.is_canonical


@given(chunks, st.sampled_from([b"", b" ", b"\n  "]))
def test_the_quick_and_the_thorough_reading_find_the_same(value: dict[str, Any], space: bytes) -> None:
    data = text_of(snapshot([value])).replace(b",", b"," + space)
    escaped = data.replace(b'"schema"', b'"\\u0073chema"', 1)  # an escape keeps the quick reading out

    quick, thorough = loaded(data), loaded(escaped)

    def told(document: Any) -> set[tuple[str, str, str]]:
        found = {(issue.code, issue.severity, issue.at) for issue in document.issues}
        return found - {("TELEMETRY_NON_CANONICAL_BYTES", "info", "")}

    assert told(quick) == told(thorough)
    assert quick.header == thorough.header
    assert quick.claims == thorough.claims


@given(st.integers(SECOND, LAST - 1), st.integers(0, 255))
def test_any_single_byte_change_of_a_stored_chunk_is_detected(at: int, byte: int) -> None:
    changed = STORED[:at] + bytes([byte]) + STORED[at + 1 :]

    found = [issue for issue in loaded(changed, "telemetry_conduit.json").issues if issue.severity == "error"]

    assert bool(found) is (changed != STORED)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(sorted(chunk())) | st.text(max_size=6), inner, max_size=5)
        ),
        max_leaves=12,
    ),
    st.sampled_from(["aggregate", "chunk", "journal", "conduitStore", "conduitSnapshot"]),
)
def test_any_value_under_a_known_schema_is_judged_to_the_end(value: Any, name: str) -> None:
    held = value if isinstance(value, dict) else {"chunks": value}
    data = json.dumps(held | {"schema": f"weftend.telemetry.{name}/0"}, ensure_ascii=True).encode()

    document = loaded(data)

    assert document.format == "weftend"
    assert all(issue.rule.id.startswith("weftend/") for issue in document.issues)
    assert validate(document) == validate(document)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    strict = read_strictly(data)

    assert strict.is_whole or [issue.code for issue in strict.issues] == ["JSON_PARSE_ERROR"]
