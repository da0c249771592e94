"""Checksums by cause, and the account of one: who claims what, what was tried, why, what changed, what mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from teleloupe.detail import FIELDS, Field
from teleloupe.diff.records import ABSENT, FieldChange
from teleloupe.model import Column, Place, Snapshot, Table, Verdict
from teleloupe.provenance.accord import contradiction, stands, unvouched
from teleloupe.provenance.causes import WORDS, causes
from teleloupe.provenance.forms import line_ends
from teleloupe.provenance.wording import in_words
from teleloupe.safe import cell
from teleloupe_tui import cells
from teleloupe_tui.evidence import Evidence
from teleloupe_tui.keys import spelt

CONTRADICTION, UNVOUCHED = "contradiction", "unvouched"
SHOWN_PATHS = 200  # of a cause; the single claims are all in the list
SHOWN_CHANGES = 12  # on the page of a verdict; the comparison has them all
FIRST_SUM = "{} makes a first checksum for one of them"
_HEX = frozenset("0123456789abcdef")
_SENTENCES = {
    "older-version": "sum of an older version",
    "truncated": "sum of a beginning of the file",
    "regenerated": "sum of what the producer writes",
    "twin": "sum of the twin",
    "elsewhere": "sum of another file here",
    "missing-artefact": "the file is not here",
    "unreadable-claim": "no digest in the checksum file",
    "ambiguous-claim": "cannot tell which file is meant",
    "mismatch": "nothing explains the sum",
}


class Reason(Struct, frozen=True):
    """Artefacts whose sums came to the same, and what mends it; `word` is the verdict's, or one of the two above."""

    word: str
    title: str
    paths: tuple[str, ...]
    fixes: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    sentences: tuple[str, ...] = ()


REASONS = (
    Column("verdict", lambda row: row.word, doc="ok, the explanation, or what is odd"),
    Column("places", lambda row: len(row.paths), doc="how many artefacts", type="integer"),
    Column("cause", lambda row: row.title, doc="why"),
    Column("fix", lambda row: row.fixes[0] if row.fixes else None, doc="the first command that mends it"),
    Column("where", lambda row: _where(row.paths), doc="the first artefacts"),
)


def by_cause(snapshot: Snapshot) -> Table:
    """A row a cause, the gravest first; then files that nobody vouches for; what holds comes last."""
    rows = reasons(snapshot)
    return Table(snapshot.root, REASONS, rows, lambda index: Place(rows[index].paths[0]), len(rows))


@lru_cache(maxsize=2)
def reasons(snapshot: Snapshot) -> Sequence[Reason]:
    """Every cause with its artefacts."""
    at_odds = [(path, said) for path, found in stands(snapshot.verdicts).items() if (said := contradiction(found))]
    found = [
        Reason(cause.word, _title(cause.word, cause.form), _subjects(cause.verdicts), cause.fixes, cause.verdicts)
        for cause in causes(snapshot.verdicts)
    ]
    if at_odds:
        paths, sentences = (tuple(side) for side in zip(*at_odds, strict=True))
        found.insert(0, Reason(CONTRADICTION, "claimants state different sums", paths, sentences=sentences))
    if loose := unvouched(snapshot.documents, snapshot.verdicts):
        found.append(Reason(UNVOUCHED, "nobody vouches for it", tuple(loose)))
    if holding := tuple(verdict for verdict in snapshot.verdicts if verdict.word == "ok"):
        found.append(Reason("ok", "the sum holds", _subjects(holding), verdicts=holding))
    return found


def account(snapshot: Snapshot, chosen: Verdict | Reason, evidence: Evidence | None, *, is_read_only: bool) -> Table:
    """A verdict in full, or a cause with its artefacts."""
    one = claim_of(chosen)
    if one is not None:
        title, found = one.subject, _of_verdict(snapshot, one, evidence, is_read_only=is_read_only)
    elif isinstance(chosen, Reason):
        title, found = chosen.title, _of_reason(chosen, is_read_only=is_read_only)
    rows = list(found)
    return Table(title, FIELDS, rows, lambda index: Place(title, rows[index].at), len(rows))


