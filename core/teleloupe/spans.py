"""Which characters, and which bytes, of a file a place names: a line, a value of JSON, a row or cell of CSV."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct

from teleloupe import jsontext, jsontree
from teleloupe.text import LINE_END, MARKS

_LINE = re.compile(r"line (\d+)(?: (?=/)(.*))?", re.DOTALL)
_ROW = re.compile(r"/rows/(\d+)(?:/(.*))?", re.DOTALL)
_CSV_ROW = re.compile(r'(?:[^"\r\n]++|"(?:[^"]++|"")*+(?:"|\Z))*+')
_CSV_CELL = re.compile(r'(?:"(?:[^"]++|"")*+(?:"|\Z)|[^,"\r\n]++)*+')
_SPOT = re.compile(r"\bline (\d+), column (\d+)")
_JSON = re.compile(r"\s*[\[{]")


class Span(Struct, frozen=True):
    """A stretch from `start` to before `end`; `is_exact` is false when it only holds what the place names."""

    start: int
    end: int
    is_exact: bool = True


def locate(content: str, at: str) -> Span | None:
    """The characters that a place names, else the nearest thing around them; None where nothing of it is there.

    A place is a JSON Pointer, `line N`, `line N /pointer` (in CSV the pointer is a column), or `/rows/N/column` and
    `/header` in CSV. "" is all of the text.
    """
    if match := _LINE.fullmatch(at):
        line = _line(content, int(match[1]))
        return _inside_line(content, line, match[2]) if line and match[2] else line
    if at and not at.startswith("/"):
        return None
    if is_json(content) or not at:
        return _value(content, at)
    if at == "/header" or at.startswith("/header/"):
        return _row(content, 0)
    match = _ROW.fullmatch(at)
    row = _row(content, int(match[1]) + 1) if match else None
    return _cell(content, row, jsontext.tokens(f"/{match[2]}")[0]) if row and match and match[2] else row


def mentioned(content: str, message: str) -> Span | None:
    """The rest of the line from the `line N, column M` that a message speaks of; None when it speaks of none."""
    match = _SPOT.search(message)
    line = _line(content, int(match[1])) if match else None
    if match is None or line is None:
        return None
    start = min(line.start + int(match[2]) - 1, line.end)
    return Span(start, max(line.end, start))


def in_bytes(data: bytes, at: str, message: str = "") -> Span | None:
    """The bytes that a place names, in content with any byte order mark; `message` speaks for a place that is ""."""
    mark, encoding, errors = _encoding(data)
    body = data[mark : len(data) - (len(data) - mark) % 2] if encoding != "utf-8" else data[mark:]
    try:
        content = body.decode(encoding, errors)
    except UnicodeDecodeError:
        return None
    found = locate(content, at) if at else mentioned(content, message)
    if found is None:
        return None
    start = mark + len(content[: found.start].encode(encoding, errors))
    return Span(start, start + len(content[found.start : found.end].encode(encoding, errors)), found.is_exact)


def is_json(content: str, start: int = 0) -> bool:
    """Whether an object or array of JSON begins at an offset, blanks before it left out."""
    return _JSON.match(content, start) is not None


def line_start(parts: Iterable[bytes], number: int) -> int | None:
    """The offset of a line, counted from 1, of UTF-8 bytes that come in parts; None when there are fewer."""
    at, left = 0, number - 1
    for part in parts:
        count = part.count(b"\n")
        if count < left:
            at, left = at + len(part), left - count
            continue
        offset = 0
        for _ in range(left):
            offset = part.index(b"\n", offset) + 1
        if offset < len(part):
            return at + offset
        at, left = at + len(part), 0
    return None


def _encoding(data: bytes) -> tuple[int, str, str]:
    """The length of the byte order mark, the encoding, and how what is no text is kept to be encoded again."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return len(mark), name, "surrogateescape" if name == "utf-8" else "surrogatepass"
    return 0, "utf-8", "surrogateescape"


def _line(content: str, number: int) -> Span | None:
    """A line without its end."""
    ends = LINE_END.finditer(content)
    before = next(islice(ends, number - 2, None), None) if number > 1 else None
    if number < 1 or (number > 1 and before is None):
        return None
    start = before.end() if before else 0
    after = next(ends, None)
    return Span(start, after.start() if after else len(content)) if start < len(content) or after else None


def _inside_line(content: str, line: Span, pointer: str) -> Span:
    """A value of the JSON in a line, or a cell of the CSV row that begins with it."""
    if not is_json(content, line.start):
        match = _CSV_ROW.match(content, line.start)
        row = Span(line.start, match.end() if match else line.end)
        return _cell(content, row, jsontext.tokens(pointer)[0])
    found = _value(content[line.start : line.end], pointer)
    return Span(line.start + found.start, line.start + found.end, found.is_exact) if found else line


def _value(content: str, pointer: str) -> Span | None:
    """A value of JSON; of one that is not there, what would hold it; of one that is cut short, the rest."""
    tokens = jsontext.tokens(pointer)
    for depth in range(len(tokens), -1, -1):
        found = jsontree.locate(content, jsontext.pointer(*tokens[:depth]), may_be_cut=True)
        if found:
            return Span(*found, depth == len(tokens))
    return None


def rows(content: str) -> Iterator[Span]:
    """The rows of CSV, the header first, without their ends; a quoted cell may hold line ends of its own."""
    at = 0
    while at < len(content):
        match = _CSV_ROW.match(content, at)
        end = match.end() if match else len(content)
        yield Span(at, end)
        line_end = LINE_END.match(content, end)
        at = line_end.end() if line_end else len(content)


def _row(content: str, number: int) -> Span | None:
    return next(islice(rows(content), number, None), None)


def _cells(content: str, row: Span) -> Iterator[Span]:
    at = row.start
    while at <= row.end:
        match = _CSV_CELL.match(content, at, row.end)
        end = match.end() if match else row.end
        yield Span(at, end)
        at = end + 1


def _cell(content: str, row: Span, column: str) -> Span:
    """The cell under a column of the header; the row where there is no such cell."""
    header = _row(content, 0)
    names = [content[cell.start : cell.end].strip('"') for cell in _cells(content, header)] if header else []
    if column not in names:
        return Span(row.start, row.end, is_exact=False)
    cell = next(islice(_cells(content, row), names.index(column), None), None)
    return cell or Span(row.start, row.end, is_exact=False)
