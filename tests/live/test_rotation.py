"""A feed that is rotated or begins again: the old content is known under its new name, and nothing is counted twice."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from following import Follower

from teleloupe.model import Snapshot
from teleloupe.watch import Watch

SAMPLES = Path(__file__).parents[2] / "sample_data"
LINES = (SAMPLES / "svr" / "valid" / "live" / "anon-p017.jsonl").read_bytes().splitlines(keepends=True)
NAME, KEPT = "anon-p017.jsonl", 4


@contextlib.contextmanager
def following(root: Path) -> Iterator[Follower]:
    """A watch that knows all formats, over a directory with a feed."""
    (root / NAME).write_bytes(b"".join(LINES[:KEPT]))
    follower = Follower(Watch(str(root)))
    try:
        follower.until(lambda snapshot: counts(snapshot) == {NAME: KEPT})
        yield follower
    finally:
        follower.end()


def counts(snapshot: Snapshot) -> dict[str, int]:
    """How many records each file has."""
    return {path: len(document.records) for path, document in snapshot.documents.items()}


def settled(**wanted: int) -> Callable[[Snapshot], bool]:
    """A condition: exactly these files are there, `{name: records}`, none of them still arriving."""
    return lambda snapshot: counts(snapshot) == wanted and not snapshot.arriving


@pytest.mark.parametrize("rotated", [f"{NAME}.1", "anon-p017-20260418.jsonl", f"{NAME}.2026-04-18"])
def test_a_feed_that_is_renamed_keeps_its_kind_and_the_new_one_grows_from_nothing(tmp_path: Path, rotated: str) -> None:
    feed = tmp_path / NAME
    with following(tmp_path) as seen:
        feed.rename(tmp_path / rotated)
        feed.write_bytes(LINES[KEPT])
        seen.until(settled(**{NAME: 1, rotated: KEPT}))

        with feed.open("ab") as file:
            file.write(LINES[KEPT + 1])
        snapshot = seen.until(settled(**{NAME: 2, rotated: KEPT}))

        old, new = snapshot.documents[rotated], snapshot.documents[NAME]
        assert (old.format, old.kind) == (new.format, new.kind) == ("svr", "events")
        assert new.size == feed.stat().st_size


def test_a_rotated_feed_that_is_packed_is_the_same_feed(tmp_path: Path) -> None:
    first, packed = tmp_path / f"{NAME}.1", tmp_path / f"{NAME}.1.gz"
    with following(tmp_path) as seen:
        (tmp_path / NAME).rename(first)
        (tmp_path / NAME).write_bytes(LINES[KEPT])
        seen.until(settled(**{NAME: 1, first.name: KEPT}))

        packed.write_bytes(gzip.compress(first.read_bytes()))
        first.unlink()
        snapshot = seen.until(settled(**{NAME: 1, packed.name: KEPT}))

        assert (snapshot.documents[packed.name].format, snapshot.documents[packed.name].kind) == ("svr", "events")


def test_a_feed_that_is_copied_and_truncated_begins_again(tmp_path: Path) -> None:
    feed, copy = tmp_path / NAME, tmp_path / f"{NAME}.1.gz"
    with following(tmp_path) as seen:
        copy.write_bytes(gzip.compress(feed.read_bytes()))
        seen.until(settled(**{NAME: KEPT, copy.name: KEPT}))

        with feed.open("r+b") as file:
            file.truncate(0)
        seen.until(settled(**{NAME: 0, copy.name: KEPT}))

        for count, line in enumerate(LINES[:KEPT], 1):
            with feed.open("ab") as file:
                file.write(line)
            seen.until(settled(**{NAME: count, copy.name: KEPT}))


def test_a_feed_that_outgrows_the_old_one_before_it_is_looked_at_is_read_anew(tmp_path: Path) -> None:
    with following(tmp_path) as seen:
        (tmp_path / NAME).write_bytes(b"".join(reversed(LINES)))

        snapshot = seen.until(settled(**{NAME: len(LINES)}))

        assert snapshot.documents[NAME].size == sum(map(len, LINES))
