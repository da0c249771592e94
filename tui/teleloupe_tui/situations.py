"""What the readiness and the label of a key depend on, and what they come to."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct


class Situation(Struct, frozen=True):
    """What a key's label and its readiness depend on: where the reader is, and what is there."""

    pane: str = "files"
    form: str = ""
    rows: int = 0
    issues: int = 0
    is_unvouched: bool = False
    can_turn: bool = True
    can_sort: bool = True
    is_following: bool = False
    is_paused: bool = False
    is_zoomed: bool = False
    has_needle: bool = False
    has_tree: bool = False
    has_exports: bool = False
    has_diff: bool = False
    has_files: bool = True
    is_read_only: bool = False
    has_alert: bool = False
    panes: int = 1


WALKED = ("files", "records", "record", "issues", "place", "bytes")
OPENED = (
    *("files", "artefact", "records", "record", "issues", "place", "sums", "diff"),
    *("live", "look", "fields", "stats", "values", "made"),
)
LISTS = ("files", "records", "issues", "sums", "live", "look", "stats", "values", "made")
COUNTED = ("files", "records", "issues", "sums", "look", "stats")
WORKED = ("look", "fields", "stats", "values", "made", "edit")
DIFFS = ("diff", "change")
FILED = ("files", "records", "record", "artefact", "issues", "place", "sums", "verdict", *DIFFS)
MADE_OF = ("files", "records", "record", "artefact", "look", "fields", "made", "edit")
# what the next form of a pane is called, by the form it has
TURNS: dict[str, dict[str, str]] = {
    "files": {"": "tree", "tree": "table"},
    "issues": {"": "group", "group": "table"},
    "sums": {"": "group", "group": "table"},
    "artefact": {"": "text", "tree": "text", "text": "table"},
    "record": {"": "text", "tree": "text", "text": "table"},
    "look": {"": "table", "table": "charts"},
    "bytes": {"stored": "unpacked", "unpacked": "stored"},
}
_NEXT_VIEW = {"record": "lines", "lines": "bytes", "bytes": "records"}


def always(_situation: Situation) -> str:
    """Ready everywhere, called what it is called."""
    return ""


def needs_rows(situation: Situation) -> str:
    """A list with rows."""
    return "" if situation.rows else "there are no rows here"


def needs_needle(situation: Situation) -> str:
    """A search, or a difference to walk."""
    if situation.pane in DIFFS:
        return needs_rows(situation)
    return "" if situation.has_needle else f"nothing is searched for yet: {_spelt('search')} starts a search"


def needs_issues(situation: Situation) -> str:
    """Something wrong in the directory."""
    return "" if situation.issues else "no issues in this directory"


def needs_diff(situation: Situation) -> str:
    """A comparison."""
    return (
        "" if situation.has_diff else f"nothing is compared yet: {_spelt('compare')} compares the file under the cursor"
    )


def needs_files(situation: Situation) -> str:
    """A file."""
    return "" if situation.has_files else "there are no files here"


def writable(situation: Situation) -> str:
    """Leave to write."""
    return "started with --read-only: nothing is written here" if situation.is_read_only else ""


def needs_exports(situation: Situation) -> str:
    """An export to take back."""
    return "" if situation.has_exports else f"nothing was exported yet: {_spelt('export')} writes this view"


def needs_panes(situation: Situation) -> str:
    """More than one pane."""
    return "" if situation.panes > 1 else "only one pane is open at this width"


def openable(situation: Situation) -> str:
    """A form in which something opens."""
    if situation.pane in ("record", "artefact") and situation.form != "tree":
        return f"nothing opens here; {_spelt('turn')} shows it in another form"
    return ""


def opened(situation: Situation) -> str:
    """What opening comes to here."""
    return {"values": "filter by it", "record": "fold", "artefact": "fold"}.get(situation.pane, "")


def turnable(situation: Situation) -> str:
    """Another form of the pane."""
    return "" if situation.form in TURNS.get(situation.pane, {}) else "nothing is packed in these bytes"


def sortable(situation: Situation) -> str:
    """Rows whose order is free."""
    if not situation.can_sort:
        return "this view has an order of its own"
    return needs_rows(situation)


def paned(situation: Situation) -> str:
    """The next view of a difference."""
    return _NEXT_VIEW[situation.form.removesuffix("+")] if situation.pane == "diff" and situation.form else ""


def walked(way: str) -> Callable[[Situation], str]:
    """The next or previous change, where nothing is searched for."""
    return lambda situation: f"{way} change" if situation.pane in DIFFS and not situation.has_needle else ""


def equalled(situation: Situation) -> str:
    """What leaving equal rows out, or showing them, is called."""
    return "only changes" if situation.form.endswith("+") else "all"


def turned(situation: Situation) -> str:
    """What the next form of the pane is called."""
    if situation.has_tree and not situation.form:
        return "tree"
    return TURNS.get(situation.pane, {}).get(situation.form, "")


def _spelt(name: str) -> str:
    from teleloupe_tui.keys import spelt  # the table is made of these functions

    return spelt(name)
