"""The filter language: `status=failure duration_ms>1000 ritual:for* "free text"`.

Terms stand side by side (and), or are joined by `and`, `or`, `not` and brackets. A term is a word or a quoted text
found anywhere in a row, or `column operator value`: `=` `!=` equal (`=null`, `=1..5` for a range), `<` `<=` `>` `>=`
in order, `:` `!:` wildcard pattern, `~` `!~` regular expression. Numbers may be written in hexadecimal.
"""

from __future__ import annotations

import difflib
import operator
import re
from collections.abc import Callable, Sequence
from fnmatch import translate
from typing import Any

from msgspec import Struct

from teleloupe.model import Column, UsageError
from teleloupe.safe import cell

Predicate = Callable[[Any], bool]
Test = Callable[[Any], bool]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<bracket>[()])
    | (?P<quoted>"(?:[^"\\]|\\.)*")
    | (?P<name>[\w./-]+)\s*(?P<operator>!=|<=|>=|!~|!:|=|<|>|~|:)\s*(?P<value>"(?:[^"\\]|\\.)*"|[^\s()]*)
    | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)
_RANGE = re.compile(r"(.*?)\.\.(.*)", re.DOTALL)
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class _Token(Struct, frozen=True):
    kind: str  # bracket, term, joiner
    text: str
    place: int
    name: str = ""
    operator: str = ""
    is_quoted: bool = False


def matcher(text: str, columns: Sequence[Column]) -> Predicate:
    """A predicate over the rows that `columns` belong to. Raises UsageError with the place of what cannot be read."""
    tokens = _tokens(text)
    if not tokens:
        return lambda _row: True
    parser = _Parser(text, tokens, columns)
    found = parser.either()
    if parser.at < len(tokens):
        raise _misread(text, tokens[parser.at].place, "closing bracket without an opening one")
    return found


def number(text: str) -> int | float | None:
    """A number as the language writes it: decimal, hexadecimal, or floating; None for anything else."""
    try:
        return int(text, 0) if re.fullmatch(r"[+-]?(0[xX][0-9a-fA-F]+|\d+)", text) and not _octal(text) else float(text)
    except ValueError:
        return int(text) if re.fullmatch(r"[+-]?\d{1,4300}", text) else None


def _octal(text: str) -> bool:
    return re.fullmatch(r"[+-]?0\d+", text) is not None


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _misread(text, at, "a quote is not closed" if '"' in text[at:] else "cannot be read")
        found.append(_token(match))
        at = match.end()
    return found


def _token(match: re.Match[str]) -> _Token:
    place = match.start(match.lastgroup or 0)
    if match["bracket"]:
        return _Token("bracket", match["bracket"], place)
    if match["operator"]:
        value, is_quoted = _unquoted(match["value"])
        return _Token("term", value, match.start("name"), match["name"], match["operator"], is_quoted)
    if match["quoted"]:
        return _Token("term", _unquoted(match["quoted"])[0], place, is_quoted=True)
    word = match["word"]
    return _Token("joiner" if word.lower() in ("and", "or", "not") else "term", word, place)


def _unquoted(text: str) -> tuple[str, bool]:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1]), True
    return text, False


class _Parser:
    """Recursive descent over the tokens; `at` is the next one."""

    def __init__(self, text: str, tokens: list[_Token], columns: Sequence[Column]) -> None:
        self.text, self.tokens, self.at = text, tokens, 0
        self.columns = {column.name: column for column in columns}

    def peek(self) -> str:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return token.text.lower() if token and token.kind != "term" else "term" if token else ""

    def either(self) -> Predicate:
        parts = [self.both()]
        while self.peek() == "or":
            self.at += 1
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else lambda row: any(part(row) for part in parts)

    def both(self) -> Predicate:
        parts = [self.single()]
        while self.peek() in ("and", "not", "(", "term"):
            self.at += self.peek() == "and"
            parts.append(self.single())
        return parts[0] if len(parts) == 1 else lambda row: all(part(row) for part in parts)

    def single(self) -> Predicate:
        kind = self.peek()
        if kind == "not":
            self.at += 1
            inner = self.single()
            return lambda row: not inner(row)
        if kind == "(":
            return self.bracketed()
        if kind != "term":
            place = self.tokens[self.at].place if kind else len(self.text)
            raise _misread(self.text, place, "a term is missing here")
        self.at += 1
        return self.term(self.tokens[self.at - 1])

    def bracketed(self) -> Predicate:
        opening = self.tokens[self.at]
        self.at += 1
        inner = self.either()
        if self.peek() != ")":
            raise _misread(self.text, opening.place, "this bracket is not closed")
        self.at += 1
        return inner

    def term(self, token: _Token) -> Predicate:
        if not token.operator:
            return _anywhere(token.text, tuple(self.columns.values()))
        column = self.columns.get(token.name)
        if column is None:
            near = difflib.get_close_matches(token.name, self.columns, 1)
            hint = f"did you mean {near[0]}?" if near else f"columns: {', '.join(self.columns)}"
            raise UsageError(f"no column {token.name!r} (character {token.place + 1} of the filter)", hint)
        try:
            test = _test(token, column)
        except re.error as fault:
            raise _misread(self.text, token.place, f"regular expression: {fault}") from None
        get = column.get
        return lambda row: test(get(row))


def _anywhere(text: str, columns: Sequence[Column]) -> Predicate:
    needle = text.lower()
    return lambda row: any(needle in cell(column.get(row)).lower() for column in columns)


def _test(token: _Token, column: Column) -> Test:
    kind, value = token.operator.removeprefix("!") if token.operator != "!=" else "=", token.text
    test = _positive_test(kind, value, column, is_quoted=token.is_quoted)
    return (lambda found: not test(found)) if token.operator.startswith("!") else test


def _positive_test(kind: str, value: str, column: Column, *, is_quoted: bool) -> Test:
    if kind == ":":
        pattern = re.compile(translate(value), re.IGNORECASE)
        return lambda found: pattern.match(cell(found)) is not None
    if kind == "~":
        pattern = re.compile(value, re.IGNORECASE)
        return lambda found: pattern.search(cell(found)) is not None
    if kind in _ORDERS:
        return _ordered(_ORDERS[kind], value)
    if not is_quoted and value == "null":
        return lambda found: found is None
    span = None if is_quoted or not column.is_numeric else _RANGE.fullmatch(value)
    return _between(span[1], span[2]) if span else _equal(value)


def _equal(value: str) -> Test:
    wanted = number(value)

    def test(found: Any) -> bool:
        if type(found) in (int, float):
            return bool(found == wanted)
        return found is not None and cell(found) == value

    return test


def _ordered(compare: Callable[[Any, Any], bool], value: str) -> Test:
    wanted = number(value)

    def test(found: Any) -> bool:
        if type(found) in (int, float):
            return wanted is not None and compare(found, wanted)
        return isinstance(found, str) and compare(found, value)

    return test


def _between(low: str, high: str) -> Test:
    tests = [_ordered(operator.ge, low)] if low else []
    tests += [_ordered(operator.le, high)] if high else []
    return lambda found: found is not None and all(test(found) for test in tests)


def _misread(text: str, place: int, fault: str) -> UsageError:
    return UsageError(f"filter, character {place + 1}: {fault}", f"{text}\n  {' ' * place}^")
