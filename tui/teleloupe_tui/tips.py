"""A key that the footer points out: one that works here, is not told of in sight, and was never used."""

from __future__ import annotations

from collections.abc import Collection

from teleloupe_tui import keys
from teleloupe_tui.recall import Recall
from teleloupe_tui.situations import Situation

USED = "keys used"  # what is remembered of them is kept under this name
TIPS = {
    "next-issue": "walks from issue to issue",
    "compare": "shows what changed since the sum",
    "like": "keeps the rows like this one",
    "filter": "keeps the rows that fit a filter",
    "bytes": "shows these bytes in hex",
    "frequency": "counts this column's values",
    "views": "lists the format's own views",
    "copy": "copies value, path or command",
    "go-to": "goes to a record or a line",
    "group": "groups rows by this column",
    "versions": "compares with a version in git",
    "jump": "jumps to a pane by its letter",
    "unlike": "hides the rows like this one",
    "edit": "opens the file in your editor",
    "export-as": "writes it in another format",
    "history-back": "goes where you were before",
    "zoom": "shows this pane alone",
    "freeze": "keeps left columns in sight",
    "hide-column": "hides this column",
    "make": "makes what the producer would",
    "alert": "rings when something happens",
    "pause": "holds the screen still",
}


class Tips:
    """Tips one after the other, the next whenever the reader comes to another pane; none in between.

    What was used is remembered with the reader's answers: a tip that was taken does not come again.
    """

    def __init__(self, recall: Recall, *, are_wanted: bool) -> None:
        self._recall, self._are_wanted = recall, are_wanted
        self._pane = ""
        self._order = list(TIPS)
        self._now = ""

    def tip(self, situation: Situation, told: Collection[str]) -> str:
        """The tip for a situation beside keys that are told of already; "" where there is none."""
        if not self._are_wanted or not situation.rows:
            return ""
        if situation.pane != self._pane:
            self._pane = situation.pane
            self._now = next((name for name in self._order if self._is_of_use(name, situation, told)), "")
            if self._now:
                self._order.remove(self._now)
                self._order.append(self._now)
        if not self._now or not self._is_of_use(self._now, situation, told):
            return ""
        return f"{keys.spelt(self._now)} {TIPS[self._now]}"

    def use(self, name: str) -> None:
        """A key was used."""
        if name in TIPS and self._are_wanted and name not in self._recall.of(USED):
            self._recall.add(USED, name)

    def _is_of_use(self, name: str, situation: Situation, told: Collection[str]) -> bool:
        key = keys.named(name)
        is_known = name in told or name in self._recall.of(USED)
        return not is_known and key.works_in(situation.pane) and not key.why_not(situation)
