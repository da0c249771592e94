"""The ledger as a tree: its lines below their directories, which can be folded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct, structs

from teleloupe.model import Column, Place, Table

_RANKS = ("unreadable", "error", "warning", "arriving", "info", "unknown", "ok")


class Node(Struct, frozen=True):
    """A line of the tree: a file (`line` set) or a directory, whose path ends in a slash."""

    path: str
    name: str
    depth: int
    line: Any = None
    files: int = 0
    records: int = 0
    state: str = ""
    is_folded: bool = False


class _Directory:
    """A directory while the tree grows: its children in the order in which the ledger first names them."""

    def __init__(self) -> None:
        self.children: dict[str, _Directory | Any] = {}
        self.files = self.records = 0
        self.rank = len(_RANKS)


def tree(ledger: Table, folded: AbstractSet[str]) -> Table:
    """The ledger's lines as a tree, in the ledger's order; a directory stands where its first file does."""
    root = _Directory()
    for line in ledger.rows:
        _insert(root, line)
    rows = list(_nodes(root, "", 0, folded))
    columns = tuple(structs.replace(column, get=_getter(column)) for column in ledger.columns)
    return structs.replace(ledger, columns=columns, rows=rows, locate=lambda index: Place(rows[index].path))


def _insert(root: _Directory, line: Any) -> None:
    *folders, name = line.document.path.split("/")
    here, rank = root, _RANKS.index(line.state) if line.state in _RANKS else len(_RANKS) - 1
    for folder in (None, *folders):
        if folder is not None:
            child = here.children.get(f"{folder}/")
            if child is None:
                child = here.children[f"{folder}/"] = _Directory()
            here = child
        here.files += 1
        here.records += len(line.document.records)
        here.rank = min(here.rank, rank)
    here.children[name] = line


def _nodes(directory: _Directory, prefix: str, depth: int, folded: AbstractSet[str]) -> Iterator[Node]:
    for name, child in directory.children.items():
        if not isinstance(child, _Directory):
            yield Node(child.document.path, name, depth, child)
            continue
        while len(child.children) == 1 and isinstance(only := next(iter(child.children.values())), _Directory):
            name += next(iter(child.children))  # noqa: PLW2901 - a chain of lone directories is one line
            child = only  # noqa: PLW2901 - as above
        path = prefix + name
        is_folded = path in folded
        state = _RANKS[child.rank] if child.rank < len(_RANKS) else ""
        yield Node(path, name, depth, None, child.files, child.records, state, is_folded)
        if not is_folded:
            yield from _nodes(child, path, depth + 1, folded)


def _getter(column: Column) -> Callable[[Node], Any]:
    """The column's value of a file; of a directory what adds up over its files."""
    of_directory = _OF_DIRECTORY.get(column.name)

    def get(node: Node) -> Any:
        if node.line is not None:
            return column.get(node.line)
        return of_directory(node) if of_directory else None

    return get


_OF_DIRECTORY: dict[str, Callable[[Node], Any]] = {
    "state": lambda node: node.state,
    "sum": lambda _node: None,
    "format": lambda node: f"{node.files} file{'s' if node.files != 1 else ''}",
    "kind": lambda _node: "",
    "records": lambda node: node.records,
    "path": lambda node: node.path,
}
