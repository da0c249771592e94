"""Files with their sums, laid out to be verified."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping
from pathlib import Path

from teleloupe.model import Snapshot
from teleloupe.workspace import Workspace


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def crlf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def write(root: Path, tree: Mapping[str, bytes]) -> None:
    for path, data in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def laid_out(root: Path, tree: Mapping[str, bytes]) -> Snapshot:
    """What is known of a directory with these files."""
    write(root, tree)
    return Workspace(str(root)).refresh()


def git(root: Path, *words: str) -> str:
    """What git answers, whatever its user has configured."""
    settings = ("user.name=t", "user.email=t@example", "core.autocrlf=false", "commit.gpgsign=false")
    command = ["git", *(word for setting in settings for word in ("-c", setting)), *words]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.strip()
