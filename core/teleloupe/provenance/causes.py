"""Findings by cause: eighteen sums with one reason are one row with eighteen places and one fix."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from teleloupe.model import Severity, Verdict
from teleloupe.provenance.accord import DIGEST_KINDS
from teleloupe.provenance.forms import CRLF, LF, Form

# worst last; what a reader is told in a tally, and how grave it is
WORDS: dict[str, tuple[str, Severity | None]] = {
    "ok": ("ok", None),
    "line-endings": ("line ends", "warning"),
    "final-newline": ("final newline", "warning"),
    "bom": ("byte order mark", "warning"),
    "encoding": ("encoding", "warning"),
    "canonical-form": ("other layout", "warning"),
    "truncated": ("grown or cut", "error"),
    "regenerated": ("edited since", "error"),
    "older-version": ("older version", "error"),
    "twin": ("twin's sum", "error"),
    "elsewhere": ("another file's sum", "error"),
    "missing-artefact": ("missing", "error"),
    "unreadable-claim": ("unreadable", "error"),
    "ambiguous-claim": ("ambiguous", "error"),
    "mismatch": ("unexplained", "error"),
}
UNCHANGED = frozenset({"ok", "line-endings", "final-newline", "bom", "encoding", "canonical-form"})
_ORDER = list(WORDS)


class Cause(Struct, frozen=True):
    """Claims that fail for one reason: the word, the form that explains it, the claims, and commands that mend it."""

    word: str
    form: Form
    title: str
    verdicts: tuple[Verdict, ...]
    fixes: tuple[str, ...]


def tally(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many artefacts there are by the worst word that any digest of them has; `ok` and `mismatch` always."""
    worst: dict[str, str] = {}
    for verdict in verdicts:
        if verdict.claim.kind not in DIGEST_KINDS:
            continue
        known = worst.get(verdict.subject, "ok")
        worst[verdict.subject] = max(known, verdict.word, key=_ORDER.index)
    counts = dict.fromkeys(_ORDER, 0)
    for word in worst.values():
        counts[word] += 1
    return {word: count for word, count in counts.items() if count or word in ("ok", "mismatch")}


def tally_line(verdicts: Sequence[Verdict]) -> str:
    """The tally in a line: `27 sums: 7 ok, 18 line ends, 2 older version, 0 unexplained`."""
    counts = tally(verdicts)
    count = sum(counts.values())
    return f"{count} sum{'s' * (count != 1)}: " + ", ".join(
        f"{count} {WORDS[word][0]}" for word, count in counts.items()
    )


def causes(verdicts: Iterable[Verdict]) -> list[Cause]:
    """The failing claims by cause, the gravest and most frequent first."""
    groups: dict[tuple[str, Form], list[Verdict]] = {}
    others: dict[str, set[str]] = {}  # patterns by the word of the artefacts they cover
    for verdict in verdicts:
        others.setdefault(_pattern(verdict.subject), set()).add(verdict.word)
        if verdict.word != "ok":
            form = verdict.proof.form if verdict.proof and verdict.word in UNCHANGED else ()
            groups.setdefault((verdict.word, form), []).append(verdict)
    found = [
        Cause(word, form, _title(word, form), tuple(group), _fixes(form, group, others))
        for (word, form), group in groups.items()
    ]
    return sorted(found, key=lambda cause: (-_ORDER.index(cause.word), -len(cause.verdicts), cause.form))


def _title(word: str, form: Form) -> str:
    return f"{WORDS[word][0]} ({', '.join(form)})" if form else WORDS[word][0]


def _fixes(form: Form, verdicts: Sequence[Verdict], words: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Commands, to be run in the root: keep the line ends that were summed, or sum the bytes of today."""
    paths = sorted({verdict.subject for verdict in verdicts})
    fixes: list[str] = []
    if form in ((CRLF,), (LF,)):
        ends = "crlf" if form == (CRLF,) else "lf"
        patterns = sorted({_pattern(path) if len(words[_pattern(path)]) == 1 else f"/{path}" for path in paths})
        fixes += [f"echo {shlex.quote(f'{pattern} text eol={ends}')} >> .gitattributes" for pattern in patterns]
        fixes.append("git add --renormalize .")
    sidecars = sorted({(v.subject, v.claim.claimant) for v in verdicts if v.claim.kind == "sidecar"})
    if verdicts[0].word in UNCHANGED:
        fixes += [_summed(subject, claimant) for subject, claimant in sidecars if claimant != subject]
    return tuple(fixes)


def _pattern(path: str) -> str:
    """What .gitattributes calls files of this folder and suffix."""
    folder, slash, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    return f"/{folder}{slash}{f'*{dot}{suffix}' if stem else name}"


def _summed(subject: str, claimant: str) -> str:
    folder, _, name = subject.rpartition("/")
    words = f"sha256sum {shlex.quote(name)} > {shlex.quote(claimant.rpartition('/')[2])}"
    return f"(cd {shlex.quote(folder)} && {words})" if folder else words
