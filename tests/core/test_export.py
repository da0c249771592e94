"""Exports: golden bytes, formula cells, atomic writes, taking back."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from teleloupe import export, tables
from teleloupe.cli import main
from teleloupe.columns import column
from teleloupe.export import Form, encode
from teleloupe.model import Document, Place, Query, Snapshot, Table, UsageError

DOCUMENT = Document(
    "a.json",
    records=[{"n": -1, "t": "=1+1", "x": 1}, {"n": 18446744073709551615, "t": 'a\n"b",|*\x1b'}, {"n": None, "t": "@é"}],
    columns=(column("n", type="integer"), column("t")),
)
TABLE = tables.records(DOCUMENT)
GOLDEN: dict[Form, bytes] = {
    "csv": 'n,t\n-1,\'=1+1\n18446744073709551615,"a\n""b"",|*\x1b"\n,\'@é\n'.encode(),
    "json": (
        b'[\n  {"n":-1,"t":"=1+1","x":1},\n  {"n":18446744073709551615,"t":"a\\n\\"b\\",|*\\u001b"},\n'
        b'  {"n":null,"t":"@\xc3\xa9"}\n]\n'
    ),
    "jsonl": (
        b'{"n":-1,"t":"=1+1","x":1}\n{"n":18446744073709551615,"t":"a\\n\\"b\\",|*\\u001b"}\n{"n":null,"t":"@\xc3\xa9"}\n'
    ),
    "markdown": (
        '| n | t |\n| --: | :-- |\n| -1 | =1+1 |\n| 18446744073709551615 | a\\\\n"b",\\|\\*\\\\x1b |\n|  | @é |\n'
    ).encode(),
    "tsv": "n\tt\n-1\t'=1+1\n18446744073709551615\ta\\n\"b\",|*\\x1b\n\t'@é\n".encode(),
}


@pytest.mark.parametrize("form", GOLDEN)
def test_the_bytes_of_a_form_are_these(form: Form) -> None:
    assert export.encode(TABLE, form) == GOLDEN[form]


def test_raw_cells_are_left_as_they_are() -> None:
    assert b"\n-1,=1+1\n" in export.encode(TABLE, "csv", raw_cells=True)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_cell_starts_a_formula(start: str) -> None:
    table = tables.records(Document("a", records=[{"t": f"{start}cmd"}], columns=(column("t"),)))

    assert f"'{start}cmd".encode() in export.encode(table, "csv")


def test_an_empty_table_is_a_header_or_an_empty_array() -> None:
    empty = tables.arranged(TABLE, Query("n=77"))

    assert export.encode(empty, "csv") == b"n,t\n"
    assert export.encode(empty, "json") == b"[]\n"
    assert export.encode(empty, "jsonl") == b""


def test_cells_of_chosen_columns_only_when_rows_are_no_records() -> None:
    ledger = tables.issues(Snapshot("r"))

    assert export.encode(ledger, "json") == b"[]\n"


def test_saving_writes_a_gnu_sidecar(tmp_path: Path) -> None:
    target = tmp_path / "new" / "x.csv"

    saved = export.save(b"data\n", str(target), 1)

    assert target.read_bytes() == b"data\n"
    assert Path(saved.sidecar).read_text() == f"{hashlib.sha256(b'data' + bytes([10])).hexdigest()}  x.csv\n"
    assert sorted(path.name for path in target.parent.iterdir()) == ["x.csv", "x.csv.sha256"]


def test_sha256sum_reads_the_sidecar_of_a_name_with_a_backslash(tmp_path: Path) -> None:
    saved = export.save(b"data\n", str(tmp_path / "a\\b.csv"), 1)

    assert Path(saved.sidecar).read_bytes().startswith(b"\\")
    assert subprocess.run(["sha256sum", "--check", "--quiet", saved.sidecar], cwd=tmp_path, check=False).returncode == 0


def test_a_different_file_is_not_replaced_unasked(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_bytes(b"other")

    with pytest.raises(export.Exists):
        export.save(b"data", str(target), 1)

    assert target.read_bytes() == b"other"
    export.save(b"data", str(target), 1, may_replace=True)
    export.save(b"data", str(target), 1)
    assert target.read_bytes() == b"data"


def test_taking_back_restores_what_stood_there(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_bytes(b"other")
    saved = export.save(b"data", str(target), 1, may_replace=True)

    export.take_back(saved)

    assert target.read_bytes() == b"other"
    assert not Path(saved.sidecar).exists()


def test_a_place_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(UsageError, match="cannot write"):
        export.save(b"data", str(tmp_path / "file" / "x.csv"), 1)


def test_the_default_folder_lies_beside_the_root(tmp_path: Path) -> None:
    folder = export.default_folder(str(tmp_path / "watched"))

    assert folder == str(tmp_path / "teleloupe-exports")
    assert not export.is_inside(folder, str(tmp_path / "watched"))
    assert export.is_inside(str(tmp_path / "watched" / "x"), str(tmp_path / "watched"))


@pytest.mark.parametrize(
    ("stem", "name"),
    [("a/b c.json", "a-b_c.json.records.csv"), ("../../etc", "-..-etc.records.csv"), ("\x1b[31m", "31m.records.csv")],
)
def test_file_names_are_tame(stem: str, name: str) -> None:
    assert export.file_name(stem, "records", "csv") == name


def test_artefacts_whose_tame_names_are_the_same_get_files_of_their_own(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    names = ["clamp_run_%.json", "clamp_run_~.json", "CLAMP_RUN_!.json"]
    (tmp_path / "in").mkdir()
    for seed, name in enumerate(names, 1):
        (tmp_path / "in" / name).write_text(f'{{"records":[{{"context":"c","seed":{seed}}}]}}')
    words = ["export", str(tmp_path / "in"), "--columns", "seed", "--out", str(tmp_path / "out")]

    statuses = [main(words), main([*words, "--replace"])]

    assert statuses == [0, 0]
    written = sorted((tmp_path / "out").glob("*.csv"))
    assert sorted(path.read_text() for path in written) == ["seed\n1\n", "seed\n2\n", "seed\n3\n"]
    assert len({path.name.casefold() for path in written}) == len(names)


def test_tsv_has_a_line_a_row_whatever_the_cells_hold() -> None:
    rows = [{"x": "a\tb\nc", "n": 1}, {"x": "=1", "n": -2}]
    table = Table("a", (column("x"), column("n", type="integer")), rows, _nowhere)

    assert encode(table, "tsv") == b"x\tn\na\\tb\\nc\t1\n'=1\t-2\n"
    assert encode(table, "tsv", raw_cells=True).endswith(b"=1\t-2\n")


def test_html_shows_markup_as_text() -> None:
    table = Table("<a>", (column("<x>"), column("n", type="integer")), [{"<x>": "<script>\x1b", "n": 1}], _nowhere)
    page = encode(table, "html").decode()

    assert "<script" not in page
    assert '<tr><td>&lt;script&gt;\\x1b</td><td class="n">1</td></tr>' in page
    assert "<title>&lt;a&gt;</title>" in page


def _nowhere(_row: int) -> Place:
    return Place("a")