def shortened(page: Table, room: int) -> Table:
    """The page with digests cut in their middle where they do not fit a line."""
    names = max((cells.width(row.name) for row in page.rows), default=0)
    width = room - names - 2
    rows = [_cut(row, width) for row in page.rows]
    return Table(page.title, page.columns, rows, page.locate, page.total)


def fixes_of(snapshot: Snapshot, chosen: Verdict | Reason) -> tuple[str, ...]:
    """The commands that mend a cause, or one claim, to be run in the root."""
    if isinstance(chosen, Reason):
        return chosen.fixes
    group = next((reason for reason in reasons(snapshot) if chosen in reason.verdicts), None)
    own = causes((chosen,))[0].fixes if chosen.word != "ok" else ()
    return tuple(fix for fix in (group.fixes if group else ()) if fix in own or chosen.subject in fix)


def claim_of(chosen: Verdict | Reason | None) -> Verdict | None:
    """The one claim that a row is about; None where it is about several or none."""
    if isinstance(chosen, Reason):
        return chosen.verdicts[0] if len(chosen.verdicts) == 1 else None
    return chosen


def is_unvouched(chosen: Verdict | Reason | None) -> bool:
    """Whether a row has the files that no checksum speaks of."""
    return isinstance(chosen, Reason) and chosen.word == UNVOUCHED


def short(digest: str) -> str:
    """A digest as people quote it; other measures as they are."""
    return f"{digest[:10]}…" if len(digest) >= 32 else digest


def _of_reason(reason: Reason, *, is_read_only: bool) -> Iterator[Field]:
    yield _row("verdict", reason.word)
    yield _row("cause", reason.title)
    yield _row("places", cells.amount(len(reason.paths), "artefact"))
    alternatives = "fix" if len(reason.fixes) < 2 else "fixes"
    for number, fix in enumerate(reason.fixes[:SHOWN_PATHS]):
        yield _row("" if number else alternatives, fix)
    if is_unvouched(reason) and not is_read_only:
        yield _row("keys", FIRST_SUM.format(spelt("sign")))
    for number, path in enumerate(reason.paths[:SHOWN_PATHS]):
        yield _row("" if number else "where", path)
        if reason.sentences:
            yield _row("", f"  {reason.sentences[number]}")
    if len(reason.paths) > SHOWN_PATHS:
        more = cells.number(len(reason.paths) - SHOWN_PATHS)
        yield _row("", f"and {more} more; {spelt('turn')} lists them one by one")


def _of_verdict(
    snapshot: Snapshot, judged: Verdict, evidence: Evidence | None, *, is_read_only: bool
) -> Iterator[Field]:
    claim = judged.claim
    comparison = evidence.comparison if evidence else None
    yield _row("verdict", judged.word)
    yield _row("artefact", judged.subject)
    yield _row("expected", claim.expected or "(nothing usable)")
    yield _row("", " ".join(filter(None, (claim.algorithm, "by", claim.claimant, claim.at, _style(snapshot, judged)))))
    yield _row("actual", judged.actual or "(absent)")
    if document := snapshot.documents.get(judged.subject):
        ends = _ends(comparison.after_data) if comparison else ""
        yield _row("", ", ".join(filter(None, (f"{cells.number(document.size)} bytes", ends))))
    yield from _others(snapshot, judged)
    for number, (form, fits) in enumerate(judged.tried):
        yield _row("" if number else "tried", f"{'YES' if fits else 'no ':<4} {form}")
    yield from _proof(judged)
    yield from _titled("so", filter(None, (judged.message, evidence.since if evidence else "")))
    if comparison is not None and judged.word != "ok":
        yield from _titled("changed", _changes(comparison.changes.header, comparison.changes.counts()))
        yield from _titled("also", comparison.encoding)
    elif evidence is not None and evidence.why_not and evidence.why_not != judged.message:
        yield _row("changed", evidence.why_not)
    yield from _titled("fix", fixes_of(snapshot, judged))
    if claim.kind == "sidecar" and judged.word != "ok" and judged.actual:
        renews = "" if is_read_only else f"{spelt('sign')} writes a fresh sidecar, "
        yield _row("keys", f"{spelt('compare')} compares, {renews}{spelt('copy')} copies")


