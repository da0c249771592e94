"""The figures of columns as tables and charts, the same for the screen, the command line and the exporter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from teleloupe.model import CellType, Chart, Column, Series, Table
from teleloupe.safe import cell
from teleloupe.stats import Frequency, Summary
from teleloupe.tables import placeless

FEW_VALUES = 12  # a column of so many different values is charted value by value
LONGEST_VALUE = 24  # characters of a value in a line with others
_BLOCKS = "▁▂▃▄▅▆▇█"


def _column(name: str, get: Callable[[Any], Any], doc: str, type: CellType = "json", unit: str = "") -> Column:  # noqa: A002 - a field's name
    return Column(name, get, unit, doc, type)


def spread(summary: Summary) -> str:
    """A column's chart in a few blocks."""
    counts = [one.count for one in summary.bins]
    if not counts and not _is_unlike(summary):
        counts = [count for _, count in summary.top]
    most = max(counts, default=0)
    return "".join(" " if not count else _BLOCKS[min(count * 8 // most, 7)] for count in counts)


def top(summary: Summary) -> str:
    """The most frequent values in words; none where no value occurs twice."""
    if _is_unlike(summary):
        return "all different" if summary.is_exact else ""
    return ", ".join(f"{_clipped(cell(value))} ({count})" for value, count in summary.top[:5])


def _is_unlike(summary: Summary) -> bool:
    """Whether no value was seen twice."""
    return summary.distinct > 1 and summary.top[0][1] == 1


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


SUMMARIES = (
    _column("column", lambda row: row.column.name, "the column that is summed up", "string"),
    _column("unit", lambda row: row.column.unit or None, "what its numbers count", "string"),
    _column("count", lambda row: row.count, "rows with a value", "integer"),
    _column("nulls", lambda row: row.nulls, "rows without a value", "integer"),
    _column("distinct", lambda row: row.distinct, "different values", "integer"),
    _column("exact", lambda row: row.is_exact, "whether all different values were told apart", "boolean"),
    _column("spread", spread, "numbers and times: a histogram; else the most frequent values", "string"),
    _column("min", lambda row: row.minimum, "the smallest value; of texts the first in order"),
    _column("median", lambda row: row.median, "half of the numbers lie below"),
    _column("mean", lambda row: row.mean, "the arithmetic mean", "number"),
    _column("p90", lambda row: row.p90, "90 percent do not exceed it"),
    _column("p95", lambda row: row.p95, "95 percent do not exceed it"),
    _column("p99", lambda row: row.p99, "99 percent do not exceed it"),
    _column("max", lambda row: row.maximum, "the largest value; of texts the last in order"),
    _column("top", top, "the most frequent values and how often they occur", "string"),
)


def summaries_table(title: str, found: Sequence[Summary]) -> Table:
    """A row a column."""
    return placeless(title, SUMMARIES, found)


def frequencies_table(title: str, column: Column, found: Sequence[Frequency]) -> Table:
    """A row a value, the most frequent first."""
    most = max((row.count for row in found if not row.is_rest), default=0)
    columns = (
        Column("value", _value, column.unit, column.doc, column.type),
        _column("count", lambda row: row.count, "rows with this value", "integer"),
        _column("share", lambda row: round(row.share, 2), "of all rows", "number", "%"),
        _column("bar", lambda row: bar(row.count, most), "its count beside that of the most frequent value", "string"),
    )
    return placeless(title, columns, found)


def chart(summary: Summary) -> Chart:
    """How a column's values are spread: bins of numbers and times, else the most frequent values."""
    name, unit = summary.column.name, summary.column.unit
    title = f"{name}, {unit}" if unit else name
    bins = summary.bins if summary.distinct > FEW_VALUES or not summary.is_exact else ()
    if not bins and _is_unlike(summary):
        return Chart(title, "bars", title, "every value occurs once", ())
    if not bins:
        bars = tuple(Series(cell(value), ((0.0, float(count)),)) for value, count in _listed(summary))
        return Chart(title, "bars", title, "rows", bars)
    if summary.scale == "time":
        start = bins[0].low
        points = tuple((float(one.low - start), float(one.count)) for one in bins)
        return Chart(title, "bars", f"seconds since {_instant(start)}", "rows", (Series("", points),))
    try:
        points = tuple((float(one.low), float(one.count)) for one in bins)
    except OverflowError:
        points = tuple((float(number), float(one.count)) for number, one in enumerate(bins, 1))
    return Chart(title, "bars", title, "rows", (Series("", points),))


def bar(count: int, most: int, width: int = 20) -> str:
    """A count as a bar beside the largest one's; what is there at all is seen."""
    eighths = -(-count * width * 8 // most) if most and count <= most else 0
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (" ▏▎▍▌▋▊▉"[rest] if rest else "")


def _value(row: Frequency) -> Any:
    return "(other values)" if row.is_rest else row.value


def _listed(summary: Summary) -> list[tuple[Any, int]]:
    """The most frequent values; where all are numbers or times, in their order."""
    found = list(summary.top[:FEW_VALUES])
    return sorted(found) if summary.scale and summary.distinct <= len(found) else found


def _instant(seconds: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
