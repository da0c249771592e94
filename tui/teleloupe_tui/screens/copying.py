"""What is under the cursor to the clipboard: its value, its path, the record, the command for the view."""

from __future__ import annotations

import os
import shlex

from teleloupe import export, tables
from teleloupe.model import Snapshot, Verdict
from teleloupe.safe import cell
from teleloupe_tui import ordering, worked
from teleloupe_tui.keys import spelt
from teleloupe_tui.screens import looking
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.sums import Reason, claim_of, fixes_of
from teleloupe_tui.widgets.pane import Pane

CLIPBOARD_BYTES = 74_000  # more than this many terminals drop without a word


def ask_copy(screen: Inspector) -> None:
    """Ask what to copy, each shown as it would be copied."""
    from teleloupe_tui.screens.menu import Item, Menu

    texts = copies(screen, screen.here)
    names = {"v": "value", "h": "hash", "f": "fix", "p": "path", "r": "record", "c": "command"}
    items = tuple(Item(key, key, f"{names[key]:<8} {cell(text)}") for key, text in texts.items())

    def chosen(key: str | None) -> None:
        if key is not None:
            copy(screen, names[key], texts[key])

    screen.app.push_screen(Menu("copy", items), chosen)


def copies(screen: Inspector, pane: Pane) -> dict[str, str]:
    """What can be copied, by the letter that copies it; one line each, nothing in it that a shell would obey."""
    row, face = pane.row, pane.face
    found = {"v": cell(face.get(row))} if face is not None else {}
    if pane.view in ("sums", "verdict") and (chosen := screen.panes["sums"].row) is not None:
        found |= _of_sums(screen.snapshot, chosen)
    place = pane.showing.table.locate(pane.cursor) if pane.showing else None
    path = place.path if place and place.path else screen.path
    if path:
        found["p"] = cell(os.path.join(screen.source.root, path))
    if pane.view in ("files", "records", "issues", "sums") and pane.showing and pane.table.rows:
        found["r"] = _record(pane)
    found["c"] = command(screen, pane)
    return found


def _of_sums(snapshot: Snapshot, chosen: Verdict | Reason) -> dict[str, str]:
    """The digest that a file has, else the one that is claimed; and the first way to mend it, as one command line."""
    claim, fixes = claim_of(chosen), fixes_of(snapshot, chosen)
    found = {"h": cell(claim.actual or claim.claim.expected)} if claim else {}
    attributes = [fix for fix in fixes if not fix.startswith(("sha256sum ", "(cd "))]
    if fixes:
        found["f"] = cell(" && ".join(attributes) or fixes[0])
    return found


def command(screen: Inspector, pane: Pane) -> str:
    """The headless command that gives the rows of a pane."""
    root, query = screen.source.root, pane.asked.query
    file = os.path.join(root, screen.path) if screen.path else root
    words = {
        "issues": ["check", root],
        "place": ["check", root],
        "sums": ["verify", root],
        "verdict": ["verify", root],
        "diff": ["diff", *_sides(screen)],
        "change": ["diff", *_sides(screen)],
    }.get(pane.view, ["show", file] if pane.view in ("records", "record", "artefact") else ["list", root])
    if pane.view in worked.PANES:
        words = looking.command(screen, pane)
    if pane.view in ("files", "records"):
        words += ["--where", query.filter] if query.filter else []
        words += [f"--sort={ordering.option(query.sort)}"] if query.sort else []
    if pane.view == "record":
        words.append(f"--record={screen.index + 1}")
    return cell("teleloupe " + " ".join(shlex.quote(word) for word in words))


def _sides(screen: Inspector) -> list[str]:
    """The files of the difference on the screen; of a recovered version, the file alone."""
    diff = screen.diff
    if diff is None:
        return []
    names = [diff.comparison.before, diff.name] if diff.verdict is None and not diff.comparison.note else [diff.name]
    return [os.path.join(screen.source.root, name) for name in names if name]


def copy(screen: Inspector, what: str, text: str) -> None:
    """Send a text to the terminal's clipboard."""
    size = len(text.encode("utf-8", "replace"))
    if size > CLIPBOARD_BYTES:
        screen.say(
            f"{size} bytes are too much for a terminal's clipboard; {spelt('export')} writes a file", is_bad=True
        )
        return
    screen.app.copy_to_clipboard(text)
    screen.say(f"copied the {what}")


def _record(pane: Pane) -> str:
    """The row as compact JSON."""
    key = pane.key
    rows = (
        [pane.cursor]
        if pane.asked.form != "tree"
        else [i for i in range(len(pane.table.rows)) if pane.table.locate(i).path == key]
    )
    return export.encode(tables.selected(pane.table, rows[:1]), "jsonl").decode("utf-8", "replace").rstrip("\n")
