"""Claims that are an attack: nothing outside the root is read, and the message says what was refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from signed_files import sha256

from teleloupe import disk
from teleloupe.model import Claim, Document, Proof
from teleloupe.provenance import access
from teleloupe.provenance.forms import apply, attempts, beginning, measure
from teleloupe.provenance.resolve import Resolver
from teleloupe.workspace import Workspace


@pytest.mark.parametrize("written", ["../secret.json", "../../../../../../../etc/passwd", "/etc/passwd"])
def test_a_listed_path_out_of_the_root_is_refused_and_named(tmp_path: Path, written: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.json").write_bytes(b"{}")
    (root / "SHA256SUMS").write_text(f"{sha256(b'{}')}  {written}\n{sha256(b'x')}  a.json\n")

    verdict = Workspace(str(root)).refresh().verdicts[0]

    assert (verdict.word, verdict.subject, verdict.actual) == ("missing-artefact", "SHA256SUMS", None)
    assert verdict.message == f"{written} leads out of the watched directory; not read"
    assert not verdict.tried


def test_a_link_out_of_the_root_is_not_read_for_an_explanation(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.json").write_bytes(b"a\n")
    (root / "a.json").symlink_to(tmp_path / "secret.json")
    document = Document("a.json", size=2, sha256=sha256(b"a\n"))
    claimant = Document("s", claims=(Claim("s", "sidecar", "a.json", sha256(b"a\r\n")),))

    (verdict,) = Resolver(access.below(str(root)), look_in_git=False).resolve({"a.json": document, "s": claimant})

    assert verdict.word == "mismatch"
    assert verdict.tried[1] == ("no other form: a.json is a link out of the watched directory; not read", False)


def test_access_ends_at_the_root(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "rooted").write_bytes(b"x")
    reach = access.below(str(tmp_path / "root"))

    with pytest.raises(disk.Unreadable, match="link out of the watched directory"):
        reach.read("../rooted")
    with pytest.raises(disk.Unreadable, match="link out of the watched directory"):
        reach.digest("../rooted", "md5")


def test_a_directory_named_like_a_sidecar_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.json.sha256").mkdir()
    (tmp_path / "a.json").write_bytes(b"{}\n")
    (tmp_path / "b.json.sha256").write_text(sha256(b"[7]"))
    (tmp_path / "b.json").mkdir()

    verdicts = Workspace(str(tmp_path)).refresh().verdicts

    assert [(v.subject, v.word) for v in verdicts] == [("b.json.sha256", "missing-artefact")]


def test_a_pipe_named_like_a_sidecar_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json.sha256")
    (tmp_path / "a.json").write_bytes(b"{}\n")

    assert Workspace(str(tmp_path)).refresh().verdicts == ()


def test_a_sidecar_of_a_hundred_megabytes_is_an_unreadable_claim(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{}\n")
    with (tmp_path / "a.json.sha256").open("wb") as file:
        file.truncate(100 << 20)

    (verdict,) = Workspace(str(tmp_path)).refresh().verdicts

    assert (verdict.word, verdict.subject) == ("unreadable-claim", "a.json")
    assert verdict.message == "104857600 bytes; a checksum file has at most 16777216"


def test_a_sidecar_of_itself_and_one_of_a_sidecar_are_resolved(tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  SHA256SUMS\n{'1' * 64}  x\n")
    (tmp_path / "SHA256SUMS.sha256").write_text(f"{'2' * 64}  SHA256SUMS\n")

    verdicts = Workspace(str(tmp_path)).refresh().verdicts

    assert [(v.subject, v.word) for v in verdicts] == [
        ("SHA256SUMS", "mismatch"),
        ("SHA256SUMS", "missing-artefact"),
        ("SHA256SUMS", "mismatch"),
    ]


@pytest.mark.parametrize(
    "claim",
    [
        Claim("s", "sidecar", "a", "not hex", algorithm="sha256"),
        Claim("s", "sidecar", "a", "00", algorithm="sha256"),
        Claim("s", "content-id", "a", "00", algorithm="fnv1a32"),
        Claim("s", "size", "a", "-1", algorithm="size"),
        Claim("s", "size", "a", "many", algorithm="size"),
    ],
)
def test_a_claim_that_makes_no_sense_is_no_crash(tmp_path: Path, claim: Claim) -> None:
    (tmp_path / "a").write_bytes(b"x\n")
    documents = {"a": Document("a", size=2, sha256=sha256(b"x\n")), "s": Document("s", claims=(claim,))}

    (verdict,) = Resolver(access.below(str(tmp_path)), look_in_git=False).resolve(documents)

    assert verdict.word in ("mismatch", "unreadable-claim")


def test_a_file_that_vanished_before_it_was_read_again_is_a_mismatch(tmp_path: Path) -> None:
    claimant = Document("s", claims=(Claim("s", "sidecar", "a", "0" * 64),))
    documents = {"a": Document("a", size=2, sha256=sha256(b"x\n")), "s": claimant}

    (verdict,) = Resolver(access.below(str(tmp_path)), look_in_git=False).resolve(documents)

    assert (verdict.word, verdict.tried[1]) == ("mismatch", ("no other form: no such file or directory", False))


def test_an_unreadable_artefact_is_a_mismatch_with_a_reason(tmp_path: Path) -> None:
    claimant = Document("s", claims=(Claim("s", "sidecar", "a", "0" * 64),))

    (verdict,) = Resolver(access.below(str(tmp_path)), look_in_git=False).resolve({"a": Document("a"), "s": claimant})

    assert (verdict.word, verdict.message, verdict.proof) == ("mismatch", "the file cannot be read", None)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"\xff\xfe\x00", b"\x1f\x8b\x08", b"[" * 100_000, b'{"a":' * 50_000, b"\r" * 999, b"[NaN]",
     b'{"a": 1e999, "b": "\\ud800"}', b"[" + b"1" * 5000 + b"]", b'{"n": 9007199254740993}'],
    ids=lambda data: repr(data[:12]),
)  # fmt: skip
def test_any_bytes_are_transformed_without_a_fault(data: bytes) -> None:
    forms = [(form, rebuilt) for _, step in attempts(data) for form, rebuilt in step]

    assert all(apply(form, data) == rebuilt for form, rebuilt in forms)
    assert beginning(data, "0" * 64, "sha256") is None


def test_a_form_that_is_not_known_rebuilds_nothing() -> None:
    assert apply(("rot13",), b"x") is None
    assert Proof(("rot13",)).source == "file"
    assert measure(b"abc", "size") == "3"
