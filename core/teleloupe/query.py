"""The filter language: `status=failure duration_ms>1000 ritual:for* "free text"`; docs/filter.md has all of it.

Terms stand side by side (and), or are joined by `and`, `or`, `not` and brackets. A term is a word or a quoted text
found anywhere in a row, or `column operator value`: `=` `!=` equal (`=null`, `=1..5` for a range), `<` `<=` `>` `>=`
in order, `:` `!:` wildcard pattern, `~` `!~` regular expression. Numbers may be written in hexadecimal.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from fnmatch import translate
from typing import Any

from msgspec import Struct

from teleloupe.model import Column, UsageError
from teleloupe.safe import cell

Predicate = Callable[[Any], bool]
Sieve = Callable[[Sequence[Any]], list[int]]  # which of some rows it lets through
Test = Callable[[Any], bool]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<bracket>[()])
    | (?P<name>[\w./-]+\s*|"(?:[^"\\]|\\.)*")(?P<operator>!=|<=|>=|!~|!:|=|<|>|~|:)
        \s*(?P<value>"(?:[^"\\]|\\.)*"|[^\s()"][^\s()]*|)
    | (?P<quoted>"(?:[^"\\]|\\.)*")
    | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)
_NO_VALUE = 'a value is missing here, "" is an empty one'
_MISSING = {'"': "a quote is not closed", "(": "a value with brackets has to be in quotes"}
_RANGE = re.compile(r"(.*?)\.\.(.*)", re.DOTALL)
_DAY = re.compile(r"\d{4}-\d\d")
_WHOLE = frozenset("-0123456789")
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


class Misread(UsageError):
    """A filter that does not fit, and the character of it, from 0, that is to blame."""

    def __init__(self, message: str, hint: str, place: int) -> None:
        super().__init__(message, hint)
        self.place = place


def matcher(text: str, columns: Sequence[Column]) -> Predicate:
    """A predicate over the rows that `columns` belong to. Raises Misread with the place of what cannot be read."""
    found = sieve(text, columns)
    return lambda row: bool(found([row]))


def sieve(text: str, columns: Sequence[Column]) -> Sieve:
    """The same for many rows at a time: the numbers of those that pass, in order."""
    tokens = _tokens(text)
    if not tokens:
        return lambda rows: list(range(len(rows)))
    parser = _Parser(text, tokens, columns)
    found = parser.either()
    if parser.at < len(tokens):
        raise _misread(text, tokens[parser.at].place, "closing bracket without an opening one")
    return found


def anywhere(text: str, columns: Sequence[Column]) -> Sieve:
    """The rows with a cell that holds a text, in any case."""
    needle = text.lower()

    def sift(rows: Sequence[Any]) -> list[int]:
        found: set[int] = set()
        for column in columns:
            texts = _texts(list(map(column.get, rows)), needle)
            found.update([place for place, shown in enumerate(texts) if needle in shown.lower()])
        return sorted(found)

    return sift


def _texts(values: list[Any], needle: str) -> Sequence[str]:
    """The values as they are shown; none where a look at all of them at once says that the needle is in none."""
    kinds = set(map(type, values))
    if kinds == {str}:
        joined = "|".join(values)
        if not joined.isascii() or not joined.isprintable():
            return list(map(cell, values))
        return values if needle in joined.lower() else ()
    if kinds == {int}:
        return list(map(str, values)) if _WHOLE.issuperset(needle) else ()
    return list(map(cell, values))


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
        if match["operator"] and not match["value"]:
            at = match.end("operator")
            raise _misread(text, at, _MISSING.get(text[at : at + 1], _NO_VALUE))
        found.append(_token(match))
        at = match.end()
    return found


def _token(match: re.Match[str]) -> _Token:
    place = match.start(match.lastgroup or 0)
    if match["bracket"]:
        return _Token("bracket", match["bracket"], place)
    if match["operator"]:
        value, is_quoted = _unquoted(match["value"])
        return _Token(
            "term", value, match.start("name"), _unquoted(match["name"].rstrip())[0], match["operator"], is_quoted
        )
    if match["quoted"]:
        return _Token("term", _unquoted(match["quoted"])[0], place, is_quoted=True)
    word = match["word"]
    return _Token("joiner" if word.lower() in ("and", "or", "not") else "term", word, place)


def _unquoted(text: str) -> tuple[str, bool]:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r'\\(["\\])', r"\1", text[1:-1]), True
    return text, False


class _Parser:
    """Recursive descent over the tokens; `at` is the next one."""

    def __init__(self, text: str, tokens: list[_Token], columns: Sequence[Column]) -> None:
        self.text, self.tokens, self.at = text, tokens, 0
        self.columns = {column.name: column for column in columns}

    def peek(self) -> str:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return token.text.lower() if token and token.kind != "term" else "term" if token else ""

    def either(self) -> Sieve:
        parts = [self.both()]
        while self.peek() == "or":
            self.at += 1
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else _either(parts)

    def both(self) -> Sieve:
        parts = [self.single()]
        while self.peek() in ("and", "not", "(", "term"):
            self.at += self.peek() == "and"
            parts.append(self.single())
        return parts[0] if len(parts) == 1 else _both(parts)

    def single(self) -> Sieve:
        kind = self.peek()
        if kind == "not":
            self.at += 1
            return _none(self.single())
        if kind == "(":
            return self.bracketed()
        if kind != "term":
            place = self.tokens[self.at].place if kind else len(self.text)
            raise _misread(self.text, place, "a term is missing here")
        self.at += 1
        return self.term(self.tokens[self.at - 1])

    def bracketed(self) -> Sieve:
        opening = self.tokens[self.at]
        self.at += 1
        inner = self.either()
        if self.peek() != ")":
            raise _misread(self.text, opening.place, "this bracket is not closed")
        self.at += 1
        return inner

    def term(self, token: _Token) -> Sieve:
        if not token.operator:
            return anywhere(token.text, tuple(self.columns.values()))
        column = self.columns.get(token.name)
        if column is None:
            import difflib

            near = difflib.get_close_matches(token.name, self.columns, 1)
            hint = f"did you mean {near[0]}?" if near else f"columns: {', '.join(self.columns)}"
            raise Misread(f"no column {token.name!r} (character {token.place + 1} of the filter)", hint, token.place)
        try:
            test = _test(token, column)
        except re.error as fault:
            raise _misread(self.text, token.place, f"regular expression: {fault}") from None
        get = column.get
        return lambda rows: [place for place, value in enumerate(map(get, rows)) if test(value)]


def _either(parts: Sequence[Sieve]) -> Sieve:
    return lambda rows: sorted({place for part in parts for place in part(rows)})


def _both(parts: Sequence[Sieve]) -> Sieve:
    def sift(rows: Sequence[Any]) -> list[int]:
        kept = parts[0](rows)
        for part in parts[1:]:
            kept = [kept[place] for place in part([rows[place] for place in kept])]
        return kept

    return sift


def _none(inner: Sieve) -> Sieve:
    def sift(rows: Sequence[Any]) -> list[int]:
        out = set(inner(rows))
        return [place for place in range(len(rows)) if place not in out]

    return sift


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
        return _ordered(_ORDERS[kind], value, has_texts=not column.is_numeric)
    if not is_quoted and value == "null":
        return lambda found: found is None
    span = None if is_quoted else _RANGE.fullmatch(value)
    if span and (column.is_numeric or _is_span(span[1], span[2])):
        return _between(span[1], span[2])
    return _text(value) if is_quoted else _equal(value)


def _text(value: str) -> Test:
    return lambda found: type(found) not in (int, float, type(None)) and cell(found) == value


def _is_span(low: str, high: str) -> bool:
    """Whether two texts are the ends of a range in a column that need not hold numbers: numbers, or days."""
    edges = [text for text in (low, high) if text]
    return bool(edges) and all(number(text) is not None or _DAY.match(text) for text in edges)


def _equal(value: str) -> Test:
    wanted = number(value)

    def test(found: Any) -> bool:
        if type(found) in (int, float):
            return bool(found == wanted)
        return found is not None and cell(found) == value

    return test


def _ordered(compare: Callable[[Any, Any], bool], value: str, *, has_texts: bool = True) -> Test:
    """Numbers beside numbers; texts beside texts, but not beside a number in a column of numbers."""
    wanted = number(value)
    has_texts = has_texts or wanted is None

    def test(found: Any) -> bool:
        if type(found) in (int, float):
            return wanted is not None and compare(found, wanted)
        return has_texts and isinstance(found, str) and compare(found, value)

    return test


def _between(low: str, high: str) -> Test:
    tests = [_ordered(operator.ge, low)] if low else []
    tests += [_ordered(operator.le, high)] if high else []
    kinds = (str,) if number(low or high or "0") is None else (int, float)
    return lambda found: type(found) in kinds and all(test(found) for test in tests)


def _misread(text: str, place: int, fault: str) -> Misread:
    return Misread(f"filter, character {place + 1}: {fault}", f"{text}\n  {' ' * place}^", place)
