"""The same artefacts as git checks them out, and sidecars beside artefacts of every format."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from teleloupe.provenance.causes import tally
from teleloupe.workspace import Workspace

SAMPLES = Path(__file__).parents[3] / "sample_data"
FORMATS = ("toyfoundry", "weftend", "svr", "clamp", "bootloader")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def crlf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def git(root: Path, *words: str) -> None:
    settings = ("user.name=t", "user.email=t@example", "core.autocrlf=false", "commit.gpgsign=false")
    options = [word for setting in settings for word in ("-c", setting)]
    subprocess.run(["git", *options, *words], cwd=root, check=True, capture_output=True)


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


def artefact_of(name: str) -> Path:
    """A text file of the format's valid samples, with more than one line where there is one."""
    found = (path for path in sorted((SAMPLES / name / "valid").rglob("*")) if path.suffix in (".json", ".txt"))
    return max((path for path in found if b"\n" in path.read_bytes()), key=lambda path: path.read_bytes().count(b"\n"))


GROWTH = b"one line more\n"
SIGNED: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("ok", bytes),
    ("line-endings", crlf),
    ("final-newline", lambda data: data[:-1] if data.endswith(b"\n") else data + b"\n"),
    ("bom", lambda data: b"\xef\xbb\xbf" + data),
    ("encoding", lambda data: b"\xff\xfe" + crlf(data).decode().encode("utf-16-le")),
    ("truncated", lambda data: data.removesuffix(GROWTH)),
    ("elsewhere", lambda _: b"the other file"),
]


@pytest.mark.parametrize("word", [word for word, _ in SIGNED])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_s_artefacts_are_explained_and_near_misses_are_not(tmp_path: Path, name: str, word: str) -> None:
    sample = artefact_of(name)
    stored = sample.read_bytes() + (GROWTH if word == "truncated" else b"")
    signed = dict(SIGNED)[word](stored)
    near_miss = signed[:-1] + bytes([signed[-1] ^ 1])
    for folder, data in (("real", signed), ("near", near_miss)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / sample.name).write_bytes(stored)
        (tmp_path / folder / f"{sample.name}.sha256").write_text(sha256(data))
        (tmp_path / folder / "other").write_bytes(b"the other file")

    snapshot = Workspace(str(tmp_path)).refresh()

    words = {v.claim.claimant.partition("/")[0]: v.word for v in snapshot.verdicts if v.claim.kind == "sidecar"}
    assert words == {"real": word, "near": "mismatch"}
