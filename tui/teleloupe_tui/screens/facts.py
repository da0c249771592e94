"""The row under the cursor in two lines, where the terminal has no room for the pane that shows it in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teleloupe.model import Document, Issue, Verdict
from teleloupe.safe import safe
from teleloupe.tables import Cause, Finding
from teleloupe_tui import cells
from teleloupe_tui.cells import amount, number
from teleloupe_tui.differences import Diff
from teleloupe_tui.keys import spelt
from teleloupe_tui.sums import FIRST_SUM, Reason, claim_of, is_unvouched
from teleloupe_tui.widgets.bars import Part

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector

STYLES = {
    "good": "$text-success", "bad": "bold $text-error", "odd": "$text-warning",
    "mild": "$text-primary", "fresh": "$text-accent", "faint": "$muted", "": "",
}  # fmt: skip
Lines = tuple[list[Part], list[Part]]
SCREENS_WITH_FACTS = ("files", "issues", "sums")


def facts(screen: Inspector) -> Lines:
    """What the row is, and what there is to say of it."""
    context = screen.context()
    if screen.screen_name == "diff":
        return _of_diff(screen.diff) if screen.diff else ([], [])
    if screen.screen_name == "bytes":
        from teleloupe_tui.screens.bytewise import about as of_bytes

        file, byte = of_bytes(screen)
        return [(f" {file}", "")], [(f" {byte}", "$muted")]
    if screen.screen_name == "issues" and context.issue is not None:
        return _of_issue(context.issue)
    if screen.screen_name == "sums" and context.verdict is not None:
        one = claim_of(context.verdict)
        return _of_verdict(one) if one else _of_reason(context.verdict, is_read_only=context.is_read_only)
    if screen.screen_name == "files" and context.document is not None:
        return _of_file(screen, context.document)
    return [], []


def about(document: Document) -> list[str]:
    """Format and kind, records, size."""
    known = " ".join(filter(None, (document.format, document.kind))) or "unknown format"
    records = [amount(len(document.records), "record")] if document.records else []
    return [safe(known), *records, cells.size(document.size)]


def _of_file(screen: Inspector, document: Document) -> Lines:
    """A file's worst issue, else what became of its first checksum."""
    head = [(f" {safe(document.name)}", "bold"), (f"  {' · '.join(about(document))}", "$muted")]
    issues = screen.snapshot.issues_of(document.path)
    if issues:
        more = f"  and {number(len(issues) - 1)} more" if len(issues) > 1 else ""
        return head, _said(issues[0], more)
    judged = next((found for found in screen.snapshot.verdicts if found.subject == document.path), None)
    if judged is not None:
        return head, _worded(judged)
    said = "no issues" if document.format else f"no known format: {spelt('open')} shows its text"
    return head, [(f" {said}", "$muted")]


def _of_issue(found: Finding | Cause) -> Lines:
    path = found.path if isinstance(found, Finding) else found.places[0].path
    more = f"  and {number(found.count - 1)} more" if isinstance(found, Cause) and found.count > 1 else ""
    place = f"  {safe(found.issue.at)}" if found.issue.at else ""
    return [(f" {safe(path)}", "bold"), (f"{place}{more}", "$muted")], _said(found.issue, "", with_place=False)


def _noted(diff: Diff) -> str:
    """What proves the earlier bytes."""
    return safe(f"{'expected bytes ' if diff.verdict else ''}{diff.comparison.note}")


def _of_diff(diff: Diff) -> Lines:
    """What differs in the encoding alone, which is not counted; and what proves the earlier bytes."""
    said = "; ".join(diff.comparison.encoding)
    note = [(f" {_noted(diff)}" if diff.comparison.note else f" {' -> '.join(diff.sides)}", "$muted")]
    if not said:
        return [(" the encoding is the same on both sides", "$muted")], note
    if diff.comparison.is_encoding_alone:
        return [(" only the encoding differs: ", STYLES["mild"]), (safe(said), "")], note
    return [(" also: ", STYLES["mild"]), (f"{safe(said)} (not counted as changes)", "")], note


def _of_reason(reason: Verdict | Reason, *, is_read_only: bool) -> Lines:
    if not isinstance(reason, Reason):
        return _of_verdict(reason)
    word = (f" {reason.word}", STYLES[cells.tone(reason.word)])
    places = (f"  {amount(len(reason.paths), 'artefact')}: {safe(reason.title)}", "")
    said = f"fix: {safe(reason.fixes[0])}" if reason.fixes else safe(", ".join(reason.paths[:4]))
    if is_unvouched(reason) and not is_read_only:
        said = f"{FIRST_SUM.format(spelt('sign'))}: {said}"
    return [word, places], [(f" {said}", "$muted")]


def _of_verdict(judged: Verdict) -> Lines:
    claimant = f"  claimed by {safe(judged.claim.claimant)}"
    return [(f" {safe(judged.subject)}", "bold"), (claimant, "$muted")], _worded(judged)


def _said(issue: Issue, more: str, *, with_place: bool = True) -> list[Part]:
    place = f" at {safe(issue.at)}" if issue.at and with_place else ""
    tone = STYLES[cells.tone(issue.severity)]
    return [(f" {issue.severity}", tone), (f" {safe(issue.message)}{place}{more}", "")]


def _worded(judged: Verdict) -> list[Part]:
    return [(f" {safe(judged.word)}", STYLES[cells.tone(judged.word)]), (f" {safe(judged.message)}", "")]
