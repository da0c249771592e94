"""Writing a fresh checksum into a sidecar, an old one or a new: only when asked, and shown before it is written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from teleloupe import disk, export
from teleloupe.disk import Unreadable
from teleloupe.export import Saved
from teleloupe.model import Verdict
from teleloupe.provenance import access
from teleloupe.provenance.accord import unvouched
from teleloupe.safe import safe
from teleloupe.sidecar import gnu_line, rewritten
from teleloupe_tui.jobs import Cancel
from teleloupe_tui.keys import spelt
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.sums import Reason, claim_of, is_unvouched


class Fresh(Struct, frozen=True):
    """What would be written: the sidecar's path relative to the root, its bytes of now and those it would get.

    `before` is None where there is no sidecar yet.
    """

    path: str
    before: bytes | None
    after: bytes
    is_kept_style: bool


def ask_fresh(screen: Inspector) -> None:
    """Show the bytes that the selected claim's sidecar, or a file's first one, would get; writing needs a yes."""
    row = screen.panes["sums"].row
    chosen = claim_of(row)
    if isinstance(row, Reason) and is_unvouched(row):
        _ask_which(screen, row.paths)
    elif not screen.snapshot.verdicts:
        _ask_which(screen, unvouched(screen.snapshot.documents, ()))
    elif chosen is None:
        screen.say(f"{spelt('turn')} lists single sums; {spelt('sign')} renews the one under the cursor")
    elif chosen.claim.kind != "sidecar":
        screen.say(f"{safe(chosen.claim.claimant)} is no checksum file; its producer has to write it anew")
    elif chosen.word == "ok":
        screen.say("this sum holds already")
    elif chosen.actual is None or chosen.word == "missing-artefact":
        screen.say("there is no file here to take a sum of")
    else:
        work = partial(_prepared, screen.source.root, chosen)
        screen.jobs.run("fresh", "taking the sum", work, partial(_confirm, screen))


def fresh(root: str, verdict: Verdict) -> Fresh:
    """The sidecar of a claim with the digest of the file as it is now, in the style it has. Raises Unreadable."""
    files, claim = access.below(root), verdict.claim
    digest = files.digest(verdict.subject, claim.algorithm)
    before = files.read(claim.claimant)
    line = int(claim.at.removeprefix("line ")) if claim.at.startswith("line ") else 0
    kept = rewritten(before, line, claim.expected, digest) if line and claim.expected else None
    name = verdict.subject.rpartition("/")[2]
    whole = os.fsencode(f"{gnu_line(digest, name)}\n")
    return Fresh(claim.claimant, before, whole if kept is None else kept, kept is not None)


def first(root: str, path: str) -> Fresh:
    """A file's first sidecar: the line that `sha256sum` writes. Raises Unreadable."""
    name = path.rpartition("/")[2]
    digest = access.below(root).digest(path, "sha256")
    return Fresh(f"{path}.sha256", None, os.fsencode(f"{gnu_line(digest, name)}\n"), is_kept_style=False)


def _ask_which(screen: Inspector, paths: Sequence[str]) -> None:
    """Which of the files that nobody vouches for gets a sidecar."""
    from teleloupe_tui.screens.picker import Picker

    def chosen(number: int | None) -> None:
        if number is not None:
            work = partial(_first, screen.source.root, paths[number])
            screen.jobs.run("fresh", "taking the sum", work, partial(_confirm, screen))

    if not paths:
        screen.say("there is no file of a known format to take a sum of")
        return
    screen.app.push_screen(Picker("a first checksum for", [safe(path) for path in paths]), chosen)


def _first(root: str, path: str, _cancel: Cancel) -> Fresh | str:
    try:
        return first(root, path)
    except Unreadable as fault:
        return fault.reason


def _prepared(root: str, verdict: Verdict, _cancel: Cancel) -> Fresh | str:
    try:
        return fresh(root, verdict)
    except Unreadable as fault:
        return fault.reason


def _confirm(screen: Inspector, found: Fresh | str) -> None:
    from teleloupe_tui.screens.confirm import Confirm

    if isinstance(found, str):
        screen.say(f"no fresh sum: {safe(found)}", is_bad=True)
        return

    def answered(is_yes: bool | None) -> None:
        if is_yes:
            _write(screen, found)

    screen.app.push_screen(Confirm(found), answered)


def _refusal(root: str, path: str, found: Fresh) -> str:
    """Write it; why that was not done, "" when it was."""
    if not export.is_inside(path, root):
        return "it leads out of the directory"
    try:
        if _standing(root, found.path) != found.before:
            return "it changed meanwhile" if found.before is not None else "it is there already"
        disk.write(path, found.after)
    except Unreadable as fault:
        return fault.reason
    except OSError as fault:
        return disk.reason(fault)
    return ""


def _standing(root: str, path: str) -> bytes | None:
    try:
        return access.below(root).read(path)
    except Unreadable as fault:
        if fault.is_gone:
            return None
        raise


def _write(screen: Inspector, found: Fresh) -> None:
    """Write it, unless the sidecar became another one meanwhile or leads out of the directory."""
    path = os.path.join(screen.source.root, found.path)
    if reason := _refusal(screen.source.root, path, found):
        screen.say(f"not written: {safe(found.path)}: {safe(reason)}", is_bad=True)
        return
    screen.exports.append(Saved(path, "", 1, ((path, found.before),)))
    screen.source.reread(found.path)
    screen.say(f"wrote {safe(found.path)}; {spelt('undo-export')} takes it back")
    screen.show_status()
