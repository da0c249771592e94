"""Recorded provenance: a summary's build_info beside the snapshot it was copied from (section 5.5).

No trust statement is made: neither digests nor signers nor policies are judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from teleloupe.formats.clamp import rules
from teleloupe.formats.clamp.figures import Build
from teleloupe.formats.clamp.record_rules import type_name
from teleloupe.jsontext import pointer
from teleloupe.model import Issue

COPIED_KEYS = ("image", "digest", "resolved_at", "policy_mode", "signer")
SNAPSHOT_NAME = "rocm_snapshot.json"
SNAPSHOT_PLACES = (SNAPSHOT_NAME, f"build/{SNAPSHOT_NAME}", f"../{SNAPSHOT_NAME}", f"../build/{SNAPSHOT_NAME}")
_AT = "/build_info"

Word = Literal["same", "differs", "not copied", "unknown"]


class KeyDifference(Struct, frozen=True):
    """One key of build_info or of the snapshot: `unknown` is one that only build_info has."""

    key: str
    word: Word
    recorded: Any = None
    snapshot: Any = None


def differences(recorded: Mapping[str, Any], snapshot: Mapping[str, Any]) -> tuple[KeyDifference, ...]:
    """build_info against the snapshot, key by key: its own keys first, then those that were not copied."""
    own = [KeyDifference(key, _word(key, value, snapshot), value, snapshot.get(key)) for key, value in recorded.items()]
    left = [KeyDifference(key, "not copied", None, value) for key, value in snapshot.items() if key not in recorded]
    return (*own, *left)


def recorded_issues(top: Mapping[str, Any]) -> Iterator[Issue]:
    """What is wrong with a summary's build_info by itself."""
    if "build_info" not in top:
        yield rules.BUILDINFO_MISSING.issue(_AT, "no provenance snapshot recorded")
        return
    recorded = top["build_info"]
    if not isinstance(recorded, dict):
        message = f"build_info must be an object, found {type_name(recorded)}"
        yield rules.SUM_FIELD_TYPE.issue(_AT, message, expected="an object", actual=type_name(recorded))
        return
    for key, value in recorded.items():
        if isinstance(value, str) and value in COPIED_KEYS:
            message = f"{key} holds a key name: the line scanner misread a value that is no text"
            yield rules.BUILDINFO_SUSPECT.issue(f"{_AT}{pointer(key)}", message, actual=value)


def snapshot_issues(recorded: Mapping[str, Any], snapshot: Mapping[str, Any], path: str) -> Iterator[Issue]:
    """How build_info departs from the snapshot at `path`."""
    found = differences(recorded, snapshot)
    for one in found:
        if one.word in ("differs", "unknown"):
            tail = "has another value" if one.word == "differs" else "has no such key"
            expected = None if one.word == "unknown" else f"{one.snapshot!r:.80}"
            yield rules.BUILDINFO_DIFFERS.issue(
                f"{_AT}{pointer(one.key)}", f"{path} {tail}", expected=expected, actual=f"{one.recorded!r:.80}"
            )
    left = [one.key for one in found if one.word == "not copied"]
    if left:
        names = ", ".join(left)
        yield rules.BUILDINFO_PARTIAL.issue(_AT, f"not copied: {names:.200}", expected=f"{names:.200}")


def recorded_by(build: Build, text: str, root: Any) -> bytes | None:
    """The build_info that a build makes of a snapshot, as JSON; None when it leaves it out.

    The specification copies the object verbatim; the producer's builds copy five keys, the library one text values
    only (it stops at others), the line scanner whatever quoted text comes next.
    """
    if build == "specification":
        return msgspec.json.format(text.encode(), indent=-1) if isinstance(root, dict) else None
    if build == "library" and not isinstance(root, dict):
        return None
    values = {key: root.get(key, "") if build == "library" else _next_text(text, key) for key in COPIED_KEYS}
    texts = {key: value if isinstance(value, str) else "" for key, value in values.items()}
    if not texts["image"] and not texts["digest"]:
        return None
    return msgspec.json.encode({key: value for key, value in texts.items() if value or key == "image"})


def _word(key: str, value: Any, snapshot: Mapping[str, Any]) -> Word:
    if key not in snapshot:
        return "unknown"
    return "same" if _is_same(value, snapshot[key]) else "differs"


def _is_same(one: Any, other: Any) -> bool:
    """Equality that tells true from 1, at any depth."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_is_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(_is_same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def _next_text(text: str, key: str) -> str:
    """The quoted text that follows a key's first mention: that of its value, or the next key's name."""
    match = re.search(f'"{key}"[^:]*:[^"]*"([^"]*)"', text)
    return match[1] if match else ""
