"""CSV exports: cells, widths, line ends, headers, and the three kinds."""

from __future__ import annotations

import pytest
from foundry_files import HEADER, TABLE, blob, codes, found, load
from hypothesis import given
from hypothesis import strategies as st

from teleloupe.formats.toyfoundry.shapes import Record
from teleloupe.formats.toyfoundry.tables import parse_table
from teleloupe.formats.toyfoundry.writing import export_csv
from teleloupe.model import Detection

ROW = "1.0,alfa-1,forge,1,success,0\r\n"
RECORDS = st.builds(
    Record,
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
    st.sampled_from(["forge", "parade"]),
    st.sampled_from(["success", "partial"]),
    st.integers(1),
    st.integers(0, 300_000),
    st.just("1.0"),
)


def test_a_clean_table_has_records_and_no_issue() -> None:
    document = load((HEADER + ROW).encode(), TABLE)

    assert document.issues == ()
    assert document.records == [Record("alfa-1", "forge", "success", 1, 0, "1.0")]
    assert document.record_at(0) == "line 2"


@given(st.lists(RECORDS, max_size=6))
def test_what_the_loom_writes_is_read_as_it_was(records: list[Record]) -> None:
    content = "".join(export_csv(records)).encode()

    assert load(content, TABLE).records == records


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("1,alfa-1,forge,1,success,0", "schema_version"),
        ("1.0, ,forge,1,success,0", "batch_id"),
        ("1.0,alfa-1,drill,1,success,0", "ritual"),
        ("1.0,alfa-1,forge,1.0,success,0", "units_processed"),
        ("1.0,alfa-1,forge,007,success,0", "units_processed"),
        ("1.0,alfa-1,forge,0,success,0", "units_processed"),
        ("1.0,alfa-1,forge,1,ok,0", "status"),
        ("1.0,alfa-1,forge,1,success,", "duration_ms"),
        ("1.0,alfa-1,forge,1,success,300001", "duration_ms"),
    ],
)
def test_a_faulty_cell_is_told_at_its_line_and_field(row: str, field: str) -> None:
    assert found(load(f"{HEADER}{ROW}{row}\r\n".encode(), TABLE)) == {("TF204", f"line 3 /{field}")}


def test_a_row_of_another_width_is_told() -> None:
    assert found(load(f"{HEADER}1.0,alfa-1,forge\r\n{ROW}".encode(), TABLE)) == {("TF203", "line 2")}


def test_a_row_over_several_lines_counts_from_its_first() -> None:
    content = HEADER + '1.0,"al\r\nfa",forge,1,success,0\r\n1.0,b,forge,x,success,0\r\n'

    assert found(load(content.encode(), TABLE)) == {("TF204", "line 4 /units_processed")}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ["TF202"]),
        (HEADER, []),
        ("\ufeff" + HEADER + ROW, ["TF201"]),
        ("batch_id,schema_version,ritual,units_processed,status,duration_ms\r\n", ["TF201"]),
        ((HEADER + ROW).replace("\r\n", "\n"), ["TF206"]),
        (HEADER + ROW.replace("\r\n", "\n") + ROW, ["TF206"]),
        (HEADER + ROW + "\r\n", ["TF207"]),
    ],
)
def test_the_form_of_a_table_is_judged(content: str, expected: list[str]) -> None:
    assert codes(load(content.encode(), TABLE).issues) == expected


def test_a_header_in_quotes_is_known_by_its_names() -> None:
    content = '"schema_version","batch_id","ritual","units_processed","status","duration_ms"\r\n' + ROW

    document = load(content.encode(), "any.csv")

    assert (document.kind, document.issues, len(document.records)) == ("export-csv", (), 1)


def test_a_blank_line_before_the_header_takes_its_place_and_the_rows_are_read_all_the_same() -> None:
    document = load(f"\r\n{HEADER}{ROW}".encode(), TABLE)

    assert found(document) == {("TF201", "line 1")}
    assert document.records == [Record("alfa-1", "forge", "success", 1, 0, "1.0")]


def test_a_zero_with_a_sign_is_no_plain_integer() -> None:
    assert found(load((HEADER + ROW.replace(",0\r", ",-0\r")).encode(), TABLE)) == {("TF204", "line 2 /duration_ms")}


def test_line_ends_inside_a_cell_are_no_line_ends() -> None:
    assert load((HEADER + '1.0,"al\nfa",forge,1,success,0\r\n').encode(), TABLE).issues == ()


@pytest.mark.parametrize("end", [",batch\r\n", "\r\n"])
def test_clerk_tables_are_told_of_once(end: str) -> None:
    document = load(
        f"operation,status,units,duration_ms,timestamp{end}forge_mint_alfa,done,x,1,now\r\n".encode(), "x.csv"
    )

    assert (document.kind, codes(document.issues), len(document.records)) == (
        "clerk-csv",
        ["TF116"] if end == "\r\n" else ["TF116", "TF203"],
        1,
    )


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table(content: bytes) -> None:
    document = parse_table(blob(content, TABLE), Detection("export-csv", "as asked"))

    assert all(document.record_at(index).startswith("line ") for index in range(len(document.records)))
