"""Git, the editor, and the places where something of Teleloupe's is kept."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence

from teleloupe import disk
from teleloupe.doctor.findings import Finding
from teleloupe.provenance.memory import default_folder

TIMEOUT_S = 5.0


def findings(environment: Mapping[str, str]) -> Iterator[Finding]:
    """What else is used when it is there."""
    yield _git()
    yield _editor(environment)
    yield kept("cache", default_folder(environment), "teleloupe memory --clear empties it")


def settings(path: str, faults: Sequence[str]) -> Iterator[Finding]:
    """The configuration: where it is, and each of its faults."""
    if not path:
        yield Finding("places", "config", "ok", "none; the defaults hold")
    elif not faults:
        yield Finding("places", "config", "ok", path)
    for fault in faults:
        yield Finding("places", "config", "problem", fault, "mend it, or try without: teleloupe --no-config")


def _git() -> Finding:
    advice = "without git no checksum is explained by an older version; everything else works"
    place = shutil.which("git")
    if place is None:
        return Finding("surroundings", "git", "note", "not found", advice)
    try:
        done = subprocess.run([place, "--version"], capture_output=True, text=True, timeout=TIMEOUT_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return Finding("surroundings", "git", "note", f"{place} does not answer", advice)
    return Finding("surroundings", "git", "ok", done.stdout.strip().removeprefix("git version "))


def _editor(environment: Mapping[str, str]) -> Finding:
    said = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        words = shlex.split(said)
    except ValueError:
        words = []
    if not words:
        advice = "O opens a file in it: export EDITOR=nano"
        return Finding("surroundings", "editor", "note", f"cannot be read: {said}" if said else "none is set", advice)
    if shutil.which(words[0]) is None:
        return Finding("surroundings", "editor", "note", said, f"{words[0]} is not found; set EDITOR to another one")
    return Finding("surroundings", "editor", "ok", said)


def kept(name: str, folder: str, hint: str = "") -> Finding:
    """A directory with what it holds; one that cannot be written to is a problem."""
    above = folder
    while not os.path.lexists(above) and os.path.dirname(above) != above:
        above = os.path.dirname(above)
    if not os.path.isdir(above) or not os.access(above, os.W_OK | os.X_OK):
        return Finding("places", name, "problem", folder, f"{above} cannot be written to")
    if above != folder:
        return Finding("places", name, "ok", f"{folder}, not made yet")
    sizes = [entry.stamp.size for entry in disk.walk(folder)]
    return Finding("places", name, "ok", f"{folder}: {len(sizes)} files, {sum(sizes)} bytes", hint if sizes else "")
