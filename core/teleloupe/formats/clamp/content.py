"""Bytes to a JSON value, with every fault of encoding and syntax (section 7.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, structs

from teleloupe import jsontext, text
from teleloupe.formats.clamp import rules
from teleloupe.jsontext import BREAKS, Fault
from teleloupe.model import Issue

ISSUE_LIMIT = 10_000  # of one rule in one file; what is more is folded into the last one's count
_LOCALE_SEPARATORS = "'\u2019\u00a0\u202f \ufffd"  # what locales put between groups of digits, beside , and .
_MEMBER_END = re.compile(r":\s*-?\d[\d.]*,$", re.ASCII)


class Content(Struct, frozen=True):
    """What a file holds: its value (what stands before a break), its text, and the issues of reading it.

    `is_whole` says that the text is JSON to its end and may be judged; `is_readable` that an aggregator with a JSON
    library reads it; `is_complete` that the file does not just stop,
    `fits_doubles` that no number exceeds what a double holds.
    """

    value: Any
    text: str
    issues: tuple[Issue, ...] = ()
    is_whole: bool = True
    is_readable: bool = True
    is_complete: bool = True
    fits_doubles: bool = True


def read_content(data: bytes) -> Content:
    """Read a file's content; stops at the first fault beyond which nothing can be judged."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        issue = rules.ENC_UTF16.issue("", "file is UTF-16; write it as UTF-8")
        return Content(None, "", (issue,), is_whole=False, is_readable=False)
    decoded = text.decode(data)
    issues = [*_encoding_issues(data, decoded)]
    reading = jsontext.read(decoded.text)
    stop = _stop(decoded.text, reading.faults, reading.value)
    if stop:
        is_complete = stop.rule not in (rules.FILE_EMPTY, rules.JSON_TRUNCATED)
        value = _before(reading.value, reading.broken)
        found = (*issues, stop)
        return Content(value, decoded.text, found, is_whole=False, is_readable=False, is_complete=is_complete)
    issues += folded(_other_issues(reading.faults))
    kinds = {fault.kind for fault in reading.faults}
    return Content(
        reading.value,
        decoded.text,
        tuple(issues),
        is_readable=decoded.bad_offset < 0 and "lone-surrogate" not in kinds,
        fits_doubles=not kinds & {"overflow", "integer-too-long"},
    )


def folded(issues: Iterable[Issue], limit: int = ISSUE_LIMIT) -> Iterator[Issue]:
    """The issues, of each rule at most `limit`: the last one counts those that are left out."""
    seen: dict[str, int] = {}
    last: dict[str, Issue] = {}
    for issue in issues:
        number = seen[issue.rule.id] = seen.get(issue.rule.id, 0) + 1
        if number < limit:
            yield issue
        elif number == limit:
            last[issue.rule.id] = issue
    for rule_id, issue in last.items():
        yield structs.replace(issue, count=issue.count + seen[rule_id] - limit)


def _encoding_issues(data: bytes, decoded: text.Text) -> Iterator[Issue]:
    if decoded.mark == "utf-8":
        yield rules.ENC_BOM.issue("", "starts with a byte order mark; it is removed for reading")
    if decoded.bad_offset >= 0:
        byte, offset = data[decoded.bad_offset], decoded.bad_offset
        message = f"byte 0x{byte:02x} at offset {offset} is not UTF-8; it is shown as U+FFFD"
        yield rules.ENC_INVALID_UTF8.issue("", message, actual=f"0x{byte:02x}")


def _stop(content: str, faults: tuple[Fault, ...], value: Any) -> Issue | None:
    """The fault that makes the text unfit to be judged, as an issue."""
    if not content.strip(" \t\r\n"):
        return rules.FILE_EMPTY.issue("", "file is empty; the exporter may still be writing")
    nonfinite = next((fault for fault in faults if fault.kind == "non-finite"), None)
    if nonfinite:
        field = nonfinite.pointer.rpartition("/")[2] or "a value"
        message = f"the exporter wrote {nonfinite.text} for {field}: a non-finite number is not JSON"
        return rules.JSON_NONFINITE.issue("", message, actual=nonfinite.text)
    broken = next((fault for fault in faults if fault.kind in BREAKS), None)
    return _break_issue(content, broken, value) if broken else None


def _break_issue(content: str, broken: Fault, value: Any) -> Issue:
    if broken.kind == "truncated":
        complete = _before(value, broken)
        records = complete.get("records") if isinstance(complete, dict) else None
        number = len(records) if isinstance(records, list) else 0
        where = f"in the middle of record {number}" if broken.pointer.startswith("/records/") else "too early"
        plural = "record" if number == 1 else "records"
        return rules.JSON_TRUNCATED.issue("", f"JSON ends {where}; {number} complete {plural} before it")
    if broken.kind == "malformed" and _is_locale_number(content, broken.offset):
        message = "numbers are formatted with a regional locale; their values cannot be recovered safely"
        return rules.JSON_LOCALE_NUMBER.issue(
            "", message, actual=content[max(0, broken.offset - 12) : broken.offset + 8]
        )
    line, column = text.line_column(content, broken.offset)
    why = {"trailing": "text after the document", "nesting": "nested too deep"}.get(broken.kind, "not valid JSON")
    return rules.JSON_INVALID.issue("", f"{why} at line {line}, column {column}", actual=broken.text[:20] or None)


def _is_locale_number(content: str, offset: int) -> bool:
    """Whether a text breaks at a digit group or decimals: `12,808` in an object, `12.808.462`, `12 808`."""
    before, here, after = content[max(0, offset - 40) : offset], content[offset : offset + 1], content[offset + 1 :][:1]
    if here.isdigit():
        return bool(_MEMBER_END.search(before))
    return before[-1:].isdigit() and after.isdigit() and (here == "." or here in _LOCALE_SEPARATORS)


def _other_issues(faults: tuple[Fault, ...]) -> Iterator[Issue]:
    for fault in faults:
        if fault.kind == "duplicate-key":
            message = f"key {fault.text} appears twice; the last one is shown, a line-scanning aggregator takes another"
            yield rules.JSON_DUPLICATE_KEY.issue(fault.pointer, message)
        elif fault.kind == "lone-surrogate":
            message = f"{fault.pointer} holds half a surrogate pair; a JSON library refuses the whole file"
            yield rules.JSON_INVALID.issue(fault.pointer, message)


def _before(value: Any, broken: Fault | None) -> Any:
    """The value without the record in which the text breaks."""
    match = re.match(r"/records/(\d+)", broken.pointer, re.ASCII) if broken else None
    if match and isinstance(value, dict) and isinstance(value.get("records"), list):
        return {**value, "records": value["records"][: int(match[1])]}
    return value
