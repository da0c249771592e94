"""Judging single members: each function takes a value and its place and yields every issue of that value.

A value that fits its grammar is only checked for what that grammar lets through; any other value is also searched
for leaks (section 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from teleloupe.formats.weftend import canonical, grammar, privacy, rules
from teleloupe.formats.weftend.constants import MAX_REASON_CODES, MAX_REFS, MAX_SAFE_INTEGER, MAX_TTL_TICKS
from teleloupe.formats.weftend.grammar import counted, integer
from teleloupe.formats.weftend.places import inside, length
from teleloupe.model import Issue

Judge = Callable[[Any, str], Iterator[Issue]]


def what_is(value: Any) -> str:
    """A value in words that repeat no text of it."""
    if isinstance(value, bool) or value is None:
        return "null" if value is None else str(value).lower()
    if isinstance(value, str):
        return f"a string of {length(value)}"
    if isinstance(value, dict | list):
        return f"an {'object' if isinstance(value, dict) else 'array'} of {len(value)}"
    return "an integer out of range" if integer(value) is not None else "a fractional number"


def invalid(value: Any, at: str, expected: str) -> Issue:
    """A member outside its grammar."""
    return rules.FIELD_INVALID.issue(at, f"{what_is(value)} where {expected} is expected", expected=expected)


def misfit(value: Any, at: str, expected: str) -> Iterator[Issue]:
    """A known member outside its grammar, and what it may leak."""
    yield invalid(value, at, expected)
    yield from privacy.of_value(value, at, is_known=True)


def judged_object(
    value: Any, at: str, judges: Mapping[str, Judge], optional: frozenset[str] = frozenset()
) -> Iterator[Issue]:
    """An object of a closed type: each member by its judge, unknown and missing ones as issues."""
    if not isinstance(value, dict):
        yield from misfit(value, at, "an object")
        return
    for name, item in value.items():
        judge = judges.get(name)
        place = inside(at, name)
        if judge is None:
            yield rules.FIELD_INVALID.issue(place, "the member is not part of this type; remove it")
            yield from privacy.of_member(name, item, place)
        else:
            yield from judge(item, place)
    for name in judges:
        if name not in value and name not in optional:
            yield rules.FIELD_INVALID.issue(inside(at, name), "the member is missing")


def schema_of(constant: str) -> Judge:
    """The judge of a `schema` that has to be one constant."""

    def judge(value: Any, at: str) -> Iterator[Issue]:
        if value == constant:
            return
        yield rules.SCHEMA_INVALID.issue(at, f"{what_is(value)} is not the expected schema", expected=constant)
        yield from privacy.of_value(value, at, is_known=True)

    return judge


def version(value: Any, at: str) -> Iterator[Issue]:
    """`v`, which is 0 (D-12)."""
    if integer(value) != 0:
        yield from misfit(value, at, "0")


def tick(value: Any, at: str) -> Iterator[Issue]:
    """An ordinal from 0 to 2^53-1, also any other plain count."""
    if counted(value) is None:
        yield from misfit(value, at, f"an integer from 0 to {MAX_SAFE_INTEGER}")
    else:
        yield from privacy.of_number(value, at)


def floor(value: Any, at: str) -> Iterator[Issue]:
    """A k-anonymity floor."""
    if counted(value, 1) is None:
        yield from misfit(value, at, f"an integer from 1 to {MAX_SAFE_INTEGER}")
    else:
        yield from privacy.of_number(value, at)


def ttl(value: Any, at: str) -> Iterator[Issue]:
    """A lifetime in ticks."""
    ticks = integer(value)
    if ticks is None or not 1 <= ticks <= MAX_TTL_TICKS:
        expected = f"an integer from 1 to {MAX_TTL_TICKS}"
        yield rules.TTL_INVALID.issue(at, f"{what_is(value)} is no lifetime in ticks", expected=expected)
        yield from privacy.of_value(value, at, is_known=True)


def coverage(value: Any, at: str) -> Iterator[Issue]:
    """The share of counts that was kept, 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        yield from misfit(value, at, "a number from 0 to 1")


def stream_id(value: Any, at: str) -> Iterator[Issue]:
    """A stream's name."""
    if not grammar.is_stream_id(value):
        yield from misfit(value, at, "a stream id of at most 64 characters")
    else:
        yield from privacy.of_string(value, at)


def chunk_id(value: Any, at: str) -> Iterator[Issue]:
    """The id of a chunk: always a digest in full."""
    if not grammar.is_strict_digest(value):
        yield from misfit(value, at, "sha256: and 64 hex digits")


def chunk_id_or_null(value: Any, at: str) -> Iterator[Issue]:
    """The id of a chunk, or null where there is none."""
    if value is not None and not grammar.is_strict_digest(value):
        yield from misfit(value, at, "sha256: and 64 hex digits, or null")


def digest(value: Any, at: str) -> Iterator[Issue]:
    """A digest of anything else, which may be one of the old eight digits."""
    if grammar.is_strict_digest(value):
        return
    if grammar.is_legacy_digest(value):
        yield rules.DIGEST_LEGACY.issue(at, "eight digits verify nothing; write the SHA-256", actual=value)
    else:
        yield from misfit(value, at, "sha256: and 64 hex digits")


def refs(value: Any, at: str) -> Iterator[Issue]:
    """References: digests, unique and ascending."""
    if not isinstance(value, list):
        yield from misfit(value, at, "an array of digests")
        return
    if len(value) > MAX_REFS:
        yield over_budget(at, "references", len(value), MAX_REFS)
    if not grammar.are_ascending_digests(value):
        for index, ref in enumerate(value):
            yield from digest(ref, inside(at, index))
        yield from ascending(value, at)


def reason_codes(value: Any, at: str) -> Iterator[Issue]:
    """A reason list; null counts as absent (D-21)."""
    if value is None:
        return
    if not isinstance(value, list):
        yield from misfit(value, at, "an array of reason codes")
        return
    if len(value) > MAX_REASON_CODES:
        yield over_budget(at, "reason codes", len(value), MAX_REASON_CODES)
    for index, code in enumerate(value):
        if grammar.is_reason_code(code):
            yield from privacy.of_string(code, inside(at, index), is_in_grammar=True)
        else:
            yield from misfit(code, inside(at, index), "a reason code of at most 128 characters")
    yield from ascending(value, at)


def ascending(values: list[Any], at: str) -> Iterator[Issue]:
    """Whether strings are unique and ascend by UTF-16 code unit; elements that are no strings have their own issue."""
    if not all(isinstance(value, str) for value in values):
        return
    keys = [canonical.code_units(value) for value in values]
    if any(former >= latter for former, latter in pairwise(keys)):
        yield rules.FIELD_INVALID.issue(at, "elements repeat or do not ascend by UTF-16 code unit; sort them")


def over_budget(at: str, what: str, count: int, limit: int) -> Issue:
    """More of something than is allowed."""
    message = f"{count} {what}, at most {limit} are allowed"
    return rules.BUDGET_EXCEEDED.issue(at, message, expected=f"at most {limit}", actual=str(count))
