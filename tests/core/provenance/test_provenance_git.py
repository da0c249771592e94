"""Older versions out of real repositories, and what happens where git cannot say."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
from signed_files import git, sha256, write

from teleloupe.model import Verdict
from teleloupe.provenance import access
from teleloupe.provenance.git import History
from teleloupe.provenance.recover import recover
from teleloupe.provenance.resolve import Resolver
from teleloupe.workspace import Workspace

OLD, NEW = b'{"build": 1}\n', b'{"build": 2}\n'


def blob_id(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def commit(root: Path, tree: dict[str, bytes], message: str) -> str:
    if not (root / ".git").exists():
        root.mkdir(parents=True, exist_ok=True)
        git(root, "init", "-q", "-b", "main")
    write(root, tree)
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "-m", message)
    return git(root, "rev-parse", "HEAD")


def verdicts(root: Path) -> list[Verdict]:
    return list(Workspace(str(root)).refresh().verdicts)


def sidecar_of(data: bytes) -> bytes:
    return f"{sha256(data)}  a.json\n".encode()


def test_an_older_version_is_found_with_commit_and_date(tmp_path: Path) -> None:
    first = commit(tmp_path, {"x/a.json": OLD}, "one")
    commit(tmp_path, {"x/a.json": NEW, "x/a.json.sha256": sidecar_of(OLD)}, "two")

    (verdict,) = verdicts(tmp_path)

    assert verdict.proof is not None
    assert (verdict.word, verdict.subject) == ("older-version", "x/a.json")
    assert (verdict.proof.source, verdict.proof.form, verdict.proof.path) == ("git", (), "x/a.json")
    assert (verdict.proof.blob, verdict.proof.commit) == (blob_id(OLD), first[:10])
    assert verdict.proof.when == git(tmp_path, "show", "-s", "--format=%cI", first)
    assert [issue.code for issue in Workspace(str(tmp_path)).refresh().issues_of("x/a.json")] == ["TF508"]


def test_an_older_version_is_found_in_its_crlf_form_from_a_directory_below(tmp_path: Path) -> None:
    commit(tmp_path, {"x/a.json": OLD}, "one")
    commit(tmp_path, {"x/a.json": NEW, "x/a.json.sha256": sidecar_of(OLD[:-1] + b"\r\n")}, "two")

    (verdict,) = verdicts(tmp_path / "x")

    assert verdict.proof is not None
    assert (verdict.word, verdict.proof.form, verdict.proof.path) == ("older-version", ("lf->crlf",), "x/a.json")


def test_a_version_that_was_never_committed_stays_a_mismatch(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": OLD}, "one")
    commit(tmp_path, {"a.json": NEW, "a.json.sha256": sidecar_of(b'{"build": 3}\n')}, "two")

    (verdict,) = verdicts(tmp_path)

    assert (verdict.word, verdict.proof) == ("mismatch", None)
    assert verdict.tried[-1] == ("3 versions of any file in git", False)


def test_the_own_older_version_comes_before_another_file_of_the_same_bytes(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": OLD}, "one")
    commit(tmp_path, {"a.json": NEW, "b.json": OLD, "a.json.sha256": sidecar_of(OLD)}, "two")

    (verdict,) = verdicts(tmp_path)

    assert verdict.word == "older-version"


def test_the_version_of_another_path_is_found_when_nothing_else_explains(tmp_path: Path) -> None:
    commit(tmp_path, {"was.json": OLD}, "one")
    (tmp_path / "was.json").unlink()
    commit(tmp_path, {"a.json": NEW, "a.json.sha256": sidecar_of(OLD)}, "two")

    (verdict,) = verdicts(tmp_path)

    assert verdict.proof is not None
    assert (verdict.word, verdict.proof.path) == ("older-version", "was.json")
    assert "a version of was.json" in verdict.message


def test_a_version_that_only_a_merge_or_another_branch_has_is_found(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": b"base\n"}, "base")
    git(tmp_path, "checkout", "-q", "-b", "side")
    commit(tmp_path, {"a.json": OLD}, "on the side")
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, {"a.json": NEW, "a.json.sha256": sidecar_of(OLD)}, "on main")

    assert verdicts(tmp_path)[0].word == "older-version"

    git(tmp_path, "merge", "-q", "-s", "ours", "--no-commit", "side")
    merged = b'{"merged": true}\n'
    commit(tmp_path, {"a.json": merged}, "merge")
    commit(tmp_path, {"a.json": NEW, "a.json.sha256": sidecar_of(merged)}, "after")

    (verdict,) = verdicts(tmp_path)
    assert verdict.proof is not None
    assert (verdict.word, verdict.proof.blob) == ("older-version", blob_id(merged))


def test_a_missing_artefact_is_named_with_the_version_that_git_has(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": OLD, "a.json.sha256": sidecar_of(OLD)}, "one")
    (tmp_path / "a.json").unlink()

    (verdict,) = verdicts(tmp_path)

    assert verdict.proof is not None
    assert (verdict.word, verdict.subject) == ("missing-artefact", "a.json.sha256")
    assert verdict.proof.blob == blob_id(OLD)


def test_expected_bytes_are_recovered_and_proven(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": OLD}, "one")
    commit(tmp_path, {"a.json": NEW, "a.json.sha256": sidecar_of(OLD[:-1] + b"\r\n")}, "two")
    snapshot = Workspace(str(tmp_path)).refresh()

    recovered = recover(snapshot.verdicts[0], snapshot.documents, access.below(str(tmp_path)))

    assert recovered == OLD[:-1] + b"\r\n"


def test_a_repository_below_the_root_is_asked_for_its_own_files(tmp_path: Path) -> None:
    inner = tmp_path / "checkout"
    commit(inner, {"a.json": OLD}, "one")
    commit(inner, {"a.json": NEW, "a.json.sha256": sidecar_of(OLD)}, "two")

    found = [v for v in verdicts(tmp_path) if v.claim.claimant == "checkout/a.json.sha256"]

    assert [v.word for v in found] == ["older-version"]


def test_a_commit_made_while_watching_is_seen(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": b"{}\n"}, "one")
    (tmp_path / "a.json").write_bytes(NEW)
    (tmp_path / "a.json.sha256").write_bytes(sidecar_of(OLD))
    workspace = Workspace(str(tmp_path))
    assert [v.word for v in workspace.refresh().verdicts] == ["mismatch"]

    commit(tmp_path, {"a.json": OLD}, "two")
    (tmp_path / "a.json").write_bytes(NEW)

    assert [v.word for v in workspace.refresh(["a.json"]).verdicts] == ["older-version"]


@pytest.mark.parametrize("path", ["", "/nowhere"])
def test_git_that_is_not_installed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    (tmp_path / "a.json").write_bytes(NEW)
    (tmp_path / "a.json.sha256").write_bytes(sidecar_of(OLD))
    monkeypatch.setenv("PATH", path)

    (verdict,) = verdicts(tmp_path)

    assert verdict.word == "mismatch"
    assert verdict.message.endswith("git: git is not installed")


def test_a_repository_without_commits_is_said(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.json").write_bytes(NEW)
    (tmp_path / "a.json.sha256").write_bytes(sidecar_of(OLD))

    (verdict,) = verdicts(tmp_path)

    assert (verdict.word, verdict.tried[-1]) == ("mismatch", ("0 versions of any file in git", False))


def test_a_damaged_repository_is_said(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": OLD}, "one")
    (tmp_path / "a.json").write_bytes(NEW)
    (tmp_path / "a.json.sha256").write_bytes(sidecar_of(OLD))
    for loose in (tmp_path / ".git" / "objects").rglob("*"):
        if loose.is_file():
            loose.chmod(0o644)
            loose.write_bytes(b"damage")

    (verdict,) = verdicts(tmp_path)

    assert verdict.word == "mismatch"
    assert "git fails" in verdict.message


def test_nothing_that_a_repository_names_is_run(tmp_path: Path) -> None:
    witness = tmp_path.parent / f"{tmp_path.name}-witness"
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\necho ran >> {witness}\ncat\n")
    trap.chmod(0o755)
    commit(tmp_path, {"a.json": OLD, ".gitattributes": b"*.json diff=trap filter=trap\n"}, "one")
    commit(tmp_path, {"a.json": NEW, "a.json.sha256": sidecar_of(OLD)}, "two")
    for hook in ("post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc"):
        (tmp_path / ".git" / "hooks" / hook).write_bytes(trap.read_bytes())
        (tmp_path / ".git" / "hooks" / hook).chmod(0o755)
    for name in (
        "core.fsmonitor", "core.pager", "pager.log", "pager.cat-file", "diff.external", "diff.trap.textconv",
        "diff.trap.command", "filter.trap.smudge", "filter.trap.clean", "gpg.program", "core.sshCommand",
        "core.askPass", "credential.helper", "core.editor", "alias.log", "core.alternateRefsCommand",
    ):  # fmt: skip
        git(tmp_path, "config", name, str(trap))
    git(tmp_path, "config", "log.showSignature", "true")
    git(tmp_path, "config", "protocol.ext.allow", "always")
    git(tmp_path, "config", "remote.origin.url", f"ext::{trap}")
    git(tmp_path, "config", "remote.origin.promisor", "true")
    git(tmp_path, "config", "extensions.partialClone", "origin")
    witness.unlink(missing_ok=True)  # the commands above ran it themselves

    missing = tmp_path / ".git" / "objects" / blob_id(OLD)[:2] / blob_id(OLD)[2:]
    assert [v.word for v in verdicts(tmp_path) if v.claim.kind == "sidecar"] == ["older-version"]
    missing.unlink()
    assert [v.word for v in verdicts(tmp_path) if v.claim.kind == "sidecar"] == ["mismatch"]

    assert not witness.exists()


def test_the_environment_cannot_redirect_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(tmp_path / "other", {"a.json": OLD}, "one")
    (tmp_path / "here").mkdir()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))

    history = History(str(tmp_path / "here"))
    history.refresh()

    assert (history.problem, history.count()) == ("not a git repository", 0)


def test_names_that_need_quoting_are_followed(tmp_path: Path) -> None:
    name = 'odd "name"\twith\nall.json'
    sums = sha256(OLD).encode()
    commit(tmp_path, {name: OLD}, "one")
    commit(tmp_path, {name: NEW, f"{name}.sha256": sums}, "two")

    assert [v.word for v in verdicts(tmp_path)] == ["older-version"]


def test_git_is_not_asked_when_every_claim_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("git was run"))
    tree = {"a.json": OLD, "a.json.sha256": sidecar_of(OLD), "b.json": OLD, "b.json.sha256": sidecar_of(OLD[:-1])}
    for path, data in tree.items():
        (tmp_path / path).write_bytes(data)

    assert [v.word for v in verdicts(tmp_path)] == ["ok", "final-newline"]


def test_history_is_left_alone_where_it_is_not_wanted(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": OLD}, "one")
    commit(tmp_path, {"a.json": NEW, "a.json.sha256": sidecar_of(OLD)}, "two")
    documents = Workspace(str(tmp_path)).refresh().documents

    found = Resolver(access.below(os.fspath(tmp_path)), look_in_git=False).resolve(documents)

    assert [(v.word, v.message.rpartition("git: ")[2]) for v in found] == [("mismatch", "not asked")]
