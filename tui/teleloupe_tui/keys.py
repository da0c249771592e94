"""The one table of keys: bindings, footer, palette, help and docs/keys.md are all made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from teleloupe_tui import keymap, situations
from teleloupe_tui.situations import COUNTED, DIFFS, FILED, LISTS, MADE_OF, OPENED, TURNS, WALKED, WORKED, Situation

if TYPE_CHECKING:
    from textual.binding import BindingsMap, BindingType


class Key(Struct, frozen=True):
    """A key: its id (for remapping), the keys, a short label, what it does, where it works (everywhere: ()).

    `why_not` answers why it does nothing here, "" when it does; `rank` orders the footer (0: not in it), where in
    the panes of `leads` it comes before the others.
    """

    id: str
    keys: str
    label: str
    help: str
    group: str
    panes: tuple[str, ...] = ()
    rank: int = 0
    why_not: Callable[[Situation], str] = situations.always
    state: Callable[[Situation], str] = situations.always
    shown_as: str = ""
    leads: tuple[str, ...] = ()

    @property
    def now(self) -> tuple[str, ...]:
        """The keys as things stand: those of the table, or what the reader chose."""
        return tuple(keymap.keys_of(self.id, self.keys).split(","))

    @property
    def shown(self) -> str:
        """The keys as a person writes them: `ctrl+d`, `?`, `G`."""
        return self._short or ", ".join(self.now_spelt)

    @property
    def now_spelt(self) -> tuple[str, ...]:
        """The keys as things stand, as a person writes them."""
        return tuple(map(keymap.spelt, self.now))

    @property
    def first(self) -> str:
        """The first of the keys as a person writes it."""
        return self._short or keymap.spelt(self.now[0])

    @property
    def _short(self) -> str:
        return "" if keymap.is_remapped(self.id) else self.shown_as

    def works_in(self, pane: str) -> bool:
        """Whether the key means something in a pane."""
        return not self.panes or pane in self.panes


MOVING, FINDING, SCREENS, ACTING, WATCHING, LEAVING = "Move", "Find and order", "Go", "Take along", "Watch", "Leave"
KEYS: tuple[Key, ...] = (
    Key("down", "j,down", "down", "one row down", MOVING),
    Key("up", "k,up", "up", "one row up", MOVING),
    Key("left", "h,left", "left", "one column to the left; folds a directory of the tree", MOVING),
    Key("right", "l,right", "right", "one column to the right; unfolds a directory of the tree", MOVING),
    Key("half-down", "ctrl+d", "half page down", "half a page down", MOVING),
    Key("half-up", "ctrl+u", "half page up", "half a page up", MOVING),
    Key("page-down", "pagedown,ctrl+f", "page down", "a page down", MOVING),
    Key("page-up", "pageup,ctrl+b", "page up", "a page up", MOVING),
    Key("top", "g,home", "top", "to the first row", MOVING),
    Key("bottom", "G,end", "bottom", "to the last row", MOVING),
    Key(
        "open",
        "enter",
        "open",
        "opens what the cursor is on: a file, a record, the place of an issue",
        SCREENS,
        OPENED,
        rank=10,
        why_not=situations.openable,
        state=situations.opened,
    ),
    Key("back", "escape", "back", "cancels what is running, ends a search or filter, goes back", SCREENS),
    Key("files", "1", "Files", "every file with its state, format, kind, records and age", SCREENS),
    Key("records", "2", "Records", "the records of the selected file", SCREENS),
    Key("issues", "3", "Issues", "what is wrong, by cause or one by one", SCREENS),
    Key("sums", "4", "Sums", "what became of each checksum", SCREENS),
    Key("diff", "5", "Diff", "the last comparison: records, lines, bytes", SCREENS, why_not=situations.needs_diff),
    Key("stats", "6", "Stats", "every column of the list in figures: nulls, distinct, median, percentiles", SCREENS),
    Key(
        "next-pane",
        "tab",
        "pane",
        "the next pane; where only one fits, the next one takes its place; of a difference records, lines, bytes",
        SCREENS,
        rank=60,
        state=situations.paned,
        leads=("diff",),
    ),
    Key("previous-pane", "shift+tab", "previous pane", "the pane before", SCREENS),
    Key("jump", "ctrl+o", "jump", "letters over every pane, list and screen in sight: a letter goes there", SCREENS),
    Key("history-back", "alt+left", "place before", "to the place that was visited before this one", SCREENS),
    Key("history-forward", "alt+right", "place after", "forth again over the places visited", SCREENS),
    Key("zoom", "z,plus", "zoom", "one pane alone, and back", SCREENS, why_not=situations.needs_panes),
    Key("next-file", "right_square_bracket", "next file", "the next file of the ledger", SCREENS),
    Key("previous-file", "left_square_bracket", "previous file", "the file before", SCREENS),
    Key(
        "next-issue",
        "e",
        "next issue",
        "the place of the next issue",
        SCREENS,
        WALKED,
        rank=40,
        why_not=situations.needs_issues,
    ),
    Key(
        "previous-issue",
        "E",
        "previous issue",
        "the place of the issue before",
        SCREENS,
        WALKED,
        why_not=situations.needs_issues,
    ),
    Key(
        "turn",
        "t",
        "turn",
        "the other form: tree, groups, or the text in the file",
        SCREENS,
        tuple(TURNS),
        rank=50,
        why_not=situations.turnable,
        state=situations.turned,
    ),
    Key(
        "compare",
        "d",
        "diff",
        "what changed: since its checksum was taken, between two marked files, or against a file you choose",
        SCREENS,
        FILED,
        rank=22,
        why_not=situations.needs_files,
        leads=("sums", "verdict"),
    ),
    Key(
        "views",
        "V",
        "views",
        "the format's own views of the selected file and its directory, by number",
        SCREENS,
        (*FILED, *WORKED, "live"),
        rank=24,
    ),
    Key(
        "next-chart",
        "c",
        "next chart",
        "the charts that have no room beside those in sight",
        SCREENS,
        ("look", "fields"),
    ),
    Key(
        "bytes",
        "H",
        "bytes",
        "the bytes of what the cursor stands on, in hex; again: back",
        SCREENS,
        state=lambda s: "back" if s.pane == "bytes" else "",
    ),
    Key("edit", "O", "edit", "opens the file in $VISUAL or $EDITOR, at the line of the cursor", SCREENS),
    Key("versions", "v", "versions", "what changed since a version in git that you choose", SCREENS, FILED),
    Key(
        "equal",
        "o",
        "only changes",
        "of a difference: only what changed, or everything",
        SCREENS,
        DIFFS,
        rank=12,
        state=situations.equalled,
        leads=DIFFS,
    ),
    Key(
        "go-to",
        "ctrl+g",
        "go to",
        "goes to a record's number, a :line, a JSON /pointer, or a file by a part of its name",
        FINDING,
        why_not=situations.needs_files,
    ),
    Key("search", "slash", "find", "finds text in any cell as you type", FINDING, rank=25),
    Key(
        "next-found",
        "n",
        "next found",
        "the next row found; of a difference, the next change",
        FINDING,
        rank=11,
        why_not=situations.needs_needle,
        state=situations.walked("next"),
        leads=DIFFS,
    ),
    Key(
        "previous-found",
        "N",
        "previous found",
        "the row found before; of a difference, the change before",
        FINDING,
        why_not=situations.needs_needle,
        state=situations.walked("previous"),
    ),
    Key(
        "frequency",
        "F",
        "frequency",
        "how often each value of the column under the cursor occurs; enter there filters by it",
        FINDING,
        (*COUNTED, "values"),
        rank=37,
        why_not=situations.needs_rows,
    ),
    Key(
        "group",
        "b",
        "group by",
        "groups the rows by the column under the cursor: how many, and sum, least, median, most of the numbers",
        FINDING,
        (*COUNTED, "values"),
        why_not=situations.needs_rows,
    ),
    Key(
        "filter",
        "ampersand",
        "filter",
        'keeps rows: status=failure duration_ms>1000 "free text"',
        FINDING,
        LISTS,
        rank=35,
    ),
    Key(
        "like",
        "at",
        "rows like this",
        "keeps the rows with the value under the cursor in its column",
        FINDING,
        COUNTED,
        why_not=situations.needs_rows,
    ),
    Key(
        "unlike",
        "exclamation_mark",
        "rows unlike this",
        "hides the rows with the value under the cursor in its column",
        FINDING,
        COUNTED,
        why_not=situations.needs_rows,
    ),
    Key(
        "sort",
        "s",
        "sort",
        "sorts by the column of the cursor; again reverses; a third time is file order",
        FINDING,
        LISTS,
        rank=45,
        why_not=situations.sortable,
    ),
    Key(
        "sort-further",
        "S",
        "sort further",
        "sorts rows that are alike so far by this column too; again reverses it; a third time takes it out",
        FINDING,
        LISTS,
        why_not=situations.sortable,
    ),
    Key("hide-column", "minus", "hide column", "hides the column of the cursor, here and in exports", FINDING, LISTS),
    Key(
        "show-columns",
        "equals_sign",
        "all columns",
        "shows hidden columns again; once all are there, in their own order and widths",
        FINDING,
        LISTS,
    ),
    Key("column-left", "less_than_sign", "column left", "moves the column of the cursor to the left", FINDING, LISTS),
    Key(
        "column-right",
        "greater_than_sign",
        "column right",
        "moves the column of the cursor to the right",
        FINDING,
        LISTS,
    ),
    Key("narrower", "left_parenthesis", "narrower", "makes the column of the cursor narrower", FINDING, LISTS),
    Key("wider", "right_parenthesis", "wider", "makes the column of the cursor wider", FINDING, LISTS),
    Key(
        "freeze",
        "vertical_line",
        "freeze",
        "keeps the columns up to the cursor's in sight while the others scroll; again frees them",
        FINDING,
        LISTS,
    ),
    Key(
        "mark",
        "m,space",
        "mark",
        "marks the row for export and goes on",
        ACTING,
        LISTS,
        rank=55,
        why_not=situations.needs_rows,
    ),
    Key(
        "export",
        "x",
        "export",
        "writes this view, or its marked rows, at once: CSV; issues, sums, differences as reports, a record as spelt",
        ACTING,
        rank=20,
        why_not=situations.needs_rows,
    ),
    Key(
        "export-as",
        "X",
        "export as",
        "asks for format, rows and place, then writes",
        ACTING,
        why_not=situations.needs_rows,
    ),
    Key(
        "sign",
        "w",
        "fresh sum",
        "writes a fresh checksum into the sidecar, or a first one, after showing the bytes and asking",
        ACTING,
        ("sums", "verdict"),
        rank=28,
        why_not=situations.writable,
        state=lambda s: "first sum" if s.is_unvouched else "",
        leads=("sums", "verdict"),
    ),
    Key(
        "make",
        "W",
        "make files",
        "what the producer's rules make of the selected file, beside what is there; again: writes it where you say",
        ACTING,
        MADE_OF,
        rank=58,
        leads=("made", "edit"),
        state=lambda s: "write files" if s.pane in ("made", "edit") else "",
    ),
    Key("undo-export", "u", "undo export", "takes the last export back", ACTING, why_not=situations.needs_exports),
    Key(
        "copy",
        "y",
        "copy",
        "copies the value, the path, the record or the command for this view",
        ACTING,
        rank=30,
        why_not=situations.needs_rows,
    ),
    Key(
        "follow",
        "f",
        "follow",
        "on: goes to what is newest; off: nothing moves under the cursor",
        WATCHING,
        rank=15,
        state=lambda s: f"follow:{'on' if s.is_following else 'off'}",
    ),
    Key(
        "pause",
        "p",
        "pause",
        "holds the screen still while the watching goes on, and catches up",
        WATCHING,
        state=lambda s: "resume" if s.is_paused else "pause",
    ),
    Key(
        "seen",
        "a",
        "all seen",
        "marks everything as seen: the + of what is new and the ~ of what changed go, and so does an alert",
        WATCHING,
    ),
    Key(
        "alert",
        "A",
        "alert",
        "rings when something happens: a new error, warning or file, a sum that fails, or records that fit a filter",
        WATCHING,
        state=lambda s: "change alert" if s.has_alert else "",
    ),
    Key("reread", "r", "read again", "reads the selected file again", WATCHING),
    Key("reread-all", "R,f5", "read all again", "reads the whole directory again", WATCHING),
    Key("help", "question_mark,f1", "help", "the keys that work here", LEAVING),
    Key("palette", "ctrl+p,colon", "commands", "every command by name", LEAVING, shown_as="^p"),
    Key("suspend", "ctrl+z", "suspend", "to the shell; fg comes back", LEAVING),
    Key("quit", "q", "quit", "goes back where there is a way back; quits at the top", LEAVING),
    Key("quit-now", "ctrl+q", "quit now", "quits from anywhere", LEAVING),
    Key("interrupt", "ctrl+c", "interrupt", "quits from anywhere with status 130", LEAVING),
)
ON_GRID = frozenset(key.id for key in KEYS if key.group == MOVING)
EVERYWHERE = frozenset({"jump", "suspend", "quit-now", "interrupt"})
LAST_LINE = ("help", "palette", "quit")  # never cut, whatever the width


def named(name: str) -> Key:
    """The key of an id."""
    return next(key for key in KEYS if key.id == name)


def spelt(name: str) -> str:
    """The key of an id as a person writes it, for texts that say what to press."""
    return named(name).first


def spellings() -> dict[str, str]:
    """The key of every id as a person writes it."""
    return {key.id: key.first for key in KEYS}


def meant(name: str, pane: str) -> Key:
    """The key of an id; where that does nothing in a pane, one on the same key that does."""
    key = named(name)
    if key.works_in(pane):
        return key
    return next((one for one in KEYS if one.works_in(pane) and set(one.now) & set(key.now)), key)


def bindings(names: Iterable[str], action: str) -> list[BindingType]:
    """Textual's bindings of some keys, all to one action that takes the key's id."""
    from textual.binding import Binding

    wanted = set(names)
    return [
        Binding(
            ",".join(key.now), f"{action}('{key.id}')", key.label, show=False, id=key.id, priority=_comes_first(key)
        )
        for key in KEYS
        if key.id in wanted
    ]


def _comes_first(key: Key) -> bool:
    """Whether a key is taken before a line of text could have it; never one that is a letter."""
    return key.id in EVERYWHERE and all(len(name) > 1 for name in key.now_spelt)


def bound(before: BindingsMap, names: Iterable[str], action: str) -> BindingsMap:
    """Bindings with those of some keys made anew, for what is made after the reader's keys are known."""
    from textual.binding import BindingsMap

    wanted = set(names)
    kept = {key: [one for one in found if one.id not in wanted] for key, found in before.key_to_bindings.items()}
    others = BindingsMap.from_keys({key: found for key, found in kept.items() if found})
    return BindingsMap.merge([BindingsMap(bindings(wanted, action)), others])


