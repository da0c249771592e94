"""Snapshots and queries become tables."""

from __future__ import annotations

import pytest

from teleloupe import detail, searching, tables
from teleloupe.columns import column
from teleloupe.model import Document, Place, Query, Rule, Snapshot, SortKey, UsageError

RULE = Rule("clamp/seed-zero", "clamp.seed-zero", "error", "a zero seed marks a failed acquisition", "somewhere")
HINT = Rule("clamp/name", "clamp.name", "info", "an unusual name", "somewhere")
DOCUMENT = Document(
    "a/run.json",
    format="clamp",
    kind="session",
    records=[
        {"seed": 3, "name": "x"},
        {"seed": 18446744073709551615, "name": None},
        {"seed": 0, "other": [1, {"k": 2}]},
    ],
    columns=(column("seed", "the seed", type="integer", unit="1"), column("name", "the name")),
    record_at="/records/{}".format,
    issues=(RULE.issue("/records/2/seed", "seed is 0"), HINT.issue("", "name is unusual", count=2)),
)
PLAIN = Document("b.txt")
SNAPSHOT = Snapshot("root", 1, {"a/run.json": DOCUMENT, "b.txt": PLAIN}, {"b.txt": (HINT.issue("", "again"),)})


def test_the_ledger_has_a_line_a_document() -> None:
    table = tables.ledger(SNAPSHOT)

    cells = [{column.name: column.get(row) for column in table.columns} for row in table.rows]
    assert [(line["path"], line["state"], line["records"], line["errors"]) for line in cells] == [
        ("a/run.json", "error", 3, 1),
        ("b.txt", "info", 0, 0),
    ]
    assert table.locate(1) == Place("b.txt")


def test_records_know_their_place() -> None:
    assert tables.records(DOCUMENT).locate(2) == Place("a/run.json", "/records/2")


def test_sorting_is_stable_and_puts_absent_values_last() -> None:
    table = tables.arranged(tables.records(DOCUMENT), Query(sort=(SortKey("name"),)))

    assert [row["seed"] for row in table.rows] == [3, 18446744073709551615, 0]


def test_sorting_and_filtering_keep_the_places() -> None:
    wanted = Query("seed<10", (SortKey("seed", is_descending=True),), ("seed",))

    table = tables.arranged(tables.records(DOCUMENT), wanted)

    assert [table.columns[0].get(row) for row in table.rows] == [3, 0]
    assert [table.locate(index).at for index in range(2)] == ["/records/0", "/records/2"]
    assert (table.total, [column.name for column in table.columns]) == (3, ["seed"])


def test_columns_of_mixed_types_can_be_sorted() -> None:
    mixed = Document("m", records=[{"v": "b"}, {"v": 2}, {"v": [1]}, {"v": "a"}, {}], columns=(column("v"),))

    table = tables.arranged(tables.records(mixed), Query(sort=(SortKey("v"),)))

    assert [row.get("v") for row in table.rows] == [2, "a", "b", [1], None]


def test_an_unknown_sort_column_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no column 'nope'"):
        tables.arranged(tables.records(DOCUMENT), Query(sort=(SortKey("nope"),)))


def test_search_goes_around_the_end_in_both_directions() -> None:
    table = tables.records(DOCUMENT)

    assert searching.search(table, "1844", 2) == 1
    assert searching.search(table, "X", 1, -1) == 0
    assert searching.search(table, "nowhere", 0) is None


def test_issues_come_worst_first_and_causes_count_them() -> None:
    found = tables.issues(SNAPSHOT)
    causes = tables.causes(SNAPSHOT)

    assert [(row.path, row.issue.severity) for row in found.rows] == [
        ("a/run.json", "error"),
        ("a/run.json", "info"),
        ("b.txt", "info"),
    ]
    assert [(row.issue.rule.id, row.count, len(row.places)) for row in causes.rows] == [
        ("clamp/seed-zero", 1, 1),
        ("clamp/name", 3, 2),
    ]


def test_fields_tell_meaning_unit_spelling_and_what_is_absent() -> None:
    content = '{"records": [{"seed": 3}, {}, {"seed": 0, "other": [1.50, {"k": 2}]}]}'
    document = Document("x", records=[{}, {}, {"seed": 0, "other": [1.5, {"k": 2}]}], columns=DOCUMENT.columns,
                        record_at="/records/{}".format)  # fmt: skip

    rows = detail.fields(document, 2, content).rows

    assert [(row.name, row.value, row.unit, row.spelling, row.at) for row in rows] == [
        ("seed", 0, "1", None, "/records/2/seed"),
        ("other/0", 1.5, "", "1.50", "/records/2/other/0"),
        ("other/1/k", 2, "", None, "/records/2/other/1/k"),
        ("name", None, "", None, "/records/2"),
    ]
    assert rows[-1].is_absent


def test_spelling_reads_lines_and_pointers_inside_them() -> None:
    content = '{"a": 1}\n{"a": 2.50}\n'

    assert detail.spelling(content, "line 2") == '{"a": 2.50}'
    assert detail.spelling(content, "line 2 /a") == "2.50"
    assert detail.spelling(content, "line 9") is None
    assert detail.spelling(content, "somewhere") is None
