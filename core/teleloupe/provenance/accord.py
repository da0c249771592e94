"""Who vouches for what: the claims on each artefact, who agrees with whom, and what nobody vouches for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from teleloupe.model import DIRECTORY, Document, Verdict

DIGEST_KINDS = frozenset({"sidecar", "embedded", "kernel-file", "content-id"})


class Stand(Struct, frozen=True):
    """A value that one or more claimants state of an artefact, and the verdict's word for it."""

    algorithm: str
    expected: str
    word: str
    claimants: tuple[str, ...]


def stands(verdicts: Iterable[Verdict]) -> dict[str, tuple[Stand, ...]]:
    """For each artefact by path the values stated of it, those that hold first; claimants that agree stand together.

    What a file states of parts of itself is not about the same bytes, and is left out.
    """
    groups: dict[str, dict[tuple[str, str, str], list[str]]] = {}
    for verdict in verdicts:
        claim = verdict.claim
        if claim.claimant == verdict.subject:
            continue
        key = (claim.algorithm, claim.expected, verdict.word)
        groups.setdefault(verdict.subject, {}).setdefault(key, []).append(claim.claimant)
    return {
        subject: tuple(
            Stand(algorithm, expected, word, tuple(dict.fromkeys(claimants)))
            for (algorithm, expected, word), claimants in sorted(found.items(), key=lambda item: item[0][2] != "ok")
        )
        for subject, found in sorted(groups.items())
    }


def contradiction(found: Iterable[Stand]) -> str:
    """The sentence about claimants of one artefact that state different SHA-256 digests; "" when they agree."""
    stated = [stand for stand in found if stand.algorithm == "sha256" and stand.expected]
    if len({stand.expected for stand in stated}) < 2:
        return ""
    return "; ".join(_sentence(stand) for stand in stated)


def unvouched(documents: Mapping[str, Document], verdicts: Iterable[Verdict]) -> list[str]:
    """The files of known formats that no claim of another file speaks of and that make no claims themselves."""
    spoken_of = {verdict.subject for verdict in verdicts if verdict.claim.claimant != verdict.subject}
    return [
        path
        for path, document in documents.items()
        if document.format and document.kind != DIRECTORY and not document.claims and path not in spoken_of
    ]


def _sentence(stand: Stand) -> str:
    names = [claimant.rpartition("/")[2] for claimant in stand.claimants]
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} agree and"
    if len(names) > 1:
        return f"{who} {'hold' if stand.word == 'ok' else 'do not hold'}"
    return f"{who} {'holds' if stand.word == 'ok' else 'does not hold'}"
