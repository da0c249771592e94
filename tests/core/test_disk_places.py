"""What stands where: walks, stamps, mounts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from teleloupe import disk
from teleloupe.disk import mounts


def walked(root: Path) -> dict[str, str]:
    return {entry.path: entry.fault for entry in disk.walk(str(root))}


def test_a_walk_finds_hidden_and_nested_files(tmp_path: Path) -> None:
    (tmp_path / ".hidden" / "deep").mkdir(parents=True)
    (tmp_path / ".hidden" / "deep" / "a").touch()
    (tmp_path / "b").touch()

    assert walked(tmp_path) == {".hidden/deep/a": "", "b": ""}


def test_a_walk_leaves_out_staged_files_and_version_control(tmp_path: Path) -> None:
    (tmp_path / ".git" / "objects").mkdir(parents=True)
    (tmp_path / ".git" / "objects" / "x").touch()
    (tmp_path / "a.json.stage").touch()
    (tmp_path / "a.json").touch()

    assert walked(tmp_path) == {"a.json": ""}


def test_a_directory_is_entered_once_and_by_its_own_path(tmp_path: Path) -> None:
    (tmp_path / "run_5").mkdir()
    (tmp_path / "run_5" / "a").touch()
    (tmp_path / "alias").symlink_to("run_5")
    (tmp_path / "run_5" / "up").symlink_to(tmp_path)

    assert walked(tmp_path) == {"run_5/a": ""}


def test_a_link_out_of_the_root_is_listed_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside" / "deep").mkdir(parents=True)
    (tmp_path / "outside" / "a").write_text("secret")
    (root := tmp_path / "root").mkdir()
    (root / "directory").symlink_to(tmp_path / "outside")
    (root / "file").symlink_to("../outside/a")
    (root / "inside").mkdir()
    (root / "inside" / "up").symlink_to(tmp_path)

    refused = "a link out of the directory; open what it leads to by name"
    assert walked(root) == {"directory": refused, "file": refused, "inside/up": refused}
    for path in ("file", "directory/a", "inside/up/outside/a"):
        entry = disk.entry(str(root), path)
        assert entry
        assert entry.fault == refused


def test_a_root_that_is_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").touch()
    (tmp_path / "root").symlink_to("real")

    assert walked(tmp_path / "root") == {"a": ""}
    assert disk.entry(str(tmp_path / "root"), "a")


def test_links_to_nowhere_are_listed_with_their_fault(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")

    assert walked(tmp_path) == {
        "dangling": "no such file or directory",
        "loop": "too many levels of symbolic links",
    }
    assert disk.entry(str(tmp_path), "dangling") == next(
        entry for entry in disk.walk(str(tmp_path)) if entry.path == "dangling"
    )


def test_what_is_no_file_is_listed_with_its_fault(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")

    assert walked(tmp_path) == {"fifo": "not a regular file"}


@pytest.mark.parametrize("name", [b"\xff\xfe", b"line\nfeed", b"\x1b[31m[/nope]", "ünï".encode(), b"\xe2\x80\xae"])
def test_every_name_can_be_listed_read_and_written(tmp_path: Path, name: bytes) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/" + name)

    disk.write(path, b"x")

    (entry,) = disk.walk(str(tmp_path))
    assert os.fsencode(entry.path) == name
    assert disk.read(os.path.join(tmp_path, entry.path), entry.path).data == b"x"


def test_a_root_that_cannot_be_listed_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(disk.Unreadable) as missing:
        list(disk.walk(str(tmp_path / "nope")))
    (tmp_path / "file").touch()
    with pytest.raises(disk.Unreadable) as file:
        list(disk.walk(str(tmp_path / "file")))

    assert (missing.value.reason, missing.value.is_gone) == ("no such file or directory", True)
    assert file.value.reason == "not a directory"


def test_a_very_deep_directory_ends_the_walk_but_not_the_program(tmp_path: Path) -> None:
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        for _ in range(60):
            os.mkdir("d" * 100)
            os.chdir("d" * 100)
    finally:
        os.chdir(here)

    (entry,) = disk.walk(str(tmp_path))

    assert entry.is_directory
    assert entry.fault == "file name too long"


def test_a_stamp_tells_a_change_of_size_of_time_and_of_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1")
    first = disk.stamp(str(path))
    (tmp_path / "b").write_bytes(b"2")
    assert first is not None
    os.utime(tmp_path / "b", ns=(first.mtime_ns, first.mtime_ns))
    (tmp_path / "b").replace(path)

    second = disk.stamp(str(path))

    assert second
    assert (first.mtime_ns, first.size) == (second.mtime_ns, second.size)
    assert first != second
    assert disk.stamp(str(tmp_path / "b")) is None


def test_the_deepest_mount_above_a_place_says_its_file_system() -> None:
    table = [
        "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n",
        "40 22 0:40 / /mnt/my\\040share rw - nfs4 host:/share rw\n",
        "41 22 0:41 / /mnt rw - fuse.sshfs host: rw\n",
    ]

    assert mounts._of_place("/mnt/my share/telemetry", table) == "nfs4"
    assert mounts._of_place("/mnt/other", table) == "fuse.sshfs"
    assert mounts._of_place("/mntx", table) == "ext4"
    assert mounts._of_place("/", table) == "ext4"
    assert disk.file_system("/proc") == "proc"
