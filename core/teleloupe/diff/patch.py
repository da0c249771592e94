"""What leads from one JSON document to another as a JSON Patch (RFC 6902), numbers as they are spelt."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from msgspec import Struct

from teleloupe import jsontext, text
from teleloupe.model import UsageError

ALIGNED = 4000  # elements of an array that are aligned by what they hold; longer ones are compared in order


class Number(str):
    """A number, as it is spelt."""

    __slots__ = ()


class Step(Struct, frozen=True):
    """One operation; `value` counts for add and replace."""

    op: str
    path: str
    value: Any = None


def json_patch(before: bytes, after: bytes) -> tuple[bytes, int]:
    """The patch as JSON, an operation a line, and how many they are. Raises UsageError where a side is no JSON."""
    steps = list(_steps(_read(before), _read(after), ""))
    lines = ",\n".join(f"  {_operation(step)}" for step in steps)
    return f"[\n{lines}\n]\n".encode("utf-8", "backslashreplace") if steps else b"[]\n", len(steps)


def _read(data: bytes) -> Any:
    try:
        return json.loads(text.decode(data).text, parse_int=Number, parse_float=Number, parse_constant=Number)
    except (ValueError, RecursionError):
        raise UsageError("a JSON Patch leads from one JSON document to another; a side is none") from None


def _steps(before: Any, after: Any, path: str) -> Iterator[Step]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_objects(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_arrays(before, after, path)
    elif type(before) is not type(after) or before != after:
        yield Step("replace", path, after)


def _of_objects(before: dict[str, Any], after: dict[str, Any], path: str) -> Iterator[Step]:
    for name in before:
        if name not in after:
            yield Step("remove", path + jsontext.pointer(name))
    for name, value in after.items():
        own = path + jsontext.pointer(name)
        if name in before:
            yield from _steps(before[name], value, own)
        else:
            yield Step("add", own, value)


def _of_arrays(before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[Step]:
    """Operations in the order in which they are applied: `at` counts the elements that are done."""
    at = 0
    for start, end, other_start, other_end in _blocks(before, after):
        old, new = before[start:end], after[other_start:other_end]
        common = min(len(old), len(new))
        for index in range(common):
            yield from _steps(old[index], new[index], f"{path}/{at + index}")
        at += common
        for _ in old[common:]:
            yield Step("remove", f"{path}/{at}")
        for value in new[common:]:
            yield Step("add", f"{path}/{at}", value)
            at += 1


def _blocks(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[int, int, int, int]]:
    if max(len(before), len(after)) > ALIGNED:
        yield 0, len(before), 0, len(after)
        return
    old, new = (list(map(_text, side)) for side in (before, after))
    for _tag, *block in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        start, end, other_start, other_end = block
        yield start, end, other_start, other_end


def _operation(step: Step) -> str:
    value = f', "value": {_text(step.value)}' if step.op != "remove" else ""
    return f'{{"op": "{step.op}", "path": {json.dumps(step.path, ensure_ascii=False)}{value}}}'


def _text(value: Any) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_text(name)}: {_text(member)}' for name, member in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    return json.dumps(value, ensure_ascii=False)
