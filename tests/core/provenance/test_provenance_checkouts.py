"""The same artefacts as git checks them out."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from signed_files import crlf, git, sha256

from teleloupe.provenance.causes import tally
from teleloupe.workspace import Workspace


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """Files as a Windows author leaves them: stored with LF, summed with CRLF, some mixed, one sidecar out of date."""
    root = tmp_path / "origin"
    root.mkdir()
    git(root, "init", "-q")
    old = b'{"build": 1}\n'
    (root / "stale.json").write_bytes(old)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "old")
    files: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
        "crlf-summed.json": (b"[\n  1\n]\n", crlf),
        "crlf-summed.csv": (b"a,b\n1,2\n", crlf),
        "lf-summed.json": (b"{\n}\n", bytes),
        "stored-crlf.json": (b"{\r\n}\r\n", bytes),
        "mixed.csv": (b"a,b\n1,2\n\r\n", bytes),
    }
    for name, (data, signed) in files.items():
        (root / name).write_bytes(data)
        (root / f"{name}.sha256").write_text(f"\nHash\n----\n{sha256(signed(data)).upper()}\n")
    (root / "stale.json").write_bytes(b'{"build": 2}\n')
    (root / "stale.json.sha256").write_text(f"{sha256(crlf(old))}  stale.json\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "new")
    return root


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("core.autocrlf=false", {"ok": 3, "line-endings": 2, "older-version": 1, "mismatch": 0}),
        ("core.autocrlf=true", {"ok": 4, "line-endings": 1, "older-version": 1, "mismatch": 0}),
        ("core.autocrlf=input", {"ok": 3, "line-endings": 2, "older-version": 1, "mismatch": 0}),
    ],
)
def test_nothing_is_unexplained_however_git_checks_it_out(
    tmp_path: Path, origin: Path, setting: str, expected: dict[str, int]
) -> None:
    words = ["git", "clone", "-q", "-c", setting, str(origin), "checkout"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)

    snapshot = Workspace(str(tmp_path / "checkout")).refresh()

    assert tally(snapshot.verdicts) == expected
