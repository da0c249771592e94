"""A small directory in a real git repository, with sums of every sort: holding, by line ends, older, unexplained."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

NOW = 1_761_141_600.0  # 2025-10-22T14:00:00Z
OLD = {"build_id": "canary-b1", "issuer": "foundry", "source": "canary", "timestamp": "2025-10-16T05:31:47Z"}
NEW = {"build_id": "order030-b1", "issuer": "foundry", "retention_days": 7, "timestamp": "2025-10-23T05:29:49Z"}


def sha256(data: bytes) -> str:
    """The digest in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def crlf(data: bytes) -> bytes:
    """The bytes as they are in a Windows checkout."""
    return data.replace(b"\n", b"\r\n")


def pretty(value: Any) -> bytes:
    """JSON as the foundry writes it."""
    return (json.dumps(value, indent=2) + "\n").encode()


def rituals(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Records of an export; `changes` are of the second one."""
    records = [
        {
            "batch_id": f"alfa-17639748{index:02d}-11223344", "duration_ms": index * 10, "ritual": "forge",
            "schema_version": "1.0", "status": "success", "units_processed": 1,
        }
        for index in range(count)
    ]  # fmt: skip
    records[1] |= changes
    return records


def build(folder: Path) -> Path:
    """Make the directory, `exports` below a folder, and give its path."""
    root = folder / "exports"
    root.mkdir(parents=True)
    _git(root, "init", "-q", "-b", "main")
    _commit(root, {"build_info.json": pretty(OLD)}, "2025-10-16T10:00:00Z")
    files = {f"batch_{letter}.json": pretty(rituals(3, duration_ms=number)) for number, letter in enumerate("abc")}
    files |= {f"{name}.sha256": f"{sha256(crlf(data))}  {name}\n".encode() for name, data in files.items()}
    files["build_info.json"] = pretty(NEW)
    stale = f"Algorithm Hash Path\r\nSHA256 {sha256(crlf(pretty(OLD))).upper()} C:\\x\\build_info.json\r\n"
    files["build_info.json.sha256"] = stale.encode("utf-16")
    whole = pretty(rituals(4))
    files["composite_export.json"] = whole
    files["composite_export.json.sha256"] = f"{sha256(whole)} *composite_export.json\n".encode()
    files["odd.json"] = pretty(rituals(2))
    files["odd.json.sha256"] = f"{sha256(b'nobody knows')}  odd.json\n".encode()
    files["loose.json"] = pretty(rituals(2, status="partial"))
    _commit(root, files, "2025-10-21T10:00:00Z")
    return root


def _commit(root: Path, files: dict[str, bytes], when: str) -> None:
    for name, data in files.items():
        (root / name).write_bytes(data)
        os.utime(root / name, (NOW - 86_400, NOW - 86_400))
    _git(root, "add", "-A", when=when)
    _git(root, "commit", "-q", "-m", "exports", when=when)


def _git(root: Path, *words: str, when: str = "") -> None:
    settings = ("user.name=t", "user.email=t@example", "core.autocrlf=false", "commit.gpgsign=false")
    options = [word for setting in settings for word in ("-c", setting)]
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when} if when else {}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | dates
    subprocess.run(["git", *options, *words], cwd=root, check=True, capture_output=True, env=environment)
