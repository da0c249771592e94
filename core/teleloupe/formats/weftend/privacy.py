"""Privacy as rules a file can be checked by (section 6): names, strings, count-map keys and numbers.

No message repeats what it speaks of: the place, the rule and a length are all that is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from teleloupe.formats.weftend import rules
from teleloupe.formats.weftend.constants import MEMBER_NAMES
from teleloupe.formats.weftend.grammar import integer
from teleloupe.formats.weftend.places import inside, length
from teleloupe.model import Issue

MAX_STRING_BYTES = 512
EPOCH_START, EPOCH_END = 946_684_800, 4_102_444_800  # seconds of 2000-01-01 and 2100-01-01 (P-5)
_EPOCH_SCALES = (1, 1000, 1_000_000)  # seconds, milliseconds, microseconds

_IDENTIFYING = frozenset({
    "ip", "ipaddress", "useragent", "ua", "hostname", "email", "deviceid", "sessionid", "userid", "accountid",
    "playerid", "cookie", "token", "authtoken", "password", "secret",
})  # fmt: skip
_TIME = frozenset({
    "createdat", "updatedat", "builtat", "issuedat", "expiresat", "timestamp", "datetime", "time", "date",
})  # fmt: skip
_IDENTIFYING_OUTSIDE_MAPS = frozenset({
    "host", "url", "uri", "path", "filepath", "absolutepath", "username", "machineid", "clientid", "installid",
    "mac", "macaddress",
})  # fmt: skip
_TIME_TOKENS = frozenset({
    "time", "timestamp", "date", "datetime", "epoch", "clock", "wallclock", "duration", "elapsed", "utc",
})  # fmt: skip
_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SEPARATORS = str.maketrans("", "", "_-")

_UUID = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
_EMAIL = r"(?<=[A-Za-z0-9._%+-])@[A-Za-z0-9.-]+\.[A-Za-z]{2}"
_DOTTED_QUAD = r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"
_SCHEME = r"[A-Za-z0-9+.-]://"
_IDENTITY = re.compile(
    rf"^[/\\]|^[A-Za-z]:[/\\]|{_EMAIL}|{_DOTTED_QUAD}|{_SCHEME}|{_UUID}"
    r"|%[A-Za-z_][A-Za-z0-9_]*%|\$[A-Za-z_{]",
    re.ASCII,
)
_KEY_IDENTITY = re.compile(rf"{_EMAIL}|{_DOTTED_QUAD}|{_SCHEME}|{_UUID}|[0-9A-Fa-f]{{16}}|[0-9]{{6}}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}T[0-9]{6}")
_SPACE = re.compile("[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]")  # ECMAScript's \s
_PLAIN = re.compile(r"[A-Za-z0-9._:/-]{1,128}")
_MAP_KEY = re.compile(r"[A-Za-z][A-Za-z0-9._:-]{0,63}")


def of_name(name: str, at: str, *, is_map_key: bool = False) -> Iterator[Issue]:
    """What a member's name, or a count map's key, gives away (P-1)."""
    folded = name.lower().translate(_SEPARATORS)
    if folded in _IDENTIFYING or (not is_map_key and folded in _IDENTIFYING_OUTSIDE_MAPS):
        yield rules.FIELD_FORBIDDEN.issue(at, "the name says that the value identifies; remove the member")
    if folded in _TIME or (not is_map_key and name not in MEMBER_NAMES and _names_time(name)):
        yield rules.TIMESTAMP_FORBIDDEN.issue(at, "the name says that the value is a time; use ticks")


def of_key(key: str, at: str) -> Iterator[Issue]:
    """What the key of a count map gives away (P-1, P-4)."""
    yield from of_name(key, at, is_map_key=True)
    if not _MAP_KEY.fullmatch(key):
        yield rules.STRING_UNTRUSTED.issue(at, f"a key of {length(key)} is free text; use a known name")
    if _KEY_IDENTITY.search(key):
        yield rules.FIELD_FORBIDDEN.issue(at, f"a key of {length(key)} holds what looks like an identifier")


def of_string(text: str, at: str, *, is_in_grammar: bool = False, is_known: bool = True) -> Iterator[Issue]:
    """What a string value gives away (P-2, P-3).

    `is_in_grammar` says that the value fits its member's own grammar, `is_known` that the member is one of the five
    types' and thus a place where a string may stand.
    """
    size = f"a string of {length(text)}"
    if _IDENTITY.search(text):
        yield rules.FIELD_FORBIDDEN.issue(at, f"{size} holds an address, path or identifier; remove it")
    if _DATE.search(text):
        yield rules.TIMESTAMP_FORBIDDEN.issue(at, f"{size} holds a date or time; use ticks")
    is_long = len(text) > MAX_STRING_BYTES // 4 and len(text.encode("utf-8", "surrogatepass")) > MAX_STRING_BYTES
    is_free = not is_known or not (is_in_grammar or _PLAIN.fullmatch(text))
    if is_long or is_free or _SPACE.search(text):
        yield rules.STRING_UNTRUSTED.issue(at, f"{size} is free-form text; use a code from a closed list")


def is_epoch(number: int) -> bool:
    """Whether an integer could be the time of day in seconds, milliseconds or microseconds (P-5)."""
    return any(EPOCH_START * scale <= number < EPOCH_END * scale for scale in _EPOCH_SCALES)


def of_number(value: Any, at: str) -> Iterator[Issue]:
    """What a number gives away (P-5); nothing for values that are no integer."""
    number = integer(value)
    if number is not None and number >= EPOCH_START and is_epoch(number):
        digits = len(str(number))
        yield rules.TIMESTAMP_FORBIDDEN.issue(at, f"an integer of {digits} digits could be a clock reading; use ticks")


def of_value(value: Any, at: str, *, is_known: bool) -> Iterator[Issue]:
    """What a whole value gives away that has no place of its own: all that is inside it."""
    if isinstance(value, str):
        yield from of_string(value, at, is_known=is_known)
    elif isinstance(value, dict):
        for name, child in value.items():
            place = inside(at, name)
            yield from of_name(name, place)
            yield from of_value(child, place, is_known=is_known and name in MEMBER_NAMES)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from of_value(child, inside(at, index), is_known=is_known)
    else:
        yield from of_number(value, at)


def of_member(name: str, value: Any, at: str) -> Iterator[Issue]:
    """What a member that has no place where it stands gives away."""
    yield from of_name(name, at)
    yield from of_value(value, at, is_known=name in MEMBER_NAMES)


def _names_time(name: str) -> bool:
    """Whether the words of a camel- or snake-case name speak of time, or end in `at` (D-30)."""
    words = [word.lower() for word in _TOKEN.findall(name)]
    return bool(words) and (words[-1] == "at" or not _TIME_TOKENS.isdisjoint(words))
