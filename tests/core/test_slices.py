from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest

from teleloupe import disk, slices
from teleloupe.model import UsageError
from teleloupe.workspace import Workspace

SAMPLES = Path(__file__).parents[2] / "sample_data"
JSON = b'[\n  {"a": 1.50,\t"b": "\\u00e9"},\n  {"a": 1E+2, "a": 3}\n]\n'
CSV = b'id,note\r\n1,"two\r\nlines"\r\n2,x\r\n'


def test_all_records_are_the_file_to_its_last_byte() -> None:
    for path, document in Workspace(str(SAMPLES)).refresh().documents.items():
        if not document.records:
            continue
        data = disk.read(str(SAMPLES / path), path).data
        places = [document.record_at(index) for index in range(len(document.records))]
        assert slices.original(data, places, is_all=True) == data


def test_some_elements_of_an_array_keep_their_spelling() -> None:
    assert slices.original(JSON, ["/1", "/0"], is_all=False) == (
        b'[\n{"a": 1E+2, "a": 3},\n{"a": 1.50,\t"b": "\\u00e9"}\n]\n'
    )
    wrapped = b'{"records": ' + JSON + b"}"
    assert slices.original(wrapped, ["/records/0"], is_all=False) == b'[\n{"a": 1.50,\t"b": "\\u00e9"}\n]\n'


def test_some_lines_keep_their_ends_and_csv_its_header() -> None:
    assert slices.original(b'{"a": 1}\r\n\n{"a": 2}', ["line 3", "line 1"], is_all=False) == b'{"a": 2}{"a": 1}\r\n'
    assert slices.original(CSV, ["line 2"], is_all=False) == b'id,note\r\n1,"two\r\nlines"\r\n'
    assert slices.original(CSV, ["line 4"], is_all=False) == b"id,note\r\n2,x\r\n"


@pytest.mark.parametrize(
    ("data", "places"),
    [(b"\xff[1]", ["/0"]), (codecs.BOM_UTF16_LE + "[1]".encode("utf-16-le"), ["/0"]), (b'{"a": {"x": 1}}', ["/a/x"]),
     (JSON, ["/7"]), (b"text", ["generation 2"])],
)  # fmt: skip
def test_records_without_bytes_of_their_own_have_none(data: bytes, places: list[str]) -> None:
    assert slices.original(data, places, is_all=False) is None


def test_one_record_is_spelt_pretty_or_canonical() -> None:
    assert slices.record(JSON, "/0", "spelt") == b'{"a": 1.50,\t"b": "\\u00e9"}\n'
    assert slices.record(JSON, "/0", "pretty") == b'{\n  "a": 1.50,\n  "b": "\\u00e9"\n}\n'
    assert slices.record(JSON, "/0", "canonical") == '{"a":1.5,"b":"é"}'.encode()
    assert slices.record(JSON, "/1", "pretty") == b'{\n  "a": 1E+2,\n  "a": 3\n}\n'


def test_pretty_says_the_same() -> None:
    value = {"b": [], "a": [{}, [1, [2]], {"x": None}], "": "\n"}
    data = json.dumps([value]).encode()

    pretty = slices.record(data, "/0", "pretty")

    assert json.loads(pretty) == value
    assert pretty.decode() == json.dumps(value, indent=2) + "\n"


def test_what_has_no_canonical_form_is_told() -> None:
    with pytest.raises(UsageError, match="no canonical form"):
        slices.record(b'[{"a": 9007199254740993}]', "/0", "canonical")
    with pytest.raises(UsageError, match="no JSON"):
        slices.record(CSV, "line 2", "pretty")
