"""Columns from a format's Struct: the annotations that decode a record also say what its fields mean."""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, Literal, Protocol, Union, get_args, get_origin, get_type_hints

import msgspec

from teleloupe.model import CellType, Column, Place, Table

_TYPES: dict[type, CellType] = {bool: "boolean", int: "integer", float: "number", str: "string"}


class Placed(Protocol):
    """A row that says itself which document it comes from, and where in it."""

    @property
    def place(self) -> Place:
        """The document, and the place inside it."""
        ...


def getter(name: str) -> Callable[[Any], Any]:
    """A function from a record, Struct or decoded mapping, to its value under `name`; None when it has none."""

    def get(record: Any) -> Any:
        return record.get(name) if type(record) is dict else getattr(record, name, None)

    return get


def column(name: str, doc: str = "", *, unit: str = "", type: CellType = "string") -> Column:  # noqa: A002 - a field's name
    """A column over the record's own field of that name."""
    return Column(name, getter(name), unit, doc, type)


@cache
def columns_of(struct: type[msgspec.Struct]) -> tuple[Column, ...]:
    """The columns of a Struct, under its encoded names: `Meta(description=..., extra={"unit": ...})` on its fields."""
    hints = get_type_hints(struct, include_extras=True)
    return tuple(_column(field.name, field.encode_name, hints[field.name]) for field in msgspec.structs.fields(struct))


def table_of(title: str, struct: type[msgspec.Struct], rows: Sequence[Placed]) -> Table:
    """A table of Structs that say their place in the field `place`, which is no column itself."""
    columns = tuple(column for column in columns_of(struct) if column.name != "place")
    return Table(title, columns, rows, lambda index: rows[index].place, len(rows))


def key_of(fields: Mapping[str, tuple[str, ...]]) -> Callable[[Any, str], Hashable]:
    """What tells records of a kind apart, as a function for `Format.key`: the values of these fields, by kind.

    None for a kind that is not named, and for a record that has none of the fields.
    """
    quick = {kind: attrgetter(*names) for kind, names in fields.items() if len(names) > 1}

    def key(record: Any, kind: str) -> Hashable:
        names = fields.get(kind, ())
        if type(record) is dict:
            values = tuple(map(record.get, names))
        else:
            try:
                values = quick[kind](record)
            except (AttributeError, KeyError):
                values = tuple(getattr(record, name, None) for name in names)
        if values.count(None) == len(values):
            return None
        try:
            hash(values)
        except TypeError:
            return tuple(repr(value) if isinstance(value, list | dict) else value for value in values)
        return values

    return key


def _column(attribute: str, name: str, annotation: Any) -> Column:
    metas = _metas(annotation)
    doc = next((meta.description for meta in metas if meta.description), "")
    unit = next((meta.extra["unit"] for meta in metas if meta.extra and "unit" in meta.extra), "")
    get = getter(name) if attribute == name else _renamed(attribute, name)
    return Column(name, get, unit, doc, _cell_type(annotation))


def _renamed(attribute: str, name: str) -> Callable[[Any], Any]:
    def get(record: Any) -> Any:
        return record.get(name) if type(record) is dict else getattr(record, attribute, None)

    return get


def _metas(annotation: Any) -> list[msgspec.Meta]:
    if get_origin(annotation) is Annotated:
        inner, *extras = get_args(annotation)
        return [extra for extra in extras if isinstance(extra, msgspec.Meta)] + _metas(inner)
    return [meta for part in get_args(annotation) for meta in _metas(part)] if _is_union(annotation) else []


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def _cell_type(annotation: Any) -> CellType:
    if get_origin(annotation) is Annotated:
        return _cell_type(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return _TYPES.get(type(get_args(annotation)[0]), "json")
    if _is_union(annotation):
        found = {_cell_type(part) for part in get_args(annotation) if part not in (type(None), msgspec.UnsetType)}
        return found.pop() if len(found) == 1 else "number" if found == {"integer", "number"} else "json"
    return _TYPES.get(annotation, "json")
