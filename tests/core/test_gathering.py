"""One question put to the records of many files."""

from __future__ import annotations

from pathlib import Path

import pytest

from teleloupe import formats, tables
from teleloupe.model import DIRECTORY, Document, Place, Query, Table
from teleloupe.workspace import Workspace

SAMPLES = Path(__file__).parents[2] / "sample_data"


def gathered(folder: Path, below: str = ".") -> tuple[Table, dict[str, Document]]:
    documents = Workspace(str(folder)).refresh().documents
    return formats.ALL_RECORDS.table(Document(below, kind=DIRECTORY), documents), dict(documents)


@pytest.mark.parametrize("name", formats.NAMES)
def test_every_record_of_every_file_is_there_once_in_order(name: str) -> None:
    table, documents = gathered(SAMPLES / name / "valid")

    ours = [(row.document.path, row.index) for row in table.rows]
    assert ours == [(path, index) for path in sorted(documents) for index in range(len(documents[path].records))]
    assert len(table.rows) == table.total > 0


def test_a_filter_goes_over_files_of_several_kinds() -> None:
    table, documents = gathered(SAMPLES / "toyfoundry" / "valid")

    found = tables.arranged(table, Query('status=failure ritual="forge"'))

    kinds = {documents[row.document.path].kind for row in found.rows}
    assert {"export", "export-csv"} <= kinds
    assert all(row.record.status == "failure" for row in found.rows if row.document.kind == "export")


def test_a_row_leads_to_its_record_in_its_file() -> None:
    table, _ = gathered(SAMPLES / "clamp" / "valid")

    assert [table.locate(index) for index in (0, -1)] == [
        Place("build/telemetry/clamp_run_20251020T091500Z.json", "/records/0"),
        Place("build/telemetry/clamp_run_20251020T091630Z.json", "/records/1"),
    ]


def test_only_what_lies_below_the_directory_is_gathered() -> None:
    table, _ = gathered(SAMPLES, "clamp/valid")

    assert {row.document.path.split("/")[0] for row in table.rows} == {"clamp"}
    with pytest.raises(IndexError):
        table.rows[len(table.rows)]
