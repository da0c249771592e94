"""Pulses and tartarus records, the samples of a conduit run (section 7.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from teleloupe.formats.weftend import canonical, grammar, rules
from teleloupe.formats.weftend.constants import MAX_REASON_CODES, TARTARUS_KINDS
from teleloupe.formats.weftend.members import ascending
from teleloupe.formats.weftend.places import inside, length
from teleloupe.formats.weftend.problems import Problem, field_invalid

PULSE = "weftend.pulse/0"
TARTARUS = "weftend.tartarus/0"
MAX_PULSES = 512  # what the ring buffer holds
MAX_TEXT_LENGTH = 512  # of names and ids that are hashed but never copied

PULSE_KINDS = frozenset({"PUBLISH", "LOAD", "CAP_REQUEST", "CAP_DENY", "CAP_ALLOW", "EXIT"})
SUBJECT_KINDS = frozenset({"release", "block"})
SEVERITIES = frozenset({"INFO", "WARN", "DENY", "QUARANTINE"})

Judge = Callable[[Any, str, str], Iterator[Problem]]  # value, file, place


def judged_pulse(pulse: Any, path_digest: Any, file: str, at: str) -> Iterator[Problem]:
    """Everything that is wrong with one pulse of a release whose path digest is given, if it is known."""
    yield from _object(pulse, file, at, _PULSE, _OPTIONAL_OF_PULSE)
    if not isinstance(pulse, dict):
        return
    digests = pulse.get("digests")
    bound = digests.get("pathDigest") if isinstance(digests, dict) else None
    if bound is not None and path_digest is not None and bound != path_digest:
        yield Problem(rules.PATH_DIGEST_MISMATCH.code, file, f"{at}/digests/pathDigest", "not the manifest's")
    if "pulseDigest" in pulse and pulse["pulseDigest"] != pulse_digest(pulse):
        yield field_invalid(file, f"{at}/pulseDigest", "not the digest of the pulse")


def pulse_digest(pulse: Mapping[str, Any]) -> str:
    """The digest of a pulse's normalised body: known members, codes sorted and unique, nothing empty."""
    body = {name: value for name, value in pulse.items() if name in _PULSE and name != "pulseDigest"}
    codes = body.get("reasonCodes")
    if isinstance(codes, list) and all(isinstance(code, str) for code in codes):
        body["reasonCodes"] = sorted(set(codes), key=canonical.code_units)
    for name in _OPTIONAL_OF_PULSE & body.keys():
        if isinstance(body[name], dict):
            body[name] = {key: item for key, item in body[name].items() if item not in (None, "")}
        if body[name] in (None, "", [], {}):
            del body[name]
    return canonical.digest(canonical.canonical(body))


def judged_record(record: Any, file: str, at: str) -> Iterator[Problem]:
    """Everything that is wrong with one tartarus record."""
    yield from _object(record, file, at, _RECORD, _OPTIONAL_OF_RECORD)
    stated = record.get("recordId") if isinstance(record, dict) else None
    if stated is not None and stated != canonical.digest_without(record, "recordId"):
        yield field_invalid(file, f"{at}/recordId", "not the digest of the record")


def _object(value: Any, file: str, at: str, judges: Mapping[str, Judge], optional: frozenset[str]) -> Iterator[Problem]:
    """An object of a closed type."""
    if not isinstance(value, dict):
        yield field_invalid(file, at, "no object")
        return
    for name, item in value.items():
        judge, place = judges.get(name), inside(at, name)
        if judge is None:
            yield field_invalid(file, place, "not part of this type")
        else:
            yield from judge(item, file, place)
    for name in judges:
        if name not in value and name not in optional:
            yield field_invalid(file, inside(at, name), "missing")


def _is(constant: Any) -> Judge:
    def judge(value: Any, file: str, at: str) -> Iterator[Problem]:
        if isinstance(value, bool) or value != constant:
            yield field_invalid(file, at, f"not {constant}")

    return judge


