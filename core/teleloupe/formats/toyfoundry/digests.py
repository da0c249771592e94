"""Digests inside build_info and manifest documents, and what a resolved claim means.

Toyfoundry specification, sections 2.8, 2.9, 6.3 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from teleloupe import sidecar, subjects
from teleloupe.jsontext import pointer
from teleloupe.model import Claim, Document, Issue, Rule, Severity, Verdict

SOURCE = "Toyfoundry specification, section 8"


def _rule(slug: str, number: int, severity: Severity, summary: str) -> Rule:
    return Rule(f"toyfoundry/{slug}", f"TF{number}", severity, summary, SOURCE)


SIDECAR_MISSING = _rule("sidecar-missing", 501, "info", "an export has no sidecar")
SIDECAR_ORPHAN = _rule("sidecar-orphan", 502, "warning", "a sidecar's artefact is not there")
UNREADABLE = _rule("sidecar-unreadable", 503, "error", "a sidecar has no digest in it")
AMBIGUOUS = _rule("sidecar-ambiguous", 504, "error", "a sidecar has several digests and none is the artefact's")
DIGEST_EOL = _rule("digest-eol", 505, "warning", "the digest is of the same content with other line ends")
DIGEST_BOM = _rule("digest-bom", 506, "warning", "the digest is of the same content in another encoding or with a BOM")
DIGEST_FINAL_NEWLINE = _rule("digest-final-newline", 507, "warning", "the digest differs by the final newline only")
DIGEST_STALE = _rule("digest-stale", 508, "error", "the digest is of an older version of the artefact")
DIGEST_ELSEWHERE = _rule("digest-elsewhere", 509, "error", "the digest is of another file")
DIGEST_MISMATCH = _rule("digest-mismatch", 510, "error", "the digest is not of the artefact, and nothing explains it")
SIDECAR_PATH = _rule("sidecar-path", 511, "info", "the path inside a sidecar does not lead to its artefact from there")
EMBEDDED_DIGEST = _rule("embedded-digest", 601, "error", "a digest in build_info or manifest is not the artefact's")
EMBEDDED_AND_SIDECAR = _rule("embedded-vs-sidecar", 602, "error", "build_info or manifest and the sidecar disagree")
ARTEFACT_MISSING = _rule("artefact-missing", 603, "error", "an artefact is listed and not there")
RULES = (
    SIDECAR_MISSING, SIDECAR_ORPHAN, UNREADABLE, AMBIGUOUS, DIGEST_EOL, DIGEST_BOM, DIGEST_FINAL_NEWLINE, DIGEST_STALE,
    DIGEST_ELSEWHERE, DIGEST_MISMATCH, SIDECAR_PATH, EMBEDDED_DIGEST, EMBEDDED_AND_SIDECAR, ARTEFACT_MISSING,
)  # fmt: skip

EXPORT_KINDS = frozenset({"export", "export-csv", "clerk", "clerk-csv", "wide", "wide-csv"})
_BY_WORD: dict[str, Rule] = {
    "line-endings": DIGEST_EOL,
    "bom": DIGEST_BOM,
    "encoding": DIGEST_BOM,
    "final-newline": DIGEST_FINAL_NEWLINE,
    "older-version": DIGEST_STALE,
    "regenerated": DIGEST_STALE,
    "truncated": DIGEST_STALE,
    "twin": DIGEST_ELSEWHERE,
    "elsewhere": DIGEST_ELSEWHERE,
    "canonical-form": DIGEST_MISMATCH,
    "mismatch": DIGEST_MISMATCH,
}
_SOFTENED: dict[str, Severity] = {"canonical-form": "warning"}  # the values are the same


def embedded_claims(path: str, root: Any) -> tuple[Claim, ...]:
    """What a build_info or manifest document, decoded as `root`, claims of other files, in every shape found."""
    if not isinstance(root, dict):
        return ()
    return tuple(_claim(path, at, subject, digest) for at, subject, digest in _digests(root)) + tuple(
        _sizes(path, root)
    )


def listed_artefacts(root: Any) -> Iterator[tuple[str, str]]:
    """The files that a document lists without a digest: the pointer and the path as written."""
    if not isinstance(root, dict):
        return
    stated = {subject for _, subject, _ in _digests(root)}
    for index, entry in enumerate(_list(root, "artifacts")):
        subject = _subject(entry) if isinstance(entry, dict) else entry if isinstance(entry, str) else ""
        if subject and subject not in stated:
            yield pointer("artifacts", index), subject
    for index, name in enumerate(_list(root, "files")):
        if isinstance(name, str) and name and name not in stated:
            yield pointer("files", index), name


def blame(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, Issue]]:
    """The issues of resolved claims, by the path they sit on: a sidecar's on its artefact, others where they stand."""
    sidecars: dict[str, Verdict] = {}
    for verdict in verdicts:
        if verdict.claim.kind == "sidecar" and verdict.claim.algorithm == "sha256" and verdict.claim.expected:
            sidecars.setdefault(verdict.subject, verdict)
    for verdict in verdicts:
        if verdict.claim.kind == "sidecar":
            yield from _sidecar_issue(verdict)
        elif verdict.claim.kind != "twin":
            yield from _embedded_issue(verdict)
            if not _is_missing(verdict):
                yield from _disagreement(verdict, sidecars.get(verdict.subject))


