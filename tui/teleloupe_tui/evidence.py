"""The bytes behind verdicts and versions: recovered, compared and dated, away from the screen's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from teleloupe import packing
from teleloupe.diff.comparison import Comparison, compared
from teleloupe.disk import Unreadable
from teleloupe.model import Blob, Document, Verdict
from teleloupe.provenance import access
from teleloupe.provenance.git import History, Version, repository_folder
from teleloupe.provenance.recover import recover
from teleloupe.provenance.wording import in_words
from teleloupe_tui.jobs import Cancel

if TYPE_CHECKING:
    from teleloupe_tui.source import Source

Claimed = tuple[str, str, str]


class Evidence(Struct, frozen=True):
    """What was found out about a failing claim: how its bytes differ from today's, and what git tells of since.

    `comparison` is None where nothing gives the expected bytes back; `why_not` says why.
    """

    claimed: Claimed
    comparison: Comparison | None = None
    why_not: str = ""
    since: str = ""


def claimed(verdict: Verdict, documents: Mapping[str, Document]) -> Claimed:
    """What evidence is about: it holds as long as neither the claim nor the artefact changes."""
    document = documents.get(verdict.subject)
    return verdict.subject, verdict.claim.expected, document.sha256 if document else ""


def gathered(source: Source, verdict: Verdict, documents: Mapping[str, Document], cancel: Cancel) -> Evidence:
    """All that can be found out about a failing claim."""
    about = claimed(verdict, documents)
    since = told_since(source.root, verdict)
    try:
        return Evidence(about, against_expected(source, verdict, documents, cancel), since=since)
    except Unreadable as fault:
        return Evidence(about, None, fault.reason, since)


def against_expected(source: Source, verdict: Verdict, documents: Mapping[str, Document], cancel: Cancel) -> Comparison:
    """The artefact against the bytes that a claim is of. Raises Unreadable where nothing gives them back."""
    cancel.total = 3
    expected = recover(verdict, documents, access.below(source.root), source.recall)
    if expected is None:
        raise Unreadable(verdict.message or "nothing gives back the bytes that the checksum was taken of")
    cancel.done = 1
    cancel.check()
    path = verdict.subject
    is_here = path in documents and verdict.word != "missing-artefact"
    now = source.read(path) if is_here else Blob(verdict.claim.subject, b"", 0, 0, "")
    old = structs.replace(now, data=_unpacked(expected), size=len(expected), sha256="")
    cancel.done = 2
    cancel.check()
    found = compared(old, now, f"{now.path} (expected)", now.path, proven(verdict))
    cancel.done = 3
    return found


def two_files(source: Source, before: str, after: str, cancel: Cancel) -> Comparison:
    """Two files of the directory. Raises Unreadable."""
    cancel.total = 3
    old, new = source.read(before), source.read(after)
    cancel.done = 2
    cancel.check()
    return compared(old, new, before, after)


def against_version(source: Source, path: str, version: Version, cancel: Cancel) -> Comparison:
    """A file against one of its versions in git. Raises Unreadable when the repository does not hold it any more."""
    cancel.total = 3
    folder, _ = repository_folder(access.below(source.root).root, path)
    found = History(folder).read(version.blob)
    if found is None:
        raise Unreadable(f"git does not give back blob {version.blob[:10]}")
    cancel.done = 1
    cancel.check()
    now = source.read(path)
    old = structs.replace(now, data=_unpacked(found), size=len(found), sha256="")
    note = f"version of git blob {version.blob[:10]}, commit {version.commit[:10]} of {version.when[:10]}"
    return compared(old, now, f"{path} ({version.commit[:7]})", path, note)


def versions(root: str, path: str) -> tuple[Sequence[Version], str]:
    """The versions of a file that git's commits hold, newest first, and why there are none ("" when there are)."""
    folder, place = repository_folder(access.below(root).root, path)
    history = History(folder)
    history.refresh()
    found = history.versions(place)
    return found, history.problem or ("" if found else "no commit holds this file")


def proven(verdict: Verdict) -> str:
    """What proves the expected bytes, in a line."""
    claim, proof = verdict.claim, verdict.proof
    said = f"proven by {claim.algorithm} {claim.expected[:10]} of {claim.claimant.rpartition('/')[2]}"
    if proof is None:
        return f"{said}: the file's own bytes"
    places = {
        "git": f"git {(proof.blob or '')[:10]} of {(proof.when or '')[:10]}",
        "memory": f"remembered since {(proof.when or '')[:10]}",
        "regenerated": f"made again of {proof.path}",
        "twin": f"the bytes of {proof.path}",
    }
    source = places.get(proof.source) or (f"the bytes of {proof.path}" if proof.path else "these bytes")
    return f"{said}: {' '.join(filter(None, (source, in_words(proof.form))))}"


def told_since(root: str, verdict: Verdict) -> str:
    """When git saw the artefact and its claimant change after the version that a claim is of; "" where git is mute."""
    proof = verdict.proof
    if proof is None or proof.source != "git" or verdict.word != "older-version":
        return ""
    found, _ = versions(root, verdict.subject)
    newer: list[Version] = []
    for version in found:
        if version.blob == proof.blob:
            break
        newer.append(version)
    commits = ", ".join(version.commit[:7] for version in reversed(newer[-3:]))
    file = f"the file was changed on {newer[0].when[:10]} ({commits})" if newer else "no commit has the change"
    own, _ = versions(root, verdict.claim.claimant)
    claimant = f"; {verdict.claim.claimant.rpartition('/')[2]} is of {own[0].when[:10]} ({own[0].commit[:7]})"
    return f"{file}{claimant if own else ''}"


def _unpacked(data: bytes) -> bytes:
    return packing.expand(data)[0] if packing.is_gzip(data) else data
