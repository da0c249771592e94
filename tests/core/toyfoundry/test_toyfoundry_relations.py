"""What artefacts say of each other: twins, counts, staleness, origins, siblings."""

from __future__ import annotations

import json

import pytest
from foundry_files import EVENTS, EXPORT, HEADER, MINTS, TABLE, codes, home, load, mint, pretty, record, ritual, tree

from teleloupe.formats.toyfoundry import FORMAT
from teleloupe.formats.toyfoundry.origins import Tracer, origin_of
from teleloupe.formats.toyfoundry.overview import export_summaries
from teleloupe.model import Document

MINT_ENTRY = {
    "name": "n",
    "dry_runs": 0,
    "mint_runs": 1,
    "latest_status": "minted",
    "first_seen": "2025-11-24T08:00:00Z",
    "last_seen": "2025-11-24T08:00:00Z",
}


def related(documents: dict[str, Document]) -> set[tuple[str, str, str]]:
    return {
        (path, issue.code, issue.at)
        for path, issues in FORMAT.relate(documents).items()
        for issue in issues
        if not issue.code.startswith("TF5")
    }


def test_a_directory_in_step_has_nothing_to_tell() -> None:
    assert related(tree(home(MINTS, EVENTS))) == set()


def test_a_grown_feed_makes_its_rollups_stale_entry_by_entry() -> None:
    documents = tree(home([*MINTS, mint("a"), mint("d")], EVENTS, MINTS))

    assert related(documents) == {
        (f"t/quilt/{name}", "TF306", at) for name in ("quilt_rollup.json", "quilt_rollup_all.json") for at in ("", "/a")
    }


def test_an_edited_export_is_told_record_by_record() -> None:
    files = home(MINTS, EVENTS)
    path = f"t/quilt/exports/{EXPORT}"
    records = json.loads(files[path])
    records[0]["units_processed"] = 9
    changed = pretty([*records[:-1], record(batch_id="new")])

    found = FORMAT.relate(tree(files | {path: changed}))[path]

    assert [(issue.code, issue.at) for issue in found if issue.code == "TF307"] == [
        ("TF307", "/0"),
        ("TF307", ""),
        ("TF307", "/3"),
    ]


def test_records_that_break_a_rule_are_in_step_where_the_rollup_gives_just_them() -> None:
    files = home(MINTS, [*EVENTS, ritual(metadata={"batch_id": "\u00a0"})])
    export = f"t/quilt/exports/{EXPORT}"

    documents = tree(files)

    assert "TF110" in {issue.code for issue in documents[export].issues}
    assert related(documents) == set()


def test_events_that_are_no_list_are_not_counted() -> None:
    rituals = {"a": {"events": 1.5}, "b": {"events": "xyz"}, "c": {"events": [{}, {}]}}

    document = load(pretty({"x": {"rituals": rituals}}), "quilt_rollup_all.json")

    (column,) = [column for column in document.columns if column.name == "events"]
    assert column.get(document.records[0]) == 2


def test_a_number_that_is_none_makes_no_rollup_stale() -> None:
    files = home(MINTS, [*EVENTS, ritual(metadata={"batch_id": "b", "metrics": {"heat": float("nan")}})])

    assert related(tree(files)) == set()


def test_a_status_that_no_mint_has_is_told_in_a_rollup_where_the_export_takes_it() -> None:
    entry = {"mint": {**MINT_ENTRY, "latest_status": "lost"}, "rituals": {}, "last_updated": "2025-11-24T08:00:00Z"}
    event = {"timestamp": "2025-11-24T08:00:00Z", "status": "completed", "metadata": {}}
    bucket = {"total": 1, "dry_runs": 0, "completed": 1, "events": [event]}

    document = load(pretty({"a": entry, "b": entry | {"rituals": {"parade": bucket}}}), "quilt_rollup_all.json")

    assert [(issue.code, issue.at) for issue in document.issues] == [("TF404", "/a/mint/latest_status")]


def test_a_canary_directory_is_not_measured_by_the_root_s_rollup() -> None:
    files = home(MINTS, EVENTS)

    assert related(tree(files | {f"t/quilt/exports/canary/{EXPORT}": pretty([record()])})) == set()


def test_the_first_differing_cell_of_a_twin_is_named() -> None:
    rows = "1.0,alfa-1,forge,1,success,0\r\n1.0,alfa-2,forge,2,success,0\r\n"
    documents = tree({EXPORT: pretty([record(), record(batch_id="alfa-2")]), TABLE: (HEADER + rows).encode()})

    (issue,) = [issue for issue in FORMAT.relate(documents)[TABLE] if issue.code == "TF205"]

    assert (issue.at, issue.expected, issue.actual) == ("line 3 /units_processed", "1", "2")


