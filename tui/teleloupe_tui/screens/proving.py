"""What a failing claim's bytes have become, found out away from the screen when its page is in sight."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from teleloupe_tui.evidence import Evidence, claimed, gathered
from teleloupe_tui.screens.reading import READ_UNASKED_BYTES
from teleloupe_tui.sums import claim_of

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector

KEPT = 64


def prove(screen: Inspector) -> None:
    """Compare the selected claim's bytes with today's, unless that is known, dear, or cannot be."""
    chosen = claim_of(screen.panes["sums"].row)
    if "verdict" not in screen.layout_now.boxes or chosen is None or chosen.proof is None:
        return
    documents = screen.snapshot.documents
    document = documents.get(chosen.subject)
    if document is None or document.size > READ_UNASKED_BYTES or claimed(chosen, documents) in screen.evidence:
        return
    work = partial(gathered, screen.source, chosen, documents)
    screen.jobs.run_after("evidence", "looking at what changed", work, partial(_take, screen))


def known(screen: Inspector) -> Evidence | None:
    """What is known of the selected claim."""
    chosen = claim_of(screen.panes["sums"].row)
    if chosen is None:
        return None
    return screen.evidence.get(claimed(chosen, screen.snapshot.documents))


def _take(screen: Inspector, found: Evidence) -> None:
    screen.evidence[found.claimed] = found
    while len(screen.evidence) > KEPT:
        del screen.evidence[next(iter(screen.evidence))]
    screen.feed(("verdict",))
    prove(screen)
