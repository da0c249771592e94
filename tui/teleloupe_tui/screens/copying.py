"""What the cursor stands on to the clipboard: value, path, place, record, hash, fix, the command for the view."""

from __future__ import annotations

import os
import shlex
from functools import partial

from teleloupe import detail, export, jsontext, mending, spans, tables
from teleloupe.model import Place, Snapshot, Verdict
from teleloupe.safe import cell
from teleloupe.tables import Finding
from teleloupe_tui import cells, clipboard, ordering, worked
from teleloupe_tui.byte_views import letters
from teleloupe_tui.clipboard import Plan
from teleloupe_tui.jobs import Cancel
from teleloupe_tui.pages import Line
from teleloupe_tui.record_trees import Branch
from teleloupe_tui.screens import looking
from teleloupe_tui.screens.inspector import Inspector
from teleloupe_tui.sums import Reason, claim_of, fixes_of
from teleloupe_tui.widgets.pane import Pane

NAMES = {
    "v": "value", "x": "hex", "t": "text", "a": "place", "p": "path", "r": "record", "h": "hash", "f": "fix",
    "c": "command",
}  # fmt: skip
MOST_BYTES = 1 << 20  # of those marked that are copied as hex or text


def ask_copy(screen: Inspector) -> None:
    """Ask what to copy, each shown as it would be copied."""
    from teleloupe_tui.screens.menu import Item, Menu

    texts = copies(screen, screen.here)
    items = tuple(Item(key, key, f"{NAMES[key]:<8} {_beginning(texts[key])}") for key in NAMES if key in texts)

    def chosen(key: str | None) -> None:
        if key is not None:
            copy(screen, NAMES[key], texts[key])

    screen.app.push_screen(Menu("copy", items), chosen)


def copies(screen: Inspector, pane: Pane) -> dict[str, str]:
    """What can be copied, by the letter that copies it; one line each, nothing in it that a shell would obey."""
    found = _of_bytes(screen) if pane.view == "bytes" else _of_row(pane)
    place = place_of(screen, pane)
    if pane.view in ("issues", "place"):
        found |= _of_issue(screen)
    if pane.view in ("sums", "verdict") and (chosen := screen.panes["sums"].row) is not None:
        found |= _of_sums(screen.snapshot, chosen)
    if place is not None:
        found["p"] = cell(os.path.join(screen.source.root, place.path))
        if place.at:
            found["a"] = cell(place.at)
        document = screen.snapshot.documents.get(place.path)
        if document is not None and document.sha256:
            found.setdefault("h", document.sha256)
    if pane.view in ("files", "records", "issues", "sums") and pane.showing and pane.table.rows:
        found["r"] = _row(pane)
    elif pane.view == "record" and (spelt := _spelt(screen)):
        found["r"] = spelt
    found["c"] = command(screen, pane)
    return found


def place_of(screen: Inspector, pane: Pane) -> Place | None:
    """The file and place that the cursor stands on."""
    if pane.view == "bytes" and screen.viewed.shown is not None:
        return screen.viewed.shown.wanted.place
    if pane.view == "place" and screen.panes["issues"].showing:
        pane = screen.panes["issues"]
    place = pane.showing.table.locate(pane.cursor) if pane.showing else None
    return place if place and place.path else Place(screen.path) if screen.path else None


def _beginning(text: str) -> str:
    return cell(text[:400])


def _of_row(pane: Pane) -> dict[str, str]:
    """The value under the cursor; of a page's line all of its field's."""
    row, face = pane.row, pane.face
    if isinstance(row, Branch):
        return {"v": cell(jsontext.one_line(row.value))} if row.value else {}
    if isinstance(row, Line):
        return {"v": cell(row.field.value)}
    return {"v": cell(face.get(row))} if face is not None and row is not None else {}


def _of_bytes(screen: Inspector) -> dict[str, str]:
    """The marked bytes, else those of the row."""
    shown, row = screen.viewed.shown, screen.pane("bytes").row
    if shown is None or row is None:
        return {}
    span = shown.found or shown.span or spans.Span(row.offset, row.offset + row.size)
    data = shown.read(span.start, min(span.end - span.start, MOST_BYTES))
    return {"x": data.hex(" "), "t": letters(data)}


