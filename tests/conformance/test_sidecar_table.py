"""The loom's seven export directories made again, and the table of its 27 sidecars in a real git checkout.

Half of the real tree is in the corpus. What is not there follows from the feed and the specification (5, 6.1, 6.2): the
exports of order 030 and of canary_b2 are slices of the mint feed, a sidecar of style A is the digest of the CRLF form,
and build_info_b2.json was rewritten like build_info_b1.json after its sidecar had been taken.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from corpora import CORPUS, answer, needs_corpora

from teleloupe.provenance.causes import tally
from teleloupe.workspace import Workspace

pytestmark = [needs_corpora, pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")]

REAL = CORPUS / "toyfoundry"
TELEMETRY = Path(".toyfoundry/telemetry")
EXPORTS = TELEMETRY / "quilt/exports"
HEAD = REAL / "head"
RITUALS = HEAD / TELEMETRY / "forge_rituals.jsonl"
OLD, CLERKS = REAL / "history/b3c5ece", REAL / "history/8c81aa7"
# lines of the mint feed that a canary was woven of, counted from 1
SLICES = {"canary_c1": (1, 16), "canary_b1": (21, 22), "canary_b2": (23, 24), "order030_canary_b2": (25, 26)}
STYLE_A = "\nHash\n----\n{}\n"


def crlf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def woven(name: str, into: Path) -> Path:
    """The export directory `name`, made from the real feeds."""
    feeds = HEAD / TELEMETRY
    mint, rituals = feeds / "forge_mint_alfa.jsonl", feeds / "tmp/empty_ritual.jsonl"
    if name in SLICES:
        first, last = SLICES[name]
        lines = mint.read_bytes().splitlines(keepends=True)[first - 1 : last]
        mint = into / f"{name}.jsonl"
        mint.write_bytes(b"".join(lines))
    elif name == "order028_canary":
        mint = feeds / "tmp/order028_canary_mint.jsonl"
    if name in (".", "canary_c1"):
        rituals = RITUALS
    place = into / "exports" / name
    place.mkdir(parents=True, exist_ok=True)
    answer("loom", "--telemetry", mint, "--ritual-telemetry", rituals, "--export", "--export-dir", place, "--quiet")
    return place


@pytest.mark.parametrize("name", [".", "canary_b1", "canary_c1", "order028_canary"])
def test_a_real_export_directory_is_made_again_byte_for_byte(tmp_path: Path, name: str) -> None:
    place, real = woven(name, tmp_path), HEAD / EXPORTS / name

    assert (place / "composite_export.json").read_bytes() == (real / "composite_export.json").read_bytes()
    assert (place / "composite_export.csv").read_bytes() == crlf((real / "composite_export.csv").read_bytes())


@pytest.mark.parametrize("name", ["canary_b2", "order030_canary_b2"])
def test_an_export_directory_outside_the_corpus_holds_the_two_mints_of_its_slice(tmp_path: Path, name: str) -> None:
    place = woven(name, tmp_path)

    answered = answer("check", place, "--output", "json", "--fail-on", "error")
    assert b'"records":2' in answered.replace(b" ", b"")
    assert b'"severity":"error"' not in answered.replace(b" ", b"")


def git(root: Path, *words: str) -> None:
    settings = ("user.name=t", "user.email=t@example", "core.autocrlf=false", "commit.gpgsign=false")
    options = [word for setting in settings for word in ("-c", setting)]
    subprocess.run(["git", *options, *words], cwd=root, check=True, capture_output=True)


def signed(place: Path, data: bytes) -> None:
    """An artefact as it is stored, with the sidecar that the loom wrote on Windows."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    digest = hashlib.sha256(crlf(data)).hexdigest().upper()
    place.with_name(f"{place.name}.sha256").write_text(STYLE_A.format(digest))


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The old commit and the whole head, with the 27 sidecars of the specification's table."""
    folder = tmp_path_factory.mktemp("table")
    root = folder / "origin"
    shutil.copytree(OLD, root)
    git(root, "init", "-q")
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "-m", "old")
    shutil.rmtree(root / ".toyfoundry")
    shutil.copytree(HEAD, root, dirs_exist_ok=True)
    exports = root / EXPORTS
    kept: Sequence[str] = (
        "build_info_b3.json",
        *(f"canary_clerk_b{n}.{end}" for n in (2, 3) for end in ("json", "csv")),
    )
    for name in (*kept, *(f"{name}.sha256" for name in kept), "build_info_b2.json.sha256"):
        shutil.copy(CLERKS / EXPORTS / name, exports / name)
    (exports / "build_info_b2.json").write_bytes((exports / "build_info_b1.json").read_bytes().replace(b"b1", b"b2"))
    sources = {"order030_canary_b1": "canary_b1", "canary_b2": "canary_b2", "order030_canary_b2": "order030_canary_b2"}
    for name, source in sources.items():
        made = woven(source, folder)
        for end in ("json", "csv"):
            signed(
                exports / name / f"composite_export.{end}",
                (made / f"composite_export.{end}").read_bytes().replace(b"\r\n", b"\n"),
            )
            if name == "order030_canary_b2":
                signed(exports / f"canary_batch_b2.{end}", (exports / name / f"composite_export.{end}").read_bytes())
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "-m", "head")
    return root


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (None, {"ok": 7, "line-endings": 18, "older-version": 2, "mismatch": 0}),
        ("core.autocrlf=false", {"ok": 7, "line-endings": 18, "older-version": 2, "mismatch": 0}),
        ("core.autocrlf=true", {"ok": 22, "line-endings": 3, "older-version": 2, "mismatch": 0}),
    ],
    ids=["as stored", "line feeds", "autocrlf"],
)
def test_none_of_the_27_sidecars_stays_unexplained(
    tmp_path: Path, origin: Path, setting: str | None, expected: dict[str, int]
) -> None:
    root = origin
    if setting is not None:
        words = ["git", "clone", "-q", "-c", setting, str(origin), "checkout"]
        subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
        root = tmp_path / "checkout"

    snapshot = Workspace(str(root)).refresh()

    assert tally(verdict for verdict in snapshot.verdicts if verdict.claim.kind == "sidecar") == expected
