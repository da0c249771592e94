"""What a pane says when it has no rows: why, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teleloupe.safe import safe

if TYPE_CHECKING:
    from teleloupe_tui.views import Context


_STANDING = {
    "live": ("nothing has changed since the start", "what a writer does shows up here by itself"),
    "diff": ("nothing is compared yet", "", "d compares the file under the cursor"),
    "change": ("nothing is compared yet",),
    "sums": ("no checksums speak of these files",),
}


def hint(pane: str, context: Context, filter_text: str, form: str) -> tuple[str, ...]:
    """A few lines in place of rows."""
    if filter_text:
        return (f"no row matches {safe(filter_text)}", "", "esc clears the filter, & changes it")
    if pane == "files":
        return _no_files(context)
    if pane == "issues":
        return ("no issues", "", "every file was read and none breaks a rule of its format")
    if pane in _STANDING:
        return _STANDING[pane]
    document = context.document
    if document is None:
        state = "is being read" if context.snapshot.progress else "is not there any more"
        gone = f"{safe(context.path)} {state}" if context.path else "no file is selected"
        return (gone, "", "1 goes to the files")
    if form == "text" and context.content is None:
        if document.sha256:
            return ("reading the text", "", "esc stops it")
        return ("this file cannot be read", "", *(safe(issue.message) for issue in document.issues[:1]))
    if pane in ("records", "record"):
        if document.format is None:
            return ("this file is of no known format", "", "tab and t show its text with line numbers")
        return (f"{safe(document.name)} holds no records", "", "tab shows what else is in it, and t there its text")
    return ("nothing to show here",)


def _no_files(context: Context) -> tuple[str, ...]:
    if context.snapshot.generation == 0:
        return (f"reading {safe(context.snapshot.root)}",)
    return (
        "this directory is empty",
        "",
        "It is being watched: files show up here as soon as a producer writes them.",
        "q quits; teleloupe DIR opens another directory.",
    )
