"""`teleloupe stats`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teleloupe.cli import main

RITUALS = ("forge", "forge", "parade")


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """An export of three rituals in a directory of its own."""
    records = [
        {
            "schema_version": "1.0", "batch_id": f"alfa-{number}", "ritual": ritual, "units_processed": number,
            "status": "success", "duration_ms": 10 * number,
        }
        for number, ritual in enumerate(RITUALS, 1)
    ]  # fmt: skip
    path = tmp_path / "exports" / "composite_export.json"
    path.parent.mkdir()
    path.write_text(json.dumps(records))
    return path


def run(capfdbinary: pytest.CaptureFixture[bytes], *words: str | Path) -> tuple[int, str, str]:
    status = main([str(word) for word in words])
    told = capfdbinary.readouterr()
    return status, told.out.decode(), told.err.decode()


def test_every_column_of_a_file_is_a_row(capfdbinary: pytest.CaptureFixture[bytes], exports: Path) -> None:
    status, out, _ = run(capfdbinary, "stats", exports, "--output", "json")

    found = {row["column"]: row for row in json.loads(out)}
    assert status == 0
    assert (found["duration_ms"]["min"], found["duration_ms"]["median"], found["duration_ms"]["max"]) == (10, 20, 30)
    assert found["ritual"]["top"] == "forge (2), parade (1)"
    assert found["batch_id"]["top"] == "all different"


def test_the_values_of_a_column_are_counted_among_the_rows_asked_for(
    capfdbinary: pytest.CaptureFixture[bytes], exports: Path
) -> None:
    status, out, _ = run(capfdbinary, "stats", exports, "--column", "ritual", "--where", "duration_ms>=20")

    assert status == 0
    assert [line.split()[:3] for line in out.splitlines()] == [
        ["value", "count", "share"], ["forge", "1", "50.0"], ["parade", "1", "50.0"],
    ]  # fmt: skip


def test_a_directory_is_summed_up_by_its_ledger_or_its_issues(
    capfdbinary: pytest.CaptureFixture[bytes], exports: Path
) -> None:
    _, ledger, _ = run(capfdbinary, "stats", exports.parent, "--column", "kind", "--output", "csv")
    _, issues, _ = run(
        capfdbinary, "stats", exports.parent, "--of", "issues", "--column", "severity", "--output", "csv"
    )

    assert ledger.splitlines()[1].startswith("export,1,100.0,")
    assert issues.splitlines()[0] == "value,count,share,bar"


def test_a_column_or_file_that_is_not_there_is_refused(
    capfdbinary: pytest.CaptureFixture[bytes], exports: Path
) -> None:
    status, _, err = run(capfdbinary, "stats", exports, "--column", "rituals")
    assert (status, "no column 'rituals'" in err) == (2, True)

    assert run(capfdbinary, "stats", exports.parent / "none.json")[0] == 3
