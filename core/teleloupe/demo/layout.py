"""The demo directory as files, and how it is written; with the history in git that one of its checksums needs."""

from __future__ import annotations

import os
import shutil
import subprocess

from teleloupe.demo import ailments
from teleloupe.demo.clamps import clamps
from teleloupe.demo.conduits import conduits
from teleloupe.demo.dice import Dice
from teleloupe.demo.foundry import foundry
from teleloupe.demo.machine import machine
from teleloupe.demo.training import training

GUIDE = "START-HERE.txt"
CHECKSUMS = "checksums"
HISTORY = f"{CHECKSUMS}/older-version"
TIMEOUT_S = 20.0

Files = dict[str, bytes]

_PARTS = {"toyfoundry": foundry, "weftend": conduits, "svr": training, "clamp": clamps, "bootloader": machine}
_GIT = ("-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false", "-c", "commit.gpgSign=false")
_WHEN = "2026-03-01T12:00:00Z"


def demo_files(dice: Dice, *, has_history: bool = True, is_live: bool = False) -> Files:
    """Every file of the demo directory by path."""
    files = {f"{part}/{name}": data for part, make in _PARTS.items() for name, data in make(dice).items()}
    files |= {f"{CHECKSUMS}/{name}": data for name, data in ailments.ailments(dice).items()}
    if not has_history:
        files = {path: data for path, data in files.items() if not path.startswith(f"{HISTORY}/")}
    return {**files, GUIDE: _guide(has_history=has_history, is_live=is_live)}


def lay_out(root: str, seed: int, *, is_live: bool = False) -> bool:
    """Write the demo directory, and say whether git could give it its history. Raises OSError.

    `is_live`: a writer will be at work in it.
    """
    dice = Dice(seed)
    has_history = _commit(os.path.join(root, HISTORY), ailments.older_version(dice))
    for path, data in demo_files(dice, has_history=has_history, is_live=is_live).items():
        _write(os.path.join(root, path), data)
    return has_history


def _write(path: str, data: bytes) -> None:
    """Nobody reads these files yet, and nobody misses them after a crash: neither atomic nor flushed."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def _commit(folder: str, files: Files) -> bool:
    """A repository of its own with one commit of these files; without git nothing is left of it, and the answer no."""
    for name, data in files.items():
        _write(os.path.join(folder, name), data)
    words = (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "Export of yesterday"))
    is_done = all(_git(folder, *line) for line in words)
    if not is_done:
        shutil.rmtree(folder)
    return is_done


def _git(folder: str, *words: str) -> bool:
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _WHO.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    alone = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    command = ("git", *_GIT, "-C", folder, *words)
    try:
        done = subprocess.run(
            command,
            env={**kept, **alone, **who},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


_WHO = {"NAME": "Demo", "EMAIL": "demo@example.invalid", "DATE": _WHEN}


def _guide(*, has_history: bool, is_live: bool) -> bytes:
    shown = [one for one in ailments.AILMENTS if has_history or f"{CHECKSUMS}/{one.folder}" != HISTORY]
    lines = [
        "This directory was made by `teleloupe demo`. What to look at:",
        "",
        "  4          the checksums: which hold, and why the others do not",
        "  enter      on one of them: what was tried, and the proof",
        "  d          what changed since it was signed off",
        "  3          what else is wrong, by cause",
        "  V          a format's own views: chains, scores, runs",
        *(["  live/      a writer at work: files arrive, grow, break and are mended"] if is_live else []),
        "",
        f"In {CHECKSUMS}/ each folder is one way to fail:",
        "",
        *(f"  {one.folder:<16} {one.word:<17} {one.story}" for one in shown),
    ]
    return "".join(f"{line}\n" for line in lines).encode()
