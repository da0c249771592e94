"""The files that a producer's rules make: shown beside what is there, then written where the reader says."""

from __future__ import annotations

import os
import time
from functools import partial

from teleloupe import disk, export
from teleloupe.export import Saved
from teleloupe.safe import safe
from teleloupe_tui.cells import amount
from teleloupe_tui.jobs import Cancel
from teleloupe_tui.keys import spelt
from teleloupe_tui.made import Edit, word_of
from teleloupe_tui.screens.inspector import Inspector


def make_here(screen: Inspector) -> None:
    """Show what is made of the selected file; on that list, ask where to write it."""
    if screen.screen_name == "made":
        _ask_where(screen)
        return
    document = screen.document
    working = screen.working
    path = working.view_path if screen.screen_name == "look" else document.path if document else "."
    if path != working.made_path:
        working.forget("made")
        screen.panes["made"].marks.clear()
        screen.panes["made"].cursor = 0
    working.made_path = path
    screen.returns.append((screen.screen_name, screen.pane_name))
    screen.is_zoomed = False
    screen.go("made")


def _ask_where(screen: Inspector) -> None:
    from teleloupe_tui.screens.menu import Item, Menu

    edits = _chosen(screen)
    if not edits:
        screen.say("nothing is made of this file by its producer's rules")
        return
    folder = _folder(screen)
    changed = [edit for edit in edits if word_of(edit) != "same"]
    items = [Item("e", "elsewhere", f"{amount(len(edits), 'file')} into {safe(folder)}/")]
    if changed and not screen.source.is_read_only:
        items.append(Item("i", "in-place", f"{amount(len(changed), 'file')} in place, after a question"))

    def chosen(answer: str | None) -> None:
        if answer == "elsewhere":
            _write(screen, edits, folder)
        elif answer == "in-place":
            _confirm(screen, changed)

    screen.app.push_screen(Menu("write these files", items), chosen)


def _confirm(screen: Inspector, edits: list[Edit]) -> None:
    """In place only after a yes that names the files."""
    from teleloupe_tui.screens.menu import Item, Menu

    replaced = [edit for edit in edits if edit.before is not None]
    names = ", ".join(safe(edit.path) for edit in edits[:3]) + (f" and {len(edits) - 3} more" if len(edits) > 3 else "")
    items = (
        Item("n", "keep", "keep everything as it is"),
        Item("y", "write", f"write {names}; {spelt('undo-export')} takes it back"),
    )
    heading = f"in {screen.root_name}/: {amount(len(replaced), 'file')} replaced, {len(edits) - len(replaced)} new"

    def chosen(answer: str | None) -> None:
        if answer == "write":
            _write(screen, edits, None)

    screen.app.push_screen(Menu(heading, items), chosen)


def _write(screen: Inspector, edits: list[Edit], folder: str | None) -> None:
    """Write away from the screen; `folder` None is in place, where nothing may have changed since it was shown."""
    work = partial(_written, screen.source.root, edits, folder)
    screen.jobs.run("making", "writing", work, partial(_told, screen, edits, folder))


def _written(root: str, edits: list[Edit], folder: str | None, _cancel: Cancel) -> Saved | str:
    base = root if folder is None else folder
    paths = [os.path.join(base, edit.path) for edit in edits]
    if any(not export.is_inside(path, base) for path in paths if folder is not None or os.path.lexists(path)):
        return "a path leads out of the directory"
    try:
        before = [_standing(path) for path in paths]
        if folder is None and before != [edit.before for edit in edits]:
            return "a file changed meanwhile"
        disk.write_in_order([(path, edit.data) for path, edit in zip(paths, edits, strict=True)])
    except disk.Unreadable as fault:
        return fault.reason
    except OSError as fault:
        return disk.reason(fault)
    return Saved(paths[0], "", len(edits), tuple(zip(paths, before, strict=True)))


def _told(screen: Inspector, edits: list[Edit], folder: str | None, outcome: Saved | str) -> None:
    if isinstance(outcome, str):
        screen.say(f"not written: {safe(outcome)}", is_bad=True)
        return
    screen.exports.append(outcome)
    where = f"into {safe(os.path.basename(folder))}/" if folder else "in place"
    screen.say(f"wrote {amount(len(edits), 'file')} {where}; {spelt('undo-export')} takes it back")
    if folder is None:
        screen.working.again("made")
        for edit in edits:
            screen.source.reread(edit.path)
        screen.feed()


def _standing(path: str) -> bytes | None:
    found = disk.stamp(path)
    return disk.read_slice(path, 0, found.size) if found else None


def _chosen(screen: Inspector) -> list[Edit]:
    """The marked files, else all that are listed."""
    return list(screen.pane("made").marked.rows)


def _folder(screen: Inspector) -> str:
    """A folder of its own beside the watched directory, named after the artefact and the time."""
    when = time.strftime("%Y%m%dT%H%M%S", time.localtime(screen.clock()))
    stem = export.file_name(screen.working.made_path.strip("."), "made", "csv", when).removesuffix(".csv")
    return os.path.join(screen.export_folder, stem)
