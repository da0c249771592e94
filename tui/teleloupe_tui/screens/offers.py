"""What a view can be written as: its table in six forms, and what only that view has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from teleloupe import disk, export, plots, slices
from teleloupe.model import Chart, Document, Issue, Series, Snapshot, Table, UsageError
from teleloupe.provenance import access
from teleloupe.safe import cell, safe
from teleloupe.tables import Cause, Finding
from teleloupe_tui import charts
from teleloupe_tui.jobs import Cancel, counted

if TYPE_CHECKING:
    from teleloupe_tui.screens.inspector import Inspector
    from teleloupe_tui.widgets.pane import Pane

# the forms of its table that a view has a use for, all by default; what only the view has is added
_TABLES: dict[str, tuple[export.Form, ...]] = {
    "files": ("csv", "json", "jsonl", "markdown", "html"),
    "records": ("csv", "json", "jsonl", "tsv", "markdown"),
    "record": ("csv", "markdown"),
    **dict.fromkeys(("issues", "place", "sums", "verdict"), ("csv", "json", "markdown")),
    **dict.fromkeys(("stats", "values", "look"), ("csv", "json", "jsonl", "markdown", "html")),
}
PLOT_WIDTH, PLOT_LINES = 100, 24


class Offer(Struct, frozen=True):
    """A form: the ending of its files, how a table of the view becomes one, and of how many of what it then is."""

    suffix: str
    make: Callable[[Table, Cancel], bytes]
    noun: str = "row"
    count: int | None = None


def offers(screen: Inspector, pane: Pane) -> dict[str, Offer]:
    """The forms by name, the one that is written unasked first."""
    found: dict[str, Offer] = {
        form: Offer(export.SUFFIXES[form], partial(_table, form)) for form in _TABLES.get(pane.view, export.FORMS)
    }
    if pane.asked.form == "tree" and pane.view != "files":  # folded or not, it is the JSON that is written
        found.clear()
    if own := _OWN.get(pane.view):
        found |= own(screen)
    first = _first(screen, pane)
    first = first if first in found else next(iter(found))
    return {first: found[first], **found}


def _first(screen: Inspector, pane: Pane) -> str:
    """Nested records lose their shape in CSV; a record is what the file says; issues are read by people."""
    if pane.view == "records" and any(column.type == "json" for column in pane.table.columns):
        return "jsonl"
    if pane.view == "record" and screen.document is not None and screen.document.records:
        return "spelt"
    return "report" if pane.view in ("issues", "place", "sums", "verdict") else "csv"


def _table(form: export.Form, table: Table, cancel: Cancel) -> bytes:
    return export.encode(counted(table, cancel), form)


def _of_records(screen: Inspector) -> dict[str, Offer]:
    document = screen.document
    if document is None:
        return {}
    return {"original": Offer(_ending(document), partial(_original, screen, document))}


def _original(screen: Inspector, document: Document, table: Table, _cancel: Cancel) -> bytes:
    """The records' own bytes."""
    data = screen.source.read(document.path).data
    places = [table.locate(row).at for row in range(len(table.rows))]
    found = slices.original(data, places, is_all=len(places) == len(document.records))
    if found is None:
        raise UsageError(f"{safe(document.name)}: its records have no bytes of their own")
    return found


def _of_artefact(screen: Inspector) -> dict[str, Offer]:
    document = screen.document
    if document is None or document.size > disk.READ_LIMIT_BYTES:
        return {}
    return {
        "original": Offer(document.name.rpartition(".")[2], partial(_stored, screen, document), "byte", document.size)
    }


def _stored(screen: Inspector, document: Document, _table: Table, _cancel: Cancel) -> bytes:
    """The file's own bytes, the same to the last one."""
    try:
        return access.below(screen.source.root).read(document.path)
    except disk.Unreadable as fault:
        raise UsageError(f"{safe(document.path)}: {safe(fault.reason)}") from None


def _of_record(screen: Inspector) -> dict[str, Offer]:
    document = screen.document
    if document is None or screen.index >= len(document.records):
        return {}
    at = document.record_at(screen.index)

    def make(form: slices.Form, _table: Table, _cancel: Cancel) -> bytes:
        return slices.record(screen.source.read(document.path).data, at, form)

    suffixes = {form: _ending(document) if form == "spelt" else "json" for form in slices.FORMS}
    return {form: Offer(suffixes[form], partial(make, form), "record", 1) for form in slices.FORMS}


