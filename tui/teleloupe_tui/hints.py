"""What a pane says when it has no rows: why, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from teleloupe.model import Document
from teleloupe.safe import safe
from teleloupe_tui.keys import spelt

if TYPE_CHECKING:
    from teleloupe_tui.views import Context


_STANDING: dict[str, Callable[[], tuple[str, ...]]] = {
    "live": lambda: ("nothing has changed since the start", "what a writer does shows up here by itself"),
    "diff": lambda: ("nothing is compared yet", "", f"{spelt('compare')} compares the file under the cursor"),
    "change": lambda: ("nothing is compared yet",),
}


def no_match(filter_text: str) -> tuple[str, ...]:
    """What a filter that hides every row leaves."""
    ways = f"{spelt('back')} clears the filter, {spelt('filter')} changes it"
    return (f"no row matches {safe(filter_text)}", "", ways)


def hint(pane: str, context: Context, filter_text: str, form: str) -> tuple[str, ...]:
    """A few lines in place of rows."""
    if filter_text:
        return no_match(filter_text)
    if pane == "files":
        return _no_files(context)
    if pane == "issues":
        return ("no issues", "", "every file was read and none breaks a rule of its format")
    if pane == "sums":
        return _no_sums(context, form)
    if pane in _STANDING:
        return _STANDING[pane]()
    document = context.document
    if document is None:
        state = "is being read" if context.snapshot.progress else "is not there any more"
        gone = f"{safe(context.path)} {state}" if context.path else "no file is selected"
        return (gone, "", f"{spelt('files')} goes to the files")
    if form == "tree" and context.content is not None:
        return ("there is no JSON here", "", f"{spelt('turn')} shows the text")
    if form in ("text", "tree") and context.content is None:
        if document.sha256:
            return ("reading the text", "", f"{spelt('back')} stops it")
        return ("this file cannot be read", "", *(safe(issue.message) for issue in document.issues[:1]))
    return _no_records(document) if pane in ("records", "record") else ("nothing to show here",)


def _no_records(document: Document) -> tuple[str, ...]:
    other, text = spelt("next-pane"), spelt("turn")
    if document.format is None:
        return ("this file is of no known format", "", f"{other} and {text} show its text with line numbers")
    more = f"{other} shows what else is in it, and {text} there its text"
    return (f"{safe(document.name)} holds no records", "", more)


def _no_sums(context: Context, form: str) -> tuple[str, ...]:
    if context.snapshot.generation == 0:
        return (f"reading {safe(context.snapshot.root)}",)
    if form == "group":
        return ("no checksums speak of these files", "", "none of these is of a known format, so none is missed")
    makes = "" if context.is_read_only else f"; {spelt('sign')} makes a first checksum"
    return ("no checksums speak of these files", "", f"{spelt('turn')} lists the files that have none{makes}")


def _no_files(context: Context) -> tuple[str, ...]:
    if context.snapshot.generation == 0:
        return (f"reading {safe(context.snapshot.root)}",)
    return (
        "this directory is empty",
        "",
        "It is being watched: files show up here as soon as a producer writes them.",
        f"{spelt('quit')} quits; teleloupe DIR opens another directory,",
        "and teleloupe demo makes one to try it on.",
    )
