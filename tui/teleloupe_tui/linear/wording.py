"""Tables as sentences: a row a line, a label before every value, nothing that only the eye could put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from teleloupe.detail import Field
from teleloupe.model import Column, Snapshot, Table
from teleloupe.provenance.causes import WORDS
from teleloupe.safe import cell, safe
from teleloupe.tables import Selection, column_named
from teleloupe_tui.cells import amount, size
from teleloupe_tui.tally import Tally

LONGEST = 200  # characters of one value in a row; `record N` and its like give the whole of it
SIGNS = {"+": "new", "~": "changed", "-": "gone", "…": "arriving"}


def rows(table: Table, chosen: Sequence[int]) -> Iterator[str]:
    """Some rows of a table, each under the number it has in file order; values that are not there are left out."""
    for row in chosen:
        said = (labelled(column, column.get(table.rows[row])) for column in table.columns)
        yield f"{number_of(table, row)}. {'; '.join(filter(None, said))}"


def labelled(column: Column, value: object) -> str:
    """`name: value unit`; "" for no value."""
    text = cell(value)
    if not text:
        return ""
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return f"{safe(column.name)}: {text}{f' {safe(column.unit)}' if column.unit else ''}"


def number_of(table: Table, row: int) -> int:
    """The number a row had before filtering and sorting, from 1: by it one is asked for."""
    return (table.rows.order[row] if isinstance(table.rows, Selection) else row) + 1


def fields(table: Table) -> Iterator[str]:
    """The fields of one thing, one a line: `name: value unit (meaning)`."""
    name = ""
    for field in table.rows:
        name = field.name.strip() or name
        yield _field(field, name)


def only(table: Table, names: Sequence[str]) -> Table:
    """The table with some of its columns, in this order."""
    return structs.replace(table, columns=tuple(column_named(table, name) for name in names))


def summary(name: str, snapshot: Snapshot, counts: Tally) -> Iterator[str]:
    """What is here, is it valid, do the sums hold."""
    here = [amount(counts.files, "file"), amount(counts.formats, "format"), amount(counts.records, "record")]
    yield f"directory {name}: {', '.join(here)}, {size(counts.size)}"
    if snapshot.fault:
        yield f"the directory cannot be read: {safe(snapshot.fault)}"
    found = [
        amount(count, word)
        for count, word in ((counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "info"))
        if count
    ]
    yield f"valid: {'no, ' if counts.errors else 'yes, '}{', '.join(found) or 'no issues'}"
    total = sum(count for _, count in counts.sums)
    said = ", ".join(f"{count} {WORDS[word][0]}" for word, count in counts.sums)
    yield f"sums: {amount(total, 'artefact')}: {said}" if total else "sums: no checksums speak of these files"
    if snapshot.arriving:
        yield f"arriving: {', '.join(map(safe, sorted(snapshot.arriving)))}"


def _field(field: Field, name: str) -> str:
    value = "(absent)" if field.is_absent else cell(field.value) or "(empty)"
    unit = f" {safe(field.unit)}" if field.unit else ""
    spelling = f", spelt {safe(field.spelling)}" if field.spelling else ""
    notes = [safe(note) for note in (field.meaning, field.origin) if note]
    said = f" ({'; '.join(notes)})" if notes else ""
    return f"{safe(name)}: {value}{unit}{spelling}{said}"
