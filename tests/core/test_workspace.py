"""Refreshing a directory: what is read, what stays, what waits, and what is told meanwhile."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from teleloupe import disk
from teleloupe.disk import READ_LIMIT_BYTES
from teleloupe.formats import Format
from teleloupe.model import DIRECTORY, Document, Progress, Snapshot
from teleloupe.workspace import SETTLE_NS, Workspace
from tiny_feed import FEED


class Clock:
    """A clock that stands until it is set."""

    def __init__(self, path: Path) -> None:
        self.now = path.stat().st_mtime_ns + 10**10

    def __call__(self) -> int:
        return self.now


def workspace(root: Path, clock: Clock | None = None, form: Format = FEED) -> Workspace:
    """A workspace that waits for half files where it is given a clock."""
    if clock is None:
        return Workspace(str(root), forms=(form,))
    return Workspace(str(root), forms=(form,), settle_ns=SETTLE_NS, clock=clock)


def put(root: Path, path: str, *numbers: int, rest: bytes = b"") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(b"".join(b'{"n":%d}\n' % number for number in numbers) + rest)


def numbers(snapshot: Snapshot, path: str) -> list[int]:
    return [record["n"] for record in snapshot.documents[path].records]


# sweeps


def test_documents_are_sorted_by_path(tmp_path: Path) -> None:
    for path in ("b.feed", "a/z.feed", "B.txt", "a.feed"):
        put(tmp_path, path, 1)

    assert list(workspace(tmp_path).refresh().documents) == ["B.txt", "a.feed", "a/z.feed", "b.feed"]


def test_a_sweep_that_finds_nothing_new_returns_the_same_snapshot(tmp_path: Path) -> None:
    put(tmp_path, "a.feed", 1)
    space = workspace(tmp_path)

    assert space.refresh() is space.refresh()


def test_a_sweep_reads_what_changed_and_keeps_what_did_not(tmp_path: Path) -> None:
    put(tmp_path, "a.feed", 1)
    put(tmp_path, "b.feed", 1)
    put(tmp_path, "c.feed", 1)
    space = workspace(tmp_path)
    before = space.refresh()
    put(tmp_path, "a.feed", 1, 2)
    (tmp_path / "c.feed").unlink()

    after = space.refresh()

    assert list(after.documents) == ["a.feed", "b.feed"]
    assert numbers(after, "a.feed") == [1, 2]
    assert after.documents["b.feed"] is before.documents["b.feed"]
    assert after.generation == before.generation + 1
    assert numbers(before, "a.feed") == [1]


def test_a_file_that_was_only_touched_stays_the_same_document(tmp_path: Path) -> None:
    put(tmp_path, "a.feed", 1)
    space = workspace(tmp_path)
    before = space.refresh()
    os.utime(tmp_path / "a.feed", ns=(0, 0))

    assert space.refresh() is before


def test_a_sweep_trusts_stamps_and_a_named_file_is_read_again(tmp_path: Path) -> None:
    put(tmp_path, "a.feed", 1)
    space = workspace(tmp_path)
    stamp = (tmp_path / "a.feed").stat().st_mtime_ns
    space.refresh()
    put(tmp_path, "a.feed", 2)
    os.utime(tmp_path / "a.feed", ns=(stamp, stamp))

    assert numbers(space.refresh(), "a.feed") == [1]
    assert numbers(space.refresh(["a.feed"]), "a.feed") == [2]


def test_a_file_that_cannot_be_read_is_tried_again_at_every_sweep() -> None:
    space = Workspace("/proc/self", forms=(FEED,), within=("mem",))
    before = space.refresh()
    again = space.refresh()

    assert [issue.message for issue in before.issues_of("mem")] == ["input/output error"]
    assert again.documents["mem"] is before.documents["mem"]


def test_what_is_no_file_is_listed_with_an_issue(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")

    snapshot = workspace(tmp_path).refresh()

    assert {path: issue.message for path, issue in snapshot.issues()} == {
        "dangling": "no such file or directory",
        "fifo": "not a regular file",
        "loop": "too many levels of symbolic links",
    }


def test_a_root_that_is_not_there_is_unreadable_and_a_snapshot_says_why(tmp_path: Path) -> None:
    space = workspace(tmp_path / "nope")

    with pytest.raises(disk.Unreadable) as missing:
        space.refresh()

    assert missing.value.is_gone
    assert space.newest.fault == "no such file or directory"


def test_a_root_may_vanish_and_come_back(tmp_path: Path) -> None:
    put(tmp_path, "root/a.feed", 1)
    space = workspace(tmp_path / "root")
    space.refresh()
    shutil.rmtree(tmp_path / "root")

    gone = list(space.updates())
    still_gone = list(space.updates())
    put(tmp_path, "root/b.feed", 2)
    (back,) = space.updates()

    assert [(one.fault, dict(one.documents)) for one in gone] == [("no such file or directory", {})]
    assert still_gone == []
    assert (back.fault, list(back.documents)) == ("", ["b.feed"])


def test_a_root_may_be_a_single_file(tmp_path: Path) -> None:
    put(tmp_path, "a.feed", 1)
    put(tmp_path, "b.feed", 1)
    space = workspace(tmp_path / "a.feed")

    snapshot = space.refresh()
    put(tmp_path, "a.feed", 2)
    put(tmp_path, "b.feed", 2)

    assert list(snapshot.documents) == ["a.feed"]
    assert list(space.refresh(["b.feed", "a.feed"]).documents) == ["a.feed"]
    assert numbers(space.newest, "a.feed") == [2]


def test_a_single_file_of_the_current_directory_can_be_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.feed", 1)
    monkeypatch.chdir(tmp_path)

    assert list(Workspace("a.feed", forms=(FEED,)).refresh().documents) == ["a.feed"]
    assert list(Workspace(".", forms=(FEED,)).refresh().documents) == ["a.feed"]


@pytest.mark.parametrize(("target", "listed"), [("tree", "a.json"), ("tree/a.json", "link")])
def test_a_root_that_is_a_link_is_followed_wherever_it_leads(tmp_path: Path, target: str, listed: str) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a.json").write_bytes(b"{}")
    (tmp_path / "elsewhere").mkdir()
    root = tmp_path / "elsewhere" / "link"
    root.symlink_to(tmp_path / target)

    workspace = Workspace(str(root))
    snapshot = workspace.refresh()

    assert list(snapshot.documents) == [listed]
    assert [issue.rule.id for _, issue in snapshot.issues()] == []
    assert workspace.refresh(list(snapshot.documents)).documents == snapshot.documents


def test_only_some_paths_below_the_root_can_be_read(tmp_path: Path) -> None:
    for path in ("a/x.feed", "b/x.feed", "c.feed"):
        put(tmp_path, path, 1)
    space = Workspace(str(tmp_path), forms=(FEED,), within=("a", "c.feed"))

    assert list(space.refresh().documents) == ["a/x.feed", "c.feed"]
    put(tmp_path, "b/y.feed", 1)
    put(tmp_path, "a/y.feed", 1)
    assert list(space.refresh(["b/y.feed", "a/y.feed"]).documents) == ["a/x.feed", "a/y.feed", "c.feed"]


# named paths


def test_a_named_directory_is_walked(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    space.refresh()
    put(tmp_path, "run/deep/a.feed", 1)
    put(tmp_path, "run/b.feed", 1)

    assert list(space.refresh(["run"]).documents) == ["run/b.feed", "run/deep/a.feed"]


def test_a_file_in_an_unknown_directory_brings_the_whole_directory(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    space.refresh()
    put(tmp_path, "run/deep/a.feed", 1)
    put(tmp_path, "run/b.feed", 1)

    assert list(space.refresh(["run/deep/a.feed"]).documents) == ["run/b.feed", "run/deep/a.feed"]


@pytest.mark.parametrize("named", [["run"], ["run/deep"], ["run/deep/a.feed"], ["run/deep/a.feed", "run"]])
def test_a_vanished_directory_takes_its_files_along(tmp_path: Path, named: list[str]) -> None:
    put(tmp_path, "run/deep/a.feed", 1)
    put(tmp_path, "running.feed", 1)
    space = workspace(tmp_path)
    space.refresh()
    shutil.rmtree(tmp_path / "run")

    assert list(space.refresh(named).documents) == ["running.feed"]


def test_a_directory_that_another_took_the_place_of_is_read_anew(tmp_path: Path) -> None:
    put(tmp_path, "run/a.feed", 1)
    put(tmp_path, "run/b.feed", 1)
    put(tmp_path, "other/a.feed", 2)
    space = workspace(tmp_path)
    space.refresh()
    shutil.rmtree(tmp_path / "run")
    (tmp_path / "other").rename(tmp_path / "run")

    snapshot = space.refresh(["run", "other"])

    assert list(snapshot.documents) == ["run/a.feed"]
    assert numbers(snapshot, "run/a.feed") == [2]


def test_a_file_named_through_a_link_is_known_by_its_own_path(tmp_path: Path) -> None:
    put(tmp_path, "run/a.feed", 1)
    (tmp_path / "run" / "loop").symlink_to(tmp_path)
    (tmp_path / "latest").symlink_to("run")
    space = workspace(tmp_path)
    space.refresh()
    put(tmp_path, "run/a.feed", 2)
    put(tmp_path, "run/b.feed", 3)

    snapshot = space.refresh(["latest/a.feed", "run/loop/run/b.feed", "run/loop", "latest"])

    assert list(snapshot.documents) == ["run/a.feed", "run/b.feed"]
    assert numbers(snapshot, "run/a.feed") == [2]


def test_staged_files_and_version_control_are_not_looked_at(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    space.refresh()
    put(tmp_path, "a.feed.stage", 1)
    put(tmp_path, ".git/a.feed", 1)

    assert space.refresh(["a.feed.stage", ".git/a.feed", ".git"]).documents == {}


# files that are being written


def test_half_a_file_waits_and_is_then_shown_as_it_is(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    space = workspace(tmp_path, clock)
    space.refresh()
    put(tmp_path, "a.feed", rest=b'{"n":')

    waiting = space.refresh(["a.feed"])
    clock.now += SETTLE_NS - 1
    still_waiting = space.refresh([])
    clock.now += 1
    settled = space.refresh([])

    assert waiting.arriving == {"a.feed"}
    assert waiting.documents["a.feed"].issues == ()
    assert not waiting.documents["a.feed"].is_complete
    assert still_waiting is waiting
    assert settled.arriving == frozenset()
    assert [issue.code for issue in settled.documents["a.feed"].issues] == ["tiny.cut"]
    assert not space.is_waiting


def test_every_write_starts_the_wait_anew(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    space = workspace(tmp_path, clock)
    space.refresh()
    put(tmp_path, "a.feed", rest=b'{"n":')
    space.refresh(["a.feed"])
    clock.now += SETTLE_NS - 1
    put(tmp_path, "a.feed", rest=b'{"n":1')

    space.refresh(["a.feed"])
    clock.now += SETTLE_NS - 1

    assert space.refresh([]).arriving == {"a.feed"}


def test_while_a_file_arrives_its_last_good_document_stands(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    put(tmp_path, "a.feed", 1)
    space = workspace(tmp_path, clock)
    before = space.refresh()
    for content in (b"", b"{", b'{"n":'):
        (tmp_path / "a.feed").write_bytes(content)

        snapshot = space.refresh(["a.feed"])

        assert snapshot.arriving == {"a.feed"}
        assert snapshot.documents["a.feed"] is before.documents["a.feed"]
    put(tmp_path, "a.feed", 2)
    after = space.refresh()
    assert (after.arriving, numbers(after, "a.feed")) == (frozenset(), [2])


def test_an_arriving_file_that_vanishes_is_gone(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    space = workspace(tmp_path, clock)
    space.refresh()
    put(tmp_path, "a.feed", rest=b"{")
    space.refresh(["a.feed"])
    (tmp_path / "a.feed").unlink()
    clock.now += SETTLE_NS

    snapshot = space.refresh([])

    assert (snapshot.documents, snapshot.arriving, space.is_waiting) == ({}, frozenset(), False)


def test_old_half_files_are_judged_at_once_when_a_directory_is_opened(tmp_path: Path) -> None:
    put(tmp_path, "a.feed", rest=b"{")

    snapshot = workspace(tmp_path, Clock(tmp_path)).refresh()

    assert snapshot.arriving == frozenset()
    assert snapshot.documents["a.feed"].issues


def test_a_file_from_the_future_settles_by_our_own_clock(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    put(tmp_path, "a.feed", rest=b"{")
    os.utime(tmp_path / "a.feed", ns=(clock.now + 10**12, clock.now + 10**12))
    space = workspace(tmp_path, clock)

    assert space.refresh().arriving == {"a.feed"}
    clock.now += SETTLE_NS
    assert space.refresh([]).arriving == frozenset()


def test_unknown_json_that_ends_too_early_waits(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    space = workspace(tmp_path, clock)
    space.refresh()
    (tmp_path / "cut.json").write_bytes(b'{"a": [1, 2')
    (tmp_path / "whole.json").write_bytes(b'{"a": [1, 2]}')

    assert space.refresh().arriving == {"cut.json"}


def test_a_growing_feed_shows_its_whole_lines_while_the_last_is_written(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    many = range(20_000)
    put(tmp_path, "a.feed", *many)
    space = workspace(tmp_path, clock)
    space.refresh()
    for count in (1, 2, 3):
        put(tmp_path, "a.feed", *many, *range(-count, 0), rest=b'{"n"')

        snapshot = space.refresh(["a.feed"])

        assert snapshot.arriving == {"a.feed"}
        assert numbers(snapshot, "a.feed")[20_000:] == list(range(-count, 0))
        assert {issue.code for issue in snapshot.documents["a.feed"].issues} == {"tiny.negative"}
    clock.now += SETTLE_NS
    settled = space.refresh([])
    assert "tiny.cut" in {issue.code for issue in settled.documents["a.feed"].issues}


def test_a_grown_document_equals_one_that_is_read_anew(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    for end in (20_000, 20_001, 30_000):
        put(tmp_path, "a.feed", *range(-3, end))
        grown = space.refresh().documents["a.feed"]
        anew = workspace(tmp_path).refresh().documents["a.feed"]

        assert _values(grown) == _values(anew)


def test_a_feed_that_was_rewritten_longer_is_read_anew(tmp_path: Path) -> None:
    put(tmp_path, "a.feed", *range(20_000))
    space = workspace(tmp_path)
    space.refresh()
    put(tmp_path, "a.feed", *range(1, 30_000))

    assert numbers(space.refresh(), "a.feed") == list(range(1, 30_000))


# what files say of each other


def test_a_directory_that_is_blamed_joins_the_documents_and_stays_the_same(tmp_path: Path) -> None:
    put(tmp_path, "run/a.feed", 1, 2)
    put(tmp_path, "run/b.feed", 3, 4)
    put(tmp_path, "z.feed", 1)
    space = workspace(tmp_path)

    before = space.refresh()
    put(tmp_path, "z.feed", 2)
    after = space.refresh()

    assert list(before.documents) == ["run", "run/a.feed", "run/b.feed", "z.feed"]
    assert before.documents["run"].kind == DIRECTORY
    assert [issue.code for issue in before.issues_of("run")] == ["tiny.double"]
    assert after.documents["run"] is before.documents["run"]
    put(tmp_path, "run/b.feed", 3, 4, 5)
    assert "run" not in space.refresh().documents


# long scans


def test_a_long_scan_is_published_as_it_goes(tmp_path: Path) -> None:
    for number in range(30):
        put(tmp_path, f"{number:02}.feed", number)
    clock = Clock(tmp_path)
    seen: list[Snapshot] = []

    def slow() -> int:
        clock.now += 10_000_000
        return clock.now

    space = Workspace(str(tmp_path), forms=(FEED,), clock=slow)
    whole = space.refresh(publish=seen.append)

    assert 3 < len(seen) < 20
    assert whole.progress is None
    assert len(whole.documents) == 30
    for earlier, later in zip(seen, [*seen[1:], whole], strict=True):
        assert earlier.progress
        assert earlier.progress.files_found == 30
        assert len(earlier.documents) == earlier.progress.files + 1
        assert set(earlier.documents.items()) < set(later.documents.items())
        assert earlier.generation <= later.generation


def test_a_large_file_is_shown_while_it_is_loaded(tmp_path: Path) -> None:
    put(tmp_path, "large.feed", *range(400_000))
    seen: list[int] = []

    whole = workspace(tmp_path).refresh(publish=lambda one: seen.append(len(one.documents["large.feed"].records)))

    assert seen == sorted(seen)
    assert 0 < seen[0] < 400_000
    assert len(whole.documents["large.feed"].records) == 400_000


def test_a_cancelled_scan_lists_what_it_did_not_read(tmp_path: Path) -> None:
    for name in "abc":
        put(tmp_path, f"{name}.feed", 1)
    space = workspace(tmp_path)
    read: list[int] = []

    def cancelled() -> bool:
        read.append(1)
        return len(read) == 2

    snapshot = space.refresh(cancelled=cancelled)

    assert list(snapshot.documents) == ["a.feed", "b.feed", "c.feed"]
    assert [(path, issue.code) for path, issue in snapshot.issues()] == [("c.feed", "core.not-whole")]
    assert space.refresh() is snapshot
    assert numbers(space.refresh(["c.feed"]), "c.feed") == [1]
    assert list(space.newest.issues()) == []


def test_a_large_file_can_be_cancelled_half_way(tmp_path: Path) -> None:
    put(tmp_path, "large.feed", *range(400_000))
    space = workspace(tmp_path)

    snapshot = space.refresh(publish=lambda _: None, cancelled=lambda: True)

    document = snapshot.documents["large.feed"]
    assert 0 < len(document.records) < 400_000
    assert [issue.code for issue in document.issues] == ["core.not-whole"]
    assert len(space.refresh(["large.feed"]).documents["large.feed"].records) == 400_000


@pytest.mark.soak
def test_while_a_file_too_large_to_be_held_is_hashed_its_bytes_are_counted(tmp_path: Path) -> None:
    with (tmp_path / "huge.bin").open("wb") as file:
        file.truncate(READ_LIMIT_BYTES + (1 << 20))
    told: list[Progress] = []

    def publish(snapshot: Snapshot) -> None:
        assert snapshot.progress
        told.append(snapshot.progress)

    snapshot = Workspace(str(tmp_path)).refresh(publish=publish)

    counts = [progress.bytes for progress in told if progress.path == "huge.bin"]
    assert counts == sorted(counts)
    assert any(0 < count < READ_LIMIT_BYTES for count in counts)
    assert snapshot.documents["huge.bin"].sha256


def test_hashing_a_file_too_large_to_be_held_can_be_cancelled(tmp_path: Path) -> None:
    with (tmp_path / "huge.bin").open("wb") as file:
        file.truncate(READ_LIMIT_BYTES + (1 << 20))

    snapshot = Workspace(str(tmp_path)).refresh(publish=lambda _: None, cancelled=lambda: True)

    document = snapshot.documents["huge.bin"]
    assert not document.sha256
    assert [issue.code for issue in document.issues] == ["core.not-whole"]


def _values(document: Document) -> dict[str, object]:
    """Everything of a document that is a value."""
    fields = set(Document.__struct_fields__) - {"record_at"}
    return {name: getattr(document, name) for name in fields}