def _spelt(screen: Inspector) -> str | None:
    """The record of the pane as the file spells it, where that is known."""
    document, content = screen.document, screen.content
    if document is None or content is None or content.path != document.path or not document.records:
        return None
    found = detail.spelling(content.text, document.record_at(screen.index))
    return cell(jsontext.one_line(found) if found.startswith(("{", "[")) else found) if found else None


def _of_issue(screen: Inspector) -> dict[str, str]:
    """The first command that mends the issue."""
    chosen = screen.panes["issues"].row
    if chosen is None:
        return {}
    path = chosen.path if isinstance(chosen, Finding) else chosen.places[0].path
    fixes = mending.fixes(screen.snapshot, path, chosen.issue)
    return {"f": cell(fixes[0])} if fixes else {}


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
    root, asked = screen.source.root, _asked(pane)
    file = os.path.join(root, screen.path) if screen.path else root
    words = {
        "issues": ["check", root],
        "place": ["check", root],
        "sums": ["verify", root],
        "verdict": ["verify", root],
        "diff": ["diff", *_sides(screen)],
        "change": ["diff", *_sides(screen)],
    }.get(pane.view, ["show", file] if pane.view in ("records", "record", "artefact", "bytes") else ["list", root])
    if pane.view in worked.PANES:
        words = looking.command(screen, pane)
    if pane.view in ("issues", "sums") and pane.asked.form != "group" and asked:
        words = ["export", root, "--view", "issues" if pane.view == "issues" else "claims", "--to", "markdown"]
    if pane.view in ("files", "records", "look") or words[0] == "export":
        words += asked
    if pane.view == "record":
        words.append(f"--record={screen.index + 1}")
    return cell("teleloupe " + " ".join(shlex.quote(word) for word in words))


def _asked(pane: Pane) -> list[str]:
    """The options for what was asked of a list: filter, order, columns."""
    query, columning = pane.asked.query, pane.columning
    words = ["--where", query.filter] if query.filter else []
    words += [f"--sort={ordering.option(query.sort)}"] if query.sort else []
    if pane.showing and (columning.hidden or columning.order):
        known = {column.name for column in pane.table.columns}
        words.append(f"--columns={','.join(name for name in pane.showing.columns if name in known)}")
    return words


def _sides(screen: Inspector) -> list[str]:
    """The files of the difference on the screen; of a recovered version, the file alone."""
    diff = screen.diff
    if diff is None:
        return []
    names = [diff.comparison.before, diff.name] if diff.verdict is None and not diff.comparison.note else [diff.name]
    return [os.path.join(screen.source.root, name) for name in names if name]


def copy(screen: Inspector, what: str, text: str) -> None:
    """Take a text along by the way that can carry it, and say which that was."""
    found = clipboard.plan(text, os.environ, screen.config.clipboard)
    if found.way == "osc52":
        screen.app.copy_to_clipboard(text)
        screen.say(
            f"sent the {what} to the terminal's clipboard ({cells.amount(len(text), 'character')}); none confirms it"
        )
    elif found.way == "native":
        work = partial(_by_tool, found, text)
        screen.jobs.run("copy", "copying", work, partial(_told, screen, what, text, found))
    else:
        _to_file(screen, what, text, found.why)


def _by_tool(found: Plan, text: str, _cancel: Cancel) -> str:
    return clipboard.run_tool(found.tool, text)


def _told(screen: Inspector, what: str, text: str, found: Plan, fault: str) -> None:
    tool = os.path.basename(found.tool[0])
    if fault:
        _to_file(screen, what, text, f"{tool} {fault}")
    else:
        screen.say(f"copied the {what} with {tool}")


def _to_file(screen: Inspector, what: str, text: str, why: str) -> None:
    """Where no clipboard can take it: a file beside the watched directory."""
    from teleloupe_tui.screens.exporting import write_bytes
    from teleloupe_tui.screens.exporting_diffs import place_for

    screen.say(f"no clipboard for the {what}: {cell(why)}; a file has it")
    data = text.encode("utf-8", "backslashreplace")
    path = place_for(screen, "clipboard", what, "txt")
    write_bytes(screen, lambda _cancel: data, path, len(data), "byte")


def _row(pane: Pane) -> str:
    """The row as compact JSON."""
    key = pane.key
    rows = (
        [pane.cursor]
        if pane.asked.form != "tree"
        else [i for i in range(len(pane.table.rows)) if pane.table.locate(i).path == key]
    )
    return export.encode(tables.selected(pane.table, rows[:1]), "jsonl").decode("utf-8", "replace").rstrip("\n")
