"""Every verdict's word on real files, each with a near miss that nothing explains."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from signed_files import crlf, laid_out, sha256

from teleloupe.model import Proof, Verdict

TEXT = b'[\n  {\n    "batch_id": "a",\n    "units": 2\n  }\n]\n'


def summed(root: Path, stored: bytes, signed: bytes, **others: bytes) -> Verdict:
    """The verdict on `a.json` holding `stored` with a sidecar made of `signed`."""
    tree = {"a.json": stored, "a.json.sha256": f"{sha256(signed)}  a.json\n".encode(), **others}
    (verdict,) = [v for v in laid_out(root, tree).verdicts if v.claim.claimant == "a.json.sha256"]
    assert verdict.claim.expected == sha256(signed)
    return verdict


def compact(data: bytes) -> bytes:
    return json.dumps(json.loads(data), separators=(",", ":"), sort_keys=True).encode()


def test_the_same_bytes_are_ok_and_need_no_proof(tmp_path: Path) -> None:
    verdict = summed(tmp_path, TEXT, TEXT)

    assert (verdict.word, verdict.subject, verdict.actual, verdict.proof) == ("ok", "a.json", sha256(TEXT), None)


FORMS: list[tuple[str, tuple[str, ...], Callable[[bytes], bytes]]] = [
    ("line-endings", ("lf->crlf",), crlf),
    ("line-endings", ("last-lf->crlf",), lambda text: text[:-1] + b"\r\n"),
    ("line-endings", ("all-but-last-lf->crlf",), lambda text: crlf(text[:-1]) + b"\n"),
    ("bom", ("add-bom",), lambda text: b"\xef\xbb\xbf" + text),
    ("bom", ("add-bom", "lf->crlf"), lambda text: b"\xef\xbb\xbf" + crlf(text)),
    ("final-newline", ("strip-final-newline",), lambda text: text[:-1]),
    ("final-newline", ("strip-final-newline", "lf->crlf"), lambda text: crlf(text[:-1])),
    ("encoding", ("lf->crlf", "utf16le-bom"), lambda text: b"\xff\xfe" + crlf(text).decode().encode("utf-16-le")),
    ("canonical-form", ("sorted-one-line", "add-final-newline"),
     lambda text: json.dumps(json.loads(text)).encode() + b"\n"),
    ("canonical-form", ("canonical-json",), lambda text: compact(text)),
    ("canonical-form", ("sorted-indent-4", "add-final-newline", "lf->crlf"),
     lambda text: crlf(json.dumps(json.loads(text), indent=4).encode() + b"\n")),
    ("truncated", ("first-6-bytes",), lambda text: text[:6]),
    ("truncated", ("first-0-bytes",), lambda text: b""),
    ("truncated", ("lf->crlf", "first-8-bytes"), lambda text: crlf(text)[:8]),
]  # fmt: skip


@pytest.mark.parametrize(("word", "form", "signed"), FORMS, ids=["+".join(form) for _, form, _ in FORMS])
def test_a_form_of_the_bytes_is_found(
    tmp_path: Path, word: str, form: tuple[str, ...], signed: Callable[[bytes], bytes]
) -> None:
    verdict = summed(tmp_path, TEXT, signed(TEXT))

    assert (verdict.word, verdict.proof, verdict.tried[-1][1]) == (word, Proof(form), True)


@pytest.mark.parametrize(("word", "form", "signed"), FORMS, ids=["+".join(form) for _, form, _ in FORMS])
def test_a_form_of_nearly_the_same_bytes_stays_a_mismatch(
    tmp_path: Path, word: str, form: tuple[str, ...], signed: Callable[[bytes], bytes]
) -> None:
    nearly = TEXT.replace(b"[\n ", b"[ \n") if word == "truncated" else TEXT.replace(b"2", b"3")
    near_miss = signed(nearly) or b" "

    verdict = summed(tmp_path, TEXT, near_miss)

    assert (verdict.word, verdict.proof) == ("mismatch", None)
    assert not any(held for _, held in verdict.tried)


@pytest.mark.parametrize(
    ("stored", "signed", "word", "form"),
    [
        (crlf(TEXT), TEXT, "line-endings", ("crlf->lf",)),
        (b"a\r\nb\nc\n", b"a\nb\nc\n", "line-endings", ("crlf->lf",)),
        (b"a\r\nb\nc\n", b"a\r\nb\r\nc\r\n", "line-endings", ("lf->crlf",)),
        (b"\xef\xbb\xbf" + TEXT, TEXT, "bom", ("strip-bom",)),
        (TEXT[:-1], TEXT, "final-newline", ("add-final-newline",)),
        (TEXT, TEXT + b"\n", "final-newline", ("add-final-newline",)),
        (crlf(TEXT[:-1]), crlf(TEXT), "final-newline", ("add-final-newline",)),
        (b"\xff\xfe" + TEXT.decode().encode("utf-16-le"), TEXT, "encoding", ("utf16->utf8",)),
    ],
)
def test_the_way_back_is_found_too(
    tmp_path: Path, stored: bytes, signed: bytes, word: str, form: tuple[str, ...]
) -> None:
    verdict = summed(tmp_path, stored, signed)

    assert (verdict.word, verdict.proof) == (word, Proof(form))


def test_the_sum_of_packed_content_is_found(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT)
    snapshot = laid_out(tmp_path, {"a.gz": packed, "a.gz.sha256": sha256(TEXT).encode()})

    assert [(v.word, v.proof) for v in snapshot.verdicts] == [("encoding", Proof(("gunzip",)))]


def test_the_sum_of_the_twin_is_called_so(tmp_path: Path) -> None:
    verdict = summed(tmp_path, TEXT, b"a,b\n1,2\n", **{"a.csv": b"a,b\n1,2\n"})

    assert (verdict.word, verdict.proof) == ("twin", Proof(source="twin", path="a.csv"))


def test_the_sum_of_another_file_is_called_so_in_its_other_forms_too(tmp_path: Path) -> None:
    other = b"x\ny\n"

    verdict = summed(tmp_path, TEXT, crlf(other), **{"z.txt": other})

    assert (verdict.word, verdict.proof) == ("elsewhere", Proof(("lf->crlf",), path="z.txt"))


def test_a_near_twin_stays_a_mismatch(tmp_path: Path) -> None:
    verdict = summed(tmp_path, TEXT, b"a,b\n1,2\n", **{"a.csv": b"a,b\n1,3\n", "z.txt": b"a,b\n1,2 \n"})

    assert verdict.word == "mismatch"


def test_a_missing_artefact_sits_on_its_claimant(tmp_path: Path) -> None:
    snapshot = laid_out(tmp_path, {"a.json.sha256": f"{sha256(TEXT)}  a.json\n".encode()})

    (verdict,) = snapshot.verdicts
    assert (verdict.word, verdict.subject, verdict.actual) == ("missing-artefact", "a.json.sha256", None)
    assert [issue.code for issue in snapshot.issues_of("a.json.sha256")] == ["TF502"]


def test_a_moved_artefact_is_found_by_its_digest(tmp_path: Path) -> None:
    snapshot = laid_out(tmp_path, {"a.json.sha256": sha256(TEXT).encode(), "sub/b.json": TEXT})

    (verdict,) = snapshot.verdicts
    assert (verdict.word, verdict.proof) == ("elsewhere", Proof(path="sub/b.json"))
    assert verdict.message == "the file is not here, but sub/b.json has this digest; moved or renamed"


@pytest.mark.parametrize(
    ("content", "word", "code"),
    [(b"<html>404</html>", "unreadable-claim", "TF503"), (b"", "unreadable-claim", "TF503"),
     (f"{'0' * 64}  b.json\n{'1' * 64}  c.json\n".encode(), "ambiguous-claim", "TF504")],
)  # fmt: skip
def test_a_sidecar_without_a_usable_digest_is_a_named_failure(
    tmp_path: Path, content: bytes, word: str, code: str
) -> None:
    snapshot = laid_out(tmp_path, {"a.json": TEXT, "a.json.sha256": content})

    assert [(v.subject, v.word) for v in snapshot.verdicts] == [("a.json", word)]
    assert code in [issue.code for issue in snapshot.issues_of("a.json.sha256")]


def test_every_file_of_a_list_has_its_verdict(tmp_path: Path) -> None:
    sums = f"{sha256(TEXT)}  a.json\n{sha256(crlf(TEXT))}  sub/b.json\n{sha256(b'?')}  c.json\n{sha256(TEXT)}  d.json\n"
    tree = {"a.json": TEXT, "sub/b.json": TEXT, "c.json": TEXT, "SHA256SUMS": sums.encode()}

    verdicts = laid_out(tmp_path, tree).verdicts

    assert [(v.subject, v.word) for v in verdicts] == [
        ("a.json", "ok"),
        ("sub/b.json", "line-endings"),
        ("c.json", "mismatch"),
        ("SHA256SUMS", "elsewhere"),
    ]


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha512"])
def test_other_algorithms_are_measured_and_explained(tmp_path: Path, algorithm: str) -> None:
    good, bad = (hashlib.new(algorithm, data).hexdigest() for data in (TEXT, crlf(TEXT)))
    tree = {"a.json": TEXT, f"a.json.{algorithm}": good.encode(), "b.json": TEXT, f"b.json.{algorithm}": bad.encode()}

    verdicts = laid_out(tmp_path, tree).verdicts

    assert [(v.word, v.actual) for v in verdicts] == [("ok", good), ("line-endings", good)]


def test_what_was_tried_is_listed_from_cheap_to_dear(tmp_path: Path) -> None:
    verdict = summed(tmp_path, TEXT, b"something else entirely")

    assert [label for label, _ in verdict.tried] == [
        "the bytes as they are",
        "CRLF line ends",
        "LF line ends",
        "byte order mark added or dropped",
        "final newline added or dropped",
        "several of these together",
        "UTF-16 or UTF-8",
        "one line end alone",
        "JSON in another layout or key order",
        "a beginning of the file",
        "1 other file here",
        "git: not a git repository",
    ]
    assert verdict.message.endswith("git: not a git repository")
