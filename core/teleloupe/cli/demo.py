"""`teleloupe demo`: a directory to try Teleloupe on, opened in the inspector while a writer works in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import click

from teleloupe import disk
from teleloupe.cli import Front
from teleloupe.cli.completing import FOLDER
from teleloupe.cli.manual import Command
from teleloupe.model import UsageError
from teleloupe.safe import safe
from teleloupe.streams import say, write_lines

# keys by their ids, since the reader may have others
GREETING = "{sums:<7}checksums, and why they fail\n{issues:<7}what else is wrong\n{help:<7}the keys"
GREETING_LIVE = f"{GREETING}\nlive/  a writer at work"
NO_HISTORY = "git does not answer: the folder checksums/older-version is left out"


@click.command(
    "demo",
    cls=Command,
    statuses={0: "the inspector was closed"},
    examples=(
        ("teleloupe demo", "have a look"),
        ("teleloupe demo --keep telemetry --no-open", "keep a directory to try the other commands on"),
    ),
)
@click.option("--keep", metavar="DIR", type=FOLDER, help="Write it to DIR, which is new or empty, and keep it.")
@click.option("--no-writer", "is_still", is_flag=True, help="Without the live writer.")
@click.option("--no-open", "is_closed", is_flag=True, help="Only write it, with --keep; without the inspector.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed, other data.")
@click.pass_obj
def demo_command(front: Front | None, keep: str | None, *, is_still: bool, is_closed: bool, seed: int) -> int:
    """Open the inspector on a directory made for trying it out.

    All five formats are in it, every way in which a checksum can fail once, and a writer that appends, replaces,
    breaks and mends files. It lies in the temporary directory and is removed when the inspector ends.
    """
    if is_closed and keep is None:
        raise UsageError("--no-open goes with --keep", "teleloupe demo --keep DIR --no-open")
    if front is None and not is_closed:
        raise UsageError("there is no inspector in this installation", "teleloupe demo --keep DIR --no-open")
    try:
        with _place(keep) as root:
            return _shown(root, seed, None if is_closed else front, is_live=not is_still, is_kept=keep is not None)
    except OSError as fault:
        raise disk.unwritable(keep or tempfile.gettempdir(), fault) from None


@contextmanager
def _place(keep: str | None) -> Iterator[str]:
    """The directory to write to; one of our own is removed in the end."""
    if keep is not None:
        os.makedirs(keep, exist_ok=True)
        if os.listdir(keep):
            raise UsageError(f"{safe(keep)} is not empty", "name a directory that is not there yet")
        yield keep
        return
    root = tempfile.mkdtemp(prefix="teleloupe-demo-")
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _shown(root: str, seed: int, front: Front | None, *, is_live: bool, is_kept: bool) -> int:
    from teleloupe.demo.companion import beside
    from teleloupe.demo.layout import lay_out

    if front is None:
        has_history, status = lay_out(root, seed), 0
    else:
        with beside(root, seed, is_live=is_live, is_kept=is_kept):
            has_history = lay_out(root, seed, is_live=is_live)
            greeting = GREETING_LIVE if is_live else GREETING
            status = front.inspect(root, greeting if has_history else f"{greeting}\n{NO_HISTORY}")
    if not has_history:
        say(f"teleloupe: {NO_HISTORY}")
    if is_kept:
        write_lines([f"the demo directory is {safe(root)}"])
    return status
