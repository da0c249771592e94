"""A difference to a file: a report at once, other forms after asking."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from teleloupe import export
from teleloupe_tui.differences import Diff
from teleloupe_tui.screens.inspector import Inspector

# what can be written of a difference: the letter that asks for it, its name, the file's ending
FORMS = {
    "m": ("Markdown", "md"), "j": ("JSON", "json"), "u": ("unified lines", "diff"), "p": ("JSON Patch", "json"),
    "e": ("expected bytes", ""),
}  # fmt: skip
_VIEWS = {"e": "expected", "p": "patch"}


def export_difference(screen: Inspector, form: str = "m") -> None:
    """Write the difference on the screen, as Markdown by default."""
    diff = screen.diff
    if diff is None:
        return
    by_lines = screen.pane("diff").asked.form.removesuffix("+") != "record"
    _name, suffix = FORMS[form]
    rows = len(diff.comparison.changes.records) + len(diff.comparison.changes.header)
    path = place_for(screen, diff.name, _VIEWS.get(form, "diff"), suffix or os.path.splitext(diff.name)[1][1:])
    from teleloupe_tui.screens.exporting import write_bytes

    noun = "byte" if form == "e" else "change"
    count = len(diff.before) if form == "e" else rows
    write_bytes(screen, lambda _cancel: encoded(diff, form, by_lines=by_lines), path, count, noun)


def ask_difference(screen: Inspector) -> None:
    """Ask in which form to write the difference."""
    from teleloupe_tui.screens.menu import Item, Menu

    items = tuple(
        Item(letter, letter, f"{name:<15} .{suffix or 'as it is'}") for letter, (name, suffix) in FORMS.items()
    )

    def chosen(letter: str | None) -> None:
        if letter is not None:
            export_difference(screen, letter)

    screen.app.push_screen(Menu("write the difference as", items), chosen)


def encoded(diff: Diff, form: str, *, by_lines: bool) -> bytes:
    """The bytes of a difference in a form."""
    from teleloupe.cli.changes import as_json, as_markdown
    from teleloupe.diff.lines import unified
    from teleloupe.diff.patch import json_patch

    if form == "e":
        return diff.before
    if form == "p":
        return json_patch(diff.comparison.before_data, diff.comparison.after_data)[0]
    if form == "u":
        before, after = diff.lines.before[0], diff.lines.after[0]
        head = [f"--- {diff.sides[0]}", f"+++ {diff.sides[1]}"]
        lines = [*head, *unified(before, after, diff.lines.blocks)]
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
    make: Callable[..., bytes] = as_json if form == "j" else as_markdown
    return make([diff.comparison], by_lines)


def place_for(screen: Inspector, stem: str, view: str, suffix: str) -> str:
    """A place beside the watched directory, with an ending of its own or none."""
    when = time.strftime("%Y%m%dT%H%M%S", time.localtime(screen.clock()))
    name = export.file_name(stem, view, "markdown", when).removesuffix(".md")
    return os.path.join(screen.export_folder, f"{name}.{suffix}" if suffix else name)
