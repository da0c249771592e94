"""`teleloupe demo`: what the directory holds, and what the writer does to it."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import pytest

from teleloupe import formats
from teleloupe.cli import Front, Settings, main
from teleloupe.cli.verify import snapshot_of_path
from teleloupe.demo import ailments, layout
from teleloupe.demo.dice import Dice
from teleloupe.demo.writer import Writer
from teleloupe.model import Snapshot
from teleloupe.provenance.accord import unvouched
from teleloupe.provenance.causes import WORDS, tally
from teleloupe.workspace import Workspace

SEEDS = (1, 2, 77)


def laid_out(root: Path, seed: int) -> Snapshot:
    has_history = layout.lay_out(str(root), seed)
    if not has_history:
        pytest.skip("git is not here, so that one ailment is left out")
    return snapshot_of_path(str(root))


@pytest.mark.parametrize("seed", SEEDS)
def test_each_ailment_of_a_checksum_is_there_once(tmp_path: Path, seed: int) -> None:
    snapshot = laid_out(tmp_path, seed)

    found = tally(snapshot.verdicts)
    assert {word for word, count in found.items() if count == 1 and word != "ok"} == set(WORDS) - {"ok"}
    for ailment in ailments.AILMENTS:
        folder = f"checksums/{ailment.folder}/"
        assert ailment.word in {v.word for v in snapshot.verdicts if v.subject.startswith(folder)} | {"none"}, folder
    assert "checksums/unvouched/composite_export.json" in unvouched(snapshot.documents, snapshot.verdicts)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_five_formats_are_there_and_only_what_is_meant_to_fail_fails(tmp_path: Path, seed: int) -> None:
    snapshot = laid_out(tmp_path, seed)

    assert {document.format for document in snapshot.documents.values()} == {*formats.NAMES, None}
    serious = {(path, issue.rule.id) for path, issue in snapshot.issues() if issue.severity == "error"}
    assert all(path.startswith("checksums/") for path, _ in serious)
    warned = {path.partition("/")[0] for path, issue in snapshot.issues() if issue.severity == "warning"}
    assert warned == {"checksums", "svr"}


def test_the_same_seed_gives_the_same_files_and_another_one_others() -> None:
    assert layout.demo_files(Dice(1)) == layout.demo_files(Dice(1))
    one, other = layout.demo_files(Dice(1)), layout.demo_files(Dice(2))
    assert one.keys() == other.keys()
    assert one["clamp/rocm_snapshot.json"] != other["clamp/rocm_snapshot.json"]


def test_without_git_the_older_version_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    assert layout.lay_out(str(tmp_path / "demo"), 1) is False
    assert not (tmp_path / "demo/checksums/older-version").exists()
    assert "older-version" not in (tmp_path / "demo" / layout.GUIDE).read_text()


def test_the_writer_breaks_and_mends_a_file_and_leaves_valid_ones(tmp_path: Path) -> None:
    workspace = Workspace(str(tmp_path))
    pieces = []

    def look(_seconds: float) -> None:
        pieces.append(next((tmp_path / "live/clamp").iterdir()).stat().st_size)

    writer = Writer(str(tmp_path), 1, look)
    writer.begin()
    states = []
    for told in islice(writer.steps(), 38):
        snapshot = workspace.refresh()
        states.append((told, {path for path, issue in snapshot.issues() if issue.severity == "error"}))

    broken = [errors for told, errors in states if "broken" in told]
    assert sorted(broken[0]) == ["live/clamp/clamp_run_20260302T091620Z.json"]
    assert len(broken) == 3
    assert [told for told, errors in states if errors and "broken" not in told] != []
    assert states[-1][1] == set()
    assert len(set(pieces)) > 2
    assert {issue.rule.id for _, issue in snapshot.issues() if issue.severity == "warning"} <= {
        "svr/lineage-drill-missing"
    }
    assert {document.format for document in snapshot.documents.values()} >= {"toyfoundry", "clamp", "bootloader", "svr"}
    assert all(verdict.word == "ok" for verdict in snapshot.verdicts)


def test_a_kept_demo_is_written_to_a_new_or_empty_place_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "demo"

    assert main(["demo", "--keep", str(place), "--no-open"]) == 0
    assert capsys.readouterr().out == f"the demo directory is {place}\n"
    assert (place / layout.GUIDE).exists()
    assert main(["demo", "--keep", str(place), "--no-open"]) == 2
    assert "is not empty" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "said"), [(["--no-open"], "goes with --keep"), ([], "there is no inspector")])
def test_a_demo_that_nobody_could_see_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", *words]) == 2
    assert said in capsys.readouterr().err


def test_the_inspector_is_shown_a_directory_that_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    seen = []

    def inspect(root: str, greeting: str) -> int:
        seen.append((root, greeting, os.path.exists(os.path.join(root, layout.GUIDE))))
        return 143

    assert main(["demo", "--no-writer"], Front(inspect, lambda: Settings("", (), ""))) == 143
    assert [(os.path.dirname(root), has_guide) for root, _, has_guide in seen] == [(str(tmp_path), True)]
    assert seen[0][1].startswith("{sums:<7}checksums")
    assert list(tmp_path.iterdir()) == []
