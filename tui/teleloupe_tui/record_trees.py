"""A record or a JSON file as a tree that unfolds: keys in file order, values as they are spelt, types and sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from teleloupe import jsontree, spans
from teleloupe.jsontree import Node
from teleloupe.model import Column, Document, Place, Table
from teleloupe_tui import cells
from teleloupe_tui.widgets.showing import Face

OPEN_CHARACTERS = 6000  # a container of at most so many is unfolded from the start
MOST_ROWS = 100_000


class Branch(Struct, frozen=True):
    """A line of the tree: a value with its place in the file; `is_folded` where its members are hidden."""

    node: Node
    at: str
    key: str
    value: str
    is_folded: bool = False


def table(document: Document, at: str, content: str | None) -> Table:
    """The tree with nothing unfolded but its root; without rows where there is no JSON."""
    span = spans.locate(content, at) if content is not None else None
    root = jsontree.root(content, span.start) if content is not None and span else None
    rows = [_branch(content or "", root, at, is_folded=True)] if root else []
    return _table(f"{document.path} {at}".strip(), document.path, rows)


def unfolded(folded: Table, content: str | None, toggled: AbstractSet[str]) -> Table:
    """The tree with what is unfolded from the start, or was; `toggled` has the pointers where that was turned round."""
    if content is None or not folded.rows:
        return folded
    first: Branch = folded.rows[0]
    rows: list[Branch] = []
    for branch in _branches(content, first, toggled):
        rows.append(branch)
        if len(rows) >= MOST_ROWS:
            break
    return _table(folded.title, folded.locate(0).path, rows)


def above(branches: Sequence[Branch], row: int) -> int:
    """The row of the container that a row lies in; its own for the root."""
    depth = branches[row].node.depth
    return next((index for index in range(row - 1, -1, -1) if branches[index].node.depth < depth), row)


def key(tree: Table, row: int) -> str:
    """What tells a line from others: its place, and the ordinal where a key is repeated."""
    branch: Branch = tree.rows[row]
    return f"{branch.at}#{branch.node.repeats}" if branch.node.repeats else branch.at


def _table(title: str, path: str, rows: list[Branch]) -> Table:
    return Table(title, COLUMNS, rows, lambda index: Place(path, rows[index].at), len(rows))


def _branches(content: str, first: Branch, toggled: AbstractSet[str]) -> Iterator[Branch]:
    """Depth first, without recursion."""
    pending = [first.node]
    while pending:
        node = pending.pop()
        is_folded = node.can_unfold and _is_folded(node, toggled)
        yield _branch(content, node, first.at, is_folded=is_folded)
        if node.can_unfold and not is_folded:
            pending.extend(reversed(jsontree.members(content, node)))


def _is_folded(node: Node, toggled: AbstractSet[str]) -> bool:
    is_small = node.end - node.start <= OPEN_CHARACTERS
    return (not (is_small or node.depth == 0)) != (node.pointer in toggled)


def _branch(content: str, node: Node, at: str, *, is_folded: bool) -> Branch:
    joint = " " if at.startswith("line ") and " /" not in at and node.pointer else ""
    value = "" if node.can_unfold and not is_folded else jsontree.spelling(content, node)
    return Branch(node, f"{at}{joint}{node.pointer}", _key(node), value, is_folded)


def _key(node: Node) -> str:
    if node.key is None:
        return ""
    again = f" (again, {node.repeats + 1})" if node.repeats else ""
    return f"{node.key if isinstance(node.key, str) else f'[{node.key}]'}{again}"


def _size(branch: Branch) -> str:
    node = branch.node
    if node.is_cut:
        return "cut short"
    if node.kind in ("object", "array"):
        return cells.amount(node.size, "member" if node.kind == "object" else "element")
    return cells.amount(node.size, "character") if node.kind == "string" else ""


def _told(branch: Branch) -> str:
    name = branch.key or ("" if branch.node.depth else branch.at or "(all of the file)")
    return f"{name}{': ' if name and branch.value else ''}{branch.value}"


def _drawn(branch: Branch) -> str:
    mark = ("▸ " if branch.is_folded else "▾ ") if branch.node.can_unfold else "  "
    return f"{'  ' * branch.node.depth}{mark}{cells.shown(_told(branch))}"


def _tone(branch: Branch, _text: str) -> str:
    return "bad" if branch.node.kind == "broken" or branch.node.is_cut else ""


COLUMNS = (
    Column("value", _told, doc="the key, or the index in an array, and the value as the file spells it"),
    Column("type", lambda row: row.node.kind, doc="object, array, string, number, boolean, null, or broken"),
    Column("size", _size, doc="members, elements or characters"),
)
FACES = (
    Face("value", "value", lambda row: row, _drawn, most=400, least=44, gives=1, tone=_tone),
    Face("type", "type", lambda row: row.node.kind, most=8, tone=lambda _row, _text: "faint"),
    Face("size", "size", _size, most=18, tone=lambda _row, _text: "faint"),
)
DROPS = ("size", "type")