def test_a_row_with_a_cell_too_many_differs_from_its_record() -> None:
    rows = "1.0,alfa-1,forge,1,success,0\r\n1.0,alfa-2,forge,1,success,0,\r\n"
    documents = tree({EXPORT: pretty([record(), record(batch_id="alfa-2")]), TABLE: (HEADER + rows).encode()})

    assert (TABLE, "TF205", "line 3") in related(documents)


def test_a_value_of_the_wrong_type_is_compared_as_the_loom_writes_it_into_a_cell() -> None:
    row = "1.0,\"['x']\",forge,True,success,\r\n"
    odd = record(batch_id=["x"], units_processed=True, duration_ms=None)

    assert not related(tree({EXPORT: pretty([odd]), TABLE: (HEADER + row).encode()}))


def test_missing_rows_of_a_twin_are_told() -> None:
    documents = tree({EXPORT: pretty([record()]), TABLE: HEADER.encode()})

    assert (TABLE, "TF205", "") in related(documents)


def test_counts_and_lists_are_compared_with_the_export() -> None:
    info = {
        "artifacts": [{"path": f"x/{EXPORT}"}],
        "batch_count": 3,
        "canary_batches": ["alfa-1", "old"],
        "counts": {"records": 1, "units_total": 2},
        "rollback_plan": "none",
        "timestamp": "2025-11-24T08:00:00Z",
    }

    documents = tree({EXPORT: pretty([record()]), "build_info.json": pretty(info)})

    assert related(documents) >= {
        ("build_info.json", "TF604", "/batch_count"),
        ("build_info.json", "TF604", "/counts/units_total"),
        ("build_info.json", "TF605", "/canary_batches"),
    }


@pytest.mark.parametrize(
    ("name", "document", "is_told"),
    [
        ("build_info.json", {"build_id": "b"}, True),
        ("build_info.json", {"build_id": "b", "artifacts": [{"path": EXPORT}]}, True),
        ("build_info.json", {"build_id": "b", "artifacts": [{"path": EXPORT, "sha256": "0" * 64}]}, False),
        ("export_manifest.json", {"files": [EXPORT], "checksums": {}}, True),
        ("export_manifest.json", {"files": [EXPORT], "checksums": {EXPORT: "0" * 64}}, False),
    ],
)
def test_metadata_without_any_digest_is_told(name: str, document: dict[str, object], is_told: bool) -> None:
    assert ("TF607" in codes(load(pretty(document), name).issues)) is is_told


@pytest.mark.parametrize(
    ("listed", "is_compared"),
    [
        ("x\\canary_batch_b1.json", False),
        ("canary_batch_b1.csv", False),
        (TABLE, True),
        (EXPORT, True),
        ("production/alfa.json", True),
    ],
)
def test_counts_are_those_of_the_export_that_is_listed_and_of_no_other(listed: str, is_compared: bool) -> None:
    info = {"artifacts": [{"path": listed}], "counts": {"records": 9}, "rollback_plan": "", "timestamp": "2025-11-24"}

    documents = tree({EXPORT: pretty([record()]), "build_info_b1.json": pretty(info)})

    assert (("build_info_b1.json", "TF604", "/counts/records") in related(documents)) is is_compared


def test_a_sum_of_units_that_no_document_can_state_is_not_compared() -> None:
    info = {"artifacts": [], "counts": {"records": 2, "units_total": 1}, "rollback_plan": "", "timestamp": "2025-11-24"}
    units = int("9" * 4300)
    records = [record(units_processed=units), record(batch_id="alfa-2", units_processed=units)]

    assert related(tree({EXPORT: pretty(records), "build_info.json": pretty(info)})) == set()


def test_a_telemetry_summary_is_compared_with_the_feeds() -> None:
    summary = {"total_mint_events": 3, "successful_mints": 2, "ritual_events": 9}
    info = {"build_id": "b", "telemetry_summary": summary, "timestamp": "2025-11-24T08:00:00Z", "artifacts": []}
    files = home(MINTS, EVENTS) | {"t/quilt/exports/build_info.json": pretty(info)}

    assert related(tree(files)) == {
        ("t/quilt/exports/build_info.json", "TF604", "/telemetry_summary/ritual_events"),
    }


