from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from teleloupe import disk, spans
from teleloupe.workspace import Workspace

SAMPLES = Path(__file__).parents[2] / "sample_data"
JSON = '{"a/b": [0, {"c" : 0.800000, "d": "é"}], "z": 1}'
CSV = 'id,"note",n\r\n1,"two\r\nlines, ""quoted""",3\r\n4,,\r\n'


def taken(data: bytes, at: str, message: str = "") -> bytes | None:
    span = spans.in_bytes(data, at, message)
    return data[span.start : span.end] if span else None


@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"])
def test_a_pointer_names_the_bytes_of_its_value_in_every_encoding(mark: str) -> None:
    encoding = mark.removesuffix("-sig")
    bom = {"utf-8": b"", "utf-8-sig": codecs.BOM_UTF8}.get(mark) or (
        {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(mark, b"")
    )
    data = bom + JSON.encode(encoding)

    assert taken(data, "/a~1b/1/c") == "0.800000".encode(encoding)
    assert taken(data, "/a~1b/1/d") == '"é"'.encode(encoding)
    assert taken(data, "/z") == "1".encode(encoding)


def test_bytes_that_are_no_text_do_not_shift_what_stands_behind_them() -> None:
    assert taken(b'{"a": "\xff\xfe", "b": 12}', "/b") == b"12"


def test_a_value_that_is_not_there_is_looked_for_in_what_would_hold_it() -> None:
    span = spans.locate(JSON, "/a~1b/1/missing/deeper")

    assert span is not None
    assert JSON[span.start : span.end] == '{"c" : 0.800000, "d": "é"}'
    assert not span.is_exact


def test_a_record_that_is_cut_short_goes_to_the_end() -> None:
    assert taken(b'[{"a": 1}, {"b": [2, ', "/1") == b'{"b": [2, '


def test_a_line_and_a_value_in_it_are_found() -> None:
    data = b'{"a": 1}\r\n\r\n{"a": {"b": [7]}}\n'

    assert taken(data, "line 3") == b'{"a": {"b": [7]}}'
    assert taken(data, "line 3 /a/b/0") == b"7"
    assert taken(data, "line 2") == b""
    assert taken(data, "line 9") is None


def test_a_cell_of_csv_is_found_by_line_and_by_row() -> None:
    data = CSV.encode()

    assert taken(data, "line 2 /note") == b'"two\r\nlines, ""quoted"""'
    assert taken(data, "line 4 /n") == b""
    assert taken(data, "/rows/0/n") == b"3"
    assert taken(data, "/rows/1") == b"4,,"
    assert taken(data, "/header") == b'id,"note",n'
    assert taken(data, "/rows/0/other") == b'1,"two\r\nlines, ""quoted""",3'


def test_a_message_that_names_a_line_and_column_has_a_place() -> None:
    assert taken(b"{\n  oops\n}", "", "no JSON at line 2, column 3") == b"oops"
    assert taken(b"{}", "", "nothing is said") is None


@pytest.mark.parametrize("size", [1, 3, 8, 100])
def test_the_start_of_a_line_is_found_in_parts_of_any_size(size: int) -> None:
    data = b"one\n\nthree\nfour"
    parts = [data[at : at + size] for at in range(0, len(data), size)]

    assert [spans.line_start(parts, number) for number in range(1, 6)] == [0, 4, 5, 11, None]


def test_every_place_of_a_sample_issue_or_record_that_names_bytes_has_them() -> None:
    lost = []
    for path, document in (snapshot := Workspace(str(SAMPLES)).refresh()).documents.items():
        places = {issue.at for issue in snapshot.issues_of(path)}
        places |= {document.record_at(index) for index in range(min(3, len(document.records)))}
        wanted = [at for at in places if at.startswith(("/", "line "))]
        data = disk.read(str(SAMPLES / path), path).data if wanted else b""
        lost += [(path, at) for at in wanted if spans.in_bytes(data, at) is None]

    assert lost == []
