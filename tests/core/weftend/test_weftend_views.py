"""WeftEnd's own looks: exact cells, places, charts, and nothing that a hostile file could leak or break."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weftend_builders import (
    STREAM,
    aggregate,
    chain,
    chunk,
    digest_of,
    journal,
    loaded,
    sealed,
    snapshot,
    store,
    text_of,
)

from teleloupe import formats
from teleloupe.formats.weftend import FORMAT
from teleloupe.formats.weftend.regeneration import regenerate
from teleloupe.model import DIRECTORY, Blob, Chart, Document, Place, Series, Table
from view_reading import cells, everything

SAMPLES = Path(__file__).parents[3] / "sample_data" / "weftend"
FILES = sorted(path for path in SAMPLES.rglob("*.json") if path.is_file())


def table(name: str, document: Document, *others: Document) -> Table:
    view = next(view for view in FORMAT.views if view.id == name)
    return view.table(document, {one.path: one for one in (document, *others)})


def charts(name: str, document: Document) -> tuple[Chart, ...]:
    view = next(view for view in FORMAT.views if view.id == name)
    return view.charts(document, {document.path: document})


def test_the_portal_of_a_snapshot_has_head_counters_reasons_and_digest() -> None:
    chunks = chain(2)
    dropped = {"ttlPruned": 3, "capPruned": 0, "kFloorSkipped": 1, "duplicateSkipped": 0}
    value = snapshot(chunks, dropped=dropped, reasonCodes=["TELEMETRY_K_ANONYMITY_FAIL"])

    found = table("portal", loaded(value))

    assert cells(found, "fact", "value") == [
        ("verdict", "valid"),
        ("stream", STREAM),
        ("head", chunks[-1]["chunkId"]),
        ("chunks", 2),
        ("now", 479),
        ("ttlPruned", 3),
        ("capPruned", 0),
        ("kFloorSkipped", 1),
        ("duplicateSkipped", 0),
        ("reasonCodes", "TELEMETRY_K_ANONYMITY_FAIL"),
        ("digest", digest_of(value)),
    ]
    assert found.locate(5) == Place("artefact.json", "/dropped/ttlPruned")


def test_the_portal_of_a_store_speaks_of_its_journal_and_counts_its_faults() -> None:
    chunks = chain(1)
    value = store(chunks, journal=journal(chunks, updatedAtTick=10, headChunkId=None))

    found = table("portal", loaded(value))

    assert cells(found, "fact", "value")[:5] == [
        ("verdict", "2 errors"),
        ("stream", STREAM),
        ("head", "none"),
        ("chunks", 1),
        ("now", 10),
    ]
    assert found.locate(1) == Place("artefact.json", "/journal/streamId")


def test_the_portal_of_a_harness_session_points_into_it() -> None:
    value = {"schema": "weftend.harness.session/0", "outputs": {"telemetryConduitSnapshot": snapshot(chain(1))}}

    found = table("portal", loaded(value))

    assert found.locate(2) == Place("artefact.json", "/outputs/telemetryConduitSnapshot/headChunkId")


def test_a_whole_chain_reads_root_ok_verified_and_live() -> None:
    chunks = chain(2)

    found = table("chain", loaded(store(chunks)))

    names = ("chunk", "from", "to", "samples", "k", "floor", "coverage", "left", "life", "id", "check", "link")
    assert cells(found, *names) == [
        (0, 0, 239, 240, 100, "met", 0.875, 86160, "live", chunks[0]["chunkId"][:19], "verified", "root"),
        (1, 240, 479, 240, 100, "met", 0.875, 86400, "live", chunks[1]["chunkId"][:19], "verified", "ok"),
    ]
    assert cells(found, "link expected", "link found", "id expected", "id found") == [(None,) * 4] * 2
    assert found.locate(1) == Place("artefact.json", "/chunks/1")


def test_a_broken_link_shows_the_id_before_and_the_id_it_names() -> None:
    first, second, third = chain(3)

    found = table("chain", loaded(store([first, third])))

    assert cells(found, "link", "link expected", "link found")[1] == (
        "broken",
        first["chunkId"],
        second["chunkId"],
    )


def test_a_chunk_that_was_changed_shows_both_ids() -> None:
    whole = chunk()
    changed = {**whole, "coverage": 0.5}

    found = table("chain", loaded(store([changed])))

    assert cells(found, "check", "id expected", "id found") == [
        ("differs", sealed(changed)["chunkId"], whole["chunkId"]),
    ]


def test_a_missed_floor_and_an_expired_chunk_are_told_in_words() -> None:
    under = chunk(payload=aggregate(k=100, samples=99), ttlSeconds=1)

    found = table("chain", loaded(store([under], journal=journal([under], updatedAtTick=300))))

    assert cells(found, "floor", "left", "life") == [("missed", -60, "expired")]


def test_the_chain_is_drawn_as_samples_against_the_floor() -> None:
    assert charts("chain", loaded(store(chain(2)))) == (
        Chart(
            "Samples against the floor",
            "line",
            "end of window (tick)",
            "pulses",
            (
                Series("samples", ((239.0, 240.0), (479.0, 240.0))),
                Series("floor k", ((239.0, 100.0), (479.0, 100.0))),
            ),
        ),
    )


def test_buckets_add_up_over_live_chunks_and_lead_to_the_first() -> None:
    expired = chunk(0, 9, ttlSeconds=1)
    second = chunk(10, 19, expired["chunkId"])
    third = chunk(20, 29, second["chunkId"], payload=aggregate(tartarusKinds={"cap.replay": 101}))
    document = loaded(store([expired, second, third]))

    found = table("buckets", document)

    assert cells(found, "map", "bucket", "count", "chunks") == [
        ("capDenies", "net.fetch", 240, 2),
        ("reasonFamilies", "CAP_NOT_GRANTED", 240, 2),
        ("tartarusKinds", "cap.replay", 101, 1),
    ]
    assert found.locate(0).at == "/chunks/1/payload/aggregates/capDenies/net.fetch"
    assert found.locate(2).at == "/chunks/2/payload/aggregates/tartarusKinds/cap.replay"
    assert charts("buckets", document)[0] == Chart(
        "capDenies", "bars", "bucket", "count over live chunks", (Series("net.fetch", ((0.0, 240.0),)),)
    )


def test_an_aggregate_and_a_chunk_alone_show_their_own_buckets() -> None:
    bare, single = table("buckets", loaded(aggregate())), table("buckets", loaded(chunk()))

    assert (
        cells(bare, "bucket", "count")
        == cells(single, "bucket", "count")
        == [
            ("net.fetch", 120),
            ("CAP_NOT_GRANTED", 120),
        ]
    )
    assert bare.locate(0).at == "/aggregates/capDenies/net.fetch"
    assert single.locate(0).at == "/payload/aggregates/capDenies/net.fetch"


def test_a_store_is_held_against_the_nearest_snapshot_of_its_stream() -> None:
    chunks = chain(3)
    own = loaded(store(chunks), "a/release/store.json")
    near = loaded(snapshot(chunks[:2]), "a/out/snapshot.json")
    far = loaded(snapshot(chunks[:1]), "b/c/d/snapshot.json")
    run = loaded(store(chunks), "a/release/older.json")

    found = table("comparison", own, far, near, run)

    assert found.title == "a/release/store.json against a/out/snapshot.json, which is behind"
    ids = [one["chunkId"][:19] for one in chunks]
    assert cells(found, "from", "state", "here", "there") == [
        (0, "same", ids[0], ids[0]),
        (240, "same", ids[1], ids[1]),
        (480, "only here", ids[2], None),
    ]


def test_one_window_with_two_contents_differs_and_what_is_missing_here_leads_there() -> None:
    ours, theirs = chunk(0, 9), chunk(0, 9, coverage=0.5)
    more = chunk(10, 19, theirs["chunkId"])

    found = table("comparison", loaded(store([ours]), "store.json"), loaded(snapshot([theirs, more]), "snap.json"))

    assert cells(found, "to", "state", "here", "there") == [
        (9, "differs", ours["chunkId"][:19], theirs["chunkId"][:19]),
        (19, "only there", None, more["chunkId"][:19]),
    ]
    assert [found.locate(0), found.locate(1)] == [Place("store.json", "/chunks/0"), Place("snap.json", "/chunks/1")]


def test_a_chain_without_another_says_so_and_shows_nothing() -> None:
    found = table("comparison", loaded(store(chain(1))))

    assert (found.title, list(found.rows)) == ("artefact.json: alone in its stream", [])


def test_other_chains_of_the_stream_are_listed_with_how_they_stand() -> None:
    chunks = chain(3)
    others = [loaded(snapshot(chunks[:2]), "behind.json"), loaded(snapshot(chunks[1:]), "pruned.json")]

    found = table("siblings", loaded(store(chunks), "store.json"), *others)

    assert cells(found, "path", "relation", "shared", "here", "there", "conflicts") == [
        ("behind.json", "behind", 2, 1, 0, 0),
        ("pruned.json", "pruned", 2, 1, 0, 0),
    ]


def test_a_directory_lists_the_chains_below_it() -> None:
    documents = {
        one.path: one
        for one in (
            loaded(store(chain(1)), "here/store.json"),
            loaded(snapshot(chain(2)), "here/snap.json"),
            loaded(aggregate(), "here/aggregate.json"),
            loaded(store(chain(1)), "hereafter/store.json"),
        )
    }
    view = next(view for view in FORMAT.views if view.id == "portals")

    found = view.table(Document("here", kind=DIRECTORY), documents)
    whole = view.table(Document(".", kind=DIRECTORY), documents)

    assert cells(found, "path", "kind", "chunks", "now", "ttlPruned", "verdict") == [
        ("here/store.json", "conduit-store", 1, 239, None, "valid"),
        ("here/snap.json", "conduit-snapshot", 2, 479, 0, "valid"),
    ]
    assert len(whole.rows) == 3


def test_no_cell_repeats_a_text_that_could_be_a_leak() -> None:
    secret = "someone@example.org"
    payload = aggregate(capDenies={secret: 120})
    payload["aggregates"]["jan.doe@example.org"] = {"ok": 120}
    value = snapshot([chunk(payload=payload, streamId=secret)], streamId=secret, headChunkId=secret)
    value |= {"reasonCodes": [secret]}
    value["chunks"][0]["chunkId"] = secret
    document = loaded(value, "leak.json")
    other = loaded(value, "twin.json")

    for view in FORMAT.views:
        found = view.table(document, {"leak.json": document, "twin.json": other})
        shown = json.dumps([[str(column.get(row)) for column in found.columns] for row in found.rows])
        drawn = str(view.charts(document, {"leak.json": document}))
        assert "example.org" not in shown + drawn + found.title


def test_the_product_is_the_canonical_text_with_a_line_feed() -> None:
    value = store(chain(2))
    document = loaded(json.dumps(value, indent=4).encode(), "a/telemetry_conduit.json")

    assert FORMAT.products is not None
    (made,) = FORMAT.products(document, {})

    assert (made.path, made.data) == ("a/telemetry_conduit.json", text_of(value) + b"\n")
    assert list(FORMAT.products(loaded(b"{", "telemetry_conduit.json"), {})) == []


def test_a_run_s_files_are_made_of_a_store_that_holds_half_a_character() -> None:
    torn = json.dumps(store(chain(1), note="\ud83d")).encode()
    documents = {"torn.json": loaded(torn, "torn.json"), "snapshot.json": loaded(snapshot([]), "snapshot.json")}

    own, *_ = regenerate("torn.json", documents)
    published = dict(regenerate("snapshot.json", documents))["torn.json"]

    assert own == ("torn.json", text_of(store(chain(1), note="\ud83d")) + b"\n")
    assert published == text_of(snapshot(chain(1))) + b"\n"


def test_a_chain_can_be_looked_at_alone() -> None:
    document = loaded(store(chain(1)))

    for view in FORMAT.views:
        assert view.table(document, {}).columns


def test_views_have_ids_of_their_own_and_say_what_is_seen() -> None:
    assert len({view.id for view in FORMAT.views}) == len(FORMAT.views)
    assert all(view.doc and view.title and view.kinds for view in FORMAT.views)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_every_sample_can_be_looked_at(path: Path) -> None:
    data = path.read_bytes()
    document = formats.load(Blob(path.name, data, len(data), 0, ""))

    everything(FORMAT, document, {document.path: document, "twin": document})


@given(st.data())
def test_no_mutation_of_a_sample_breaks_a_view(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(FILES)).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    whole = loaded(store(chain(2)), "store.json")

    document = loaded(bytes(content), "telemetry_conduit.json")

    everything(FORMAT, document, {document.path: document, whole.path: whole})