def _one_of(words: frozenset[str]) -> Judge:
    def judge(value: Any, file: str, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield field_invalid(file, at, "no string")
        elif value not in words:
            yield Problem(rules.ENUM_INVALID.code, file, at, "none of the known ones")

    return judge


def _count(value: Any, file: str, at: str) -> Iterator[Problem]:
    if grammar.counted(value) is None:
        yield field_invalid(file, at, "no integer from 0 to 2^53-1")


def _text(value: Any, file: str, at: str) -> Iterator[Problem]:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT_LENGTH:
        yield field_invalid(file, at, f"no string of 1 to {MAX_TEXT_LENGTH} characters")


def _digest(value: Any, file: str, at: str) -> Iterator[Problem]:
    if not (grammar.is_strict_digest(value) or grammar.is_legacy_digest(value)):
        yield field_invalid(file, at, "no digest")


def _texts(value: Any, file: str, at: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield field_invalid(file, at, "no array")
        return
    for index, item in enumerate(value):
        yield from _text(item, file, f"{at}/{index}")


def _capability(value: Any, file: str, at: str) -> Iterator[Problem]:
    """A capability's name: it becomes a bucket's key, so free text is refused."""
    if not isinstance(value, str):
        yield field_invalid(file, at, "no string")
    elif not grammar.is_key_of("capDenies", value):
        yield Problem(rules.STRING_UNTRUSTED.code, file, at, f"{length(value)} outside the grammar")


def _reason_codes(value: Any, file: str, at: str) -> Iterator[Problem]:
    """Reason codes: their families become keys, so free text is refused."""
    if not isinstance(value, list) or len(value) > MAX_REASON_CODES:
        yield field_invalid(file, at, f"no array of at most {MAX_REASON_CODES} codes")
        return
    for index, code in enumerate(value):
        if not isinstance(code, str):
            yield field_invalid(file, f"{at}/{index}", "no string")
        elif not grammar.is_key_of("reasonFamilies", grammar.family_of(code)):
            detail = f"{length(code)} outside the grammar"
            yield Problem(rules.STRING_UNTRUSTED.code, file, f"{at}/{index}", detail)
        elif not grammar.is_reason_code(code):
            yield field_invalid(file, f"{at}/{index}", "no reason code")
    yield from (Problem(issue.code, file, issue.at, issue.message) for issue in ascending(value, at))


def _members(judges: Mapping[str, Judge], optional: frozenset[str] = frozenset()) -> Judge:
    return lambda value, file, at: _object(value, file, at, judges, optional)


def _optional(judges: Mapping[str, Judge]) -> Judge:
    return _members(judges, frozenset(judges))


_PULSE: dict[str, Judge] = {
    "schema": _is(PULSE),
    "v": _is(0),
    "pulseSeq": _count,
    "kind": _one_of(PULSE_KINDS),
    "subject": _members({"kind": _one_of(SUBJECT_KINDS), "id": _text}),
    "capId": _capability,
    "reasonCodes": _reason_codes,
    "digests": _optional({"releaseId": _text, "pathDigest": _digest, "planHash": _text, "evidenceHead": _text}),
    "counts": _optional(dict.fromkeys(("capsRequested", "capsDenied", "tartarusNew"), _count)),
    "pulseDigest": _digest,
}
_OPTIONAL_OF_PULSE = frozenset({"capId", "reasonCodes", "digests", "counts"})
_RECORD: dict[str, Judge] = {
    "schema": _is(TARTARUS),
    "recordId": _digest,
    "planDigest": _text,
    "blockHash": _text,
    "kind": _one_of(TARTARUS_KINDS),
    "severity": _one_of(SEVERITIES),
    "remedy": _text,
    "reasonCodes": _texts,
    "stampDigest": _text,
    "evidenceDigests": _texts,
    "seq": _count,
}
_OPTIONAL_OF_RECORD = frozenset({"stampDigest", "evidenceDigests", "seq"})
