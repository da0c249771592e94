"""What is new since the reader looked: the rows that came or changed after a snapshot that was marked as seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from teleloupe.model import Document, Snapshot, Table, Verdict
from teleloupe.tables import Cause, Finding, Line, Selection
from teleloupe_tui.sums import Reason
from teleloupe_tui.tree import Node
from teleloupe_tui.widgets.showing import CHANGED, NEW, News

COMPARED_RECORDS = 3000  # of a file; of a longer one only those in sight are compared

Key = Callable[[Table, int], Any]


class Seen:
    """How things were when the reader last said that all was seen."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._tokens: dict[tuple[str, str], dict[Any, Any]] = {}

    def tokens(self, pane: str, form: str, key: Key, build: Callable[[Snapshot], Table]) -> dict[Any, Any]:
        """What a list held, by the keys of its rows."""
        found = self._tokens.get((pane, form))
        if found is None:
            table = build(self.snapshot)
            found = {key(table, row): _token(table.rows[row]) for row in range(len(table.rows))}
            self._tokens[pane, form] = found
        return found


def of_files(seen: Seen, table: Table) -> News:
    """News of the ledger or the tree; a directory has none of its own."""
    before = seen.snapshot.documents
    return _counted([_of_file(before, row) for row in table.rows])


def of_rows(tokens: dict[Any, Any], table: Table, key: Key) -> News:
    """News of issues or sums, by what the list held."""
    signs = []
    for index, row in enumerate(table.rows):
        known = tokens.get(key(table, index))
        signs.append(NEW if known is None else "" if known == _token(row) else CHANGED)
    return _counted(signs)


def of_records(seen: Seen, document: Document, table: Table, origin: Callable[[Table, int], int]) -> News | None:
    """News of a file's records, told apart by their position; of a file that is new itself, none."""
    before = seen.snapshot.documents.get(document.path)
    if before is None or not before.sha256 or before.sha256 == document.sha256:
        return None
    old, new = before.records, document.records

    def sign(position: int) -> str:
        if position >= len(old):
            return NEW
        return CHANGED if old[position] is not new[position] and old[position] != new[position] else ""

    common = min(len(old), len(new))
    changed = sum(map(bool, map(sign, range(common)))) if common <= COMPARED_RECORDS else 0
    is_plain = not isinstance(table.rows, Selection)
    return News(lambda row: sign(origin(table, row)), max(len(new) - len(old), 0), changed, is_plain)


def of_events(arrived: int) -> News:
    """News of the live strip, the newest first."""
    return News(lambda row: NEW if row < arrived else "", arrived, 0, is_by_arrival=True)


def _counted(signs: list[str]) -> News:
    return News(signs.__getitem__, signs.count(NEW), signs.count(CHANGED))


def _of_file(before: Mapping[str, Document], row: Line | Node) -> str:
    line = row.line if isinstance(row, Node) else row
    if line is None:
        return ""
    document, known = line.document, before.get(line.document.path)
    if known is document:
        return ""
    if known is None or (document.sha256 and not known.sha256):
        return NEW
    return "" if known.sha256 == document.sha256 else CHANGED


def _token(row: Finding | Cause | Verdict | Reason) -> Any:
    """What must be as it was for a row to be as it was."""
    if isinstance(row, Finding):
        return row.issue.message, row.issue.count
    if isinstance(row, Cause):
        return row.count
    return row.word if isinstance(row, Verdict) else len(row.paths)