def _others(snapshot: Snapshot, judged: Verdict) -> Iterator[Field]:
    """Who else speaks of the artefact: who agrees with this claimant, and who says something else."""
    claim = judged.claim
    others = [
        other
        for other in snapshot.verdicts
        if other.subject == judged.subject and other is not judged and other.claim.algorithm == claim.algorithm
    ]
    agree = dict.fromkeys(other.claim.claimant for other in others if other.claim.expected == claim.expected)
    agree.pop(claim.claimant, None)
    yield from _titled("agrees", agree)
    odd = (other for other in others if other.claim.expected != claim.expected)
    yield from _titled("differs", (f"{o.claim.claimant} says {short(o.claim.expected)}: {o.word}" for o in odd))


def _proof(judged: Verdict) -> Iterator[Field]:
    proof = judged.proof
    if proof is None:
        return
    form = f" {in_words(proof.form)}" if proof.form else ""
    if proof.blob:
        yield _row("git", f"blob {proof.blob[:10]}{form}")
        other = "" if (proof.path or "").endswith(judged.subject) else f", {proof.path}"
        yield _row("", f"commit {(proof.commit or '')[:10]} of {(proof.when or '')[:10]}{other}")
    elif proof.source == "memory":
        yield _row("memory", f"kept on {proof.when or ''}{form}")
    elif proof.source != "file" or proof.path:
        yield _row(proof.source, f"{proof.path or ''}{form}")


def _changes(header: Sequence[FieldChange], counts: dict[str, int]) -> Iterator[str]:
    """A short record difference."""
    by_kind = {"changed": "~", "removed": "-", "added": "+"}
    changed = [change for change in header if change.kind == "changed"]
    for change in changed[:SHOWN_CHANGES]:
        yield f"~ {_name(change)}  {_value(change.before)} -> {_value(change.after)}"
    for kind in ("removed", "added"):
        names = [_name(change) for change in header if change.kind == kind]
        if names:
            yield f"{by_kind[kind]} {', '.join(names[:40])}"
    if len(changed) > SHOWN_CHANGES:
        yield f"and {cells.amount(len(changed) - SHOWN_CHANGES, 'more field')}; {spelt('compare')} shows them"
    records = {kind: count for kind, count in counts.items() if count and kind != "same"}
    if records:
        said = ", ".join(f"{cells.number(count)} {kind}" for kind, count in records.items())
        yield f"records: {said}, {cells.number(counts['same'])} the same"
    if not header and not records:
        yield "no value and no order of records"


def _name(change: FieldChange) -> str:
    return change.at.removeprefix("/") or "(the whole)"


def _value(value: object) -> str:
    text = "" if value is ABSENT else cell(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _style(snapshot: Snapshot, judged: Verdict) -> str:
    claimant = snapshot.documents.get(judged.claim.claimant)
    style = claimant.header.get("style") if claimant and judged.claim.kind == "sidecar" else None
    return f"({style})" if style else f"({judged.claim.kind})"


def _ends(data: bytes) -> str:
    ends = line_ends(data)
    mark = "byte order mark" if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) else "no byte order mark"
    return ", ".join(filter(None, (f"{ends} line ends" if ends else "", mark)))


def _title(word: str, form: tuple[str, ...]) -> str:
    if form:
        return f"summed {in_words(form)}"
    return _SENTENCES.get(word, WORDS[word][0])


def _subjects(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(verdict.subject for verdict in verdicts))


def _where(paths: Sequence[str]) -> str:
    return ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")


def _titled(name: str, values: Iterator[str] | Sequence[str] | dict[str, None] | filter[str]) -> Iterator[Field]:
    for number, value in enumerate(values):
        yield _row("" if number else name, value)


def _cut(row: Field, width: int) -> Field:
    value = row.value
    if isinstance(value, str) and len(value) >= 32 and len(value) > width > 12 and _HEX.issuperset(value):
        side = (width - 1) // 2
        return Field(row.name, f"{value[:side]}…{value[-side:]}", row.unit, row.meaning, row.spelling, row.at)
    return row


def _row(name: str, value: str) -> Field:
    return Field(name, value, "", "", None, "")
