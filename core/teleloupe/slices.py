"""Records as their file has them: the very bytes of some, or one of them spelt, pretty or canonical."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, get_args

import rfc8785

from teleloupe import jsontext, jsontree, spans, text
from teleloupe.model import UsageError

Form = Literal["spelt", "pretty", "canonical"]
FORMS: tuple[Form, ...] = get_args(Form)


def original(data: bytes, places: Sequence[str], *, is_all: bool) -> bytes | None:
    """The bytes of the records at some places; of all of them, the file to its last byte.

    Lines keep their ends, and CSV its header; elements of a JSON array become an array of their own. None where the
    records have no bytes of their own.
    """
    if is_all:
        return data
    content = text.decode(data)
    if content.bad_offset >= 0 or content.mark.startswith("utf-16"):
        return None
    if places and all(place.startswith("line ") and " /" not in place for place in places):
        return _lines(content.text, [int(place.removeprefix("line ")) for place in places]).encode()
    found = _elements(content.text, places)
    return None if found is None else found.encode()


def record(data: bytes, at: str, form: Form) -> bytes:
    """One record: as it is spelt, indented with the spelling of its numbers, or canonical (RFC 8785).

    Raises UsageError where there is no JSON, or none that has a canonical form.
    """
    span = spans.in_bytes(data, at)
    if span is None:
        raise UsageError("the record has no bytes of its own")
    own = data[span.start : span.end]
    if form == "spelt":
        return own + b"\n"
    content = text.decode(own).text
    root = jsontree.root(content)
    if root is None or root.is_cut or content[root.end :].strip():
        raise UsageError("the record is no JSON", "spelt writes it as the file has it")
    if form == "pretty":
        return f"{_pretty(content, root)}\n".encode("utf-8", "backslashreplace")
    try:
        return rfc8785.dumps(json.loads(content))
    except (rfc8785.CanonicalizationError, ValueError, RecursionError) as fault:
        raise UsageError(f"the record has no canonical form: {fault}") from None


def _lines(content: str, numbers: Sequence[int]) -> str:
    """Lines by number with their ends; before those of CSV its header."""
    found, number = dict[int, str](), 1
    for start, end in pairwise(_starts(content)):
        found[number] = content[start:end]
        number += content.count("\n", start, end) or 1
    first = [] if spans.is_json(content) else [found.get(1, "")]
    return "".join([*first, *(found[number] for number in numbers if number in found)])


def _starts(content: str) -> Iterator[int]:
    """Where lines begin, of CSV its rows; and the end."""
    if spans.is_json(content):
        yield 0
        yield from (match.end() for match in text.LINE_END.finditer(content))
    else:
        yield from (row.start for row in spans.rows(content))
    yield len(content)


def _elements(content: str, places: Sequence[str]) -> str | None:
    """Elements of one array, as an array."""
    holders = {place.rpartition("/")[0] for place in places}
    if len(holders) != 1 or not spans.is_json(content):
        return None
    span = spans.locate(content, holders.pop())
    root = jsontree.root(content, span.start) if span and span.is_exact else None
    if root is None or root.kind != "array":
        return None
    nodes = {str(node.key): node for node in jsontree.members(content, root)}
    names = [jsontext.tokens(place)[-1] for place in places]
    if not all(name in nodes for name in names):
        return None
    found = [content[nodes[name].start : nodes[name].end] for name in names]
    return "[\n" + ",\n".join(found) + "\n]\n"


def _pretty(content: str, node: jsontree.Node) -> str:
    """Indented by two blanks; every scalar as it is spelt."""
    members = jsontree.members(content, node)
    if not members:
        return jsontext.one_line(content[node.start : node.end])
    inner, outer = "  " * (node.depth + 1), "  " * node.depth
    lines: list[str] = []
    for member in members:
        name = f"{json.dumps(member.key, ensure_ascii=False)}: " if node.kind == "object" else ""
        lines.append(f"{inner}{name}{_pretty(content, member)}")
    opening, closing = ("{", "}") if node.kind == "object" else ("[", "]")
    return "\n".join([opening, ",\n".join(lines), f"{outer}{closing}"])
