"""Patterns of paths that nobody wants to see, and what becomes of claims about such files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from teleloupe.ignoring import ignoring
from teleloupe.model import UsageError
from teleloupe.workspace import Workspace


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not_fit"),
    [
        ("*.tmp", ["a.tmp", "deep/er/b.tmp", "odd.tmp/inside"], ["a.tmp2", "tmp"]),
        ("old/", ["old/", "old/a", "deep/old/a"], ["old", "bold/a", "older/a"]),
        ("a/*.json", ["a/x.json"], ["a/b/x.json", "b/a/x.json"]),
        ("/x.json", ["x.json"], ["a/x.json"]),
        ("a/**/x", ["a/x", "a/b/x", "a/b/c/x"], ["b/x"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a"]),
        ("run?", ["run1", "d/run2/x"], ["run", "run12"]),
        ("gen_[!0-3].txt", ["gen_4.txt"], ["gen_2.txt"]),
        ("v[1-2]", ["v1", "x/v2/y"], ["v3"]),
        ("a.b+(c)", ["a.b+(c)"], ["aab+(c)"]),
    ],
)
def test_a_pattern_fits_names_and_paths(pattern: str, fits: list[str], does_not_fit: list[str]) -> None:
    is_ignored = ignoring([pattern])

    assert [path for path in fits if not is_ignored(path)] == []
    assert [path for path in does_not_fit if is_ignored(path)] == []


@pytest.mark.parametrize("pattern", ["", "/", "//"])
def test_a_pattern_of_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError, match="ignores nothing"):
        ignoring([pattern])


def test_ignored_files_are_not_listed_and_nothing_that_is_said_of_them_counts(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    for name in ("a.json", "b.json", "old/c.json"):
        (tmp_path / name).write_text("[]")
    wrong = hashlib.sha256(b"other").hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{wrong}  a.json\n{wrong}  b.json\n{wrong}  old/c.json\n")

    snapshot = Workspace(str(tmp_path), ignored=("b.*", "old/")).refresh()

    assert list(snapshot.documents) == ["SHA256SUMS", "a.json"]
    assert [(verdict.claim.subject, verdict.word) for verdict in snapshot.verdicts] == [("a.json", "mismatch")]


def test_a_file_that_appears_in_an_ignored_directory_stays_unseen(tmp_path: Path) -> None:
    workspace = Workspace(str(tmp_path), ignored=("old/",))
    workspace.refresh()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "x").write_text("")
    (tmp_path / "y").write_text("")

    assert list(workspace.refresh(["old", "old/x", "y"]).documents) == ["y"]
    assert list(workspace.refresh().documents) == ["y"]
