"""The corpora beside the repository, and the command line run over them as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SHARED = REPOSITORY.parent / "shared"
CORPUS = SHARED / "corpus"

needs_corpora = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpora are not beside this checkout")


def answer(*words: str | Path, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> bytes:
    """What a command writes to stdout; nothing may go wrong but what it finds."""
    command = [sys.executable, "-m", "teleloupe", *map(str, words)]
    surroundings = os.environ | {"PYTHONPATH": str(REPOSITORY / "core")} | dict(environment or {})
    done = subprocess.run(command, capture_output=True, cwd=cwd, env=surroundings, check=False)
    assert (done.returncode in (0, 1), done.stderr) == (True, b"")
    return done.stdout


def files_below(folder: Path) -> list[Path]:
    """All files of a folder, by path."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
