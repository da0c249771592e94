"""What `show` says of a JSON file is what the file holds, as the standard library reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from corpora import CORPUS, SHARED, files_below, needs_corpora

from teleloupe import disk, formats
from teleloupe.cli.output import encoded, shown_json
from teleloupe.model import Document

pytestmark = needs_corpora

LARGEST = 3_000_000  # larger files say the same at length
# Records that are made of the file rather than being parts of it: the value's name, and where it then stands.
WRAPPED = {"rollup": "value", "mint-rollup": "value", "build-info": "entry", "manifest": "entry"}
MEMBERS_AS_RECORDS = {"rollup", "mint-rollup"}
RECORD_FIELDS = {"records", "events", "chunks"}  # top-level fields that `show` has as records


def readable(form: str) -> Iterator[tuple[Path, Document, Any]]:
    """The JSON files of a producer's corpus and vectors that are of its format, with what they hold."""
    for path in [*files_below(CORPUS / form), *files_below(SHARED / "vectors" / form)]:
        if path.suffix != ".json" or path.name.endswith(".expect.json") or path.stat().st_size > LARGEST:
            continue
        blob = disk.read(str(path), path.name)
        try:
            value = json.loads(blob.data.decode("utf-8-sig"), parse_constant=lambda _: None)
        except ValueError:
            continue
        document = formats.load(blob)
        if document.format == form:
            yield path, document, value


def found_at(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def has_huge(value: Any) -> bool:
    """Whether a number overflowed on reading, which JSON cannot say again."""
    return "Infinity" in json.dumps(value)


@pytest.mark.parametrize("form", [form for form in formats.NAMES if form != "bootloader"])  # it renames every field
def test_records_and_fields_are_those_of_the_file(form: str) -> None:
    seen = 0
    for path, document, value in readable(form):
        shown = json.loads(encoded(shown_json(document, document.records, (), None)))
        if has_huge(value):
            continue
        seen += 1
        for index, record in enumerate(shown["records"]):
            place = document.record_at(index)
            part = record[WRAPPED[document.kind]] if document.kind in WRAPPED else record
            assert (path, place, part) == (path, place, found_at(value, place))
            assert integers(part) == integers(found_at(value, place))
        if isinstance(value, dict) and document.kind not in MEMBERS_AS_RECORDS:
            wrong = [name for name, one in value.items() if name in shown["header"] and shown["header"][name] != one]
            assert (path, wrong) == (path, [])
            assert (path, set(value) - set(shown["header"]) - RECORD_FIELDS) == (path, set())
    assert seen


def integers(value: Any) -> list[int]:
    """All integers in a value, in order."""
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return sorted(number for part in parts for number in integers(part))
    return [value] if type(value) is int and abs(value) > 2**53 else []


@pytest.mark.parametrize("form", formats.NAMES)
def test_a_key_that_is_repeated_is_told(form: str) -> None:
    for path, document, _ in readable(form):
        repeated: list[str] = []

        def note(pairs: list[tuple[str, Any]], repeated: list[str] = repeated) -> dict[str, Any]:
            names = [name for name, _ in pairs]
            repeated.extend(name for name in set(names) if names.count(name) > 1)
            return dict(pairs)

        json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=note)
        told = " ".join(f"{issue.rule.id} {issue.message}" for issue in document.issues)
        if repeated:
            assert (path, "duplicate" in told or "repeated" in told or "twice" in told) == (path, True)
