"""`teleloupe loom`: what it writes, when it refuses, and that nothing else is touched."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from foundry_files import EXPORT, TABLE, lines, mint, pretty, record, ritual

from teleloupe.cli import main
from teleloupe.formats.toyfoundry.refresh import refreshed_sidecar

NOW = "2025-11-24T12:00:00Z"
JSON_SIDECAR, TABLE_SIDECAR = f"{EXPORT}.sha256", f"{TABLE}.sha256"
EXPORTS = {EXPORT, TABLE, JSON_SIDECAR, TABLE_SIDECAR}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mint.jsonl").write_bytes(lines(mint(), mint("alfa-2")))
    (tmp_path / "rituals.jsonl").write_bytes(lines(ritual()))
    return tmp_path


def loom(*arguments: str) -> int:
    return main(["loom", "--now", NOW, *arguments])


def weave(*arguments: str) -> int:
    return loom("--telemetry", "mint.jsonl", "--ritual-telemetry", "rituals.jsonl", *arguments)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def upper(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest().upper()


def test_an_export_is_written_with_sidecars_and_nothing_else(here: Path) -> None:
    before = names(here)

    assert weave("--export", "--export-dir", "out") == 0

    assert names(here) - before == {f"out/{name}" for name in EXPORTS}
    digest = upper((here / "out" / EXPORT).read_bytes())
    assert (here / "out" / JSON_SIDECAR).read_text() == f"\nHash\n----\n{digest}\n"


def test_without_export_only_the_named_rollups_are_written(here: Path) -> None:
    before = names(here)

    assert weave("--output", "a/mint.json", "--composite-output", "a/all.json") == 0

    assert names(here) - before == {"a/mint.json", "a/all.json"}


def test_an_export_of_a_saved_rollup_is_the_same(here: Path) -> None:
    weave("--composite-output", "all.json", "--export", "--export-dir", "one")

    assert loom("--rollup", "all.json", "--export", "--export-dir", "two") == 0

    assert all((here / "one" / name).read_bytes() == (here / "two" / name).read_bytes() for name in EXPORTS)


def test_line_ends_are_kept_where_there_are_some(here: Path) -> None:
    weave("--export", "--export-dir", "out", "--eol", "crlf")
    first = {name: (here / "out" / name).read_bytes() for name in EXPORTS}

    weave("--export", "--export-dir", "out")

    assert {name: (here / "out" / name).read_bytes() for name in EXPORTS} == first
    assert b"\r\n" in first[EXPORT]


def test_a_bad_line_is_left_out_named_and_tells_in_the_status(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (here / "mint.jsonl").open("ab") as feed:
        feed.write(b"{broken\n")

    assert weave("--export", "--export-dir", "out", "--quiet") == 1

    assert "mint.jsonl: line 3 error TF003" in capsys.readouterr().err
    assert len(json.loads((here / "out" / EXPORT).read_bytes())) == 2


@pytest.mark.parametrize("metadata", [b"{", b"[]", b"\xef\xbb\xbf{}", b'"x"', b"\xff"])
def test_metadata_that_cannot_be_parsed_stops_everything(here: Path, metadata: bytes) -> None:
    (here / "out").mkdir()
    (here / "out" / "export_manifest.json").write_bytes(metadata)
    before = names(here)

    assert weave("--export", "--export-dir", "out", "--output", "mint.json") == 3

    assert names(here) == before


def test_metadata_is_refreshed_by_an_export_and_none_is_made(here: Path) -> None:
    (here / "out").mkdir()
    build_info = {"artifacts": [{"path": f"x/{EXPORT}"}], "counts": {"records": 9}}
    (here / "out" / "build_info.json").write_bytes(json.dumps(build_info).encode())

    assert weave("--export", "--export-dir", "out") == 0

    digest = upper((here / "out" / EXPORT).read_bytes())
    expected = {
        "artifacts": [{"path": f"x/{EXPORT}", "sha256": digest}],
        "counts": {"records": 9},
        "timestamp": NOW,
    }
    assert (here / "out" / "build_info.json").read_bytes() == pretty(expected)
    assert "out/export_manifest.json" not in names(here)


def test_a_refresh_brings_everything_around_an_export_up_to_date(here: Path) -> None:
    out = here / "out"
    out.mkdir()
    (out / EXPORT).write_bytes(json.dumps([record(batch_id="b", units_processed=4), record()]).encode())
    (out / JSON_SIDECAR).write_text(f"{'0' * 64}  exports/{EXPORT}\r\n", newline="")
    manifest = {
        "artifacts": [{"path": f"x\\{TABLE}", "sha256": "old"}],
        "checksums": {EXPORT: "old", "other": "kept"},
        "counts": {"records": 0, "units_total": 0, "batches": 7},
        "batch_contents": [],
        "batch_count": 0,
    }
    (out / "export_manifest.json").write_bytes(json.dumps(manifest).encode())

    assert loom("--refresh", "out") == 0

    body, table = (out / EXPORT).read_bytes(), (out / TABLE).read_bytes()
    assert body == pretty([record(), record(batch_id="b", units_processed=4)])
    assert (out / JSON_SIDECAR).read_bytes().decode() == f"{upper(body).lower()}  exports/{EXPORT}\r\n"
    assert (out / "export_manifest.json").read_bytes() == pretty(
        {
            "artifacts": [{"path": f"x\\{TABLE}", "sha256": upper(table)}],
            "checksums": {EXPORT: upper(body), "other": "kept"},
            "counts": {"records": 2, "units_total": 5, "batches": 7},
            "batch_contents": ["alfa-1", "b"],
            "batch_count": 2,
            "generated_at": NOW,
        }
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[1]",
        b'[{"batch_id": "a"}]',
        pretty([record(), record(batch_id=1)]),
        pretty([record(batch_id="\ud800")]),
    ],
)
def test_a_refresh_that_would_lose_something_writes_nothing(here: Path, content: bytes) -> None:
    (here / "out").mkdir()
    (here / "out" / EXPORT).write_bytes(content)

    assert loom("--refresh", "out") == 3

    assert names(here / "out") == {EXPORT}
    assert (here / "out" / EXPORT).read_bytes() == content


@pytest.mark.parametrize(
    "rollup", [b"\xef\xbb\xbf{}", b"{} x", b'{"a": {"note": "\xff"}}', b'{"a": {"n": %s}}' % (b"1" * 4301)]
)
def test_a_rollup_that_the_producer_could_not_read_is_exported_and_tells_in_the_status(
    here: Path, rollup: bytes
) -> None:
    (here / "all.json").write_bytes(rollup)

    assert loom("--rollup", "all.json", "--export", "--export-dir", "out") == 1

    assert names(here / "out") == EXPORTS


@pytest.mark.parametrize("rollup", [b"", b"[]", b"{", b"\xff"])
def test_a_rollup_that_cannot_be_read_stops_everything(here: Path, rollup: bytes) -> None:
    (here / "all.json").write_bytes(rollup)

    assert loom("--rollup", "all.json", "--export", "--export-dir", "out") == 3

    assert not (here / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--refresh", "out", "--export"],
        ["--rollup", "a", "--telemetry", "b", "--export", "--export-dir", "out"],
        ["--telemetry", "mint.jsonl", "--export"],
        ["--now", "noon"],
    ],
)
def test_what_contradicts_itself_is_wrong_use(here: Path, arguments: list[str]) -> None:
    before = names(here)

    assert loom(*arguments) == 2

    assert names(here) == before


def test_a_missing_export_or_rollup_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert loom("--refresh", "nowhere") == 3
    assert loom("--rollup", "none.json", "--export", "--export-dir", "out") == 3

    assert "no such file" in capsys.readouterr().err


def test_every_operation_that_is_left_out_is_counted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "all.json").write_bytes(pretty({f"a{number}": None for number in range(50)}))

    assert loom("--rollup", "all.json", "--export", "--export-dir", "out", "--summary", "json") == 1

    assert json.loads(capsys.readouterr().out)["left_out"] == 50


def test_the_summary_comes_as_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weave("--export", "--export-dir", "out", "--summary", "json")

    summary = json.loads(capsys.readouterr().out)
    assert (summary["schema"], summary["mint_events"], summary["records"]) == ("teleloupe.loom/1", 2, 2)


@pytest.mark.parametrize(
    "existing",
    [
        "\nHash\n----\n{}\n\n",
        "{}  composite_export.json\n",
        "{} *some/where/composite_export.json\r\n",
        "SHA256 (composite_export.json) = {}\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_sidecar_keeps_its_style(existing: str, encoding: str) -> None:
    renewed = refreshed_sidecar(existing.format("a" * 64).encode(encoding), "b" * 64, "lf")

    assert renewed == existing.format("b" * 64).encode(encoding)


@pytest.mark.parametrize("existing", [None, b"", b"nothing here", f"{'a' * 64}  x\n{'b' * 64}  y\n".encode()])
def test_a_sidecar_without_one_digest_becomes_the_loom_s(existing: bytes | None) -> None:
    assert refreshed_sidecar(existing, "c" * 64, "lf") == f"\nHash\n----\n{'C' * 64}\n".encode()
