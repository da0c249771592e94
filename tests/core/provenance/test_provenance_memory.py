"""Verified bytes that are remembered: privately, within limits, and proven when they are recalled."""

from __future__ import annotations

import json
import os
import stat
import zlib
from pathlib import Path

import pytest
from signed_files import sha256

from teleloupe.cli import main
from teleloupe.model import Proof
from teleloupe.provenance import access, memory
from teleloupe.provenance.memory import Memory, default_folder
from teleloupe.provenance.recover import recover
from teleloupe.workspace import Workspace

SIGNED, CHANGED = b"signed off\n", b"changed since\n"
NOW_NS = 1_800_000_000_000_000_000


def in_folder(folder: Path) -> Memory:
    return Memory(str(folder), lambda: NOW_NS)


def dated(cache: Memory, data: bytes, seconds_ago: int) -> None:
    cache.remember(sha256(data), lambda: data)
    moment = NOW_NS // 1_000_000_000 - seconds_ago
    os.utime(Path(cache.folder) / sha256(data)[:2] / sha256(data)[2:], (moment, moment))


def test_bytes_that_held_explain_a_later_change(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", in_folder(tmp_path / "cache")
    root.mkdir()
    (root / "a.json.sha256").write_text(sha256(SIGNED))
    (root / "a.json").write_bytes(SIGNED)
    workspace = Workspace(str(root), memory=cache)
    assert [v.word for v in workspace.refresh().verdicts] == ["ok"]

    (root / "a.json").write_bytes(CHANGED)
    snapshot = workspace.refresh(["a.json"])

    (verdict,) = snapshot.verdicts
    assert verdict.proof is not None
    assert (verdict.word, verdict.proof.source) == ("older-version", "memory")
    assert recover(verdict, snapshot.documents, access.below(str(root)), cache.recall) == SIGNED


def test_what_is_here_goes_before_what_is_remembered(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", in_folder(tmp_path / "cache")
    root.mkdir()
    cache.remember(sha256(SIGNED), lambda: SIGNED)
    (root / "a.json").write_bytes(SIGNED)
    (root / "a.csv").write_bytes(CHANGED)
    (root / "a.csv.sha256").write_text(sha256(SIGNED))

    (verdict,) = Workspace(str(root), memory=cache).refresh().verdicts

    assert verdict.word == "twin"


def test_without_memory_the_same_change_is_a_mismatch(tmp_path: Path) -> None:
    (tmp_path / "a.json.sha256").write_text(sha256(SIGNED))
    (tmp_path / "a.json").write_bytes(SIGNED)
    workspace = Workspace(str(tmp_path))
    workspace.refresh()

    (tmp_path / "a.json").write_bytes(CHANGED)

    assert [v.word for v in workspace.refresh(["a.json"]).verdicts] == ["mismatch"]


def test_entries_are_for_their_owner_alone(tmp_path: Path) -> None:
    cache = in_folder(tmp_path / "cache")

    cache.remember(sha256(SIGNED), lambda: SIGNED)

    entry = tmp_path / "cache" / sha256(SIGNED)[:2] / sha256(SIGNED)[2:]
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600
    assert stat.S_IMODE(entry.parent.stat().st_mode) == 0o700
    assert zlib.decompress(entry.read_bytes()) == SIGNED


def test_bytes_of_another_digest_are_not_kept(tmp_path: Path) -> None:
    cache = in_folder(tmp_path)

    cache.remember(sha256(SIGNED), lambda: CHANGED)

    assert (cache.entries(), cache.recall(sha256(SIGNED))) == ([], None)


def test_a_forged_entry_is_no_entry(tmp_path: Path) -> None:
    cache = in_folder(tmp_path)
    cache.remember(sha256(SIGNED), lambda: SIGNED)
    entry = tmp_path / sha256(SIGNED)[:2] / sha256(SIGNED)[2:]

    for content in (zlib.compress(CHANGED), b"damage", b""):
        entry.write_bytes(content)
        assert cache.recall(sha256(SIGNED)) is None


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_only_digests_are_recalled(tmp_path: Path, digest: str) -> None:
    assert in_folder(tmp_path).recall(digest) is None


def test_large_files_are_not_kept(tmp_path: Path) -> None:
    cache, large = in_folder(tmp_path), b"x" * (memory.ENTRY_BYTES + 1)

    cache.remember(sha256(large), lambda: large)

    assert cache.entries() == []


def test_old_entries_and_the_oldest_of_too_many_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = in_folder(tmp_path)
    for data, days in ((b"old", 200), (b"one", 3), (b"two", 2), (b"new", 1)):
        dated(cache, data, days * 86_400)
    monkeypatch.setattr(memory, "TOTAL_BYTES", 2 * cache.entries()[0].size)

    cache.trim()

    assert [entry.sha256 for entry in cache.entries()] == [sha256(b"new"), sha256(b"two")]


def test_the_moment_is_told_in_utc(tmp_path: Path) -> None:
    cache = in_folder(tmp_path)
    dated(cache, SIGNED, 0)

    assert cache.recall(sha256(SIGNED)) == (SIGNED, "2027-01-15T08:00:00Z")


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = in_folder(tmp_path / "file" / "cache")

    cache.remember(sha256(SIGNED), lambda: SIGNED)

    assert (cache.entries(), cache.recall(sha256(SIGNED)), cache.clear()) == ([], None, 0)


@pytest.mark.parametrize(
    ("environment", "folder"),
    [({"XDG_CACHE_HOME": "/x"}, "/x/teleloupe/verified"), ({"XDG_CACHE_HOME": "x"}, "~/.cache/teleloupe/verified"),
     ({}, "~/.cache/teleloupe/verified")],
)  # fmt: skip
def test_the_cache_is_where_caches_belong(environment: dict[str, str], folder: str) -> None:
    assert default_folder(environment) == str(Path(folder).expanduser())


def test_the_command_shows_and_clears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache = in_folder(Path(default_folder(os.environ)))
    cache.remember(sha256(SIGNED), lambda: SIGNED)

    assert main(["memory", "--output", "json"]) == 0
    answer = json.loads(capfdbinary.readouterr().out)
    assert [entry["sha256"] for entry in answer["entries"]] == [sha256(SIGNED)]

    assert main(["memory", "--clear"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"1 entries forgotten\n0 entries, 0 bytes in ")


def test_verify_recalls_unless_told_not_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    in_folder(Path(default_folder(os.environ))).remember(sha256(SIGNED), lambda: SIGNED)
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "a.json").write_bytes(CHANGED)
    (tmp_path / "root" / "a.json.sha256").write_text(sha256(SIGNED))

    words = []
    for option in ("--memory", "--no-memory"):
        main(["verify", str(tmp_path / "root"), "--output", "json", option])
        words.append(json.loads(capfdbinary.readouterr().out)["claims"][0]["verdict"])

    assert words == ["older-version", "mismatch"]
    assert Proof(source="memory").form == ()