def _ending(document: Document) -> str:
    name = document.name.removesuffix(".gz")
    return name.rpartition(".")[2] if "." in name else "txt"


def _of_issues(screen: Inspector) -> dict[str, Offer]:
    """The reports of `teleloupe check`."""

    def report(name: str, snapshot: Snapshot, table: Table, _cancel: Cancel) -> bytes:
        from teleloupe.cli import reports

        make: Mapping[str, Callable[[Snapshot], bytes]] = {
            "report": reports.markdown, "sarif": reports.sarif, "junit": reports.junit, "github": reports.github,
        }  # fmt: skip
        return make[name](_narrowed(snapshot, table))

    suffixes = {"report": "md", "sarif": "sarif", "junit": "xml", "github": "txt"}
    return {name: Offer(end, partial(report, name, screen.snapshot)) for name, end in suffixes.items()}


def _narrowed(snapshot: Snapshot, table: Table) -> Snapshot:
    """The snapshot with the issues of a list alone, where some of them are hidden or not marked."""
    if len(table.rows) == table.total or not all(isinstance(row, Finding | Cause) for row in table.rows):
        return snapshot
    single = {(row.path, row.issue) for row in table.rows if isinstance(row, Finding)}
    rules = {(row.issue.rule.id, row.issue.severity) for row in table.rows if isinstance(row, Cause)}

    def kept(path: str, issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
        return tuple(one for one in issues if (path, one) in single or (one.rule.id, one.severity) in rules)

    documents = {
        path: structs.replace(document, issues=kept(path, document.issues))
        for path, document in snapshot.documents.items()
    }
    related = {path: kept(path, issues) for path, issues in snapshot.related.items()}
    return structs.replace(snapshot, documents=documents, related=related)


def _of_sums(screen: Inspector) -> dict[str, Offer]:
    def gnu(snapshot: Snapshot, _table: Table, _cancel: Cancel) -> bytes:
        from teleloupe.cli.verify import as_gnu

        return as_gnu(snapshot)

    def report(snapshot: Snapshot, _table: Table, _cancel: Cancel) -> bytes:
        from teleloupe.cli.verify import as_json

        return as_json(snapshot)

    count = len(screen.snapshot.verdicts)
    return {
        "report": Offer("json", partial(report, screen.snapshot), "claim", count),
        "sha256sums": Offer("sha256", partial(gnu, screen.snapshot), "claim", count),
    }


def _of_look(screen: Inspector) -> dict[str, Offer]:
    look = screen.working.known().look
    return _plots(look.charts) if look and look.charts else {}


def _of_stats(screen: Inspector) -> dict[str, Offer]:
    """The spread of the column under the cursor."""
    row = screen.panes["stats"].row
    if row is None or not row.bins:
        return {}
    points = tuple(((one.low + one.high) / 2, float(one.count)) for one in row.bins)
    name = cell(row.column.name)
    return _plots([Chart(f"spread of {name}", "bars", name, "values", (Series(name, points),))])


def _of_values(screen: Inspector) -> dict[str, Offer]:
    """The values of a column by how often they occur."""
    known = screen.working.known().counted
    if known is None or not known.values:
        return {}
    bars = tuple(Series(cell(one.value) or "(absent)", ((0.0, float(one.count)),)) for one in known.values)
    return _plots([Chart(f"values of {cell(known.column.name)}", "bars", "rows", "", bars)])


def _plots(found: list[Chart] | tuple[Chart, ...]) -> dict[str, Offer]:
    return {
        "svg": Offer("svg", lambda _table, _cancel: plots.svg(found), "chart", len(found)),
        "txt": Offer("txt", lambda _table, _cancel: _drawn(found), "chart", len(found)),
    }


def _drawn(found: list[Chart] | tuple[Chart, ...]) -> bytes:
    """The charts as they are on the screen, without colours."""
    lines: list[str] = []
    for chart in found:
        drawn = charts.draw(chart, PLOT_WIDTH, max(min(charts.lines_of(chart), 200), PLOT_LINES))
        lines += ["".join(text for text, _tone in line).rstrip() for line in drawn] + [""]
    return "\n".join(lines).encode("utf-8", "backslashreplace")


_OWN: dict[str, Callable[[Inspector], dict[str, Offer]]] = {
    "artefact": _of_artefact,
    "records": _of_records,
    "record": _of_record,
    "issues": _of_issues,
    "place": _of_issues,
    "sums": _of_sums,
    "verdict": _of_sums,
    "look": _of_look,
    "stats": _of_stats,
    "values": _of_values,
}
