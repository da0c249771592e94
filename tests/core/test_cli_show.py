"""`show` says of one file what `check` says of it, as far as the file tells alone."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from teleloupe.cli import main

SAMPLES = Path(__file__).parents[2] / "sample_data"


def shown(capfdbinary: pytest.CaptureFixture[bytes], path: Path) -> set[tuple[str, str, str]]:
    """The issues that `show` tells of a file: rule, severity, place."""
    main(["show", str(path), "--output", "json"])
    answer: dict[str, Any] = json.loads(capfdbinary.readouterr().out)
    return {(issue["rule"], issue["severity"], issue["at"]) for issue in answer["issues"]}


def checked(capfdbinary: pytest.CaptureFixture[bytes], root: Path) -> dict[str, set[tuple[str, str, str]]]:
    """The issues that `check` tells of the files of a directory."""
    main(["check", str(root), "--output", "json"])
    answer: dict[str, Any] = json.loads(capfdbinary.readouterr().out)
    return {
        document["path"]: {(issue["rule"], issue["severity"], issue["at"]) for issue in document["issues"]}
        for document in answer["documents"]
        if document["kind"] != "directory"
    }


def test_show_tells_of_an_anchor_that_the_file_leaves_in_flight(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    root = SAMPLES / "clamp" / "invalid" / "inflight"
    expected = checked(capfdbinary, root)

    assert any(rule == "clamp/inflight" for issues in expected.values() for rule, _, _ in issues)
    for path, issues in expected.items():
        if any(rule == "clamp/inflight" for rule, _, _ in issues):
            assert shown(capfdbinary, root / path) == issues


@pytest.mark.parametrize("form", ["clamp", "svr", "toyfoundry", "weftend"])
def test_show_does_not_claim_that_something_is_missing_beside_a_file(
    capfdbinary: pytest.CaptureFixture[bytes], form: str
) -> None:
    root = SAMPLES / form / "valid"
    expected = checked(capfdbinary, root)

    for path, issues in expected.items():
        assert shown(capfdbinary, root / path) <= issues


EXPORT = SAMPLES / "toyfoundry/valid/.toyfoundry/telemetry/quilt/exports/composite_export.json"


def test_show_prints_the_title_of_a_view_and_reads_what_it_is_made_of(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    main(["show", str(EXPORT), "--view", "origins"])
    title, names, *rows = capfdbinary.readouterr().out.decode().splitlines()

    assert "durations" in title
    assert names.split()[:2] == ["batch_id", "id_mark"]
    assert all(".jsonl line " in row for row in rows)


def test_show_says_of_a_record_how_its_fields_came_about(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main(["show", str(EXPORT), "--record", "1"])
    names, *rows = capfdbinary.readouterr().out.decode().splitlines()

    assert names.split()[-1] == "origin"
    assert any("constant: the contract fixes it" in row for row in rows)


def test_show_has_no_column_for_origins_where_none_are_known(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main(["show", str(EXPORT.parent / "samples" / "composite_export.sample.json"), "--record", "1"])
    sample = capfdbinary.readouterr().out.decode().splitlines()[0]
    main(["show", str(EXPORT.parents[2] / "forge_rituals.jsonl"), "--record", "1"])
    feed = capfdbinary.readouterr().out.decode().splitlines()[0]

    assert (sample.split()[-1], feed.split()[-1]) == ("spelling", "spelling")


def test_show_prints_the_columns_that_are_asked_for_in_their_order(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = next((SAMPLES / "toyfoundry" / "valid").rglob("composite_export.json"))

    main(["show", str(path), "--columns", "status,ritual"])

    assert [line.split() for line in capfdbinary.readouterr().out.decode().splitlines() if "ritual" in line] == [
        ["status", "ritual"]
    ]


def test_a_record_of_a_list_in_another_order_is_told_as_in_the_file_s_order(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    main(["show", str(EXPORT), "--output", "json"])
    records = json.loads(capfdbinary.readouterr().out)["records"]
    main(["show", str(EXPORT), "--sort=-batch_id", "--limit", "1", "--output", "json"])
    (first,) = json.loads(capfdbinary.readouterr().out)["records"]
    main(["show", str(EXPORT), "--record", str(records.index(first) + 1)])
    told = capfdbinary.readouterr().out
    main(["show", str(EXPORT), "--sort=-batch_id", "--record", "1"])

    assert first != records[0]
    assert capfdbinary.readouterr().out == told


def test_a_record_alone_is_one_record_in_json_too(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main(["show", str(EXPORT), "--output", "json"])
    records = json.loads(capfdbinary.readouterr().out)["records"]
    main(["show", str(EXPORT), "--output", "json", "--record", "2"])
    answer = json.loads(capfdbinary.readouterr().out)

    assert (answer["records"], answer["records_total"]) == (records[1:2], len(records))


@pytest.mark.parametrize(
    "words", [["--record", "0"], ["--record", "10000"], ["--where", "batch_id=absent", "--record", "1"]]
)
@pytest.mark.parametrize("output", ["text", "json"])
def test_a_record_that_is_not_listed_is_wrong_use(
    capfdbinary: pytest.CaptureFixture[bytes], words: list[str], output: str
) -> None:
    status = main(["show", str(EXPORT), *words, "--output", output])
    told = capfdbinary.readouterr()

    assert (status, told.out) == (2, b"")
    assert f"no record {words[-1]}".encode() in told.err


def test_the_rows_of_a_view_are_limited_and_none_of_them_is_a_record(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main(["show", str(EXPORT), "--view", "origins", "--output", "json", "--limit", "1"])
    rows = json.loads(capfdbinary.readouterr().out)

    assert len(rows) == 1
    assert main(["show", str(EXPORT), "--view", "origins", "--record", "1"]) == 2


def test_show_tells_what_is_claimed_of_a_file_as_check_does(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_text("{}\n")
    main(["show", str(tmp_path / "x.json"), "--output", "json"])
    alone = json.loads(capfdbinary.readouterr().out)["claims"]
    (tmp_path / "x.json.sha256").write_text(f"{sha256(b'{}').hexdigest()}  x.json\n")
    main(["show", str(tmp_path / "x.json"), "--output", "json"])
    claims = json.loads(capfdbinary.readouterr().out)["claims"]
    main(["check", str(tmp_path), "--output", "json"])
    checked = json.loads(capfdbinary.readouterr().out)["documents"][0]["claims"]

    assert alone == []
    assert [claim["verdict"] for claim in claims] == ["final-newline"]
    assert claims == checked


@pytest.mark.parametrize(
    ("words", "head"),
    [
        (["show"], b"schema              \\x1b[2J\\n  \\udc00"),
        (["export", "--to", "markdown", "--out", "-"], b"| schema | \\\\x1b\\[2J\\\\n | \\\\udc00 |"),
    ],
)
def test_what_a_column_s_name_would_have_a_terminal_do_is_spelt_out(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], words: list[str], head: bytes
) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text(2 * (json.dumps({"schema": "weftend.tartarus/0", "\x1b[2J\n": 1, "\udc00": 2}) + "\n"))

    assert main([*words, str(lines)]) == 0

    assert head in capfdbinary.readouterr().out.splitlines()
