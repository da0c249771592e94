"""`teleloupe memory`: the verified bytes that were kept while watching, and how to forget them."""

from __future__ import annotations

import os
import time

import click

from teleloupe.cli.manual import Command
from teleloupe.cli.output import print_json
from teleloupe.provenance.memory import AGE_DAYS, TOTAL_BYTES, Memory, default_folder
from teleloupe.safe import safe
from teleloupe.streams import write_lines


def users_memory(*, is_read_only: bool = False) -> Memory:
    """The memory in this user's cache directory."""
    return Memory(default_folder(os.environ), time.time_ns, is_read_only=is_read_only)


memory_option = click.option(
    "--memory/--no-memory",
    default=True,
    callback=lambda _context, _option, is_asked: users_memory(is_read_only=True) if is_asked else None,
    help="Whether bytes remembered from earlier checks may explain a digest.",
)


@click.command(
    "memory",
    cls=Command,
    statuses={0: "always"},
    examples=(
        ("teleloupe memory", "how much is kept, and where"),
        ("teleloupe memory --clear", "forget it"),
    ),
)
@click.option("--clear", "is_cleared", is_flag=True, help="Forget everything.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to answer.")
def memory_command(is_cleared: bool, output: str) -> int:
    """Show what is remembered of verified files, or forget it.

    While watching, bytes that a checksum holds for are kept, so that a later change can be compared with them.
    """
    memory = users_memory()
    forgotten = memory.clear() if is_cleared else 0
    entries = memory.entries()
    size = sum(entry.size for entry in entries)
    if output == "json":
        listed = [{"sha256": entry.sha256, "size": entry.size, "written_ns": entry.written_ns} for entry in entries]
        print_json({"schema": "teleloupe.memory/1", "folder": memory.folder, "forgotten": forgotten, "entries": listed})
        return 0
    limits = f"at most {TOTAL_BYTES >> 20} MiB and {AGE_DAYS} days"
    kept = f"{len(entries)} entries, {size} bytes in {safe(memory.folder)} ({limits})"
    write_lines([f"{forgotten} entries forgotten", kept] if is_cleared else [kept])
    return 0
