"""Writing files whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from teleloupe import disk


def test_a_file_is_written_with_its_directories(tmp_path: Path) -> None:
    disk.write(str(tmp_path / "a" / "b" / "c.json"), b"{}")

    assert (tmp_path / "a" / "b" / "c.json").read_bytes() == b"{}"
    assert os.listdir(tmp_path / "a" / "b") == ["c.json"]


def test_a_replaced_file_hands_on_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o600)

    disk.write(str(path), b"new")

    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_file_obeys_the_mask_of_the_process(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        disk.write(str(tmp_path / "a"), b"x")
    finally:
        os.umask(before)

    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()

    with pytest.raises(OSError, match="directory"):
        disk.write(str(tmp_path / "a"), b"x")

    assert os.listdir(tmp_path) == ["a"]
    assert os.listdir(tmp_path / "a") == []


def test_a_name_as_long_as_names_may_be_can_be_written(tmp_path: Path) -> None:
    name = "ü" * 127

    disk.write(str(tmp_path / name), b"x")

    assert os.listdir(tmp_path) == [name]


def test_a_link_is_replaced_and_its_target_kept(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")

    disk.write(str(tmp_path / "link"), b"new")

    assert (tmp_path / "target").read_bytes() == b"old"
    assert (tmp_path / "link").read_bytes() == b"new"


def test_removing_what_is_gone_is_fine(tmp_path: Path) -> None:
    (tmp_path / "a").touch()

    disk.remove(str(tmp_path / "a"))
    disk.remove(str(tmp_path / "a"))

    assert os.listdir(tmp_path) == []