def relate_sidecars(documents: Mapping[str, Document]) -> Mapping[str, list[Issue]]:
    """Exports that no sidecar goes with, and listed artefacts that are not there, by path."""
    found: dict[str, list[Issue]] = {}
    vouched = {
        (claim.claimant.rpartition("/")[0], sidecar.base_name(claim.subject))
        for document in documents.values()
        if document.kind == "sidecar"
        for claim in document.claims
    }
    for path, document in documents.items():
        if document.kind in ("build-info", "manifest") and (missing := list(_missing_listed(document, documents))):
            found[path] = missing
        if document.format != "toyfoundry" or document.kind not in EXPORT_KINDS:
            continue
        folder, _, name = path.rpartition("/")
        if (folder, name) not in vouched:
            message = f"no sidecar {name}.sha256 beside it; nothing vouches for its bytes"
            found.setdefault(path, []).append(SIDECAR_MISSING.issue("", message))
    return found


def _missing_listed(document: Document, documents: Mapping[str, Document]) -> Iterator[Issue]:
    """The artefacts that one build_info or manifest lists without a digest and that are not among the documents."""
    for at, written in listed_artefacts(document.header):
        place = subjects.find(written, document.path, documents)
        if place.path is None:
            yield ARTEFACT_MISSING.issue(at, _missing(written, place.refusal), actual=written)


def _is_missing(verdict: Verdict) -> bool:
    """Whether the artefact is not here, its bytes under another name or not; its claimant bears the verdict then."""
    return verdict.word == "missing-artefact" or (
        verdict.word == "elsewhere" and verdict.subject == verdict.claim.claimant
    )


def _sidecar_issue(verdict: Verdict) -> Iterator[tuple[str, Issue]]:
    claim = verdict.claim
    if _is_missing(verdict):
        yield claim.claimant, SIDECAR_ORPHAN.issue(claim.at, verdict.message, expected=claim.subject)
    elif rule := _BY_WORD.get(verdict.word):
        severity = _SOFTENED.get(verdict.word)
        message = f"{claim.claimant.rpartition('/')[2]}: {verdict.message}"
        yield (
            verdict.subject,
            rule.issue("", message, expected=claim.expected, actual=verdict.actual, severity=severity),
        )


def _embedded_issue(verdict: Verdict) -> Iterator[tuple[str, Issue]]:
    claim = verdict.claim
    if _is_missing(verdict):
        yield claim.claimant, ARTEFACT_MISSING.issue(claim.at, verdict.message, actual=claim.subject)
    elif verdict.word == "unreadable-claim":
        yield claim.claimant, EMBEDDED_DIGEST.issue(claim.at, verdict.message)
    elif rule := _BY_WORD.get(verdict.word):
        severity = _SOFTENED.get(verdict.word, rule.severity)
        yield (
            claim.claimant,
            EMBEDDED_DIGEST.issue(
                claim.at,
                f"{claim.subject}: {verdict.message}",
                expected=claim.expected,
                actual=verdict.actual,
                severity=severity,
            ),
        )


def _disagreement(embedded: Verdict, beside: Verdict | None) -> Iterator[tuple[str, Issue]]:
    claim = embedded.claim
    if beside is None or claim.algorithm != "sha256" or not claim.expected or claim.expected == beside.claim.expected:
        return
    name = beside.claim.claimant.rpartition("/")[2]
    who = "the sidecar" if beside.word == "ok" else "this document" if embedded.word == "ok" else "neither"
    message = f"this document and {name} state different digests of {sidecar.base_name(claim.subject)}; {who} holds"
    yield (
        claim.claimant,
        EMBEDDED_AND_SIDECAR.issue(claim.at, message, expected=beside.claim.expected, actual=claim.expected),
    )


def _claim(path: str, at: str, subject: str, digest: Any) -> Claim:
    stated = digest.strip().lower().removeprefix("sha256:") if isinstance(digest, str) else ""
    if len(stated) == sidecar.DIGITS["sha256"] and not stated.strip("0123456789abcdef"):
        return Claim(path, "embedded", subject, stated, at)
    shown = str(digest)[:80]
    return Claim(path, "embedded", subject, "", at, fault="unreadable-claim", note=f"{shown!r} is no SHA-256 digest")


def _digests(root: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Every digest: its pointer, the file as written, and what stands there."""
    for index, entry in enumerate(_list(root, "artifacts")):
        if isinstance(entry, dict) and entry.get("sha256") is not None and (subject := _subject(entry)):
            yield pointer("artifacts", index, "sha256"), subject, entry["sha256"]
    for member in ("artifacts", "checksums", "sha256"):
        mapping = root.get(member)
        if isinstance(mapping, dict):
            for name, digest in mapping.items():
                if digest is not None and name:
                    yield pointer(member, name), name, digest


def _sizes(path: str, root: Mapping[str, Any]) -> Iterator[Claim]:
    sizes = root.get("sizes_bytes")
    for name, size in sizes.items() if isinstance(sizes, dict) else ():
        if type(size) is int and name:
            yield Claim(path, "size", name, str(size), pointer("sizes_bytes", name), "size")


def _subject(entry: Mapping[str, Any]) -> str:
    return next((entry[key] for key in ("path", "filename") if isinstance(entry.get(key), str) and entry[key]), "")


def _list(root: Mapping[str, Any], member: str) -> Iterable[Any]:
    value = root.get(member)
    return value if isinstance(value, list) else ()


def _missing(written: str, refusal: str) -> str:
    return f"{written} {refusal}" if refusal else f"{written} is listed and not here"
