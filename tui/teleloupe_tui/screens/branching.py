"""Folding and unfolding the tree of a record, or of a whole file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teleloupe import spans
from teleloupe_tui import record_trees
from teleloupe_tui.record_trees import Branch

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector


def has_tree(screen: Inspector) -> bool:
    """Whether the pane's record, or its file, is JSON; as long as its text is not read, by the look of its places."""
    document = screen.document
    if document is None:
        return False
    first = document.record_at(0) if document.records else ""
    if screen.pane_name == "artefact" and first.startswith("line "):
        return False
    content = screen.content
    return spans.is_json(content.text) if content and content.path == document.path else first.startswith("/")


def toggle(screen: Inspector) -> None:
    """Unfold what is folded under the cursor, or fold it."""
    branch = screen.here.row
    if isinstance(branch, Branch) and branch.node.can_unfold:
        _turn(screen, branch)


def fold(screen: Inspector, *, is_open: bool) -> None:
    """Unfold, or step in; fold, or step out."""
    pane = screen.here
    branch = pane.row
    if not isinstance(branch, Branch) or pane.showing is None:
        return
    if branch.node.can_unfold and branch.is_folded == is_open:
        _turn(screen, branch)
    elif not is_open:
        pane.move_to(record_trees.above(pane.showing.table.rows, pane.cursor))
    elif branch.node.can_unfold:
        pane.move_to(pane.cursor + 1)


def _turn(screen: Inspector, branch: Branch) -> None:
    pane = screen.here
    pane.ask(folded=pane.asked.folded ^ {branch.node.pointer})
    screen.show_status()
