"""Toyfoundry's own looks: exact cells, places, charts and notes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from foundry_files import EVENTS, EXPORT, HEADER, MINT_FEED, MINTS, RITUAL_FEED, home, lines, mint, record, ritual, tree

from teleloupe import detail, formats
from teleloupe.formats.toyfoundry import FORMAT
from teleloupe.formats.toyfoundry.lineage import reach
from teleloupe.model import DIRECTORY, Document, Place, Table
from view_reading import cells

ROOT_EXPORT = f"t/quilt/exports/{EXPORT}"
ROOT = Document(".", kind=DIRECTORY)


def table(name: str, document: Document, documents: dict[str, Document]) -> Table:
    view = next(view for view in FORMAT.views if view.id == name)
    assert document.kind in view.kinds
    return view.table(document, documents)


def places(found: Table) -> list[Place]:
    return [found.locate(index) for index in range(len(found.rows))]


def sums(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def csv_of(records: list[dict[str, Any]]) -> bytes:
    fields = HEADER.strip().split(",")
    return (HEADER + "".join(",".join(str(one[field]) for field in fields) + "\r\n" for one in records)).encode()


def test_origins_tell_at_a_glance_that_nothing_was_measured() -> None:
    documents = tree(home(MINTS[:2], []))

    found = table("origins", documents[ROOT_EXPORT], documents)

    assert found.title == (
        "2 records: durations all 2 defaulted, units all 2 defaulted, status all 2 aliased, ritual all 2 defaulted"
    )
    assert cells(found, "batch_id", "id_mark", "units", "units_mark", "duration", "duration_mark", "feed") == [
        ("a", "measured", 1, "defaulted", 0, "defaulted", f"{MINT_FEED} line 1"),
        ("b", "measured", 1, "defaulted", 0, "defaulted", f"{MINT_FEED} line 2"),
    ]
    assert places(found) == [Place(f"t/{MINT_FEED}", "line 1"), Place(f"t/{MINT_FEED}", "line 2")]


def test_origins_tell_measured_clamped_and_coerced_values_apart() -> None:
    documents = tree(home(MINTS, EVENTS))

    found = table("origins", documents[ROOT_EXPORT], documents)
    row = next(row for row in found.rows if row.batch_id == "b" and row.ritual == "parade")

    assert (row.units, row.units_mark, row.duration, row.duration_mark) == (3, "coerced", 300_000, "clamped")
    assert row.rollup_at == "/b/rituals/parade/events/0"
    assert row.feed == f"{RITUAL_FEED} line 1"
    assert row.note == "duration 900000 is exported as 300000"


def test_a_value_that_the_sources_no_longer_give_differs() -> None:
    files = home(MINTS[:1], [])
    records = json.loads(files[ROOT_EXPORT])
    files[ROOT_EXPORT] = json.dumps([records[0] | {"units_processed": 7}]).encode()
    documents = tree(files)

    row = table("origins", documents[ROOT_EXPORT], documents).rows[0]

    assert (row.units_mark, row.note) == ("differs", "units_processed differs: the sources give 1 today")


def test_origins_of_a_csv_export_are_those_of_its_records() -> None:
    files = home(MINTS[:2], [])
    path = "t/quilt/exports/composite_export.csv"
    documents = tree(files | {path: csv_of(json.loads(files[ROOT_EXPORT]))})

    assert cells(table("origins", documents[path], documents), "batch_id", "feed") == [
        ("a", f"{MINT_FEED} line 1"),
        ("b", f"{MINT_FEED} line 2"),
    ]


def test_origins_without_sources_say_so_and_lead_to_the_record() -> None:
    documents = tree({EXPORT: json.dumps([record()]).encode()})

    found = table("origins", documents[EXPORT], documents)

    assert cells(found, "units_mark", "note") == [("unknown", "neither rollup nor feeds are at hand")]
    assert places(found) == [Place(EXPORT, "/0")]


def test_a_canary_is_traced_through_the_feeds_above_it() -> None:
    files = home(MINTS, [])
    path = f"t/quilt/exports/canary/{EXPORT}"
    documents = tree(files | {path: json.dumps([record(batch_id="b")]).encode()})

    assert cells(table("origins", documents[path], documents), "feed") == [(f"{MINT_FEED} line 2",)]


def test_notes_say_how_each_field_of_a_record_came_about() -> None:
    documents = tree(home(MINTS, EVENTS))
    export = documents[ROOT_EXPORT]
    index = next(at for at, one in enumerate(export.records) if one.batch_id == "b" and one.ritual == "parade")

    notes = formats.notes(export, index, documents)

    assert notes == {
        "schema_version": "constant: the contract fixes it",
        "batch_id": f"measured: batch_id b in line 1 of {RITUAL_FEED}",
        "ritual": f"measured: ritual parade in line 1 of {RITUAL_FEED}",
        "units_processed": f"coerced: metrics.units 3 in line 1 of {RITUAL_FEED}",
        "status": f"aliased: status completed in line 1 of {RITUAL_FEED}",
        "duration_ms": f"clamped: duration 900000 is exported as 300000 (line 1 of {RITUAL_FEED})",
    }


def test_a_record_s_detail_has_a_column_for_origins_only_where_some_are_known() -> None:
    documents = tree(home(MINTS, []))
    export = documents[ROOT_EXPORT]

    told = detail.fields(export, 0, None, formats.notes(export, 0, documents))
    untold = detail.fields(export, 0, None, formats.notes(export, 0, {ROOT_EXPORT: export}))

    assert cells(told, "field", "origin")[4] == ("duration_ms", f"defaulted: no duration in line 1 of {MINT_FEED}")
    assert "origin" not in [column.name for column in untold.columns]


def test_events_of_the_ritual_feed_become_records_or_are_dropped_with_the_reason() -> None:
    content = lines(
        ritual(),
        ritual(metadata={}),
        ritual(metadata=[1]),
        ritual(ritual="polish", metadata={"batch_id": "x", "units": 4, "duration_ms": 12}),
    )
    documents = tree({RITUAL_FEED: content + b'{"ritual": \n{"timestamp": "2025'})

    found = table("events", documents[RITUAL_FEED], documents)

    assert found.title == "6 lines: 2 record, 1 dropped, 1 left out, 1 unreadable, 1 being written"
    assert cells(found, "line", "becomes", "ritual", "units", "status", "duration") == [
        (1, "record", "parade", 1, "success", 0),
        (2, "dropped", None, None, None, None),
        (3, "left out", None, None, None, None),
        (4, "record", "forge", 4, "success", 12),
        (5, "unreadable", None, None, None, None),
        (6, "being written", None, None, None, None),
    ]
    assert cells(found, "reason")[1:4] == [
        ("the event has no id of any kind, so the loom drops it",),
        ("metadata is array; an object is expected; the line is left out",),
        ("ritual polish is unknown and becomes forge",),
    ]
    assert cells(found, "marks")[0] == ("units defaulted, status aliased, duration defaulted",)
    assert places(found)[3] == Place(RITUAL_FEED, "line 4")


def test_mints_are_merged_and_give_way_to_events() -> None:
    documents = tree(
        {
            MINT_FEED: lines(mint("a"), mint("a", status="draft", dry_run=True), mint("alfa-1"), mint("")),
            RITUAL_FEED: lines(ritual()),
        }
    )

    found = table("events", documents[MINT_FEED], documents)

    assert cells(found, "line", "becomes", "batch_id", "units", "status", "reason") == [
        (1, "merged", "a", None, None, "counted into the record of line 2"),
        (2, "record", "a", 1, "partial", ""),
        (
            3,
            "no record",
            "alfa-1",
            None,
            None,
            f"the operation's records come from its events in {RITUAL_FEED}, 1 in number",
        ),
        (4, "dropped", "", None, None, "the mint has no alfa id, so the loom drops it"),
    ]


def test_a_late_fault_is_told_on_its_line() -> None:
    documents = tree({MINT_FEED: lines(mint(7), mint("b"), mint(7))})

    found = table("events", documents[MINT_FEED], documents)

    assert cells(found, "line", "becomes") == [(1, "left out"), (2, "record"), (3, "left out")]
    assert "other ids are text" in cells(found, "reason")[0][0]


def test_exports_stand_side_by_side_and_the_same_records_are_named() -> None:
    records = [record(), record(batch_id="alfa-2", ritual="parade")]
    content = json.dumps(records).encode()
    crlf = content.replace(b", ", b",\r\n")
    documents = tree(
        {
            f"b1/{EXPORT}": content,
            f"b1/{EXPORT}.sha256": f"{sums(content)}  {EXPORT}\n".encode(),
            "b1/composite_export.csv": csv_of(records),
            "b1/build_info.json": b'{"build_id": "b", "timestamp": "2025-11-24T08:00:00Z", "order_id": "o-7"}',
            f"b2/{EXPORT}": crlf,
            f"b3/{EXPORT}": json.dumps([record(status="failure")]).encode(),
            f"b3/{EXPORT}.sha256": b"0" * 64,
        }
    )

    found = table("exports", ROOT, documents)
    below = table("exports", Document("b3", kind=DIRECTORY), documents)

    assert found.title == "3 exports, 1 group with the same records"
    assert cells(found, "directory", "records", "batches", "rituals", "statuses", "order_id", "sum", "csv") == [
        ("b1", 2, 2, "forge 1, parade 1", "success 2", "o-7", "ok", "same"),
        ("b2", 2, 2, "forge 1, parade 1", "success 2", None, "missing", "missing"),
        ("b3", 1, 1, "forge 1", "failure 1", None, "differs", "missing"),
    ]
    assert cells(found, "same_as") == [(f"b2/{EXPORT}",), (f"b1/{EXPORT}",), ("",)]
    assert [row.directory for row in below.rows] == ["b3"]


def test_a_sidecar_of_the_same_records_with_other_line_ends_says_so() -> None:
    files = home(MINTS, [])
    crlf = files[ROOT_EXPORT].replace(b"\n", b"\r\n")
    documents = tree(files | {f"{ROOT_EXPORT}.sha256": sums(crlf).encode()})

    assert cells(table("exports", ROOT, documents), "sum") == [("line ends",)]


def test_a_chain_in_step_says_so_link_by_link() -> None:
    files = home(MINTS, EVENTS)
    content = files[ROOT_EXPORT]
    files[f"{ROOT_EXPORT}.sha256"] = sums(content).encode()
    documents = tree(files)

    found = table("staleness", ROOT, documents)

    assert cells(found, "link", "state") == [
        ("feeds to rollup", "in step"),
        ("feeds to rollup", "in step"),
        ("rollup to export", "in step"),
        ("export to CSV", "missing"),
        ("artefact to sidecar", "in step"),
        ("export to metadata", "missing"),
        ("export to metadata", "missing"),
    ]
    assert found.title == "7 links: 4 in step, 3 missing"


def test_a_stale_link_lists_what_would_be_added_removed_and_changed() -> None:
    files = home([*MINTS, mint("a"), mint("d")], EVENTS, MINTS)
    records = json.loads(files[ROOT_EXPORT])
    files[ROOT_EXPORT] = json.dumps([*records[1:], record(batch_id="z")]).encode()
    documents = tree(files)

    found = table("staleness", Document("t/quilt/exports", kind=DIRECTORY), documents)
    rollups = table("staleness", Document("t/quilt", kind=DIRECTORY), documents)

    assert cells(found, "state", "what")[:3] == [
        ("stale", "1 added, 1 removed"),
        ("added", f"a / forge / success would be added from {'quilt_rollup_all.json'}"),
        ("removed", "z / forge / success would be removed; quilt_rollup_all.json does not give it"),
    ]
    assert places(found)[2] == Place(ROOT_EXPORT, f"/{len(records) - 1}")
    assert cells(rollups, "state", "what")[:3] == [
        ("stale", "1 added, 1 changed"),
        ("changed", "a would change in mint_runs"),
        ("added", f"d would be added from {MINT_FEED}"),
    ]


def test_missing_links_name_what_is_not_there() -> None:
    files = home(MINTS, [])
    del files["t/quilt/quilt_rollup.json"], files[ROOT_EXPORT]
    documents = tree(files)

    found = table("staleness", ROOT, documents)

    assert cells(found, "state", "target") == [
        ("in step", "t/quilt/quilt_rollup_all.json"),
        ("missing", "t/quilt/quilt_rollup.json"),
        ("missing", ROOT_EXPORT),
    ]


def test_a_canary_is_compared_with_the_feed_that_bears_its_name() -> None:
    files = home(MINTS[:1], [])
    path = f"q/canary_x/{EXPORT}"
    documents = tree({path: files[ROOT_EXPORT], "tmp/canary_x_mint.jsonl": lines(*MINTS[:2])})

    found = table("staleness", ROOT, documents)

    assert cells(found, "link", "state", "what")[:2] == [
        ("feeds to export", "stale", "1 added"),
        ("", "added", "b / forge / success would be added from canary_x_mint.jsonl"),
    ]


def test_metadata_that_states_another_digest_or_count_is_stale() -> None:
    files = home(MINTS[:1], [])
    build_info = {
        "build_id": "b",
        "timestamp": "2025-11-24T08:00:00Z",
        "artifacts": [{"path": EXPORT, "sha256": "0" * 64}],
        "counts": {"records": 5},
    }
    path = "t/quilt/exports/build_info.json"
    documents = tree(files | {path: json.dumps(build_info).encode()})

    found = table("staleness", ROOT, documents)
    rows = [cell for cell in cells(found, "target", "state", "what") if cell[0] == path]

    assert rows == [
        (path, "stale", "2 changed"),
        (path, "changed", f"records is 5, {EXPORT} gives 1"),
        (path, "changed", f"the digest of {EXPORT} is of other bytes"),
    ]


def test_rituals_are_counted_under_both_names_in_a_rollup() -> None:
    drill = ritual(ritual="drill", status="failed", metadata={"batch_id": "a", "units": 2, "duration_ms": 30})
    documents = tree(home(MINTS[:2], [drill]))
    rollup = documents["t/quilt/quilt_rollup_all.json"]
    view = next(view for view in FORMAT.views if view.id == "rituals")

    found = table("rituals", rollup, documents)

    assert cells(found, "ritual", "found_as", "records", "share", "success", "failure", "units", "duration") == [
        ("forge", "", 1, 50.0, 1, 0, 1, 0),
        ("forge", "drill", 1, 50.0, 0, 1, 2, 30),
    ]
    assert places(found) == [Place(rollup.path, "/b/mint"), Place(rollup.path, "/a/rituals/drill/events/0")]
    rituals, statuses = view.charts(rollup, documents)
    assert [(one.label, one.points) for one in rituals.series] == [("forge", ((0.0, 2.0),))]
    assert [(one.label, one.points) for one in statuses.series] == [
        ("failure", ((0.0, 1.0),)),
        ("success", ((1.0, 1.0),)),
    ]


def test_relatives_lie_as_far_up_as_the_directories_say() -> None:
    asked = ("/t/x.json", "/t/quilt/x.json", "/t/quilt/exports/x.json", "/t/quilt/exports/b1/x.json", "/exports/x.csv")

    assert [reach(path) for path in asked] == [0, 1, 2, 3, 1]