def label(key: Key, situation: Situation) -> str:
    """A key's label as things stand."""
    return key.state(situation) or key.label


def footer(situation: Situation) -> list[Key]:
    """The keys worth a place in the footer here, the most useful first."""
    found = [key for key in KEYS if key.rank and key.works_in(situation.pane) and not key.why_not(situation)]
    return sorted(found, key=lambda key: (situation.pane not in key.leads, key.rank))


def markdown() -> str:
    """docs/keys.md."""
    note = "`?` lists the keys of the pane you are in, `ctrl+p` finds a command by name.\n"
    remapping = "The id is what [configuration](configuration.md) calls a key by.\n"
    parts = [f"# Keys\n\nMade from `tui/teleloupe_tui/keys.py`; edit there.\n\n{note}{remapping}"]
    for group in dict.fromkeys(key.group for key in KEYS):
        parts.append(f"\n## {group}\n\n| key | id | does | where |\n|:--|:--|:--|:--|\n")
        parts.extend(_row(key) for key in KEYS if key.group == group)
    return "".join(parts)


def _row(key: Key) -> str:
    spelt = " ".join(f"`{keymap.spelt(name)}`" for name in key.keys.split(","))
    return f"| {spelt} | {key.id} | {key.help} | {', '.join(key.panes) or 'everywhere'} |\n"
