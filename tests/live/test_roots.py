"""Several directories under one watch: they are all there is, and each is followed live."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from following import Follower, feed, holds_paths, records

from teleloupe import disk
from teleloupe.model import Watching
from teleloupe.provenance import access
from teleloupe.watch import Watch
from teleloupe.workspace import Workspace
from tiny_feed import FEED


@contextlib.contextmanager
def following(root: Path, *roots: str) -> Iterator[Follower]:
    """A watch of some directories below a root."""
    follower = Follower(Watch(str(root), roots=roots, forms=(FEED,)))
    try:
        follower.until(lambda snapshot: snapshot.generation > 0 and snapshot.progress is None)
        yield follower
    finally:
        follower.end()


def three(root: Path) -> Path:
    """Three directories with a feed each."""
    for name in ("one", "deep/two", "other"):
        (root / name).mkdir(parents=True)
        (root / name / "a.feed").write_bytes(feed(1))
    return root


def test_only_what_lies_in_the_named_directories_is_listed_and_followed(tmp_path: Path) -> None:
    three(tmp_path)
    with following(tmp_path, "one", "deep/two") as seen:
        seen.until(holds_paths("deep/two/a.feed", "one/a.feed"))
        assert seen.snapshots[-1].watching == Watching("native")

        (tmp_path / "other" / "a.feed").write_bytes(feed(2))
        (tmp_path / "deep" / "b.feed").write_bytes(feed(2))
        (tmp_path / "deep" / "two" / "new").mkdir()
        (tmp_path / "deep" / "two" / "new" / "c.feed").write_bytes(feed(3))
        (tmp_path / "one" / "a.feed").write_bytes(feed(4))

        seen.until(holds_paths("deep/two/a.feed", "deep/two/new/c.feed", "one/a.feed"))
        seen.until(lambda snapshot: records(snapshot, "one/a.feed") == [4])
        assert not any("other/a.feed" in one.documents or "deep/b.feed" in one.documents for one in seen.snapshots)


def test_a_directory_that_goes_and_comes_back_is_followed_again(tmp_path: Path) -> None:
    three(tmp_path)
    with following(tmp_path, "one", "other") as seen:
        shutil.rmtree(tmp_path / "one")
        seen.until(holds_paths("other/a.feed"))

        (tmp_path / "other" / "b.feed").write_bytes(feed(1))
        seen.until(holds_paths("other/a.feed", "other/b.feed"))

        (tmp_path / "one").mkdir()
        (tmp_path / "one" / "c.feed").write_bytes(feed(5))
        seen.until(lambda snapshot: records(snapshot, "one/c.feed") == [5])


def test_a_link_leads_to_the_named_directories_alone(tmp_path: Path) -> None:
    three(tmp_path)
    (tmp_path / "one" / "near.feed").symlink_to(tmp_path / "deep" / "two" / "a.feed")
    (tmp_path / "one" / "far.feed").symlink_to(tmp_path / "other" / "a.feed")

    found = Workspace(str(tmp_path), roots=("one", "deep/two"), forms=(FEED,)).refresh()

    assert found.documents["one/near.feed"].records
    assert not found.documents["one/far.feed"].records
    assert [issue.rule.id for issue in found.documents["one/far.feed"].issues] == ["core/unreadable"]


def test_a_claim_on_a_file_elsewhere_is_not_followed(tmp_path: Path) -> None:
    (three(tmp_path) / "other" / "a.feed").write_bytes(feed(9))
    digest = disk.digest(str(tmp_path / "other" / "a.feed"), "sha256")
    (tmp_path / "one" / "sums.sha256").write_text(f"{digest}  ../other/a.feed\n")

    found = Workspace(str(tmp_path), roots=("one", "deep/two")).refresh()

    assert [verdict.word for verdict in found.verdicts] == ["missing-artefact"]
    reach = access.below(str(tmp_path), homes=[str(tmp_path / "one")])
    with pytest.raises(disk.Unreadable):
        reach.read("other/a.feed")
