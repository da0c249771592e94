"""The seven rules that keep a live view true, each against the real watcher."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from threading import Event

import pytest
from following import feed, following, holds_paths, records

import teleloupe
from teleloupe.model import Watching
from teleloupe.watch import Watch


def test_a_fresh_folder_that_is_filled_at_once_is_seen_whole(tmp_path: Path) -> None:
    with following(tmp_path) as seen:
        folder = tmp_path / "run" / "deep"
        folder.mkdir(parents=True)
        for number in range(50):
            (folder / f"{number}.feed").write_bytes(feed(number))

        seen.until(holds_paths(*(f"run/deep/{number}.feed" for number in range(50))))


def test_two_hundred_fresh_folders_are_seen_whole(tmp_path: Path) -> None:
    with following(tmp_path) as seen:
        for number in range(200):
            folder = tmp_path / f"run_{number}"
            folder.mkdir()
            for part in "ab":
                (folder / f"{part}.feed").write_bytes(feed(number))

        seen.until(lambda snapshot: len(snapshot.documents) == 400 and not snapshot.arriving)


def test_a_folder_that_is_moved_in_brings_its_files(tmp_path: Path) -> None:
    (root := tmp_path / "root").mkdir()
    (outside := tmp_path / "outside" / "inner").mkdir(parents=True)
    (outside / "a.feed").write_bytes(feed(1))
    with following(root) as seen:
        (tmp_path / "outside").rename(root / "moved")

        seen.until(holds_paths("moved/inner/a.feed"))


def test_a_folder_that_is_moved_out_takes_its_files_along(tmp_path: Path) -> None:
    (folder := tmp_path / "root" / "run").mkdir(parents=True)
    (folder / "a.feed").write_bytes(feed(1))
    (tmp_path / "root" / "b.feed").write_bytes(feed(1))
    with following(tmp_path / "root") as seen:
        folder.rename(tmp_path / "elsewhere")

        seen.until(holds_paths("b.feed"))


def test_a_file_that_is_renamed_over_another_takes_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.feed").write_bytes(feed(1))
    with following(tmp_path) as seen:
        for number in (2, 3):
            staged = tmp_path / "a.feed.stage"
            staged.write_bytes(feed(number))
            staged.replace(tmp_path / "a.feed")
            snapshot = seen.until(lambda one, number=number: records(one, "a.feed") == [number])  # type: ignore[misc]  # bound now

        assert list(snapshot.documents) == ["a.feed"]


def test_a_file_that_is_truncated_and_rewritten_shows_its_new_content(tmp_path: Path) -> None:
    (tmp_path / "a.feed").write_bytes(feed(1, 2, 3))
    with following(tmp_path) as seen:
        (tmp_path / "a.feed").write_bytes(feed(4))

        seen.until(lambda snapshot: records(snapshot, "a.feed") == [4])


def test_a_half_written_file_is_arriving_and_keeps_its_last_good_state(tmp_path: Path) -> None:
    (tmp_path / "a.feed").write_bytes(feed(1))
    with following(tmp_path) as seen:
        before = seen.snapshots[-1].documents["a.feed"]
        (tmp_path / "a.feed").write_bytes(b'{"n":')

        arriving = seen.until(lambda snapshot: "a.feed" in snapshot.arriving)
        assert arriving.documents["a.feed"] is before

        (tmp_path / "a.feed").write_bytes(feed(7))
        seen.until(lambda snapshot: records(snapshot, "a.feed") == [7] and not snapshot.arriving)


def test_a_file_whose_writer_went_silent_is_shown_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.feed").write_bytes(feed(1))
    with following(tmp_path) as seen:
        (tmp_path / "a.feed").write_bytes(b'{"n":')

        broken = seen.until(lambda snapshot: snapshot.documents["a.feed"].issues and not snapshot.arriving)

        assert [issue.code for issue in broken.documents["a.feed"].issues] == ["tiny.cut"]


def test_an_empty_file_is_waited_for_and_then_listed(tmp_path: Path) -> None:
    with following(tmp_path) as seen:
        (tmp_path / "a.feed").touch()

        seen.until(lambda snapshot: "a.feed" in snapshot.arriving)
        seen.until(holds_paths("a.feed"))


def test_a_root_that_is_deleted_and_created_again_is_watched_again(tmp_path: Path) -> None:
    (root := tmp_path / "root").mkdir()
    (root / "a.feed").write_bytes(feed(1))
    with following(root) as seen:
        shutil.rmtree(root)
        gone = seen.until(lambda snapshot: snapshot.fault)
        assert gone.documents == {}
        assert gone.fault == "no such file or directory"

        root.mkdir()
        (root / "b.feed").write_bytes(feed(2))
        seen.until(lambda snapshot: records(snapshot, "b.feed") == [2] and not snapshot.fault)

        seen.until(lambda snapshot: snapshot.watching == Watching("native"))
        (root / "c.feed").write_bytes(feed(3))
        seen.until(lambda snapshot: records(snapshot, "c.feed") == [3])


def test_a_root_that_is_replaced_by_another_directory_is_followed(tmp_path: Path) -> None:
    (root := tmp_path / "root").mkdir()
    (root / "a.feed").write_bytes(feed(1))
    (other := tmp_path / "other").mkdir()
    (other / "b.feed").write_bytes(feed(2))
    with following(root) as seen:
        root.rename(tmp_path / "old")
        other.rename(root)

        seen.until(holds_paths("b.feed"))


def test_a_root_that_does_not_exist_yet_is_waited_for(tmp_path: Path) -> None:
    with following(tmp_path / "later") as seen:
        assert seen.snapshots[-1].fault == "no such file or directory"
        assert seen.snapshots[-1].watching == Watching("polling", "the directory is not there")

        (tmp_path / "later").mkdir()
        (tmp_path / "later" / "a.feed").write_bytes(feed(1))

        seen.until(holds_paths("a.feed"))


def test_of_an_appended_feed_only_the_tail_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.feed"
    path.write_bytes(feed(*range(300_000)))
    with following(tmp_path) as seen:
        seen.until(lambda snapshot: len(records(snapshot, "big.feed")) == 300_000)
        before = _bytes_read()
        with path.open("ab") as file:
            file.write(feed(-1, -2))

        grown = seen.until(lambda snapshot: records(snapshot, "big.feed")[-2:] == [-1, -2])

        assert _bytes_read() - before < 100_000 < path.stat().st_size
        assert len(grown.documents["big.feed"].records) == 300_002
        assert len(grown.documents["big.feed"].issues) == 2


def test_a_feed_that_always_ends_in_half_a_line_shows_its_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.feed"
    path.write_bytes(feed(1) + b'{"n"')
    with following(tmp_path) as seen:
        for number in (2, 3, 4):
            with path.open("ab") as file:
                file.write(b':%d}\n{"n"' % number)
            snapshot = seen.until(lambda one, number=number: records(one, "a.feed")[-1:] == [number])  # type: ignore[misc]  # bound now

            assert snapshot.documents["a.feed"].issues == ()


def test_names_that_are_not_utf8_are_followed(tmp_path: Path) -> None:
    bad = os.fsencode(tmp_path) + b"/\xff\x1b.feed"
    with following(tmp_path) as seen, open(bad, "wb") as file:
        file.write(feed(1))
        file.flush()
        name = "\udcff\x1b.feed"
        seen.until(lambda snapshot: records(snapshot, name) == [1])

        (tmp_path / "next.feed").write_bytes(feed(2))
        seen.until(lambda snapshot: records(snapshot, "next.feed") == [2])

        file.write(feed(3))
        file.flush()
        seen.until(lambda snapshot: records(snapshot, name) == [1, 3])


def test_hidden_directories_are_followed(tmp_path: Path) -> None:
    (hidden := tmp_path / ".toyfoundry" / "telemetry").mkdir(parents=True)
    with following(tmp_path) as seen:
        (hidden / ".a.feed").write_bytes(feed(1))

        seen.until(holds_paths(".toyfoundry/telemetry/.a.feed"))


def test_a_symlink_loop_lists_every_file_once(tmp_path: Path) -> None:
    (folder := tmp_path / "run").mkdir()
    (folder / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to("self")
    (folder / "a.feed").write_bytes(feed(1))
    with following(tmp_path) as seen:
        assert set(seen.snapshots[-1].documents) == {"run/a.feed", "self"}

        (folder / "loop" / "run" / "b.feed").write_bytes(feed(2))

        seen.until(holds_paths("run/a.feed", "run/b.feed", "self"))


def test_two_writes_in_one_tick_of_the_clock_are_both_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.feed"
    path.write_bytes(feed(1))
    with following(tmp_path) as seen:
        stamp = path.stat().st_mtime_ns
        path.write_bytes(feed(2))
        os.utime(path, ns=(stamp, stamp))

        seen.until(lambda snapshot: records(snapshot, "a.feed") == [2])


def test_a_process_that_was_stopped_catches_up_with_what_the_kernel_dropped(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom threading import Event\nfrom teleloupe.watch import Watch\n"
        "for one in Watch(sys.argv[1], forms=()).snapshots(Event()):\n"
        "    print(len(one.documents), len(one.arriving), flush=True)\n"
    )
    path = os.path.dirname(os.path.dirname(teleloupe.__file__))
    command, environment = [sys.executable, "-c", script, str(tmp_path)], {**os.environ, "PYTHONPATH": path}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout
        assert child.stdout.readline() == b"0 0\n"
        child.send_signal(signal.SIGSTOP)
        for number in range(6000):  # some 18 000 events; the kernel keeps 16 384
            (tmp_path / f"{number}.txt").write_text("x")
        child.send_signal(signal.SIGCONT)

        assert b"6000 0\n" in iter(child.stdout.readline, b"")
        child.kill()


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (OSError("OS file watch limit reached."), "max_user_watches"),
        (RuntimeError("Error creating recommended watcher: Too many open files (os error 24)"), "max_user_instances"),
    ],
)
def test_at_the_kernels_limits_the_sweep_does_the_work(tmp_path: Path, fault: Exception, why: str) -> None:
    def limited(_folders: Sequence[str], _is_recursive: bool, _stop: Event) -> Generator[set[str], None, None]:
        raise fault
        yield set()

    with following(tmp_path, arm=limited) as seen:
        (tmp_path / "a.feed").write_bytes(feed(1))

        snapshot = seen.until(lambda one: records(one, "a.feed") == [1])

        assert snapshot.watching.mode == "polling"
        assert why in snapshot.watching.why


def test_without_events_the_sweep_alone_sees_every_change(tmp_path: Path) -> None:
    with following(tmp_path, is_native=False) as seen:
        assert seen.snapshots[-1].watching == Watching("polling", "as asked")

        (tmp_path / "a.feed").write_bytes(feed(1))
        seen.until(lambda snapshot: records(snapshot, "a.feed") == [1])

        (tmp_path / "a.feed").write_bytes(feed(1, 2))
        seen.until(lambda snapshot: records(snapshot, "a.feed") == [1, 2])

        (tmp_path / "a.feed").unlink()
        seen.until(holds_paths())


def test_a_single_file_is_followed_through_replacements(tmp_path: Path) -> None:
    (tmp_path / "a.feed").write_bytes(feed(1))
    with following(tmp_path / "a.feed") as seen:
        for number in (2, 3):
            (tmp_path / "other.feed").write_bytes(feed(number))
            (tmp_path / "other.feed").replace(tmp_path / "a.feed")

            snapshot = seen.until(lambda one, number=number: records(one, "a.feed") == [number])  # type: ignore[misc]  # bound now

        assert list(snapshot.documents) == ["a.feed"]


def test_a_storm_ends_in_its_last_state_with_few_snapshots(tmp_path: Path) -> None:
    with following(tmp_path) as seen:
        before = len(seen.snapshots)
        for number in range(1000):
            (tmp_path / f"{number % 50}.feed").write_bytes(feed(number))

        seen.until(
            lambda snapshot: (
                [records(snapshot, f"{number % 50}.feed") for number in range(950, 1000)]
                == [[number] for number in range(950, 1000)]
            )
        )

        assert len(seen.snapshots) - before < 100


def test_what_did_not_change_stays_the_same_object(tmp_path: Path) -> None:
    (tmp_path / "a.feed").write_bytes(feed(1))
    (tmp_path / "b.feed").write_bytes(feed(2))
    with following(tmp_path) as seen:
        before = seen.snapshots[-1]
        (tmp_path / "a.feed").touch()
        (tmp_path / "b.feed").write_bytes(feed(3))

        after = seen.until(lambda snapshot: records(snapshot, "b.feed") == [3])

        assert after.documents["a.feed"] is before.documents["a.feed"]
        assert after.documents["b.feed"] is not before.documents["b.feed"]


def test_what_is_asked_for_is_read_again_whatever_its_stamp_says(tmp_path: Path) -> None:
    path = tmp_path / "a.feed"
    path.write_bytes(feed(1))
    with following(tmp_path, is_native=False) as seen:
        stamp = path.stat().st_mtime_ns
        path.write_bytes(feed(2))
        os.utime(path, ns=(stamp, stamp))

        seen.source.reread(None)

        seen.until(lambda snapshot: records(snapshot, "a.feed") == [2])


def test_a_watch_ends_soon_after_it_is_told_to(tmp_path: Path) -> None:
    with following(tmp_path) as seen:
        pass

    assert seen.fault is None


def test_a_watch_knows_how_it_looks_and_reads_for_the_app(tmp_path: Path) -> None:
    (tmp_path / "a.feed").write_bytes(feed(1))
    source = Watch(str(tmp_path))

    assert source.mode() == "off"
    assert source.read("a.feed").data == feed(1)


def _bytes_read() -> int:
    """What this process has read so far."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(lines[0].split()[1])