def test_unchanged_documents_are_not_compared_again() -> None:
    documents = tree(home([*MINTS, mint("d")], EVENTS, MINTS))
    path = "t/quilt/quilt_rollup.json"

    first, second = FORMAT.relate(documents)[path], FORMAT.relate(dict(documents))[path]

    assert [issue is same for issue, same in zip(first, second, strict=True)] == [True]


def test_the_loom_s_bytes_are_offered_for_every_artefact() -> None:
    files = home(MINTS, EVENTS)
    documents = tree(files)
    assert FORMAT.regenerate is not None

    for path in list(files)[2:]:
        assert files[path] in [content for _, content in FORMAT.regenerate(path, documents)], path


def test_a_record_is_traced_to_its_line_and_every_field_marked() -> None:
    documents = tree(home(MINTS, EVENTS))
    export = documents[f"t/quilt/exports/{EXPORT}"]
    ids = [each.batch_id for each in export.records]

    origin = origin_of(export, ids.index("b"), documents)

    assert origin is not None
    assert (origin.source, origin.feed, origin.line) == ("ritual", "t/forge_rituals.jsonl", 1)
    assert origin.rollup_at == "/b/rituals/parade/events/0"
    marks = {field.field: (field.mark, field.key) for field in origin.fields}
    assert marks == {
        "schema_version": ("constant", ""),
        "batch_id": ("measured", "batch_id"),
        "ritual": ("measured", "ritual"),
        "units_processed": ("coerced", "metrics.units"),
        "status": ("aliased", "status"),
        "duration_ms": ("clamped", "metrics.duration_ms"),
    }


def test_a_mint_without_rituals_is_all_defaults() -> None:
    documents = tree(home(MINTS, EVENTS))
    export = documents[f"t/quilt/exports/{EXPORT}"]
    tracer = Tracer(export, documents)

    origins = [tracer.origin(index) for index in range(len(export.records))]

    plain = [origin for origin in origins if origin and origin.source == "mint"]
    assert [(origin.operation_id, origin.line) for origin in plain] == [("a", 1), ("c", 3)]
    assert {
        field.mark for origin in plain for field in origin.fields if "_" in field.field and field.field[0] in "ud"
    } == {"defaulted"}


def test_a_record_that_the_sources_do_not_give_has_no_origin() -> None:
    files = home(MINTS, EVENTS)
    path = f"t/quilt/exports/{EXPORT}"
    documents = tree(files | {path: pretty([record(batch_id="elsewhere")])})

    assert origin_of(documents[path], 0, documents) is None


def test_sibling_directories_are_set_side_by_side() -> None:
    manifest = {"manifest_version": "1.0", "order_id": "o-1", "generated_at": "2025-11-24T08:00:00Z", "artifacts": []}
    files = {
        f"x/one/{EXPORT}": pretty([record()]),
        f"x/two/{EXPORT}": pretty([record()]),
        "x/one/export_manifest.json": pretty(manifest),
    }

    one, two = export_summaries(tree(files))

    assert (one.directory, one.records, one.batches, one.rituals) == ("x/one", 1, 1, (("forge", 1),))
    assert (one.order_id, one.generated_at, two.order_id) == ("o-1", "2025-11-24T08:00:00Z", None)
    assert (one.same_as, two.same_as) == ((f"x/two/{EXPORT}",), (f"x/one/{EXPORT}",))


def test_rollups_are_checked_against_schema_and_events() -> None:
    event = {"timestamp": "2025-11-24T09:00:00Z", "status": "completed", "metadata": {}}
    early = event | {"timestamp": "2025-11-24T08:00:00Z"}
    bucket = {"total": 3, "dry_runs": -1, "completed": 2, "events": [event, early]}
    rollup = {"a": {"mint": {"mint_runs": 1}, "rituals": {"parade": bucket}, "last_updated": "2025-11-24T08:00:00Z"}}

    found = {(issue.code, issue.at) for issue in load(pretty(rollup), "quilt_rollup_all.json").issues}

    assert found == {
        *(("TF302", f"/a/mint/{name}") for name in ("name", "dry_runs", "latest_status", "first_seen", "last_seen")),
        ("TF302", "/a/rituals/parade/dry_runs"),
        ("TF303", "/a/rituals/parade/dry_runs"),
        ("TF303", "/a/rituals/parade/total"),
        ("TF304", "/a/rituals/parade/events/1"),
        ("TF305", "/a/last_updated"),
    }
