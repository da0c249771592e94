"""Checksum files in every dialect: what they state and why they state nothing."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleloupe import sidecar
from teleloupe.sidecar import Checksums, Entry, Target

DIGEST = hashlib.sha256(b"quilt").hexdigest()
OTHER = hashlib.sha256(b"loom").hexdigest()
UPPER = DIGEST.upper()
TABLE = f"Algorithm  Hash  Path\n---------  ----  ----\nSHA256  {UPPER}  C:\\x\\a.json\n"
MEMBERS = f"\n\nAlgorithm : SHA256\nHash      : {UPPER}\nPath      : C:\\x\\a.json\n\n"
BROKEN_MEMBERS = f"Algorithm : SHA256\nHash      : {UPPER}\nPath      : C:\\long\n            er.json\n"
NONE = "no SHA-256 digest (64 hex digits) in it"
CHECKSUM_LETTERS = "0123456789abcdefABCDEF \t\r\n*()=:\\-#SHAMD5Pathlgorim"


@pytest.mark.parametrize(
    ("content", "path", "style"),
    [
        (f"{DIGEST}  a.json\n", "a.json", "gnu"),
        (f"{DIGEST} *a.json\n", "a.json", "gnu"),
        (f"{DIGEST}  with two  blanks.json\n", "with two  blanks.json", "gnu"),
        (f"{DIGEST}\ta.json\n", "a.json", "gnu"),
        (f"\\{DIGEST}  a\\nb\\\\c.json\n", "a\nb\\c.json", "gnu"),
        (f"{DIGEST}  -\n", "", "gnu"),
        (f"SHA256 (x/a.json) = {DIGEST}\n", "x/a.json", "bsd"),
        (f"SHA2-256(a.json)= {DIGEST}\n", "a.json", "bsd"),
        (f"{DIGEST}", "", "bare"),
        (f"{UPPER}\r\n", "", "bare"),
        (f"\nHash\n----\n{UPPER}\n\n", "", "powershell-column"),
        (TABLE, "C:\\x\\a.json", "powershell-table"),
        (MEMBERS, "C:\\x\\a.json", "powershell-list"),
        (BROKEN_MEMBERS, "C:\\longer.json", "powershell-list"),
        (f"sha256:{DIGEST}\n", "", "other"),
        (f"# made by hand\n; too\n{DIGEST}  a.json\n", "a.json", "gnu"),
        (f"# was {OTHER}\n{DIGEST}  a.json\n", "a.json", "gnu"),
        (f"# {DIGEST}\n", "", "other"),
        (f"MD5 (a.json) = {DIGEST}\n", "", "other"),
    ],
)
def test_a_dialect_gives_digest_and_path(content: str, path: str, style: str) -> None:
    entries = sidecar.parse(content.encode()).entries

    assert [(entry.digest, entry.path, entry.style) for entry in entries] == [(DIGEST, path, style)]


@pytest.mark.parametrize("between", ["  ", " -> ", " *"])
def test_two_digests_on_a_line_are_both_stated_and_neither_is_a_name(between: str) -> None:
    checksums = sidecar.parse(f"{DIGEST}{between}{OTHER}\n".encode())

    assert [(entry.digest, entry.path) for entry in checksums.entries] == [(DIGEST, ""), (OTHER, "")]


def test_a_file_that_is_named_by_its_own_digest_keeps_its_name() -> None:
    (entry,) = sidecar.parse(f"{DIGEST}  {DIGEST}\n".encode()).entries

    assert entry.path == DIGEST


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_do_not_matter(encoding: str, end: str) -> None:
    content = f"{DIGEST}  a.json{end}{OTHER}  b.json{end}"

    checksums = sidecar.parse(content.encode(encoding))

    assert checksums.entries == (
        Entry(DIGEST, "sha256", "a.json", 1, "gnu"),
        Entry(OTHER, "sha256", "b.json", 2, "gnu"),
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", f"{NONE}: it is empty"),
        (DIGEST[:-1].encode(), f"{NONE}: the longest run has 63"),
        (f"{DIGEST}0".encode(), f"{NONE}: the longest run has 65"),
        (b"a" * 40 + b"  a.json", f"{NONE}: 40 hex digits look like SHA-1"),
        (f"SHA1 (a.json) = {'b' * 40}\n".encode(), f"{NONE}: 40 hex digits look like SHA-1"),
        (b"<html>404</html>\n", NONE),
    ],
)
def test_a_text_without_a_digest_says_what_it_looks_like(content: bytes, fault: str) -> None:
    assert sidecar.parse(content) == Checksums(fault=fault)


def test_a_line_that_names_another_algorithm_does_not_count_beside_one_that_names_none() -> None:
    checksums = sidecar.parse(f"SHA512/256 (a.json) = {DIGEST}\nMD5 (b.json) = {DIGEST}\n".encode())

    assert [entry.line for entry in checksums.entries] == [1]


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("a.json.sha256", "sha256"),
        ("a.json.SHA512", "sha512"),
        ("a.json.md5", "md5"),
        ("a.json.sha1", "sha1"),
        ("a.json.sha256sum", "sha256"),
        ("SHA256SUMS", "sha256"),
        ("release-sha512sums.txt", "sha512"),
        ("MD5SUMS", "md5"),
        ("a.json", None),
        ("sha256", None),
        ("notes-about-sha256.txt", None),
    ],
)
def test_the_name_tells_the_algorithm(name: str, algorithm: str | None) -> None:
    assert sidecar.algorithm_of(name) == algorithm


def test_another_algorithm_is_read_as_such() -> None:
    digest = hashlib.sha512(b"quilt").hexdigest()

    assert sidecar.parse(f"{digest}  a.json\n".encode(), "sha512").entries[0].digest == digest
    assert sidecar.parse(f"{digest}  a.json\n".encode()).fault.endswith("128 hex digits look like SHA-512")


def test_a_sidecar_speaks_of_the_file_it_goes_with_whatever_path_stands_inside() -> None:
    checksums = sidecar.parse(f"{DIGEST}  elsewhere/b.json\n".encode())

    assert sidecar.targets(checksums, "a.json.sha256") == ((Target("a.json", checksums.entries[0]),), "")


def test_the_entry_of_the_own_name_is_chosen_among_several() -> None:
    checksums = sidecar.parse(f"{OTHER}  b.json\n{DIGEST}  x\\a.json\n".encode())

    targets, fault = sidecar.targets(checksums, "a.json.sha256")

    assert (targets, fault) == ((Target("a.json", checksums.entries[1]),), "")


def test_several_digests_for_no_one_are_ambiguous() -> None:
    checksums = sidecar.parse(f"{DIGEST}  b.json\n{OTHER}  c.json\n".encode())

    assert sidecar.targets(checksums, "a.json.sha256") == ((), "2 different digests, none of them for a.json")


def test_two_digests_for_the_own_name_are_ambiguous() -> None:
    checksums = sidecar.parse(f"{DIGEST}  a.json\n{OTHER}  a.json\n".encode())

    assert sidecar.targets(checksums, "a.json.sha256")[0] == ()


@pytest.mark.parametrize("name", ["SHA256SUMS", "release-1.0.sha256", "all.sha256sums"])
def test_a_list_speaks_of_every_file_in_it(name: str) -> None:
    checksums = sidecar.parse(f"{DIGEST}  a.json\n{OTHER}  sub/b.json\n".encode())

    targets, fault = sidecar.targets(checksums, name)

    assert ([target.subject for target in targets], fault) == (["a.json", "sub/b.json"], "")


def test_a_list_with_a_digest_for_no_file_is_ambiguous() -> None:
    checksums = sidecar.parse(f"{DIGEST}  a.json\n{OTHER}\n".encode())

    assert sidecar.targets(checksums, "SHA256SUMS") == ((), "2 different digests, not all with the name of a file")


def test_a_huge_file_is_no_checksum_file() -> None:
    content = f"{DIGEST}  a.json\n".encode() + b" " * sidecar.SIZE_LIMIT_BYTES

    assert sidecar.parse(content).fault == f"{len(content)} bytes; a checksum file has at most 16777216"


@pytest.mark.parametrize("path", ["a.json", "with blank.json", "new\nline", "back\\slash", "r\r"])
def test_a_written_line_reads_back(path: str) -> None:
    line = sidecar.gnu_line(DIGEST, path)

    assert [(entry.digest, entry.path) for entry in sidecar.parse(f"{line}\n".encode()).entries] == [(DIGEST, path)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "content", [TABLE, MEMBERS, BROKEN_MEMBERS, f"{DIGEST} *a.json\r\n", f"\nHash\n----\n{UPPER}\n\n"]
)
def test_a_rewritten_checksum_file_differs_in_its_digest_alone(content: str, encoding: str) -> None:
    data = content.encode(encoding)
    line = sidecar.parse(data).entries[0].line

    found = sidecar.rewritten(data, line, DIGEST, OTHER)

    assert found == content.replace(DIGEST, OTHER).replace(UPPER, OTHER.upper()).encode(encoding)


def test_only_the_line_that_is_meant_is_rewritten() -> None:
    data = f"{DIGEST}  a.json\n{DIGEST}  b.json\n".encode()

    assert sidecar.rewritten(data, 2, DIGEST, OTHER) == f"{DIGEST}  a.json\n{OTHER}  b.json\n".encode()
    assert sidecar.rewritten(data, 3, DIGEST, OTHER) is None
    assert sidecar.rewritten(data, 1, OTHER, DIGEST) is None


@given(st.binary(max_size=400))
def test_any_bytes_are_read(content: bytes) -> None:
    checksums = sidecar.parse(content)

    assert bool(checksums.entries) != bool(checksums.fault)


@given(st.text(alphabet=CHECKSUM_LETTERS, max_size=400), st.sampled_from(["x.json.sha256", "SHA256SUMS"]))
def test_text_like_a_checksum_file_has_targets_or_a_reason(content: str, name: str) -> None:
    checksums = sidecar.parse(content.encode())
    targets, fault = sidecar.targets(checksums, name)

    assert all(len(entry.digest) == 64 and entry.digest == entry.digest.lower() for entry in checksums.entries)
    assert bool(targets) != bool(fault) or not checksums.entries
