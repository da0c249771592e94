"""The records of all files below a directory as one table, so that one question can be put to all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Any

from msgspec import Struct

from teleloupe.lazy import Lazy
from teleloupe.model import CellType, Column, Document, Place, Table

Getters = dict[int, Callable[[Any], Any]]  # by the identity of a document's columns, which many documents share


class Gathered(Struct, frozen=True, gc=False):
    """A record with the file it is of, and its number in that from 0."""

    document: Document
    index: int

    @property
    def record(self) -> Any:
        """The record itself, looked up when it is asked for."""
        return self.document.records[self.index]


class Rows(Lazy[Gathered]):
    """The records of some documents, one document after the other; none of them is copied."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._ends = list(accumulate(len(document.records) for document in documents))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def made(self, index: int) -> Gathered:
        """The record of a number among all."""
        number = bisect_right(self._ends, index)
        return Gathered(self._documents[number], index - (self._ends[number - 1] if number else 0))


def table(directory: Document, documents: Mapping[str, Document]) -> Table:
    """The records of every file below a directory, by path, under the columns that any of these files has.

    A column that several kinds share by name is one column; a file without it has no value there.
    """
    below = "" if directory.path in ("", ".") else f"{directory.path}/"
    found = [one for path, one in sorted(documents.items()) if path.startswith(below) and one.records]
    rows = Rows(found)

    def locate(index: int) -> Place:
        row = rows[index]
        return Place(row.document.path, row.document.record_at(row.index))

    return Table("all records", (*_OWN, *_joined(found)), rows, locate, len(rows))


def _joined(documents: Sequence[Document]) -> list[Column]:
    """The columns of all documents, in the order in which they first come."""
    getters: dict[str, Getters] = {}
    looks: dict[str, list[Column]] = {}
    for columns in {id(document.columns): document.columns for document in documents}.values():
        for column in columns:
            getters.setdefault(column.name, {})[id(columns)] = column.get
            looks.setdefault(column.name, []).append(column)
    return [_column(name, looks[name], getters[name]) for name in looks]


def _column(name: str, same: Sequence[Column], getters: Getters) -> Column:
    """One column for those of a name; a unit or meaning that they do not share is left out."""
    types, units, docs = ({getattr(one, field) for one in same} for field in ("type", "unit", "doc"))
    shared: CellType = same[0].type if len(types) == 1 else "number" if types == {"integer", "number"} else "json"
    get = partial(_value, getters)
    return Column(name, get, units.pop() if len(units) == 1 else "", docs.pop() if len(docs) == 1 else "", shared)


def _value(getters: Getters, row: Gathered) -> Any:
    get = getters.get(id(row.document.columns))
    return get(row.record) if get else None


_OWN = (
    Column("artefact", lambda row: row.document.path, "", "the file the record is of, relative to the root"),
    Column("record", lambda row: row.index + 1, "", "its number in the file, from 1", "integer"),
)
