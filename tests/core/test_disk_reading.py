"""Reading files: once, whole, within bounds, whatever they are."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import socket
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleloupe import disk, packing
from teleloupe.disk import reading
from teleloupe.disk.marks import PART_BYTES
from teleloupe.model import GZIP_CUT, GZIP_TOO_LARGE


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A directory of an ordinary user, as whom the test runs: root may read everything."""
    with tempfile.TemporaryDirectory() as folder:
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if is_root:
                os.seteuid(0)


def test_a_blob_has_the_bytes_and_their_digest(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfabc")

    blob = disk.read(str(tmp_path / "a"), "in/a")

    assert (blob.path, blob.data, blob.size, blob.fault) == ("in/a", b"\xef\xbb\xbfabc", 6, "")
    assert blob.sha256 == sha256(b"\xef\xbb\xbfabc")
    assert blob.mtime_ns == (tmp_path / "a").stat().st_mtime_ns


def test_an_empty_file_is_an_empty_blob(tmp_path: Path) -> None:
    (tmp_path / "a").touch()

    assert disk.read(str(tmp_path / "a"), "a").data == b""


@pytest.mark.parametrize("kind", ["fifo", "socket", "device", "directory"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    with contextlib.ExitStack() as stack:
        if kind == "fifo":
            os.mkfifo(path)
        elif kind == "socket":
            stack.enter_context(socket.socket(socket.AF_UNIX)).bind(str(path))
        elif kind == "directory":
            path.mkdir()
        else:
            path.symlink_to("/dev/zero")

        with pytest.raises(disk.Unreadable) as refused:
            disk.read(str(path), kind)
        with pytest.raises(disk.Unreadable):
            disk.read_marked(str(path), kind)
        with pytest.raises(disk.Unreadable):
            disk.read_slice(str(path), 0, 1)
        with pytest.raises(disk.Unreadable):
            disk.digest(str(path))

    assert refused.value.reason == "not a regular file"
    assert not refused.value.is_gone


def test_a_file_that_is_not_there_is_gone(tmp_path: Path) -> None:
    with pytest.raises(disk.Unreadable) as refused:
        disk.read(str(tmp_path / "a"), "a")

    assert refused.value.is_gone
    assert refused.value.reason == "no such file or directory"


def test_a_file_without_permission_says_so(unprivileged: Path) -> None:
    (unprivileged / "a").write_bytes(b"x")
    (unprivileged / "a").chmod(0)

    with pytest.raises(disk.Unreadable) as refused:
        disk.read(str(unprivileged / "a"), "a")

    assert refused.value.reason == "permission denied"
    assert not refused.value.is_gone


def test_a_directory_without_permission_is_an_entry_with_a_fault(unprivileged: Path) -> None:
    (unprivileged / "closed").mkdir(mode=0)

    found = list(disk.walk(str(unprivileged)))

    assert [(entry.path, entry.fault, entry.is_directory) for entry in found] == [("closed", "permission denied", True)]


def test_a_read_error_says_what_the_system_says(tmp_path: Path) -> None:
    (tmp_path / "memory").symlink_to("/proc/self/mem")  # opens, and fails to read its unmapped beginning

    with pytest.raises(disk.Unreadable) as refused:
        disk.read(str(tmp_path / "memory"), "memory")

    assert refused.value.reason == "input/output error"


def test_a_file_of_the_kernel_that_measures_nothing_is_read_whole() -> None:
    blob = disk.read("/proc/self/status", "status")

    assert blob.data.startswith(b"Name:")
    assert blob.size == len(blob.data)


def test_a_file_beyond_the_limit_is_hashed_in_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READ_LIMIT_BYTES", 1 << 20)
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.write(b"beginning")
        file.truncate(64 << 20)
    tracemalloc.start()

    blob = disk.read(str(path), "sparse")

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20
    assert blob.size == 64 << 20
    assert blob.data == b"beginning".ljust(reading.HEAD_BYTES, b"\0")
    assert blob.sha256 == sha256(path.read_bytes())
    assert blob.fault


def test_a_sparse_file_of_terabytes_is_not_read_through(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 42)

    blob = disk.read(str(tmp_path / "sparse"), "sparse")

    assert (blob.size, blob.sha256, len(blob.data)) == (1 << 42, "", reading.HEAD_BYTES)
    assert "only its beginning" in blob.fault


def test_hashing_a_large_file_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READ_LIMIT_BYTES", 1 << 20)
    with (tmp_path / "large").open("wb") as file:
        file.truncate(64 << 20)
    heard: list[int] = []

    def tick(count: int) -> None:
        heard.append(count)
        if len(heard) == 3:
            raise KeyError

    with pytest.raises(KeyError):
        disk.read_marked(str(tmp_path / "large"), "large", tick)

    assert heard == [1 << 20, 2 << 20, 3 << 20]


def test_a_slice_and_a_digest_are_of_the_stored_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")

    assert disk.read_slice(str(tmp_path / "a"), 3, 4) == b"3456"
    assert disk.read_slice(str(tmp_path / "a"), 8, 100) == b"89"
    assert disk.digest(str(tmp_path / "a"), "md5") == hashlib.md5(b"0123456789").hexdigest()


# files that grow


def marked(path: Path) -> disk.Mark:
    mark = disk.read_marked(str(path), "a")[1]
    assert mark
    return mark


def test_a_grown_file_is_read_from_where_it_was_left(tmp_path: Path) -> None:
    path, old = tmp_path / "a", b"x" * 100_000 + b"end"
    path.write_bytes(old)
    mark = marked(path)
    path.write_bytes(old + b"more")

    read = disk.read_on(str(path), "a", mark, len(old) - 3)

    assert read
    blob, newer = read
    assert (blob.data, blob.size, blob.sha256) == (b"endmore", len(old) + 4, sha256(old + b"more"))
    path.write_bytes(old + b"more and more")
    again = disk.read_on(str(path), "a", newer, newer.size)
    assert again
    assert (again[0].data, again[0].sha256) == (b" and more", sha256(old + b"more and more"))


def test_a_small_file_is_not_marked(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * (reading.GROWTH_BYTES - 1))

    assert disk.read_marked(str(tmp_path / "a"), "a")[1] is None


@pytest.mark.parametrize("change", ["same size", "shrunk", "beginning", "end", "other file", "gone"])
def test_what_did_not_just_grow_is_read_anew(tmp_path: Path, change: str) -> None:
    path, old = tmp_path / "a", b"0123456789" * 10_000
    path.write_bytes(old)
    mark = marked(path)
    changed = {
        "same size": old,
        "shrunk": old[:-1],
        "beginning": b"x" + old[1:] + b"more",
        "end": old[:-1] + b"x" + b"more",
        "other file": old + b"more",
        "gone": b"",
    }[change]
    if change in ("other file", "gone"):
        path.rename(tmp_path / "kept")
    if change != "gone":
        path.write_bytes(changed)

    assert disk.read_on(str(path), "a", mark, mark.size) is None


def test_an_edit_in_the_middle_of_a_growing_file_is_noticed_at_its_first_growth(tmp_path: Path) -> None:
    path, old = tmp_path / "a", b"0123456789" * 10_000
    path.write_bytes(old)
    mark = marked(path)
    path.write_bytes(old[:50_000] + b"x" + old[50_001:] + b"more")

    assert disk.read_on(str(path), "a", mark, mark.size) is None


@pytest.mark.parametrize("at", [5_000, PART_BYTES - 1, PART_BYTES, 2 * PART_BYTES + 3, 3 * PART_BYTES + 100])
def test_an_edit_anywhere_in_a_large_file_is_noticed_after_as_many_growths_as_it_has_parts(
    tmp_path: Path, at: int
) -> None:
    path, content = tmp_path / "a", bytearray(os.urandom(3 * PART_BYTES + 5_000))
    path.write_bytes(content)
    mark = marked(path)
    content[at] ^= 1
    noticed = False

    for _ in range(4):
        content += b"more"
        path.write_bytes(content)
        read = disk.read_on(str(path), "a", mark, mark.size)
        noticed |= read is None
        mark = read[1] if read else mark

    assert noticed


def test_a_file_that_only_grows_is_read_on_across_its_parts_for_ever(tmp_path: Path) -> None:
    path, content = tmp_path / "a", bytearray(os.urandom(100_000))
    path.write_bytes(content)
    mark = marked(path)

    part = PART_BYTES
    for growth in (2 * part - 100_000, 1, part, 3 * part + 7, 9, part - 17, 5, 5, 5, 5, 5, 5):
        content += os.urandom(growth)
        path.write_bytes(content)
        read = disk.read_on(str(path), "a", mark, mark.size)
        assert read
        assert read[0].sha256 == sha256(bytes(content))
        mark = read[1]


def test_of_a_file_beyond_the_limit_only_the_growth_is_hashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READ_LIMIT_BYTES", 1 << 20)
    path, old = tmp_path / "a", bytes(range(256)) * 8192
    path.write_bytes(old)
    mark = marked(path)
    path.write_bytes(old + b"more")

    read = disk.read_on(str(path), "a", mark, 0)

    assert read
    assert (read[0].size, read[0].sha256) == (len(old) + 4, sha256(old + b"more"))


def test_half_a_line_can_be_left_out_as_if_it_were_not_there_yet(tmp_path: Path) -> None:
    path, old = tmp_path / "a", b"line\n" * 20_000
    path.write_bytes(old)
    before = marked(path)
    path.write_bytes(old + b"one\ntwo\nhal")
    read = disk.read_on(str(path), "a", before, len(old))
    assert read

    cut = disk.lines_only(read[0], len(old), read[1], before)

    assert cut
    blob, mark = cut
    assert (blob.data, blob.size, blob.sha256) == (b"one\ntwo\n", len(old) + 8, sha256(old + b"one\ntwo\n"))
    assert mark
    path.write_bytes(old + b"one\ntwo\nhalf\n")
    on = disk.read_on(str(path), "a", mark, mark.size)
    assert on
    assert (on[0].data, on[0].sha256) == (b"half\n", sha256(path.read_bytes()))


def test_half_a_line_alone_is_no_new_line(tmp_path: Path) -> None:
    path, old = tmp_path / "a", b"line\n" * 20_000
    path.write_bytes(old)
    before = marked(path)
    path.write_bytes(old + b"hal")
    read = disk.read_on(str(path), "a", before, len(old))
    assert read

    assert disk.lines_only(read[0], len(old), read[1], before) is None


# gzip


def test_gzip_content_is_expanded_and_the_stored_bytes_are_hashed(tmp_path: Path) -> None:
    stored = gzip.compress(b"one") + gzip.compress(b"two") + bytes(512)
    (tmp_path / "a.gz").write_bytes(stored)

    blob = disk.read(str(tmp_path / "a.gz"), "a.gz")

    assert (blob.data, blob.packing, blob.fault) == (b"onetwo", "gzip", "")
    assert (blob.size, blob.sha256) == (len(stored), sha256(stored))


def test_a_gzip_bomb_is_stopped_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "EXPANSION_LIMIT_BYTES", 1 << 20)
    bomb = gzip.compress(bytes(64 << 20))
    tracemalloc.start()

    content, fault = packing.expand(bomb)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20
    assert content == bytes(packing.HEAD_BYTES)
    assert fault == f"{GZIP_TOO_LARGE} {1 << 20} bytes"


def test_a_million_gzip_members_are_not_all_read() -> None:
    content, fault = packing.expand(gzip.compress(b"x") * 20_000)

    assert content == b"x" * packing.MEMBER_LIMIT
    assert fault == f"more than {packing.MEMBER_LIMIT} gzip members"


def test_gzip_content_that_is_cut_short_gives_what_there_is() -> None:
    text = os.urandom(50_000)
    packed = gzip.compress(text)

    for end in (10, 1000, 30_000, len(packed) - 1):
        content, fault = packing.expand(packed[:end])
        assert text.startswith(content)
        assert fault == GZIP_CUT
    assert len(packing.expand(packed[:30_000])[0]) > 25_000


def test_gzip_content_with_a_wrong_check_value_is_salvaged() -> None:
    packed = bytearray(gzip.compress(b"telemetry " * 1000))
    packed[-5] ^= 1

    content, fault = packing.expand(bytes(packed))

    assert content == b"telemetry " * 1000
    assert fault.startswith("gzip data is damaged")


def test_what_follows_gzip_content_is_damage() -> None:
    content, fault = packing.expand(gzip.compress(b"one") + b"no gzip")

    assert content == b"one"
    assert fault.startswith("gzip data is damaged")
